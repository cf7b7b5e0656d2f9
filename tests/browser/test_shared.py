"""One Python for all pages of a visit: the next tool finds it ready, and whatever happens to it, each page goes on.

Playwright neither sees a shared worker's requests nor ends one. So the server tells what was asked for, and the
worker itself is reached by the browser's own protocol.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.answers import ADULT, HARM, LONG
from tests.browser.test_faults import LONGER_THAN_PATIENCE, cut, expect_readable_version
from tests.browser.tool import FIRST_ANSWERS, Tool
from tests.conftest import StaticHandler
from tests.waiting import until


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser as readers have it, with shared workers, in which every answer waits for Python."""
    context = chromium.new_context()
    context.route(FIRST_ANSWERS, cut)
    yield context
    context.close()


class Shared:
    """The shared workers that start in a browser from now on, for its protocol."""

    def __init__(self, browser: Browser) -> None:
        self._session = browser.new_browser_cdp_session()
        self._earlier: set[str] = set()
        self._earlier = set(self.ids)

    @property
    def ids(self) -> list[str]:
        """Each shared worker's own id, which it has for its life."""
        targets = self._session.send("Target.getTargets")["targetInfos"]
        ids = [target["targetId"] for target in targets if target["type"] == "shared_worker"]
        return [id for id in ids if id not in self._earlier]

    def run(self, js: str) -> None:
        """Run JavaScript in the one shared worker, and do not wait for it."""
        (id,) = self.ids
        session = self._session.send("Target.attachToTarget", {"targetId": id})["sessionId"]
        message = json.dumps({"id": 1, "method": "Runtime.evaluate", "params": {"expression": js}})
        self._session.send("Target.sendMessageToTarget", {"sessionId": session, "message": message})


@pytest.fixture
def shared(chromium: Browser) -> Shared:
    return Shared(chromium)


def test_the_next_tool_finds_python_ready(context: BrowserContext, site_url: str, shared: Shared) -> None:
    tool = Tool.open(context.new_page(), site_url)
    tool.go(HARM)
    before = shared.ids
    assert len(before) == 1
    Tool.open(tool.page, site_url, "consent").answer(HARM)
    assert shared.ids == before


def test_pages_open_at_the_same_time_share_python_and_no_answers(
    context: BrowserContext, site_url: str, shared: Shared
) -> None:
    one, two = (Tool.open(context.new_page(), site_url) for _ in range(2))
    one.fill(ADULT)
    two.fill(HARM)
    with one.step(), two.step():
        one.submit.click()
        two.submit.click()
    one.go(ADULT)
    two.go(HARM)
    assert (one.at[:2], two.at[:2]) == (("outcome", "adult-route"), ("outcome", "level-4"))
    assert len(shared.ids) == 1
    one.page.close()
    two.restart()
    two.answer(HARM)
    assert [worker.url for worker in two.page.workers if worker.url.endswith("engine-worker.mjs")] == []


def test_when_the_shared_worker_dies_each_page_goes_on_with_its_own(
    context: BrowserContext, site_url: str, shared: Shared
) -> None:
    one, two = (Tool.open(context.new_page(), site_url) for _ in range(2))
    one.answer(HARM)
    two.answer(LONG)
    shared.run("self.close()")
    for tool, answers in ((one, HARM), (two, LONG)):  # each notices by itself
        tool.go(answers)
        assert tool.data("state") == "outcome"
        expect(tool.trouble).to_be_hidden()
        assert [worker.url for worker in tool.page.workers if worker.url.endswith("engine-worker.mjs")] != []


def test_when_the_shared_worker_hangs_a_page_goes_on_with_its_own(
    context: BrowserContext, site_url: str, shared: Shared
) -> None:
    page = context.new_page()
    page.clock.install()
    tool = Tool.open(page, site_url)
    tool.answer(HARM)
    shared.run("for (;;);")
    tool.fill(HARM)
    with tool.step():
        tool.submit.click()
        page.clock.fast_forward(LONGER_THAN_PATIENCE)
    tool.go(HARM)
    assert tool.data("level") == "4"


@pytest.mark.parametrize(
    "broken",
    [
        "globalThis.SharedWorker = class { constructor() { throw new Error('no'); } };",
        "delete globalThis.SharedWorker;",
    ],
)
def test_a_browser_that_cannot_share_does_without(context: BrowserContext, site_url: str, broken: str) -> None:
    context.add_init_script(broken)
    tool = Tool.open(context.new_page(), site_url)
    tool.go(HARM)
    assert tool.data("level") == "4"


def test_a_page_that_is_left_leaves_no_answer_and_not_the_others(
    context: BrowserContext, site_url: str, shared: Shared
) -> None:
    one, two = (Tool.open(context.new_page(), site_url) for _ in range(2))
    one.go(HARM)
    two.answer(HARM)
    one.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    assert one.at[0] == "asking"
    assert one.chosen == {}
    two.go(HARM)
    assert two.data("level") == "4"
    one.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    one.go(HARM)
    assert one.data("level") == "4"
    assert len(shared.ids) == 1


# ---- with a server that tells what it was asked for, and gives what it is told to


Server = tuple[str, list[str], dict[str, int]]


@pytest.fixture
def server(site: Path) -> Iterator[Server]:
    """The address of the site, all paths asked for, and statuses by the end of a path that are given in its place."""
    asked: list[str] = []
    instead: dict[str, int] = {}

    class Telling(StaticHandler):
        def do_GET(self) -> None:  # noqa: N802 (the base class has it so)
            asked.append(self.path)
            status = next((status for end, status in instead.items() if self.path.endswith(end)), None)
            if status:
                self.send_error(status)
            else:
                super().do_GET()

    made = ThreadingHTTPServer(("127.0.0.1", 0), partial(Telling, directory=str(site)))
    made.daemon_threads = True
    Thread(target=made.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{made.server_port}/", asked, instead
    made.shutdown()
    made.server_close()


def test_the_shared_worker_asks_for_nothing_once_it_is_ready(context: BrowserContext, server: Server) -> None:
    url, asked, _ = server
    said: list[Any] = []
    context.on("console", lambda message: None if "/first-" in message.location["url"] else said.append(message))
    tool = Tool.open(context.new_page(), url)
    tool.answer(LONG)  # by now Python is there
    until(tool.page, "document.readyState === 'complete'")  # and whatever the page itself asks for
    assert [path.rpartition("/")[2] for path in asked if path.endswith(".zip")] == ["python.zip"], "this sees nothing"
    asked.clear()
    tool.go(LONG)
    assert (asked, said) == ([], [])


@pytest.mark.parametrize(
    ("file", "reason"),
    [("pyodide.asm.wasm", "WebAssembly"), ("python.zip", "questions"), ("engine-worker.mjs", "script")],
)
def test_a_shared_worker_that_cannot_start_says_why_and_can_be_tried_again(
    context: BrowserContext, server: Server, file: str, reason: str
) -> None:
    url, _, instead = server
    instead[file] = 404
    tool = Tool.open(context.new_page(), url)
    tool.expect_state("unavailable")
    expect_readable_version(tool, reason)
    instead.clear()
    tool.trouble.get_by_role("button").click()
    tool.expect_state("asking")
    tool.go(HARM)
    assert tool.data("level") == "4"
