"""One page in a browser, watched: when a reader could read, answer, and see what follows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import BrowserContext, Page, Playwright

from tests import browsers

WATCH = (Path(__file__).parent / "watch.js").read_text("utf-8")
LONGEST = 120_000  # milliseconds after which something is held never to come
SETTLED = 2_000  # milliseconds in which a browser writes what it keeps: its caches of files and of compiled code
SLOWED = 4  # times, as Lighthouse does for a phone

Opened = Callable[[], BrowserContext]


@contextmanager
def profile() -> Iterator[Path]:
    """A profile that nothing has used, on disk as readers have it."""
    with TemporaryDirectory(prefix="profile-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def chromium(playwright: Playwright, own: Path) -> Iterator[Page]:
    """A new start of Chromium with a profile. Gives a page in which each page is watched."""
    context = playwright.chromium.launch_persistent_context(
        own, executable_path=browsers.whole_chromium(), args=list(browsers.CHROMIUM_FLAGS)
    )
    try:
        context.add_init_script(WATCH)
        page = context.new_page()
        page.set_default_timeout(LONGEST)
        yield page
    finally:
        context.close()


def slow_down(page: Page, times: int = SLOWED) -> None:
    """Slow the page's processor. A browser does not slow its workers."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": times})


def give_first(page: Page, answers: Mapping[str, Any]) -> None:
    """From now on a page gives these answers as soon as its form takes them."""
    page.add_init_script(f"window.benchFirst = {json.dumps(answers)}")


def visit(page: Page, url: str, names: list[str]) -> dict[str, float]:
    """Go to a page and wait until all these have come. Gives the milliseconds since the navigation began.

    `paint`: something can be read. `form`: the form takes an answer. `first`: what follows the first answer is painted.
    `ready`: Python is.
    """
    page.goto(url, wait_until="commit")
    times = page.evaluate("([names, within]) => bench.times(names, within)", [names, LONGEST])
    seen = dict(zip(names, times, strict=True))
    if missing := [name for name, time in seen.items() if time is None]:
        raise TimeoutError(f"{url}: no {' and no '.join(missing)} within {LONGEST / 1000:.0f} s")
    if "form" in seen:
        seen["form after paint"] = max(0.0, seen["form"] - seen["paint"])
    return seen


def press(page: Page, answers: Mapping[str, Any], within: int) -> dict[str, Any] | None:
    """Fill in the form, press its button by a key, and wait for what follows.

    Gives the milliseconds it `took` from the press to the paint, when it was `shown`, and whether that was `before`
    Python was ready; None if nothing came in time.
    """
    page.evaluate("answers => bench.fill(answers)", dict(answers))
    page.wait_for_timeout(100)  # a page is quiet by the time somebody presses
    page.keyboard.press("Enter")
    came: dict[str, Any] | None = page.evaluate("within => bench.came(within)", within)
    if came and came["errors"]:
        raise ValueError(f"{page.url}: {answers} is no answer to what is asked")
    return came
