"""The tools in frames of another site's page: they work there, take the height they need, and tell nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page, Route, expect

from tests.browser import embedding
from tests.browser.answers import HARM, LONG, NARRATIVE
from tests.browser.embedding import Library, expect_fit, frame_of, open_tool, strangers
from tests.browser.journeys import one_for_each_outcome
from tests.browser.tool import Tool
from tests.trees import TOOLS
from tests.waiting import until


@pytest.fixture(scope="module")
def library(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Another site, which may frame ours."""
    with embedding.library(site, tmp_path_factory.mktemp("library")) as library:
        library.write("all.html", TOOLS)
        library.write("level.html", ["level"])
        library.write("plain.html", ["level"], scripted=False)
        yield library


@pytest.fixture(scope="module")
def reader(chromium: Browser, library: Library) -> Iterator[Page]:
    """A page of the library that stays open, so that Python does, too."""
    context = chromium.new_context()
    context.add_init_script(embedding.KEEP_MESSAGES)
    page = context.new_page()
    page.goto(f"{library.url}level.html")
    until(frame_of(page, "level"), "performance.getEntriesByName('decision-tool:engine-ready').length")
    yield page
    context.close()


@pytest.fixture
def host(reader: Page) -> Iterator[Page]:
    """A new page beside it, for a page of the library."""
    page = reader.context.new_page()
    yield page
    page.close()


def journeys() -> dict[str, dict[str, Any]]:
    """For each tool the longest of the journeys that are the shortest to an outcome."""
    chosen: dict[str, dict[str, Any]] = {}
    for journey in one_for_each_outcome().values():
        chosen[journey["tree"]] = journey
    return chosen


# ---- every tool, to an outcome, with the height it needs


def test_every_tool_reaches_an_outcome_in_its_frame_and_the_frame_follows(host: Page, library: Library) -> None:
    host.goto(f"{library.url}all.html")
    chosen = journeys()
    assert sorted(chosen) == list(TOOLS)
    for name in TOOLS:
        tool, heights = open_tool(host, name), [expect_fit(host, name)]
        for _ in tool.walk(chosen[name]["answers"]):
            heights.append(expect_fit(host, name))
        heights.append(expect_fit(host, name))
        assert (tool.data("state"), tool.data("node")) == ("outcome", chosen[name]["expect"]["node"])
        assert len(set(heights)) > 1, f"the frame of {name} never changed"
        tool.restart()
        assert expect_fit(host, name) == heights[0], f"the frame of {name} does not shrink again"
    assert len(host.evaluate("heard")) > len(TOOLS) * 3
    assert strangers(host, library.tools) == []
    tool.page.evaluate("parent.postMessage({ type: 'decision-tool:height', height: 900, step: 'level-4' }, '*')")
    until(host, "heard.some(({ data }) => data.step)")
    assert len(strangers(host, library.tools)) == 1, "what is heard says nothing, for a planted step was not noticed"


def test_text_that_unfolds_and_grows_makes_the_frame_taller(host: Page, library: Library) -> None:
    host.goto(f"{library.url}level.html")
    tool, before = open_tool(host, "level"), expect_fit(host, "level")
    tool.text.locator("summary").first.click()
    assert expect_fit(host, "level") > before + 1000
    tool.text.locator("summary").first.click()
    assert expect_fit(host, "level") == before
    host.set_viewport_size({"width": 320, "height": 600})
    assert expect_fit(host, "level") > before, "a narrow frame needs more height"


def test_nothing_moves_and_the_focus_stays_while_the_tools_load(host: Page, library: Library) -> None:
    host.goto(f"{library.url}all.html")
    expect(host.locator("#search")).to_be_focused()
    host.evaluate("addEventListener('scroll', () => (window.moved = true))")
    until(host, "heard.length")
    for frame in host.frames[1:2]:  # browsers let frames out of sight rest
        until(frame, "performance.getEntriesByName('decision-tool:engine-ready').length")
    expect(host.locator("#search")).to_be_focused()
    assert host.evaluate("[scrollY, window.moved ?? false]") == [0, False]


