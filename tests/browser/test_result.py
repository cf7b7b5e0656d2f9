"""What stands beside a result: what would change it, the clauses behind it, and the reader's own view."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.answers import LONG, NARRATIVE
from tests.browser.tool import Tool


def to_the_result(tool: Tool) -> None:
    tool.go(LONG)
    assert tool.data("state") == "outcome"


def view(tool: Tool) -> dict[str, str]:
    form = tool.screen.locator("form[data-remarks]")
    given: dict[str, str] = form.evaluate("form => Object.fromEntries(new FormData(form))")
    return given


def differ(tool: Tool) -> Locator:
    tool.unfold("Your view")
    tool.screen.locator('[name="opinion"][value="differ"]').check()
    why = tool.screen.locator('[data-remarks] [name="why"]')
    why.fill(NARRATIVE)
    return why


def test_what_would_change_a_result_follows_it(tool: Tool) -> None:
    to_the_result(tool)
    tool.screen.locator(".dt-would-change summary").click()
    expect(tool.screen.locator('[data-later="changes"] dt').first).to_be_visible()


def test_the_clauses_stand_there_in_the_words_of_the_pages(tool: Tool, site_url: str) -> None:
    to_the_result(tool)
    rows = tool.screen.locator(".dt-clauses > div")
    said = rows.evaluate_all(
        "all => all.map(row => [row.querySelector('a').href, row.querySelector('dd').lastChild.textContent.trim()])"
    )
    assert len(said) > 3
    for href, words in said:
        tool.page.goto(href)
        clause = tool.page.locator(f"[id='{href.partition('#')[2]}']")
        shown = clause.evaluate(
            "one => { const copy = one.cloneNode(true);"
            "for (const note of copy.querySelectorAll('.clause-note')) note.remove();"
            "return copy.textContent.replace(/\\s+/g, ' ').trim(); }"
        )
        assert shown.replace("’", "'") == words.replace("’", "'")


def test_a_view_is_there_again_after_back_and_forward(tool: Tool) -> None:
    to_the_result(tool)
    differ(tool)
    tool.page.go_back()
    tool.page.go_forward()
    assert view(tool) == {"opinion": "differ", "why": NARRATIVE}


def test_after_another_answer_the_reason_stays_and_the_opinion_is_asked_anew(tool: Tool) -> None:
    to_the_result(tool)
    differ(tool)
    tool.change("likelihood")
    tool.go({**LONG, "likelihood": "likely"})  # at level 3 it is asked as well whether the child is Looked After
    assert tool.data("state") == "outcome"
    assert view(tool) == {"why": NARRATIVE}


def test_a_view_is_sent_nowhere(tool: Tool) -> None:
    to_the_result(tool)
    before, state = tool.page.url, tool.page.evaluate("history.state")
    differ(tool)
    tool.screen.locator('[name="opinion"][value="agree"]').press("Enter")
    assert (tool.page.url, tool.page.evaluate("history.state"), tool.data("state")) == (before, state, "outcome")


def test_starting_again_clears_the_view(tool: Tool) -> None:
    to_the_result(tool)
    differ(tool)
    tool.restart()
    tool.go({**LONG, "likelihood": "likely"})
    assert view(tool) == {"why": ""}
