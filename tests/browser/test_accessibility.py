"""What is announced, where the focus goes and what a reader's own settings do; and that each look finds what is wrong.

Every page and every state are looked at by test_accessible_pages.py and test_accessible_states.py.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe, look
from tests.browser.answers import ADULT, HARM
from tests.browser.journeys import journeys
from tests.browser.seen import SMALL, WIDE, axe_in_both_schemes
from tests.browser.tool import FIRST_ANSWERS, Tool

# Written in by the one way that the content policy leaves: a style attribute or element would be passed over.
PUT_IN = """(html) => {
  const article = document.querySelector("article");
  article.insertAdjacentHTML("beforeend", html);
  for (const one of article.querySelectorAll("[data-style]")) one.style.cssText = one.dataset.style;
}"""


def test_axe_finds_what_is_wrong(page: Page, site_url: str) -> None:
    """The rules are on, and colours are looked at."""
    page.goto(site_url)
    axe.add(page)
    page.evaluate(PUT_IN, '<img src="x.png"><p data-style="color: #999; background: #fff">Pale</p><button></button>')
    found = " ".join(axe.findings(page))
    assert all(rule in found for rule in ("image-alt", "color-contrast", "button-name"))


# Each makes a text of the page hard to read, in one way, or in dark alone.
SPOILT = {
    "its own colour": ".plain { color: #aaa !important }",
    "its own colour, in dark alone": "@media (prefers-color-scheme: dark) { .plain { color: #555 !important } }",
    "what lies behind it": ".about-it { background: #777 !important }",
    "what lies behind it, in light alone": "@media (prefers-color-scheme: light) { .about-it { background: #555 } }",
    "what lies behind it, half seen through": ".about-it { background: rgb(128 128 128 / 0.9) !important }",
    "how much is seen of it": ".about-it { opacity: 0.3 }",
    "what comes to lie behind it": ".beside { display: block; margin-bottom: -3em; height: 3em; background: #777 }",
    "what is drawn behind a part of it": ".plain b { background: #555 }",
    "how a link in it looks": ".plain a { color: #333 !important; text-decoration: none !important }",
    "how small it is": ".large { font-size: 12px !important }",
    "how thin it is": ".large { font-weight: 400 !important; font-size: 20px !important }",
}
TEXT = """<div class="about-it">
  <span class="beside"></span>
  <p class="plain">Plain words, <b>bold ones</b> and <a href="#" data-style="text-decoration: underline">a link</a>.</p>
  <p class="large" data-style="font-size: 24px; color: #767676; background: #eee">Large words</p></div>"""


def judged(page: Page) -> axe.Judged:
    """The colours of a page, looked at as they are."""
    before = axe.Judged()
    assert axe_in_both_schemes(page, before) == []
    return before


@pytest.mark.parametrize("what", SPOILT)
def test_a_text_that_is_painted_otherwise_is_looked_at_again(page: Page, site_url: str, what: str) -> None:
    """That colours are not judged where they were judged before hides nothing that they judge."""
    page.emulate_media(reduced_motion="reduce")
    page.goto(site_url)
    axe.add(page)
    page.evaluate(PUT_IN, TEXT)
    before = judged(page)
    page.evaluate(
        "(rule) => { document.styleSheets[0].insertRule(rule, document.styleSheets[0].cssRules.length) }", SPOILT[what]
    )
    alone = "dark" if "dark alone" in what else "light" if "light alone" in what else ""
    found = axe_in_both_schemes(page, before)
    assert any(f"{alone}: color-contrast" in one or f"{alone}: link-in-text-block" in one for one in found), found
    assert not alone or all(one.startswith(alone) for one in found)


def test_a_text_that_is_painted_as_another_is_not_looked_at_again(page: Page, site_url: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(site_url)
    axe.add(page)
    before = judged(page)
    known = before.lines
    page.evaluate(PUT_IN, "<p>Other words in a text like all others</p>")
    assert axe_in_both_schemes(page, before) == []
    assert before.lines == known
    page.evaluate(PUT_IN, '<p data-style="color: #444; background: #fff">Words in a colour of their own</p>')
    assert axe_in_both_schemes(page, before) == []
    assert len(before.lines - known) == 2  # one in each scheme: of the layers behind it only the last differs


def test_what_is_wrong_beside_colours_is_found_wherever_it_is(page: Page, site_url: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(site_url)
    axe.add(page)
    before = judged(page)
    page.evaluate(PUT_IN, '<img src="x.png"><button></button>')
    for _ in range(2):
        found = " ".join(axe_in_both_schemes(page, before))
        assert all(rule in found for rule in ("image-alt", "button-name"))


def test_each_look_finds_what_is_wrong(page: Page, site_url: str) -> None:
    page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    page.emulate_media(reduced_motion="reduce")
    page.goto(site_url)
    page.evaluate(
        PUT_IN,
        """
        <h6>Too deep</h6>
        <div data-style="width: 900px">Wide</div>
        <button data-style="all: unset; width: 10px; height: 10px" class="bad">x</button>
        <p data-style="height: 1em; overflow: hidden">Cut off as soon as somebody spaces these words out</p>
        <p data-style="font-size: 16px">Small print</p>
        <p data-style="transition: color 1s !important">Moves</p>""",
    )
    page.evaluate("document.styleSheets[0].insertRule('.bad:focus-visible { outline: none !important }', 0)")
    for one in (
        look.small_text,
        look.headings,
        look.overflowing,
        look.small_targets,
        look.clipped,
        look.moving,
        look.unseen_focus,
    ):
        assert one(page), one.__name__


def test_text_that_is_whole_until_a_reader_spaces_it_is_found(page: Page, site_url: str) -> None:
    page.goto(site_url)
    box = '<p data-style="width: max-content; overflow: hidden">Just as wide as these words</p>'
    page.evaluate(PUT_IN, box)
    page.evaluate("""() => {
      const box = document.querySelector("article [data-style]");
      box.style.whiteSpace = "nowrap";
      box.style.width = `${box.getBoundingClientRect().width}px`;
    }""")
    cut = "(e) => e.scrollWidth > e.clientWidth + 1"
    assert not page.locator("article [data-style]").evaluate(cut)
    assert "Just as wide" in " ".join(look.clipped(page, "article"))
    assert not page.locator("article [data-style]").evaluate(cut), "the spacing stayed"


# ---- what a screen reader is told as things happen


def test_fresh_police_advice_is_read_out_with_the_question(tool: Tool) -> None:
    tool.answer({**HARM, "danger": ["safety"]})
    focused = tool.page.locator(":focus")
    expect(focused).to_have_role("heading")
    expect(focused).to_have_accessible_description(re.compile("contact the police", re.I))


def test_the_heading_with_the_focus_says_which_question_it_is(tool: Tool) -> None:
    for answers in (HARM, HARM, {"harm": ["none"]}):
        tool.answer(answers)
    expect(tool.page.locator(":focus")).to_have_accessible_description(re.compile(r"Question 4\b"))


@pytest.mark.parametrize("name", ["level", "missing"])
def test_the_error_summary_names_each_question_and_leads_to_it(page: Page, site_url: str, name: str) -> None:
    tool = Tool.open(page, site_url, name)
    expect(tool.submit).to_be_enabled()
    while True:
        tool.send()
        summary = tool.screen.locator(".dt-errors")
        expect(summary.locator("[data-focus]")).to_be_focused()
        expect(summary).to_have_role("alert")
        for link in summary.get_by_role("link").all():
            link.press("Enter")
            field = page.locator(":focus")
            fact = field.get_attribute("name")
            question = tool.screen.locator(f'form .dt-question:has([name="{fact}"])')
            assert question.locator("legend, .dt-legend, .dt-heading").first.inner_text().strip() in link.inner_text()
            expect(question).to_have_accessible_description(re.compile("Error: "))
            assert look.covered(page) == []
        if name == "level" or tool.data("node") == "return":
            break
        tool.answer(journeys()["missing-in-borough-open-to-engage"]["answers"])


def test_what_a_tick_unticks_is_announced(tool: Tool) -> None:
    tool.choose("danger", ["crime"])
    said = tool.root.locator('[role="status"]:not([data-progress])')
    expect(said).to_be_empty()
    tool.choose("danger", ["none"])
    label = tool.screen.locator('label:has([value="crime"])').inner_text().strip().splitlines()[0]
    expect(said).to_have_text(f"No longer ticked: {label}.")
    tool.choose("danger", ["none"])
    tool.send()
    expect(said).to_be_empty()


def test_waiting_and_trouble_are_announced_and_lose_nobody_their_place(lone_page: Page, site_url: str) -> None:
    waits: list[object] = []
    lone_page.route("**/pyodide.asm.wasm", lambda route: waits.append(route))
    lone_page.route(FIRST_ANSWERS, lambda route: route.abort())
    tool = Tool.open(lone_page, site_url)
    expect(tool.progress).to_have_role("status")
    expect(tool.trouble).to_have_attribute("role", "alert")
    tool.fill(HARM)
    tool.submit.click()
    expect(tool.progress).not_to_be_empty()
    expect(tool.submit).to_be_focused()
    waits.pop(0).fulfill(status=404)  # type: ignore[attr-defined]
    tool.expect_state("unavailable")
    expect(tool.trouble).to_have_role("alert")
    lone_page.unroute("**/pyodide.asm.wasm")
    button = tool.trouble.get_by_role("button")
    button.focus()
    lone_page.keyboard.press("Enter")
    expect(tool.trouble).to_be_hidden()
    expect(tool.screen.locator("[data-focus]")).to_be_focused()


def test_every_landmark_link_and_table_has_a_name(page: Page, site_url: str) -> None:
    page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    page.goto(f"{site_url}about/register/")
    expect(page.get_by_role("navigation", name="Whole site")).to_be_visible()
    expect(page.get_by_role("region", name=re.compile("^Table: ")).first).to_have_attribute("tabindex", "0")
    page.goto(f"{site_url}procedure/levels/")
    expect(page.get_by_role("link", name="Link to clause §s2-l1-02")).to_be_attached()
    expect(page.get_by_role("heading", name="The four levels", exact=True)).to_be_visible()


def test_the_meter_says_which_level_and_which_others_are_possible(tool: Tool) -> None:
    tool.go(journeys()["harm-not-known"]["answers"])
    steps = tool.screen.get_by_role("list", name="The four levels").get_by_role("listitem")
    said = [step.inner_text() for step in steps.all()]
    assert [re.sub(r"\s+", " ", one)[:7] for one in said] == ["Level 1", "Level 2", "Level 3", "Level 4"]
    expect(steps.and_(tool.screen.locator('[aria-current="true"]'))).to_have_count(1)


# ---- the reader's own settings


def test_in_forced_colours_what_is_chosen_can_be_told(page: Page, site_url: str) -> None:
    page.emulate_media(forced_colors="active")
    tool = Tool.open(page, site_url)
    tool.fill(HARM)
    style = """(e) => {
      const { outlineStyle, outlineWidth, borderTopStyle, borderTopWidth } = getComputedStyle(e);
      return [outlineStyle, outlineWidth, borderTopStyle, borderTopWidth];
    }"""
    rows = tool.screen.locator(".dt-option")
    chosen, left = rows.filter(has=tool.page.locator(":checked")), rows.filter(has_not=tool.page.locator(":checked"))
    assert chosen.first.evaluate(style) != left.first.evaluate(style)
    assert tool.submit.evaluate(style)[2:] == ["solid", "2px"]
    tool.go(HARM)
    colour = "(e) => getComputedStyle(e).backgroundColor"
    on, others = tool.screen.locator("[data-on]"), tool.screen.locator(".dt-meter-step:not([data-on])")
    assert on.evaluate(colour) not in others.evaluate_all("all => all.map((e) => getComputedStyle(e).backgroundColor)")
    marked = "(e) => { const s = getComputedStyle(e); return s.borderTopStyle === 'solid' || s.textDecorationLine }"
    assert all(
        mark in (True, "underline") for mark in [b.evaluate(marked) for b in tool.screen.locator("button").all()]
    )


@pytest.mark.parametrize("answers", [HARM, ADULT])
def test_no_state_moves_for_a_reader_who_wants_no_motion(page: Page, site_url: str, answers: dict[str, object]) -> None:
    page.emulate_media(reduced_motion="reduce")
    tool = Tool.open(page, site_url)
    for _ in tool.walk(answers):
        assert look.moving(tool.page) == []


@pytest.mark.parametrize("address", ["", "procedure/levels/", "tools/level/", "404.html"])
@pytest.mark.parametrize("window", [WIDE, SMALL, {"width": 320, "height": 256}], ids=["wide", "small", "zoomed"])
def test_wherever_tab_leads_the_focus_can_be_seen(
    page: Page, site_url: str, address: str, window: dict[str, int]
) -> None:
    """Real presses, forward through the whole page and back: what is round the text as well as the text."""
    page.set_viewport_size(window)  # type: ignore[arg-type]
    page.emulate_media(reduced_motion="reduce")
    page.goto(site_url + address)
    for key in ("Tab", "Shift+Tab"):
        met = set()
        for _ in range(400):
            page.keyboard.press(key)
            at = look.focused(page)
            if at is None or (at in met and len(met) > 5):
                break
            met.add(at)
            assert look.covered(page) == [], key
        assert len(met) > 5
