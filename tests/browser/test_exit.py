"""The way out for somebody who is being watched: at once, with nothing left, and no way back to what was shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from macros.site.hosting.policy import read_exit
from macros.site.stopped import Stopped
from tests.browser.answers import HARM, NARRATIVE
from tests.browser.tool import Tool, press
from tests.browser.training import Session
from tests.builds import EXIT
from tests.conftest import NO_SHARED_WORKER, served

WEATHER = "<!doctype html><title>Weather</title><h1>Weather</h1>"


@pytest.fixture
def watched(chromium: Browser, live_site: Path) -> Iterator[tuple[Page, str]]:
    """A page of the site in use, which no question holds back, and its address."""
    context = chromium.new_context()
    context.add_init_script(NO_SHARED_WORKER)
    context.route(EXIT, lambda route: route.fulfill(body=WEATHER, content_type="text/html"))
    page = context.new_page()

    def held(dialog: Dialog) -> None:
        pytest.fail(f"somebody who must get away was asked: {dialog.type}")

    page.on("dialog", held)
    with served(live_site) as url:
        yield page, url
    context.close()


@pytest.mark.parametrize("way", ["press", "keys"])
def test_it_takes_the_place_of_a_result_and_leaves_no_answer(watched: tuple[Page, str], way: str) -> None:
    page, url = watched
    page.goto(f"{url}about/")
    tool = Tool.open(page, url)
    tool.go(HARM)
    tool.screen.locator("textarea").first.evaluate("(field, text) => (field.value = text)", NARRATIVE)
    length = page.evaluate("history.length")
    page.evaluate("addEventListener('exit', () => setTimeout(() => (window.bare = document.body.innerHTML)))")
    if way == "press":
        page.locator("[data-exit]").click()
    else:
        for _ in range(3):
            page.keyboard.press("Shift")
    expect(page.get_by_role("heading", name="Weather")).to_be_visible()
    assert page.url == EXIT
    assert page.evaluate("history.length") == length
    page.go_back()
    expect(tool.root).to_have_attribute("data-state", "asking")
    assert NARRATIVE[:12] not in page.content()


def test_shift_as_writers_press_it_leads_nowhere(watched: tuple[Page, str]) -> None:
    page, url = watched
    page.goto(url)
    for key in ("Shift", "a", "Shift", "b", "Shift"):
        page.keyboard.press(key)
    page.keyboard.down("Shift")
    expect(page.locator("[data-exit]")).to_be_visible()
    assert page.url == url


def test_a_session_that_was_kept_goes_too(watched: tuple[Page, str]) -> None:
    page, url = watched
    session = Session.begin(page, url, "two-years-on")
    session.hands(**{"level-3": 2})
    press(page.locator("[data-exit]"))
    expect(page.get_by_role("heading", name="Weather")).to_be_visible()
    page.goto(f"{url}training/session/")
    assert page.evaluate("Object.keys({ ...localStorage, ...sessionStorage })") == []


def test_it_is_not_there_unless_it_is_set(page: Page, site_url: str) -> None:
    page.goto(site_url)
    assert page.locator("[data-exit]").count() == 0
    assert read_exit({"exit_page": ""}) == read_exit({}) == ""
    assert read_exit({"exit_page": EXIT}) == EXIT
    for wrong in ("javascript:alert(1)", "http://plain.example", "weather", "https://a.example/?x=1", True, ["x"]):
        with pytest.raises(Stopped, match="exit_page"):
            read_exit({"exit_page": wrong})
