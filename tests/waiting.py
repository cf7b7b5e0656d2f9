"""Waiting until something holds in a page.

Not by Playwright's `wait_for_function`, which has the page evaluate a text again and again: the site's content policy
forbids that to everybody. What is asked here is asked from outside each time, as a debugger does.
"""

from __future__ import annotations

from time import monotonic
from typing import Any

from playwright.sync_api import Error, Frame, Page

SECONDS = 120
"""After which something is held never to come. Nothing is timed by it."""

BETWEEN = 20  # milliseconds


def until(where: Page | Frame, holds: str, arg: Any = None) -> None:
    """Wait until a JavaScript expression, or a function of `arg`, gives something true in a page or a frame."""
    deadline = monotonic() + SECONDS
    while not _asked(where, holds, arg):
        assert monotonic() < deadline, f"never held: {holds}"
        where.wait_for_timeout(BETWEEN)


def _asked(where: Page | Frame, holds: str, arg: Any) -> Any:
    try:
        return where.evaluate(holds, arg)
    except Error as error:
        if "context was destroyed" in error.message:  # the page is being left for the one that is waited for
            return None
        raise