def test_the_next_question_is_brought_into_view_from_far_down_the_host(host: Page, library: Library) -> None:
    host.goto(f"{library.url}level.html")
    tool = open_tool(host, "level")
    expect_fit(host, "level")
    for answers in (LONG, LONG, LONG):
        tool.answer(answers)
        expect_fit(host, "level")
        expect(tool.screen.locator("[data-focus]")).to_be_in_viewport()
    tool.submit.scroll_into_view_if_needed()
    tool.send()  # not answered: the errors come first
    expect(tool.screen.locator(".dt-errors")).to_be_in_viewport()


# ---- without the script, late, or added later


def test_without_the_script_the_tool_works_and_the_frame_keeps_its_height(host: Page, library: Library) -> None:
    host.goto(f"{library.url}plain.html")
    tool = open_tool(host, "level")
    tool.go(HARM)
    assert tool.data("level") == "4"
    assert tool.page.evaluate("innerHeight") < 900  # as it is written, less the edge that the host gives it
    assert tool.page.evaluate("document.documentElement.scrollHeight > innerHeight")


def test_a_script_that_comes_late_and_a_frame_that_comes_later_still_fit(host: Page, library: Library) -> None:
    host.goto(f"{library.url}plain.html")
    until(frame_of(host, "level"), "performance.getEntriesByName('decision-tool:first-question').length")
    until(host, "heard.length")
    host.add_script_tag(url=f"{library.tools}embed.js")
    expect_fit(host, "level")
    host.evaluate(
        "src => document.body.append(Object.assign(document.createElement('iframe'), { src }))",
        f"{library.tools}embed/consent/",
    )
    host.locator('iframe[src$="consent/"]').evaluate("frame => (frame.style.width = '100%')")
    expect_fit(host, "consent")


def test_the_script_leaves_nothing_behind_in_the_host(host: Page, library: Library) -> None:
    host.goto(f"{library.url}plain.html")
    names = "Object.getOwnPropertyNames(globalThis).sort().join()"
    before = host.evaluate(names)
    host.add_script_tag(url=f"{library.tools}embed.js")
    assert host.evaluate(names) == before


def test_a_host_that_is_not_named_is_told_nothing_and_the_tool_works(
    host: Page, library: Library, site_url: str
) -> None:
    host.goto(library.write("stranger.html", ["level"], site=site_url))
    tool = open_tool(host, "level")
    tool.go(HARM)
    assert tool.data("level") == "4"
    assert host.evaluate("heard") == []


# ---- messages that nobody should believe

BAD = {
    "nothing": "null",
    "a word": "'decision-tool:height'",
    "a list": "['decision-tool:height', 900]",
    "no type": "({ height: 900 })",
    "another type": "({ type: 'height', height: 900 })",
    "no height": "({ type: 'decision-tool:height' })",
    "a height in words": "({ type: 'decision-tool:height', height: '900' })",
    "half a pixel": "({ type: 'decision-tool:height', height: 900.5 })",
    "not a number": "({ type: 'decision-tool:height', height: NaN })",
    "no end": "({ type: 'decision-tool:height', height: Infinity })",
    "below nothing": "({ type: 'decision-tool:height', height: -900 })",
    "nothing at all": "({ type: 'decision-tool:height', height: 0 })",
    "out of sight": "({ type: 'decision-tool:height', height: 1e9 })",
    "a long number": "({ type: 'decision-tool:height', height: 900n })",
    "a list as height": "({ type: 'decision-tool:height', height: [900] })",
    "an object as height": "({ type: 'decision-tool:height', height: { valueOf: 900 } })",
    "a prototype": 'JSON.parse(\'{"__proto__": {"type": "decision-tool:height", "height": 900}}\')',
    "a constructor": 'JSON.parse(\'{"constructor": {"prototype": {"type": "decision-tool:height", "height": 900}}}\')',
    "a huge object": "({ type: 'decision-tool:height', height: 'x'.repeat(5e6), all: Array(1e5).fill({}) })",
    "style": "({ type: 'decision-tool:height', height: '900px; position: fixed' })",
}
RIGHT = "{ type: 'decision-tool:height', height: 4300 }"


