"""Training in a real browser: a session of five scenarios with both windows, practice, the sorter, the sheets."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from macros.engine.api import summary
from macros.engine.model.walk import walk
from macros.engine.training.path import outcomes
from tests.browser.journeys import responder
from tests.browser.recorder import Recorder
from tests.browser.seen import WIDE
from tests.browser.test_hour import HOURS
from tests.browser.test_keyboard import tab_to
from tests.browser.training import PATIENCE, Session, open_notes
from tests.conftest import ROOT
from tests.trees import published

pytestmark = pytest.mark.browser

STORED = "Object.keys({ ...localStorage, ...sessionStorage })"
"""What this browser keeps."""

FIVE = ("two-years-on", "review-in-the-home", "presents-from-a-stranger", "told-the-school-nurse", "eighteen-last-week")
"""One for each level and an adult; where the room judges, it judges as little as can be, but for the third."""
BRANCH = {"presents-from-a-stranger": 1}
"""The branch that a room takes where it is not the first."""


@pytest.fixture
def wide(page: Page) -> Page:
    """A page as a projector shows it, that may copy."""
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return page


def test_a_session_of_five_is_run_with_both_windows(wide: Page, site_url: str) -> None:
    notes = wide.context.new_page()
    open_notes(notes, site_url)
    session = Session.begin(wide, site_url, *FIVE)
    for id in FIVE:
        scenario = published().scenarios[id]
        for check in (one for one in scenario.checks if one.first and one.branch in (None, BRANCH.get(id, 0))):
            expect(notes.locator(f"article[data-scenario='{id}']")).to_be_visible()
            assert notes.locator(".training-sheets article:visible").count() == 1
            session.hands(**{check.expect["outcome"]: 2, "adult-route": 1})
            seen = session.to("outcome")
            assert bool([text for text in seen if "rules out" in text]) == (check.expect["outcome"] != "adult-route")
            assert session.outcome() == check.expect["outcome"]
            expect(notes.locator("[aria-current=step]")).to_have_attribute("data-step", f"{check.tree}.debrief")
            for change in (one for one in scenario.what_ifs if one.tree == check.tree):
                session.on() if session.stage == "changed" else None
                session.to("changed")
                assert session.outcome() == change.expect["outcome"]
            session.to("debrief") if session.stage == "outcome" else None
            session.on()
    expect(session.root).to_have_attribute("data-stage", "summary")
    assert [one.inner_text() for one in session.console.locator(".tr-talk > h3").all()] == [
        published().scenarios[id].data["title"] for id in FIVE
    ]
    session.console.get_by_role("button", name="Copy it as text").click()
    expect(session.console.locator("[data-said]")).not_to_be_empty()
    copied = wide.evaluate("navigator.clipboard.readText()")
    assert all(published().scenarios[id].data["title"].upper() in copied for id in FIVE)
    session.console.get_by_role("button", name="End the session and clear everything").click()
    expect(session.screen).to_be_empty()
    expect(notes.locator(".training-sheets article:visible")).to_have_count(0)
    notes.close()
    assert wide.evaluate(STORED) == []


SPILT = """(screens) => screens.filter((html) => {
  const screen = document.querySelector("[data-screen]");
  screen.innerHTML = html;
  const outside = ({ right, bottom, width }) => width > 1 && (right > innerWidth + 1 || bottom > innerHeight + 1);
  const parts = [...screen.querySelectorAll("*")].filter((e) => e.checkVisibility());
  return document.documentElement.scrollHeight > innerHeight || parts.some((e) => outside(e.getBoundingClientRect()));
})"""
"""Those of many screens of which something lies outside the window."""


def test_every_thought_of_every_story_fits_the_rooms_screen(page: Page, site: Path, site_url: str) -> None:
    """With a hand for every answer, the way there and every fork: nothing to scroll, nothing cut off."""
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{site_url}training/session/#/stage")
    expect(page.locator("body.tr-on-stage")).to_be_visible()
    every = list(every_screen(responder(site), page.evaluate(BANK)))
    assert len(every) > 800
    screens = {one["html"]: (one["place"], one["state"]["stage"], one["state"]["what_if"]) for one in every}
    for width, height in ((1280, 720), (1024, 768)):
        page.set_viewport_size({"width": width, "height": height})
        spilt = [screens[html] for html in page.evaluate(SPILT, list(screens))]
        assert spilt == [], (width, height)


BANK = (
    """fetch(new URL(document.querySelector('[data-training]').dataset.bank, document.baseURI)).then((r) => r.json())"""
)


def every_screen(respond: Callable[[str], str], bank: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every screen of a session of each story, with a hand for every answer; every fork is argued."""

    def ask(id: str, **what: Any) -> dict[str, Any]:
        asked = {"training": {"scenes": {id: bank[id]}, **what}, "base": "../../"}
        response: dict[str, Any] = json.loads(respond(json.dumps(asked)))
        assert response["ok"], (id, what)
        return response

    for id, scene in bank.items():
        response = ask(id, do="begin", mode="session", chosen=[id])
        while response["state"]["stage"] != "summary":
            yield response
            state = response["state"]
            tree = scene["checks"][state["check"]]["tree"]
            hands = {node.id: ["1"] for node in outcomes(published().trees[tree])}
            if state["stage"] == "outcome":
                for n in sorted(set(re.findall(r'data-question="(\d+)"', response["console"]))):
                    argued = ask(id, do="fork", n=int(n), state=state)
                    for _ in ("fork", "vote", "answer"):
                        yield argued
                        argued = ask(id, do="on", state=argued["state"])
            counting = state["stage"] in ("commit", "vote")
            on = {"do": "take", "n": 0} if state["stage"] == "tie" else {"do": "on"}
            response = ask(id, **({"do": "commit", "fields": hands} if counting else on), state=state)


