"""WCAG 2.2 AA on every page and in every state of every tool: what axe judges, and as facts what it cannot.

Pages are looked at on a wide and on the smallest screen, tools on the smallest (320 pixels, which is 1280 at 400 %).
The states of the tools are derived from the trees (reachable.py), brought about one after another in the real page
(visit.py), and told by what the page shows: those met must be those that can be reached, and all of those.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import axe, look
from tests.browser.answers import ADULT, HARM
from tests.browser.journeys import journeys
from tests.browser.reachable import ASKING, CHANGING, ERROR, OUTCOME, Pair, reachable, shortest_cover
from tests.browser.tool import Tool
from tests.browser.visit import Visit
from tests.conftest import ROOT

WIDE = {"width": 1280, "height": 720}
SMALL = {"width": 320, "height": 568}
SCHEMES = ("dark", "light")
PAIRS = ROOT / "build" / "accessibility-pairs.json"

Found = dict[str, list[str]]


@dataclass
class Seen:
    """What was found, by the question asked and the place; and in which states the tools were met."""

    found: dict[str, Found] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    pairs: set[Pair] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    titles: dict[str, str] = field(default_factory=dict)

    def note(self, question: str, place: str, what: list[str]) -> None:
        """Keep what was found, if anything was."""
        if what:
            self.found[question][place] += what

    def about(self, question: str) -> Found:
        """What was found under a question."""
        return {place: list(what) for place, what in self.found[question].items()}


def axe_in_both_schemes(page: Page, where: str | None = None, aside: str | None = None) -> list[str]:
    found = []
    for scheme in SCHEMES:  # light comes last, and stays
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found += [f"{scheme}: {one}" for one in axe.findings(page, where, aside)]
    return found


def misled(tool: Tool, pair: Pair) -> list[str]:
    """Whether a new screen left the focus elsewhere than where its reading begins. At first the page has it."""
    begun = tool.screen.locator(".dt-so-far").count() > 0
    led = pair.state in (OUTCOME, CHANGING, ERROR) or (pair.state == ASKING and begun)
    at = tool.page.evaluate("document.activeElement.matches('[data-focus]')")
    return ["the focus is elsewhere"] if led and not at else []


def addresses(site: Path) -> list[str]:
    """Every page of the built site. A tool's page is asked for with its text unfolded."""
    found = [file.relative_to(site).as_posix().removesuffix("index.html") for file in sorted(site.rglob("*.html"))]
    return [re.sub(r"^tools/(\w+)/$", r"tools/\1/#\1-as-text", address) for address in found]


@pytest.fixture(scope="module")
def pages(chromium: Browser, site: Path, site_url: str) -> Iterator[Seen]:
    """Every page, looked at once on a wide and once on a small screen, by a reader who wants no motion."""
    seen = Seen()
    context = chromium.new_context(reduced_motion="reduce")
    page = context.new_page()
    for address in addresses(site):
        page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        page.goto("about:blank")  # or a place on the same page would not load it anew
        page.goto(site_url + address)
        axe.add(page)
        seen.titles[address] = page.title()
        seen.note("axe", f"{address} wide", axe_in_both_schemes(page))
        seen.note("motion", address, look.moving(page))
        seen.note("focus", f"{address} wide", look.unseen_focus(page, ".md-main"))
        page.set_viewport_size(SMALL)  # type: ignore[arg-type]
        for part in page.locator(".site-menu details").all():
            part.evaluate("part => (part.open = true)")
        seen.note("axe", f"{address} small", axe_in_both_schemes(page))
        seen.note("targets", address, look.small_targets(page))
        seen.note("headings", address, look.headings(page))
        seen.note("overflow", address, look.overflowing(page))
        seen.note("spacing", address, look.clipped(page, ".md-container"))
        seen.note("focus", f"{address} small", look.unseen_focus(page, ".md-container"))
        seen.places.add(address)
    yield seen
    context.close()


@pytest.fixture(scope="module")
def states(chromium: Browser, site_url: str) -> Iterator[Seen]:
    """Every state of every screen of every tool, on a small screen."""
    seen = Seen()

    def note(tool: Tool, pair: Pair) -> None:
        page, root, place = tool.page, f'[data-decision-tool="{tool.tree}"]', f"{pair.screen} {pair.state}"
        if not page.evaluate("window.axe !== undefined"):
            axe.add(page)
        seen.note("axe", place, axe_in_both_schemes(page, root, axe.FOLDED))
        seen.note("targets", place, look.small_targets(page, root))
        seen.note("headings", place, look.headings(page))
        seen.note("overflow", place, look.overflowing(page))
        seen.note("spacing", place, look.clipped(page, root))
        seen.note("place", place, misled(tool, pair))

    context = chromium.new_context(viewport=SMALL, reduced_motion="reduce")  # type: ignore[arg-type]
    visit = Visit(context.new_page(), site_url, note)
    for walk in shortest_cover():
        visit.go(walk)
    seen.pairs = visit.pairs
    yield seen
    context.close()


# ---- all that is there was looked at


def test_every_page_was_looked_at(pages: Seen, site: Path) -> None:
    assert len(pages.places) == len(list(site.rglob("*.html"))) > 20


def test_the_states_met_are_those_that_the_trees_can_reach(states: Seen) -> None:
    PAIRS.parent.mkdir(exist_ok=True)
    listed = [{**asdict(pair.screen), "state": pair.state} for pair in sorted(states.pairs)]
    PAIRS.write_text("[\n" + ",\n".join(map(json.dumps, listed)) + "\n]\n", "utf-8")
    assert states.pairs - reachable() == set(), "met, and not to be reached by the trees"
    assert reachable() - states.pairs == set(), "to be reached, and not met"


