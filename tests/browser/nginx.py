"""A real nginx on this machine with the settings that `make site` publishes, and what browsers complain of to it.

It runs in the foreground, as whoever runs the tests, and writes into one folder of a test's alone.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from subprocess import PIPE, Popen
from threading import Thread
from time import monotonic, sleep
from typing import Any

from tests import browsers

SECONDS = 30
BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
REPORTS = "/csp-reports"

# What an administrator has: a server block with a root, and the published file in it.
MAIN = """{module}
daemon off;
master_process off;
pid {own}/pid;
error_log {own}/errors;
events {{}}
http {{
    access_log off;
    client_body_temp_path {own}/body;
    proxy_temp_path {own}/proxy;
    fastcgi_temp_path {own}/fastcgi;
    uwsgi_temp_path {own}/uwsgi;
    scgi_temp_path {own}/scgi;
    server {{
        listen 127.0.0.1:{port};
        root {root};
        {brotli}
        include {published};
        location = {reports} {{ proxy_pass http://127.0.0.1:{reports_port}; }}
    }}
}}
"""


@dataclass
class Nginx:
    """A running nginx. `url` is the site's root on it, with a slash at its end."""

    url: str
    port: int
    process: Popen[bytes]
    has_brotli: bool
    reports: list[Any] = field(default_factory=list)
    """What browsers reported of the content policy."""

    def get(self, address: str, method: str = "GET", **headers: str) -> HTTPResponse:
        """The answer to a request for an address below the host's root; `_` in a header's name stands for `-`."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        connection.request(method, address, headers={name.replace("_", "-"): value for name, value in headers.items()})
        return connection.getresponse()

    def stop(self) -> None:
        """End it, as a server that goes down."""
        self.process.kill()
        self.process.wait()


@contextmanager
def nginx(published: Path, root: Path, own: Path, base: str = "/") -> Iterator[Nginx]:
    """Run nginx on a free port of this machine with published settings. `root` is the folder that its server gives.

    Violations of the content policy are reported to `reports`: that one directive is added to what was published.
    """
    own.mkdir()
    reports: list[Any] = []
    with _collecting(reports) as reports_port:
        config, port = own / "nginx.conf", _free_port()
        settings = own / "published.conf"
        text = published.read_text("utf-8")
        assert text.count("; frame-ancestors ") >= 2
        settings.write_text(text.replace("; frame-ancestors ", f"; report-uri {REPORTS}; frame-ancestors "))
        config.write_text(
            MAIN.format(
                module=f"load_module {BROTLI};" if BROTLI.exists() else "",
                brotli="brotli_static on;" if BROTLI.exists() else "",
                own=own,
                port=port,
                root=root,
                published=settings,
                reports=REPORTS,
                reports_port=reports_port,
            )
        )
        process = Popen([browsers.nginx(), "-e", str(own / "errors"), "-p", str(own), "-c", str(config)], stderr=PIPE)
        try:
            _wait_for(port, process)
            yield Nginx(f"http://127.0.0.1:{port}{base}", port, process, BROTLI.exists(), reports)
        finally:
            process.kill()
            process.communicate()


@contextmanager
def _collecting(reports: list[Any]) -> Iterator[int]:
    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Take up a report."""
            reports.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def _wait_for(port: int, process: Popen[bytes]) -> None:
    deadline = monotonic() + SECONDS
    while monotonic() < deadline:
        assert process.poll() is None, process.communicate()[1].decode()
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        sleep(0.02)
    raise TimeoutError("nginx does not answer")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
