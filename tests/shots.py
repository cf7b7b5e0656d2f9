"""`make shots`: pictures of every kind of page and screen, to be looked at before a change of design is called done.

Each is named for what it shows and on what: `phone-level-3.png`. They go to shots/, which is not kept in git.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from macros.site.build import build
from tests import browsers
from tests.browser.answers import ADULT, HARM, LONG
from tests.browser.journeys import one_for_each_outcome
from tests.browser.test_keyboard import answer_by_keyboard
from tests.browser.test_record import RECORDS, download, open_file
from tests.browser.test_record import result as result_with_a_view
from tests.browser.tool import FIRST_ANSWERS, Answers, Tool, press
from tests.conftest import NO_SHARED_WORKER, ROOT, served
from tests.trees import published

FOLDER = ROOT / "shots"
expect.set_options(timeout=30_000)  # Python may take its time to start on a busy machine
TALLEST = 8_000  # pixels; what is longer is cut off

DEVICES: Mapping[str, Mapping[str, Any]] = {
    "phone": {"viewport": {"width": 320, "height": 640}, "is_mobile": True, "has_touch": True},
    "laptop": {"viewport": {"width": 1366, "height": 768}},
    "projector": {"viewport": {"width": 1280, "height": 720}, "device_scale_factor": 1.5},
    "dark": {"viewport": {"width": 1366, "height": 768}, "color_scheme": "dark"},
}

NO_CONCERN: Answers = {
    **LONG,
    "harm": ["none"],
    "risk": "no",
    "likelihood": "highly_unlikely",
    "past": "no",
}
LEVELS: Mapping[str, Answers] = {
    "level-1": NO_CONCERN,
    "level-2-settled": {**NO_CONCERN, "risk": "yes", "likelihood": "unlikely", "looked_after": "yes"},
    "level-2-unsettled": LONG,
    "level-3": {**LONG, "harm": ["none"], "likelihood": "likely", "past": "no"},
    "level-4": HARM,
    "level-4-in-danger": {**HARM, "danger": ["safety", "missing_now"]},
    "adult-route": ADULT,
}
PAGES = {
    "home": "",
    "frame": "embed/level/",
    "levels": "procedure/levels/",
    "referring": "procedure/referring/",
    "open-questions": "about/open-questions/",
    "contacts": "about/contacts/",
    "procedure": "procedure/",
    "glossary": "glossary/",
    "accessibility": "about/accessibility/",
    "not-found": "404.html",
}
SEARCHES = ("social worker on holiday", "ran away", "zzz")


@dataclass(frozen=True)
class Camera:
    """Takes pictures of pages as one device shows them, and says which."""

    browser: Browser
    url: str
    device: str
    options: Mapping[str, Any] = field(default_factory=dict)

    @contextmanager
    def page(self, **more: Any) -> Iterator[Page]:
        context = self.browser.new_context(**self.options, **more)
        context.add_init_script(NO_SHARED_WORKER)
        try:
            yield context.new_page()
        finally:
            context.close()

    def take(self, page: Page, name: str) -> None:
        """The page as it stands in the window, and then all of it, in a window that is high enough."""
        path = FOLDER / f"{self.device}-{name}.png"
        page.screenshot(path=path, animations="disabled")
        window = page.viewport_size
        assert window is not None
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({**window, "height": min(height, TALLEST)})
        page.screenshot(path=path.with_stem(f"{path.stem}-whole"), animations="disabled")
        page.set_viewport_size(window)
        print(path.relative_to(ROOT), flush=True)


def pages(camera: Camera) -> None:
    with camera.page() as page:
        for name, path in PAGES.items():
            page.goto(f"{camera.url}{path}")
            camera.take(page, name)


def reading(camera: Camera) -> None:
    """Search results, the end of a page with its words unfolded, and the whole procedure's first screen."""
    with camera.page() as page:
        for query in SEARCHES:
            page.goto(f"{camera.url}procedure/levels/")
            page.locator("label.md-header__button[for=__search]").dispatch_event("click")
            page.locator(".md-search__input").fill(query)
            page.locator(".md-search__input").press("End")
            expect(page.locator(".md-search-result__meta")).to_contain_text(re.compile("matching|what you typed"))
            page.wait_for_timeout(500)  # on a phone the box slides open
            page.screenshot(
                path=FOLDER / f"{camera.device}-search-{query.replace(' ', '-')}.png", animations="disabled"
            )
        page.goto(f"{camera.url}procedure/missing/")
        page.locator(".words-used summary").click()
        page.locator(".page-reviewed").scroll_into_view_if_needed()
        page.screenshot(path=FOLDER / f"{camera.device}-page-end.png", animations="disabled")
        page.goto(f"{camera.url}procedure/whole/")
        page.screenshot(path=FOLDER / f"{camera.device}-whole.png", animations="disabled")