# ---- what axe judges


def test_axe_finds_nothing_on_any_page(pages: Seen) -> None:
    assert pages.about("axe") == {}


def test_axe_finds_nothing_in_any_state_of_any_tool(states: Seen) -> None:
    assert states.about("axe") == {}


def test_axe_finds_what_is_wrong(page: Page, site_url: str) -> None:
    """The rules are on, and colours are looked at."""
    page.goto(site_url)
    axe.add(page)
    page.evaluate(
        """() => document.querySelector("article").insertAdjacentHTML("beforeend",
        `<img src="x.png"><p style="color: #999; background: #fff">Pale</p><button></button>`)"""
    )
    found = " ".join(axe.findings(page))
    assert all(rule in found for rule in ("image-alt", "color-contrast", "button-name"))


# ---- what it cannot


@pytest.mark.parametrize("question", ["targets", "headings", "overflow", "spacing", "focus", "motion"])
def test_every_page_holds_to(pages: Seen, question: str) -> None:
    assert pages.about(question) == {}


@pytest.mark.parametrize("question", ["targets", "headings", "overflow", "spacing", "place"])
def test_every_state_of_every_tool_holds_to(states: Seen, question: str) -> None:
    assert states.about(question) == {}


def test_each_look_finds_what_is_wrong(page: Page, site_url: str) -> None:
    page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    page.emulate_media(reduced_motion="reduce")
    page.goto(site_url)
    page.evaluate(
        """() => document.querySelector("article").insertAdjacentHTML("beforeend", `
        <h6>Too deep</h6>
        <div style="width: 900px">Wide</div>
        <button style="all: unset; width: 10px; height: 10px" class="bad">x</button>
        <p style="height: 1em; overflow: hidden">Cut off as soon as somebody spaces these words out</p>
        <p style="transition: color 1s !important">Moves</p>`)"""
    )
    page.evaluate(
        """() => document.head.insertAdjacentHTML("beforeend", `<style>
        .bad:focus-visible { outline: none !important } </style>`)"""
    )
    for one in (look.headings, look.overflowing, look.small_targets, look.clipped, look.moving, look.unseen_focus):
        assert one(page), one.__name__


def test_every_title_says_which_page_it_is(pages: Seen) -> None:
    names = [title.split(" - ")[0] for title in pages.titles.values()]
    assert len(set(names)) == len(names)
    assert all(names)


# ---- what a screen reader is told as things happen


def test_fresh_police_advice_has_the_focus_and_is_read_out(tool: Tool) -> None:
    tool.answer({**HARM, "danger": ["safety"]})
    focused = tool.page.locator(":focus")
    expect(focused).to_have_role("heading")
    expect(focused).to_have_accessible_description(re.compile("contact the police", re.I))
    order = "([first, second]) => first.compareDocumentPosition(second) & Node.DOCUMENT_POSITION_FOLLOWING"
    assert tool.page.evaluate(order, [focused.element_handle(), tool.screen.locator("form").element_handle()])


def test_the_heading_with_the_focus_says_how_many_questions_are_left(tool: Tool) -> None:
    tool.answer(HARM)
    tool.fill({"harm": ["none"]})
    tool.send()
    expect(tool.page.locator(":focus")).to_have_accessible_description(re.compile(r"At most \d+ questions? left"))


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
    label = tool.screen.locator('label:has([value="crime"])').inner_text().strip()
    expect(said).to_contain_text(label)
    tool.choose("danger", ["none"])
    tool.fill({"age": "13_to_15"})
    tool.send()
    expect(said).to_be_empty()


def test_waiting_and_trouble_are_announced_and_lose_nobody_their_place(page: Page, site_url: str) -> None:
    waits: list[object] = []
    page.route("**/pyodide.asm.wasm", lambda route: waits.append(route))
    tool = Tool.open(page, site_url)
    expect(tool.progress).to_have_role("status")
    expect(tool.trouble).to_have_attribute("role", "alert")
    tool.fill(HARM)
    tool.submit.click()
    expect(tool.progress).not_to_be_empty()
    expect(tool.submit).to_be_focused()
    waits.pop(0).fulfill(status=404)  # type: ignore[attr-defined]
    tool.expect_state("unavailable")
    expect(tool.trouble).to_have_role("alert")
    page.unroute("**/pyodide.asm.wasm")
    button = tool.trouble.get_by_role("button")
    button.focus()
    page.keyboard.press("Enter")
    expect(tool.trouble).to_be_hidden()
    expect(tool.screen.locator("[data-focus]")).to_be_focused()


def test_every_landmark_link_and_table_has_a_name(page: Page, site_url: str) -> None:
    page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    page.goto(f"{site_url}about/contacts/")
    expect(page.get_by_role("complementary", name="Approval status")).to_be_visible()
    expect(page.get_by_role("link", name="Menu")).to_be_visible()
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


def test_in_forced_colours_what_is_chosen_can_be_told(chromium: Browser, site_url: str) -> None:
    context = chromium.new_context(forced_colors="active")
    tool = Tool.open(context.new_page(), site_url)
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
    context.close()


@pytest.mark.parametrize("answers", [HARM, ADULT])
def test_no_state_moves_for_a_reader_who_wants_no_motion(
    chromium: Browser, site_url: str, answers: dict[str, object]
) -> None:
    context = chromium.new_context(reduced_motion="reduce")
    tool = Tool.open(context.new_page(), site_url)
    for _ in tool.walk(answers):
        assert look.moving(tool.page) == []
    context.close()


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
