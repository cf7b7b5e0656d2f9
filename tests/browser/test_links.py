"""The page for editors who link here, and permanent links as a browser follows them, with and without scripts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from macros.site.links.redirects import RedirectPage
from tests.browser import axe, look
from tests.browser.host import hosted
from tests.browser.seen import SMALL, axe_in_both_schemes
from tests.conftest import ROOT

FIELD = "#link-words"
FOUND = "[data-links-found]"
MENU = "[data-links-menu]"
DRAWN = """async (text) => {
  const { renderSVG } = await import("../uqr.mjs");
  const made = Object.assign(document.createElement("div"), { innerHTML: renderSVG(text, { ecc: "M", border: 4 }) });
  return made.firstChild.innerHTML;
}"""
"""What a code for a text looks like."""
ONE_OF_EACH = {
    "tool-level": "Work out the level of a concern",
    "page-levels": "The four levels",
    "section-level-4": "Level 4: harm is highly likely or is happening (The four levels)",
    "s9-11": None,
    "level-danger": None,
    "level-level-2": None,
    "scenario-two-years-on": "Two years on",
    "q-5": "Question 5: What separates levels 1, 2 and 3?",
    "dc-1": "Design choice 1: a missing episode rules out level 1",
    "word-cads": "CADS",
}


@pytest.fixture
def library(page: Page, site_url: str) -> Page:
    """The page with every permanent link, in a browser that lets it copy."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site_url.rstrip("/"))
    page.goto(f"{site_url}library/")
    return page


def row(page: Page, id: str) -> Locator:
    """The row of a link, looked for by its id."""
    page.locator(FIELD).fill(id)
    return page.locator("[data-link-library] li:visible").filter(has=page.get_by_text(id, exact=True))


def copied(page: Page, id: str, way: str) -> str:
    """What is on the clipboard after a link was copied."""
    here = row(page, id)
    if here.locator(MENU).count() == 0 or here.locator(MENU).is_hidden():
        here.get_by_role("button", name="Copy a link").click()
    page.evaluate("navigator.clipboard.writeText('')")
    page.get_by_role("button", name=way, exact=True).click()
    expect(page.locator("[data-links-said]")).to_contain_text("Copied")
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text


def test_each_kind_is_copied_as_an_address_as_html_and_as_markdown(library: Page, site: Path, site_url: str) -> None:
    links = {link["id"]: link for link in json.loads((site / "links.json").read_text("utf-8"))["links"]}
    assert {links[id]["kind"] for id in ONE_OF_EACH} == {link["kind"] for link in links.values()}
    for id, text in ONE_OF_EACH.items():
        said = links[id]["text"]
        assert text in (None, said)
        address = f"{site_url}go/{id}/"
        assert copied(library, id, "Address") == address
        assert copied(library, id, "HTML link") == f'<a href="{address}">{said}</a>'
        assert copied(library, id, "Markdown link") == f"[{said}]({address})"


def test_words_that_would_be_markup_are_copied_as_words(library: Page, site_url: str) -> None:
    link = row(library, "q-5").locator("a")
    link.evaluate("link => (link.textContent = '<b> & \"c\" [d] *e* `f`')")
    address = f"{site_url}go/q-5/"
    html = copied(library, "q-5", "HTML link")
    made = library.evaluate("html => Object.assign(document.createElement('p'), { innerHTML: html }).textContent", html)
    assert made == '<b> & "c" [d] *e* `f`'
    assert copied(library, "q-5", "Markdown link") == rf'[\<b\> \& "c" \[d\] \*e\* \`f\`]({address})'


def test_words_narrow_the_list_down_and_the_count_is_announced(library: Page) -> None:
    total = library.locator("[data-link-library] li").count()
    expect(library.locator(FOUND)).to_have_text(f"{total} links")
    expect(library.locator(FOUND)).to_have_attribute("role", "status")
    library.locator(FIELD).press_sequentially("CONSENT aged")
    library.locator(FIELD).fill("Consent")
    shown = library.locator("[data-link-library] li:visible")
    assert 10 < shown.count() < 100
    expect(library.locator(FOUND)).to_have_text(f"{shown.count()} links found")
    rows = shown.evaluate_all("all => all.map((row) => row.closest('details').textContent.toLowerCase())")
    assert all("consent" in text for text in rows)
    library.locator(FIELD).fill("no such link at all")
    expect(library.locator(FOUND)).to_contain_text("No link")
    expect(shown).to_have_count(0)
    library.locator(FIELD).fill("")
    expect(library.locator(FOUND)).to_have_text(f"{total} links")
    expect(library.locator("[data-link-library] details[open]")).to_have_count(0)
    assert library.url.endswith("/library/")


@pytest.mark.parametrize(
    "words", ["CADS number", "Engage phone", "police number", "out of hours number", "phone number"]
)
def test_a_link_is_found_by_what_people_type(library: Page, words: str) -> None:
    library.locator(FIELD).fill(words)
    expect(library.locator("[data-link-library] li:visible a[href$='go/page-contacts/']")).to_be_visible()


def test_a_found_link_has_its_button_at_once(library: Page) -> None:
    """Who types and tabs is quicker than a browser that says a fold has opened."""
    buttons = library.evaluate(
        """field => {
          field = document.querySelector(field);
          field.value = "two years";
          field.dispatchEvent(new Event("input"));
          return document.querySelectorAll("[data-link-library] li:not([hidden]) > button").length;
        }""",
        FIELD,
    )
    assert buttons == library.locator("[data-link-library] li:visible").count() > 0


