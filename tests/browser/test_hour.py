"""An hour that fits, in a real browser: one tap, the tray, the sheets and the summary on paper, and the close."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.training import Session
from tests.trees import ROOT, published

pytestmark = pytest.mark.browser

SESSIONS: dict[str, Any] = json.loads((ROOT / "decision_trees" / "sessions.json").read_text("utf-8"))
HOURS: list[list[str]] = [one["scenarios"] for one in SESSIONS["sessions"]]
PHONE, LAPTOP = {"width": 360, "height": 740}, {"width": 1366, "height": 768}
STAGES = [{"width": 1280, "height": 720}, {"width": 1024, "height": 768}]
LONG = ["the-trainer", "half-a-sentence", "a-new-jacket"]
"""Stories with many checks."""


def main_of(id: str) -> dict[str, Any]:
    checks = published().scenarios[id].data["checks"]
    return next((check for check in checks if check["tree"] == "level"), checks[0])


def can_come_to(check: dict[str, Any]) -> list[str]:
    """The outcomes of a check: of each of its branches, if it leaves something to the room."""
    return [one["expect"]["outcome"] for one in check.get("branches", (check,))]


def pages_of(page: Page) -> int:
    """How many sheets of A4 a page takes."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))


def in_window(page: Page, selector: str) -> bool:
    """Whether the whole of an element is to be seen."""
    inside = """(e) => {
      const { top, bottom } = e.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight && e.checkVisibility();
    }"""
    return bool(page.locator(selector).evaluate(inside))


# ---- choosing


def test_one_tap_chooses_an_hour_that_its_link_carries(page: Page, site_url: str) -> None:
    page.goto(f"{site_url}training/session/")
    begin = page.get_by_role("button", name="Begin the session")
    expect(begin).to_be_disabled()
    page.locator("[data-session]").first.click()
    expect(begin).to_be_enabled()
    expect(page.locator("[data-session][aria-pressed=true]")).to_have_count(1)
    expect(page.locator("[data-chosen] li")).to_have_count(3)
    minutes = 5 + sum(main_of(id)["minutes"] for id in HOURS[0]) + 9
    expect(page.locator("[data-length]")).to_contain_text(f"{minutes} of 60")
    link = page.locator("#session-link").input_value()
    assert link == f"{site_url}training/session/#/{'+'.join(HOURS[0])}/short"
    page.goto("about:blank")
    page.goto(link)
    expect(page.locator("#short-session")).to_be_checked()
    expect(page.locator("[data-session][aria-pressed=true]")).to_have_count(1)
    begin.click()
    session = Session(page)
    for id in HOURS[0]:
        check = main_of(id)
        expect(session.screen.locator(".tr-thought")).to_be_visible(timeout=60_000)
        outcome = can_come_to(check)[0]
        session.hands(**{outcome: 1})
        session.to("outcome")
        assert session.outcome() == outcome
        session.skip()
    expect(session.root).to_have_attribute("data-stage", "summary")


def test_a_choice_of_ones_own_is_held_against_the_hour(page: Page, site_url: str) -> None:
    page.goto(f"{site_url}training/session/#/{'+'.join(LONG)}")
    expect(page.locator("#short-session")).not_to_be_checked()
    whole = 14 + sum(check["minutes"] for id in LONG for check in published().scenarios[id].data["checks"])
    expect(page.locator("[data-length]")).to_contain_text(f"{whole} minutes, {whole - 60} more than 60")
    page.locator("#short-session").check()
    short = 14 + sum(main_of(id)["minutes"] for id in LONG)
    expect(page.locator("[data-length]")).to_contain_text(f"{short} of 60")
    assert page.locator("#session-link").input_value().endswith("/short")
    page.locator(f"#choose-{LONG[0]}").uncheck()
    expect(page.locator("[data-chosen] li")).to_have_count(2)


