"""Back, Forward, "change", "start again", reload, a page kept by the browser: steps are in memory and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from tests import browsers
from tests.browser.answers import HARM, LONG, NARRATIVE
from tests.browser.test_record import download, have_it, open_file
from tests.browser.tool import Tool
from tests.waiting import until


def test_back_and_forward_show_each_step_as_it_was_left(tool: Tool) -> None:
    page = tool.page
    seen = []
    for node in tool.walk(LONG):
        seen.append((node, page.evaluate("history.state"), page.url))
    assert [state for _, state, _ in seen] == [{"step": n} for n in range(len(seen))]
    assert len({url for *_, url in seen}) == 1
    for node, state, _ in reversed(seen[:-1]):
        page.go_back()
        tool.expect_node(node)
        assert (tool.data("state"), page.evaluate("history.state")) == ("asking", state)
        expect(tool.screen.locator("[data-focus]")).to_be_focused()
        expected = {fact: [v] if isinstance(v, str) else v for fact, v in LONG.items() if fact in tool.facts}
        assert tool.chosen == expected, "an answer given earlier is gone from its question"
    for node, *_ in seen[1:]:
        page.go_forward()
        tool.expect_node(node)
    assert tool.data("state") == "outcome"


def test_another_answer_after_back_forgets_what_lay_ahead(tool: Tool) -> None:
    tool.answer(LONG)
    tool.answer(LONG)
    tool.answer(LONG)
    length = tool.page.evaluate("history.length")
    tool.page.go_back()
    tool.answer({"harm": ["strong_suspicion"]})
    assert tool.data("node") == "level-4"
    assert tool.page.evaluate("history.length") == length


def test_going_back_past_an_error_finds_the_answer_without_the_error(tool: Tool) -> None:
    tool.send()
    tool.answer(HARM)
    tool.page.go_back()
    expect(tool.screen.locator(".dt-errors")).to_have_count(0)
    assert tool.chosen == {"danger": ["none"]}
    expect(tool.submit).to_be_enabled()


def test_change_shows_the_question_with_its_answer_and_keeps_the_others(tool: Tool) -> None:
    nodes = tool.go(LONG)
    tool.change(nodes[1])
    assert tool.at == ("asking", nodes[1], None, None)
    assert tool.chosen == {"age": ["16_or_17"]}
    tool.answer({"age": "13_to_15"})
    assert tool.data("state") == "outcome", "answers that still count were asked again"
    assert "13 to 15" in tool.screen.locator(".dt-so-far").text_content()
    tool.page.go_back()
    tool.page.go_back()
    assert "16 or 17" in tool.screen.locator(".dt-so-far").text_content()


def test_start_again_asks_first_and_then_keeps_nothing(tool: Tool) -> None:
    page, first = tool.page, tool.data("node")
    tool.go(LONG)
    tool.restart(sure=False)
    assert tool.data("state") == "outcome"
    tool.restart()
    assert tool.at == ("asking", first, None, None)
    assert tool.chosen == {}
    expect(tool.screen.locator("[data-focus]")).to_be_focused()
    assert list(page.evaluate("history.state")) == ["step"]
    page.go_back()
    assert tool.at == ("asking", first, None, None), "a step from before the new start came back"
    assert tool.chosen == {}
    page.go_forward()
    tool.answer(HARM)
    assert NARRATIVE[:16] not in page.content()


def test_a_reload_starts_clean_and_old_entries_lead_to_the_first_question(tool: Tool) -> None:
    page, first = tool.page, tool.data("node")
    page.on("dialog", lambda dialog: dialog.accept())
    tool.answer(LONG)
    tool.answer(LONG)
    tool.answer(LONG)
    page.go_back()
    page.reload()
    assert tool.at == ("asking", first, None, None)
    assert tool.chosen == {}
    for go in (page.go_back, page.go_forward, page.go_forward, page.go_back):
        go()
        assert tool.at == ("asking", first, None, None)
        expect(tool.trouble).to_be_hidden()
    tool.answer({"danger": ["not_known"]})
    page.go_back()
    assert tool.chosen == {"danger": ["not_known"]}
    page.go_back()
    assert tool.at == ("asking", first, None, None)
    assert tool.chosen == {}, "an entry from before the reload shows an answer given after it"


def test_a_link_to_a_place_on_the_page_changes_no_step(tool: Tool) -> None:
    page = tool.page
    tool.answer(HARM)
    node = tool.data("node")
    page.evaluate("location.hash = 'level-as-text'")
    until(page, "history.state?.step === 1")
    assert tool.data("node") == node
    tool.answer(HARM)
    page.go_back()
    page.go_back()
    assert tool.data("node") == node
    page.go_back()
    assert tool.data("node") != node


def test_leaving_warns_only_if_answers_would_be_lost(tool: Tool, site_url: str) -> None:
    page, asked = tool.page, []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    tool.choose("danger", ["none"])
    page.reload()
    assert asked == [], "a warning without any answer"
    tool.answer(HARM)
    node = tool.data("node")
    with page.expect_event("dialog"):
        page.evaluate(f"setTimeout(() => location.assign('{site_url}'))")
    expect(tool.root).to_have_attribute("data-node", node or "")
    assert asked == ["beforeunload"]
    tool.restart()
    page.goto(site_url)
    assert asked == ["beforeunload"], "a warning after everything was cleared"


def test_an_opened_record_is_lost_only_once_it_is_changed(tool: Tool, site_url: str) -> None:
    page, asked = tool.page, []
    page.on("dialog", lambda dialog: asked.append(dialog.type) or dialog.accept())
    nodes = tool.go(HARM)
    record = download(tool)[1]
    have_it(tool)
    page.reload()
    open_file(tool, record)
    page.reload()
    assert asked == [], "a warning though nothing was added to the file"
    open_file(tool, record)
    tool.change(nodes[1])
    tool.answer({"age": "under_13"})
    page.reload()
    assert asked == ["beforeunload"]
    tool.answer({"danger": ["not_known"]})
    with tool.step():
        page.go_back()
    open_file(tool, record)
    page.reload()
    assert asked == ["beforeunload"] * 2, "Back leads to an answer that no file holds"


def test_the_title_says_what_is_shown_and_never_an_answer(tool: Tool) -> None:
    page, own = tool.page, tool.page.title()
    titles = {}
    tool.send()
    assert page.title() == f"Error: {own}"
    for node in tool.walk(LONG):
        titles[node] = page.title()
    first, *asked, last = titles.values()
    assert first == f"Error: {own}"
    assert set(asked) == {f"Question: {own}"}
    assert last == f"Result: {own}"
    record = download(tool)[1]
    page.go_back()
    expect(page).to_have_title(f"Question: {own}")
    tool.restart()
    expect(page).to_have_title(own)
    open_file(tool, record)
    assert page.title() == f"Opened record: {own}"


def test_a_page_that_is_left_holds_no_answer(lone_page: Page, site_url: str) -> None:
    """The browser may keep the page just as it is after this event, and show it to whoever goes back to it."""
    page, tool = lone_page, Tool.open(lone_page, site_url)
    first = tool.data("node")
    tool.go(LONG)
    assert NARRATIVE[:16] in page.content()
    worker = next(worker for worker in page.workers if worker.url.endswith("engine-worker.mjs"))
    with worker.expect_event("close"):
        page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    assert NARRATIVE[:16] not in page.content()
    assert tool.at == ("asking", first, None, None)
    assert tool.chosen == {}
    page.go_back()
    assert tool.chosen == {}, "a step is still in the memory of a page that was left"
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    page.go_back()
    assert tool.at == ("asking", first, None, None)
    page.go_forward()
    tool.go(HARM)
    assert tool.data("level") == "4"


@pytest.fixture(scope="module")
def keeping_chromium(chromium: Browser) -> Iterator[Browser]:
    """A Chromium that keeps pages to come back to. The ordinary one of the tests is told not to."""
    launcher = chromium.browser_type
    browser = launcher.launch(
        executable_path=browsers.whole_chromium(),
        args=list(browsers.CHROMIUM_FLAGS),
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield browser
    browser.close()


def test_a_page_that_the_browser_kept_comes_back_clean(keeping_chromium: Browser, site_url: str) -> None:
    page = keeping_chromium.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    tool = Tool.open(page, site_url)
    first = tool.data("node")
    page.evaluate("addEventListener('pageshow', event => (window.kept = event.persisted))")
    tool.answer(LONG)
    tool.answer(LONG)
    page.goto(f"{site_url}glossary/")
    page.go_back()
    until(page, "window.kept === true")
    assert tool.at == ("asking", first, None, None)
    assert tool.chosen == {}
    page.evaluate("history.back()")
    until(page, "history.state.step === 1")
    assert tool.at == ("asking", first, None, None)
    tool.go(HARM)
    assert tool.data("level") == "4"
    page.close()
