"""A journey by the keyboard alone: every answer, every step and every way on from a result."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.answers import HARM, LONG, Answers
from tests.browser.tool import Tool

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
        inputs = tool.screen.locator(f'form[data-node] [name="{fact}"]')
        kind = inputs.first.evaluate("input => input.type")
        if kind == "radio":
            tab_to(page, f'[name="{fact}"]')
            page.keyboard.press("Space")
            while page.evaluate("document.activeElement.value") != answers[fact]:
                page.keyboard.press("ArrowDown")
        elif kind == "checkbox":
            for value in answers[fact]:
                tab_to(page, f'[name="{fact}"][value="{value}"]')
                page.keyboard.press("Space")
        elif fact in answers:
            tab_to(page, f'[name="{fact}"]')
            page.keyboard.type(answers[fact])
    tab_to(page, "[data-screen] button[type=submit]")
    with tool.step():
        page.keyboard.press("Enter")


@pytest.mark.parametrize(("answers", "outcome"), [(HARM, "level-4"), (LONG, "level-2")])
def test_the_keyboard_alone_leads_to_a_result(tool: Tool, answers: Answers, outcome: str) -> None:
    for _ in range(20):
        if tool.data("state") != "asking":
            break
        answer_by_keyboard(tool, answers)
    assert tool.data("node") == outcome


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
    tab_to(tool.page, '[name="age"]')
    tool.page.keyboard.press("Space")
    with tool.step():
        tool.page.keyboard.press("Enter")
    expect(tool.screen.locator("[data-focus]")).to_be_focused()
