"""No answer leaves the page or stays behind: no request, storage, cookie, history, title, address or console has one.

A recorder that finds nothing proves something only if it finds what is there. So a leak of each kind is planted first.
"""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.answers import LONG, NARRATIVE
from tests.browser.recorder import Recorder
from tests.browser.test_record import download, keep, open_file
from tests.browser.tool import Tool
from tests.browser.training import PATIENCE, Session, open_notes
from tests.browser.wire import Visit, watched
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


def test_no_answer_is_found_where_planted_ones_are(chromium: Browser, site: Path, site_url: str) -> None:
    missed = {
        kind: channel
        for kind, (channel, _) in PLANTS.items()
        if channel not in found_when_planted(chromium, site_url, kind)
    }
    assert not missed, "the recorder does not see what was planted, so that it finds nothing says nothing"
    with watched(chromium, site, permissions=["clipboard-read", "clipboard-write"]) as visit:
        go_through_a_tool(visit)
        assert visit.consoles.count, "Python ran in no worker that was listened to"
        assert visit.said == []
        assert visit.leaks(secrets()) == []


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


def go_through_a_tool(visit: Visit) -> None:
    """Everything a reader can do in one visit.

    What a reader copies, prints and downloads is theirs; that they did so leaves nothing of it anywhere else.
    """
    page = visit.page
    page.on("dialog", lambda dialog: dialog.accept())
    tool = Tool.open(page, visit.url)
    for _ in tool.walk(LONG):
        visit.look()
    nodes = [tool.data("node")]
    tool.unfold("Your view")
    tool.screen.locator("[data-remarks] textarea").fill(NARRATIVE)
    keep(tool, "copy")
    expect(tool.screen.locator(".dt-keep [data-record-said]")).not_to_be_empty()
    visit.look()
    name, record = download(tool)
    assert MARK in record
    assert not any(secret in name for secret in secrets())
    visit.look()
    page.pdf()
    visit.look()
    page.go_back()
    visit.look()
    page.go_forward()
    tool.change("harm")
    visit.look()
    tool.answer(LONG)
    assert tool.data("node") == nodes[0]
    tool.restart()
    visit.look()
    open_file(tool, record, name)
    tool.unfold("Your answers")
    assert MARK in tool.screen.inner_text()
    visit.look()
    tool.restart()
    open_file(tool, record[:-40], name, steps=False)
    visit.look()
    tool.answer(LONG)
    tool.answer(LONG)
    page.reload()
    visit.look()
    tool.answer(LONG)
    page.goto(f"{visit.url}about/about/")
    visit.look()


def test_from_the_first_answer_on_nothing_is_sent_kept_or_said(lone_page: Page, site_url: str) -> None:
    """Stronger than to look for answers: there is nothing at all in which one could stand."""
    recorder = Recorder(lone_page)
    tool = Tool.open(lone_page, site_url)
    before = recorder.look()
    tool.answer(LONG)
    tool.wait_for_python()
    sent = len(recorder.requests)
    for n, _ in enumerate(tool.walk(LONG), 1):
        now = recorder.look()
        assert now.pop("history state") == {"step": n}
        now.pop("timings")
        assert now.pop("title").removeprefix("Question: ").removeprefix("Result: ") == before["title"]
        assert now == {place: before[place] for place in now}, "a place that outlives the page has changed"
    assert tool.data("state") == "outcome"
    assert [request.url for request in recorder.requests[sent:]] == []
    assert [trace for trace in recorder.traces if trace.channel in ("console", "socket")] == []


# ---- the whole site

