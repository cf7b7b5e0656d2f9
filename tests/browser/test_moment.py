"""A day and a time on the page: said back before they count, and nothing typed is ever lost."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.tool import Tool

FACT = "returned_at"
BACK = {"danger": ["none"], "age": "13_to_15", "missing_state": "returned"}
TELLER = {"your_role": "someone_else"}


@pytest.fixture
def asked(page: Page, site_url: str) -> Tool:
    """The missing tool at the question of the return, the clock at 14:30 UK time on Friday 27 November 2026."""
    page.clock.set_fixed_time("2026-11-27T14:30:00Z")
    tool = Tool.open(page, site_url, "missing")
    while tool.data("node") != "return":
        tool.answer(BACK)
    return tool


def field(tool: Tool, part: str) -> Locator:
    return tool.screen.locator(f'[name="{FACT}"][data-part="{part}"]')


def give(tool: Tool, **parts: str) -> None:
    for part, text in parts.items():
        if part == "month":
            field(tool, part).select_option(label=text)
        else:
            field(tool, part).fill(text)


def said(tool: Tool) -> Locator:
    return tool.screen.locator(f'[data-said="{FACT}"]')


def parts(tool: Tool) -> list[str]:
    return [field(tool, part).input_value() for part in ("day", "month", "year", "time")]


def test_a_whole_moment_is_said_back_in_words_and_a_part_of_one_is_not(asked: Tool) -> None:
    give(asked, day="3", month="April", year="2026")
    expect(said(asked)).to_be_empty()
    give(asked, time="14:30")
    field(asked, "time").press("Tab")
    expect(said(asked)).to_have_text("You mean Friday 3 April 2026, 14:30 (UK time).")
    give(asked, time="2:30")
    field(asked, "time").press("Tab")
    expect(said(asked)).to_have_text("Write 02:30 for the morning, or 14:30 for later in the day.")
    assert asked.data("node") == "return"


@pytest.mark.parametrize(
    ("given", "why", "part"),
    [
        ({"day": "3", "year": "2026", "time": "14:30"}, "Give the month as well.", "month"),
        ({"day": "3", "month": "April", "year": "2026"}, "Give the time as well.", "time"),
        ({"day": "31", "month": "April", "year": "2026", "time": "9am"}, "April 2026 has no day 31.", "day"),
        ({"day": "29", "month": "March", "year": "2026", "time": "01:30"}, "the clocks went forward", "time"),
        ({"day": "28", "month": "November", "year": "2026", "time": "09:00"}, "is still to come", "day"),
    ],
)
def test_an_error_says_which_part_and_keeps_all_that_was_typed(
    asked: Tool, given: dict[str, str], why: str, part: str
) -> None:
    asked.fill(TELLER)
    give(asked, **given)
    before = parts(asked)
    asked.send()
    expect(asked.screen.locator(".dt-errors")).to_contain_text(why)
    assert parts(asked) == before
    assert asked.chosen["your_role"] == ["someone_else"]
    asked.screen.locator(".dt-errors a").click()
    expect(field(asked, part)).to_be_focused()
    assert field(asked, part).get_attribute("aria-invalid") == "true"


def test_a_date_beside_not_known_is_asked_about_and_neither_is_dropped(asked: Tool) -> None:
    asked.fill(TELLER)
    give(asked, day="3", month="April")
    asked.screen.locator(f'[name="{FACT}"][value="not_known"]').check()
    asked.send()
    expect(asked.screen.locator(".dt-errors")).to_contain_text("which one counts?")
    assert parts(asked) == ["3", "4", "", ""]
    expect(asked.screen.locator(f'[name="{FACT}"][value="not_known"]')).to_be_checked()


def test_once_it_is_right_going_back_finds_each_field_as_it_was_answered(page: Page, asked: Tool) -> None:
    asked.fill(TELLER)
    give(asked, day="26", month="November", time="09:15")
    asked.send()
    give(asked, year="2026")
    asked.send()
    asked.expect_node("placement")
    with asked.step():
        page.go_back()
    asked.expect_node("return")
    expect(asked.screen.locator(".dt-errors")).to_have_count(0)
    assert parts(asked) == ["26", "11", "2026", "09:15"]


def test_the_result_says_when_the_hours_are_over(asked: Tool) -> None:
    rest: dict[str, Any] = {"placement": "placed_out", "open_to_engage": "no", "repeat_episode": "no"}
    asked.go({FACT: "2026-11-20T09:15", **TELLER, **rest})
    late = asked.screen.locator('[data-result="interview-offer"] .dt-late')
    expect(late).to_contain_text("These 72 hours ended on Monday 23 November 2026, 09:15 (UK time).")
    expect(late).to_contain_text("Tell Engage and CANW now.")
