"""The process that builds for `make serve`, again and again, with all that it has loaded at hand.

Each line that comes in names a folder to build into; for each a line goes out that says what is wrong, if anything is.
What nobody foresaw may leave things half done in here: then the process says so and ends, and another takes its place.
With `--prove` it only proves the Python for browsers, which a preview shows before that is done.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from argparse import ArgumentParser
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import TextIO

from macros.site.approval import read_approval
from macros.site.build import read_config, render
from macros.site.page import page_tools
from macros.site.preview.kept import KeptPages
from macros.site.project import checked_project
from macros.site.stopped import Stopped, Unforeseen


def build_for(root: Path, requests: TextIO, answers: TextIO) -> None:
    """Answer each request with what is wrong, or null. Ends behind the last, and after an error nobody foresaw."""
    kept = KeptPages()
    for line in requests:
        try:
            trouble, foreseen = trouble_of(root, Path(json.loads(line)), kept), True
        except Unforeseen as error:
            trouble, foreseen = str(error), False
        print(json.dumps(trouble), file=answers, flush=True)
        if not foreseen:
            return


def trouble_of(root: Path, into: Path, kept: KeptPages) -> str | None:
    """Build the project in folder `root` into the folder `into`. Returns None, or what is wrong. Raises Unforeseen."""
    page_tools.cache_clear()  # these hold for one build alone
    checked_project.cache_clear()
    said = StringIO()
    handler = logging.StreamHandler(said)
    handler.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))
    logging.root.addHandler(handler)
    try:
        with redirect_stderr(said), redirect_stdout(StringIO()):
            render(root, into, {"kept-pages": kept})
        kept.keep()
        return None
    except Stopped as failed:
        text = f"{said.getvalue()}{failed}\nThe site was not built: fix what is said above.".strip()
        if isinstance(failed, Unforeseen):
            raise Unforeseen(text) from failed
        return text
    finally:
        logging.root.removeHandler(handler)


def prove(root: Path) -> str | None:
    """Prove the Python for browsers of a sound project. Returns None, or what is wrong."""
    approval = read_approval(read_config(root, root / "site").extra)
    try:
        _ = page_tools(root, approval).bundle
    except Stopped as fault:
        return str(fault)
    return None


def main() -> int:
    """The process. Returns its exit code."""
    parser = ArgumentParser(prog="python -m macros.site.preview.worker", description=__doc__)
    parser.add_argument("--root", type=Path, required=True, help="the folder with mkdocs.yml")
    parser.add_argument("--prove", action="store_true", help="only prove the Python for browsers")
    chosen = parser.parse_args()
    logging.root.setLevel(logging.WARNING)
    if chosen.prove:
        print(json.dumps(prove(chosen.root)))
    else:
        with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:  # which no process that this one starts holds too
            os.dup2(2, 1)
            build_for(chosen.root, sys.stdin, answers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
