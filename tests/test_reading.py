"""Reading the procedure: search, the whole on one page, reviews, words explained, contents and readability."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from macros.authoring.pages.reviews import NO_REVIEW, read_reviews
from macros.authoring.pages.tables import read_everyday, read_hard_to_read
from macros.site.after.prose import HEADINGS, Block, blocks_of, clauses_said
from macros.site.after.readability import MOST, Readability, readability, refuse_too_hard, table
from macros.site.after.reading import WHOLE, Entry, in_whole
from macros.site.after.report import said
from macros.site.after.whole import Chapter, whole
from macros.site.after.words_used import Abbreviation, read_abbreviations, used
from macros.site.material.search import extended, words
from macros.site.stages import files_of
from macros.site.stopped import Stopped
from tests.builds import HARD as HARD_WORDS
from tests.builds import ROOT, build_here, edit
from tests.plain import PLACES
from tests.test_build import Links
from tests.trees import published

DOCS = ROOT / "docs"
ARTICLE = re.compile(r'<article class="md-content__inner md-typeset"[^>]*>(.*)</article>', re.DOTALL)
END = '<footer class="page-end"'


def article(site: Path, url: str) -> str:
    """The HTML of a page's own words."""
    found = ARTICLE.search((site / url / "index.html").read_text("utf-8"))
    assert found, url
    return PLACES.sub("", found[1].partition(END)[0])


def url_of(file: str) -> str:
    return "" if file == "index.md" else file.removesuffix("index.md").removesuffix(".md").rstrip("/") + "/"


FILES = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md") if path.name[0] != ".")
NAV = re.findall(r"(\S+\.md)$", (ROOT / "mkdocs.yml").read_text("utf-8"), re.MULTILINE)

# ---- search: what is in the index


@pytest.fixture(scope="module")
def index(site: Path) -> dict[str, dict[str, Any]]:
    """The entries of the search index by their addresses."""
    docs = json.loads((site / "search" / "search_index.json").read_text("utf-8"))["docs"]
    assert len({doc["location"] for doc in docs}) == len(docs)
    return {doc["location"]: doc for doc in docs}


def test_every_clause_can_be_found_by_its_own_words(site: Path, index: dict[str, dict[str, Any]]) -> None:
    clauses = published().register.clauses
    assert len(clauses) > 250
    pages = {clause.page for clause in clauses.values()}
    told = {id: one.text for page in pages for id, one in clauses_said(blocks_of(article(site, page))).items()}
    for clause in clauses.values():
        entry = index[clause.url]
        assert list(blocks_of(entry["text"])) == [Block("p", told[clause.id])]
        assert published().source_clauses[clause.id]["title"] in " ".join(b.text for b in blocks_of(entry["title"]))


def test_an_entry_holds_no_markdown_and_nothing_that_the_build_adds(index: dict[str, dict[str, Any]]) -> None:
    signs = ("{:", "](", "**", "Used in:", "§s")
    assert [at for at, doc in index.items() if any(sign in doc["text"] + doc["title"] for sign in signs)] == []


def test_every_address_of_the_index_is_a_place_on_a_page(site: Path, index: dict[str, dict[str, Any]]) -> None:
    ids = {
        page: Links((site / page / "index.html").read_text("utf-8")).ids
        for page in {at.partition("#")[0] for at in index}
    }
    assert [at for at in index if at.partition("#")[2] not in {"", *ids[at.partition("#")[0]]}] == []


def test_every_word_of_the_glossary_can_be_found(index: dict[str, dict[str, Any]]) -> None:
    rows = re.findall(r"^\| (.+?) \{: #([\w-]+) \}", (DOCS / "glossary.md").read_text("utf-8"), re.MULTILINE)
    assert len(rows) > 30
    assert {f"glossary/#{id}": index[f"glossary/#{id}"]["title"] for _, id in rows} == {
        f"glossary/#{id}": term for term, id in rows
    }


