"""What a browser may lack, refuse, never answer or only seem to do, in each of its ways, on every kind of page.

A page holds when no script of it, the theme's own included, ends in an error, when it asks no other host, and when what
it is for still comes to something: the search, a question's result, a session, a copy, or a sentence that says why not.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.answers import HARM
from tests.browser.tool import FIRST_ANSWERS, Tool, press
from tests.browser.training import PATIENCE, Session, open_notes
from tests.conftest import NO_SHARED_WORKER
from tests.waiting import until

SILENCE = 5_100  # milliseconds of the page's clock: a little more than a page may say nothing for

PAGES = (
    "", "procedure/levels/", "tools/level/", "embed/level/", "training/session/",
    "training/practise/", "training/sorter/",
    "training/pairs/", "training/sheets/", "offline/", "library/", "about/embedding/", "404.html",
)  # fmt: skip

ABSENT, THROWS, REJECTS, HANGS, NOTHING = "absent", "throws", "rejects", "hangs", "does nothing"

# Each interface by the place where it stands, and the ways in which it can fail.
APIS: dict[str, tuple[str, ...]] = {
    "window.localStorage": (ABSENT, THROWS),
    "window.sessionStorage": (ABSENT, THROWS),
    "Storage.prototype.setItem": (THROWS, NOTHING),
    "navigator.storage": (ABSENT,),
    "StorageManager.prototype.persist": (ABSENT, THROWS, REJECTS, HANGS),
    "StorageManager.prototype.persisted": (ABSENT, THROWS, REJECTS, HANGS),
    "navigator.serviceWorker": (ABSENT, THROWS),
    "ServiceWorkerContainer.prototype.getRegistration": (THROWS, REJECTS, HANGS),
    "ServiceWorkerContainer.prototype.register": (THROWS, REJECTS, HANGS),
    "CacheStorage.prototype.keys": (REJECTS, HANGS),
    "navigator.clipboard": (ABSENT,),
    "window.SharedWorker": (ABSENT, THROWS),
    "window.Worker": (ABSENT, THROWS),
    "window.fetch": (THROWS, REJECTS, HANGS),
    "History.prototype.pushState": (THROWS, NOTHING),
    "History.prototype.replaceState": (THROWS, NOTHING),
    "Performance.prototype.mark": (ABSENT, THROWS),
    "Performance.prototype.measure": (ABSENT, THROWS),
    "HTMLDialogElement.prototype.showModal": (ABSENT, THROWS),
    "window.print": (ABSENT, THROWS, NOTHING),
    "window.BroadcastChannel": (ABSENT, THROWS),
    "BroadcastChannel.prototype.postMessage": (THROWS, NOTHING),
    "window.matchMedia": (ABSENT, THROWS, NOTHING),
    "window.ResizeObserver": (ABSENT, THROWS),
    "window.IntersectionObserver": (ABSENT, THROWS),
    "window.requestIdleCallback": (ABSENT, NOTHING),
    "window.requestAnimationFrame": (NOTHING,),
    "navigator.wakeLock": (ABSENT,),
    "Document.prototype.hidden": (ABSENT,),
    "Document.prototype.visibilityState": (ABSENT,),
    "Element.prototype.checkVisibility": (ABSENT,),
    "Element.prototype.requestFullscreen": (ABSENT, THROWS, REJECTS),
}

STAND_IN = {
    THROWS: "function () { throw new DOMException('no', 'SecurityError'); }",
    REJECTS: "() => Promise.reject(new DOMException('no', 'NotAllowedError'))",
    HANGS: "() => new Promise(() => {})",
    NOTHING: "() => {}",
}
GETTERS = ("window.localStorage", "window.sessionStorage", "navigator.serviceWorker")


def without(api: str, way: str) -> str:
    """A script that makes an interface fail in a way, before any of the page's own runs."""
    where, _, name = api.rpartition(".")
    if way == ABSENT:
        gone = f"Object.defineProperty({where}, '{name}', {{ value: undefined, configurable: true }})"
        return f"delete {where}.{name}; if ('{name}' in {where}) {gone};"
    if api in GETTERS:
        return f"Object.defineProperty({where}, '{name}', {{ get: {STAND_IN[way]}, configurable: true }});"
    return f"{where}.{name} = {STAND_IN[way]};"


