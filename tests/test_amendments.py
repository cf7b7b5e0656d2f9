"""Amendments: what editors write, what readers and feed readers get of it, and who is reminded to write one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

import pytest

from macros.authoring.citations.amendments import TABLE, Amendment, read_amendments, reminder, untold
from macros.authoring.citations.lock import LOCK, Citations, Lock, confirm, read_lock
from macros.authoring.citations.redirects import Redirects
from macros.authoring.commands.confirm import main as confirmed
from macros.authoring.links.directory import links_of, links_of_clause
from macros.authoring.pages.clauses import scan
from macros.authoring.pages.reviews import Review
from macros.authoring.sources.diagnostics import Diagnostic
from macros.authoring.sources.schemas import Schemas
from macros.site.after.report import review_report
from macros.site.before.amendments import FEED, AmendmentEntry, amendments_page, editors_note, entries_of
from macros.site.before.feed import feed
from tests.builds import ROOT, build_here
from tests.conftest import pages_of
from tests.trees import published

SCHEMAS = Schemas(ROOT / "schemas")
ATOM = "{http://www.w3.org/2005/Atom}"
XHTML = "{http://www.w3.org/1999/xhtml}"
SITE = "https://policies.example.org/ce/"
HOSTILE = "</p><script>alert(1)</script><img src=x onerror=alert(1)> & \"'&lt;]]>"
ENTRY: dict[str, Any] = {
    "id": "one",
    "date": "2026-01-31",
    "title": "T",
    "what": "W.",
    "why": "Y.",
    "clauses": ["s9-11"],
}


def read(folder: Path, *entries: dict[str, Any]) -> tuple[tuple[Amendment, ...], list[Diagnostic]]:
    """What is read of a table with these entries, in the published project."""
    path = folder / TABLE
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"amendments": entries}, indent=1), "utf-8")
    return read_amendments(folder, SCHEMAS, published().register, published().redirects)


def amended(*amendments: Amendment) -> Any:
    return replace(published(), amendments=amendments)


ONE = Amendment("one", date(2026, 1, 31), "Who is told", "It says who.", "Asked.", ("s9-11",), ("glossary/",))

# ---- the table


def test_the_newest_comes_first_and_of_one_day_what_was_added_last(tmp_path: Path) -> None:
    days = {"a": "2026-01-31", "b": "2026-03-01", "c": "2026-01-31"}
    found, diagnostics = read(tmp_path, *({**ENTRY, "id": id, "date": day} for id, day in days.items()))
    assert diagnostics == []
    assert [one.id for one in found] == ["b", "c", "a"]


@pytest.mark.parametrize(
    ("change", "kind", "pointer"),
    [
        ({"date": "2026-02-30"}, "no-day", "/amendments/0/date"),
        ({"date": "31.1.26"}, "schema", "/amendments/0/date"),
        ({"date": "2999-01-31"}, "day-to-come", "/amendments/0/date"),
        ({"clauses": ["s9-11", "s99-1"]}, "unknown-clause", "/amendments/0/clauses/1"),
        ({"pages": ["nowhere.md"]}, "unknown-page", "/amendments/0/pages/0"),
        ({"pages": ["glossary.md#nowhere"]}, "unknown-page", "/amendments/0/pages/0"),
        ({"title": ""}, "schema", "/amendments/0/title"),
        ({"title": "two\nlines"}, "schema", "/amendments/0/title"),
        ({"what": "half \ud800"}, "strange-character", "/amendments/0/what"),
        ({"why": "turned \u202e around"}, "strange-character", "/amendments/0/why"),
        ({"why": "bell \x07"}, "strange-character", "/amendments/0/why"),
        ({"id": "One Two"}, "schema", "/amendments/0/id"),
        ({"tools": ["level"]}, "schema", "/amendments/0/tools"),
        ({"clauses": "s9-11"}, "schema", "/amendments/0/clauses"),
    ],
)
def test_what_is_wrong_is_told_at_its_place_with_its_mend(
    tmp_path: Path, change: dict[str, Any], kind: str, pointer: str
) -> None:
    assert read(tmp_path, ENTRY)[1] == []
    found, diagnostics = read(tmp_path, {**ENTRY, **change})
    assert found == ()
    assert [(diagnostic.kind, diagnostic.pointer) for diagnostic in diagnostics] == [(kind, pointer)]
    assert diagnostics[0].fix
    line = (tmp_path / TABLE).read_text("utf-8").splitlines()[diagnostics[0].line - 1]
    assert pointer.strip("/").split("/")[2] in line or pointer[-1].isdigit()


def test_the_same_id_twice_is_refused(tmp_path: Path) -> None:
    _, diagnostics = read(tmp_path, ENTRY, ENTRY)
    assert [(diagnostic.kind, diagnostic.pointer) for diagnostic in diagnostics] == [
        ("amendment-twice", "/amendments/1/id")
    ]


def test_a_clause_is_known_by_what_it_carries_and_by_what_it_was_called(tmp_path: Path) -> None:
    clause = next(one for one in published().register.clauses.values() if len(one.carries) > 1)
    (tmp_path / "decision_trees").mkdir()
    text = json.dumps({"amendments": [{**ENTRY, "clauses": [clause.carries[1], "s0-99"]}]})
    (tmp_path / TABLE).write_text(text, "utf-8")
    found, diagnostics = read_amendments(tmp_path, SCHEMAS, published().register, Redirects({"s0-99": clause.id}))
    assert diagnostics == []
    assert found[0].clauses == (clause.id,)


def test_a_defect_among_the_amendments_stops_the_build(project: Path) -> None:
    data = json.loads((project / TABLE).read_text("utf-8"))
    data["amendments"][0]["clauses"] = ["s99-1"]
    (project / TABLE).write_text(json.dumps(data), "utf-8")
    failed = build_here(project, project / "site")
    assert failed.returncode == 1
    assert f"{TABLE}:1:" in failed.stderr
    assert "s99-1" in failed.stderr
    assert "Traceback" not in failed.stderr


# ---- what it touches


def test_the_links_that_a_clause_touches_are_worked_out_from_what_cites_it() -> None:
    (change,) = entries_of(amended(ONE))
    links = {link.id: link for link in links_of(published())}
    expected = {link.address for link in links_of_clause(published(), links, "s9-11")}
    assert len(expected) > 3
    assert {one.address for one in (*change.clauses, *change.others)} == {*expected, "glossary/"}
    assert [one.go for one in change.clauses] == ["go/s9-11/"]
    assert {one.go for one in change.others} >= {"go/tool-level/"}


class Tags(HTMLParser):
    """The tags of a text with their attributes, and what it says."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.said += data


