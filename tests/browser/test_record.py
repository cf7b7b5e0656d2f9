"""Keeping a record of a result and opening one again, as a reader does it: clipboard, printer, file."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from macros.engine.html.keeping import LONGEST_RECORD
from tests.browser.answers import HARM, LONG, NARRATIVE, Answers
from tests.browser.journeys import one_for_each_outcome
from tests.browser.tool import Tool, press, sheets

RECORDS = Path(__file__).parent.parent / "records"
WHY = "Heronbrook 58: the school sees it <i>so</i> too"
MARK = "Heronbrook"


def result(tool: Tool, answers: Answers = HARM, opinion: str = "differ", why: str = WHY) -> Tool:
    """Lead a tool to its result and say there what one thinks of it."""
    tool.go(answers)
    tool.unfold("Your view, and a record")
    tool.screen.locator(f'[data-remarks] [value="{opinion}"]').check()
    tool.screen.locator("[data-remarks] textarea").fill(why)
    return tool


def keep(tool: Tool, way: str) -> None:
    tool.unfold("Your view, and a record")
    tool.screen.locator(f'[data-action="record"][data-way="{way}"]').click()


def download(tool: Tool) -> tuple[str, str]:
    """Download the record. Gives the name of the file and its text."""
    with tool.page.expect_download() as started:
        keep(tool, "download")
    return started.value.suggested_filename, Path(started.value.path()).read_text("utf-8")


def have_it(tool: Tool) -> None:
    """Say that the file which was downloaded last is there."""
    press(tool.screen.get_by_role("button", name="I have the file"))


def said(tool: Tool) -> Any:
    return tool.screen.locator(".dt-keep [data-record-said]")


def open_file(tool: Tool, content: str | bytes, name: str = "record.json", *, steps: bool = True) -> None:
    """Choose a file under the first question and open it; with `steps` it leads to another screen."""
    details = tool.screen.locator("details.dt-open")
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    raw = content.encode() if isinstance(content, str) else content
    tool.screen.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/json", "buffer": raw}
    )
    button = tool.screen.locator('[data-action="open"]')
    if not steps:
        button.click()
        expect(tool.screen.locator("[data-open-said]")).not_to_be_empty()
        return
    with tool.step():
        button.click()


@pytest.fixture
def copying(page: Page, site_url: str) -> Tool:
    """The level tool in a browser that lets a page copy, and lets the test look at the clipboard."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return Tool.open(page, site_url)


# ---- keeping


def test_the_warnings_stand_beside_the_ways_to_keep_a_record(tool: Tool) -> None:
    tool.go(HARM)
    tool.unfold("Your view, and a record")
    section = tool.screen.locator(".dt-keep")
    expect(section).to_contain_text("Enter no names")
    button = section.locator('[data-way="download"]')
    warning = tool.page.locator(f"#{button.get_attribute('aria-describedby')}")
    expect(warning).to_be_visible()
    expect(warning).to_contain_text("stays on this computer")
    at, beside = button.bounding_box(), warning.bounding_box()
    assert at is not None
    assert beside is not None
    assert abs(at["y"] + at["height"] / 2 - beside["y"] - beside["height"] / 2) < at["height"], "not beside the button"


def test_a_copied_record_is_the_text_of_the_result_with_the_readers_view(copying: Tool) -> None:
    result(copying, LONG)
    keep(copying, "copy")
    expect(said(copying)).to_contain_text("Copied")
    text = copying.page.evaluate("navigator.clipboard.readText()")
    assert text.startswith("DRAFT, NOT APPROVED\n")
    assert WHY in text
    assert NARRATIVE in text
    assert "Valid until" in text
    expect(copying.screen.locator(".dt-keep [data-record-text]")).to_be_empty()


def test_where_copying_is_not_allowed_the_text_stands_selected_on_the_page(page: Page, site_url: str) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    tool = result(Tool.open(page, site_url))
    keep(tool, "copy")
    field = tool.screen.get_by_label("The record as text")
    expect(field).to_be_focused()
    expect(said(tool)).to_contain_text("selected below")
    assert field.evaluate("f => [f.readOnly, f.selectionStart, f.selectionEnd === f.value.length]") == [True, 0, True]
    assert WHY in field.input_value()
    tool.screen.locator("[data-remarks] textarea").fill("Something else")
    expect(field).to_have_count(0)
    expect(said(tool)).to_be_empty()


