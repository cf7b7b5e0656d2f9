"""Whatever fails: the check works, or its readable version is offered with the reason, and the answers stay."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.answers import HARM
from tests.browser.tool import FIRST_ANSWERS, Tool
from tests.waiting import until

FIRST = {"danger": HARM["danger"]}
"""What HARM leaves in the first form."""

LONGER_THAN_PATIENCE = 21_000  # milliseconds of the page's clock, which the tests move


@pytest.fixture(autouse=True)
def no_first_answers(lone_page: Page) -> None:
    """Every answer here waits for Python. (With them: test_first.py.)"""
    lone_page.route(FIRST_ANSWERS, not_found)


# ---- a file that cannot be had, or is not what it should be


def not_found(route: Route) -> None:
    route.fulfill(status=404, body="Not found")


def cut(route: Route) -> None:
    route.abort()


def some_page(route: Route) -> None:
    """What a proxy or a login page answers in place of the file."""
    route.fulfill(status=200, body="<!doctype html><title>Sign in</title>", content_type="text/html")


def damaged(route: Route) -> None:
    route.fulfill(status=200, body="not what it says", headers={"content-type": "application/wasm"})


@pytest.mark.parametrize(
    ("file", "fault", "reason"),
    [
        ("pyodide.asm.wasm", not_found, "WebAssembly"),
        ("pyodide.asm.wasm", cut, "WebAssembly"),
        ("pyodide.asm.wasm", some_page, "WebAssembly"),
        ("pyodide.asm.wasm", damaged, "WebAssembly"),
        ("pyodide.mjs", not_found, "Python"),
        ("pyodide.asm.mjs", some_page, "Python"),
        ("python.zip", not_found, "questions"),
        ("python.zip", cut, "questions"),
        ("python.zip", some_page, "questions"),
        ("engine-worker.mjs", not_found, "script"),
    ],
)
def test_without_a_file_the_readable_version_is_offered_with_the_reason(
    lone_page: Page, site_url: str, file: str, fault: object, reason: str
) -> None:
    lone_page.route(f"**/{file}", fault)  # type: ignore[arg-type]
    tool = Tool.open(lone_page, site_url)
    tool.expect_state("unavailable")
    expect_readable_version(tool, reason)
    expect(tool.screen.locator("form[data-node]")).to_be_visible()


def test_a_click_that_cannot_be_answered_ends_in_the_readable_version(lone_page: Page, site_url: str) -> None:
    lone_page.route("**/pyodide.asm.wasm", not_found)
    tool = Tool.open(lone_page, site_url)
    tool.fill(HARM)
    tool.submit.click()
    tool.expect_state("unavailable")
    expect(tool.progress).to_be_empty()
    expect_readable_version(tool, "WebAssembly")
    assert tool.chosen == FIRST


def test_when_the_file_is_there_again_the_check_goes_on(lone_page: Page, site_url: str) -> None:
    lone_page.route("**/pyodide.asm.wasm", not_found)
    tool = Tool.open(lone_page, site_url)
    tool.expect_state("unavailable")
    tool.fill(HARM)
    lone_page.unroute("**/pyodide.asm.wasm")
    tool.trouble.get_by_role("button").click()
    tool.expect_state("asking")
    expect(tool.trouble).to_be_hidden()
    tool.go(HARM)
    assert tool.data("level") == "4"


def test_a_browser_without_webassembly_gets_the_readable_version(lone_page: Page, site_url: str) -> None:
    lone_page.add_init_script("delete globalThis.WebAssembly")
    tool = Tool.open(lone_page, site_url)
    tool.expect_state("unavailable")
    expect_readable_version(tool, "WebAssembly")


def test_a_proxy_that_changes_the_type_of_the_wasm_does_no_harm(lone_page: Page, site_url: str) -> None:
    def mistyped(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, headers={**response.headers, "content-type": "application/octet-stream"})

    lone_page.route("**/pyodide.asm.wasm", mistyped)
    tool = Tool.open(lone_page, site_url)
    tool.go(HARM)
    assert tool.data("level") == "4"


# ---- a file that takes its time


def test_clicks_before_the_engine_is_ready_are_kept_and_the_last_is_answered(lone_page: Page, site_url: str) -> None:
    held: list[Route] = []
    lone_page.route("**/pyodide.asm.wasm", lambda route: held.append(route))
    tool = Tool.open(lone_page, site_url)
    first = tool.data("node")
    expect(tool.progress).to_be_empty()
    tool.choose("danger", ["safety"])
    tool.submit.click()
    expect(tool.progress).to_contain_text("Getting the check ready")
    assert tool.progress.get_attribute("role") == "status"
    tool.choose("danger", ["none"])
    tool.submit.click()
    assert (tool.data("state"), tool.data("node")) == ("asking", first)
    with tool.step():
        held[0].continue_()
    expect(tool.progress).to_be_empty()
    expect(tool.screen.locator(".dt-strip")).to_have_count(0)
    assert lone_page.evaluate("history.state") == {"step": 1}, "an earlier click was answered too"


def test_after_twenty_seconds_the_readable_version_is_offered_while_waiting_goes_on(
    lone_page: Page, site_url: str
) -> None:
    lone_page.clock.install()
    held: list[Route] = []
    lone_page.route("**/pyodide.asm.wasm", lambda route: held.append(route))
    tool = Tool.open(lone_page, site_url)
    tool.fill(HARM)
    tool.submit.click()
    expect(tool.progress).not_to_be_empty()
    lone_page.clock.fast_forward(LONGER_THAN_PATIENCE // 2)
    expect(tool.trouble).to_be_hidden()
    lone_page.clock.fast_forward(LONGER_THAN_PATIENCE // 2)
    expect_readable_version(tool, "longer than usual")
    expect(tool.progress).not_to_be_empty()
    assert tool.data("state") == "asking"
    with tool.step():
        held[0].continue_()
    expect(tool.trouble).to_be_hidden()
    tool.go(HARM)
    assert tool.data("level") == "4"


def test_a_stage_that_is_reached_counts_as_progress(lone_page: Page, site_url: str) -> None:
    lone_page.clock.install()
    lone_page.route("**/engine-worker.mjs", lambda route: fulfil_worker(route, LISTENING))
    tool = Tool.open(lone_page, site_url)
    tool.fill(HARM)
    tool.submit.click()
    for _ in range(3):
        lone_page.clock.fast_forward(LONGER_THAN_PATIENCE - 5_000)
        lone_page.workers[-1].evaluate("postMessage({ stage: 'python' })")
        until(lone_page, "1")  # the message has been heard
        expect(tool.trouble).to_be_hidden()
    lone_page.clock.fast_forward(LONGER_THAN_PATIENCE)
    expect(tool.trouble).to_be_visible()


# ---- a worker that starts and then fails


LISTENING = "onmessage = () => {};"
READY = "postMessage({ stage: 'ready' });"
HANGS = f"{LISTENING} {READY}"
DIES = f"onmessage = () => setTimeout(() => {{ throw new Error('dead'); }}); {READY}"
RAISES = f"onmessage = () => postMessage({{ failure: 'answer' }}); {READY}"
BABBLES = f"onmessage = ({{ data }}) => postMessage({{ id: data.id, text: '<html>' }}); {READY}"
REFUSES = f"onmessage = ({{ data }}) => postMessage({{ id: data.id, text: JSON.stringify({{ ok: false }}) }}); {READY}"


def fulfil_worker(route: Route, script: str) -> None:
    route.fulfill(body=script, content_type="text/javascript")


@pytest.mark.parametrize("script", [DIES, RAISES])
def test_a_worker_that_dies_is_started_once_more_and_asked_again(lone_page: Page, site_url: str, script: str) -> None:
    tool = Tool.open(lone_page, site_url)
    tool.answer(HARM)  # by the real one
    kill_worker(lone_page)
    lone_page.route("**/engine-worker.mjs", lambda route: fulfil_worker(route, script), times=1)
    node = tool.data("node")
    tool.answer(HARM)
    assert tool.data("node") != node
    tool.go(HARM)
    assert tool.data("level") == "4"
    expect(tool.trouble).to_be_hidden()


@pytest.mark.parametrize("script", [DIES, RAISES, BABBLES, REFUSES])
def test_a_worker_that_keeps_failing_ends_in_the_readable_version(lone_page: Page, site_url: str, script: str) -> None:
    lone_page.route("**/engine-worker.mjs", lambda route: fulfil_worker(route, script))
    tool = Tool.open(lone_page, site_url)
    tool.fill(HARM)
    tool.submit.click()
    tool.expect_state("unavailable")
    expect_readable_version(tool, "fault")
    assert tool.chosen == FIRST


def test_a_worker_that_hangs_is_replaced_and_the_answers_are_still_there(lone_page: Page, site_url: str) -> None:
    lone_page.clock.install()
    tool = Tool.open(lone_page, site_url)
    tool.answer(HARM)
    kill_worker(lone_page)
    lone_page.route("**/engine-worker.mjs", lambda route: fulfil_worker(route, HANGS), times=1)
    tool.fill(HARM)
    with tool.step():
        tool.submit.click()
        expect(tool.progress).to_be_empty()  # that one said that it was ready
        lone_page.clock.fast_forward(LONGER_THAN_PATIENCE)
    tool.go(HARM)
    assert tool.data("level") == "4"
    tool.page.go_back()
    assert tool.data("state") == "asking"


def test_answers_given_before_a_failure_stay_and_can_be_gone_back_to(lone_page: Page, site_url: str) -> None:
    tool = Tool.open(lone_page, site_url)
    tool.answer(HARM)
    lone_page.route("**/pyodide.asm.wasm", not_found)
    kill_worker(lone_page)
    tool.fill(HARM)
    tool.submit.click()
    tool.expect_state("unavailable")
    expect_readable_version(tool, "WebAssembly")
    expect(tool.trouble).to_contain_text("answers so far are still on this page")
    lone_page.go_back()
    assert tool.chosen == FIRST
    lone_page.unroute("**/pyodide.asm.wasm")
    tool.answer(HARM)
    tool.expect_state("asking")
    tool.go(HARM)
    assert tool.at[:3] == ("outcome", "level-4", "4")


def kill_worker(page: Page) -> None:
    """End the engine's worker as an error that nobody caught does."""
    worker = next(worker for worker in page.workers if worker.url.endswith("engine-worker.mjs"))
    with worker.expect_event("close"):
        worker.evaluate("setTimeout(() => { throw new Error('dead'); })")


def expect_readable_version(tool: Tool, reason: str) -> None:
    """It is open, linked to, and the reason is said."""
    expect(tool.trouble).to_be_visible()
    expect(tool.trouble).to_contain_text(reason)
    expect(tool.trouble.get_by_role("link")).to_have_attribute("href", f"#{tool.tree}-as-text")
    expect(tool.text).to_have_attribute("open", "")
    expect(tool.text.locator(".dt-tree-node").first).to_be_visible()
