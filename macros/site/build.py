"""`make site`: a build that puts a new site in place of the old one only when all of it has succeeded, and only when
something that the site is made from has changed.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin

from macros.site.after.report import Report
from macros.site.built import check
from macros.site.hosting.compress import compress
from macros.site.hosting.servers import beside
from macros.site.sources import ENVIRONMENT, Stamp, changed, content_of, read_stamp, sources_of
from macros.site.stopped import Stopped, Unforeseen

MOST_NAMED = 4


def build(root: Path, target: Path, *, compressed: bool = False) -> Report:
    """Build the project in folder `root` and put the site at `target`, in place of what is there.

    Settings of web servers that must not lie in it go to a folder beside it. `compressed` adds packed copies of files.
    Returns what an editor should know. Raises Stopped if anything at all is wrong: then `target` is left as it was.
    """
    with _replacing(target) as temporary:
        fresh, old = temporary / "new", temporary / "old"
        report = render(root, fresh)
        check(fresh)
        if compressed:
            compress(root, fresh)
        swap(beside(fresh), beside(target), beside(old))  # first: with the settings of the new site the old one works
        swap(fresh, target, old)
    return report


@contextmanager
def _replacing(target: Path) -> Iterator[Path]:
    """A folder beside `target` for what is to take its place. Raises Stopped if the system does not let it."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".site-", dir=target.parent) as temporary:
            yield Path(temporary)
    except OSError as error:
        raise Stopped(
            f"{target} was not replaced, because the system refused something: {error}. If what it names is missing or "
            "full, put that right. If the site is a mount point, mount the folder above it. If a program or a window "
            "has it open, close that. Or build elsewhere: python -m macros.site.build --into FOLDER"
        ) from error


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


def render(root: Path, into: Path, preview: Mapping[str, BasePlugin[Any]] | None = None) -> Report:
    """Render the project in folder `root` into the folder `into`. Returns what an editor should know of it.

    With plugins of a preview, those take part, and what only a published site needs is left out.
    Raises Stopped.
    """
    for name, value in {**ENVIRONMENT, "NO_MKDOCS_2_WARNING": "1"}.items():
        os.environ.setdefault(name, value)
    try:
        config = read_config(root, into)
        config.extra["preview"] = preview is not None
        for name, plugin in (preview or {}).items():
            config.plugins[name] = plugin
        mkdocs_build(config)
    except Stopped:
        raise
    except SystemExit as stopped:  # MkDocs and its plugins have said why, and leave by exiting
        raise Stopped from stopped
    except Exception as error:
        raise Unforeseen(f"{type(error).__name__}: {error}") from error
    report: Report = config.extra["report"]
    return report


def read_config(root: Path, into: Path) -> MkDocsConfig:
    """The settings of the project in folder `root`, for a build into the folder `into`."""
    return load_config(str(root / "mkdocs.yml"), site_dir=str(into), strict=True)


def unless_up_to_date(root: Path, target: Path, *, compressed: bool, force: bool) -> Report:
    """Build as `build` does unless the site at `target` is what a build would make. Says at once which, and why.

    Returns and raises the same.
    """
    options = {"whether files are packed": str(compressed)}
    sources = {**sources_of(root), **options}
    stamp = read_stamp(target)
    reason = _reason(stamp, sources, target, force)
    if stamp and not reason:
        print(f"Nothing has changed since {target} was built: it is up to date. (FORCE=1 builds it anyway.)")
        return stamp.report
    print(f"Building the site into {target}: {reason} ...", flush=True)
    report = build(root, target, compressed=compressed)
    if {**sources_of(root), **options} == sources:  # else somebody wrote while it was read, and nobody knows what it is
        Stamp(sources, _made(target), report).write(target)
    print(f"Built. The site is in {target}. What nginx needs is in {beside(target)}.")
    return report


def _reason(stamp: Stamp | None, sources: Mapping[str, str], target: Path, force: bool) -> str:
    """Why the site must be built, in a few words; "" if it need not be."""
    if not target.is_dir():
        return "there is none yet"
    if stamp is None:
        return "nothing says what the one that is there was made from"
    if names := changed(stamp.sources, sources):
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        return f"changed since the last time: {', '.join(names[:MOST_NAMED])}{more}"
    if _made(target) != stamp.site:
        return "the one that is there is not as it was built"
    return "as you wish" if force else ""


def _made(target: Path) -> str:
    return content_of([target, beside(target)])


def main(arguments: list[str] | None = None) -> int:
    """The command. Returns its exit code: 0 when the site is there as a build makes it, 1 when not."""
    parser = argparse.ArgumentParser(prog="python -m macros.site.build", description=__doc__)
    parser.add_argument("--root", type=Path, default=Path.cwd(), help="the folder with mkdocs.yml")
    parser.add_argument("--into", type=Path, help="where the site goes (site/ in the root)")
    parser.add_argument("--compressed", action="store_true", help="add a .gz and a .br beside each file")
    parser.add_argument("--force", action="store_true", help="build even if nothing has changed")
    chosen = parser.parse_args(arguments)
    target = (chosen.into or chosen.root / "site").resolve()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s", stream=sys.stderr)
    try:
        report = unless_up_to_date(chosen.root.resolve(), target, compressed=chosen.compressed, force=chosen.force)
    except Stopped as failed:
        kept = f" {target} is still the last good site." if target.exists() else ""
        print(f"{failed}\nThe site was not built: fix what is said above.{kept}".strip(), file=sys.stderr)
        return 1
    print(report.on(date.today()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