def watch(host: Page) -> None:
    """Keep every height that the frame on a host is given from now on: it tells its own again at once."""
    expect_fit(host, "level")
    host.evaluate(
        """window.given = [];
        const frame = document.querySelector("iframe");
        new MutationObserver(() => given.push(frame.style.height)).observe(frame, { attributes: true })"""
    )


def given_until_the_end(host: Page) -> list[str]:
    """The heights that the frame was given before the word "end" was heard. Nothing of them is kept."""
    until(host, "heard.at(-1)?.data === 'end' && heard.splice(0)")
    given: list[str] = host.evaluate("given.splice(0)")
    return given


def test_the_host_believes_no_wrong_message_from_the_right_frame(host: Page, library: Library) -> None:
    host.goto(f"{library.url}level.html")
    watch(host)
    frame = frame_of(host, "level")
    for name, data in BAD.items():
        frame.evaluate(f"parent.postMessage({data}, '*'), parent.postMessage('end', '*')")
        assert given_until_the_end(host) == [], name
    assert host.evaluate("[typeof {}.type, typeof {}.height]") == ["undefined", "undefined"]
    frame.evaluate(f"parent.postMessage({RIGHT}, '*'), parent.postMessage('end', '*')")
    until(host, "given.includes('4310px')")  # with the edge that the host gives it


def test_the_host_believes_no_right_message_from_a_wrong_place(host: Page, library: Library, site_url: str) -> None:
    host.goto(f"{library.url}level.html")
    watch(host)
    other = library.tools.replace("127.0.0.1", "localhost")
    places = {"another page of the site": library.tools, "another site": site_url, "another name of the site": other}
    for name, address in places.items():
        host.evaluate("src => document.body.append(Object.assign(document.createElement('iframe'), { src }))", address)
        until(host, "src => document.querySelector(`iframe[src='${src}']`)", arg=address)
        frame = host.locator(f'iframe[src="{address}"]').element_handle().content_frame()
        assert frame
        frame.wait_for_load_state("domcontentloaded")
        frame.evaluate(f"parent.postMessage({RIGHT}, '*'), parent.postMessage('end', '*')")
        assert given_until_the_end(host) == [], name
    host.evaluate(f"postMessage({RIGHT}, '*'), postMessage('end', '*')")
    assert given_until_the_end(host) == [], "the host itself"


def test_a_frame_that_was_led_elsewhere_is_not_believed(host: Page, library: Library, site_url: str) -> None:
    host.goto(f"{library.url}level.html")
    watch(host)
    frame = frame_of(host, "level")
    frame.goto(f"{site_url}glossary/", wait_until="domcontentloaded")
    frame.evaluate(f"parent.postMessage({RIGHT}, '*'), parent.postMessage('end', '*')")
    assert given_until_the_end(host) == []


def test_the_tool_listens_to_no_message(host: Page, library: Library) -> None:
    host.add_init_script(
        """const listen = EventTarget.prototype.addEventListener;
        window.listened = [];
        EventTarget.prototype.addEventListener = function (kind, ...rest) {
          if (this === window || this === undefined) listened.push(kind);
          return listen.call(this ?? window, kind, ...rest);
        };"""
    )
    host.goto(f"{library.url}level.html")
    tool = open_tool(host, "level")
    tool.answer(HARM)
    at, chosen = tool.at, tool.chosen
    listened = tool.page.evaluate("[...listened, window.onmessage]")
    assert "popstate" in listened, "what listens is not seen"
    assert "message" not in listened
    assert listened[-1] is None
    for data in [RIGHT, json.dumps({"tree": "level", "answers": HARM}), *BAD.values()]:
        host.evaluate(f"document.querySelector('iframe').contentWindow.postMessage({data}, '*')")
    expect(tool.root).to_have_attribute("data-node", at[1] or "")
    assert (tool.at, tool.chosen) == (at, chosen)