def test_the_keyboard_alone_copies_a_link(library: Page, site_url: str) -> None:
    library.locator(FIELD).focus()
    library.keyboard.type("two years")
    for _ in range(3):  # the fold, the link, its button
        library.keyboard.press("Tab")
    button = library.get_by_role("button", name="Copy a link: Two years on")
    expect(button).to_be_focused()
    library.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    for _ in range(3):
        library.keyboard.press("Tab")
    library.keyboard.press("Enter")
    expect(library.locator("[data-links-said]")).to_contain_text("Markdown")
    text = library.evaluate("navigator.clipboard.readText()")
    assert text == f"[Two years on]({site_url}go/scenario-two-years-on/)"
    library.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(library.locator(MENU)).to_be_hidden()


def test_where_a_page_may_not_copy_the_text_is_there_to_be_copied_by_hand(library: Page, site_url: str) -> None:
    library.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')); }")
    row(library, "q-5").get_by_role("button", name="Copy a link").click()
    library.get_by_role("button", name="Address", exact=True).click()
    field = library.locator(f"{MENU} textarea")
    expect(field).to_have_value(f"{site_url}go/q-5/")
    assert library.evaluate("getSelection().toString() || document.activeElement.value") == f"{site_url}go/q-5/"


def test_tools_and_stories_alone_have_a_code_which_holds_their_address(library: Page, site_url: str) -> None:
    code = library.locator("[data-links-code] svg")
    drawn = []
    source = ROOT / "node_modules" / "uqr" / "dist" / "index.mjs"
    library.route("**/uqr.mjs", lambda route: route.fulfill(path=source, content_type="text/javascript"))
    for id in ("tool-level", "scenario-two-years-on"):
        row(library, id).get_by_role("button", name="Copy a link").click()
        library.get_by_role("button", name="QR code").click()
        expect(code).to_have_accessible_name(f"QR code for {site_url}go/{id}/")
        drawn.append(code.inner_html())
        assert drawn[-1] == library.evaluate(DRAWN, f"{site_url}go/{id}/")
        expect(library.locator("[data-links-save]")).to_have_attribute("download", f"{id}.svg")
    assert drawn[0] != drawn[1]
    row(library, "q-5").get_by_role("button", name="Copy a link").click()
    expect(library.get_by_role("button", name="QR code")).to_be_hidden()


def test_an_open_list_with_its_menu_is_accessible_on_a_small_screen(library: Page) -> None:
    library.emulate_media(reduced_motion="reduce")
    library.set_viewport_size(SMALL)  # type: ignore[arg-type]
    axe.add(library)
    row(library, "scenario-two-years-on").get_by_role("button", name="Copy a link").click()
    library.get_by_role("button", name="QR code").click()
    expect(library.locator("[data-links-save]")).to_be_visible()
    assert axe_in_both_schemes(library, axe.Judged()) == []
    for finds in (look.small_targets, look.overflowing, look.headings, look.moving):
        assert finds(library) == []
    assert look.clipped(library, ".md-container") == []
    assert look.unseen_focus(library, ".md-main") == []


# ---- without scripts, and below a path


def test_without_scripts_the_whole_list_is_there_and_nothing_that_needs_one(
    without_scripts: Page, site_url: str, site: Path
) -> None:
    page = without_scripts
    page.goto(f"{site_url}library/")
    listed = json.loads((site / "links.json").read_text("utf-8"))["links"]
    addresses = page.locator("[data-link-library] li a").evaluate_all("all => all.map((link) => link.href)")
    assert sorted(addresses) == sorted(site_url + link["go"] for link in listed if "leads_to" not in link)
    assert page.locator("[data-link-library] :is(button, input, textarea):visible").count() == 0
    page.locator("[data-links-kind=tool] summary").click()
    page.get_by_role("link", name="Work out the level of a concern").last.click()
    page.wait_for_url(f"{site_url}tools/level/")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_browser_follows_each_kind_of_link_below_a_path(chromium: Browser, site: Path, scripts: bool) -> None:
    links = {link["id"]: link for link in json.loads((site / "links.json").read_text("utf-8"))["links"]}
    context = chromium.new_context(java_script_enabled=scripts)
    with hosted(site) as host:
        page = context.new_page()
        for id in ("page-home", "s2-l1-02", "level-level-2", "q-5", "word-cads"):
            page.goto(f"{host.url}go/{id}/", wait_until="commit")
            page.wait_for_url(host.url + links[id]["address"])
            anchor = links[id]["address"].partition("#")[2]
            if anchor:
                expect(page.locator(f"[id='{anchor}']")).to_be_in_viewport()
        page.goto(f"{host.url}go/scenario-two-years-on/", wait_until="commit")
        page.wait_for_url(f"{host.url}training/practise/#/two-years-on")
        expect(page.get_by_text("Two years on").locator("visible=true").first).to_be_in_viewport()
    context.close()


def test_what_moved_takes_the_place_on_the_page_along(page: Page, site_url: str) -> None:
    html = RedirectPage("procedure/old/", "procedure/levels/", "The four levels", "D.", "S", carries=True).html
    page.route("**/procedure/old/", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto(f"{site_url}procedure/old/#level-4", wait_until="commit")
    page.wait_for_url(f"{site_url}procedure/levels/#level-4")