def test_everyday_words_are_keys_and_no_part_of_what_a_result_says(index: dict[str, dict[str, Any]]) -> None:
    with_words = [doc for doc in index.values() if "words" in doc]
    assert with_words
    clause = index[published().register.clauses["s9-08"].url]
    assert "holiday" in clause["words"]
    assert "holiday" not in clause["text"] + clause["title"] + "".join(clause.get("tags", []))


def test_every_entry_of_the_everyday_words_is_in_the_index(index: dict[str, dict[str, Any]]) -> None:
    everyday, diagnostics = read_everyday(ROOT, published().register)
    assert diagnostics == []
    assert len(everyday) > 60
    for address, typed in everyday.items():
        assert index[address].get("words") == words(typed, index[address]["title"])


def test_the_tools_text_and_the_whole_on_one_page_are_not_found_a_second_time(index: dict[str, dict[str, Any]]) -> None:
    assert [at for at in index if "-text-" in at or at.startswith("procedure/whole/")] == []
    for tool in published().tools:
        assert len(blocks_of(index[f"tools/{tool}/"]["text"])) == 1


def test_a_word_counts_once_and_not_where_the_title_has_it() -> None:
    assert words(["social worker away", "social worker off sick"], "Worker absent") == ["social", "away", "off", "sick"]


def test_words_for_no_entry_are_refused() -> None:
    index = {"docs": [{"location": "a/", "title": "A", "text": ""}]}
    assert extended(index, [Entry("a/#b", "<B>", "b & c")], {"a/#b": ["x"]})["docs"][1] == {
        "location": "a/#b", "title": "&lt;B&gt;", "text": "<p>b &amp; c</p>", "words": ["x"],
    }  # fmt: skip
    with pytest.raises(KeyError):
        extended(index, [], {"a/#c": ["x"]})


def test_an_unknown_id_in_the_everyday_words_stops_the_build_and_says_which_was_meant(project: Path) -> None:
    file = project / "decision_trees" / "everyday-words.json"
    text = file.read_text("utf-8")
    line = next(n for n, line in enumerate(text.splitlines(), 1) if '"s9-08"' in line)
    file.write_text(text.replace('"s9-08"', '"s9-008"', 1))
    failed = build_here(project, project / "site")
    assert failed.returncode == 1
    assert f"everyday-words.json:{line}:" in failed.stderr
    assert "did you mean “s9-08”?" in failed.stderr


@pytest.mark.parametrize("target", ["tools/levle.md", "procedure/levels.md#level-5", "level-4", ""])
def test_a_target_of_everyday_words_must_exist(project: Path, target: str) -> None:
    file = project / "decision_trees" / "everyday-words.json"
    file.write_text(json.dumps({"entries": [{"typed": ["some words"], "find": [target]}]}))
    found, diagnostics = read_everyday(project, published().register)
    assert (len(diagnostics), found) == (1, {})


# ---- the whole procedure on one page


def sections(site: Path) -> dict[str, str]:
    """The HTML of each page's section in the whole."""
    found = re.findall(
        r'<section class="whole-page" id="([^"]+)">(.*?)</section>', article(site, "procedure/whole/"), re.DOTALL
    )
    return dict(found)


def test_the_whole_holds_exactly_the_pages_of_the_procedure_in_order(site: Path) -> None:
    own = [file for file in NAV if file.startswith("procedure/") and file != WHOLE]
    assert {*own, WHOLE} == {file for file in FILES if file.startswith("procedure/")}
    expected = [*own, "who-does-what.md", "glossary.md", "about/open-questions.md"]
    assert list(sections(site)) == [f"page-{url_of(file).rstrip('/').split('/')[-1]}" for file in expected]
    assert in_whole(NAV) == expected


def test_the_whole_says_what_the_pages_say_word_for_word(site: Path) -> None:
    for file, html in zip(in_whole(NAV), sections(site).values(), strict=True):
        said_there = [(b.text, b.clause, b.is_heading) for b in blocks_of(article(site, url_of(file)))]
        said_here = [(b.text, b.clause, b.is_heading) for b in blocks_of(html)]
        assert said_here[-1][0].startswith("Last reviewed: ")
        assert said_here[:-1] == said_there, file


