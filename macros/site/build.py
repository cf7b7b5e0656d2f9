"""`make site`: a build that puts a new site in place of the old one only when all of it has succeeded."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config

from macros.site.built import Incomplete, check
from macros.site.hosting.compress import NotCompressed, compress
from macros.site.hosting.servers import beside

# MkDocs stamps what it writes with the time; a fixed one makes equal sources give equal bytes.
NO_TIME = "315532800"


class BuildFailed(Exception):
    """The build did not succeed. What is wrong has been printed, but for what stands in the text of this error."""


def build(root: Path, target: Path, *, compressed: bool = False) -> None:
    """Build the project in folder `root` and put the site at `target`, in place of what is there.

    Settings of web servers that must not lie in it go to a folder beside it. `compressed` adds packed copies of files.
    Raises BuildFailed if anything at all is wrong: then `target` is left as it was.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".site-", dir=target.parent) as temporary:
        fresh, old = Path(temporary) / "new", Path(temporary) / "old"
        _run_mkdocs(root, fresh)
        _check(fresh)
        if compressed:
            _compress(root, fresh)
        swap(beside(fresh), beside(target), beside(old))  # first: with the settings of the new site the old one works
        swap(fresh, target, old)


def swap(fresh: Path, target: Path, old: Path) -> None:
    """Put folder `fresh` at `target`; what was there goes to `old`, and back again if that fails."""
    if target.exists():
        target.rename(old)
    try:
        fresh.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise


def _run_mkdocs(root: Path, fresh: Path) -> None:
    os.environ.setdefault("SOURCE_DATE_EPOCH", NO_TIME)
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    try:
        mkdocs_build(load_config(str(root / "mkdocs.yml"), site_dir=str(fresh), strict=True))
    except SystemExit as stopped:  # MkDocs and its plugins have said why, and leave by exiting
        raise BuildFailed from stopped
    except Exception as error:
        raise BuildFailed(f"{type(error).__name__}: {error}") from error


def _check(fresh: Path) -> None:
    try:
        check(fresh)
    except Incomplete as error:
        raise BuildFailed(str(error)) from error


def _compress(root: Path, fresh: Path) -> None:
    try:
        compress(root, fresh)
    except NotCompressed as error:
        raise BuildFailed(str(error)) from error


def main(arguments: list[str] | None = None) -> int:
    """The command. Returns its exit code: 0 when the site is built, 1 when not."""
    parser = argparse.ArgumentParser(prog="python -m macros.site.build", description=__doc__)
    parser.add_argument("--root", type=Path, default=Path.cwd(), help="the folder with mkdocs.yml")
    parser.add_argument("--into", type=Path, help="where the site goes (site/ in the root)")
    parser.add_argument("--compressed", action="store_true", help="add a .gz and a .br beside each file")
    chosen = parser.parse_args(arguments)
    target = chosen.into or chosen.root / "site"
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s", stream=sys.stderr)
    print(f"Building the site into {target} ...", flush=True)
    try:
        build(chosen.root.resolve(), target.resolve(), compressed=chosen.compressed)
    except BuildFailed as failed:
        kept = f" {target} is still the last good site." if target.exists() else ""
        print(f"{failed}\nThe site was not built: fix what is said above.{kept}".strip(), file=sys.stderr)
        return 1
    print(f"Built. The site is in {target}. What nginx needs is in {beside(target)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
