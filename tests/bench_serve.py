"""How long `make serve` takes to show what was saved: a page, and a tree. `python -m tests.bench_serve [FOLDER ...]`.

Each folder holds a project with its own .venv and node_modules, such as a checkout of an earlier commit, so that both
are measured in one sitting: a figure says more about the machine than about the server. No test command runs this.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from urllib.request import urlopen

PARTS = ("decision_trees", "docs", "macros", "mkdocs.yml", "overrides", "schemas", "tests/journeys")
MODULES = ("macros.site.preview.serve", "macros.site.serve")
"""The server, here and in commits before the rooms."""

TIMES = int(os.environ.get("TIMES") or 3)
SETTLED = float(os.environ.get("SETTLED") or 15)
"""Seconds between two saves, as somebody reads what is shown."""


@contextmanager
def served(project: Path) -> Iterator[tuple[Path, str]]:
    """Serve a copy of a project. Gives the copy and its address, once it is shown."""
    with TemporaryDirectory(prefix="bench-serve-") as temporary, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        copy = Path(temporary)
        for part in PARTS:
            bring = shutil.copytree if (project / part).is_dir() else shutil.copyfile
            bring(project / part, copy / part)  # type: ignore[operator]
        (copy / "node_modules").symlink_to(project / "node_modules")
        module = next(one for one in MODULES if (copy / f"{one.replace('.', '/')}.py").exists())
        python = project / ".venv" / "bin" / "python"
        process = subprocess.Popen(
            [python, "-m", module, "--root", copy, "--port", str(port)], cwd=copy, stdout=subprocess.DEVNULL
        )
        try:
            yield copy, f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            process.wait()


def seconds_until(url: str, shows: Callable[[str], bool]) -> float:
    """Seconds until a page shows something. Raises RuntimeError if the server says that a build failed."""
    begun = monotonic()
    while True:
        try:
            with urlopen(url) as page:
                if shows(page.read().decode()):
                    return monotonic() - begun
            with urlopen(f"{url.split('/', 3)[0]}//{url.split('/')[2]}/__preview/state") as state:
                if trouble := json.load(state)["trouble"]:
                    raise RuntimeError(trouble)
        except OSError:
            pass
        sleep(0.05)


def measured(project: Path) -> dict[str, float]:
    """Seconds until the first site is shown, until a saved page is, and until a saved tree is (medians)."""
    pages, trees = [], []
    with served(project) as (copy, url):
        first = seconds_until(url, lambda page: "<h1" in page)
        page, tree = copy / "docs" / "index.md", copy / "decision_trees" / "trees" / "level.json"
        text, title = page.read_text("utf-8"), json.loads(tree.read_text("utf-8"))["title"]
        for n in range(TIMES):
            sleep(SETTLED)
            page.write_text(f"{text}\nThe sentence number {n}.\n", "utf-8")
            pages.append(seconds_until(url, lambda shown, n=n: f"The sentence number {n}." in shown))  # type: ignore[misc]
        for n in range(TIMES):
            sleep(SETTLED)
            tree.write_text(tree.read_text("utf-8").replace(title, f"Title number {n}"), "utf-8")
            title = f"Title number {n}"
            trees.append(seconds_until(f"{url}tools/level/", lambda shown, title=title: f"{title}: the whole" in shown))  # type: ignore[misc]
    return {"first": first, "saved page": median(pages), "saved tree": median(trees)}


def main() -> None:
    """The command."""
    for folder in map(Path, sys.argv[1:] or ["."]):
        found = measured(folder.resolve())
        print(folder, {name: round(seconds, 1) for name, seconds in found.items()}, flush=True)


if __name__ == "__main__":
    main()