# ---- links, history, leaving, keeping


NO_ORIGIN = {"location.ancestorOrigins?.[0]": '"null"'}
"""What our script asks a browser, and what one that keeps origins to itself answers."""


def test_a_host_is_told_the_height_where_the_browser_keeps_its_origin_to_itself(
    host: Page, library: Library, site_url: str
) -> None:
    def answer(route: Route) -> None:
        response = route.fetch()
        text = response.text()
        for asked, answered in NO_ORIGIN.items():
            assert asked in text
            text = text.replace(asked, answered)
        route.fulfill(response=response, body=text)

    host.route("**/assets/site/frame.*.mjs", answer)
    host.goto(f"{library.url}level.html")
    expect_fit(host, "level")
    host.goto(library.write("stranger.html", ["level"], site=site_url))
    expect(open_tool(host, "level").submit).to_be_enabled()
    assert host.evaluate("heard") == [], "somebody else was told"


def test_a_frame_that_forbids_scripts_their_origin_says_what_to_do(host: Page, library: Library) -> None:
    """A module is not loaded there, so that these words need none."""
    host.goto(f"{library.url}level.html")
    frame = host.locator("iframe").first
    tool = open_tool(host, "level")
    expect(tool.submit).to_be_enabled()
    expect(tool.root.locator(".dt-late")).to_have_count(0)
    frame.evaluate("frame => { frame.sandbox = 'allow-scripts allow-popups'; frame.src += '?'; }")
    inside = host.frame_locator("iframe >> nth=0")
    expect(inside.locator("button[type=submit]").first).to_be_disabled()
    expect(inside.locator(".dt-late")).to_be_visible()
    expect(inside.locator(".dt-late a").last).to_have_attribute("href", re.compile("tools/level/$"))


def test_links_open_a_new_tab_and_the_answers_stay(host: Page, library: Library) -> None:
    host.goto(f"{library.url}level.html")
    tool = open_tool(host, "level")
    tool.answer(HARM)
    node = tool.data("node")
    for link in (
        tool.screen.locator(".dt-cites a").first,
        tool.page.get_by_role("link", name="This tool on its own page"),
    ):
        folded = link.locator("xpath=ancestor::details[not(@open)]")
        while folded.count():
            folded.first.locator("summary").first.click()
        with host.context.expect_page() as opened:
            link.click()
        there = opened.value
        there.wait_for_load_state("domcontentloaded")
        assert there.url.startswith(library.tools)
        assert there.evaluate("window.opener") is None
        there.close()
    assert tool.data("node") == node
    assert host.url == f"{library.url}level.html"


def test_links_to_places_inside_stay_inside(host: Page, library: Library) -> None:
    host.goto(f"{library.url}level.html")
    tool, tabs = open_tool(host, "level"), len(host.context.pages)
    length = host.evaluate("history.length")
    tool.send()
    tool.screen.locator(".dt-errors a").first.click()
    expect(tool.screen.locator("[name=danger]").first).to_be_focused()
    tool.text.locator("summary").first.click()
    link = tool.text.locator('a[href^="#"]').first
    place = tool.page.locator(f'[id="{(link.get_attribute("href") or "")[1:]}"]')
    link.click()
    expect(place).to_be_focused()
    expect(place).to_be_in_viewport()
    assert (len(host.context.pages), host.evaluate("history.length")) == (tabs, length)


def test_back_on_the_host_goes_back_in_the_tool_and_a_reload_starts_clean(host: Page, library: Library) -> None:
    host.goto(f"{library.url}level.html")
    tool = open_tool(host, "level")
    nodes = [tool.data("node")]
    for _ in range(2):
        tool.answer(LONG)
        nodes.append(tool.data("node"))
    for node in (nodes[1], nodes[0]):
        host.evaluate("history.back()")
        tool.expect_node(node)
    assert tool.chosen == {"danger": LONG["danger"]}
    host.evaluate("history.forward()")
    tool.expect_node(nodes[1])
    assert host.url == f"{library.url}level.html"
    host.on("dialog", lambda dialog: dialog.accept())
    host.reload()
    tool = open_tool(host, "level")
    tool.expect_node(nodes[0])
    assert tool.chosen == {}


