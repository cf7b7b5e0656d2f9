"""The first answers come while Python is still on its way; whatever they do not hold waits for it, and says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.answers import HARM, LONG, NARRATIVE
from tests.browser.journeys import engine_folder, one_for_each_outcome
from tests.browser.recorder import Recorder
from tests.browser.test_faults import cut, not_found, some_page
from tests.browser.tool import FIRST_ANSWERS, Tool, press
from tests.test_first import SCREENS, First, submits, with_form
from tests.trees import TOOLS
from tests.waiting import until

WAITING = "Getting the check ready"


class Held:
    """Python, held back from a page until it is let go."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._routes: list[Route] = []
        self._free = False
        page.route("**/engine-worker.mjs", self._hold)

    def _hold(self, route: Route) -> None:
        if self._free:
            route.continue_()
        else:
            self._routes.append(route)

    def let_go(self) -> None:
        self._free = True
        for route in self._routes:
            route.continue_()


@pytest.fixture
def python(lone_page: Page) -> Held:
    return Held(lone_page)


@pytest.mark.parametrize("folder", ["tools", "embed"])
@pytest.mark.parametrize("name", TOOLS)
def test_the_first_answers_of_each_tool_come_without_python(
    python: Held, site: Path, site_url: str, name: str, folder: str
) -> None:
    """And an answer that is changed, and a form that was left empty, too."""
    first = First(site, name)
    *_, (answers, step, form) = (one for one in submits(first.tree, {}) if len(one[0]) == SCREENS - 1)
    given = with_form(first.tree, answers, form)
    python.page.goto(f"{site_url}{folder}/{name}/")
    tool = Tool(python.page, name)
    opening = tool.data("node") or ""
    tool.send()
    expect(tool.screen.locator(".dt-errors")).to_be_visible()
    for _ in range(SCREENS - 1):
        tool.answer(given)
    assert tool.data("node") == step
    tool.change(opening)
    tool.answer(given)
    assert tool.data("node") == step
    tool.answer(given)
    said = first.says(first.asks(given))
    assert tool.at[:2] == (said["state"], said["node"])
    expect(tool.progress).to_be_empty()
    expect(tool.trouble).to_be_hidden()


def test_a_result_of_the_highest_level_is_whole_but_for_what_comes_with_python(python: Held, site_url: str) -> None:
    tool = Tool.open(python.page, site_url)
    tool.go(HARM)
    assert tool.data("level") == "4"
    later = tool.screen.locator("[data-later]")
    coming = [text for text in later.all_text_contents() if "comes when" in text]
    assert len(coming) == later.count() > 0
    steps = tool.listed("result")
    tool.take_offer("your_role", "police")
    assert tool.listed("result") != steps
    tool.unfold("What would change it")
    tool.screen.locator('[data-action="record"][data-way="copy"]').evaluate("button => button.click()")
    expect(tool.progress).to_contain_text(WAITING)
    python.let_go()
    expect(tool.progress).to_be_empty()
    expect(tool.screen.locator(".dt-changes")).to_be_visible()
    expect(later.get_by_text("comes when")).to_have_count(0)


def test_what_is_not_among_them_waits_and_then_goes_on(python: Held, site_url: str) -> None:
    tool = Tool.open(python.page, site_url)
    for _ in range(SCREENS):
        tool.answer(LONG)
    node = tool.data("node")
    tool.fill(LONG)
    press(tool.submit)
    expect(tool.progress).to_contain_text(WAITING)
    assert tool.data("node") == node
    with tool.step():
        python.let_go()
    tool.go(LONG)
    assert tool.data("state") == "outcome"


def test_a_form_with_words_waits(python: Held, site_url: str) -> None:
    tool = Tool.open(python.page, site_url, "referral")
    journey = next(
        j for j in one_for_each_outcome().values() if j["tree"] == "referral" and "your_role" in j["answers"]
    )
    while "notes" not in tool.facts:
        tool.answer(journey["answers"])
    node = tool.data("node")
    tool.fill({**journey["answers"], "notes": NARRATIVE})
    press(tool.submit)
    expect(tool.progress).to_contain_text(WAITING)
    with tool.step():
        tool.fill({"notes": ""})
        press(tool.submit)
    assert tool.data("node") != node