def questions(camera: Camera) -> None:
    """Each kind of question, an error, and the answers so far."""
    with camera.page() as page:
        tool = Tool.open(page, camera.url)
        camera.take(page, "question-first")
        tool.send()
        camera.take(page, "question-error")
        for node in tool.walk(LONG):
            if tool.data("state") == "asking":
                camera.take(page, f"question-{node.replace('.', '-')}")
        tool.screen.locator(".dt-so-far summary").click()
        camera.take(page, "answers-so-far")


def results(camera: Camera) -> None:
    """Each level, and each outcome of every other tool."""
    for name, answers in LEVELS.items():
        with camera.page() as page:
            tool = Tool.open(page, camera.url)
            tool.go(answers)
            assert name.startswith(tool.data("node") or "nothing"), f"{name} led to {tool.at}"
            camera.take(page, name)
    for journey in one_for_each_outcome().values():
        if journey["tree"] != "level":
            with camera.page() as page:
                tool = Tool.open(page, camera.url, journey["tree"])
                tool.go(journey["answers"])
                camera.take(page, f"{journey['tree']}-{tool.data('node')}")


def unfolded(camera: Camera) -> None:
    """What stands behind a result: clauses, what would change it, the answers so far."""
    with camera.page() as page:
        tool = Tool.open(page, camera.url)
        tool.go(LONG)
        tool.screen.locator("details").evaluate_all("all => all.forEach((one) => (one.open = true))")
        expect(tool.screen.locator("[data-later]:empty")).to_have_count(0)
        tool.screen.locator(".dt-would-change").scroll_into_view_if_needed()
        camera.take(page, "result-unfolded")


def charts(camera: Camera) -> None:
    """The flowchart of each tool: at its start, and with the way to a result lit."""
    with camera.page() as page:
        for tree in published().tools:
            tool = Tool.open(page, camera.url, tree)
            chart = page.locator(f"#{tree}-as-chart")
            chart.locator("summary").click()
            chart.screenshot(path=FOLDER / f"{camera.device}-chart-{tree}.png", animations="disabled")
        tool = Tool.open(page, camera.url)
        tool.go(LONG)
        chart = page.locator("#level-as-chart")
        chart.locator("summary").click()
        chart.screenshot(path=FOLDER / f"{camera.device}-chart-level-lit.png", animations="disabled")
        chart.locator("[data-chart=whole]").click()
        chart.screenshot(path=FOLDER / f"{camera.device}-chart-level-whole.png", animations="disabled")
        page.locator("#level-as-text summary").click()
        camera.take(page, "tree-as-text")


def records(camera: Camera) -> None:
    """Keeping a record, and opening one: the same, another result, a file that is refused."""
    with camera.page() as page:
        page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
        tool = result_with_a_view(Tool.open(page, camera.url))
        tool.screen.locator(".dt-keep").scroll_into_view_if_needed()
        camera.take(page, "record-keep")
        same = download(tool)[1]
        press(tool.screen.locator('[data-action="record"][data-way="copy"]'))  # by key: the download moved the page
        expect(tool.screen.get_by_label("The record as text")).to_be_focused()
        camera.take(page, "record-copy-by-hand")
    with camera.page() as page:
        tool = Tool.open(page, camera.url)
        open_file(tool, same)
        camera.take(page, "record-opened-same")
    for name, tree in (("a-lower-level-and-no-police", "level"), ("an-answer-withdrawn", "referral")):
        with camera.page() as page:
            tool = Tool.open(page, camera.url, tree)
            open_file(tool, (RECORDS / "older" / f"{name}.json").read_bytes())
            camera.take(page, f"record-opened-{name}")
    with camera.page() as page:
        tool = Tool.open(page, camera.url)
        open_file(tool, (RECORDS / "hostile" / "key-twice.json").read_bytes(), steps=False)
        camera.take(page, "record-refused")


