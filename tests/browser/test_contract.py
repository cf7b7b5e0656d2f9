"""What hosts, tests and readers may rely on: attributes, forms, focus, marks, and the order of things on a page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.answers import ADULT, HARM, LONG
from tests.browser.tool import Tool
from tests.waiting import until


def test_the_attributes_tell_state_node_level_and_settled(tool: Tool) -> None:
    state, node, level, settled = tool.at
    assert (state, level, settled) == ("asking", None, None)
    assert node
    tool.go(HARM)
    assert tool.at == ("outcome", "level-4", "4", "true")
    tool.change(node)
    assert tool.at == ("asking", node, None, None), "an attribute of the outcome stayed behind"


def test_no_level_is_told_for_an_adult(tool: Tool) -> None:
    tool.go(ADULT)
    assert tool.at[:3] == ("outcome", "adult-route", None)


def test_an_unsettled_level_says_so(tool: Tool) -> None:
    tool.go(LONG)
    assert (tool.data("state"), tool.data("settled")) == ("outcome", "false")


def test_each_question_is_one_form_with_native_inputs_and_one_button(tool: Tool) -> None:
    for _ in tool.walk(LONG):
        if tool.data("state") != "asking":
            break
        form = tool.screen.locator("form[data-node]")
        expect(form).to_have_count(1)
        assert form.get_attribute("method") == "dialog"
        assert form.get_attribute("autocomplete") == "off"
        expect(tool.submit).to_have_count(1)
        expect(tool.submit).to_be_enabled()
        assert tool.facts, "a question without an input"
        expect(tool.screen.locator("[data-focus]")).to_have_count(1)


def test_the_focus_follows_the_question_and_is_in_view(tool: Tool) -> None:
    page = tool.page
    assert page.evaluate("document.activeElement === document.body"), "the page took the focus before any click"
    for n, _ in enumerate(tool.walk(LONG)):
        if n:
            expect(tool.screen.locator("[data-focus]")).to_be_focused()
            expect(tool.screen.locator("[data-focus]")).to_be_in_viewport()


def test_a_form_with_an_error_moves_the_focus_to_it_and_adds_no_step(tool: Tool) -> None:
    length, node = tool.page.evaluate("history.length"), tool.data("node")
    tool.send()
    expect(tool.screen.locator(".dt-errors [data-focus], .dt-errors[data-focus]")).to_be_focused()
    assert (tool.page.evaluate("history.length"), tool.data("node")) == (length, node)
    tool.screen.locator(".dt-errors a").first.click()
    assert tool.page.evaluate("document.activeElement.name") == tool.facts[0]


def test_an_exclusive_answer_stands_alone(tool: Tool) -> None:
    tool.choose("danger", ["safety", "crime"])
    assert tool.chosen == {"danger": ["safety", "crime"]}
    tool.choose("danger", ["none"])
    assert tool.chosen == {"danger": ["none"]}
    tool.choose("danger", ["not_known"])
    assert tool.chosen == {"danger": ["not_known"]}
    tool.choose("danger", ["missing_now"])
    assert tool.chosen == {"danger": ["missing_now"]}


def test_the_marks_and_measures_are_there_and_carry_nothing(tool: Tool) -> None:
    passed = tool.go(HARM)
    until(tool.page, "n => performance.getEntriesByName('decision-tool:step').length >= n", len(passed) - 1)
    entries = tool.page.evaluate(
        """performance.getEntries().filter(e => e.name.startsWith('decision-tool:'))
                      .map(e => [e.name, e.entryType, e.detail])"""
    )
    names = [name for name, _, _ in entries]
    assert names.count("decision-tool:first-question") == 1
    assert names.count("decision-tool:engine-ready") == 1
    assert names.count("decision-tool:step") == len(passed) - 1
    assert {kind for name, kind, _ in entries if name == "decision-tool:step"} == {"measure"}
    assert {detail for _, _, detail in entries} == {None}


def test_the_readable_version_is_folded_away_and_opens_by_its_link(page: Page, site_url: str) -> None:
    tool = Tool.open(page, site_url)
    expect(tool.text).not_to_have_attribute("open", "")
    page.goto(f"{site_url}tools/level/#level-as-text")
    page.reload()
    expect(tool.text).to_have_attribute("open", "")


def test_python_starts_after_the_first_question_is_painted(lone_page: Page, site_url: str) -> None:
    tool = Tool.open(lone_page, site_url)
    tool.go(ADULT)
    painted, asked_for = lone_page.evaluate(
        """[performance.getEntriesByName('first-contentful-paint')[0].startTime,
            performance.getEntriesByType('resource').find(e => e.name.endsWith('engine-worker.mjs')).startTime]"""
    )
    assert asked_for >= painted


def test_the_first_question_is_answered_while_the_themes_script_has_still_not_come(page: Page, site_url: str) -> None:
    page.route("**/assets/javascripts/bundle.*", lambda route: None)  # it is asked for, and never comes
    page.goto(f"{site_url}tools/level/", wait_until="commit")
    tool = Tool(page, "level")
    expect(tool.submit).to_be_enabled()
    tool.go(ADULT)
    assert tool.data("state") == "outcome"


@pytest.mark.parametrize("tree", ["level", "referral"])
def test_each_tool_has_a_page(page: Page, site_url: str, tree: str) -> None:
    tool = Tool.open(page, site_url, tree)
    expect(tool.root).to_be_visible()
    assert tool.data("decision-tool") == tree


def test_two_tools_on_one_page_share_a_worker_and_keep_apart(lone_page: Page, site_url: str) -> None:
    other = lone_page.request.get(f"{site_url}tools/referral/").text()
    section = other[other.index('<section class="decision-tool"') : other.index("</article>")]
    workers: list[str] = []
    lone_page.on("worker", lambda worker: workers.append(worker.url.rpartition("/")[2]))
    both = lone_page.request.get(f"{site_url}tools/level/").text().replace("</article>", f"{section}</article>")
    lone_page.route("**/tools/level/", lambda route: route.fulfill(body=both, content_type="text/html"))
    level, referral = Tool.open(lone_page, site_url), Tool(lone_page, "referral")
    first = referral.data("node")
    level.answer(HARM)
    assert referral.data("node") == first
    referral.answer(HARM)
    here = level.data("node"), referral.data("node")
    level.answer(HARM)
    lone_page.go_back()
    assert (level.data("node"), referral.data("node")) == here
    lone_page.go_back()
    assert (level.data("node"), referral.data("node")) == (here[0], first)
    lone_page.go_forward()
    assert (level.data("node"), referral.data("node")) == here
    assert workers.count("engine-worker.mjs") == 1
