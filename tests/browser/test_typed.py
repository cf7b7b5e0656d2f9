"""What a person typed is never lost unasked: not by another screen, an error, a second sorting or leaving."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.answers import LONG
from tests.browser.test_moment import BACK, TELLER, give, parts
from tests.browser.test_record import copying, keep, leaves, said
from tests.browser.tool import Tool, press
from tests.browser.training import PATIENCE, Session

__all__ = ["copying"]

MINE = "Not sent yet, and mine"


def to(tool: Tool, node: str, answers: dict[str, object]) -> Tool:
    while tool.data("node") != node:
        tool.answer(answers)
    return tool


def test_what_was_typed_and_not_sent_is_there_when_its_question_comes_again(tool: Tool) -> None:
    to(tool, "risk", LONG)
    tool.screen.locator("[name=risk_notes]").fill(MINE)
    tool.change("danger-check.age")
    to(tool, "risk", LONG)
    expect(tool.screen.locator("[name=risk_notes]")).to_have_value(MINE)
    tool.answer(LONG)
    tool.change("risk")
    expect(tool.screen.locator("[name=risk_notes]")).to_have_value(str(LONG["risk_notes"]))


def test_whoever_writes_on_after_continue_is_not_cut_short(tool: Tool) -> None:
    to(tool, "risk", LONG)
    tool.fill(LONG)
    with tool.step():
        tool.screen.locator("form[data-node]").evaluate(
            "(form, mine) => { form.requestSubmit(); form.elements.risk_notes.value = mine; }", MINE
        )
    tool.change("risk")
    expect(tool.screen.locator("[name=risk_notes]")).to_have_value(MINE)


def test_so_it_is_after_an_error_and_after_going_back(page: Page, site_url: str) -> None:
    tool = to(Tool.open(page, site_url, "missing"), "return", BACK)
    tool.fill(TELLER)
    give(tool, day="3")
    tool.send()
    expect(tool.screen.locator(".dt-errors")).to_contain_text("month")
    tool.change("danger-check.age")
    to(tool, "return", BACK)
    assert parts(tool) == ["3", "", "", ""]
    give(tool, month="April", year="2026")
    with tool.step():
        page.go_back()
    to(tool, "return", BACK)
    assert parts(tool) == ["3", "4", "2026", ""]
    give(tool, time="14:30")
    tool.change("danger-check.age")
    to(tool, "return", BACK)
    expect(tool.screen.locator("[data-said]")).to_contain_text("Friday 3 April 2026")
    tool.restart()
    to(tool, "return", BACK)
    assert parts(tool) == ["", "", "", ""], "what was cleared came back"


def test_a_field_that_was_typed_in_is_asked_about_before_the_page_is_left(copying: Tool) -> None:
    tool = copying
    tool.go(LONG)
    keep(tool, "copy")
    expect(said(tool)).to_contain_text("Copied")
    tool.change("risk")
    assert leaves(tool)
    tool.screen.locator("textarea").first.fill(MINE)
    assert not leaves(tool)


def leaving(page: Page) -> bool:
    return bool(page.evaluate("() => window.dispatchEvent(new Event('beforeunload', { cancelable: true }))"))


def test_hands_that_were_typed_go_only_if_the_trainer_says_so(page: Page, site_url: str) -> None:
    session = Session.begin(page, site_url, "two-years-on")
    session.to("commit")
    hands = session.console.locator("[id='tr-level-3']")
    assert leaving(page)
    hands.fill("7")
    assert not leaving(page)
    for ask in (lambda: press(session.console.locator("[data-go=back]")), lambda: page.keyboard.press("PageUp")):
        ask()
        press(page.get_by_role("button", name="Go back to it"))
        expect(page.locator("dialog")).to_have_count(0)
        assert (session.stage, hands.input_value()) == ("commit", "7")
    press(session.console.locator("[data-go=back]"))
    page.keyboard.press("PageDown")  # a clicker answers no question
    expect(page.locator("dialog")).to_be_visible()
    session.change(lambda: press(page.get_by_role("button", name="Leave it out")))
    assert session.stage != "commit"
    session.to("commit")
    hands.fill("7")
    session.press("Commit this answer", "bars")
    session.back()
    expect(page.locator("dialog")).to_have_count(0)


def test_sorting_again_leaves_each_line_where_it_was_put(page: Page, site_url: str) -> None:
    page.goto(f"{site_url}training/sorter/")
    lines, sort = page.locator("#sorter-lines"), page.locator("[data-lines] [type=submit]")
    assert leaving(page)
    lines.fill("Stays out late\nThe child said that it happens now")
    assert not leaving(page)
    press(sort)
    put = page.locator("[data-sorting]")
    expect(put).to_be_visible(timeout=PATIENCE)
    page.locator("[name=line-0][value=risk]").check()
    page.locator("[name=line-1][value=harm]").check()
    page.locator("[name=purpose][value=risk]").check()
    expect(page.locator("[data-warning]")).to_be_visible()
    lines.fill("A new one\nThe child said that it happens now\nStays out late")
    press(sort)
    expect(page.locator("[name=line-2]").first).to_be_attached()
    expect(page.locator("[name=line-2][value=risk]")).to_be_checked()
    expect(page.locator("[name=line-1][value=harm]")).to_be_checked()
    expect(page.locator("[name=purpose][value=risk]")).to_be_checked()
    expect(page.locator("[data-warning]")).to_be_visible()
    assert page.locator("[data-place=risk] li").all_inner_texts() == ["Stays out late"]
    lines.fill("\n".join(f"Line {n}" for n in range(70)))
    press(sort)
    expect(page.locator("[data-screen] .dt-error").first).to_contain_text("60 lines")


def test_counts_of_a_pair_are_asked_about_before_the_page_is_left(page: Page, site_url: str) -> None:
    page.goto(f"{site_url}training/pairs/")
    assert leaving(page)
    page.locator("[data-hands] input[type=number]").first.evaluate(
        "e => e.closest('details')?.setAttribute('open', '')"
    )
    page.locator("[data-hands] input[type=number]").first.fill("3")
    assert not leaving(page)
