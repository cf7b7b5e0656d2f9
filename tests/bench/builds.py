"""How long a build takes: from nothing, after one page was changed, and MkDocs without anything of ours."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench.report import say
from tests.bench.sites import plain_site
from tests.builds import copy_sources, edit
from tests.conftest import ROOT

CHANGED = ("docs/about/about.md", "\n## ", "\nThis sentence was added to see how long a build takes.\n\n## ")


def seconds(folder: Path) -> dict[str, Any]:
    """Seconds of each, in a copy of the project that keeps nothing of an earlier build. The site is `folder`/site."""
    project = copy_sources(folder / "project")
    _own_packages(project / "node_modules")
    site = folder / "site"
    found = {"from nothing": _seconds(lambda: _build(project, site))}
    say(f"  from nothing: {found['from nothing']} s")
    edit(project / CHANGED[0], *CHANGED[1:])
    found["after one page"] = _seconds(lambda: _build(project, site))
    say(f"  after one page was changed: {found['after one page']} s")
    found["plain"] = _seconds(lambda: plain_site(folder / "plain"))
    say(f"  MkDocs alone: {found['plain']} s")
    return {**found, "ratio": round(found["after one page"] / found["from nothing"], 3)}


def _own_packages(folder: Path) -> None:
    """A folder of packages that has no cache of what was packed before."""
    folder.unlink()
    folder.mkdir()
    for package in (ROOT / "node_modules").iterdir():
        if package.name != ".cache":
            (folder / package.name).symlink_to(package)


def _build(project: Path, into: Path) -> None:
    command = [sys.executable, "-m", "macros.site.build", "--compressed", "--into", str(into)]
    ended = subprocess.run(command, cwd=project, capture_output=True, text=True, env={**os.environ, "SITE_URL": ""})
    if ended.returncode:
        raise RuntimeError(f"the site was not built: {ended.stderr[-1000:]}")


def _seconds(work: Callable[[], object]) -> float:
    begun = time.monotonic()
    work()
    return round(time.monotonic() - begun, 1)