def late(route: Route) -> None:
    """Not before the test ends."""


def stale(route: Route) -> None:
    """The file of another build."""
    route.fulfill(body=route.fetch().text().replace("999", "998"), content_type="application/json")


@pytest.mark.parametrize("fault", [not_found, cut, some_page, stale, late])
def test_without_them_an_answer_waits_for_python(python: Held, site_url: str, fault: Callable[[Route], None]) -> None:
    python.page.route(FIRST_ANSWERS, fault)
    tool = Tool.open(python.page, site_url)
    node = tool.data("node")
    tool.fill(HARM)
    press(tool.submit)
    expect(tool.progress).to_contain_text(WAITING)
    assert tool.at[:2] == ("asking", node)
    with tool.step():
        python.let_go()
    tool.go(HARM)
    assert tool.data("level") == "4"


def test_once_python_is_there_it_answers_all(lone_page: Page, site_url: str) -> None:
    """Shown by a worker that says something else than the data."""
    said = (
        '{ ok: true, state: "asking", node: "mine", level: null, settled: null, answers: {}, path: [], html: "Mine" }'
    )
    worker = f"onmessage = ({{ data }}) => postMessage({{ id: data.id, text: JSON.stringify({said}) }});"
    lone_page.route("**/engine-worker.mjs", lambda route: route.fulfill(body=worker, content_type="text/javascript"))
    tool = Tool.open(lone_page, site_url)
    tool.answer(HARM)
    assert tool.data("node") not in (None, "mine")
    tool.fill(HARM)
    lone_page.workers[-1].evaluate("postMessage({ stage: 'ready' })")
    tool.wait_for_python()
    press(tool.submit)
    expect(tool.screen).to_have_text("Mine")


def test_where_python_cannot_start_they_come_all_the_same(lone_page: Page, site_url: str) -> None:
    lone_page.route("**/pyodide.asm.wasm", not_found)
    tool = Tool.open(lone_page, site_url)
    tool.expect_state("unavailable")
    while tool.data("level") != "4":
        tool.answer(HARM)
        assert tool.data("state") in ("asking", "outcome")
        expect(tool.trouble).to_be_visible()  # or whoever goes on is told only when no answer comes any more


UNPAINTED = """
  const [real, held] = [requestAnimationFrame, []];
  globalThis.requestAnimationFrame = (then) => held.push(then);
  globalThis.paint = () => { globalThis.requestAnimationFrame = real; for (const then of held) real(then); };
"""


def test_nothing_is_asked_for_before_the_question_is_painted(python: Held, site_url: str) -> None:
    python.page.add_init_script(UNPAINTED)
    recorder = Recorder(python.page)
    tool = Tool.open(python.page, site_url)
    expect(tool.submit).to_be_enabled()
    assert [request.url for request in recorder.requests if "/assets/engine/" in request.url] == []
    python.page.evaluate("paint()")
    tool.answer(HARM)
    names = [request.url.rpartition("/")[2] for request in recorder.requests if "/assets/engine/" in request.url]
    assert sorted(names) == ["engine-worker.mjs", "first-level.json"]


def test_they_are_one_file_a_tool_and_nothing_of_an_answer_goes_anywhere(
    python: Held, site: Path, site_url: str
) -> None:
    recorder = Recorder(python.page)
    tool = Tool.open(python.page, site_url)
    until(python.page, "performance.getEntriesByType('resource').some((e) => /first-/.test(e.name) && e.responseEnd)")
    before = recorder.look()
    sent = len(recorder.requests)
    asked = [request.url for request in recorder.requests if "/first-" in request.url]
    assert asked == [f"{site_url}assets/engine/{engine_folder(site).name}/first-level.json"]
    for n in range(1, SCREENS + 1):
        tool.answer(HARM)
        now = recorder.look()
        assert now.pop("history state") == {"step": n}
        now.pop("timings")
        assert now.pop("title").removeprefix("Question: ").removeprefix("Result: ") == before["title"]
        assert now == {place: before[place] for place in now}, "a place that outlives the page has changed"
    assert tool.data("level") == "4"
    assert [request.url for request in recorder.requests[sent:]] == []
    assert [trace for trace in recorder.traces if trace.channel in ("console", "socket")] == []
