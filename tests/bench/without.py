"""What each part of the quick start brings by itself: `make bench PARTS=without`.

A part is taken out of the built files, and what is left is measured beside the whole, in turn, each in a browser with
a new profile. A part stays if a start, cold or warm, takes 60 ms more without it.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Playwright, sync_playwright

from tests.bench.report import say
from tests.bench.serve import Served
from tests.bench.visits import SETTLED, chromium, profile
from tests.conftest import ROOT

EARNED = 60  # milliseconds
CUSTOM = ROOT / "macros" / "site" / "runtime" / "sitecustomize.py"
BLANK = '<!doctype html><title>Blank</title><link rel="icon" href="data:,">'

# From the making of a worker until it says that it is ready, in milliseconds.
START = """new Promise((resolve, reject) => {
  const begun = performance.now();
  const worker = new Worker("%s", { type: "module" });
  worker.onerror = () => reject(new Error("the worker failed"));
  worker.onmessage = ({ data }) => {
    if (data.failure) reject(new Error(data.failure));
    if (data.stage !== "ready") return;
    resolve(performance.now() - begun); // it stays, as a page does, and the browser keeps the code it made of it
  };
})"""

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


def parts(site: Path, folder: Path, rounds: int) -> dict[str, Any]:
    """Each part of a built site's start: the milliseconds lost without it, and whether they earn its place."""
    (engine,) = (site / "assets" / "engine").iterdir()
    folder.mkdir()
    (folder / "blank.html").write_text(BLANK)
    for n, (_, edit) in enumerate(WITHOUT.values()):
        shutil.copytree(engine, folder / str(n), ignore=shutil.ignore_patterns("*.gz", "*.br"))
        edit(folder / str(n))
    served = Served(site, {"stock": folder})
    try:
        with sync_playwright() as playwright:
            lost = _lost(_starts(playwright, served, rounds))
    finally:
        served.close()
    return {name: {**values, "earned": max(values.values()) >= EARNED} for name, values in lost.items()}


def _starts(playwright: Playwright, served: Served, rounds: int) -> dict[tuple[str, str], list[float]]:
    """Milliseconds that each start takes, by what is left out, cold or warm."""
    times: dict[tuple[str, str], list[float]] = {}
    for n in range(rounds):
        for name in list(WITHOUT)[:: 1 if n % 2 else -1]:
            address = f"/stock/{list(WITHOUT).index(name)}/engine-worker.mjs"
            with profile() as own:
                for kind in ("cold", "warm"):
                    with chromium(playwright, own) as page:
                        page.goto(f"{served.url}stock/blank.html")
                        times.setdefault((name, kind), []).append(page.evaluate(START % address))
                        page.wait_for_timeout(SETTLED)
        say(f"  round {n + 1} of {rounds}: { ({' '.join(key): round(taken[-1]) for key, taken in times.items()}) }")
    return times


def _lost(times: dict[tuple[str, str], list[float]]) -> dict[str, dict[str, int]]:
    """The milliseconds that a start takes more without a part: the median of the rounds' differences."""
    return {
        name: {
            kind: round(median(a - b for a, b in zip(times[name, kind], times[beside, kind], strict=True)))
            for kind in ("cold", "warm")
        }
        for name, (beside, _) in WITHOUT.items()
        if name != beside
    }
