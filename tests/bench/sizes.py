"""What each kind of page asks for, and how many bytes of it are asked for before something can be read."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from playwright.sync_api import Playwright, sync_playwright

from macros.site.hosting.compress import PACKED
from macros.site.runtime.pyodide import FILES
from tests.bench import sites
from tests.bench.report import say
from tests.bench.serve import Served
from tests.bench.visits import chromium, profile, visit

PAGES = {"tool": sites.TOOL, "procedure": sites.PROCEDURE, "home": "", "plain": sites.PLAIN, "stock": sites.STOCK}
PYTHON = re.compile(r"/(pyodide[^/]*|python[^/]*\.zip|engine\.zip|engine-worker\.mjs)$")
QUIET = 3_000  # milliseconds after the last of a page has loaded


def pages(served: Served, site: Path) -> dict[str, Any]:
    """Requests, styles, scripts and bytes by gzip of each kind of page, and what Python is beside them, in bytes."""
    found: dict[str, Any] = {}
    with sync_playwright() as playwright:
        for name, address in PAGES.items():
            found[name] = _page(playwright, served, served.url + address)
            say(f"  {name}: {found[name]}")
    return {"pages": found, "python": _python(served, site)}


def _page(playwright: Playwright, served: Served, url: str) -> dict[str, Any]:
    with profile() as own, chromium(playwright, own) as page:
        served.network.slow = True  # as it is where bytes matter; what comes at once has no order
        served.hold_python()
        try:
            served.log.clear()
            paint = visit(page, url, ["paint"])["paint"]
            page.wait_for_load_state("load")
            page.wait_for_timeout(QUIET)
            painted = time.monotonic() + (paint - page.evaluate("performance.now()")) / 1000
            asked = [one for one in served.log if "favicon" not in one.name]
        finally:
            served.network.slow = False
            served.release_python()
    own_files = [one for one in asked if not PYTHON.search(one.name)]
    return {
        "requests": len(own_files),
        "styles": sum(one.name.endswith(".css") for one in own_files),
        "scripts": sum(one.name.endswith((".js", ".mjs")) for one in own_files),
        "bytes": sum(one.size for one in own_files),
        "before paint": sum(one.size for one in asked if one.at < painted),
    }


def _python(served: Served, site: Path) -> dict[str, Any]:
    """The bytes by gzip that a browser transfers until Python is ready, ours and as it comes."""
    (ours,) = (site / "assets" / "engine").iterdir()
    stock = served.file("/stock/engine.zip").parent
    names = [path.name for path in ours.iterdir() if path.suffix not in PACKED]
    as_it_comes = (*FILES, "pyodide-lock.json", "engine.zip", "engine-worker.mjs")
    sizes = {"ours": _sum(ours, names), "stock": _sum(stock, as_it_comes)}
    return {**sizes, "ratio": round(sizes["ours"] / sizes["stock"], 3)}


def _sum(folder: Path, names: Iterable[str]) -> int:
    packed = ((folder / name, folder / f"{name}.gz") for name in names)
    return sum((small if small.exists() else plain).stat().st_size for plain, small in packed)