@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_what_is_chosen_stays_in_sight_while_choosing(page: Page, site_url: str, size: Any) -> None:
    page.set_viewport_size(size)
    page.goto(f"{site_url}training/session/")
    boxes = page.locator("input[name=scenario]")
    for n in (0, 16, 33):
        boxes.nth(n).press("Space")  # a mouse as quick as this would be taken for a double click
        expect(boxes.nth(n)).to_be_checked()
        for part in ("[data-tray]", "[data-chosen] li:first-child", "[data-length]", "[data-tray] [type=submit]"):
            assert in_window(page, part), (part, n)
    page.locator("#filter-level").focus()
    hidden = """() => {
      const top = document.querySelector("[data-tray]").getBoundingClientRect().top;
      return document.activeElement.name === "scenario"
        && document.activeElement.getBoundingClientRect().bottom > top + 1;
    }"""
    for _ in range(20):
        page.keyboard.press("Tab")
        assert not page.evaluate(hidden), "the focus is behind the tray"


# ---- paper


@pytest.mark.parametrize("scenes", [*HOURS, LONG], ids="+".join)
@pytest.mark.parametrize("short", [True, False], ids=["short", "whole"])
def test_the_sheets_of_an_hour_take_eight_pages_at_most(
    page: Page, site_url: str, scenes: list[str], *, short: bool
) -> None:
    page.goto(f"{site_url}training/sheets/#/{'+'.join(scenes)}{'/short' if short else ''}")
    stories = page.locator("article[data-scenario]:visible")
    expect(stories).to_have_count(3)
    assert stories.evaluate_all("(all) => all.map((e) => e.dataset.scenario)") == scenes
    expect(page.locator("[data-qr] svg:visible")).to_have_count(3)
    expect(page.locator("article[data-tool]:visible")).to_have_count(0)
    checks = sum(1 if short else len(published().scenarios[id].data["checks"]) for id in scenes)
    expect(page.locator(".tr-checked:visible")).to_have_count(checks)
    assert 6 <= pages_of(page) <= (8 if short else 11)


def test_blank_flows_come_on_asking_and_are_those_of_the_checks_that_are_on(page: Page, site_url: str) -> None:
    page.goto(f"{site_url}training/sheets/#/{'+'.join(LONG)}/short")
    flows = page.locator("article[data-tool]:visible")
    expect(flows).to_have_count(0)
    page.get_by_label("With the blank flow of each tool").check()
    expect(flows).to_have_count(1)
    page.goto(f"{site_url}training/sheets/#/{'+'.join(LONG)}")
    expect(flows).to_have_count(4)


@pytest.mark.parametrize("short", [True, False], ids=["short", "whole"])
def test_the_close_is_one_screen_and_the_summary_one_page(page: Page, site_url: str, *, short: bool) -> None:
    scenes = HOURS[0] if short else LONG
    page.set_viewport_size(STAGES[0])  # type: ignore[arg-type]
    page.goto(f"{site_url}training/session/#/{'+'.join(scenes)}{'/short' if short else ''}")
    page.get_by_role("button", name="Begin the session").click()
    session = Session(page)
    for id in scenes:
        for check in [main_of(id)] if short else published().scenarios[id].data["checks"]:
            expect(session.screen.locator(".tr-thought")).to_be_visible(timeout=60_000)
            session.to("commit")
            fields = session.console.locator(".tr-hands input").all()
            for field in fields if short else fields[:3]:
                field.fill("4")
            session.press("Commit this answer", "bars")
            session.to("outcome")
            assert session.outcome() in can_come_to(check)
            session.skip()
    expect(session.root).to_have_attribute("data-stage", "summary")
    sentences = [published().scenarios[id].data["teaches"][0] for id in scenes]
    assert session.screen.locator(".tr-home li").all_inner_texts() == sentences
    for size in STAGES:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.evaluate("scrollTo(0, 0)")
        assert in_window(page, ".tr-home")
        assert in_window(page, "[data-console] > .tr-buttons")
        assert not in_window(page, ".tr-summary > h2")
    assert session.root.locator("[data-screen], [data-console]").locator("input, textarea").count() == 0
    assert pages_of(page) == 1
    page.emulate_media(media="print")
    expect(page.locator(".tr-pledge")).to_be_visible()
    for id in scenes:
        expect(page.get_by_role("heading", name=published().scenarios[id].data["title"], exact=True)).to_be_visible()
