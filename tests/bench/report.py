"""What is said while it is measured, and on what it was."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from playwright.sync_api import sync_playwright

from macros.site.runtime.pyodide import VERSION
from tests import browsers

BEGUN = time.monotonic()
Value = TypeVar("Value")


def say(what: str) -> None:
    minutes, seconds = divmod(round(time.monotonic() - BEGUN), 60)
    print(f"{minutes:3}:{seconds:02} {what}", flush=True)


def once_more(work: Callable[[], Value]) -> Value:
    """What `work` gives; if it fails, what it gives the second time. A browser may stumble once in an hour."""
    try:
        return work()
    except Exception as error:
        say(f"  once more, for it failed: {error}")
        return work()


def machine() -> dict[str, Any]:
    """What it was measured on."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browsers.whole_chromium(), args=list(browsers.CHROMIUM_FLAGS)
        )
        version = browser.version
        browser.close()
    return {
        "measured_on": datetime.now(UTC).date().isoformat(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "browser": f"Chromium {version}",
        "pyodide": VERSION,
        "load_before": round(os.getloadavg()[0], 1),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
