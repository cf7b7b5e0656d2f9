"""The browsers that the tests run in, and the web server: found on this machine, else installed. A test never goes
without one.

`python -m tests.browsers chromium firefox webkit nginx` finds or installs those named, and says which they are.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import which

CHROMIUM_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

WINDOWLESS = ("chromium-headless-shell", "chrome-headless-shell")
CHROMIUMS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
)
NGINXES = ("nginx", "/usr/sbin/nginx", "/usr/local/sbin/nginx", "/opt/homebrew/bin/nginx")
FIREFOXES = ("firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox")


class NoBrowserError(Exception):
    """A browser can neither be found nor installed. As text: what to install."""


def chromium() -> str:
    """The path of a Chromium: one without windows where there is one, else the whole browser. Raises NoBrowserError.

    The whole browser opens a window for each context, with pages of its own in it: a test takes it twice the time.
    """
    return _first(WINDOWLESS) or _playwrights_windowless() or whole_chromium()


def brought_chromium() -> str:
    """The same, once Debian's Chromium without windows is installed where that can be done. Raises NoBrowserError."""
    if not _first(WINDOWLESS):
        _install("chromium-headless-shell", "fonts-liberation")
    return chromium()


def whole_chromium() -> str:
    """The path of a Chromium as people use it: of this machine, else Debian's, else Playwright's.

    Raises NoBrowserError.
    """
    found = _chromium_of_this_machine() or _playwrights_chromium()
    if found:
        return found
    _install("chromium", "fonts-liberation")
    return (
        _chromium_of_this_machine()
        or _downloaded_chromium()
        or _none("Chromium", "install Chromium or Google Chrome (on Debian: apt-get install chromium)")
    )


def firefox() -> str:
    """The path of a Firefox: one of this machine, else Debian's. Raises NoBrowserError."""
    return _found_or_installed(FIREFOXES, ("firefox-esr",), "Firefox", "install Firefox (on Debian: firefox-esr)")


def webkit_driver() -> str:
    """The path of WebKitGTK's driver, on this machine or Debian's. Raises NoBrowserError."""
    advice = "install WebKitGTK's driver (on Debian: apt-get install webkit2gtk-driver)"
    return _found_or_installed(("WebKitWebDriver",), ("webkit2gtk-driver",), "WebKit", advice)


def virtual_screen() -> str:
    """The path of Xvfb, a screen for WebKit, which has no headless mode. Raises NoBrowserError."""
    advice = "install Xvfb (on Debian: apt-get install xvfb)"
    return _found_or_installed(("Xvfb",), ("xvfb",), "screen for WebKit", advice)


def nginx() -> str:
    """The path of an nginx: one of this machine, else Debian's, which is kept from serving anything by itself.

    Raises NoBrowserError.
    """
    found = _first(NGINXES)
    if not found:
        _install("nginx", "libnginx-mod-http-brotli-static")
        if (systemctl := which("systemctl")) and _may_install():
            subprocess.run([*_as_root(), systemctl, "disable", "--now", "nginx"], capture_output=True)
    return found or _first(NGINXES) or _none("web server", "install nginx (on Debian: apt-get install nginx)")


def _found_or_installed(names: tuple[str, ...], packages: tuple[str, ...], what: str, advice: str) -> str:
    found = _first(names)
    if not found:
        _install(*packages)
    return found or _first(names) or _none(what, advice)


def _first(names: tuple[str, ...]) -> str | None:
    return next((path for name in names if (path := which(name))), None)


def _chromium_of_this_machine() -> str | None:
    return next((path for name in CHROMIUMS if (path := which(name)) and _starts(path)), None)


def _starts(path: str) -> bool:
    """Whether it runs at all: some systems have a `chromium` that only says where to get one."""
    if os.name == "nt":  # there it would open a window
        return True
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _none(what: str, advice: str) -> str:
    raise NoBrowserError(f"The tests need a {what}; none was found and none could be installed: {advice}.")


def _install(*packages: str) -> None:
    """Install Debian packages if that can be done here; whether it worked shows in what is found afterwards."""
    apt = which("apt-get")
    if not apt or not _may_install():
        return
    _say(f"Installing {' and '.join(packages)} with apt-get (once, a minute or two) ...")
    command = [*_as_root(), "env", "DEBIAN_FRONTEND=noninteractive", apt, "-qq", "-o", "DPkg::Lock::Timeout=300"]
    subprocess.run([*command, "update"], stdout=subprocess.DEVNULL)
    subprocess.run([*command, "install", "-y", "--no-install-recommends", *packages], stdout=subprocess.DEVNULL)


def _as_root() -> list[str]:
    return [] if os.geteuid() == 0 else ["sudo", "-n"]


def _may_install() -> bool:
    if os.geteuid() == 0:
        return True
    return bool(which("sudo")) and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0


WHERE_PLAYWRIGHT_KEEPS_IT = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


def _playwrights_chromium() -> str | None:
    path = _where_playwright_keeps_it()
    return str(path) if path.exists() else None


def _playwrights_windowless() -> str | None:
    """The one without windows that Playwright downloads together with the whole: `chromium_headless_shell-1255`."""
    folders = (folder for folder in _where_playwright_keeps_it().parents if folder.name.startswith("chromium-"))
    kept = next(folders, None)
    if kept is None:
        return None
    beside = kept.with_name(kept.name.replace("chromium-", "chromium_headless_shell-"))
    names = ("chrome-headless-shell", "headless_shell", "chrome-headless-shell.exe", "headless_shell.exe")
    return next((str(path) for name in names for path in beside.glob(f"*/{name}")), None)


def _where_playwright_keeps_it() -> Path:
    """Asked of a process of its own: Playwright refuses to be started where it runs already."""
    command = [sys.executable, "-c", WHERE_PLAYWRIGHT_KEEPS_IT]
    asked = subprocess.run(command, capture_output=True, text=True, check=True)
    return Path(asked.stdout.strip())


def _downloaded_chromium() -> str | None:
    _say("Downloading Playwright's Chromium (once, about 150 MB) ...")
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], stdout=subprocess.DEVNULL)
    return _playwrights_chromium()


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


FINDERS: dict[str, tuple[Callable[[], str], ...]] = {
    "chromium": (whole_chromium, brought_chromium),
    "firefox": (firefox,),
    "webkit": (webkit_driver, virtual_screen),
    "nginx": (nginx,),
}


def main(names: list[str]) -> int:
    """The command. Returns its exit code: 1 when a browser named cannot be had."""
    if unknown := [name for name in names if name not in FINDERS]:
        print(f"There is no {unknown[0]} to find: name any of {', '.join(FINDERS)}.", file=sys.stderr)
        return 1
    try:
        for name in names:
            print(f"{name}: {', '.join(find() for find in FINDERS[name])}")
    except NoBrowserError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
