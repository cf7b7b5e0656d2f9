"""Permanent links: each leads to a place that is there, at the root and below a path, and none can vanish unnoticed."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from shutil import copytree
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from jsonschema import Draft202012Validator

from macros.authoring.citations.redirects import REDIRECTS, read_redirects
from macros.authoring.links.directory import KINDS, links_of, links_of_clause
from macros.authoring.links.lock import LOCK, Directory, record, unpublished
from macros.authoring.links.lock import directory_of as directory_with
from macros.authoring.load import Project
from macros.authoring.sources.diagnostics import Diagnostic
from macros.authoring.sources.schemas import Schemas
from macros.site.hosting.compress import ONE_PACKET
from macros.site.links.permanent import checked_address
from macros.site.links.redirects import RedirectPage
from macros.site.stopped import Stopped
from tests.builds import LIVE as BASE
from tests.builds import ROOT, build_here
from tests.conftest import pages_of
from tests.trees import published


class Head(HTMLParser):
    """The ids of a page, and what its head says: by name, property or rel."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.says: dict[str, str] = {}
        self.links: list[str] = []
        self.loads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if "id" in named:
            self.ids.add(named["id"])
        if tag in ("meta", "link"):
            for kind in ("name", "property", "rel", "http-equiv"):
                if kind in named:
                    self.says[named[kind]] = named.get("content", named.get("href", ""))
        if tag == "a":
            self.links.append(named.get("href", ""))
        if tag in ("script", "style", "img") or named.get("rel") == "stylesheet" or "style" in named:
            self.loads.append(named.get("src") or named.get("href") or tag)


def head(path: Path) -> Head:
    return Head(path.read_text("utf-8"))


def refreshed(page: Head, at: str) -> str:
    """Where a page that is at an address leads."""
    seconds, _, way = page.says["refresh"].partition("; url=")
    assert seconds == "0"
    return urljoin(at, way)


def place(site: Path, root: str, address: str) -> bool:
    """Whether an address is that of an element, or of a page, of the site that is served at `root`."""
    whole, anchor = urldefrag(address)
    assert whole.startswith(root), f"{address} leaves the site"
    page = site / whole.removeprefix(root) / "index.html"
    return page.is_file() and (not anchor or unquote(anchor) in head(page).ids)


@pytest.fixture(scope="module")
def listed(site: Path) -> Any:
    return json.loads((site / "links.json").read_text("utf-8"))


# ---- each leads to a place


@pytest.mark.parametrize("root", ["https://site.example/", BASE])
def test_every_link_leads_to_a_place_that_is_there(site: Path, listed: Any, root: str) -> None:
    ids: dict[str, set[str]] = {}
    lost = []
    for link in listed["links"]:
        page, _, anchor = link["address"].partition("#")
        if page not in ids:
            ids[page] = head(site / page / "index.html").ids
        led = refreshed(head(site / link["go"] / "index.html"), root + link["go"])
        if led != root + link["address"] or (anchor and anchor not in ids[page]):
            lost.append(link["id"])
    assert lost == []
    assert len(listed["links"]) > 600


def test_a_link_to_nowhere_would_be_seen(site: Path) -> None:
    assert place(site, BASE, f"{BASE}procedure/levels/#s2-l1-02")
    assert not place(site, BASE, f"{BASE}procedure/levels/#s2-none")
    assert not place(site, BASE, f"{BASE}procedure/none/")


def test_there_is_a_page_for_each_id_and_no_other(site: Path, listed: Any) -> None:
    assert sorted(path.name for path in (site / "go").iterdir()) == sorted(link["id"] for link in listed["links"])


def test_links_json_follows_its_published_schema_and_has_each_id_once(site: Path, listed: Any) -> None:
    schema = json.loads((site / "schemas" / "links.schema.json").read_text("utf-8"))
    assert list(Draft202012Validator(schema).iter_errors(listed)) == []
    assert listed["$schema"] == "schemas/links.schema.json"
    assert set(schema["$defs"]["link"]["properties"]["kind"]["enum"]) == set(KINDS)
    assert len({link["id"] for link in listed["links"]}) == len(listed["links"])


def test_every_clause_tool_scenario_question_result_and_page_has_its_link(listed: Any) -> None:
    project, links = published(), {link["id"]: link for link in listed["links"]}
    assert {id for id, link in links.items() if link["kind"] == "clause"} == set(project.register.clauses)
    assert {f"tool-{tool}" for tool in project.tools} <= set(links)
    assert {f"scenario-{id}" for id in project.scenarios} <= set(links)
    assert links["level-harm"]["address"] == "tools/level/#level-text-level-harm"
    assert links["scenario-two-years-on"]["address"] == "training/practise/#/two-years-on"
    assert (links["q-5"]["kind"], links["dc-1"]["kind"]) == ("open-question", "design-choice")
    pages = {link["address"] for link in links.values() if link["kind"] in ("page", "tool")}
    docs = ROOT / "docs"
    assert len(pages) == len([path for path in docs.rglob("*.md") if path.name[0] != "."])
    for tool in project.tools:
        ends = {node.id for node in project.library.trees[tool].nodes if node.kind == "outcome"}
        assert ends
        assert {id for id, link in links.items() if link["kind"] == "outcome"} >= {f"{tool}-{end}" for end in ends}