def test_every_clause_of_the_procedure_stands_once_in_the_whole_under_its_own_id(site: Path) -> None:
    ids = Counter(re.findall(r'\sid="([^"]+)"', (site / "procedure/whole/index.html").read_text("utf-8")))
    assert {id: n for id, n in ids.items() if n > 1} == {}
    expected = {c.id for c in published().register.clauses.values() if c.file.removeprefix("docs/") in in_whole(NAV)}
    assert len(expected) > 250
    assert expected <= set(ids)
    assert {f"q-{n}" for n in range(1, 26)} <= set(ids)


def test_the_whole_has_a_contents_list_one_title_and_the_draft_notice(site: Path) -> None:
    text = (site / "procedure/whole/index.html").read_text("utf-8")
    assert text.count("<h1") == 1
    assert 'data-approval="draft"' in text
    contents = re.search(r'<nav class="whole-contents".*?</nav>', text, re.DOTALL)
    assert contents
    links = Links(contents[0]).links
    assert [link for link in links if link.startswith("#page-")] == [f"#{id}" for id in sections(site)]
    assert len(links) > 60
    assert {link[1:] for link in links} <= Links(text).ids


def test_links_between_pages_of_the_whole_stay_within_it(site: Path) -> None:
    links = [link for html in sections(site).values() for link in Links(html).links]
    gathered = tuple(url_of(file) for file in in_whole(NAV))
    outward = [link for link in links if not link.startswith("#")]
    assert [link for link in outward if link.lstrip("./").partition("#")[0] in gathered] == []
    assert "#s9-11" in links
    assert any("tools/level/" in link for link in outward)


def test_the_whole_brings_no_script_and_no_style_of_its_own(site: Path) -> None:
    assert re.findall(r"<script|<style|\sstyle=|\son\w+=", article(site, "procedure/whole/")) == []


def test_a_chapter_is_moved_with_its_ids_links_and_ranks() -> None:
    html = '<h1 id="t">T</h1><p id="s1" class="x">A &amp; <a href="../two/#t">b</a> &#167;<br></p>'
    one = Chapter("a/one/", "One", html, permanent={"s1"})
    html = '<h6 id="t"><a href="#t">T</a> <a href="../../c/#d">c</a> <a href="https://e.f/">e</a></h6>'
    two = Chapter("a/two/", "Two", html, [("T", "t")])
    text = whole("a/whole/", [one, two])
    assert (
        '<section class="whole-page" id="page-one"><h2 id="one--t">T</h2><p id="s1" class="x">'
        'A &amp; <a href="#two--t">b</a> &#167;<br></p></section>' in text
    )
    assert (
        '<h6 id="two--t"><a href="#two--t">T</a> <a href="../../c/#d">c</a> <a href="https://e.f/">e</a></h6>' in text
    )
    assert '<li><a href="#page-two">Two</a><ul><li><a href="#two--t">T</a></li></ul></li>' in text


def test_each_page_of_the_whole_leads_to_it(site: Path) -> None:
    for file in FILES:
        text = (site / url_of(file) / "index.html").read_text("utf-8")
        end = text.partition(END)[2].partition("</footer>")[0]
        assert ("The whole procedure on one page</a>" in end) == (file in in_whole(NAV)), file
    assert "whole/" in Links(article(site, "procedure/")).links


# ---- last reviewed


def test_no_page_claims_a_review_that_did_not_happen(site: Path) -> None:
    assert set(read_reviews(DOCS)[0].values()) == {NO_REVIEW}
    for file in FILES:
        if file != WHOLE:
            end = (site / url_of(file) / "index.html").read_text("utf-8").partition(END)[2]
            assert end.count(f"Last reviewed: {said(None)}") == 1, file