@contextmanager
def opened(chromium: Browser, *scripts: str) -> Iterator[Page]:
    """A page in a browser of its own in which these scripts run first."""
    context = chromium.new_context()
    context.add_init_script(NO_SHARED_WORKER)
    for script in scripts:
        context.add_init_script(script)
    try:
        yield context.new_page()
    finally:
        context.close()


@pytest.mark.parametrize("way", [ABSENT, THROWS, REJECTS, HANGS, NOTHING])
def test_no_page_dies_of_what_a_browser_does_not_do(chromium: Browser, site_url: str, way: str) -> None:
    """Each interface alone on two pages; all that can fail in this way on every kind of page."""
    apis = [api for api, ways in APIS.items() if way in ways]
    rounds = [((api,), ("tools/level/", "training/session/")) for api in apis]
    dead = []
    for stubbed, paths in [*rounds, (tuple(apis), PAGES)]:
        with opened(chromium, *(without(api, way) for api in stubbed)) as page:
            errors: list[str] = []
            page.on("pageerror", lambda error, errors=errors: errors.append(error.message))
            page.on(
                "request", lambda asked, errors=errors: errors.append(asked.url) if site_url not in asked.url else None
            )
            page.route("**/assets/engine/**", lambda route: route.abort())  # Python is for the tests below
            for path in paths:
                page.goto(site_url + path)
                if not path.startswith("embed") and "window.Worker" not in stubbed and "window.fetch" not in stubbed:
                    page.locator("[data-md-component=search-query]").evaluate("(field) => field.focus()")
                until(page, "document.readyState === 'complete'")
                dead += [(stubbed if len(stubbed) == 1 else "all", path, error) for error in errors]
                errors.clear()
    assert dead == []


def test_the_search_finds_without_storage_and_what_watches_sizes(chromium: Browser, site_url: str) -> None:
    scripts = [without("window.localStorage", THROWS)]
    scripts += [without(f"window.{name}", ABSENT) for name in ("matchMedia", "ResizeObserver", "IntersectionObserver")]
    with opened(chromium, *scripts) as page:
        page.goto(site_url)
        page.locator("[data-md-component=search-query]").fill("strategy meeting")
        expect(page.locator(".md-search-result__item").first).to_be_attached()


@pytest.mark.parametrize("api", ["History.prototype.pushState", "History.prototype.replaceState"])
@pytest.mark.parametrize("way", [THROWS, NOTHING])
def test_a_tool_goes_on_and_back_where_history_is_refused(chromium: Browser, site_url: str, api: str, way: str) -> None:
    with opened(chromium, without(api, way), without("Performance.prototype.measure", THROWS)) as page:
        tool = Tool.open(page, site_url)
        tool.answer({"danger": ["none"]})
        assert tool.data("node") == "danger-check.age"
        with tool.step():
            press(tool.screen.locator('[data-action="back"]'))
        assert tool.chosen == {"danger": ["none"]}
        tool.go(HARM)
        assert tool.data("level") == "4"


@pytest.mark.parametrize("way", [ABSENT, THROWS])
def test_starting_again_asks_without_a_dialog_too(chromium: Browser, site_url: str, way: str) -> None:
    with opened(chromium, without("HTMLDialogElement.prototype.showModal", way)) as page:
        tool = Tool.open(page, site_url)
        tool.answer(HARM)
        tool.restart(sure=False)
        assert tool.data("node") != "danger-check.danger"
        tool.restart()
        assert tool.data("node") == "danger-check.danger"


