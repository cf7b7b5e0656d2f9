"""By the keyboard alone, on the smallest screen: every outcome, every way on from a result, and the site around."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.answers import HARM, Answers
from tests.browser.journeys import journeys, one_for_each_end
from tests.browser.seen import SMALL
from tests.browser.tool import Tool, moment_parts
from tests.waiting import until

MOST_STOPS = 200


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus, as a reader does who sees only where the focus is."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def answer_by_keyboard(tool: Tool, answers: Answers) -> None:
    page = tool.page
    for fact in tool.facts:
        kind = tool.screen.locator(f'form[data-node] [name="{fact}"]').first.evaluate("input => input.type")
        if fact in answers:
            KEYS[kind](page, fact, answers[fact])
    tab_to(page, "[data-screen] form[data-node] button[type=submit]")
    with tool.step():
        page.keyboard.press("Enter")


def choose(page: Page, fact: str, value: Any) -> None:
    """One of several: Tab leads to the group, arrows lead through it."""
    tab_to(page, f'[name="{fact}"]')
    page.keyboard.press("Space")
    while page.evaluate("document.activeElement.value") != value:
        page.keyboard.press("ArrowDown")


def tick(page: Page, fact: str, values: Any) -> None:
    for value in [values] if isinstance(values, str) else values:
        tab_to(page, f'[name="{fact}"][value="{value}"]')
        page.keyboard.press("Space")


def write(page: Page, fact: str, value: Any) -> None:
    tab_to(page, f'[name="{fact}"]')
    page.keyboard.type(value)


def give_time(page: Page, fact: str, value: Any) -> None:
    """Each field in its turn, the month by its first letters; or "not known"."""
    if value == "not_known":
        return tick(page, fact, value)
    for part, text in moment_parts(value).items():
        tab_to(page, f'[name="{fact}"][data-part="{part}"]')
        page.keyboard.type(f"{datetime.fromisoformat(value):%B}" if part == "month" else text)
        assert page.evaluate("document.activeElement.value") == text
    return None


def to_the_end(tool: Tool, answers: Answers) -> Iterator[tuple[str, str] | None]:
    """Answer each screen, then take each offer that `answers` takes. Yields the offer that was taken, if it was one."""
    for _ in range(40):
        if tool.data("state") == "asking":
            answer_by_keyboard(tool, answers)
            yield None
            continue
        taken = next((one for one in tool.offers if answers.get(one[0]) == one[1]), None)
        if taken is None:
            return
        fold = f"details:not([open]):has({tapped(*taken)}) > summary"
        if tool.screen.locator(fold).count():
            tab_to(tool.page, fold)
            tool.page.keyboard.press("Enter")
        tab_to(tool.page, tapped(*taken))
        with tool.step():
            tool.page.keyboard.press("Enter")
        yield taken
    raise AssertionError(f"no outcome after 40 screens, at {tool.at}")


def tapped(fact: str, value: str) -> str:
    return f'[data-action="offer"][data-fact="{fact}"][data-value="{value}"]'


KEYS = {"radio": choose, "checkbox": tick, "textarea": write, "text": give_time}


@pytest.fixture
def small(page: Page) -> Page:
    """A page on the smallest screen that WCAG asks for: 320 pixels, which is 1280 at 400 %."""
    page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    return page


@pytest.mark.parametrize("name", one_for_each_end())
def test_the_keyboard_alone_leads_to_each_outcome_on_a_small_screen(small: Page, site_url: str, name: str) -> None:
    journey = journeys()[name]
    answers, end = journey["answers"], journey["expect"]
    tool = Tool.open(small, site_url, journey["tree"])
    for _ in to_the_end(tool, answers):
        assert small.evaluate("document.scrollingElement.scrollWidth") <= 320
    assert (tool.data("node"), tool.data("settled")) == (end["node"], json.dumps(end["settled"]))


def test_the_keyboard_says_who_you_are_on_a_result_that_waited_for_nothing(small: Page, site_url: str) -> None:
    """Each tap is pressed from then on, and the result that it leads to is the same one with other words."""
    journey = journeys()["level-4-tapped-someone-else-social-care-yes-looked-after-yes"]
    answers, end = journey["answers"], journey["expect"]
    tool = Tool.open(small, site_url)
    taken = [one for one in to_the_end(tool, answers) if one]
    assert taken == [(fact, answers[fact]) for fact in ("your_role", "social_care", "looked_after")]
    for one in taken:
        expect(tool.screen.locator(tapped(*one))).to_have_attribute("aria-pressed", "true")
    assert tool.data("node") == end["node"]
    assert sorted(tool.listed("result")) == sorted(end["results"])


def test_change_and_start_again_work_by_the_keyboard(tool: Tool) -> None:
    page, first = tool.page, tool.data("node")
    answer_by_keyboard(tool, HARM)
    answer_by_keyboard(tool, HARM)
    tab_to(page, ".dt-so-far summary")
    page.keyboard.press("Enter")
    tab_to(page, f'[data-action="change"][data-node="{first}"]')
    with tool.step():
        page.keyboard.press("Enter")
    assert tool.data("node") == first
    tab_to(page, ".dt-so-far summary")
    page.keyboard.press("Enter")
    tab_to(page, '[data-action="restart"]')
    page.keyboard.press("Enter")
    expect(page.locator("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    assert page.evaluate("document.activeElement.dataset.action") == "restart"
    page.keyboard.press("Enter")
    tab_to(page, 'dialog button[value="yes"]')
    page.keyboard.press("Enter")
    expect(page.locator("dialog")).to_have_count(0)
    assert tool.chosen == {}


def test_enter_in_a_field_sends_the_form(tool: Tool) -> None:
    tab_to(tool.page, '[name="danger"][value="none"]')
    tool.page.keyboard.press("Space")
    with tool.step():
        tool.page.keyboard.press("Enter")
    expect(tool.screen.locator("[data-focus]")).to_be_focused()


# ---- the site around the tools


@pytest.mark.parametrize("scripts", [True, False])
def test_the_keyboard_opens_the_menu_of_a_small_screen(chromium: Browser, site_url: str, scripts: bool) -> None:
    context = chromium.new_context(java_script_enabled=scripts, viewport=SMALL)  # type: ignore[arg-type]
    small = context.new_page()
    small.goto(f"{site_url}procedure/levels/")
    tab_to(small, "#site-menu > summary")
    small.keyboard.press("Enter")
    tab_to(small, '#site-menu a[href$="tools/level/"]')
    small.keyboard.press("Enter")
    small.wait_for_url("**/tools/level/")
    context.close()


def test_the_search_makes_a_small_page_no_wider(small: Page, site_url: str) -> None:
    small.goto(site_url)
    tab_to(small, ".md-search__input")
    for open_ in (True, False):
        expect(small.locator("#__search")).to_be_checked(checked=open_)
        until(small, "document.getAnimations().every((one) => one.playState === 'finished')")
        assert small.evaluate("document.scrollingElement.scrollWidth") <= 320
        small.keyboard.press("Tab")


def test_escape_closes_the_menu_of_a_small_screen(small: Page, site_url: str) -> None:
    small.goto(f"{site_url}procedure/levels/")
    tab_to(small, "#site-menu > summary")
    small.keyboard.press("Enter")
    tab_to(small, '#site-menu a[href$="tools/level/"]')
    small.keyboard.press("Escape")
    expect(small.locator("#site-menu > summary")).to_be_focused()
    expect(small.locator("#site-menu nav")).to_be_hidden()


def test_the_keyboard_searches_and_opens_what_is_found(small: Page, site_url: str) -> None:
    small.goto(f"{site_url}about/about/")
    tab_to(small, ".md-search__input")
    small.keyboard.type("missing")
    expect(small.locator(".md-search-result__link").first).to_be_visible()
    expect(small.locator(".md-search-result__meta")).to_have_role("status")
    small.keyboard.press("ArrowDown")
    expect(small.locator(".md-search-result__link").first).to_be_focused()
    small.keyboard.press("Enter")
    small.wait_for_url(lambda url: "/about/about/" not in url)


@pytest.mark.parametrize("key", ["n", "p", "s", "f", "/", ".", ","])
def test_no_single_key_leads_away_from_a_question(tool: Tool, key: str) -> None:
    """WCAG 2.1.4: whoever dictates a word, or brushes a key, stays where they are."""
    tab_to(tool.page, '[name="danger"]')
    tool.page.keyboard.press(key)
    tool.page.keyboard.press("Space")
    assert tool.page.url.endswith("/tools/level/")
    expect(tool.screen.locator('[name="danger"]').first).to_be_checked()
    expect(tool.screen.locator('[name="danger"]').first).to_be_focused()