def test_a_refused_clipboard_leads_to_the_text_too(page: Page, site_url: str) -> None:
    page.add_init_script(
        """const no = () => Promise.reject(new DOMException("no", "NotAllowedError"));
           Object.defineProperty(navigator, "clipboard", { value: { write: no, writeText: no } });"""
    )
    tool = result(Tool.open(page, site_url))
    keep(tool, "copy")
    expect(tool.screen.get_by_label("The record as text")).to_be_focused()


def test_a_file_picker_is_not_told_to_grey_out_what_it_takes_for_another_kind(tool: Tool) -> None:
    """Some know no JSON; the engine judges what is in a file."""
    assert tool.screen.locator("[data-open] input[type=file]").get_attribute("accept") is None


def test_a_downloaded_file_has_the_record_and_a_name_without_an_answer(tool: Tool) -> None:
    page = result(tool, LONG).page
    name, text = download(tool)
    assert re.fullmatch(r"level-check-\d{4}-\d\d-\d\d-\d{4}\.json", name)
    record = json.loads(text)
    assert record["judgement"] == {"opinion": "differ", "why": WHY}
    assert {a["fact"]: a["value"] for a in record["answers"]}["harm"] == ["not_known"]
    assert NARRATIVE in [n["text"] for n in record["narrative"]]
    expect(said(tool)).to_contain_text(name)
    assert page.locator("a[href^='blob:']").count() == 0
    assert page.evaluate("performance.getEntries().filter(e => e.name.startsWith('blob:')).length") == 0


def test_the_record_stands_with_what_was_said_last(tool: Tool) -> None:
    result(tool)
    download(tool)
    tool.screen.locator("[data-remarks] textarea").fill("On second thoughts")
    expect(said(tool)).to_be_empty()
    assert json.loads(download(tool)[1])["judgement"]["why"] == "On second thoughts"


def test_each_way_to_keep_a_record_works_by_the_keyboard(copying: Tool) -> None:
    copying.go(HARM)
    copying.unfold("Your view, and a record")
    for way, words in (("copy", "Copied"), ("download", "asked to save")):
        copying.screen.locator(f'.dt-keep [data-way="{way}"]').focus()
        copying.page.keyboard.press("Enter")
        expect(said(copying)).to_contain_text(words)


# ---- on paper


def printed(page: Page) -> None:
    """What a browser does before it prints, by the button or by the keyboard."""
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")


def test_on_paper_stand_reasons_answers_and_every_written_word_and_what_the_reader_opened(tool: Tool) -> None:
    page = result(tool, why="A long line\n" * 40).page
    sources = tool.screen.locator(".dt-sources")
    before = page.locator("details[open]").count()
    printed(page)
    for part in (".dt-do-now", ".dt-reason", ".dt-so-far .dt-answer", ".dt-signed"):
        expect(tool.root.locator(part).first).to_be_visible()
    expect(sources).to_be_hidden()
    expect(tool.root.locator(".dt-reason .dt-footing:visible")).to_have_count(0)
    expect(tool.root.locator("[data-remarks] .dt-on-paper")).to_have_text("A long line " * 40)
    expect(tool.root.locator("[data-remarks] .dt-on-paper")).to_be_visible()
    expect(tool.root.locator("textarea:visible")).to_have_count(0)
    expect(tool.root.locator(".dt-keep")).to_be_hidden()
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(tool.root.locator(".dt-on-paper, .dt-signed:visible")).to_have_count(0)
    assert page.locator("details[open]").count() == before
    sources.locator("xpath=ancestor::details").evaluate("(fold) => (fold.open = true)")
    printed(page)
    expect(sources).to_be_visible()
    expect(sources.locator(".dt-footing").first).to_be_visible()


@pytest.mark.parametrize("name", sorted(one_for_each_outcome()))
def test_a_result_is_two_pages_at_most(page: Page, site_url: str, name: str) -> None:
    journey = one_for_each_outcome()[name]
    tool = Tool.open(page, site_url, journey["tree"])
    tool.go(journey["answers"])
    assert sheets(page) <= 2


def test_a_printed_result_says_its_status_version_time_and_end(lone_page: Page, site_url: str) -> None:
    lone_page.clock.install(time="2026-03-28T10:00:00Z")  # the clocks go forward on the next morning
    tool = Tool.open(lone_page, site_url)
    tool.go(HARM)
    expect(tool.root.locator(".dt-print-head")).to_be_hidden()
    version = json.loads(download(tool)[1])["version"]
    printed(lone_page)
    head = tool.root.locator(".dt-print-head")
    expect(head).to_be_visible()
    for words in ("Work out the level", version):
        expect(head).to_contain_text(words)
    stamp = lone_page.locator("[data-print-stamp]")
    expect(stamp).to_be_visible()
    expect(stamp).to_contain_text("question 21")
    assert re.search(r"Printed on 28 March 2026 at 10:0\d GMT", stamp.inner_text()), stamp.inner_text()
    assert re.search(r"valid until 30 March 2026 at 11:0\d BST", stamp.inner_text()), stamp.inner_text()
    expect(lone_page.locator(".approval")).to_be_visible()


