"""The copy kept on a device: nothing before it is asked for, one version whole, never older than the network without
saying so, never an answer in it. And every way in which keeping can fail, each with its reason on the page.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from macros.site.approval import DRAFT
from tests.browser.answers import HARM, LONG, NARRATIVE
from tests.browser.host import Host, answer, cut, gone, half, hosted, same_type, sign_in, variant
from tests.browser.tool import Tool
from tests.browser.training import Session, open_notes
from tests.conftest import NO_SHARED_WORKER
from tests.waiting import until

NOTICE = "[data-kept-notice]"
SAID = "[data-offline-said]"
KEEP, REMOVE = "[data-offline-keep]", "[data-offline-remove]"
WORKERS = "navigator.serviceWorker.getRegistrations().then((all) => all.length)"
SECOND = "Second version: worried that"
WASM = "pyodide.asm.wasm"

PLAIN = "assets/site/search-words.js"
"""A file whose address says nothing of its version."""

NEW = {
    "index.html": lambda text: text.replace("Worried that", SECOND),
    PLAIN: lambda text: f"{text}\n/* the second version */",
}


@pytest.fixture(scope="module")
def first(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return variant(site, tmp_path_factory.mktemp("first") / "site")


@pytest.fixture(scope="module")
def second(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return variant(site, tmp_path_factory.mktemp("second") / "site", NEW)


@pytest.fixture
def host(first: Path) -> Iterator[Host]:
    with hosted(first) as host:
        yield host


class Device:
    """A browser profile with the site on it."""

    def __init__(self, context: BrowserContext, host: Host) -> None:
        self.context = context
        self.context.add_init_script(NO_SHARED_WORKER)  # it outlives its page, with Python and the copy it came from
        self.host = host
        self.page = context.new_page()

    def open(self, path: str = "") -> Page:
        self.page.goto(self.host.url + path)
        return self.page

    def press_keep(self) -> None:
        self.open("offline/")
        self.page.locator(KEEP).click()

    def keep(self) -> None:
        self.press_keep()
        expect(self.page.locator(REMOVE)).to_be_visible()
        assert list(self.copies()) == [self.listed()["version"]]

    def listed(self) -> Any:
        return json.loads((self.host.folder / "offline.json").read_text("utf-8"))

    def stored(self) -> dict[str, dict[str, str]]:
        """The hash of each body in Cache Storage, by cache and address."""
        stored: dict[str, dict[str, str]] = self.page.evaluate(
            """async () => {
              const all = {};
              for (const name of await caches.keys()) {
                const cache = await caches.open(name);
                all[name] = {};
                for (const request of await cache.keys()) {
                  const body = await (await cache.match(request, { ignoreVary: true })).arrayBuffer();
                  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
                  all[name][request.url] = [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
                }
              }
              return all;
            }"""
        )
        return stored

    def copies(self) -> list[str]:
        """The versions of which there is a finished copy."""
        finished: list[str] = self.page.evaluate(
            """async () => {
              const found = [];
              for (const name of await caches.keys()) {
                const marks = (await (await caches.open(name)).keys()).filter((one) => one.url.endsWith("/kept/whole"));
                if (marks.length) found.push(name.split(" ").at(-1));
              }
              return found;
            }"""
        )
        return finished

    def wait_for_copies(self, *versions: str) -> None:
        """What the worker does after a page is answered comes to its end when it does."""
        for _ in range(300):
            if sorted(self.copies()) == sorted(versions):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{self.copies()} are kept, not {versions}")

    def open_until_copies(self, *versions: str) -> None:
        """The worker asks some seconds after a page was opened whether older ones are still there."""
        for _ in range(200):
            self.open()
            if sorted(self.copies()) == sorted(versions):
                return
        raise AssertionError(f"{self.copies()} are kept, not {versions}")

    def in_copy(self, act: str, name: str = "") -> None:
        """Do something to the one kept version: `cache` is its cache, `find` looks for an address by its end."""
        self.page.evaluate(
            f"""async (end) => {{
              const names = await caches.keys();
              const cache = await caches.open(names.find((name) => !name.endsWith(" state")));
              const request = (await cache.keys()).find((one) => one.url.endsWith(end));
              await ({act});
            }}""",
            name,
        )


@pytest.fixture(scope="module")
def kept(chromium: Browser, first: Path) -> Iterator[Device]:
    """A device with the first version on it, for all tests that leave the copy as it is."""
    with hosted(first) as host:
        context = chromium.new_context()
        device = Device(context, host)
        device.keep()
        yield device
        context.close()


@pytest.fixture
def offline(kept: Device) -> Iterator[Device]:
    """The same, with a page of its own, and the network cut."""
    kept.page.close()
    kept.page = kept.context.new_page()
    kept.host.cut = True
    yield kept
    kept.host.cut = False
    kept.host.seconds = 0


@pytest.fixture
def device(chromium: Browser, host: Host) -> Iterator[Device]:
    """A device of a test's own, with nothing on it."""
    context = chromium.new_context()
    yield Device(context, host)
    context.close()


def plain(page: Page) -> str:
    """What a page gets when it asks for a file whose address says nothing of its version."""
    address = "JSON.parse(document.getElementById('__config').textContent).search"
    text: str = page.evaluate(f"fetch({address}).then((r) => r.text())")
    return text


# ---- only when asked


def test_nothing_is_kept_before_it_is_asked_for_and_the_size_is_said_first(device: Device) -> None:
    page = device.open()
    page.locator(".page-keep a").click()
    expect(page.locator(KEEP)).to_be_visible()
    assert page.locator("[data-copy-size]").text_content() == f"{-(-device.listed()['size'] // 1_000_000)} MB"
    assert device.stored() == {}
    assert page.evaluate(WORKERS) == 0
    assert not {"sw.js", "offline.json"} & set(device.host.asked)


def test_what_was_kept_can_be_removed(device: Device) -> None:
    device.keep()
    device.page.locator(REMOVE).click()
    expect(device.page.locator(KEEP)).to_be_visible()
    expect(device.page.locator(REMOVE)).to_be_hidden()
    device.open("procedure/levels/")
    assert device.stored() == {}
    assert device.page.evaluate(WORKERS) == 0


# ---- without a network


def test_pages_can_be_read_and_say_when_they_were_fetched(offline: Device) -> None:
    """That every page can say so, tests/test_offline_list.py looks at in the built pages."""
    for name in ("", "procedure/levels/", "procedure/whole/", "about/contacts/"):
        offline.open(name)
        notice = offline.page.locator(NOTICE)
        expect(notice).to_contain_text("fetched on")
        expect(notice).to_be_visible()
        expect(offline.page.get_by_text(DRAFT, exact=True).first).to_be_visible()


def test_a_tool_settles_level_4(offline: Device) -> None:
    tool = Tool.open(offline.page, offline.host.url)
    tool.go(HARM)
    assert tool.at == ("outcome", "level-4", "4", "true")
    assert "police" in tool.listed("result")


def test_a_training_session_is_run_with_both_windows(offline: Device) -> None:
    notes = offline.context.new_page()
    open_notes(notes, offline.host.url)
    session = Session.begin(offline.page, offline.host.url, "two-years-on")
    expect(offline.page.locator(NOTICE)).to_be_visible()
    session.hands(**{"level-1": 3, "level-2": 1})
    session.to("outcome")
    assert session.outcome() == "level-1"
    expect(notes.locator("[aria-current=step]")).to_have_attribute("data-step", "level.debrief")
    notes.close()


def test_the_search_finds(offline: Device) -> None:
    page = offline.open("glossary/")
    query = page.locator("[data-md-component=search-query]")
    query.fill("county lines")
    query.press("End")  # Material looks when a key comes up
    expect(page.locator(".md-search-result__link").first).to_be_visible()


def test_an_address_without_its_slash_or_with_a_query_leads_to_the_page(offline: Device) -> None:
    offline.open("tools/level")
    assert offline.page.url == f"{offline.host.url}tools/level/"
    offline.open("procedure/levels/?from=mail#s2-l1-02")
    expect(offline.page.locator("#s2-l1-02")).to_be_in_viewport()
    offline.open("procedure/levels/%23s2-l1-02")
    assert offline.page.url == f"{offline.host.url}procedure/levels/#s2-l1-02"
    for malformed in ("tools/level/%", "%E2%80"):
        offline.open(malformed)
        expect(offline.page.locator("h1")).to_have_text("This page cannot be shown now")
    assert not [url for urls in offline.stored().values() for url in urls if "?" in url or "#" in url]


@pytest.mark.parametrize("address", ["go/s2-l1-02/", "go/s2-l1-02"])
def test_a_permanent_link_leads_on_though_its_own_page_is_not_kept(offline: Device, address: str) -> None:
    assert not [name for name in offline.listed()["files"] if name.startswith("go/")]
    offline.open(address)
    assert offline.page.url == f"{offline.host.url}procedure/levels/#s2-l1-02"
    expect(offline.page.locator(NOTICE)).to_be_visible()
    expect(offline.page.locator("#s2-l1-02")).to_be_in_viewport()
    offline.open("go/s2-l1-none/")
    expect(offline.page.locator("h1")).to_have_text("This page cannot be shown now")


def test_a_page_that_is_not_in_the_copy_says_so_and_names_the_police(offline: Device) -> None:
    page = offline.open("no/such/page/")
    expect(page.locator("h1")).to_have_text("This page cannot be shown now")
    expect(page.get_by_text("999")).to_be_visible()
    expect(page.get_by_text(DRAFT)).to_be_visible()
    page.get_by_role("link", name="start page").click()
    expect(page.locator(NOTICE)).to_be_visible()


# ---- how old it is

FETCHED = "2026-11-24T08:45:00.000Z"


@pytest.fixture
def aged(device: Device) -> Device:
    """Pages as the worker gives them from a copy of a certain time, on a device whose clock a test can move.

    The worker itself is not there: the clock of all its pages would move, too.
    """
    device.page.clock.install(time="2026-11-24T09:00:00Z")
    device.page.add_init_script(
        f"""new MutationObserver((_, seen) => {{
          const root = document.documentElement;
          if (!root) return;
          seen.disconnect();
          root.dataset.kept = root.dataset.keptChecked = "{FETCHED}";
        }}).observe(document, {{ childList: true }})"""
    )
    return device


def test_a_page_of_the_copy_says_when_its_copy_was_fetched(offline: Device) -> None:
    page = offline.open("procedure/levels/")
    mark = page.evaluate("caches.match(new URL('../../kept/whole', location.href)).then((found) => found.json())")
    assert page.evaluate("document.documentElement.dataset.kept") == mark["fetched"]
    assert page.evaluate("document.documentElement.dataset.keptChecked") == mark["checked"]
    assert abs(page.evaluate("(time) => Date.now() - Date.parse(time)", mark["fetched"])) < 15 * 60_000


def test_until_48_hours_have_passed_it_is_valid_and_then_it_warns(aged: Device) -> None:
    page = aged.open("procedure/levels/")
    notice = page.locator(NOTICE)
    expect(notice).to_contain_text("fetched on 24 November 2026 at 08:45 GMT")
    expect(notice).to_contain_text("valid until 26 November 2026 at 08:45 GMT")
    expect(notice).to_have_attribute("data-validity", "valid")
    page.clock.fast_forward("47:44:00")
    expect(notice).to_have_attribute("data-validity", "valid")
    page.clock.fast_forward("02:00")
    expect(notice).to_have_attribute("data-validity", "ended")
    expect(notice).to_contain_text("Out of date")
    expect(notice).to_contain_text("connect to a network")
    page.reload()
    expect(notice).to_have_attribute("data-validity", "ended")


def test_a_clock_that_was_set_back_makes_no_copy_valid(aged: Device) -> None:
    aged.page.clock.set_fixed_time("2026-11-20T09:00:00Z")
    page = aged.open("procedure/levels/")
    expect(page.locator(NOTICE)).to_have_attribute("data-validity", "unclear")
    expect(page.locator(NOTICE)).to_contain_text("Out of date")


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2026-11-25T10:00:00Z", "valid until 26 November 2026 at 08:45 GMT"),
        ("2026-11-26T10:00:00Z", "OUT OF DATE since 26 November 2026 at 08:45 GMT"),
    ],
)
def test_what_is_printed_counts_from_when_the_copy_was_fetched(aged: Device, now: str, said: str) -> None:
    page = aged.open("procedure/levels/")
    page.clock.set_fixed_time(now)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    stamp = page.locator("[data-print-stamp]")
    expect(stamp).to_contain_text("from a kept copy, fetched on 24 November 2026 at 08:45 GMT")
    expect(stamp).to_contain_text(said)