def docs_with(folder: Path, front: str) -> Path:
    (folder / "about").mkdir(parents=True)
    (folder / "about" / "page.md").write_text(f"---\ntitle: T\n{front}\n---\n\nreviewed: 2001-01-01\n")
    return folder


@pytest.mark.parametrize(
    ("front", "day"),
    [
        ("reviewed: 2026-01-31", "31 January 2026"),
        ('reviewed: "2026-01-31"', "31 January 2026"),
        ("reviewed:", said(None)),
        ("description: D", said(None)),
    ],
)
def test_a_review_is_said_as_the_page_has_it(tmp_path: Path, front: str, day: str) -> None:
    assert said(read_reviews(docs_with(tmp_path, front))[0]["about/page.md"].day) == day


@pytest.mark.parametrize("value", ["31/01/2026", "2026-02-30", "2026-1-31", "20260131", "January", "yes"])
def test_a_review_on_no_day_is_refused_with_its_place(tmp_path: Path, value: str) -> None:
    for name in ("reviewed", "review_due"):
        (diagnostic,) = read_reviews(docs_with(tmp_path / name, f"{name}: {value}"))[1]
        assert re.match(rf"{name}/about/page\.md:3:1: .*year-month-day", str(diagnostic))


def test_the_day_on_which_a_review_is_due_is_read_beside_the_last_review(tmp_path: Path) -> None:
    front = "reviewed: 2026-01-31\nreview_due: 2027-01-31"
    review = read_reviews(docs_with(tmp_path, front))[0]["about/page.md"]
    assert (said(review.day), said(review.due)) == ("31 January 2026", "31 January 2027")
    assert read_reviews(docs_with(tmp_path / "none", "review_due:"))[0]["about/page.md"] == NO_REVIEW


def said_of(site: Path) -> str:
    """What was printed as a kept site was built."""
    return (site.parent / "said.txt").read_text("utf-8")


def test_a_review_reaches_its_page_and_the_whole(live_site: Path) -> None:
    for url, count in (("procedure/missing/", 1), ("procedure/whole/", 1), ("procedure/levels/", 0)):
        text = (live_site / url / "index.html").read_text("utf-8")
        assert text.count("Last reviewed: 31 January 2026") == count
        assert text.count("Review due: 31 January 2001") == (url == "procedure/missing/")
    assert re.search(r"1 overdue.*\n.*procedure/missing\.md", said_of(live_site))


def test_a_wrong_review_stops_the_build(project: Path) -> None:
    edit(project / "docs" / "procedure" / "missing.md", "\nreviewed:\n", "\nreviewed: 31.1.26\n")
    failed = build_here(project, project / "site")
    assert failed.returncode == 1
    assert "docs/procedure/missing.md:4:" in failed.stderr


# ---- abbreviations

ABBREVIATIONS = read_abbreviations(DOCS)
NO_ABBREVIATIONS = {
    "GOV": "part of the name GOV.UK",
    "UK": "a name that everybody knows",
    "JSON": "the kind of file that a kept record is; the words around it say that it is a file",
    "QR": "the name of a code; the words around it say that it is a picture which a phone reads",
    "AA": "the level of the guidelines, in the form of words of an accessibility statement",
    "AbilityNet": "a name",
    "EASS": "spelled out where it stands, in the accessibility statement",
    "EHRC": "the same",
    "HTML": "part of the name of a checker",
    "MB": "a size, as devices show it",
    "WCAG": "spelled out where it stands, in the accessibility statement",
    "WebKit": "a name",
    "PDF": "what browsers call it in their own print window",
    "HTTP": "what addresses and servers call it",
    "HTTPS": "what addresses begin with",
    "IIS": "a name",
    "MkDocs": "a name",
    "NRM": "what people look for; its row says that the procedure does not use it",
}
"""What looks like an abbreviation and needs no explaining."""


