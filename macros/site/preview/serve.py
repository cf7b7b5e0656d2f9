"""`make serve`: shows the site on this machine while it is edited.

Each change is built into a new folder that takes the place of the last one only when all went well. Otherwise the last
good site stays, with the report on top of every page. MkDocs' own server is not used because it hangs on a build that
fails.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from queue import Empty, Queue
from signal import SIGINT, SIGTERM, default_int_handler, signal
from tempfile import TemporaryDirectory
from threading import Thread

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers.polling import PollingObserver

from macros.site.preview.builder import Builder
from macros.site.preview.server import HOST, Preview, PreviewServer
from macros.site.sources import NOT_SOURCES, OWN

# Editors save a file in several steps, and several files at once: wait until nothing has changed for this long.
QUIET_SECONDS = 0.3
LOOK_SECONDS = 0.5


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
        place = path.relative_to(self.root)
        return not set(place.parts) & set(NOT_SOURCES) and any(place.is_relative_to(name) for name in OWN)


def watch(root: Path, queue: Queue[str]) -> Callable[[], None]:
    """Start to note changes under `root` in `queue`. Returns a function that stops it.

    It looks again and again, which takes milliseconds: mounts from elsewhere tell of no change, and systems have limits
    on what they watch.
    """
    observer = PollingObserver(timeout=LOOK_SECONDS)
    handler = Changes(root, queue)
    observer.schedule(handler, str(root), recursive=False)
    for name in OWN:
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


def build_for_ever(builder: Builder, folder: Path, preview: Preview, queue: Queue[str], port: int) -> None:
    """Build into a new folder within `folder` now and after each change, and show each result in `preview`."""
    for number in range(sys.maxsize):
        into = folder / str(number)
        trouble = builder.build(into)
        if builder.closed:
            return
        show(preview, into, trouble)
        if number == 0:
            print(
                f"The site is on http://{HOST}:{port} (Ctrl-C ends it). It is built again at each change.", flush=True
            )
        if not trouble and (trouble := builder.prove(into, lambda: builder.closed or not queue.empty())):
            show(preview, into, trouble)
        changed = next_changes(queue)
        print(f"Changed: {', '.join(sorted(changed))}. Building ...", flush=True)


def show(preview: Preview, into: Path, trouble: str | None) -> None:
    """Show the end of a build, and say it in the terminal."""
    preview.show(into, trouble)
    print(preview.announcement, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """The command. Serves until Ctrl-C. Returns its exit code: 0, or 1 when the port cannot be had."""
    parser = argparse.ArgumentParser(prog="python -m macros.site.preview.serve", description=__doc__)
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
    builder = Builder(root)
    for ending in (SIGINT, SIGTERM):  # by Ctrl-C or from outside, also where a shell in the background ignores Ctrl-C
        signal(ending, default_int_handler)
    with server, TemporaryDirectory(prefix="preview-", ignore_cleanup_errors=True) as folder:
        stop = watch(root, queue)
        print("Building the site ...", flush=True)
        given = builder, Path(folder), preview, queue, server.server_port
        Thread(target=build_for_ever, args=given, daemon=True).start()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("\nStopped.")
        finally:
            stop()
            builder.close()


if __name__ == "__main__":
    sys.exit(main())