def test_what_is_projected_can_be_read_from_the_back_of_a_room(wide: Page, site_url: str) -> None:
    """At 1280 by 720: text of 24 pixels, questions of 32, contrast of 7 to 1, light and dark, on each screen."""
    for scheme in ("light", "dark"):
        wide.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        wide.goto(f"{site_url}training/session/#/stage")
        with wide.context.new_page() as other:
            session = Session.begin(other, site_url, "four-views")
            stage = Session(wide)
            small, stages = [], []
            session.hands(**{"level-2": 2, "level-1": 1, "adult-route": 1})
            while session.stage != "read":
                session.back()
            while session.stage != "summary":
                expect(stage.screen.locator("[data-focus]").first).to_have_text(
                    session.screen.locator("[data-focus]").first.inner_text(), timeout=PATIENCE, use_inner_text=True
                )
                texts = stage.texts()
                small += [t for t in texts if t["size"] < 24 or t["contrast"] < 7 or (t["question"] and t["size"] < 32)]  # type: ignore[operator]
                assert any(t["question"] for t in texts)
                stages.append(session.stage)
                session.on() if session.stage != "commit" else session.press("Commit this answer", "bars")
            assert set(stages) >= {"read", "pairs", "commit", "bars", "fork", "vote", "answer", "outcome", "debrief"}
            assert small == [], small
            session.console.get_by_role("button", name="End the session and clear everything").click()


def kept_of(page: Page) -> dict[str, object]:
    read: dict[str, object] = json.loads(page.evaluate("localStorage.getItem('training-session /')"))["state"]
    return read


def test_a_session_goes_on_at_its_very_step_after_a_reload_and_leaves_nothing_once_ended(
    lone_page: Page, site_url: str
) -> None:
    recorder = Recorder(lone_page)
    session = Session.begin(lone_page, site_url, "two-years-on", "a-new-jacket")
    before = recorder.look()
    sent = len(recorder.requests)
    session.hands(**{"level-3": 7, "adult-route": 1})
    session.on()
    now = recorder.look()
    assert {place for place in before if now[place] != before[place]} <= {"timings", "local storage"}
    assert recorder.requests[sent:] == []
    assert [trace for trace in recorder.traces if trace.channel in ("console", "socket")] == []
    assert lone_page.evaluate(STORED) == ["training-session /"]
    kept = kept_of(lone_page)
    assert set(kept) == {
        *("mode", "scenes", "short", "scene", "check", "stage", "at", "what_if", "people", "given", "again", "taken")
    }
    assert kept["given"] == {"two-years-on": {"level": {"level-3": 7, "adult-route": 1}}}
    shown = session.screen.inner_text()
    lone_page.reload()
    expect(session.screen).to_have_text(shown, use_inner_text=True, timeout=PATIENCE)
    session.trainer()
    session.root.locator("[data-end]").click()
    assert lone_page.evaluate(STORED) == []
    lone_page.reload()
    expect(lone_page.locator("[data-kept]")).to_be_hidden()


