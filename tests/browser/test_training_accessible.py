"""WCAG 2.2 AA in every state of the training pages, on the smallest screen and as a projector shows them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe, look
from tests.browser.seen import SMALL, WIDE, Seen, axe_in_both_schemes
from tests.browser.tool import press
from tests.browser.training import PATIENCE, Session, open_notes
from tests.conftest import NewPage

pytestmark = pytest.mark.browser

STATES = {
    "session: choose",
    "session: chosen",
    "read",
    "pairs",
    "commit",
    "commit, nothing counted",
    "bars",
    "fork",
    "vote",
    "answer",
    "outcome",
    "debrief",
    "guess",
    "changed",
    "nobody disputes",
    "summary",
    "trainer",
    "practise: choose",
    "practise: commit",
    "practise: nothing chosen",
    "practise: fork",
    "practise: answer",
    "practise: debrief",
    "practise: the end",
    "sorter",
    "sorter: no line",
    "sorter: lines",
    "sorter: harm in a risk tool",
    "sheets",
    "sheets: following",
    "strange link",
}


def states(page: Page, url: str) -> Iterator[str]:
    """Every state of every training page, one after another. The page stands in each when its name is given."""
    page.goto(f"{url}training/session/")
    yield "session: choose"
    page.goto(f"{url}training/session/#/nobody")
    yield "strange link"
    page.goto("about:blank")
    page.goto(f"{url}training/session/#/four-views")
    yield "session: chosen"
    session = Session.begin(page, url, "four-views")
    for stage in ("read", "pairs", "commit"):
        session.to(stage)
        yield stage
    session.press("Commit this answer", "commit")
    yield "commit, nothing counted"
    session.hands(**{"level-2": 2, "level-1": 1, "level-3": 1})
    for stage in ("bars", "fork", "vote", "answer", "outcome", "debrief", "guess", "changed"):
        session.to(stage)
        for details in session.console.locator("details").all():
            details.evaluate("(e) => (e.open = true)")
        yield stage
    session.trainer()
    session.open("Other ways")
    session.press("Count the hands anew", "commit")
    session.room()
    session.hands(**{"level-2": 2})
    session.to("passed")
    yield "nobody disputes"
    session.trainer()
    session.open("Other ways")
    session.press("End here: the close", "summary")
    session.room()
    yield "summary"
    session.trainer()
    yield "trainer"
    session.root.locator("[data-end]").click()

    page.goto(f"{url}training/practise/")
    yield "practise: choose"
    page.goto(f"{url}training/practise/#/four-views")
    practice = Session(page)
    expect(practice.console.locator("[data-commit]")).to_be_visible(timeout=PATIENCE)
    yield "practise: commit"
    practice.press("Commit this answer", "commit")
    yield "practise: nothing chosen"
    practice.console.locator("input").first.check()
    practice.press("Commit this answer", "fork")
    for stage in ("fork", "answer", "debrief"):
        practice.to(stage)
        yield f"practise: {stage}"
    practice.to("changed")
    while practice.stage != "summary" and practice.console.get_by_role("button", name="Done").count() == 0:
        practice.on()
    practice.press("Done", "summary")
    yield "practise: the end"

    page.goto(f"{url}training/sorter/")
    yield "sorter"
    press(page.get_by_role("button", name="Sort these lines"))
    expect(page.locator("[data-screen] .dt-error")).to_be_visible(timeout=PATIENCE)
    yield "sorter: no line"
    page.locator("#sorter-lines").fill("The child said that it happens now\nStays out late\nHas a good friend")
    press(page.get_by_role("button", name="Sort these lines"))
    expect(page.locator("[data-sorting]")).to_be_visible(timeout=PATIENCE)
    yield "sorter: lines"
    for id in ("purpose-risk", "line-0-harm", "line-1-unsure", "line-2-protective"):
        page.locator(f"#{id}").check()
    expect(page.locator("[data-place]")).to_have_count(3)
    yield "sorter: harm in a risk tool"

    page.goto(f"{url}training/sheets/#/four-views+not-home-since-last-night")
    expect(page.locator("[data-qr] svg").first).to_be_visible()
    yield "sheets"
    page.goto("about:blank")
    open_notes(page, url)
    page.evaluate("new BroadcastChannel('training /').postMessage({ scenario: 'four-views', step: 'level.reveal.2' })")
    expect(page.locator("[aria-current=step]")).to_be_visible()
    yield "sheets: following"


@pytest.fixture(scope="module", params=["small", "projected"])
def seen(request: pytest.FixtureRequest, new_page: NewPage, site_url: str) -> Seen:
    """What was found in each state, on a screen of one size."""
    small = request.param == "small"
    with new_page() as page:
        return look_at_all(page, site_url, small=small)


def look_at_all(page: Page, site_url: str, *, small: bool) -> Seen:
    page.set_viewport_size(SMALL if small else WIDE)  # type: ignore[arg-type]
    page.emulate_media(reduced_motion="reduce")
    page.on("dialog", lambda dialog: dialog.accept())
    found = Seen()
    for state in states(page, site_url):
        found.places.add(state)
        axe.add(page)
        found.note("axe", state, axe_in_both_schemes(page, found.judged, aside=".md-sidebar, .site-menu"))
        found.note("headings", state, look.headings(page))
        found.note("targets", state, look.small_targets(page, "main"))
        if small:
            found.note("overflow", state, look.overflowing(page))
            found.note("spacing", state, look.clipped(page, "main"))
    return found


def test_every_state_was_looked_at(seen: Seen) -> None:
    assert seen.places == STATES


@pytest.mark.parametrize("question", ["axe", "headings", "targets", "overflow", "spacing"])
def test_every_state_of_training_holds_to(seen: Seen, question: str) -> None:
    assert seen.about(question) == {}, seen.about(question)
