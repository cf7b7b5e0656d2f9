"""What every test may ask for: the site, built once; an address to load it from; and browsers.

`site` and `site_url` are the project's own site; `project` is a copy of its sources, to change and break. `page` is
a new page of Chromium in which Python is ready at once, as for a reader who was on another tool before; `lone_page` is
one in a browser of its own, in which it has yet to start.
`any_browser` runs a test in each browser: in Firefox and WebKit with `make test-all` alone.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import copytree
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser as PlaywrightBrowser
from playwright.sync_api import Page, sync_playwright
from xdist.scheduler import LoadScopeScheduling

from macros.site.hosting.policy import NEEDED_TYPES
from macros.site.hosting.servers import beside
from macros.site.links.redirects import MARK as REDIRECT_MARK
from tests import browsers, drivers
from tests.builds import ROOT, as_published, build_here, copy_sources, kept
from tests.order import in_order, unit_of
from tests.trees import published
from tests.waiting import until

NO_SHARED_WORKER = "delete globalThis.SharedWorker"


class StaticHandler(SimpleHTTPRequestHandler):
    """Serves files as a plain web server does."""

    protocol_version = "HTTP/1.1"
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, **NEEDED_TYPES}  # noqa: RUF012 (the base class has it so)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on a free port of this machine. Gives its address, with a slash at its end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(StaticHandler, directory=str(folder)))
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the project's own site: this process's copy of the one that all of them share."""
    shared, own = kept(ROOT), tmp_path_factory.mktemp("built") / "site"
    for folder, target in ((shared, own), (beside(shared), beside(own))):
        copytree(folder, target)
    return own


@pytest.fixture(scope="session")
def live_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site as its owner may come to publish it (tests/builds.py), shared by all: only to be read."""
    return kept(as_published(copy_sources(tmp_path_factory.mktemp("live") / "project")), build_here)


def pages_of(site: Path) -> list[Path]:
    """The pages of a built site that are read: all but those that only lead on to another."""
    return [path for path in sorted(site.rglob("*.html")) if REDIRECT_MARK not in path.read_text("utf-8")]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of all that the site is made from, to change and break."""
    return copy_sources(tmp_path / "project")


@pytest.fixture(scope="session")
def site_url(site: Path) -> Iterator[str]:
    """The address of the project's own site, with a slash at its end."""
    with served(site) as url:
        yield url


@pytest.fixture
def serve() -> Callable[[Path], AbstractContextManager[str]]:
    """`with serve(folder) as url:` serves a folder."""
    return served


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One process more than there are cores, for tests of what takes long spend some time waiting. No other process
    where tests of one file are asked for: it would be no quicker, and start later.
    """
    files = {Path(argument.partition("::")[0]) for argument in config.args}
    alone = len(files) == 1 and files.pop().suffix == ".py"
    return 0 if alone else (os.cpu_count() or 1) + 1


class ByUnit(LoadScopeScheduling):
    """Shares out units as tests/order.py makes them."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    config.option.loadscopereorder = False  # the order is our own
    return ByUnit(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        items[:] = in_order(items)


def pytest_collection_finish() -> None:
    if published.cache_info().currsize:
        raise pytest.UsageError("a file of tests proves the trees as it is imported, and every run waits for that")


@pytest.fixture(scope="session")
def chromium() -> Iterator[PlaywrightBrowser]:
    """Playwright's browser object for Chromium, started once."""
    path = browsers.chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(browsers.CHROMIUM_FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def keeper(chromium: PlaywrightBrowser, site_url: str) -> Iterator[Page]:
    """A page on a tool that stays open while the tests run, so that the shared worker with its Python does, too."""
    context = chromium.new_context()
    keeper = context.new_page()
    keeper.goto(f"{site_url}tools/level/")
    until(keeper, "performance.getEntriesByName('decision-tool:engine-ready').length")
    yield keeper
    context.close()


NewPage = Callable[[], AbstractContextManager[Page]]


@pytest.fixture(scope="session")
def new_page(keeper: Page) -> NewPage:
    """`with new_page() as page:` opens a page beside the keeper. What it stored and was allowed goes with it."""

    @contextmanager
    def opened() -> Iterator[Page]:
        before = set(keeper.context.pages)
        page = keeper.context.new_page()
        try:
            yield page
        finally:
            for own in set(keeper.context.pages) - before:  # the page, and what it opened
                own.close()
            keeper.context.clear_cookies()
            keeper.context.clear_permissions()
            keeper.evaluate("localStorage.clear()")

    return opened


@pytest.fixture
def page(new_page: NewPage) -> Iterator[Page]:
    """A new page with no memory of another test but the shared worker, which keeps nothing but Python."""
    with new_page() as page:
        yield page


@pytest.fixture
def lone_page(chromium: PlaywrightBrowser) -> Iterator[Page]:
    """A new page in a context of its own, for tests of how Python starts and fails or that set the clock.

    It has no SharedWorker, because Playwright sees nothing of one.
    """
    context = chromium.new_context()
    context.add_init_script(NO_SHARED_WORKER)
    yield context.new_page()
    context.close()


@pytest.fixture(
    params=[
        pytest.param("chromium", marks=pytest.mark.browser),
        *(pytest.param(name, marks=[pytest.mark.browser, pytest.mark.all_browsers]) for name in drivers.DRIVERS),
    ]
)
def any_browser(request: pytest.FixtureRequest) -> Iterator[drivers.Browser]:
    """Each browser in turn: goto(url), evaluate(js), close()."""
    if request.param == "chromium":
        browser: drivers.Browser = drivers.Chromium(request.getfixturevalue("chromium"))
    else:
        browser = drivers.DRIVERS[request.param]()
    yield browser
    browser.close()