def test_a_page_at_a_short_address_needs_nothing_and_tells_nobody(site: Path, listed: Any) -> None:
    for link in listed["links"]:
        page = head(site / link["go"] / "index.html")
        assert page.loads == [], link
        assert page.says["robots"] == "noindex"
        assert not any(part.startswith(("http", "/")) for part in (*page.links, page.says["refresh"].split("url=")[1]))
        assert page.says["og:title"] == link["text"]
        assert page.says["og:site_name"]
        assert page.says["og:description"] == page.says["description"] != ""


def test_nearly_every_page_at_a_short_address_goes_into_one_packet(site: Path, listed: Any) -> None:
    """There are hundreds, and whoever follows a link asks for one of them before the page that they want."""
    sizes = sorted((site / link["go"] / "index.html").stat().st_size for link in listed["links"])
    assert sizes[len(sizes) * 95 // 100] <= ONE_PACKET


def test_neither_search_engines_nor_the_search_are_led_to_short_addresses(site: Path) -> None:
    assert "/go/" not in (site / "sitemap.xml").read_text("utf-8")
    found = json.loads((site / "search" / "search_index.json").read_text("utf-8"))["docs"]
    assert [one["location"] for one in found if one["location"].startswith("go/")] == []


def test_a_clause_has_its_own_link_and_those_of_all_that_cites_it() -> None:
    links = {link.id: link for link in links_of(published())}
    touched = [link.id for link in links_of_clause(published(), links, "s9-11")]
    assert touched[0] == "s9-11"
    assert {"tool-level", "level-danger", "tool-missing", "missing-episode"} <= set(touched)
    assert links_of_clause(published(), links, "s99-1") == []


# ---- none can vanish


@pytest.fixture
def authored(tmp_path: Path) -> Project:
    """The project with its pages and its lists of links in a folder of their own, to change."""
    for part in ("docs", "schemas"):
        copytree(ROOT / part, tmp_path / part)
    (tmp_path / "decision_trees").mkdir()
    for file in (LOCK, REDIRECTS):
        (tmp_path / file).write_bytes((ROOT / file).read_bytes())
    return replace(published(), root=tmp_path)


def edit(project: Project, file: str, old: str, new: str) -> None:
    path = project.root / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def declare(project: Project, links: dict[str, str] | None = None, pages: dict[str, str] | None = None) -> None:
    """Declare redirects beside those that are published."""
    declared = json.loads((ROOT / REDIRECTS).read_text("utf-8"))
    both = {"links": {**declared["links"], **(links or {})}, "pages": {**declared["pages"], **(pages or {})}}
    (project.root / REDIRECTS).write_text(json.dumps(both), "utf-8")


def publish_before(project: Project, ids: dict[str, str], pages: tuple[str, ...] = ()) -> None:
    """Let ids and pages be such as were published once."""
    lock = json.loads((project.root / LOCK).read_text("utf-8"))
    lock["links"] |= ids
    lock["pages"] += pages
    (project.root / LOCK).write_text(json.dumps(lock, indent=1), "utf-8")


def directory_of(project: Project) -> tuple[Directory, list[Diagnostic]]:
    """The directory of the project as its files stand now, and what is wrong with it and its redirects."""
    redirects, broken = read_redirects(project.root, Schemas(project.root / "schemas"))
    directory, diagnostics = directory_with(replace(project, redirects=redirects))
    return directory, broken or diagnostics


def faults(project: Project) -> list[str]:
    directory, diagnostics = directory_of(project)
    return [diagnostic.kind for diagnostic in diagnostics or unpublished(project.root, directory)]


def test_the_published_lists_hold_all_that_there_is(authored: Project) -> None:
    assert faults(authored) == []


def test_an_id_that_vanishes_is_named_with_its_place_and_its_mend(authored: Project) -> None:
    edit(authored, "docs/about/open-questions.md", "{: #q-6 }", "")
    (diagnostic,) = directory_of(authored)[1]
    line = next(n for n, text in enumerate((ROOT / LOCK).read_text("utf-8").splitlines(), 1) if '"q-6"' in text)
    assert str(diagnostic).startswith(f"{LOCK}:{line}:")
    assert "“q-6” (open-question)" in diagnostic.message
    assert f'{REDIRECTS} where it went: "links": {{"q-6": ' in diagnostic.fix


def test_a_declared_redirect_takes_its_place_and_leads_there(authored: Project) -> None:
    edit(authored, "docs/about/open-questions.md", "{: #q-6 }", "")
    edit(authored, "docs/about/open-questions.md", "{: #q-7 }", "")
    declare(authored, {"q-6": "q-7", "q-7": "q-8"})
    directory, diagnostics = directory_of(authored)
    assert diagnostics == []
    assert [directory.gone[id].id for id in ("q-6", "q-7")] == ["q-8", "q-8"]


@pytest.mark.parametrize(
    ("links", "kind"),
    [
        ({"old": "none"}, "dead-end"),
        ({"old": "older", "older": "old"}, "redirect-circle"),
        ({"old": "old"}, "redirect-circle"),
        ({"old": "q-5", "older": "q-5", "q-6": "q-5"}, "needless-redirect"),
        ({"old": "q-5", "older": "q-5", "never": "q-5"}, "unknown-link"),
    ],
)
def test_a_redirect_that_helps_nobody_is_refused(authored: Project, links: dict[str, str], kind: str) -> None:
    publish_before(authored, {"old": "section", "older": "section"})
    declare(authored, {"older": "q-5", **links})
    assert set(faults(authored)) == {kind}


def test_a_published_page_that_is_gone_stops_until_its_new_place_is_declared(authored: Project) -> None:
    publish_before(authored, {}, ("procedure/old/", "procedure/older/"))
    assert faults(authored) == ["removed-page", "removed-page"]
    declare(authored, pages={"procedure/older/": "procedure/old/", "procedure/old/": "procedure/levels/#level-4"})
    directory, diagnostics = directory_of(authored)
    assert diagnostics == []
    assert set(directory.moved.values()) == {"procedure/levels/#level-4"}


@pytest.mark.parametrize(
    ("pages", "kind"),
    [
        ({"a/": "none/"}, "dead-end"),
        ({"a/": "glossary/#none"}, "dead-end"),
        ({"a/": "b/", "b/": "a/"}, "redirect-circle"),
        ({"a/": "glossary/", "glossary/": ""}, "needless-redirect"),
        ({"a/": "glossary/", "never/": ""}, "unknown-page"),
    ],
)
def test_a_page_that_moved_to_nowhere_is_refused(authored: Project, pages: dict[str, str], kind: str) -> None:
    publish_before(authored, {}, ("a/", "b/"))
    declare(authored, pages={"b/": "", **pages})
    assert set(faults(authored)) == {kind}


def test_what_is_new_stops_until_it_is_recorded_and_nothing_recorded_is_taken_out(authored: Project) -> None:
    publish_before(authored, {"old": "section"})
    declare(authored, {"old": "q-5"})
    edit(authored, "docs/glossary.md", "# Glossary\n", "# Glossary\n\n## New words {: #new-words }\n")
    assert faults(authored) == ["new-link"]
    before = json.loads((authored.root / LOCK).read_text("utf-8"))
    assert record(authored.root, directory_of(authored)[0]) == ["section-new-words"]
    after = json.loads((authored.root / LOCK).read_text("utf-8"))
    assert after["links"] == {**before["links"], "section-new-words": "section"}
    assert list(after["links"]) == sorted(after["links"])
    assert faults(authored) == []


def test_an_id_for_two_places_is_refused(authored: Project) -> None:
    edit(authored, "docs/glossary.md", "# Glossary\n", "# Glossary\n\n## Level 4 {: #level-4 }\n")
    assert faults(authored) == ["link-twice"]


def test_a_heading_of_the_procedure_without_an_id_is_refused_with_its_line(authored: Project) -> None:
    edit(authored, "docs/procedure/consent.md", "## Under 13 {: #under-13 }", "## Under 13")
    found = [diagnostic for diagnostic in directory_of(authored)[1] if diagnostic.kind == "section-without-id"]
    assert [(one.file, one.fix.endswith("{: #under-13 }")) for one in found] == [("docs/procedure/consent.md", True)]
    lines = (authored.root / "docs/procedure/consent.md").read_text("utf-8").splitlines()
    assert lines[found[0].line - 1] == "## Under 13"


@pytest.mark.parametrize("text", ["[]", '{"links": {}}', "{", '{"links": {"Q": "q-5"}, "pages": {}}'])
def test_a_list_of_redirects_that_cannot_be_read_stops_the_build(authored: Project, text: str) -> None:
    (authored.root / REDIRECTS).write_text(text, "utf-8")
    assert directory_of(authored)[1]
    assert all(diagnostic.file == REDIRECTS for diagnostic in directory_of(authored)[1])


@pytest.mark.parametrize("text", ["[]", "{}", "{", '{"links": [], "pages": []}'])
def test_a_lock_that_cannot_be_read_stops_the_build(authored: Project, text: str) -> None:
    (authored.root / LOCK).write_text(text, "utf-8")
    assert {diagnostic.file for diagnostic in directory_of(authored)[1]} == {LOCK}


def test_a_build_without_a_published_id_fails_and_says_which(project: Path) -> None:
    page = project / "docs" / "procedure" / "levels.md"
    page.write_text(page.read_text("utf-8").replace("{: #level-4 }", "{: #level-four }"), "utf-8")
    failed = build_here(project, project / "site")
    assert failed.returncode == 1
    assert "“section-level-4”" in failed.stderr
    assert REDIRECTS in failed.stderr
    assert not (project / "site").exists()


# ---- below an address of its own, with what moved


def test_what_went_elsewhere_is_a_page_that_leads_there_and_stays_in_the_list(live_site: Path) -> None:
    listed = json.loads((live_site / "links.json").read_text("utf-8"))
    declared = json.loads((ROOT / REDIRECTS).read_text("utf-8"))["links"]
    gone = {link["id"]: link["leads_to"] for link in listed["links"] if "leads_to" in link}
    assert gone == {**declared, "section-old": "section-level-4"}
    assert listed["moved"] == {"procedure/old/": "procedure/levels/"}
    old = refreshed(head(live_site / "go/section-old/index.html"), f"{BASE}go/section-old/")
    assert old == f"{BASE}procedure/levels/#level-4"
    moved = head(live_site / "procedure/old/index.html")
    assert refreshed(moved, f"{BASE}procedure/old/") == f"{BASE}procedure/levels/"
    assert moved.says["canonical"] == f"{BASE}procedure/levels/"
    assert [urljoin(f"{BASE}procedure/old/", file) for file in moved.loads] == [f"{BASE}assets/site/moved.mjs"]
    kept = json.loads((live_site / "offline.json").read_text("utf-8"))["files"]
    assert "procedure/old/" not in kept
    assert "links.json" in kept


def read_as_pages(site: Path) -> list[Path]:
    """All but the pages for frames, which nobody links to."""
    return [path for path in pages_of(site) if site / "embed" not in path.parents]


def test_a_page_says_its_whole_address_only_where_it_is_known(live_site: Path, site: Path) -> None:
    for path in read_as_pages(live_site):
        url = BASE + path.relative_to(live_site).as_posix().removesuffix("index.html")
        if path.name != "404.html":
            assert (head(path).says["canonical"], head(path).says["og:url"]) == (url, url)
    for path in pages_of(site):
        assert {"canonical", "og:url"} & set(head(path).says) == set(), path


def test_every_page_tells_what_a_preview_of_a_link_to_it_shows(site: Path) -> None:
    told = {path: head(path).says for path in read_as_pages(site) if path.name != "404.html"}
    assert all(says["og:site_name"] and says["og:type"] and says["og:title"] for says in told.values())
    assert all(says["og:description"] == says["description"] for says in told.values())
    assert len({says["og:title"] for says in told.values()}) == len(told)
    assert len({says["description"] for says in told.values()}) == len(told)


def test_the_page_for_wrong_addresses_finds_its_styles_wherever_it_is_shown(live_site: Path, site: Path) -> None:
    for folder, root in ((site, "https://site.example/"), (live_site, BASE)):
        loaded = [
            urljoin(f"{root}a/b/c/", file) for file in head(folder / "404.html").loads if file not in ("script", "img")
        ]
        assert len(loaded) == 4  # two styles and two scripts
        assert [file for file in loaded if not (folder / urldefrag(file).url.removeprefix(root)).is_file()] == []


@pytest.mark.parametrize(
    "wrong", ["www.example.org", "ftp://example.org/", "https:///a/", "https://a.example/?b", "/a/"]
)
def test_an_address_that_a_site_cannot_have_is_refused(wrong: str) -> None:
    with pytest.raises(Stopped, match="SITE_URL"):
        checked_address(wrong)


def test_an_address_gets_its_slash_and_none_is_none() -> None:
    assert [checked_address(url) for url in (None, "", BASE, BASE.rstrip("/"))] == ["", "", BASE, BASE]


def test_no_words_become_markup_on_a_page_that_leads_on() -> None:
    page = RedirectPage("a/b/", "c/#d", '<script>"&', '"><b>', "<i>", "https://x.example/", carries=True).html
    assert not re.search(r"<(script|b|i)>", page)
    assert Head(page).says["description"] == '"><b>'
    assert Head(page).says["canonical"] == "https://x.example/c/"
