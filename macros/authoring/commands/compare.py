"""`make compare BASE=<commit, tag or folder>`: what the decisions do otherwise than in another version, and for whom.

Prints it, and writes build/compare.html (one page, to read and sign), build/compare.md (for a pull request) and
build/compare.json. Somebody who is told less than before needs ACCEPT="why", or the command fails.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path

from macros.authoring.compare.edition import Unreadable
from macros.authoring.compare.findings import compare
from macros.authoring.compare.report import DiffReport
from macros.authoring.compare.since import LAST
from macros.authoring.compare.touches import references_of
from macros.authoring.compare.versions import base, here, read_renamed

ROOT = Path(__file__).resolve().parents[3]
BUILT = "build"


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Compare, print and write. Returns 0; 1 if somebody is told less and nobody accepts it; 2 if it cannot be done."""
    parser = argparse.ArgumentParser(prog="make compare", description=__doc__)
    parser.add_argument("base", nargs="?", default=LAST, help="a commit, a tag, or a folder with another version")
    parser.add_argument("--accept", default="", help="why somebody may be told less than before")
    options = parser.parse_args(arguments)
    try:
        before, after = base(root, options.base), here(root)
        renamed = read_renamed(root, before.edition, after.edition)
        known = references_of(root, after.edition.library)
        report = DiffReport(compare(before, after, renamed, known, _progress), options.accept)
    except Unreadable as wrong:
        print(wrong, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped. Nothing was written.", file=sys.stderr)
        return 2
    folder = root / BUILT
    folder.mkdir(exist_ok=True)
    (folder / "compare.html").write_text(report.page(date.today()), "utf-8")
    (folder / "compare.md").write_text(report.markdown(), "utf-8")
    (folder / "compare.json").write_text(json.dumps(report.data(), indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(report.text(), end="")
    print(f"Also as {BUILT}/compare.html, {BUILT}/compare.md and {BUILT}/compare.json.")
    return 1 if report.refused else 0


def _progress(what: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{what}", end="\r", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
