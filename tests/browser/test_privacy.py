"""No answer leaves the page or stays behind: no request, storage, cookie, history, title, address or console has one.

A recorder that finds nothing proves something only if it finds what is there. So a leak of each kind is planted first.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.answers import LONG, NARRATIVE
from tests.browser.recorder import Recorder
from tests.browser.test_record import download, keep, open_file
from tests.browser.tool import Tool
from tests.waiting import until

MARK = "Zebrafinch 7431"
assert MARK in NARRATIVE

# Each plants the mark, `it`, in one way, and names the channel in which it must be found.
PLANTS = {
    "an address asked for": ("request address", "fetch(`/nowhere?a=${encodeURIComponent(it)}`)"),
    "an image": ("request address", "new Image().src = `/nowhere/${encodeURIComponent(it)}`"),
    "a header": ("request header", "fetch('/nowhere', { headers: { 'x-a': it } })"),
    "a body": ("request body", "fetch('/nowhere', { method: 'POST', body: it })"),
    "a body in base64": ("request body", "fetch('/nowhere', { method: 'POST', body: btoa(`answers: ${it}!`) })"),
    "a beacon": ("request body", "navigator.sendBeacon('/nowhere', it)"),
    "a worker's request": (
        "request address",
        "new Worker(URL.createObjectURL(new Blob([`fetch('${location.origin}/nowhere?a=${it}')`])))",
    ),
    "a referrer": (
        "request header",
        "(history.replaceState(null, '', `?a=${it}`), fetch('/nowhere', { referrerPolicy: 'unsafe-url' }))",
    ),
    "a socket": ("socket", "new WebSocket(`ws://${location.host}/nowhere?a=${encodeURIComponent(it)}`)"),
    "local storage": ("local storage", "localStorage.setItem('a', it)"),
    "session storage": ("session storage", "sessionStorage.setItem('a', it)"),
    "a database": (
        "databases",
        """new Promise((done) => {
          const request = indexedDB.open("a");
          request.onupgradeneeded = () => request.result.createObjectStore("b").add(it, 1);
          request.onsuccess = () => done(request.result.close());
        })""",
    ),
    "a cache": ("caches", "caches.open('a').then((cache) => cache.put('/b', new Response(it)))"),
    "a file": (
        "files",
        """navigator.storage.getDirectory().then(async (folder) => {
          const writer = await (await folder.getFileHandle("a", { create: true })).createWritable();
          await writer.write(it);
          await writer.close();
        })""",
    ),
    "a cookie": ("cookies", "document.cookie = `a=${it}`"),
    "history": ("history state", "history.pushState({ step: 1, answers: [it] }, '')"),
    "the address": ("address", "location.hash = it"),
    "the title": ("title", "document.title = it"),
    "the name of the window": ("window name", "window.name = it"),
    "a timing": ("timings", "performance.mark('a', { detail: { a: it } })"),
    "the console": ("console", "console.debug('answers', { a: it })"),
    "a worker's console": ("console", "new Worker(URL.createObjectURL(new Blob([`console.log('${it}')`])))"),
    "an error": ("console", "setTimeout(() => { throw new Error(it); })"),
}


def secrets() -> list[str]:
    """The mark in everything written, and every name of a fact or an answer that stands for nothing else."""
    names = {word for fact, value in LONG.items() for word in (fact, *([value] if isinstance(value, str) else value))}
    return [MARK, *sorted(name for name in names if "_" in name)]


def test_no_answer_is_found_where_planted_ones_are(chromium: Browser, site_url: str) -> None:
    missed = {
        kind: channel
        for kind, (channel, _) in PLANTS.items()
        if channel not in found_when_planted(chromium, site_url, kind)
    }
    assert not missed, "the recorder does not see what was planted, so that it finds nothing says nothing"
    assert journey_leaks(chromium, site_url) == []


def found_when_planted(chromium: Browser, site_url: str, kind: str) -> set[str]:
    """The channels in which the recorder finds the mark after it was planted.

    The content policy is put aside, for it would stop some of what is planted before the recorder could miss it.
    """
    context = chromium.new_context(bypass_csp=True)
    page = context.new_page()
    recorder = Recorder(page)
    page.goto(f"{site_url}glossary/")
    assert recorder.leaks([MARK]) == []
    channel, plant = PLANTS[kind]
    page.evaluate(f"async (it) => {{ await Promise.race([{plant}, new Promise((go) => setTimeout(go, 500))]); }}", MARK)
    recorder.look()
    for _ in range(100):  # what workers say arrives when it arrives
        if any(trace.channel == channel for trace in recorder.leaks([MARK])):
            break
        page.wait_for_timeout(20)
    found = {trace.channel for trace in recorder.leaks([MARK])}
    context.close()
    return found


def journey_leaks(chromium: Browser, site_url: str) -> list[object]:
    """All traces of answers after everything a reader can do in one visit.

    What a reader copies, prints and downloads is theirs; that they did so leaves nothing of it anywhere else.
    """
    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    recorder = Recorder(page)
    tool = Tool.open(page, site_url)
    for _ in tool.walk(LONG):
        recorder.look()
    nodes = [tool.data("node")]
    tool.screen.locator("[data-remarks] textarea").fill(NARRATIVE)
    keep(tool, "copy")
    expect(tool.screen.locator("[data-record-said]")).not_to_be_empty()
    recorder.look()
    name, record = download(tool)
    assert MARK in record
    assert not any(secret in name for secret in secrets())
    recorder.look()
    page.pdf()
    recorder.look()
    page.go_back()
    recorder.look()
    page.go_forward()
    tool.change("harm")
    recorder.look()
    tool.answer(LONG)
    assert tool.data("node") == nodes[0]
    tool.restart()
    recorder.look()
    open_file(tool, record, name)
    assert MARK in tool.screen.inner_text()
    recorder.look()
    tool.restart()
    open_file(tool, record[:-40], name, steps=False)
    recorder.look()
    tool.answer(LONG)
    tool.answer(LONG)
    page.reload()
    recorder.look()
    tool.answer(LONG)
    page.goto(f"{site_url}about/about/")
    recorder.look()
    leaks = recorder.leaks(secrets())
    context.close()
    return leaks


def test_from_the_first_answer_on_nothing_is_sent_kept_or_said(lone_page: Page, site_url: str) -> None:
    """Stronger than to look for answers: there is nothing at all in which one could stand."""
    recorder = Recorder(lone_page)
    tool = Tool.open(lone_page, site_url)
    before = recorder.look()
    tool.answer(LONG)  # by now the engine is there
    sent = len(recorder.requests)
    for n, _ in enumerate(tool.walk(LONG), 1):
        now = recorder.look()
        assert now.pop("history state") == {"step": n}
        now.pop("timings")
        assert now == {place: before[place] for place in now}, "a place that outlives the page has changed"
    assert tool.data("state") == "outcome"
    assert [request.url for request in recorder.requests[sent:]] == []
    assert [trace for trace in recorder.traces if trace.channel in ("console", "socket")] == []


@pytest.mark.parametrize(
    "path", ["", "tools/level/", "tools/referral/", "procedure/levels/", "about/contacts/", "offline/", "404.html"]
)
def test_no_page_asks_another_host_or_sends_anything(lone_page: Page, site_url: str, path: str) -> None:
    recorder = Recorder(lone_page)
    lone_page.goto(f"{site_url}{path}")
    if path.startswith("tools/"):
        until(lone_page, "performance.getEntriesByName('decision-tool:engine-ready').length")
    lone_page.wait_for_load_state("networkidle")
    assert [r.url for r in recorder.requests if not r.url.startswith((site_url, "blob:", "data:"))] == []
    assert [(r.method, r.post_data) for r in recorder.requests if r.method != "GET" or r.post_data] == []
    assert [r.url for r in recorder.requests if "?" in r.url] == []
    assert recorder.look()["cookies"] == ["", []]
    assert [trace.text for trace in recorder.traces if trace.channel == "console"] == []
