"""The call sheet on the page: opened, written on, copied, printed on one page, and gone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.answers import HARM, LONG, NARRATIVE
from tests.browser.recorder import Recorder
from tests.browser.test_record import leaves
from tests.browser.tool import Tool, sheets

WORDS = "Heronbrook 58: two cars at the gate"


def opened(tool: Tool) -> Locator:
    """The call sheet of a result, open and there."""
    sheet = tool.screen.locator("details.dt-call")
    sheet.locator("summary").focus()
    tool.page.keyboard.press("Enter")
    expect(sheet.locator("[name='call-done']")).to_be_visible()
    return sheet


def write(sheet: Locator) -> Locator:
    field = sheet.get_by_label("What was seen or heard, and when")
    field.fill(WORDS)
    return field


def test_it_opens_by_the_keyboard_with_the_answers_and_notes(tool: Tool) -> None:
    tool.go(LONG)
    sheet = opened(tool)
    expect(sheet.locator("summary")).to_be_focused()
    expect(sheet).to_contain_text("The procedure’s check leaves the level open")
    expect(sheet.locator("blockquote", has_text=NARRATIVE).first).to_be_visible()


def test_level_1_has_none(tool: Tool) -> None:
    none = {"danger": ["none"], "harm": ["none"], "risk": "no", "past": "no", "missing_episode": "no"}
    kinds = {"sexual_activity": "no", "drawn_into_crime": "no", "approach": "no", "likelihood": "highly_unlikely"}
    tool.go({**none, **kinds, "age": "13_to_15"})
    assert tool.data("level") == "1"
    expect(tool.screen.locator(".dt-call")).to_have_count(0)


def test_it_is_copied_with_what_was_written_and_the_time(page: Page, site_url: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tool = Tool.open(page, site_url)
    tool.go(LONG)
    sheet = opened(tool)
    write(sheet)
    assert not leaves(tool)
    sheet.get_by_role("button", name="Copy as text").click()
    expect(sheet.locator("[data-record-said]")).to_contain_text("Copied")
    expect(tool.screen.locator(".dt-keep [data-record-said]")).to_be_empty()
    text = page.evaluate("navigator.clipboard.readText()")
    assert WORDS in text
    assert NARRATIVE in text
    assert re.search(r"Make the call\. Made: .* \(UK time\)", text)
    assert not leaves(tool), "the record is not kept yet"
    tool.unfold("Your view, and a record")
    tool.screen.locator('[data-action="record"][data-way="copy"]').click()
    expect(tool.screen.locator(".dt-keep [data-record-said]")).to_contain_text("Copied")
    assert leaves(tool)
    write(sheet)
    tool.screen.locator('[data-action="record"][data-way="copy"]').click()
    expect(tool.screen.locator(".dt-keep [data-record-said]")).to_contain_text("Copied")
    assert not leaves(tool), "no record holds what was written on the sheet"


def test_without_a_clipboard_the_text_stands_selected_on_the_sheet(page: Page, site_url: str) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    tool = Tool.open(page, site_url)
    tool.go(HARM)
    sheet = opened(tool)
    write(sheet)
    sheet.get_by_role("button", name="Copy as text").click()
    field = sheet.get_by_label("The call sheet as text")
    expect(field).to_be_focused()
    assert WORDS in field.input_value()


@pytest.mark.parametrize("answers", [HARM, LONG], ids=["short", "long"])
def test_it_is_printed_by_itself_on_one_page(tool: Tool, answers: dict[str, object]) -> None:
    page = tool.page
    tool.go(answers)
    sheet = opened(tool)
    for field in sheet.locator("textarea").all():
        field.fill("A line of some length that was written.\n" * 2)
    page.evaluate("void (window.print = () => {})")
    sheet.get_by_role("button", name="Print the sheet").click()
    assert sheets(page) == 1
    page.emulate_media(media="print")
    assert sheets(page) > 1, "the result is not printed whole again afterwards"


def test_on_the_paper_of_a_result_it_stands_only_where_it_is_open(tool: Tool) -> None:
    tool.go(HARM)
    tool.page.emulate_media(media="print")
    expect(tool.screen.locator(".dt-call")).to_be_hidden()
    tool.page.emulate_media(media="screen")
    opened(tool)
    tool.page.emulate_media(media="print")
    expect(tool.screen.locator(".dt-call")).to_be_visible()


def test_what_was_written_stays_through_a_tap_and_back_and_goes_with_starting_again(tool: Tool) -> None:
    tool.go(HARM)
    write(opened(tool))
    tool.take_offer("your_role", "cads")
    assert tool.screen.locator(".dt-call summary h2").inner_text() == "Hand-over"
    expect(tool.screen.locator("[name='call-seen']")).to_have_value(WORDS)
    expect(tool.screen.locator("[name='call-seen']")).to_be_visible()
    tool.page.go_back()
    expect(tool.screen.locator("[name='call-seen']")).to_have_value(WORDS)
    tool.restart()
    tool.go(HARM)
    expect(opened(tool).locator("[name='call-seen']")).to_have_value("")


def test_it_leaves_nothing_behind(page: Page, site_url: str) -> None:
    recorder = Recorder(page)
    tool = Tool.open(page, site_url)
    tool.go(HARM)
    sheet = opened(tool)
    write(sheet)
    recorder.look()
    page.evaluate("void (window.print = () => {})")
    sheet.get_by_role("button", name="Print the sheet").click()
    sheet.locator("summary").click()
    recorder.look()
    assert recorder.leaks([WORDS, "Heronbrook"]) == []