def test_without_the_box_a_reload_leaves_nothing(wide: Page, site_url: str) -> None:
    wide.on("dialog", lambda dialog: dialog.accept())
    session = Session.begin(wide, site_url, "two-years-on")
    session.trainer()
    session.root.locator("[data-keep]").uncheck()
    session.hands(**{"level-3": 7})
    assert wide.evaluate(STORED) == []
    wide.reload()
    expect(session.screen).to_be_empty()
    expect(wide.locator("[data-kept]")).to_be_hidden()


def test_a_session_of_yesterday_goes_on_and_one_older_than_a_day_is_forgotten(lone_page: Page, site_url: str) -> None:
    lone_page.clock.install(time="2026-03-02T10:00:00Z")
    session = Session.begin(lone_page, site_url, "two-years-on")
    session.hands(**{"level-3": 7})
    lone_page.goto("about:blank")
    lone_page.clock.set_fixed_time("2026-03-03T09:00:00Z")
    lone_page.goto(f"{site_url}training/session/")
    expect(session.root).to_have_attribute("data-stage", "bars", timeout=PATIENCE)
    lone_page.goto("about:blank")
    lone_page.clock.set_fixed_time("2026-03-03T10:05:00Z")
    lone_page.goto(f"{site_url}training/session/")
    expect(lone_page.locator("[data-kept]")).to_be_hidden()
    assert lone_page.evaluate(STORED) == []


ODD = [
    {"scenes": ["two-years-on"], "given": {"two-years-on": {"level": {"level-3": "<img src=x>"}}}},
    {
        "mode": "session",
        "scenes": ["two-years-on"],
        "scene": 9,
        "check": 0,
        "stage": "commit",
        "people": 0,
        "given": {},
        "again": {},
        "taken": {},
    },
]


@pytest.mark.parametrize("state", ODD, ids=["strange counts", "a step that cannot be"])
def test_a_kept_session_that_is_none_is_refused_and_can_be_deleted(
    wide: Page, site_url: str, state: dict[str, object]
) -> None:
    wide.goto(f"{site_url}training/session/")
    keep = "(state) => localStorage.setItem('training-session /', JSON.stringify({ since: Date.now(), state }))"
    wide.evaluate(keep, state)
    wide.reload()
    expect(wide.locator("[data-trouble]")).to_be_visible(timeout=PATIENCE)
    assert wide.locator("img[src=x]").count() == 0
    wide.get_by_role("button", name="Delete it").click()
    assert wide.evaluate(STORED) == []


# ---- keys, and what a clicker sends


def press_key(session: Session, key: str) -> None:
    """Press a key and wait for the screen that comes of it."""
    session.change(lambda: session.page.keyboard.press(key))


def test_a_clicker_alone_runs_a_session_once_hands_are_typed(wide: Page, site_url: str) -> None:
    """An hour, twenty people, a fork a story with a second vote: sixty presses, a typed count being one."""
    session = Session.begin(wide, site_url, *HOURS[0], short=True)
    presses = forks = 0
    while session.stage != "summary":
        if session.stage in ("commit", "vote"):
            fields = session.console.locator(".tr-hands input")
            if session.console.locator("[name=people]").input_value() == "":
                session.console.locator("[name=people]").fill("20")
                presses += 1
            forks += session.stage == "vote"
            fields.nth(1).fill("12" if session.stage == "commit" else "5")
            fields.nth(2).focus()  # the last count fills itself
            expect(fields.nth(2)).to_have_value("8" if session.stage == "commit" else "15")
            expect(session.console.locator("[data-counted]")).to_have_text("20 of 20")
            presses += 2
        press_key(session, "PageDown")
        presses += 1
    assert forks == 3
    assert presses <= 60
    press_key(session, "PageUp")
    expect(session.root).to_have_attribute("data-stage", "changed")


