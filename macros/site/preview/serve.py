"""`make serve`: shows the site on this machine while it is edited.

Each change is built by a new process, so that changed Python is taken up, into a new folder that takes the place of
the last one only when all went well. Otherwise the last good site stays, with the report on top of every page.
MkDocs' own server is not used because it hangs on a build that fails.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from queue import Empty, Queue
from signal import SIGINT, SIGTERM, default_int_handler, signal
from subprocess import DEVNULL, PIPE, run
from tempfile import TemporaryDirectory
from threading import Thread

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from macros.site.preview.server import HOST, Preview, PreviewServer

WATCHED = ("docs", "decision_trees", "macros", "schemas", "overrides")
WATCHED_FILES = ("mkdocs.yml",)
UNINTERESTING = ("__pycache__", ".git")

# Editors save a file in several steps, and several files at once: wait until nothing has changed for this long.
QUIET_SECONDS = 0.3


def report_of_build(root: Path, into: Path) -> str | None:
    """Build the project in `root` into the folder `into` by a new process. Returns None, or what is wrong."""
    command = [sys.executable, "-m", "macros.site.build", "--root", str(root), "--into", str(into)]
    ended = run(command, cwd=root, stdout=DEVNULL, stderr=PIPE, encoding="utf-8", errors="replace")
    return ended.stderr.strip() if ended.returncode else None


class Changes(FileSystemEventHandler):
    """Puts a note into `queue` for each change of a file that the site is made from."""

    def __init__(self, root: Path, queue: Queue[str]) -> None:
        self.root = root
        self.queue = queue

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Note the change, unless it is a mere look at a file or nothing that the site is made from."""
        paths = [Path(os.fsdecode(path)) for path in (event.src_path, event.dest_path) if path]
        if event.event_type in ("created", "modified", "moved", "deleted") and not event.is_directory:
            for path in filter(self.matters, paths):
                self.queue.put(path.relative_to(self.root).as_posix())

    def matters(self, path: Path) -> bool:
        """Whether the site is made from the file at `path`."""
        if not path.is_relative_to(self.root):
            return False
        parts = path.relative_to(self.root).parts
        if any(part in UNINTERESTING for part in parts):
            return False
        return parts[0] in WATCHED or parts in [(name,) for name in WATCHED_FILES]


def watch(root: Path, queue: Queue[str]) -> Callable[[], None]:
    """Start to note changes under `root` in `queue`. Returns a function that stops it."""
    observer = Observer()
    handler = Changes(root, queue)
    observer.schedule(handler, str(root), recursive=False)
    for name in WATCHED:
        if (root / name).is_dir():
            observer.schedule(handler, str(root / name), recursive=True)
    observer.start()
    return observer.stop


def next_changes(queue: Queue[str]) -> set[str]:
    """Wait for changes, then until they have come to rest. Returns the files changed."""
    changed = {queue.get()}
    while True:
        try:
            changed.add(queue.get(timeout=QUIET_SECONDS))
        except Empty:
            return changed


def build_for_ever(root: Path, folder: Path, preview: Preview, queue: Queue[str]) -> None:
    """Build into a new folder within `folder` now and after each change, and show each result in `preview`."""
    for number in range(sys.maxsize):
        into = folder / str(number)
        preview.show(into, report_of_build(root, into))
        print(preview.announcement, flush=True)
        changed = next_changes(queue)
        print(f"Changed: {', '.join(sorted(changed))}. Building ...", flush=True)


def main(arguments: list[str] | None = None) -> int:
    """The command. Serves until Ctrl-C. Returns its exit code: 0, or 1 when the port cannot be had."""
    parser = argparse.ArgumentParser(prog="python -m macros.site.serve", description=__doc__)
    parser.add_argument("--root", type=Path, default=Path.cwd(), help="the folder with mkdocs.yml")
    parser.add_argument("--port", type=int, default=os.environ.get("PORT") or 8000, help="8000, or $PORT")
    chosen = parser.parse_args(arguments)
    preview = Preview()
    try:
        server = PreviewServer(preview, chosen.port)
    except (OSError, OverflowError) as error:
        print(f"Port {chosen.port} cannot be used ({error}). Try another one: make serve PORT=8001", file=sys.stderr)
        return 1
    serve(chosen.root.resolve(), preview, server)
    return 0


def serve(root: Path, preview: Preview, server: PreviewServer) -> None:
    """Build, serve and build again until Ctrl-C."""
    queue: Queue[str] = Queue()
    for ending in (SIGINT, SIGTERM):  # by Ctrl-C or from outside, also where a shell in the background ignores Ctrl-C
        signal(ending, default_int_handler)
    with server, TemporaryDirectory(prefix="preview-", ignore_cleanup_errors=True) as folder:
        stop = watch(root, queue)
        print("Building the site ...", flush=True)
        Thread(target=build_for_ever, args=(root, Path(folder), preview, queue), daemon=True).start()
        Thread(target=announce, args=(preview, server.server_port), daemon=True).start()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("\nStopped.")
        finally:
            stop()


def announce(preview: Preview, port: int) -> None:
    """Say where the site is, once the first build is over."""
    preview.wait(0, None)
    print(f"The site is on http://{HOST}:{port} (Ctrl-C ends it). It is built again at each change.", flush=True)


if __name__ == "__main__":
    sys.exit(main())