def test_the_button_prints_and_so_does_the_browser_with_the_same_stamp(tool: Tool) -> None:
    page = result(tool).page
    page.evaluate("void (window.print = () => (window.asked = (window.asked ?? 0) + 1))")
    keep(tool, "print")
    assert page.evaluate("window.asked") == 1
    page.pdf()
    stamp = page.locator("[data-print-stamp]").text_content() or ""
    assert "valid until" in stamp, "the browser's own printing is not stamped"
    expect(tool.root.locator(".dt-on-paper")).to_have_count(0)


def test_without_scripts_a_printed_tool_says_its_status_and_there_is_nothing_to_open(
    without_scripts: Page, site_url: str
) -> None:
    without_scripts.emulate_media(media="print")
    without_scripts.goto(f"{site_url}tools/level/")
    expect(without_scripts.locator("[data-print-stamp]")).to_contain_text("48 hours")
    expect(without_scripts.locator(".dt-print-head")).to_be_visible()
    expect(without_scripts.locator(".dt-open")).to_be_hidden()


# ---- opening


@pytest.mark.parametrize("answers", [LONG, HARM])
def test_a_downloaded_record_opened_again_is_the_same_screen(tool: Tool, site_url: str, answers: Answers) -> None:
    page = result(tool, answers).page
    at = tool.at
    told, reasons = tool.listed("result"), tool.listed("edge")
    _, text = download(tool)
    page.goto(f"{site_url}glossary/")
    again = Tool.open(page, site_url)
    open_file(again, text)
    assert again.at == at
    assert (again.listed("result"), again.listed("edge")) == (told, reasons)
    panel = again.screen.locator(".dt-opened")
    expect(panel).to_have_attribute("data-opened", "same")
    expect(panel).to_contain_text("still valid")
    expect(again.screen.locator("[data-focus]")).to_have_count(1)
    expect(again.screen.locator("[data-focus]")).to_be_focused()
    expect(again.screen.locator("[data-remarks] textarea")).to_have_value(WHY)
    expect(again.screen.locator('[data-remarks] [value="differ"]')).to_be_checked()
    if answers is LONG:
        assert again.screen.get_by_text(NARRATIVE, exact=True).count() > 0
    assert json.loads(download(again)[1])["result"] == json.loads(text)["result"]
    page.go_back()
    assert again.data("state") == "asking"
    assert again.chosen == {}


def test_an_opened_record_can_be_changed_like_any_other_journey(tool: Tool) -> None:
    result(tool, HARM)
    _, text = download(tool)
    tool.restart()
    open_file(tool, text)
    tool.change("harm")
    expect(tool.screen.locator(".dt-opened")).to_have_count(0)
    assert tool.chosen == {"harm": HARM["harm"]}


def test_an_older_record_shows_what_differs_and_then_todays_result(tool: Tool) -> None:
    open_file(tool, (RECORDS / "older" / "a-lower-level-and-no-police.json").read_bytes())
    expect(tool.screen.locator(".dt-opened")).to_have_attribute("data-opened", "differs")
    assert tool.at == ("outcome", "level-4", "4", "true")
    expect(tool.screen.locator("[data-remarks] :checked")).to_have_count(0)
    expect(tool.screen.locator("[data-remarks] textarea")).to_have_value("The meeting was told so.")


def test_what_was_written_in_a_record_is_kept_while_a_question_comes_first(tool: Tool, site_url: str) -> None:
    referral = Tool.open(tool.page, site_url, "referral")
    record = json.loads((RECORDS / "older" / "an-answer-withdrawn.json").read_text("utf-8"))
    record["judgement"] = {"opinion": "agree", "why": WHY}
    open_file(referral, json.dumps(record))
    assert referral.data("state") == "asking"
    referral.go({"danger": ["none"], "age": "13_to_15", "your_role": "police"})
    expect(referral.screen.locator("[data-remarks] textarea")).to_have_value(WHY)
    expect(referral.screen.locator("[data-remarks] :checked")).to_have_count(0)


def test_markup_in_an_opened_record_is_words_on_the_page(tool: Tool) -> None:
    page = tool.page
    page.evaluate("void (window.alert = () => (window.harmed = true))")
    open_file(tool, (RECORDS / "older" / "markup-in-every-text.json").read_bytes())
    expect(tool.screen.locator(".dt-opened")).to_contain_text("<img src=x onerror=alert(1)>")
    assert tool.screen.locator("script, img").count() == 0
    assert page.evaluate("window.harmed ?? false") is False


