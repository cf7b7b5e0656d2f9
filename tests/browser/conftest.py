"""Every test in this folder runs in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.tool import Tool

# Python may take its time to start on a busy machine; nothing here is timed.
expect.set_options(timeout=30_000)

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def tool(page: Page, site_url: str) -> Tool:
    """The level tool, opened and left alone."""
    return Tool.open(page, site_url)


@pytest.fixture
def without_scripts(chromium: Browser) -> Iterator[Page]:
    """A page of a browser that runs no JavaScript."""
    context = chromium.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()