def waiting_and_trouble(camera: Camera) -> None:
    with camera.page() as page:
        page.route("**/pyodide.asm.wasm", lambda route: None)
        page.route(FIRST_ANSWERS, lambda route: route.abort())
        tool = Tool.open(page, camera.url)
        tool.fill(HARM)
        press(tool.submit)
        expect(tool.progress).not_to_be_empty()
        tool.progress.scroll_into_view_if_needed()
        camera.take(page, "waiting")
    with camera.page() as page:
        page.route("**/pyodide.asm.wasm", lambda route: route.fulfill(status=404))
        tool = Tool.open(page, camera.url)
        tool.expect_state("unavailable")
        tool.trouble.scroll_into_view_if_needed()
        camera.take(page, "wasm-missing")
    with camera.page() as page:
        tool = Tool.open(page, camera.url)
        tool.answer(HARM)
        tool.screen.locator(".dt-so-far summary").click()
        press(tool.screen.locator('[data-action="restart"]').last)
        camera.take(page, "start-again")


def without_scripts(camera: Camera) -> None:
    with camera.page(java_script_enabled=False) as page:
        page.goto(f"{camera.url}tools/level/")
        camera.take(page, "without-scripts")


def by_keyboard(camera: Camera) -> None:
    with camera.page() as page:
        tool = Tool.open(page, camera.url)
        for n in range(20):
            if tool.data("state") != "asking":
                break
            page.keyboard.press("Tab")
            page.keyboard.press("Tab")
            camera.take(page, f"keyboard-{n}")
            tool.screen.locator("[data-focus]").focus()
            answer_by_keyboard(tool, HARM)
        camera.take(page, "keyboard-result")


def in_forced_colours(camera: Camera) -> None:
    with camera.page(forced_colors="active") as page:
        tool = Tool.open(page, camera.url)
        tool.fill(HARM)
        camera.take(page, "forced-colours-question")
        tool.go(HARM)
        camera.take(page, "forced-colours-result")


def on_paper(camera: Camera) -> None:
    with camera.page() as page:
        result_with_a_view(Tool.open(page, camera.url), LONG, "differ", "The school sees it otherwise.\n" * 12)
        page.pdf(path=FOLDER / "print-level-2-unsettled.pdf", format="A4")
        page.goto(f"{camera.url}procedure/levels/")
        page.pdf(path=FOLDER / "print-levels.pdf", format="A4")
        page.goto(f"{camera.url}procedure/whole/")
        page.pdf(path=FOLDER / "print-whole.pdf", format="A4", page_ranges="1-8")
        for tree in published().tools:
            Tool.open(page, camera.url, tree)
            page.locator(f"#{tree}-as-chart summary").click()
            page.evaluate("window.print = () => {}")
            page.locator(f"#{tree}-as-chart [data-chart=print]").click()
            page.pdf(path=FOLDER / f"print-chart-{tree}.pdf", prefer_css_page_size=True)
        Tool.open(page, camera.url).go(HARM)
        page.pdf(path=FOLDER / "print-level-4.pdf", format="A4")
    with camera.page(color_scheme="dark") as page:
        page.goto(f"{camera.url}procedure/definitions/")
        page.pdf(path=FOLDER / "print-definitions-from-a-dark-device.pdf", format="A4")
    with camera.page(java_script_enabled=False) as page:
        page.goto(f"{camera.url}procedure/governance/")
        page.pdf(path=FOLDER / "print-governance-without-scripts.pdf", format="A4")
    print("shots/print-*.pdf")


SCENES: Mapping[str, tuple[Callable[[Camera], None], ...]] = {
    "phone": (pages, reading, questions, results, unfolded, charts, records, waiting_and_trouble, without_scripts),
    "laptop": (
        pages,
        reading,
        questions,
        results,
        unfolded,
        charts,
        records,
        waiting_and_trouble,
        without_scripts,
        by_keyboard,
        in_forced_colours,
        on_paper,
    ),
    "projector": (pages, questions, results),
    "dark": (pages, reading, questions, results, unfolded, charts, records, waiting_and_trouble),
}


def main(devices: list[str]) -> int:
    """The command: all devices, or those named. Returns its exit code."""
    if unknown := [name for name in devices if name not in DEVICES]:
        print(f"There is no device {unknown[0]}: name any of {', '.join(DEVICES)}.", file=sys.stderr)
        return 1
    rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    with TemporaryDirectory(prefix="shots-") as folder, sync_playwright() as playwright:
        site = Path(folder) / "site"
        build(ROOT, site)
        browser = playwright.chromium.launch(executable_path=browsers.chromium(), args=list(browsers.CHROMIUM_FLAGS))
        with served(site) as url:
            for device in devices or DEVICES:
                for scene in SCENES[device]:
                    scene(Camera(browser, url, device, DEVICES[device]))
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
