"""What a page is called: what it has become, and never an answer, a level, a story or a word that was typed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_record import open_file
from tests.browser.tool import Tool, press
from tests.browser.training import PATIENCE, Session, open_notes
from tests.conftest import NO_SHARED_WORKER
from tests.trees import published

STORY = "two-years-on"


@pytest.fixture
def named(page: Page) -> Iterator[Page]:
    """A page whose titles hold no story's name, no level, and nothing that the tests below type."""
    page.add_init_script(
        """window.titles = [];
           document.addEventListener("DOMContentLoaded", () => new MutationObserver(() => titles.push(document.title))
             .observe(document.head, { subtree: true, childList: true, characterData: true }));"""
    )
    yield page
    said = " ".join(title.partition(" - ")[0] for title in page.evaluate("[...titles, document.title]"))
    banned = ("Level", "zebrafinch", published().scenarios[STORY].data["title"])
    assert [word for word in banned if word.lower() in said.lower()] == []


def own(page: Page) -> str:
    """The page's own name, before it becomes something else."""
    title = page.title()
    assert ":" not in title.partition(" - ")[0]
    return title


def test_a_tool_that_cannot_start_and_a_file_that_is_refused_are_errors(chromium: Browser, site_url: str) -> None:
    context = chromium.new_context()
    context.add_init_script(NO_SHARED_WORKER)
    page = context.new_page()
    page.route("**/engine-worker*", lambda route: route.abort())
    tool = Tool.open(page, site_url)
    tool.expect_state("unavailable")
    assert page.title().startswith("Error: ")
    page.unroute("**/engine-worker*")
    tool.trouble.get_by_role("button").click()
    tool.expect_state("asking")
    expect(page).not_to_have_title("Error: ", timeout=1)
    name = page.title()
    assert not name.startswith("Error")
    open_file(tool, "{", steps=False)
    expect(page).to_have_title(f"Error: {name}")
    context.close()


def test_what_the_finders_found_is_no_part_of_their_names(named: Page, site_url: str) -> None:
    named.goto(f"{site_url}library/")
    name = own(named)
    for words, title in (("level 4", f"Links found: {name}"), ("zebrafinch", f"No link found: {name}"), ("", name)):
        named.locator("#link-words").fill(words)
        expect(named).to_have_title(title)
    named.goto(f"{site_url}training/session/")
    name = own(named)
    named.locator("#filter-level").select_option("level-1")
    expect(named).to_have_title(f"Scenarios found: {name}")
    named.locator("#filter-level").select_option("")
    expect(named).to_have_title(name)


def test_a_session_its_windows_and_practice_have_names(named: Page, site_url: str) -> None:
    named.goto(f"{site_url}training/session/")
    name = own(named)
    session = Session.begin(named, site_url, STORY)
    assert named.title() == f"Session: {name}"
    for path, title in (("session/#/stage", f"Room’s screen: {name}"), ("sheets/#/follow", "Facilitator’s notes: ")):
        window = named.context.new_page()
        window.goto(f"{site_url}training/{path}")
        assert window.title().startswith(title)
        window.close()
    session.open("Other ways")
    session.press("End here: the close", "summary")
    assert named.title() == f"The close: {name}"
    named.goto(f"{site_url}training/session/#/nobody")
    assert named.title() == f"Error: {name}"
    named.goto(f"{site_url}training/practise/#/{STORY}")
    expect(session.console.locator("[data-commit]")).to_be_visible(timeout=PATIENCE)
    assert named.title().startswith("Practice: ")
    session.press("Commit this answer", "commit")
    assert named.title().startswith("Error: ")


def test_the_sorter_and_the_copy_have_names(named: Page, site_url: str) -> None:
    named.goto(f"{site_url}training/sorter/")
    name = own(named)
    press(named.locator("[data-lines] [type=submit]"))
    expect(named).to_have_title(f"Error: {name}", timeout=PATIENCE)
    named.locator("#sorter-lines").fill("zebrafinch")
    press(named.locator("[data-lines] [type=submit]"))
    expect(named).to_have_title(f"Sorted: {name}")
    press(named.get_by_role("button", name="Clear everything"))
    expect(named).to_have_title(name)
    named.add_init_script("ServiceWorkerContainer.prototype.register = () => Promise.reject(new Error('no'))")
    named.goto(f"{site_url}offline/")
    name = own(named)
    named.locator("[data-offline-keep]").click()
    expect(named).to_have_title(f"Error: {name}")


def test_the_notes_open_behind_a_question(page: Page, site_url: str) -> None:
    """Whether they are a tab over the projected page or a window of their own, no page can know."""
    session = Session.begin(page, site_url, STORY)
    notes = page.context.new_page()
    notes.goto(session.root.locator('a[href*="#/follow"]').evaluate("(link) => link.href"))
    expect(notes.locator("[data-followed]")).to_contain_text("off the projector?")
    session.on()
    expect(notes.locator(".training-sheets article").locator("visible=true")).to_have_count(0)
    press(notes.get_by_role("button", name="show the notes"))
    expect(notes.locator(f"article[data-scenario={STORY}]")).to_be_visible()
    again = page.context.new_page()
    again.route("**/assets/site/*.mjs", lambda route: route.abort())
    again.goto(f"{site_url}training/sheets/#/follow")
    expect(again.locator(".training-sheets article").first).to_be_hidden()
    for window in (again, notes):
        window.close()
    other = page.context.new_page()
    open_notes(other, site_url)
    expect(other.locator(f"article[data-scenario={STORY}]")).to_be_visible()