def test_every_abbreviation_on_any_page_is_explained(site: Path) -> None:
    unexplained, met = {}, set()
    for file in FILES:
        for block in blocks_of(article(site, url_of(file))):
            for word in re.findall(r"\b(?:[A-Z]{2,}|[A-Z][a-z]+[A-Z]+[A-Za-z]*|[A-Z]+[a-z]+[A-Z]+)\b", block.text):
                met.add(word)
                if word not in ABBREVIATIONS and word not in NO_ABBREVIATIONS:
                    unexplained[word] = file
    assert unexplained == {}
    assert set(NO_ABBREVIATIONS) <= met


def test_every_abbreviation_has_a_row_in_the_glossary(site: Path) -> None:
    rows = {block.id: block.text for block in blocks_of(article(site, "glossary/")) if block.id}
    assert [short for short, one in ABBREVIATIONS.items() if rows.get(one.id) != short] == []


ABBR = r"<abbr [^>]*>(\w+)</abbr>"
NO_LINK_IN = re.compile(rf"<({'|'.join(HEADINGS)}|a)\b.*?</\1>", re.DOTALL)


@pytest.mark.parametrize("file", [file for file in FILES if file not in ("glossary.md", WHOLE)])
def test_the_first_use_on_a_page_leads_to_the_glossary_and_no_other_does(site: Path, file: str) -> None:
    html = article(site, url_of(file))
    linked = Counter(re.findall(rf'<a class="abbr-link" href="[./]*glossary/#\w+">{ABBR}</a>', html))
    assert set(linked.values()) <= {1}
    where_links_may_stand = NO_LINK_IN.sub(lambda match: " " * len(match[0]), html)
    plain = [(match[1], match.start()) for match in re.finditer(ABBR, where_links_may_stand)]
    assert {short for short, _ in plain} <= set(linked)
    assert [short for short, at in plain if at < html.index(f'#{short.lower()}"><abbr')] == []


def test_each_page_ends_with_the_abbreviations_it_uses(site: Path) -> None:
    explained = 0
    for file in FILES:
        text = (site / url_of(file) / "index.html").read_text("utf-8")
        end = text.partition(END)[2].partition("</footer>")[0]
        listed = re.findall(r'<dt><a href="[^"]*glossary/#([\w-]+)">(\w+)</a></dt><dd>(.*?)</dd>', end)
        explains_all = file in ("glossary.md", WHOLE)
        expected = [] if explains_all else used(ABBREVIATIONS, blocks_of(article(site, url_of(file))))
        assert [short for _, short, _ in listed] == [one.short for one in expected], file
        explained += len(listed)
    assert explained > 60


def test_only_whole_words_are_abbreviations() -> None:
    known = {"CE": Abbreviation("CE", "child exploitation"), "CSE": Abbreviation("CSE", "child sexual exploitation")}
    assert [one.short for one in used(known, [Block("p", "CSE, ACE; PACE’s")])] == ["CSE"]


# ---- contents, and their order


def test_the_start_page_leads_to_every_page_in_the_order_of_the_source(site: Path) -> None:
    rows = re.search(r"<table>.*?</table>", article(site, "procedure/"), re.DOTALL)
    assert rows
    own = [file for file in NAV if file.startswith("procedure/") and file not in (WHOLE, "procedure/index.md")]
    assert [link for link in Links(rows[0]).links if "open-questions" not in link] == [
        url_of(file).removeprefix("procedure/") for file in own
    ]


def test_the_navigation_follows_the_order_of_the_source() -> None:
    first: dict[str, int] = {}
    for clause in published().register.clauses.values():
        number = int(clause.id[1:].partition("-")[0])
        first[clause.page] = min(first.get(clause.page, number), number)
    in_order = [first[url] for url in map(url_of, NAV) if url in first and url.startswith("procedure/")]
    assert in_order == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]


# ---- readability

EASY = "<p>Call the police first. Then tell the team.</p>"
HARD = f"<p>{HARD_WORDS}</p>"


