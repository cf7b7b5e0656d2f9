"""What each part of the quick start brings by itself. Run by `make bench`; writes build/bench-parts.json.

A part is taken out of the built files, and what is left is measured beside the whole, in turn, each in a browser with
a new profile. A part stays if a start, cold or warm, takes 60 ms more without it.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Playwright, sync_playwright

from macros.site.build import build
from tests import bench
from tests.conftest import ROOT

ROUNDS = int(os.environ.get("ROUNDS") or 10)
EARNED = 60  # milliseconds
TARGET = ROOT / "build" / "bench-parts.json"
CUSTOM = ROOT / "macros" / "site" / "runtime" / "sitecustomize.py"

Edit = Callable[[Path], None]


def worker(*changes: tuple[str, str]) -> Edit:
    """Change texts of the worker; each must be there."""

    def edit(folder: Path) -> None:
        path = folder / "engine-worker.mjs"
        text = path.read_text()
        for old, new in changes:
            assert old in text, f"the worker has no {old!r}"
            text = text.replace(old, new)
        path.write_text(text)

    return edit


def custom(old: str, new: str) -> Edit:
    """Put `sitecustomize` into the archive as source, with a text changed."""

    def edit(folder: Path) -> None:
        path, changed = folder / "python.zip", folder / "changed.zip"
        source = CUSTOM.read_text()
        assert old in source
        with zipfile.ZipFile(path) as archive, zipfile.ZipFile(changed, "w", zipfile.ZIP_STORED) as target:
            for name in archive.namelist():
                if not name.startswith("sitecustomize"):
                    target.writestr(zipfile.ZipInfo(name), archive.read(name))
            target.writestr(zipfile.ZipInfo("sitecustomize.py"), source.replace(old, new))
        changed.replace(path)

    return edit


WHOLE = "whole"
WHOLE_FROM_SOURCE = "whole, sitecustomize as source"
WITHOUT: dict[str, tuple[str, Edit]] = {
    WHOLE: (WHOLE, worker()),
    WHOLE_FROM_SOURCE: (WHOLE, custom("", "")),
    "archive kept in memory": (WHOLE_FROM_SOURCE, custom("    keep_archive(loader.archive)", "    pass #")),
    "files asked for ahead": (
        WHOLE,
        worker(
            ("  handOver();\n", ""),
            (
                "compiled(asked.get(WASM))",
                'asked.get(WASM).then((response) => { if (!response.ok) throw 0; tell({ stage: "wasm" }); })',
            ),
            ("checked(asked.get(ARCHIVE))", "asked.get(ARCHIVE)"),
        ),
    ),
}


def starts(playwright: Playwright, served: bench.Served, folder: Path, engine: Path) -> dict[str, dict[str, float]]:
    """Milliseconds that a cold and a warm start take more without a part: the median of the rounds' differences."""
    for n, (_, edit) in enumerate(WITHOUT.values()):
        shutil.copytree(engine, folder / str(n), ignore=shutil.ignore_patterns("*.gz", "*.br"))
        edit(folder / str(n))
    times: dict[tuple[str, str], list[float]] = {}
    for n in range(ROUNDS):
        for name in list(WITHOUT)[:: 1 if n % 2 else -1]:
            address = f"/stock/{list(WITHOUT).index(name)}/engine-worker.mjs"
            with bench.new_profile(playwright) as context:
                for kind in ("cold", "warm"):
                    page = context.new_page()
                    page.goto(f"{served.url}stock/blank.html")
                    times.setdefault((name, kind), []).append(page.evaluate(bench.START % address))
                    time.sleep(bench.SETTLED)
                    page.close()
        bench.say(f"round {n + 1} of {ROUNDS}: { ({' '.join(key): round(taken[-1]) for key, taken in times.items()}) }")
    return {
        name: {
            kind: round(median(a - b for a, b in zip(times[name, kind], times[beside, kind], strict=True)))
            for kind in ("cold", "warm")
        }
        for name, (beside, _) in WITHOUT.items()
        if name != beside
    }


def parts(playwright: Playwright, site: Path, stock: Path) -> dict[str, Any]:
    """Each part of a built site's start: the milliseconds lost without it, and whether they earn its place.

    `stock` is the folder that `bench.stock_folder` made; what is measured is put into it.
    """
    (engine,) = (site / "assets" / "engine").iterdir()
    served = bench.Served(site, stock)
    try:
        lost = starts(playwright, served, stock, engine)
    finally:
        served.close()
    return {name: {**values, "earned": max(values.values()) >= EARNED} for name, values in lost.items()}


def main() -> int:
    """The command."""
    with TemporaryDirectory(prefix="bench-") as temporary, sync_playwright() as playwright:
        site = Path(temporary) / "site"
        build(ROOT, site)
        found = parts(playwright, site, bench.stock_folder(Path(temporary) / "stock"))
    text = json.dumps(found, indent=1) + "\n"
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(text)
    bench.say(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
