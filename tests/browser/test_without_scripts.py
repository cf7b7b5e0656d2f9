"""Without JavaScript: the first question, the police advice and the whole tree can be read, and nothing can be sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.browser.journeys import bundle_of


@pytest.fixture(params=["level", "consent", "definition", "referral", "missing"])
def tree(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_first_question_and_the_police_advice_are_on_the_page(
    without_scripts: Page, site_url: str, site: Path, tree: str
) -> None:
    page = without_scripts
    page.goto(f"{site_url}tools/{tree}/")
    bundle = json.loads(bundle_of(site))
    tool = page.locator(f'[data-decision-tool="{tree}"]')
    group = tool.get_by_role("group").first
    expect(group).to_be_visible()
    expect(tool.get_by_role("checkbox")).to_have_count(len(bundle["facts"]["danger"]["options"]))
    for option in bundle["facts"]["danger"]["options"]:
        row = group.locator("label", has=page.locator(f'[value="{option["value"]}"]'))
        expect(row).to_be_visible()
        assert row.inner_text().strip().splitlines() == [option["text"], *filter(None, [option.get("hint")])]
    expect(tool.get_by_text(bundle["results"]["police-first"]["action"])).to_be_visible()
    expect(tool.get_by_text("999", exact=True)).to_be_visible()
    question = group.bounding_box()
    advice = tool.locator(".dt-first").bounding_box()
    assert advice is not None
    assert question is not None
    assert advice["y"] < question["y"], "the police advice comes after the question"


def test_the_whole_tree_can_be_read(without_scripts: Page, site_url: str, site: Path, tree: str) -> None:
    page = without_scripts
    page.goto(f"{site_url}tools/{tree}/")
    bundle = json.loads(bundle_of(site))
    shown = " ".join(page.locator(f"#{tree}-as-text").inner_text().split())
    trees = parts_of(bundle, tree)
    nodes = [node for part in trees for node in part["nodes"]]
    facts = {ask if isinstance(ask, str) else ask["fact"] for node in nodes for ask in node.get("ask", ())}
    results = {result for node in nodes for edge in node.get("next", ()) for result in edge.get("say", ())}
    expected = [bundle["facts"][fact]["text"] for fact in facts]
    expected += [option["text"] for fact in facts for option in bundle["facts"][fact].get("options", ())]
    expected += [edge["because"] for node in nodes for edge in node.get("next", ())]
    expected += [node["title"] for node in nodes if node["kind"] == "outcome"]
    said = [bundle["results"][result] for result in results]
    expected += [one[key] for one in said for key in ("action", "actor", "timescale") if key in one]
    assert [text for text in expected if " ".join(text.split()) not in shown] == []


def test_nothing_can_be_sent(without_scripts: Page, site_url: str, tree: str) -> None:
    page = without_scripts
    page.goto(f"{site_url}tools/{tree}/")
    sent = sending(page)
    button = page.locator("[data-screen] button[type=submit]")
    expect(button).to_be_disabled()
    page.get_by_role("checkbox").first.check()
    page.get_by_role("checkbox").first.press("Enter")
    button.click(force=True)
    button.dispatch_event("click")
    assert sent() == []
    assert page.url == f"{site_url}tools/{tree}/"


def test_the_forms_could_not_be_sent_even_with_the_button(page: Page, site_url: str) -> None:
    """The build writes `method="dialog"`: a form of that kind goes nowhere, whatever else fails."""
    page.route("**/site/tool.*.mjs", lambda route: route.abort())
    page.goto(f"{site_url}tools/level/")
    sent = sending(page)
    page.locator("[data-screen] button[type=submit]").evaluate("button => (button.disabled = false)")
    page.get_by_role("checkbox").first.check()
    page.locator("[data-screen] button[type=submit]").click()
    page.get_by_role("checkbox").first.press("Enter")
    assert sent() == []
    assert page.url == f"{site_url}tools/level/"


def test_a_form_that_could_be_sent_would_be_noticed(chromium: Browser, site_url: str) -> None:
    """The content policy is put aside, for it would stop the form as well."""
    context = chromium.new_context(bypass_csp=True)
    page = context.new_page()
    page.route("**/site/tool.*.mjs", lambda route: route.abort())
    page.goto(f"{site_url}tools/level/")
    sent = sending(page)
    with page.expect_navigation():
        page.locator("form[data-node]").evaluate("form => { form.method = 'get'; form.submit(); }")
    assert [url.partition("?")[0] for url in sent()] == [f"{site_url}tools/level/"]
    context.close()


def sending(page: Page) -> Callable[[], list[str]]:
    """From now on, the addresses of requests that leave the page or carry something: those a form can make.

    What the page itself still loads is not meant. A page that is left asks for the next one before it answers again.
    """
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request))

    def sent() -> list[str]:
        page.screenshot()  # what was sent is under way once the page has been painted again
        return [one.url for one in requests if one.is_navigation_request() or one.method != "GET" or one.post_data]

    return sent


def parts_of(bundle: dict, tree: str) -> list[dict]:  # type: ignore[type-arg]
    """A tree and the trees that it calls."""
    part = bundle["trees"][tree]
    called = [node["call"] for node in part["nodes"] if node["kind"] == "call"]
    return [part, *(one for name in called for one in parts_of(bundle, name))]