def test_the_rooms_screen_shows_the_session_has_nothing_to_press_and_hears_the_clicker(
    wide: Page, site_url: str
) -> None:
    """The session in one window, its screen in another; either may be reloaded."""
    session = Session.begin(wide, site_url, "two-years-on")
    session.trainer()
    with wide.expect_popup() as opened:
        session.root.get_by_role("link", name="Open the room’s screen").click()
    stage = Session(opened.value)
    stage.page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    title = published().scenarios["two-years-on"].data["title"]
    expect(stage.screen.locator(".tr-title")).to_have_text(title, timeout=PATIENCE)
    expect(wide.locator("body.tr-projecting")).to_have_count(0)
    session.hands(**{"level-3": 2, "adult-route": 1})
    expect(stage.screen.locator(".tr-spread")).to_be_visible()
    assert stage.page.locator("[data-training] :is(button, input, summary):visible").count() == 0
    assert stage.screen.evaluate("(screen) => screen.inert"), "a link of the screen could be pressed"
    stage.page.keyboard.press("PageDown")
    expect(stage.screen.locator(".tr-spread")).to_have_count(0)
    assert kept_of(wide)["stage"] == "fork"
    stage.page.keyboard.press("b")
    expect(stage.screen).not_to_be_visible()
    expect(session.screen).to_be_visible()
    stage.page.keyboard.press("PageDown")
    expect(stage.screen).to_be_visible()
    shown = stage.screen.locator(".tr-question").first.inner_text()
    stage.page.reload()
    expect(stage.screen.locator(".tr-question").first).to_have_text(shown, timeout=PATIENCE)
    wide.reload()
    expect(session.screen.locator(".tr-question").first).to_have_text(shown, timeout=PATIENCE)
    expect(wide.locator("body.tr-projecting")).to_have_count(0)
    press_key(session, "PageDown")
    press_key(session, "PageDown")
    expect(stage.screen.locator("[data-told]")).to_be_visible()
    small = [text for text in stage.texts() if text["size"] < 24 or text["contrast"] < 7]  # type: ignore[operator]
    assert small == []
    stage.page.close()
    session.trainer()
    session.root.locator("[data-end]").click()
    assert wide.evaluate(STORED) == []


def test_keys_go_on_back_and_blank_and_never_twice(wide: Page, site_url: str) -> None:
    session = Session.begin(wide, site_url, "two-years-on")
    session.hands(**{"level-3": 2, "adult-route": 1})
    stages = []
    for key in ("Space", "ArrowRight", "ArrowLeft", "PageUp"):
        press_key(session, key)
        stages.append(kept_of(wide)["stage"])
    assert stages == ["fork", "vote", "fork", "bars"]
    for key in ("b", ".", "B"):
        wide.keyboard.press(key)
        expect(session.screen).not_to_be_visible()
        wide.keyboard.press("PageDown")  # brings the screen back and goes nowhere
        expect(session.screen).to_be_visible()
    assert kept_of(wide)["stage"] == "bars"
    session.console.locator("[data-go=on]").focus()
    press_key(session, "Space")
    assert kept_of(wide)["stage"] == "fork", "a key on a focused button went two screens"
    wide.keyboard.press("Escape")
    assert not wide.evaluate("document.body.classList.contains('tr-projecting')")


def test_enter_in_a_field_goes_to_the_next_one_and_commits_nothing(wide: Page, site_url: str) -> None:
    session = Session.begin(wide, site_url, "two-years-on")
    session.to("commit")
    fields = session.console.locator("[data-commit] input")
    for n in range(fields.count()):
        fields.nth(n).focus()
        wide.keyboard.type("1")
        wide.keyboard.press("Enter")
    expect(session.console.get_by_role("button", name="Commit this answer")).to_be_focused()
    assert session.stage == "commit"


def press_stop(session: Session, stop: str) -> None:
    """Tab to a button of the console and press it; wait for the next screen."""

    def act() -> None:
        tab_to(session.page, f"[data-console] {stop}")
        session.page.keyboard.press("Enter")

    session.change(act)


def test_a_session_is_run_by_keyboard_alone(wide: Page, site_url: str) -> None:
    wide.goto(f"{site_url}training/session/")
    tab_to(wide, "[name=scenario][value=two-years-on]")
    wide.keyboard.press("Space")
    tab_to(wide, "[data-choose] button[type=submit]")
    wide.keyboard.press("Enter")
    session = Session(wide)
    expect(session.screen.locator(".tr-thought")).to_be_visible(timeout=PATIENCE)
    while session.stage != "commit":
        press_stop(session, "[data-go=on]")
    tab_to(wide, "[id='tr-level-3']")
    wide.keyboard.type("4")
    press_stop(session, "button[type=submit]")
    while session.stage != "outcome":
        assert wide.evaluate("document.activeElement.matches('[data-focus]')"), "reading begins elsewhere"
        press_stop(session, "[data-go=on]")
    assert session.outcome() == "level-3"
    while session.stage != "summary":
        press_stop(session, "[data-go=on]")
    tab_to(wide, "[data-go=end]")
    wide.keyboard.press("Enter")
    expect(session.screen).to_be_empty()