# ---- with a network


def test_a_network_that_answers_is_shown_and_one_that_is_slow_is_not_waited_for(offline: Device) -> None:
    offline.host.cut = False
    page = offline.open("procedure/levels/")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(NOTICE)).to_be_hidden()
    offline.host.seconds = 2
    page = offline.open("procedure/consent/")
    expect(page.locator(NOTICE)).to_be_visible()
    offline.host.seconds = 0
    page.get_by_role("link", name="Try the site again").click()
    expect(page.locator(NOTICE)).to_be_hidden()


def test_a_server_that_is_broken_is_a_network_that_does_not_answer(offline: Device) -> None:
    offline.host.cut = False
    offline.host.instead["procedure/levels/"] = lambda handler: (handler.send_error(503), True)[1]
    page = offline.open("procedure/levels/")
    del offline.host.instead["procedure/levels/"]
    expect(page.locator(NOTICE)).to_be_visible()


def test_a_network_page_of_the_kept_version_takes_its_files_from_the_copy(offline: Device) -> None:
    offline.host.cut = False
    offline.host.asked.clear()
    page = offline.open("tools/level/")
    until(page, "performance.getEntriesByName('decision-tool:engine-ready').length")
    assert set(offline.host.asked) - {"sw.js"} == {
        "tools/level/"
    }  # when it looks for a new worker is the browser's own


