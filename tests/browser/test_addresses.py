"""Addresses as mail and chat programs leave them: whatever stands behind # leaves a working page, what can be
understood is understood, and no address tells which question was open.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.answers import LONG
from tests.browser.test_browser_apis import PAGES
from tests.browser.tool import Tool
from tests.conftest import NO_SHARED_WORKER

SENSELESS = ("100%", "%", "%E2%80", "/%E0%A4%A", "%25", "a#b#", "%00", "/" + "%2B" * 400)


@pytest.fixture
def loaded(chromium: Browser, site_url: str) -> Iterator[Page]:
    """A page in a browser of its own, which says what its scripts died of."""
    context = chromium.new_context(viewport={"width": 375, "height": 667})
    context.add_init_script(NO_SHARED_WORKER)
    yield context.new_page()
    context.close()


def test_no_page_dies_of_what_stands_behind_it(loaded: Page, site_url: str) -> None:
    dead: list[str] = []
    loaded.on("pageerror", lambda error: dead.append(f"{loaded.url}: {error.message}"))
    loaded.route("**/assets/engine/**", lambda route: route.abort())
    for path in PAGES:
        for said in SENSELESS[:3] if path else SENSELESS:
            loaded.goto("about:blank")
            loaded.goto(f"{site_url}{path}#{said}")
    assert dead == []


@pytest.mark.parametrize("said", SENSELESS)
def test_a_tool_answers_whatever_stands_behind_its_address(page: Page, site_url: str, said: str) -> None:
    page.goto(f"{site_url}tools/level/#{said}")
    tool = Tool(page, "level")
    tool.answer({"danger": ["none"]})
    assert tool.data("node") == "danger-check.age"


MEANT = (
    "%6Cevel-4", "level%2D4", "level%252D4", "Level-4", "level-4.", "level-4)", "level-4%C2%A0", "level-4\u00a0",
    "(level-4%29.", "level-4%", "level-4%2", "%E2%80%8Blevel-4", "level-4#level-4", "#level-4", "%23level-4",
    "level-4”,",
)  # fmt: skip


@pytest.mark.parametrize("said", MEANT)
def test_a_place_is_found_however_it_is_written(loaded: Page, site_url: str, said: str) -> None:
    loaded.goto(f"{site_url}procedure/levels/#{said}")
    expect(loaded.locator("#level-4")).to_be_in_viewport()
    assert loaded.evaluate("document.querySelector(':target')?.id") == "level-4"
    loaded.evaluate("location.hash = 'nowhere'; scrollTo(0, 0)")
    expect(loaded.locator("#level-4")).not_to_be_in_viewport()
    loaded.evaluate("(said) => void (location.hash = said)", said)
    expect(loaded.locator("#level-4")).to_be_in_viewport()


def test_an_address_of_the_tool_as_text_unfolds_it_however_it_is_written(page: Page, site_url: str) -> None:
    page.goto(f"{site_url}tools/level/#Level%2Das%2Dtext.")
    expect(page.locator("#level-as-text")).to_have_attribute("open", "")


SETS = (
    "%2Ftwo-years-on%2Bfour-views", "/two-years-on%2Bfour-views", "%252Ftwo-years-on%252Bfour-views",
    "/Two-Years-On+Four-Views", "/two-years-on+four-views.", "/two-years-on+four-views)", "/two-years-on%20four-views",
    "/two-years-on+four-views\u00a0", "#/two-years-on+four-views", "/two-years-on+four-views#/two-years-on+four-views",
)  # fmt: skip


@pytest.mark.parametrize("said", SETS)
@pytest.mark.parametrize("short", ["", "/short"])
def test_a_set_of_scenarios_is_found_however_it_is_written(loaded: Page, site_url: str, said: str, short: str) -> None:
    written = said.replace("four-views", "four-views" + short).replace("Four-Views", "Four-Views" + short)
    loaded.goto(f"{site_url}training/session/#{written}")
    expect(loaded.locator("#session-link")).to_have_value(
        f"{site_url}training/session/#/two-years-on+four-views{short}"
    )
    expect(loaded.locator("[data-trouble]")).to_be_hidden()


def test_the_windows_of_a_session_are_found_however_they_are_written(loaded: Page, site_url: str) -> None:
    for path, shown in (
        ("training/sheets/#%2FFollow.", ".tr-following"),
        ("training/session/#%2Fstage", ".tr-on-stage"),
    ):
        loaded.goto("about:blank")
        loaded.goto(site_url + path)
        expect(loaded.locator(f"body{shown}")).to_have_count(1)


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("tools/level/%23level-as-text", "tools/level/#level-as-text"),
        ("tools/level/%2523level-as-text", "tools/level/#level-as-text"),
        ("training/session/%23/two-years-on", "training/session/#/two-years-on"),
        ("Tools/Level/", "tools/level/"),
        ("tools/level/).", "tools/level/"),
        ("tools/level/%C2%A0", "tools/level/"),
        ("/elsewhere.test/%23x", None),
        ("no/such/page/", None),
    ],
)
def test_the_page_for_a_wrong_address_puts_a_mangled_one_right(
    loaded: Page, site: Path, site_url: str, asked: str, led: str | None
) -> None:
    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(site_url)
        there = route.request.resource_type != "document" or (site / path / "index.html").is_file()
        if there and "%" not in path:
            route.continue_()
        else:
            route.fulfill(status=404, path=site / "404.html")

    loaded.route("**/*", answer)
    loaded.goto(site_url + asked)
    if led:
        loaded.wait_for_url(site_url + led)
        expect(loaded.locator("[data-not-found]")).to_have_count(0)
    else:
        expect(loaded.locator("[data-not-found]")).to_be_visible()
        assert loaded.url.startswith(site_url)


ENOUGH = 5  # errors; a return is among those of the missing tool

SHOWN = """(error) => {
  const legend = error.closest(".dt-question").querySelector(".dt-legend");
  return [legend, error].map((one) => {
    const { top, bottom, left } = one.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight && one.contains(document.elementFromPoint(left + 2, top + 2));
  });
}"""


@pytest.mark.parametrize("tree", ["level", "missing"])
def test_the_link_of_an_error_shows_the_question_and_leaves_no_trace(page: Page, site_url: str, tree: str) -> None:
    page.set_viewport_size({"width": 375, "height": 667})
    tool, seen = Tool.open(page, site_url, tree), 0
    while tool.data("state") == "asking" and seen < ENOUGH:
        tool.send()
        before = (page.url, page.title(), page.evaluate("history.length"))
        for link in tool.screen.locator(".dt-errors a").all():
            link.click()
            id = (link.get_attribute("href") or "")[1:]
            expect(page.locator(f"[id='{id}']")).to_be_focused()
            error = page.locator(f".dt-question:has([id='{id}']) .dt-error")
            assert error.evaluate(SHOWN) == [True, True], id
            assert (page.url, page.title(), page.evaluate("history.length")) == before
            seen += 1
        tool.answer({**LONG, "missing_state": "returned"})
    assert seen >= ENOUGH