REFUSED: dict[str, tuple[str, bytes]] = {
    "nothing chosen": ("no-file", b""),
    "too large": ("too-large", b'{"record": "' + b"x" * LONGEST_RECORD + b'"}'),
    "a picture": ("not-text", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xd8"),
    "another file, saved as UTF-16": ("foreign", '{"record": "a-list"}'.encode("utf-16")),
    "a tower": ("too-deep", b"[" * 500_000),
    **{
        name: (expect_["kind"], (RECORDS / "hostile" / f"{name}.json").read_bytes())
        for name, expect_ in json.loads((RECORDS / "hostile.json").read_text("utf-8")).items()
        if name in ("cut-off", "key-twice", "prototype", "foreign-object", "newer-format", "with-a-score", "not-utf8")
    },
}


def test_a_refused_file_says_why_and_changes_nothing(tool: Tool, site_url: str) -> None:
    page = tool.page
    missing = Tool.open(page, site_url, "missing")
    missing.choose("danger", ["crime"])
    before = (
        missing.at,
        missing.chosen,
        page.evaluate("[history.length, history.state, Object.keys(Object.prototype)]"),
    )
    messages = []
    for what, (kind, content) in REFUSED.items():
        place = missing.screen.locator("[data-open-said]")
        if kind == "no-file":
            missing.screen.locator("details.dt-open summary").click()
            missing.screen.locator('[data-action="open"]').click()
        else:
            open_file(missing, content, steps=False)
        expect(place).to_have_attribute("data-refused", kind)
        messages.append(place.inner_text())
        assert "Error" in (place.text_content() or ""), what
        expect(missing.screen.locator("input[type=file]")).to_be_focused()
        assert missing.screen.locator("input[type=file]").input_value() == "", "the name of the file stays in the field"
        after = (
            missing.at,
            missing.chosen,
            page.evaluate("[history.length, history.state, Object.keys(Object.prototype)]"),
        )
        assert after == before
    kinds = [kind for kind, _ in REFUSED.values()]
    assert len(set(messages)) >= len(set(kinds))
    expect(missing.trouble).to_be_hidden()
    missing.answer({"danger": ["none"]})
    missing.answer({"age": "13_to_15"})
    assert missing.data("node") == "episode"


def test_a_file_that_is_too_large_is_not_even_read(tool: Tool) -> None:
    page = tool.page
    page.evaluate("void (Blob.prototype.arrayBuffer = async () => (window.read = true))")
    open_file(tool, b"x" * (LONGEST_RECORD + 1), steps=False)
    expect(tool.screen.locator("[data-open-said]")).to_have_attribute("data-refused", "too-large")
    assert page.evaluate("window.read ?? false") is False


def test_a_record_of_another_check_leads_to_its_page(tool: Tool, site_url: str) -> None:
    content = (RECORDS / "older" / "approved-then.json").read_bytes()
    open_file(tool, content, steps=False)
    tool.screen.locator("[data-open-said] a").click()
    missing = Tool(tool.page, "missing")
    open_file(missing, content)
    expect(missing.screen.locator(".dt-opened")).to_be_visible()


# ---- leaving


def leaves(tool: Tool) -> bool:
    """Whether the page would be left without a question. The browser asks the page this way; here it stays."""
    return bool(tool.page.evaluate("""() => window.dispatchEvent(new Event("beforeunload", { cancelable: true }))"""))


def test_leaving_asks_until_a_record_is_kept_and_again_after_a_change(copying: Tool) -> None:
    tool = copying
    assert leaves(tool)
    tool.go(LONG)
    assert not leaves(tool)
    download(tool)
    assert not leaves(tool), "no browser tells whether a file was saved"
    have_it(tool)
    assert leaves(tool)
    tool.unfold("Your view, and a record")
    tool.screen.locator("[data-remarks] textarea").fill("More")
    assert not leaves(tool), "what was written after the record can be lost"
    keep(tool, "copy")
    expect(said(tool)).to_contain_text("Copied")
    assert leaves(tool)
    tool.screen.locator('[data-remarks] [value="agree"]').check()
    assert not leaves(tool)
    download(tool)
    have_it(tool)
    tool.change("risk")
    assert leaves(tool), "a question looked at again is no change"
    tool.screen.locator("textarea").first.fill("Something new, not sent yet")
    assert not leaves(tool)


def test_a_file_counts_as_kept_once_the_reader_has_it(tool: Tool) -> None:
    """Here the click that should save it does nothing."""
    tool.page.evaluate("() => void (HTMLAnchorElement.prototype.click = () => {})")
    unkept = tool.root.locator("[data-unkept]")
    expect(unkept).to_be_hidden()
    result(tool)
    expect(unkept).to_be_visible()
    keep(tool, "download")
    expect(said(tool)).to_contain_text("Look in your downloads")
    expect(unkept).to_be_visible()
    assert not leaves(tool)
    assert json.loads(tool.screen.locator(".dt-keep [data-record-text] textarea").input_value())["judgement"]
    have_it(tool)
    expect(said(tool).locator("p")).to_be_focused()
    expect(unkept).to_be_hidden()
    assert leaves(tool)


@pytest.mark.parametrize("way", ["copy", "download"])
def test_only_the_whole_text_copied_by_hand_counts_as_kept(page: Page, site_url: str, way: str) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    tool = result(Tool.open(page, site_url))
    keep(tool, way)
    field = tool.screen.locator(".dt-keep [data-record-text] textarea")
    expect(field).to_be_visible()
    for select, kept in (("f.setSelectionRange(0, 3)", False), ("f.select()", True)):
        field.evaluate(f"f => {{ f.focus(); {select}; }}")
        page.keyboard.press("Control+c")
        assert leaves(tool) == kept, select


def test_a_chart_is_not_printed_again_as_the_record(page: Page, site_url: str) -> None:
    """In a browser that never tells that printing is over."""
    page.add_init_script("addEventListener('afterprint', (event) => event.stopImmediatePropagation())")
    result(Tool.open(page, site_url))
    page.evaluate(
        """() => {
          window.papers = [];
          window.print = () => {
            dispatchEvent(new Event("beforeprint"));
            papers.push([...document.documentElement.classList].includes("printing-chart"));
            dispatchEvent(new Event("afterprint"));
          };
        }"""
    )
    for button in ("#level-as-chart [data-chart=print]", '.dt-keep [data-way="print"]', '[data-way="print"]'):
        page.locator(button).first.evaluate("button => button.click()")
    assert page.evaluate("papers") == [True, False, False]
    page.keyboard.press("Shift")
    assert page.locator(".dt-on-paper").count() == 0


def test_a_print_dialog_may_be_cancelled_so_leaving_still_asks(tool: Tool) -> None:
    tool.go(HARM)
    tool.page.evaluate("void (window.print = () => {})")
    keep(tool, "print")
    assert not leaves(tool)


def test_an_opened_record_is_not_lost_by_leaving(tool: Tool) -> None:
    result(tool)
    _, text = download(tool)
    have_it(tool)
    tool.restart()
    assert leaves(tool)
    open_file(tool, text)
    assert leaves(tool)
    tool.change("harm")
    tool.answer({"harm": ["evidence"]})
    assert not leaves(tool)


def test_after_clearing_nothing_is_left_on_the_page(page: Page, site_url: str) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    tool = result(Tool.open(page, site_url), LONG)
    steps = tool.page.evaluate("history.state.step") + 1
    keep(tool, "copy")
    expect(tool.screen.get_by_label("The record as text")).to_be_visible()
    _, text = download(tool)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    press(tool.screen.locator(".dt-leave").get_by_role("button"))
    press(page.locator('dialog button[value="yes"]'))
    tool.expect_state("asking")
    for _ in range(steps):
        nothing_left(tool)
        page.go_back()
    for _ in range(steps):
        page.go_forward()
        nothing_left(tool)
    open_file(tool, text)
    press(tool.screen.locator(".dt-leave").get_by_role("button"))
    press(page.locator('dialog button[value="yes"]'))
    tool.expect_state("asking")
    nothing_left(tool)
    tool.go(HARM)
    expect(tool.screen.locator("[data-remarks] textarea")).to_have_value("")
    expect(tool.screen.locator("[data-remarks] :checked")).to_have_count(0)


def nothing_left(tool: Tool) -> None:
    """No word, no tick and no file of the reader's in the document or in its fields."""
    everything = tool.page.evaluate(
        """document.documentElement.outerHTML + [...document.querySelectorAll("input, textarea, select")]
             .map((field) => field.value).join("\\n")"""
    )
    assert MARK not in everything
    assert NARRATIVE[:11] not in everything
    tool_fields = tool.root.evaluate(
        "root => [...root.querySelectorAll('input')].filter(i => i.checked || i.files?.length)"
    )
    assert tool_fields == []
    assert tool.page.evaluate("Object.keys(history.state)") == ["step"]