def test_the_page_shows_each_amendment_with_its_links_and_words_as_text() -> None:
    hostile = replace(ONE, id="two", title=HOSTILE, what=HOSTILE, why=HOSTILE, clauses=(), pages=())
    page = Tags(amendments_page(amended(ONE, hostile), "../../"))
    links = [attributes["href"] for tag, attributes in page.tags if tag == "a"]
    assert f"../../{published().register.clauses['s9-11'].url}" in links
    assert f"../../{FEED}" in links
    assert [a["data-amendment"] for _, a in page.tags if "data-amendment" in a] == ["one", "two"]
    assert {tag for tag, _ in page.tags} <= {
        "p", "a", "section", "h2", "time", "strong", "ul", "li", "code", "details", "summary",
    }  # fmt: skip
    assert page.said.count(HOSTILE) == 3


# ---- the feed


def hrefs(root: ET.Element) -> Iterator[str]:
    for element in root.iter():
        if "href" in element.attrib:
            yield element.attrib["href"]


def one(root: ET.Element, tag: str) -> str:
    (found,) = root.findall(f"{ATOM}{tag}")
    return found.text or ""


def test_the_feed_is_atom_with_all_that_atom_asks_for() -> None:
    """RFC 4287, 4.1: one id, title and updated for the feed and each entry, an author, a link for people."""
    root = ET.fromstring(feed(entries_of(amended(ONE, replace(ONE, id="two", day=date(2025, 1, 1)))), "Site", SITE))
    assert root.tag == f"{ATOM}feed"
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == 2
    ids = [one(part, "id") for part in (root, *entries)]
    assert len(set(ids)) == 3
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", id) for id in ids)
    days = [one(part, "updated") for part in (root, *entries)]
    assert days == ["2026-01-31T00:00:00Z", "2026-01-31T00:00:00Z", "2025-01-01T00:00:00Z"]
    for part in (root, *entries):
        assert [link.get("type") for link in part.findall(f"{ATOM}link") if link.get("rel") == "alternate"] == [
            "text/html"
        ]
        assert one(part, "title")
    content = entries[0].find(f"{ATOM}content")
    assert content is not None
    assert content.get("type") == "xhtml"
    assert [child.tag for child in content] == [f"{XHTML}div"]
    assert [category.get("term") for category in entries[0].findall(f"{ATOM}category")] == ["s9-11"]


