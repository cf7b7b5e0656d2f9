"""One small way to drive each browser: go to a page, evaluate JavaScript in it, close.

Chromium is driven by Playwright. Firefox is driven over WebDriver BiDi by the few lines below: Playwright's own BiDi
asks Firefox ESR for a command that it does not have, and Debian has no geckodriver. WebKit is driven by WebKitGTK's
driver on a virtual screen.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from playwright.sync_api import Browser as PlaywrightBrowser
from playwright.sync_api import Error as PlaywrightError

from tests import browsers

SECONDS = 60


class ScriptError(Exception):
    """The JavaScript that a page was asked to evaluate failed there."""


class Browser(Protocol):
    """A browser with one page."""

    def goto(self, url: str) -> None:
        """Go to a page and wait until it has loaded."""

    def evaluate(self, js: str) -> Any:
        """The value of a JavaScript expression, awaited, as JSON can hold it. Raises ScriptError."""

    def close(self) -> None:
        """End the browser."""


def _as_json(js: str) -> str:
    """An expression whose value is the JSON text of the value of `js`, or of null."""
    return f"(async () => JSON.stringify((await ({js})) ?? null))()"


class Chromium:
    """Chromium, in a context of its own."""

    def __init__(self, browser: PlaywrightBrowser) -> None:
        self._context = browser.new_context()
        self._page = self._context.new_page()

    def goto(self, url: str) -> None:
        self._page.goto(url)

    def evaluate(self, js: str) -> Any:
        try:
            return json.loads(self._page.evaluate(_as_json(js)))
        except PlaywrightError as error:
            raise ScriptError(error.message) from error

    def close(self) -> None:
        self._context.close()


class Firefox:
    """Firefox over WebDriver BiDi, with a new profile."""

    def __init__(self) -> None:
        with ExitStack() as stack:
            self._socket = stack.enter_context(_bidi_socket(stack.enter_context(_firefox_process())))
            self._ended = stack.pop_all()
        self._count = 0
        self._send("session.new", capabilities={})
        self._context = self._send("browsingContext.getTree")["contexts"][0]["context"]

    def goto(self, url: str) -> None:
        self._send("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def evaluate(self, js: str) -> Any:
        target = {"context": self._context}
        said = self._send("script.evaluate", expression=_as_json(js), target=target, awaitPromise=True)
        if said["type"] == "exception":
            raise ScriptError(said["exceptionDetails"]["text"])
        return json.loads(said["result"]["value"])

    def close(self) -> None:
        self._ended.close()

    def _send(self, method: str, **params: Any) -> Any:
        self._count += 1
        self._socket.send(json.dumps({"id": self._count, "method": method, "params": params}))
        while True:  # events come in between
            said = json.loads(self._socket.recv())
            if said.get("id") == self._count:
                break
        if said["type"] == "error":
            raise RuntimeError(f"Firefox refused {method}: {said['message']}")
        return said["result"]


@contextmanager
def _firefox_process() -> Iterator[Path]:
    """A running Firefox; gives its profile folder."""
    with TemporaryDirectory(prefix="firefox-", ignore_cleanup_errors=True) as folder:
        profile = Path(folder)
        (profile / "user.js").write_text("".join(f"user_pref({json.dumps(k)}, {v});\n" for k, v in QUIET.items()))
        command = [browsers.firefox(), "--headless", "--no-remote", "--profile", folder, "--remote-debugging-port", "0"]
        with _running(command):
            yield profile


# Firefox asks its maker's hosts for one thing or another as it starts; tests ask nobody.
QUIET = {
    "app.normandy.enabled": "false",
    "app.update.enabled": "false",
    "browser.shell.checkDefaultBrowser": "false",
    "browser.safebrowsing.downloads.remote.enabled": "false",
    "browser.safebrowsing.malware.enabled": "false",
    "browser.safebrowsing.phishing.enabled": "false",
    "datareporting.policy.dataSubmissionEnabled": "false",
    "extensions.getAddons.cache.enabled": "false",
    "extensions.update.enabled": "false",
    "network.captive-portal-service.enabled": "false",
    "network.connectivity-service.enabled": "false",
    "services.settings.server": '"data:,"',
    "toolkit.telemetry.server": '""',
}


@contextmanager
def _bidi_socket(profile: Path) -> Iterator[Any]:
    from websocket import create_connection

    port = _bidi_port(profile / "WebDriverBiDiServer.json")
    socket = create_connection(f"ws://127.0.0.1:{port}/session", timeout=SECONDS, suppress_origin=True)
    try:
        yield socket
    finally:
        socket.close()


def _bidi_port(told: Path) -> int:
    """The port that Firefox listens on, which it writes into its profile once it does."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        try:
            return int(json.loads(told.read_text())["ws_port"])
        except (OSError, ValueError):
            time.sleep(0.05)
    raise RuntimeError(f"Firefox could not be driven within {SECONDS} seconds of its start")


@contextmanager
def _running(command: list[str], **how: Any) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **how)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class WebKit:
    """WebKitGTK's own small browser, on a virtual screen."""

    def __init__(self) -> None:
        with ExitStack() as stack:
            display = stack.enter_context(_virtual_screen())
            self._driver = stack.enter_context(_webkit_driver(display))
            self._ended = stack.pop_all()

    def goto(self, url: str) -> None:
        self._driver.get(url)

    def evaluate(self, js: str) -> Any:
        said = self._driver.execute_async_script(
            f"const done = arguments[arguments.length - 1];"
            f"{_as_json(js)}.then(value => done({{value}}), error => done({{error: String(error)}}));"
        )
        if "error" in said:
            raise ScriptError(said["error"])
        return json.loads(said["value"])

    def close(self) -> None:
        self._ended.close()


@contextmanager
def _virtual_screen() -> Iterator[str]:
    reads, writes = os.pipe()
    command = [browsers.virtual_screen(), "-displayfd", str(writes), "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]
    with _running(command, pass_fds=[writes]):
        os.close(writes)
        with os.fdopen(reads) as numbers:
            yield f":{numbers.readline().strip()}"


@contextmanager
def _webkit_driver(display: str) -> Iterator[Any]:
    from selenium import webdriver

    service = webdriver.webkitgtk.service.Service(browsers.webkit_driver(), env={**os.environ, "DISPLAY": display})
    driver = webdriver.WebKitGTK(service=service)
    driver.set_script_timeout(SECONDS)
    try:
        yield driver
    finally:
        driver.quit()


DRIVERS: dict[str, Callable[[], Browser]] = {"firefox": Firefox, "webkit": WebKit}