# ---- two versions in turn


def test_a_new_version_takes_over_whole_and_an_open_page_goes_on_with_its_own(device: Device, second: Path) -> None:
    device.keep()
    old = device.open("tools/level/")
    old_version = device.listed()["version"]
    device.host.folder = second
    new_version = device.listed()["version"]
    device.page = device.context.new_page()
    page = device.open()
    expect(page.locator("h1")).to_contain_text(SECOND)
    assert "the second version" in plain(page)
    device.wait_for_copies(old_version, new_version)
    assert "the second version" not in plain(old), "an open page gets files of another version"
    device.host.cut = True
    page = device.open()
    expect(page.locator(NOTICE)).to_be_visible()
    expect(page.locator("h1")).to_contain_text(SECOND)
    assert "the second version" in plain(page)
    device.host.cut = False
    old.close()
    device.open_until_copies(new_version)


def test_a_page_from_the_copy_never_gets_a_file_of_a_newer_site(offline: Device, second: Path, first: Path) -> None:
    page = offline.open()
    offline.host.cut = False
    offline.host.folder = second
    before = plain(page)
    offline.host.folder = first
    assert "the second version" not in before


def test_a_page_of_a_version_that_is_not_kept_gets_no_file_of_the_copy(offline: Device, second: Path) -> None:
    """A page of another version, as a deployment in the middle of a visit leaves one behind."""
    offline.host.cut = False
    text = (second / "index.html").read_text("utf-8")
    version = offline.listed()["version"]
    offline.host.instead[""] = lambda handler: answer(handler, text.encode(), "text/html")
    offline.host.instead[PLAIN] = same_type
    page = offline.open()
    offline.host.instead.clear()
    assert page.evaluate("document.documentElement.dataset.siteVersion") != version
    offline.host.instead[PLAIN] = same_type
    got = plain(page)
    offline.host.instead.clear()
    assert got == "/* not the site's */"


