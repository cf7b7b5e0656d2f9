"""The approval banner as a reader meets it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from macros.site.approval import DRAFT

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", ["", "tools/level/", "embed/level/", "procedure/levels/", "404.html"])
@pytest.mark.parametrize("media", ["screen", "print"])
def test_the_draft_banner_is_seen_on_screen_and_on_paper(page: Page, site_url: str, path: str, media: str) -> None:
    page.emulate_media(media=media)  # type: ignore[arg-type]
    page.goto(site_url + path)
    banner = page.get_by_text(DRAFT, exact=True).first
    expect(banner).to_be_visible()
    expect(banner).to_be_in_viewport()


def test_the_draft_banner_is_repeated_on_every_sheet(page: Page, site_url: str) -> None:
    """A browser repeats what is laid out as the head of a table and not broken across sheets."""
    page.emulate_media(media="print")
    page.goto(site_url + "procedure/levels/")
    head = page.locator('[data-md-component="announce"]')
    expect(head).to_have_css("display", "table-header-group")
    expect(head).to_have_css("break-inside", "avoid")
