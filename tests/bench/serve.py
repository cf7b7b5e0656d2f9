"""The server that everything is measured from: as a host serves a site, and as slow as a phone's network if wanted."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import unquote

from macros.site.hosting.compress import COMPRESSIBLE, WORTH_IT, gzipped
from macros.site.hosting.policy import ALWAYS_ASKED, CACHING, NAMED_BY_CONTENT
from tests.conftest import StaticHandler

FOREVER = "public, max-age=31536000, immutable"
PYTHON = re.compile(r"\.wasm$|/python\.zip$|/python_stdlib\.zip$")
"""The files without which there is no Python."""


class Network:
    """What lies between the server and a browser: nothing, or what Lighthouse takes for a phone's network.

    It is on this side of the browser, and so it slows workers too, which a browser's own tools let pass.
    """

    RATE = 1.6e6 / 8  # bytes a second, for all connections together
    ROUND_TRIP = 0.15  # seconds
    CHUNK = 4096

    def __init__(self) -> None:
        self.slow = False
        self._free, self._lock = 0.0, Lock()

    def answer(self, connected: float) -> None:
        """Wait until the answer to a request begins, on a connection that was made at this time (monotonic)."""
        if self.slow:
            made = connected + self.ROUND_TRIP  # the first round trip of a connection goes to making it
            time.sleep(max(0.0, made - time.monotonic()) + self.ROUND_TRIP)

    def carry(self, size: int) -> None:
        """Wait until so many bytes are through."""
        if self.slow:
            with self._lock:
                self._free = max(self._free, time.monotonic()) + size / self.RATE
                through = self._free
            time.sleep(max(0.0, through - time.monotonic()))


@dataclass(frozen=True)
class Asked:
    """A request, when it came (seconds, monotonic), and the bytes of its answer without headers."""

    name: str
    at: float
    size: int


class Served:
    """Folders served below one address: the built site at its root, others at /name/."""

    def __init__(self, site: Path, others: Mapping[str, Path]) -> None:
        self.network = Network()
        self.log: list[Asked] = []
        self._places = {f"/{name}/": folder for name, folder in others.items()} | {"/": site}
        self._rules = _rules((site / "_headers").read_text("utf-8"))
        self._released = Event()
        self._released.set()
        self._server = _Server(("127.0.0.1", 0), partial(_Handler, self))
        Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def hold_python(self) -> None:
        """From now on the last bytes of Python do not come: it takes its share of the network, and never starts."""
        self._released.clear()

    def release_python(self) -> None:
        """Let them come."""
        self._released.set()

    def close(self) -> None:
        self.release_python()
        self._server.shutdown()
        self._server.server_close()

    def file(self, address: str) -> Path:
        """The file of an address."""
        place = next(place for place in self._places if address.startswith(place))
        path = self._places[place] / address.removeprefix(place)
        return path / "index.html" if path.is_dir() else path

    def headers(self, address: str) -> dict[str, str]:
        """The headers of the site's settings; of other folders, how long a file may be kept, by the same rule."""
        if next(place for place in self._places if address.startswith(place)) != "/":
            for_long = address.startswith("/stock/") or re.search(NAMED_BY_CONTENT, address)
            return {CACHING: FOREVER if for_long else ALWAYS_ASKED}
        said = {CACHING: ALWAYS_ASKED}
        for pattern, headers in self._rules:
            if address == pattern or (pattern.endswith("*") and address.startswith(pattern[:-1])):
                said.update(headers)
        return said

    def wait_if_held(self, address: str) -> None:
        if PYTHON.search(address):
            self._released.wait()


def _rules(text: str) -> list[tuple[str, dict[str, str]]]:
    """What a `_headers` file says: address patterns, and the headers of each."""
    rules: list[tuple[str, dict[str, str]]] = []
    for line in text.splitlines():
        if line.startswith("/"):
            rules.append((line.strip(), {}))
        elif line.startswith("  "):
            name, _, value = line.strip().partition(": ")
            rules[-1][1][name] = value
    return rules


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: browsers that end break off what they asked for."""


class _Handler(StaticHandler):
    def __init__(self, served: Served, *args: Any) -> None:
        self._served = served
        super().__init__(*args)

    def setup(self) -> None:
        self._connected = time.monotonic()
        super().setup()

    def do_GET(self) -> None:  # noqa: N802 (the base class has it so)
        at, address = time.monotonic(), unquote(self.path.partition("?")[0])
        self._served.network.answer(self._connected)
        path = self._served.file(address)
        if not path.is_file():
            self._served.log.append(Asked(address, at, 0))
            return self.send_error(404)
        packed = path.with_name(path.name + ".gz")
        by_gzip = packed.is_file() and "gzip" in self.headers.get("Accept-Encoding", "")
        content = (packed if by_gzip else path).read_bytes()
        tag = f'"{path.stat().st_mtime_ns:x}-{len(content):x}"'
        known = tag == self.headers.get("If-None-Match")
        self.send_response(304 if known else 200)
        for name, value in self._served.headers(address).items():
            self.send_header(name, value)
        self.send_header("ETag", tag)
        self.send_header("Vary", "Accept-Encoding")
        if not known:
            self.send_header("Content-Type", self.guess_type(path))
            self.send_header("Content-Length", str(len(content)))
            if by_gzip:
                self.send_header("Content-Encoding", "gzip")
        self._served.log.append(Asked(address, at, 0 if known else len(content)))
        self.end_headers()
        if not known:
            self._send(address, content)
        return None

    def _send(self, address: str, content: bytes) -> None:
        chunk = Network.CHUNK if self._served.network.slow else len(content) // 2 + 1
        for begin in range(0, len(content), chunk):
            if begin + chunk >= len(content):
                self._served.wait_if_held(address)
            part = content[begin : begin + chunk]
            self._served.network.carry(len(part))
            self.wfile.write(part)


def pack(folder: Path) -> None:
    """Write the .gz beside each file of a folder that gets smaller by it, as `make site` does for ours."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in COMPRESSIBLE and not path.with_name(path.name + ".gz").exists():
            content = path.read_bytes()
            packed = gzipped(content, path.suffix)
            if len(packed) < len(content) * WORTH_IT:
                path.with_name(path.name + ".gz").write_bytes(packed)
