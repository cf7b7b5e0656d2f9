"""A double click, a double tap or a held key never answers the screen that follows; a press meant for it does."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import CDPSession, Locator, Page, expect

from tests.browser.answers import LONG
from tests.browser.tool import PAINTED, Tool
from tests.browser.training import PATIENCE, Session

WIDTHS = [320, 390, 768, 1280]
GAPS = [0, 60, 150, 300, 500]  # milliseconds

# Seconds, as the browser counts them on its events.
NOW = "(performance.timeOrigin + performance.now()) / 1000"


class Pointer:
    """A mouse or a finger whose presses carry the time that a test gives them, so that no test has to wait for it."""

    def __init__(self, page: Page, *, touch: bool) -> None:
        self.page, self.touch = page, touch
        self.cdp: CDPSession = page.context.new_cdp_session(page)
        self.at = self.real = 0.0
        self.place = (0.0, 0.0)

    def press(self, place: tuple[float, float], after: int | None = None) -> None:
        """Press at a place: `after` so many milliseconds after the last press, or else an hour after it and ahead of
        now, so that the time which a machine takes for the next screen counts for nothing."""
        self.real = self.page.evaluate(NOW)
        self.at = max(self.page.evaluate(NOW), self.at) + 3600 if after is None else self.at + after / 1000
        self.down(place)
        self.up(place)

    def since(self) -> int:
        """Milliseconds since the last press, as the page counts them, and a little more."""
        return round((self.page.evaluate(NOW) - self.real) * 1000) + 10

    def down(self, place: tuple[float, float]) -> None:
        self.place = x, y = place
        if self.touch:
            self._send("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": x, "y": y}])
        else:
            self._send("Input.dispatchMouseEvent", type="mousePressed", x=x, y=y, button="left", clickCount=1)

    def up(self, place: tuple[float, float]) -> None:
        x, y = place
        if self.touch:
            self._send("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])
        else:
            self._send("Input.dispatchMouseEvent", type="mouseReleased", x=x, y=y, button="left", clickCount=1)

    def _send(self, method: str, **what: Any) -> None:
        self.cdp.send(method, {**what, "timestamp": self.at})


def middle(target: Locator) -> tuple[float, float]:
    target.evaluate("(target) => target.scrollIntoView({ block: 'center', behavior: 'instant' })")
    return centre(target)


def centre(target: Locator) -> tuple[float, float]:
    box = target.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


# What reaches the page of a press.
HEARD = """() => {
  window.heard = [];
  for (const type of ['pointerdown', 'mousedown', 'click'])
    document.addEventListener(type, (event) => heard.push(`${type} ${event.target.localName}`), { capture: true });
}"""


@pytest.fixture(params=["mouse", "touch"])
def pointer(request: pytest.FixtureRequest, page: Page) -> Pointer:
    return Pointer(page, touch=request.param == "touch")


def press_through(page: Page) -> None:
    """Whatever comes of a press has come when the page has heard a key that is pressed after it."""
    page.keyboard.press("Shift")


def given(tool: Tool) -> dict[str, list[str]]:
    return {name: values for name, values in tool.chosen.items() if any(values)}


def open_at(pointer: Pointer, site_url: str, width: int = 390) -> Tool:
    pointer.page.set_viewport_size({"width": width, "height": 844})
    tool = Tool.open(pointer.page, site_url)
    expect(tool.submit).to_be_enabled()
    pointer.page.evaluate(HEARD)
    return tool


@pytest.mark.parametrize("width", WIDTHS)
def test_the_second_press_never_reaches_the_next_screen(pointer: Pointer, site_url: str, width: int) -> None:
    page, reached = pointer.page, []
    tool = open_at(pointer, site_url, width)
    for gap in GAPS:
        tool.fill(LONG)
        with tool.step():
            pointer.press(middle(tool.submit))
        page.evaluate(PAINTED)
        page.evaluate("heard.length = 0")
        shown = tool.data("node")
        pointer.press(pointer.place, after=gap)
        press_through(page)
        if (heard := page.evaluate("heard")) or given(tool) or tool.data("node") != shown:
            reached.append((gap, shown, heard, given(tool)))
        expect(tool.screen.locator("[data-focus]")).to_be_focused()
    assert reached == []


@pytest.mark.parametrize("pause", [0, 60, 150])
def test_a_double_click_as_a_mouse_makes_it_answers_one_screen(tool: Tool, pause: int) -> None:
    expect(tool.submit).to_be_enabled()
    tool.fill(LONG)
    with tool.step():
        tool.page.mouse.click(*middle(tool.submit), click_count=2, delay=pause)
    assert (tool.data("node"), given(tool)) == ("danger-check.age", {})


def test_a_press_that_began_on_the_screen_before_is_dropped(pointer: Pointer, site_url: str) -> None:
    page, tool = pointer.page, open_at(pointer, site_url)
    tool.fill(LONG)
    with tool.step():
        tool.submit.press("Enter")
    place = middle(tool.screen.locator("label").first)
    with tool.step():
        page.go_back()
    pointer.at = page.evaluate(NOW)
    pointer.down(place)
    with tool.step():
        tool.submit.press("Enter")
    pointer.up(place)
    press_through(page)
    assert given(tool) == {}


def test_a_press_that_is_meant_for_the_screen_works_at_once(pointer: Pointer, site_url: str) -> None:
    tool = open_at(pointer, site_url)
    tool.fill(LONG)
    with tool.step():
        pointer.press(middle(tool.submit))
    pointer.page.evaluate(PAINTED)
    _, y = pointer.place
    options = [centre(option) for option in tool.screen.locator("label").all()]
    pointer.press(next(far for far in options if abs(far[1] - y) > 60 and 150 < far[1] < 750), after=pointer.since())
    press_through(pointer.page)
    assert given(tool), "a press elsewhere was dropped"
    with tool.step():
        pointer.press(middle(tool.submit), after=60)
    pointer.page.evaluate(PAINTED)
    pointer.page.evaluate("heard.length = 0")
    pointer.press(pointer.place, after=60_000)
    press_through(pointer.page)
    assert any(heard.startswith("click") for heard in pointer.page.evaluate("heard")), "a later press was dropped"


def test_the_second_press_never_clears_the_answers(pointer: Pointer, site_url: str) -> None:
    """The question whether to start again comes under the pointer."""
    page, tool = pointer.page, open_at(pointer, site_url)
    tool.fill(LONG)
    with tool.step():
        tool.submit.press("Enter")
    page.evaluate(PAINTED)
    tool.screen.locator("details.dt-so-far").evaluate("(answers) => (answers.open = true)")
    pointer.press(middle(tool.screen.locator('[data-action="restart"]').last))
    clear = page.locator('dialog button[value="yes"]')
    expect(clear).to_be_visible()
    page.evaluate(PAINTED)
    (x, y), (to_x, to_y) = middle(clear), pointer.place
    page.locator("dialog").evaluate("(it, by) => (it.style.translate = by)", f"{to_x - x}px {to_y - y}px")
    pointer.press(pointer.place, after=150)
    press_through(page)
    expect(clear).to_be_visible()


def test_a_key_that_is_held_sends_once(tool: Tool) -> None:
    expect(tool.submit).to_be_enabled()
    tool.page.evaluate("window.sent = 0, addEventListener('submit', () => (sent += 1), { capture: true })")
    tool.fill(LONG)
    tool.submit.focus()
    with tool.step():
        tool.page.keyboard.down("Enter")
    tool.submit.focus()
    tool.page.keyboard.down("Enter")  # the key is still down, so this one repeats
    press_through(tool.page)
    tool.page.keyboard.up("Enter")
    assert (tool.data("node"), tool.page.evaluate("sent"), given(tool)) == ("danger-check.age", 1, {})
    tool.fill(LONG)
    with tool.step():
        tool.submit.press("Enter")


def test_the_second_press_never_steps_on_in_training(pointer: Pointer, site_url: str) -> None:
    page, session = pointer.page, Session.begin(pointer.page, site_url, "two-years-on")
    page.evaluate(HEARD)
    session.to("commit")
    session.console.locator("[id='tr-level-3']").fill("1")
    commit = session.console.get_by_role("button", name="Commit this answer")
    pointer.press(middle(commit))
    expect(session.root).to_have_attribute("data-stage", "bars")
    page.evaluate(PAINTED)
    page.evaluate("heard.length = 0")
    pointer.press(pointer.place, after=150)
    press_through(page)
    assert page.evaluate("heard") == []


def test_a_press_beside_the_one_that_brought_the_screen_works_at_once(pointer: Pointer, site_url: str) -> None:
    """A neighbour is as far away as the least size of a target."""
    page, tool = pointer.page, open_at(pointer, site_url)
    tool.fill(LONG)
    with tool.step():
        pointer.press(middle(tool.submit))
    page.evaluate(PAINTED)
    page.evaluate("heard.length = 0")
    (x, y), since = pointer.place, pointer.since()
    pointer.press((x + 20, y), after=since)
    pointer.press((x, y + 14), after=0)
    press_through(page)
    assert page.evaluate("heard") == []
    pointer.press((x + 26, y), after=0)
    press_through(page)
    assert page.evaluate("heard") != []


def test_whatever_comes_under_the_second_press_is_not_pressed(pointer: Pointer, site_url: str) -> None:
    """Nobody need say that something moved: here a link of an error does, and a button that goes."""
    page, tool = pointer.page, open_at(pointer, site_url)
    with tool.step():
        tool.submit.press("Enter")
    page.evaluate(PAINTED)
    pointer.press(middle(tool.screen.locator(".dt-errors a").first))
    pointer.press(pointer.place, after=200)
    press_through(page)
    assert given(tool) == {}
    page.evaluate(
        """() => {
          const [gone, left] = [1, 2].map(() => document.createElement("button"));
          const there = { position: "fixed", inset: "200px 50px auto", height: "60px" };
          for (const one of [gone, left]) Object.assign(one.style, there);
          gone.onclick = () => gone.remove();
          left.onclick = () => (window.left = true);
          document.body.append(left, gone);
        }"""
    )
    pointer.press((195, 230))
    pointer.press((195, 230), after=300)
    press_through(page)
    assert page.evaluate("window.left") is None
    pointer.press((195, 230), after=600)
    press_through(page)
    assert page.evaluate("window.left") is True


def test_enter_held_on_start_again_clears_nothing(tool: Tool) -> None:
    page = tool.page
    tool.answer(LONG)
    node = tool.data("node")
    tool.screen.locator("details.dt-so-far").evaluate("(answers) => (answers.open = true)")
    tool.screen.locator('[data-action="restart"]').last.focus()
    page.keyboard.down("Enter")
    expect(page.locator("dialog")).to_be_visible()
    for _ in range(3):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    press_through(page)
    expect(page.locator("dialog")).to_be_visible()
    assert tool.data("node") == node


def test_a_double_click_in_practice_skips_nothing(pointer: Pointer, site_url: str) -> None:
    page, practice = pointer.page, Session(pointer.page)
    page.goto(f"{site_url}training/practise/#/told-the-school-nurse")
    expect(practice.console.locator("[data-commit]")).to_be_visible(timeout=PATIENCE)
    page.evaluate(HEARD)
    practice.console.get_by_label("Level 2").check()
    pointer.press(middle(practice.console.get_by_role("button", name="Commit this answer")))
    expect(practice.root).to_have_attribute("data-stage", "fork")
    page.evaluate(PAINTED)
    page.evaluate("heard.length = 0")
    for gap in (60, 200, 200):
        pointer.press(pointer.place, after=gap)
    press_through(page)
    assert page.evaluate("heard") == []
