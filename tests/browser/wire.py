"""Everything that a browser sends, seen from outside it: all its traffic runs through a server that writes it down.

Playwright sees no request and no console of a shared worker. So a visit here has a proxy, which gets each request,
whoever makes it, for whatever host; and the debugger's own door to the browser, through which every worker's console is
read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from tests.browser.recorder import Recorder, Trace, spellings, spelt
from tests.conftest import StaticHandler

WORKERS = ("shared_worker", "service_worker", "worker")


@dataclass(frozen=True)
class Sent:
    """One request as it went over the wire."""

    method: str
    url: str
    headers: str
    body: str

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc


@dataclass
class Wire:
    """What was sent so far, and the site that answers. `planted` are files beside the site's, by their path."""

    url: str = ""
    sent: list[Sent] = field(default_factory=list)
    planted: dict[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    def traces(self) -> list[Trace]:
        """Each part of each request in which something could stand."""
        return [
            Trace(f"wire {part}", text)
            for one in self.sent
            for part, text in (("address", one.url), ("headers", one.headers), ("body", one.body))
        ]


class Handler(StaticHandler):
    """Writes each request down; answers those for its own host from the site's folder, and no others."""

    wire: Wire

    def do_GET(self) -> None:  # noqa: N802 (the base class has it so)
        if self._own():
            super().do_GET()

    def do_POST(self) -> None:  # noqa: N802
        if self._own():
            self.send_error(HTTPStatus.NOT_FOUND)

    def do_CONNECT(self) -> None:  # noqa: N802
        self._own()

    do_HEAD, do_PUT, do_OPTIONS = do_GET, do_POST, do_POST  # noqa: N815

    def _own(self) -> bool:
        """Note the request. Whether it is for the site; if it is not, or was planted, it is answered here."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8", "replace")
        self.wire.sent.append(Sent(self.command, self.path, str(self.headers), body))
        parts = urlsplit(self.path)
        if self.command == "CONNECT" or parts.netloc not in ("", self.wire.host):
            self.close_connection = True
            self.send_error(HTTPStatus.BAD_GATEWAY)
            return False
        self.path = parts.path
        if (content := self.wire.planted.get(parts.path)) is None:
            return True
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/javascript")
        self.send_header("Content-Length", str(len(content.encode())))
        self.end_headers()
        self.wfile.write(content.encode())
        return False


class WorkerConsoles:
    """The consoles of all workers of one site, whatever page they belong to."""

    def __init__(self, browser: Browser, site: str) -> None:
        self.site = site
        self.said: list[str] = []
        self._known: dict[str, str] = {}
        self._session = browser.new_browser_cdp_session()
        self._session.on("Target.receivedMessageFromTarget", self._hear)

    def look(self) -> None:
        """Listen to the workers that are there now. What one said before is told again to whoever begins to listen."""
        for target in self._session.send("Target.getTargets")["targetInfos"]:
            id = target["targetId"]
            if target["type"] in WORKERS and target["url"].startswith(self.site) and id not in self._known:
                asked = {"targetId": id, "flatten": False}
                self._known[id] = self._session.send("Target.attachToTarget", asked)["sessionId"]
                for n, method in enumerate(("Runtime.enable", "Log.enable")):
                    message = json.dumps({"id": n, "method": method})
                    self._session.send("Target.sendMessageToTarget", {"sessionId": self._known[id], "message": message})

    @property
    def count(self) -> int:
        """How many workers were listened to."""
        return len(self._known)

    def close(self) -> None:
        self._session.detach()

    def _hear(self, event: dict[str, Any]) -> None:
        message = json.loads(event["message"])
        said = ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")
        if event["sessionId"] in self._known.values() and message.get("method") in said:
            self.said.append(json.dumps(message["params"], ensure_ascii=False))


@dataclass
class Visit:
    """A browser that is watched from all sides, with one page in it."""

    page: Page
    wire: Wire
    recorder: Recorder
    consoles: WorkerConsoles

    @property
    def url(self) -> str:
        """The address of the site, with a slash at its end."""
        return self.wire.url

    def look(self) -> dict[str, Any]:
        """Look at every place that outlives the page, and for workers. Gives what stands in those places."""
        self.consoles.look()
        return self.recorder.look()

    @property
    def said(self) -> list[str]:
        """All that any console was told."""
        own = [trace.text for trace in self.recorder.traces if trace.channel == "console"]
        return [*own, *self.consoles.said]

    def leaks(self, secrets: Iterable[str]) -> list[Trace]:
        """All traces in which a secret stands, in any of the spellings that travel."""
        secrets = list(secrets)
        sought = [spelling for secret in secrets for spelling in spellings(secret)]
        more = [*self.wire.traces(), *(Trace("worker console", text) for text in self.consoles.said)]
        found = [trace for trace in more if any(one in spelt(trace.text) for one in sought)]
        return [*self.recorder.leaks(secrets), *found]


@contextmanager
def watched(browser: Browser, site: Path, **context: Any) -> Iterator[Visit]:
    """Serve a built site, and open a page of a browser that can reach nothing but through what writes it down."""
    wire = Wire()
    handler = type("WireHandler", (Handler,), {"wire": wire})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(site)))
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # browsers hang up on what they no longer want
    Thread(target=server.serve_forever, daemon=True).start()
    wire.url = f"http://127.0.0.1:{server.server_port}/"
    # Else a browser reaches its own machine without a proxy.
    proxy = {"server": wire.url, "bypass": "<-loopback>"}
    opened = browser.new_context(proxy=proxy, **context)  # type: ignore[arg-type]
    consoles = WorkerConsoles(browser, wire.url)
    try:
        page = opened.new_page()
        yield Visit(page, wire, Recorder(page), consoles)
    finally:
        consoles.close()
        opened.close()
        server.shutdown()
        server.server_close()