# ---- what can go wrong while it is kept


def engine(device: Device, file: str) -> str:
    return next(name for name in device.listed()["files"] if name.endswith(file))


FORGET_FILES = """(async () => {
  for (const name of await caches.keys()) if (!name.endsWith(" state")) await caches.delete(name);
})()"""
"""What an earlier try had is not asked for again."""

FAULTS: dict[str, tuple[str, Callable[[Any], bool], str]] = {
    "the list is gone": ("offline.json", gone, "missing"),
    "a page is gone": ("procedure/levels/", gone, "missing"),
    "a sign-in page in place of a page": ("procedure/levels/", sign_in, "changed"),
    "a sign-in page in place of the WebAssembly": (WASM, sign_in, "changed"),
    "other bytes under the right type": (PLAIN, same_type, "changed"),
    "the network is cut": ("tools/level/", cut, "network"),
    "the network is cut in the middle of a file": (WASM, half, "network"),
}


def test_each_fault_is_told_leaves_nothing_that_counts_and_is_mended_by_the_next_try(device: Device) -> None:
    reasons = {"missing": "did not give", "changed": "was not this site’s", "network": "The network was cut"}
    device.open("offline/")
    said = device.page.locator(SAID)
    for what, (file, fault, kind) in FAULTS.items():
        name = file if file == "offline.json" else engine(device, file)
        device.host.instead = {name: fault}
        device.page.evaluate(FORGET_FILES)
        device.page.locator(KEEP).click()
        expect(said, what).to_contain_text(reasons[kind])
        expect(said, what).to_contain_text("No whole copy is kept")
        assert device.copies() == [], what
        device.page.locator(KEEP).wait_for()
    device.page.reload()
    expect(said).to_contain_text(reasons[kind])
    device.host.instead = {}
    device.host.cut = True
    page = device.open("tools/level/")
    expect(page.locator("h1")).to_have_text("This page cannot be shown now")
    expect(page.get_by_text("999")).to_be_visible()
    device.host.cut = False
    device.open("tools/level/")
    expect(device.page.locator(".tool-name")).to_contain_text("Work out what to do")
    device.keep()