def test_a_shared_worker_that_says_nothing_is_left_within_the_silence(chromium: Browser, site_url: str) -> None:
    context = chromium.new_context()
    context.add_init_script("window.SharedWorker = class extends EventTarget { port = new MessageChannel().port1; };")
    context.route(FIRST_ANSWERS, lambda route: route.abort())
    page = context.new_page()
    page.clock.install()
    tool = Tool.open(page, site_url)
    tool.fill(HARM)
    expect(tool.submit).to_be_enabled()
    with tool.step():
        tool.submit.press("Enter")
        expect(tool.progress).not_to_be_empty()
        page.clock.fast_forward(SILENCE)
    context.close()


@pytest.mark.parametrize(
    "api", ["ServiceWorkerContainer.prototype.getRegistration", "StorageManager.prototype.persist"]
)
def test_keeping_the_site_never_waits_in_silence(chromium: Browser, site_url: str, api: str) -> None:
    with opened(chromium, without(api, HANGS)) as page:
        page.clock.install()
        page.goto(f"{site_url}offline/")
        said = page.locator("[data-offline-said]")
        if "persist" in api:
            page.locator("[data-offline-keep]").click()
            expect(said).to_contain_text("Keeping a copy")
            page.clock.fast_forward(SILENCE)
            expect(page.locator("[data-offline-promised]")).to_contain_text("does not promise")
        else:
            until(page, "document.querySelector('[data-offline-promised]')")
            page.clock.fast_forward(SILENCE)
            expect(said).to_contain_text("does not answer")


def test_a_clipboard_that_never_answers_leads_to_copying_by_hand(chromium: Browser, site_url: str) -> None:
    hangs = "Clipboard.prototype.write = Clipboard.prototype.writeText = () => new Promise(() => {});"
    with opened(chromium, hangs) as page:
        page.clock.install()
        page.goto(f"{site_url}about/embedding/")
        page.locator("[data-embed-snippet] [data-copy]").first.click()
        page.clock.fast_forward(SILENCE)
        expect(page.locator("[data-copied]").first).to_contain_text("did not let this page copy")


def test_a_session_whose_stories_never_come_says_so(chromium: Browser, site_url: str) -> None:
    with opened(chromium) as page:
        page.clock.install()
        page.route("**/*.json", lambda route: None)
        page.goto(f"{site_url}training/session/#/two-years-on")
        page.get_by_role("button", name="Begin the session").click()
        until(page, "document.querySelector('[data-progress]').textContent || 1")
        page.clock.fast_forward(SILENCE)
        expect(page.locator("[data-trouble]")).to_contain_text("longer than usual")
        expect(page.locator("[data-trouble]").get_by_role("button")).to_be_visible()


@pytest.mark.parametrize("way", [ABSENT, THROWS])
def test_a_session_runs_where_windows_cannot_speak(chromium: Browser, site_url: str, way: str) -> None:
    with opened(chromium, without("window.BroadcastChannel", way), without("window.localStorage", THROWS)) as page:
        open_notes(page, site_url)
        expect(page.locator("[data-followed]")).to_contain_text("does not let two windows speak")
        session = Session.begin(page, site_url, "two-years-on")
        expect(session.screen.locator(".tr-thought")).to_be_visible(timeout=PATIENCE)


def test_a_printer_that_does_nothing_is_said_and_leaves_the_page_as_it_was(chromium: Browser, site_url: str) -> None:
    """And where nobody tells that printing is over, the next print is of what it is asked for."""
    with opened(chromium, without("window.print", NOTHING)) as page:
        page.clock.install()
        page.goto(f"{site_url}tools/level/")
        chart = page.locator("#level-as-chart")
        chart.locator("summary").first.click()
        chart.locator("[data-chart=print]").click()
        expect(page.locator(".chart-sheet")).to_have_count(1)
        page.clock.fast_forward(SILENCE)
        expect(page.locator("[data-print-failed]")).to_be_visible()
        page.keyboard.press("Shift")
        expect(page.locator(".chart-sheet")).to_have_count(0)