def test_amendments_of_one_day_have_times_in_the_order_in_which_they_were_added() -> None:
    """A reader sorts by them, and one that was added since must not move those before it."""
    newest, *before = entries_of(published())
    assert len({entry.amendment.day for entry in before}) < len(before)

    def times(entries: list[AmendmentEntry]) -> list[str]:
        root = ET.fromstring(feed(entries, "Site", SITE))
        found = [one(entry, "updated") for entry in root.findall(f"{ATOM}entry")]
        assert one(root, "updated") == found[0]
        return found

    known = times([newest, *before])
    assert known == sorted(set(known), reverse=True)
    assert [time[:10] for time in known] == [str(entry.amendment.day) for entry in (newest, *before)]
    assert times(before) == known[1:]


@pytest.mark.parametrize("site", [SITE, ""])
def test_the_feed_names_itself_once_wherever_the_site_lies(site: str) -> None:
    root = ET.fromstring(feed(entries_of(published()), "Site", site))
    own = [(link.get("href"), link.get("type")) for link in root.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert own == [(f"{site}{FEED}", "application/atom+xml")]


def test_a_feed_without_entries_says_no_time_before_the_site_was_there() -> None:
    root = ET.fromstring(feed([], "Site", ""))
    first = min(amendment.day for amendment in published().amendments)
    assert one(root, "updated")[:10] == str(first)
    assert root.findall(f"{ATOM}entry") == []


def test_an_id_of_the_feed_never_changes_wherever_the_site_lies() -> None:
    """Readers would be shown every amendment anew. What stands here was published: never change it."""
    for site in (SITE, ""):
        root = ET.fromstring(feed(entries_of(published()), "Site", site))
        assert one(root, "id") == "urn:uuid:717699ab-7a2b-59db-8f5c-7345980da694"
        assert one(root.findall(f"{ATOM}entry")[-1], "id") == "urn:uuid:c8d895b1-860f-525f-8547-27d458d3f339"


def test_links_are_absolute_where_the_address_is_known_and_lead_to_the_same_where_not() -> None:
    changes = entries_of(amended(ONE))
    known, unknown = (list(hrefs(ET.fromstring(feed(changes, "Site", site)))) for site in (SITE, ""))
    assert len(unknown) > 5
    assert known == [urljoin(f"{SITE}{FEED}", link) for link in unknown]
    assert all(link.startswith(SITE) for link in known)
    assert b"go/s9-11/" in feed(changes, "Site", "")


def test_words_in_the_feed_stay_words() -> None:
    hostile = replace(ONE, title=HOSTILE, what=HOSTILE, why=HOSTILE)
    root = ET.fromstring(feed(entries_of(amended(hostile)), HOSTILE, SITE))
    entry = root.find(f"{ATOM}entry")
    assert entry is not None
    assert one(entry, "title") == HOSTILE
    assert {element.tag.split("}")[1] for element in entry.iter()} == {
        "entry", "id", "title", "updated", "link", "category", "content", "div", "p", "ul", "li", "a",
    }  # fmt: skip


def test_every_page_names_the_feed_and_its_links_lead_somewhere(site: Path) -> None:
    for page in (page for page in pages_of(site) if site / "embed" not in page.parents):  # frames are read elsewhere
        found = re.findall(r'<link rel="alternate" type="application/atom\+xml"[^>]* href="([^"]*)"', page.read_text())
        url = f"/{page.relative_to(site).as_posix()}"
        assert [urljoin(url, link) for link in found] == [f"/{FEED}"], url
    for link in set(hrefs(ET.fromstring((site / FEED).read_bytes()))) - {FEED}:
        path, _, anchor = urljoin(f"/{FEED}", link).partition("#")
        text = (site / path.lstrip("/") / "index.html").read_text("utf-8")
        assert not anchor or f'id="{anchor}"' in text


# ---- who is reminded

PAGE = "# A page\n\nA paragraph.\n{: #s1-01 .clause }\n\nAnother.\n{: #s1-02 .clause }\n"
IDS = dict.fromkeys(["s1-01", "s1-02"])
NAMED = Amendment("later", date(2026, 2, 1), "T", "W.", "Y.", ("s1-01",))


class Editor:
    """Somebody who changes the page of a small project and confirms what they read."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.amendments: tuple[Amendment, ...] = ()
        (root / "docs").mkdir()
        (root / "decision_trees").mkdir()
        self.writes(PAGE)
        self.confirms("all")

    def writes(self, text: str) -> None:
        (self.root / "docs" / "one.md").write_text(text, "utf-8")
        self.register, _ = scan(self.root / "docs", IDS)

    def confirms(self, *ids: str, told: bool = True) -> None:
        named = {id: [one.id for one in self.amendments if id in one.clauses] for id in IDS} if told else None
        confirm(self.root, self.lock, Citations(self.register, published().library), list(ids), named)

    @property
    def lock(self) -> Lock:
        lock, diagnostics = read_lock(self.root, SCHEMAS)
        assert lock is not None, diagnostics
        return lock

    @property
    def waits(self) -> list[str]:
        return untold(self.lock, self.register, self.amendments)


@pytest.fixture
def editor(tmp_path: Path) -> Editor:
    return Editor(tmp_path)


def test_what_was_published_first_waits_for_nothing(editor: Editor) -> None:
    assert editor.waits == []


def test_a_changed_clause_waits_until_a_later_amendment_names_it(editor: Editor) -> None:
    editor.amendments = (replace(NAMED, id="earlier"),)
    editor.writes(PAGE.replace("A paragraph.", "Other words."))
    editor.confirms("s1-01")
    assert editor.waits == ["s1-01"]
    editor.confirms("all")
    assert editor.waits == ["s1-01"]
    editor.amendments += (NAMED,)
    assert editor.waits == []
    editor.confirms("all")
    assert json.loads((editor.root / LOCK).read_text("utf-8"))["untold"] == {}
    editor.writes(PAGE.replace("A paragraph.", "Yet other words."))
    editor.confirms("s1-01")
    assert editor.waits == ["s1-01"]


def test_a_new_clause_waits_too(editor: Editor) -> None:
    IDS["s1-03"] = None
    editor.writes(f"{PAGE}\nA third.\n{{: #s1-03 .clause }}\n")
    editor.confirms("s1-03")
    assert editor.waits == ["s1-03"]
    del IDS["s1-03"]


def test_what_was_put_back_or_was_only_spelling_waits_no_more(editor: Editor) -> None:
    changed = PAGE.replace("A paragraph.", "A paragrap.").replace("Another.", "Anothr.")
    editor.writes(changed)
    editor.confirms("all")
    assert editor.waits == ["s1-01", "s1-02"]
    editor.confirms("s1-02", told=False)
    assert editor.waits == ["s1-01"]
    editor.writes(changed.replace("A paragrap.", "A paragraph."))
    editor.confirms("all")
    assert editor.waits == []


def test_the_reminder_holds_an_amendment_to_fill_in() -> None:
    assert reminder([]) == ""
    told = reminder(["s9-11", "s9-12"])
    stub = json.loads(told[told.index("{") :])
    assert set(stub) == set(ENTRY)
    assert stub["clauses"] == ["s9-11", "s9-12"]


@pytest.mark.parametrize("spoilt", [{"clauses": []}, {"untold": {"s9-11": 1}}, {"untold": {"a": {}}}, {"cited": ""}])
def test_a_lock_that_is_none_is_told_and_not_fallen_over(tmp_path: Path, spoilt: dict[str, Any]) -> None:
    (tmp_path / "decision_trees").mkdir()
    data = json.loads((ROOT / LOCK).read_text("utf-8"))
    (tmp_path / LOCK).write_text(json.dumps({**data, **spoilt}), "utf-8")
    lock, diagnostics = read_lock(tmp_path, SCHEMAS)
    assert lock is None
    assert {diagnostic.file for diagnostic in diagnostics} == {LOCK}


def test_the_command_reminds_whoever_records_a_change(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = project / "docs" / "about" / "about.md"
    page.write_text(page.read_text("utf-8").replace("The place is Blackburn", "This place is Blackburn", 1), "utf-8")
    assert confirmed(["s0-02"], project) == 0
    assert '"s0-02"' in capsys.readouterr().out
    assert confirmed(["s0-02", "--spelling"], project) == 0
    assert '"s0-02"' not in capsys.readouterr().out


def test_the_build_says_what_it_would_need_for_whole_addresses_and_what_waits() -> None:
    assert "site_url" in editors_note(published(), "")
    lock = published().lock
    assert lock is not None
    assert editors_note(replace(published(), lock=replace(lock, untold={})), SITE) == ""


# ---- reviews that are due

TODAY = date(2026, 6, 1)


def test_the_report_tells_what_is_overdue_longest_first_and_what_was_never_reviewed() -> None:
    reviews = {
        "a.md": Review(date(2025, 1, 1), date(2026, 5, 31)),
        "b.md": Review(date(2025, 1, 1), TODAY),
        "c.md": Review(None, date(2026, 1, 1)),
        "d.md": Review(date(2025, 1, 1)),
    }
    first, *overdue = review_report(reviews, TODAY).splitlines()
    assert re.findall(r"\d+", first) == ["1", "2026", "2", "1", "4"]
    assert [line.rpartition(" ")[2] for line in overdue] == ["c.md", "a.md"]