def test_a_keeping_that_was_cut_goes_on_where_it_was_once_the_network_is_back(device: Device) -> None:
    device.host.instead = {"who-does-what/": cut}
    device.press_keep()
    expect(device.page.locator(SAID)).to_contain_text("The network was cut")
    device.host.instead = {}
    device.host.asked.clear()
    device.open()
    device.wait_for_copies(device.listed()["version"])
    assert engine(device, WASM) not in device.host.asked, "what was there is fetched again"


def test_without_room_nothing_is_left_and_the_page_says_how_much_is_needed(device: Device) -> None:
    session = device.context.new_cdp_session(device.page)
    origin = device.host.url.split("/library")[0]
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 6_000_000})
    device.press_keep()
    expect(device.page.locator(SAID)).to_contain_text("not enough room")
    expect(device.page.locator(SAID)).to_contain_text(f"{math.ceil(device.listed()['size'] / 1e6)} MB")
    assert [name for name in device.stored() if not name.endswith(" state")] == []
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin})
    device.page.locator(KEEP).click()
    expect(device.page.locator(SAID)).to_contain_text("A copy is kept")


REFUSED = "self.caches.open = self.caches.has = async () => { throw new DOMException('refused', 'SecurityError'); };\n"


def test_a_browser_that_refuses_to_store_says_so_and_the_site_works_on(device: Device) -> None:
    worker = REFUSED + (device.host.folder / "sw.js").read_text("utf-8")
    device.host.instead["sw.js"] = lambda handler: answer(handler, worker.encode(), "text/javascript")
    device.press_keep()
    expect(device.page.locator(SAID)).to_contain_text("refuses to store")
    tool = Tool.open(device.page, device.host.url)
    tool.go(HARM)
    assert tool.data("level") == "4"


@pytest.mark.parametrize(
    ("lacks", "said"),
    [
        ("delete Navigator.prototype.serviceWorker", "cannot keep a copy"),
        ("delete window.caches", "cannot keep a copy"),
        ("Object.defineProperty(window, 'isSecureContext', { value: false })", "https"),
    ],
)
def test_where_no_copy_can_be_kept_the_page_says_why(device: Device, lacks: str, said: str) -> None:
    device.page.add_init_script(lacks)
    device.open("offline/")
    expect(device.page.locator(SAID)).to_contain_text(said)
    expect(device.page.locator(KEEP)).to_be_hidden()


def test_a_worker_that_cannot_be_had_is_told(device: Device) -> None:
    for fault in (gone, sign_in):
        device.host.instead["sw.js"] = fault
        device.press_keep()
        expect(device.page.locator(SAID)).to_contain_text("sw.js")
        assert device.stored() == {}


# ---- what can go wrong with a copy


def test_a_copy_without_its_mark_is_never_used(device: Device) -> None:
    device.keep()
    device.in_copy("cache.delete(request)", "/kept/whole")
    device.host.cut = True
    page = device.open("procedure/levels/")
    expect(page.locator("h1")).to_have_text("This page cannot be shown now")
    device.host.cut = False
    device.open()
    device.wait_for_copies(device.listed()["version"])
    device.host.cut = True
    expect(device.open("procedure/levels/").locator(NOTICE)).to_be_visible()