ELSEWHERE = "elsewhere.test"
PLANTED_SHARED = f"fetch('http://{ELSEWHERE}/shared-worker').catch(() => 0); console.log('{MARK} shared');"
PLANTED_SERVICE = f"""
  addEventListener("activate", (event) => event.waitUntil(fetch("http://{ELSEWHERE}/service-worker").catch(() => 0)));
  console.log("{MARK} service");
"""
# Each asks another host in one way. Those that a page is refused leave the browser all the same.
ASKING = {
    "fetch": "fetch(it, { mode: 'no-cors' }).catch(() => 0)",
    "image": "new Image().src = it",
    "script": "document.body.append(Object.assign(document.createElement('script'), { src: it }))",
    "style": "document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: it }))",
    "background": "document.body.style.backgroundImage = `url(${it})`",
    "font": "new FontFace('x', `url(${it})`).load().catch(() => 0)",
    "frame": "document.body.append(Object.assign(document.createElement('iframe'), { src: it }))",
    "prefetch": "document.head.append(Object.assign(document.createElement('link'), { rel: 'prefetch', href: it }))",
    "beacon": "navigator.sendBeacon(it, 'x')",
    "worker": "new Worker(URL.createObjectURL(new Blob([`fetch('${it}', { mode: 'no-cors' })`])))",
    "events": "new EventSource(it)",
}


def test_what_any_part_of_a_browser_asks_of_another_host_is_written_down(chromium: Browser, site: Path) -> None:
    """Hidden workers among them, and what they say. The content policy, which would stop them, is put aside."""
    with watched(chromium, site, bypass_csp=True) as visit:
        visit.wire.planted = {"/shared.js": PLANTED_SHARED, "/service.js": PLANTED_SERVICE}
        visit.page.goto(f"{visit.url}glossary/")
        visit.look()
        assert {one.host for one in visit.wire.sent} == {visit.wire.host}
        for kind, plant in ASKING.items():
            visit.page.evaluate(f"(it) => void ({plant})", f"http://{ELSEWHERE}/{kind}")
        visit.page.evaluate("new SharedWorker('/shared.js'), void navigator.serviceWorker.register('/service.js')")
        visit.page.evaluate(f"void new WebSocket('ws://{ELSEWHERE}/socket')")
        wanted = {*(f"http://{ELSEWHERE}/{kind}" for kind in (*ASKING, "shared-worker", "service-worker"))}
        for _ in range(250):  # what workers do is done when it is done
            visit.consoles.look()
            visit.page.wait_for_timeout(20)
            asked = {one.url for one in visit.wire.sent if one.host != visit.wire.host}
            said = " ".join(visit.consoles.said)
            if (
                wanted <= asked
                and f"{ELSEWHERE}:80" in asked
                and f"{MARK} service" in said
                and f"{MARK} shared" in said
            ):
                break
        assert wanted - asked == set()
        assert f"{ELSEWHERE}:80" in asked, "the socket"
        assert f"{MARK} shared" in said
        assert f"{MARK} service" in said
        assert {"worker console"} <= {trace.channel for trace in visit.leaks([MARK])}


def pages_of(site: Path) -> list[str]:
    """Every page by its address below the root; of those that only lead on, one."""
    every = [path.relative_to(site).as_posix().removesuffix("index.html") for path in sorted(site.rglob("*.html"))]
    short = [one for one in every if one.startswith("go/")]
    return [one for one in every if one not in short[1:]]


ENGINE_READY = "performance.getEntriesByName('decision-tool:engine-ready').length"


def test_no_page_asks_another_host_or_sends_keeps_or_says_anything(chromium: Browser, site: Path) -> None:
    with watched(chromium, site) as visit:
        pages = pages_of(site)
        assert len(pages) > 35
        kept = {}
        for path in pages:
            visit.page.goto(visit.url + path)
            if path.startswith(("tools/", "embed/")):
                until(visit.page, ENGINE_READY)
            visit.page.wait_for_url(lambda url: "/go/" not in url)
            places = visit.look()
            kinds = (
                "local storage",
                "session storage",
                "databases",
                "caches",
                "files",
                "service workers",
                "window name",
            )
            more = [places[one] for one in kinds]
            more.append(places["history state"] not in (None, {"step": 0}))
            if any(more) or places["cookies"] != ["", []] or "?" in places["address"]:
                kept[path] = places
        assert kept == {}
        assert visit.consoles.count
        assert visit.said == []
        assert {one.host for one in visit.wire.sent} == {visit.wire.host}
        assert [(one.method, one.url, one.body) for one in visit.wire.sent if one.method != "GET" or one.body] == []
        assert [one.url for one in visit.wire.sent if "?" in one.url] == []
        assert [one for one in visit.wire.sent if "\ncookie:" in one.headers.lower()] == []


