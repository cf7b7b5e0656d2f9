"""Law: which clauses rest on it, the list of what to read again, and the day on every page that rests on it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from macros.authoring.pages.clauses import scan
from macros.site.before.register import laws_table
from tests.trees import published

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
DAY = re.compile(r"the law as read on\s+(\d{1,2} [A-Z][a-z]+ 20\d\d)", re.IGNORECASE)
NAMES_LAW = re.compile(r"legislation\.gov\.uk|\bsection (?:17|47)\b", re.IGNORECASE)
SOURCE = {one["id"]: one for one in json.loads((ROOT / "decision_trees" / "source-clauses.json").read_text("utf-8"))}
REGISTER, _ = scan(DOCS, SOURCE)
RESTING = {id: one["rests_on"] for id, one in SOURCE.items() if "rests_on" in one}
LAWS = json.loads((ROOT / "schemas" / "source-clauses.schema.json").read_text("utf-8"))["$defs"]["law"]["enum"]
PAGES = sorted(
    {REGISTER.carried[id].file for id in RESTING}
    | {
        f"docs/{file.relative_to(DOCS).as_posix()}"
        for file in DOCS.rglob("*.md")
        if NAMES_LAW.search(file.read_text("utf-8"))
    }
)


def test_every_law_has_clauses_and_every_clause_about_an_offence_names_its_law() -> None:
    assert {law for laws in RESTING.values() for law in laws} == set(LAWS)
    telling = re.compile(
        r"section (?:17|47)|\boffences?\b|\brape\b|Child Protection (?:Plan|Conference)", re.IGNORECASE
    )
    told = {id for id, one in SOURCE.items() if telling.search(one["fact"])}
    assert len(told) > 12
    assert told - set(RESTING) == set()


def test_no_law_names_an_act_that_the_source_does_not_name() -> None:
    acts = {found for law in LAWS for found in re.findall(r"[A-Z][\w’' ]*? Act \d{4}", law)}
    assert acts == {"Children Act 1989"}


def test_the_list_has_for_each_law_exactly_its_clauses_with_links() -> None:
    html = str(laws_table(published(), "../../"))
    rows = dict(re.findall(r'<th scope="row">([^<]+)</th>(.*?)</tr>', html, re.DOTALL))
    assert set(rows) == set(LAWS)
    for law, row in rows.items():
        linked = re.findall(r'href="\.\./\.\./([^"]+)"', row)
        assert linked == [REGISTER.carried[id].url for id, laws in RESTING.items() if law in laws]


def test_the_list_stands_on_the_register_s_page() -> None:
    text = (DOCS / "about" / "register.md").read_text("utf-8")
    assert "{{ laws() }}" in text.partition("{: #when-the-law-changes }")[2]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_that_rests_on_law_says_on_which_day_it_was_read(page: str) -> None:
    assert DAY.search((ROOT / page).read_text("utf-8")), page


def test_it_is_one_day_everywhere() -> None:
    assert len({day for file in DOCS.rglob("*.md") for day in DAY.findall(file.read_text("utf-8"))}) == 1


def test_newer_law_is_told_as_a_report_to_check_and_carries_its_day() -> None:
    told = (DOCS / "about" / "open-questions.md").read_text("utf-8").partition("{: #q-22 }")[2].partition("\n### ")[0]
    for name in ("Crime and Policing Act 2026", "Children's Wellbeing and Schools Act 2026", "Working Well"):
        (line,) = (line for line in told.splitlines() if line.startswith("- **") and name in line)
        assert "Reported:" in line
        assert "Ask " in line
    assert "29 November 2026" in told
    elsewhere = "".join(file.read_text("utf-8") for file in DOCS.rglob("*.md")).replace(told, "")
    assert "Act 2026" not in elsewhere