def test_in_forced_colours_answers_and_numbers_can_be_told(wide: Page, site_url: str) -> None:
    wide.emulate_media(forced_colors="active")
    session = Session.begin(wide, site_url, "four-views")
    session.hands(**{"level-2": 2, "level-1": 1})
    bars = session.screen.locator(".tr-bar rect")
    fills = set(bars.evaluate_all("(all) => all.map((e) => getComputedStyle(e).fill)"))
    behind = session.screen.evaluate("(e) => getComputedStyle(e.ownerDocument.body).backgroundColor")
    assert fills
    assert behind not in fills
    session.to("answer")
    border = "(e) => [getComputedStyle(e).borderTopStyle, parseFloat(getComputedStyle(e).borderTopWidth)]"
    assert session.screen.locator("[data-told]").first.evaluate(border) == ["solid", 3]
    session.to("outcome")
    for button in session.console.locator("button:visible").all():
        assert button.evaluate("(e) => getComputedStyle(e).borderTopStyle") == "solid"


LINKS = {
    "#/two-years-on": ["two-years-on"],
    "#/four-views+two-years-on": ["four-views", "two-years-on"],
    "#/": [],
    "#/nobody": [],
    "#/two-years-on+nobody": [],
    "#/two-years-on+two-years-on": [],
    "#/two-years-on&note=Sam": [],
    "#/<img src=x>": [],
}


def test_a_link_holds_scenarios_or_is_refused(wide: Page, site_url: str) -> None:
    for link, chosen in LINKS.items():
        wide.goto("about:blank")
        wide.goto(f"{site_url}training/session/{link}")
        begin = wide.get_by_role("button", name="Begin the session")
        if chosen:
            expect(begin).to_be_enabled()
            assert wide.locator("#session-link").input_value() == f"{site_url}training/session/{link}"
        else:
            expect(wide.locator("[data-trouble]")).to_be_visible()
            expect(begin).to_be_disabled()
        ticked = wide.locator("input[name=scenario]:checked").evaluate_all("(all) => all.map((e) => e.value)")
        assert sorted(ticked) == sorted(chosen)


def test_the_list_is_narrowed_down_by_each_filter(wide: Page, site_url: str) -> None:
    wide.goto(f"{site_url}training/session/")
    shown = wide.locator("li[data-scenario]:visible")
    every = shown.count()
    for name, value in {"level": "level-1", "theme": "exited", "audience": "carers", "minutes": "10"}.items():
        wide.locator(f"#filter-{name}").select_option(value)
        narrowed = shown.count()
        assert 0 < narrowed < every
        wide.locator(f"#filter-{name}").select_option("")
    assert shown.count() == every


def test_practice_gives_feedback_by_step_and_can_be_tried_again(page: Page, site_url: str) -> None:
    page.goto(f"{site_url}training/practise/")
    page.get_by_role("link", name=published().scenarios["told-the-school-nurse"].data["title"]).click()
    practice = Session(page)
    expect(practice.console.locator("[data-commit]")).to_be_visible(timeout=PATIENCE)
    practice.press("Commit this answer", "commit")
    assert page.evaluate("document.activeElement.matches('.dt-error')")
    practice.console.get_by_label("Level 2").check()
    practice.press("Commit this answer", "fork")
    parted = [text for text in practice.to("debrief") if "rules out “Level 2" in text]
    assert len(parted) == 1
    assert practice.outcome() == "level-4"
    assert practice.console.locator(".tr-reasons .dt-cite").count() > 0
    practice.open("Other ways")
    practice.press("Try again", "commit")
    assert practice.console.locator("input:checked").count() == 0


def asked_in_browser(page: Page, requests: list[dict[str, object]]) -> list[dict[str, object]]:
    """What the engine on a training page answers, one request after another."""
    parts = ROOT / "overrides" / "assets" / "shared"  # which are not published one by one
    page.route(
        "**/assets/shared/*.mjs",
        lambda route: route.fulfill(path=parts / Path(route.request.url).name, content_type="text/javascript"),
    )
    answers: list[dict[str, object]] = page.evaluate(
        """async (requests) => {
          const { Engine } = await import("../../assets/shared/engine.mjs");
          const root = document.querySelector("[data-training]");
          const engine = new Engine(new URL(root.dataset.engine, document.baseURI).href);
          const all = [];
          for (const request of requests) all.push(await engine.ask(request));
          engine.stop();
          return all;
        }""",
        requests,
    )
    return answers