def test_long_words_and_sentences_ask_for_more_schooling() -> None:
    easy, hard = (readability("p.md", blocks_of(html)).years for html in (EASY, HARD))
    assert easy < 6
    assert hard > MOST


@pytest.mark.parametrize(
    "more",
    [
        "<h2>Multidisciplinary organisational considerations regarding responsibilities</h2>",
        "<p><code>multidisciplinary_considerations regarding organisational responsibilities</code></p>",
        '<table><tr><th>Multidisciplinary organisational considerations regarding responsibilities</th></tr></table>',
        '<span class="clause-note">Multidisciplinary organisational considerations regarding responsibilities</span>',
    ],
    ids=["heading", "code", "head of a table", "what the build adds"],
)  # fmt: skip
def test_what_is_no_prose_does_not_count(more: str) -> None:
    assert readability("p.md", blocks_of(EASY + more)).years == readability("p.md", blocks_of(EASY)).years


def test_labels_do_not_make_a_page_seem_easier() -> None:
    labels = "".join(f"<li>Item {n}</li>" for n in range(50))
    assert readability("p.md", blocks_of(HARD + labels)).years == readability("p.md", blocks_of(HARD)).years


def test_a_page_that_asks_for_too_much_is_refused_unless_it_is_listed() -> None:
    page = Readability("a.md", MOST + 0.1, ["One long sentence."])
    refuse_too_hard([Readability("b.md", MOST, ["A sentence."])], {})
    refuse_too_hard([page], {"a.md": "A reason."})
    with pytest.raises(Stopped, match=r"docs/a\.md: .* 14\.1 years .*One long sentence"):
        refuse_too_hard([page], {"b.md": "A reason."})


def test_the_table_has_a_line_for_each_page_and_the_hardest_first() -> None:
    pages = [Readability("a.md", 3.0, ["x"]), Readability("b.md", 15.0, ["x"]), Readability("c.md", 9.5, ["x"])]
    lines = table(pages, {"b.md": "A reason."}).splitlines()[1:]
    assert [line.split()[:2] for line in lines] == [["15.0", "b.md"], ["9.5", "c.md"], ["3.0", "a.md"]]
    assert "listed" in lines[0]


def test_the_build_prints_a_figure_for_each_page_and_takes_a_listed_one_that_is_too_hard(live_site: Path) -> None:
    figures = re.findall(r"^ +(\d+\.\d|-)  (\S+\.md)", said_of(live_site), re.MULTILINE)
    assert {file for _, file in figures} == set(FILES) - {WHOLE}
    assert figures[0][1] == "about/amendments.md"


def test_a_listed_page_must_exist(project: Path) -> None:
    (project / "decision_trees" / "hard-to-read.json").write_text(
        json.dumps({"pages": {"about/hazard.md": "A reason."}})
    )
    (diagnostic,) = read_hard_to_read(project)[1]
    assert diagnostic.kind == "unknown-page"
    assert "about/hazards.md" in diagnostic.fix


# ---- blocks of text


def test_blocks_know_their_clause_and_the_heading_above() -> None:
    html = (
        '<h2 id="h">Head<a class="headerlink" href="#h">#</a></h2><ul><li id="s1" class="clause"><p>One <b>bold</b></p>'
        '<p>two<span class="clause-note">§s1</span></p></li></ul><p>After<br>it</p>'
    )
    blocks = blocks_of(html)
    assert [(b.tag, b.text, b.clause, b.heading) for b in blocks] == [
        ("h2", "Head", "", "Head"),
        ("p", "One bold", "s1", "Head"),
        ("p", "two", "s1", "Head"),
        ("p", "After it", "", "Head"),
    ]
    assert clauses_said(blocks)["s1"].text == "One bold two"


def test_the_navigation_is_read_in_its_order() -> None:
    assert list(files_of([{"A": "a.md"}, {"B": ["b.md", {"C": "c.md"}]}])) == ["a.md", "b.md", "c.md"]
    assert list(files_of(None)) == []