# ---- training

STORED = "Object.keys({ ...localStorage, ...sessionStorage })"
LISTEN = """() => {
  [window.heard, window.ear] = [[], new BroadcastChannel("training /")];
  ear.onmessage = ({ data }) => heard.push(data);
}"""
SCENE, SECOND = "two-years-on", "a-new-jacket"


def test_training_keeps_and_sends_what_its_page_says_and_no_more(chromium: Browser, site: Path) -> None:
    """A session with its second window, gone on with after a reload; practice; a pair; the sorter with own words."""
    with watched(chromium, site, permissions=["clipboard-read", "clipboard-write"]) as visit:
        page = visit.page
        page.on("dialog", lambda dialog: dialog.accept())
        told = page.context.new_page()
        open_notes(told, visit.url)
        told.evaluate(LISTEN)
        session = Session.begin(page, visit.url, SCENE, SECOND)
        session.hands(**{"level-3": 2})
        visit.look()
        session.to("debrief")
        visit.look()
        assert page.evaluate(STORED) == ["training-session /"]
        kept = json.loads(page.evaluate("localStorage.getItem('training-session /')"))
        assert set(kept) == {"since", "session", "state"}
        stands = {
            "mode": "session", "scenes": [SCENE, SECOND], "short": False, "scene": 0, "check": 0, "stage": "debrief",
            "at": None, "what_if": None, "people": 0, "given": {SCENE: {"level": {"level-3": 2}}}, "again": {},
            "taken": {},
        }  # fmt: skip
        assert kept["state"] == stands
        heard = told.evaluate("heard")
        assert heard
        assert all(set(one) <= {"scenario", "step", "state", "blank", "ask", "hello", "session"} for one in heard)
        assert all(set(one.get("state", {})) <= set(kept["state"]) for one in heard)
        assert all(str(one.get("step", "")).count(".") <= 2 for one in heard)
        page.reload()
        expect(session.root).to_have_attribute("data-stage", "debrief", timeout=PATIENCE)
        visit.look()
        session.trainer()
        session.root.locator("[data-end]").click()
        assert page.evaluate(STORED) == []
        assert page.evaluate("location.hash") == ""

        page.goto(f"{visit.url}training/practise/#/{SCENE}")
        practice = Session(page)
        expect(practice.console.locator("[data-commit]")).to_be_visible(timeout=PATIENCE)
        practice.console.get_by_label("Level 2").check()
        practice.press("Commit this answer")
        visit.look()
        assert page.evaluate(STORED) == []

        page.goto(f"{visit.url}training/sorter/")
        page.locator("#sorter-lines").fill(f"{NARRATIVE}\nAnother of {MARK}")
        page.locator("[data-lines] button[type=submit]").click()
        expect(page.locator("[data-sorting]")).to_be_visible(timeout=PATIENCE)
        assert MARK in page.locator("[data-screen]").inner_text()
        page.locator("[data-sorting] [name=line-0][value=harm]").check()
        expect(page.locator("[data-place=harm] li")).to_have_count(1)
        visit.look()
        page.get_by_role("button", name="Clear everything").click()
        assert MARK not in page.content()
        page.reload()
        visit.look()

        page.goto(f"{visit.url}training/pairs/")
        pair = page.locator("details.tr-pair").last
        pair.locator("summary").click()
        for half in "ab":
            pair.locator(f"input[name={half}-level-4]").fill("7")
        pair.locator("button[type=submit]").click()
        expect(page.locator("[data-chance]")).to_be_visible(timeout=PATIENCE)
        visit.look()
        assert page.evaluate(STORED) == []
        assert visit.consoles.count
        assert visit.said == []
        assert visit.leaks([MARK]) == []
        assert {one.host for one in visit.wire.sent} == {visit.wire.host}
        assert {(one.method, one.body, "?" in one.url) for one in visit.wire.sent} == {("GET", "", False)}
        asked = " ".join(f"{one.url} {one.headers}" for one in visit.wire.sent)
        assert SCENE not in asked, "a choice of scenarios stands behind a #, which no browser sends"
        assert MARK not in json.dumps(told.evaluate("heard"))