def test_the_host_is_not_left_without_asking(host: Page, library: Library) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    host.goto(f"{library.url}level.html")
    tool = open_tool(host, "level")
    tool.answer(HARM)
    node = tool.data("node")
    host.on("dialog", stay)
    with host.expect_event("dialog"):
        host.evaluate("setTimeout(() => location.assign('/all.html'))")
    tool.expect_node(node)
    assert asked == ["beforeunload"]
    host.remove_listener("dialog", stay)
    host.on("dialog", lambda dialog: dialog.accept())


def test_a_record_is_copied_downloaded_and_printed_from_the_frame(host: Page, library: Library) -> None:
    host.context.grant_permissions(["clipboard-read", "clipboard-write"])
    host.goto(f"{library.url}level.html")
    host.on("dialog", lambda dialog: dialog.accept())
    tool = open_tool(host, "level")
    tool.go(HARM)
    tool.unfold("Your view, and a record")
    said = tool.screen.locator(".dt-keep [data-record-said]")
    with host.expect_download() as saved:
        tool.screen.locator('[data-action="record"][data-way="download"]').click()
    assert json.loads(Path(saved.value.path()).read_text("utf-8"))
    expect(said).to_contain_text("asked to save")
    tool.screen.locator('[data-action="record"][data-way="copy"]').click()
    expect(said).to_contain_text("Copied.")
    assert "Level 4" in host.evaluate("navigator.clipboard.readText()")
    tool.page.evaluate("addEventListener('beforeprint', () => (window.printed = true))")
    tool.screen.locator('[data-action="record"][data-way="print"]').click()
    until(tool.page, "window.printed")
    expect(tool.page.locator("[data-print-stamp]")).to_contain_text("valid until")


def test_the_question_before_clearing_opens_where_the_reader_is(host: Page, library: Library) -> None:
    host.goto(f"{library.url}level.html")
    tool = open_tool(host, "level")
    tool.go(HARM)
    expect_fit(host, "level")
    button = tool.screen.locator('[data-action="restart"]').last
    button.scroll_into_view_if_needed()
    before = host.evaluate("scrollY")
    button.click()
    expect(tool.page.locator("dialog")).to_be_in_viewport(ratio=1)
    assert abs(host.evaluate("scrollY") - before) < 200


# ---- what stays behind, and how it looks


def test_nothing_is_stored_and_the_colours_are_the_devices(host: Page, library: Library) -> None:
    host.goto(f"{library.url}level.html")
    frame_of(host, "level").evaluate("localStorage.clear()")  # Playwright's Chromium shares it with tabs that were open
    host.emulate_media(color_scheme="dark")
    host.reload()
    tool = open_tool(host, "level")
    ink = "getComputedStyle(document.body).color"
    dark = tool.page.evaluate(ink)
    host.emulate_media(color_scheme="light")
    assert tool.page.evaluate(ink) != dark
    tool.go(LONG)
    kept = tool.page.evaluate(
        """async () => [{ ...localStorage }, { ...sessionStorage }, document.cookie, await caches.keys(),
          (await indexedDB.databases()).length, location.href, document.title, history.state]"""
    )
    assert kept[:5] == [{}, {}, "", [], 0]
    assert NARRATIVE[:16] not in json.dumps(kept)
    assert list(kept[7]) == ["step"]


def test_without_scripts_the_frame_shows_the_question_and_the_whole_tool_as_text(
    without_scripts: Page, library: Library
) -> None:
    without_scripts.goto(f"{library.url}level.html")
    frame = without_scripts.frames[1]
    tool = Tool(frame, "level")
    expect(tool.screen.locator("[data-focus]")).to_be_visible()
    expect(tool.submit).to_be_disabled()
    expect(tool.text.locator("h4").last).to_be_visible()
    expect(frame.locator("[data-approval]")).to_be_visible()
