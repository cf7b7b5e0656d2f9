"""A web server whose network a test can spoil: cut it, slow it down, let a proxy answer, publish another version.

It serves a built site below a path, as a host that has other sites, too.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import copy2, copytree
from threading import Thread
from typing import Any

from macros.site.approval import DRAFT
from macros.site.hosting.servers import AZURE
from macros.site.offline.copy import PATIENCE_MILLISECONDS, WORKER, write_offline
from tests.conftest import StaticHandler

BELOW = "/library/ce/"
PATIENCE = 700
"""Milliseconds that the worker of a test waits for the network, in place of five seconds."""

SIGN_IN = "<!doctype html><html lang=en><title>Sign in</title><h1>Sign in to this network</h1></html>"

Answer = Callable[[SimpleHTTPRequestHandler], bool]
"""Answers a request in the site's place. True if it did."""


class Host:
    """What is served now, and how."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = ""
        self.cut = False
        self.seconds = 0.0
        """How long each answer takes."""
        self.instead: dict[str, Answer] = {}
        """Answers by the name of a file below the site's root."""
        self.asked: list[str] = []
        """All that was asked for, below the site's root."""


class Handler(StaticHandler):
    """Answers one request as its host is told to."""

    host: Host

    def do_GET(self) -> None:  # noqa: N802 (the base class has it so)
        """A file of the site, unless the test has it otherwise."""
        path = self.path.partition("?")[0]
        name = path.removeprefix(BELOW)
        self.host.asked.append(self.path.removeprefix(BELOW))
        if self.host.cut:
            cut(self)
            return
        if self.host.seconds:
            time.sleep(self.host.seconds)
        if name in self.host.instead and self.host.instead[name](self):
            return
        self.directory = str(self.host.folder)
        self.path = f"/{name}" if path.startswith(BELOW) else "/nowhere"
        del self.headers["If-Modified-Since"]  # versions of a test are written in the same second
        super().do_GET()


def cut(handler: SimpleHTTPRequestHandler) -> bool:
    """The connection ends without an answer."""
    handler.close_connection = True
    handler.connection.shutdown(2)
    return True


def half(handler: SimpleHTTPRequestHandler) -> bool:
    """The connection ends in the middle of an answer."""
    handler.send_response(HTTPStatus.OK)
    handler.send_header("Content-Type", "application/wasm")
    handler.send_header("Content-Length", "9000")
    handler.end_headers()
    handler.wfile.write(b"0" * 100)
    handler.wfile.flush()
    return cut(handler)


def gone(handler: SimpleHTTPRequestHandler) -> bool:
    """The file is not there."""
    handler.send_error(HTTPStatus.NOT_FOUND)
    return True


def sign_in(handler: SimpleHTTPRequestHandler) -> bool:
    """A proxy's page in place of the file."""
    return answer(handler, SIGN_IN.encode(), "text/html")


def same_type(handler: SimpleHTTPRequestHandler) -> bool:
    """Other bytes under the type that is expected."""
    return answer(handler, b"/* not the site's */", "text/javascript")


def answer(handler: SimpleHTTPRequestHandler, content: bytes, kind: str) -> bool:
    """Send bytes as a type, with success."""
    handler.send_response(HTTPStatus.OK)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)
    return True


@contextmanager
def hosted(folder: Path) -> Iterator[Host]:
    """Serve a built site on a free port of this machine, below a path."""
    host = Host(folder)
    handler = type("HostHandler", (Handler,), {"host": host})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # browsers hang up on answers that are late
    Thread(target=server.serve_forever, daemon=True).start()
    host.url = f"http://127.0.0.1:{server.server_port}{BELOW}"
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()


def variant(site: Path, target: Path, changes: dict[str, Callable[[str], str]] | None = None) -> Path:
    """A copy of a built site whose worker is not patient, with other texts in it: a version of its own."""
    copytree(site, target, copy_function=_copied)
    for path in target.rglob("*.html"):
        path.write_text(re.sub(r'data-site-version="\w+" ', "", path.read_text("utf-8")), "utf-8")
    for name, change in (changes or {}).items():
        path = target / name
        path.write_text(change(path.read_text("utf-8")), "utf-8")
    write_offline(target, json.loads((target / AZURE).read_text("utf-8"))["mimeTypes"], DRAFT)
    worker = target / WORKER
    text = worker.read_text("utf-8")
    setting = f'"patience": {PATIENCE_MILLISECONDS},'
    assert text.count(setting) == 1
    worker.write_text(text.replace(setting, f'"patience": {PATIENCE},'), "utf-8")
    return target


def _copied(source: str, target: str) -> Any:
    """What no variant changes is not copied, for it is large."""
    return os.link(source, target) if source.endswith((".wasm", ".zip")) else copy2(source, target)
