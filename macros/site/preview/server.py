"""The preview: a small server, on this machine alone, that shows the last good site and what is wrong since.

It adds one script to the pages that it shows, which fetches the page again after a build and shows the report of one
that failed. The built site itself never holds that script.
"""

from __future__ import annotations

import json
import sys
from html import escape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import rmtree
from threading import Condition
from typing import Any

from macros.site.hosting.policy import NEEDED_TYPES

HOST = "127.0.0.1"
OWN = "/__preview/"
SCRIPT = Path(__file__).with_name("preview.mjs")

# A waiting page asks again after this long, so that no connection is kept for ever.
PATIENCE_SECONDS = 25.0

NO_SITE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>The site was not built</title>
<h1>The site was not built yet</h1><pre>{}</pre></html>"""


class Preview:
    """What is shown: the last good site, if there is one, and the report of the last build, if it failed."""

    def __init__(self) -> None:
        self.site: Path | None = None
        self.trouble: str | None = None
        self.version = 0
        self._changed = Condition()

    def show(self, site: Path, trouble: str | None) -> None:
        """Take up the end of a build: the folder `site` if `trouble` is None, else the report."""
        before = self.site
        with self._changed:
            self.site = before if trouble else site
            self.trouble = trouble
            self.version += 1
            self._changed.notify_all()
        if before and before != self.site:
            rmtree(before, ignore_errors=True)

    def wait(self, seen: int) -> None:
        """Wait until something newer than version `seen` is shown, or for as long as there is patience."""
        with self._changed:
            self._changed.wait_for(lambda: self.version != seen, PATIENCE_SECONDS)

    @property
    def announcement(self) -> str:
        """What the terminal is told after a build."""
        if not self.trouble:
            return "Built."
        kept = "The last good site is still shown." if self.site else "There is no site to show yet."
        return f"{self.trouble}\n{kept}"


class PreviewServer(ThreadingHTTPServer):
    """Serves a Preview on a port of this machine alone. Raises OSError when the port is taken."""

    daemon_threads = True
    # Else a second server could take the same port unnoticed on some systems.
    allow_reuse_port = False

    def __init__(self, preview: Preview, port: int) -> None:
        self.preview = preview
        super().__init__((HOST, port), PreviewHandler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Tell of a fault, but not of a page that was closed while it waited for the next build."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class PreviewHandler(SimpleHTTPRequestHandler):
    """Answers one request."""

    server: PreviewServer
    protocol_version = "HTTP/1.1"
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, **NEEDED_TYPES}  # noqa: RUF012 (the base class has it so)

    def do_GET(self) -> None:
        """A file of the site, or one of the preview's own answers."""
        path, _, query = self.path.partition("?")
        preview = self.server.preview
        if path == f"{OWN}state":
            preview.wait(int(query) if query.isdecimal() else -1)
            self._send(json.dumps({"version": preview.version, "trouble": preview.trouble}), "application/json")
        elif path == f"{OWN}preview.mjs":
            self._send(SCRIPT.read_text("utf-8"), NEEDED_TYPES[".mjs"])
        else:
            self._send_from_site(preview.site)

    def do_HEAD(self) -> None:
        self.do_GET()

    def _send_from_site(self, site: Path | None) -> None:
        if site is None:
            preview = self.server.preview
            self._send_page(NO_SITE.format(escape(preview.trouble or "It is being built.")), 503)
            return
        self.directory = str(site)
        file = Path(self.translate_path(self.path))
        if file.is_dir() and self.path.partition("?")[0].endswith("/"):
            file = file / "index.html"
        if file.suffix == ".html" and file.is_file():
            self._send_page(file.read_text("utf-8"))
        elif file.exists():
            super().do_GET()
        else:
            self._send_page((site / "404.html").read_text("utf-8"), 404)

    def _send_page(self, page: str, status: int = 200) -> None:
        if self.headers.get("Sec-Fetch-Dest") == "empty":  # a script fetches the page, such as what keeps the site
            self._send(page, "text/html", status)
            return
        script = f'<script type="module" src="{OWN}preview.mjs?{self.server.preview.version}"></script>'
        before, end, after = page.rpartition("</body>" if "</body>" in page else "</html>")
        self._send(before + script + end + after, "text/html", status)

    def _send(self, text: str, kind: str, status: int = 200) -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def end_headers(self) -> None:
        """Add to every answer that it must be asked for again: the next build may change it."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the terminal is for the editor."""