def test_every_replay_comes_to_the_same_in_the_browser_as_in_the_build(page: Page, site_url: str) -> None:
    page.goto(f"{site_url}training/session/")
    replays = [replay for scenario in published().scenarios.values() for replay in scenario.replays]
    requests: list[dict[str, object]] = [{"tree": replay.tree, "answers": dict(replay.answers)} for replay in replays]
    page.set_default_timeout(180_000)
    answers = asked_in_browser(page, requests)
    assert len(answers) > 100
    for replay, answer in zip(replays, answers, strict=True):
        tree = published().trees[replay.tree]
        journey = walk(tree, replay.answers)
        known = summary(tree, journey)
        assert [answer[part] for part in ("node", "level", "settled")] == [
            known[part] for part in ("node", "level", "settled")
        ]
        assert answer["path"] == list(journey.passed)
        assert known["outcome"] == replay.expect["outcome"]


def test_a_checklist_is_sorted_by_keyboard_alone(page: Page, site_url: str) -> None:
    page.goto(f"{site_url}training/sorter/")
    page.locator("#sorter-lines").focus()
    page.keyboard.type("The child said that it happens now")
    page.keyboard.press("Enter")
    page.keyboard.type("Stays out late")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[data-sorting]")).to_be_visible(timeout=PATIENCE)
    for keys in (["Tab", "Space"], ["Tab", "Space"], ["Tab", "ArrowDown"]):
        for key in keys:
            page.keyboard.press(key)
    expect(page.locator("[data-warning]")).to_be_visible()
    assert page.locator("[data-place=harm] li").all_inner_texts() == ["The child said that it happens now"]
    assert page.evaluate("document.activeElement.name") == "line-1"
    page.get_by_role("button", name="Clear everything").click()
    assert page.locator("#sorter-lines").input_value() == ""
    expect(page.locator("[data-report]")).to_be_empty()


def test_the_sheets_of_a_set_are_its_own_and_carry_a_code_for_each_link(page: Page, site_url: str) -> None:
    for chosen in (["two-years-on", "not-home-since-last-night"], ["not-home-since-last-night", "two-years-on"]):
        page.goto("about:blank")
        page.goto(f"{site_url}training/sheets/#/{'+'.join(chosen)}")
        visible = page.locator("article[data-scenario]:visible")
        expect(visible).to_have_count(2)
        assert visible.evaluate_all("(all) => all.map((e) => e.dataset.scenario)") == chosen
    page.get_by_label("With the blank flow of each tool").check()
    tools = page.locator("article[data-tool]:visible").evaluate_all("(all) => all.map((e) => e.dataset.tool)")
    assert sorted(tools) == ["level", "missing", "referral"]
    assert visible.locator("[data-qr] svg").count() == 2
    assert visible.first.locator("[data-own-link]").inner_text().startswith(f"{site_url}training/practise/#/")


def test_the_list_says_what_a_story_comes_to_only_when_asked(wide: Page, site_url: str) -> None:
    wide.goto(f"{site_url}training/session/")
    said = wide.locator("li[data-scenario] .tr-comes-to")
    assert said.count() > 30
    expect(said.first).to_be_hidden()
    wide.get_by_label("Show what each comes to").check()
    expect(said.first).to_be_visible()


def test_what_is_said_of_every_option_is_the_same_in_the_browser_as_in_the_build(
    page: Page, site: Path, site_url: str
) -> None:
    """Each check of each story with a hand for every option, all shown at once: where each parts, and by what."""
    page.goto(f"{site_url}training/session/")
    page.set_default_timeout(300_000)
    respond = responder(site)
    bank = page.evaluate(BANK)
    requests: list[dict[str, object]] = []
    expected = []
    for id, scene in bank.items():
        shared = {"scenes": {id: scene}}
        state: dict[str, object] = {"mode": "session", "scenes": [id], "people": 0, "again": {}, "taken": {}}
        for n, check in enumerate(scene["checks"]):
            given = {id: {check["tree"]: {node.id: 1 for node in outcomes(published().trees[check["tree"]])}}}
            at = {**state, "scene": 0, "check": n, "stage": "debrief", "given": given}
            judged = [{id: {check["tree"]: one["if"][check["open"][0]][0]}} for one in check.get("branches", ())]
            for taken in judged or [{}]:
                part = {**shared, "do": "here", "state": {**at, "taken": taken}}
                requests.append({"training": part, "base": "../../"})
                expected.append(json.loads(respond(json.dumps(requests[-1]))))
    assert all(one["ok"] for one in expected)
    assert sum(one["console"].count("<li data-part=") for one in expected) > 250
    answers = asked_in_browser(page, requests)
    for request, answer, known in zip(requests, answers, expected, strict=True):
        assert answer == known, request