def test_a_damaged_copy_says_so_its_tool_can_be_read_and_the_site_mends_it(device: Device) -> None:
    device.keep()
    device.in_copy("cache.put(request, new Response('damaged'))", "python.zip")
    device.in_copy("cache.put(request, new Response('<html >damaged'))", "/procedure/levels/")
    device.host.cut = True
    tool = Tool.open(device.page, device.host.url)
    expect(tool.trouble).to_be_visible()
    expect(tool.text).to_have_attribute("open", "")
    page = device.open("procedure/levels/")
    expect(page.locator("h1")).to_have_text("This page cannot be shown now")
    page = device.open("procedure/consent/")
    expect(page.locator(NOTICE)).to_contain_text("damaged")
    device.host.cut = False
    tool = Tool.open(device.page, device.host.url)
    tool.go(HARM)
    assert tool.data("level") == "4"
    for _ in range(100):
        if all("kept/" in name for name, _ in not_of_the_list(device)):
            break
        device.page.wait_for_timeout(100)
    device.host.cut = True
    expect(device.open("procedure/levels/").locator(NOTICE)).not_to_contain_text("damaged")


def test_a_site_without_list_and_worker_takes_its_copies_back(device: Device, site: Path) -> None:
    device.keep()
    device.host.instead["sw.js"] = gone
    device.open()
    expect(device.page.locator("h1")).to_be_visible()
    assert len(device.copies()) == 1, "a worker that cannot be had for a while is no reason to lose the copy"
    plain = (device.host.folder / "index.html").read_text("utf-8").replace("data-site-version", "data-other")
    device.host.instead |= {"offline.json": gone, "": lambda handler: answer(handler, plain.encode(), "text/html")}
    device.open()
    device.wait_for_copies()
    device.open()
    assert not any(device.stored().values()), "a cache without anything in it may be there for a moment longer"
    assert device.page.evaluate(WORKERS) == 0
    device.open()
    expect(device.page.locator("h1")).to_be_visible()


# ---- no answer in it


def test_a_whole_journey_leaves_nothing_in_the_storage_but_the_sites_own_files(offline: Device) -> None:
    """With the network and without it: each body is, byte for byte, a file of the list, or one of a few known notes."""
    offline.host.asked.clear()
    for is_cut in (False, True):
        offline.host.cut = is_cut
        tool = Tool.open(offline.page, offline.host.url)
        tool.go(LONG)
        tool.screen.locator("details:has([data-remarks]) > summary").click()
        tool.screen.locator("[data-remarks] textarea").fill(NARRATIVE)
        unknown = dict(not_of_the_list(offline))
        notes = {url for url in unknown if url.startswith("kept/")}
        assert set(unknown) == notes
        said = "".join(offline.page.evaluate(NOTES))
        assert "Zebrafinch" not in said
        assert not {fact for fact in LONG if "_" in fact and fact in said}
    assert [asked for asked in offline.host.asked if "?" in asked] == []
    assert offline.page.evaluate("localStorage.length + sessionStorage.length") <= 1  # Material's colours
    offline.page.on("dialog", lambda dialog: dialog.accept())


NOTES = """async () => {
  const texts = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys())
      if (request.url.includes("/kept/")) texts.push(request.url, await (await cache.match(request)).text());
  }
  return texts;
}"""


def not_of_the_list(device: Device) -> Iterator[tuple[str, str]]:
    files = device.listed()["files"]
    for hashes in device.stored().values():
        for url, digest in hashes.items():
            name = url.removeprefix(device.host.url)
            if files.get(name, {}).get("sha256") != digest:
                yield name, digest


def test_the_comparison_would_notice_another_body(offline: Device) -> None:
    offline.open("glossary/")
    offline.page.evaluate("caches.open('a').then((cache) => cache.put('tools/level/', new Response('Zebrafinch')))")
    found = dict(not_of_the_list(offline))
    offline.page.evaluate("caches.delete('a')")
    assert found["glossary/tools/level/"] == sha256(b"Zebrafinch").hexdigest()
