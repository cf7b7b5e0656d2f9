"""What changed since a release or since the last commit is said where a record is opened and where a check fails."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from macros.authoring.compare import since as compare_since
from macros.authoring.compare.edition import edition_of, read_decisions
from macros.authoring.compare.edits import Tables
from macros.authoring.compare.since import EDITIONS, releases, since, stories_since, why
from macros.authoring.compare.touches import Case
from macros.authoring.load import load_project, version_of
from macros.authoring.sources.store import Store
from macros.engine.api import start
from macros.site.check import main as check
from tests.test_compare_command import LIKELY, Copy, floor, words
from tests.trees import ROOT, published

NOW = "2026-03-28T10:00:00Z"
JUDGED: dict[str, Any] = {
    "danger": ["none"], "age": "13_to_15", "harm": ["none"], "sexual_activity": "no", "drawn_into_crime": "no",
    "approach": "no", "risk": "no", "past": "no", "missing_episode": "no", "likelihood": "likely",
    "likelihood_why": "Three older men wait for her.", "your_role": "cads", "social_care": "no", "looked_after": "no",
}  # fmt: skip


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def released(copy: Copy, name: str) -> Tables:
    """The decisions of a project, kept as its one release."""
    shutil.rmtree(copy.root / EDITIONS)
    (copy.root / EDITIONS).mkdir()
    tables = read_decisions(copy.root).tables
    (copy.root / EDITIONS / f"{name}.json").write_text(json.dumps(dict(edition_of(tables).data)), "utf-8")
    return tables


class Version:
    """The engine with one version of the decisions, and what it has to say of releases before."""

    def __init__(self, root: Path) -> None:
        tables = dict(read_decisions(root).tables)
        self.since = since(root, tables)
        known = {"version": version_of(tables), "since": self.since}
        self._respond = start(json.dumps({**published().bundle(), **tables, **known}))

    def ask(self, **request: Any) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self._respond(json.dumps({"tree": "level", "now": NOW, **request})))
        return told

    def record(self) -> str:
        text: str = self.ask(answers=JUDGED, record="json")["record"]
        return text

    def opened(self, text: str) -> str:
        html: str = self.ask(open={"size": len(text.encode()), "text": text})["html"]
        return html


def test_the_first_edition_is_kept_as_it_was_published() -> None:
    kept = releases(ROOT)
    assert "first" in kept
    for edition in kept.values():
        assert edition.data["format"] == 1
        assert set(edition.trees)


def test_nothing_is_shipped_while_nothing_has_changed(copy: Copy) -> None:
    tables = released(copy, "this")
    assert since(copy.root, tables) == {}
    words(copy)
    assert since(copy.root, read_decisions(copy.root).tables) == {}, "words change no result"


def test_who_opens_a_record_of_a_release_reads_what_has_changed_since_and_for_whom(copy: Copy) -> None:
    released(copy, "this")
    before = Version(copy.root)
    floor(copy)
    after = Version(copy.root)
    assert len(json.dumps(after.since)) < 20_000
    html = after.opened(before.record())
    assert 'data-opened="differs"' in html
    assert "dt-since" in html
    assert LIKELY in html.partition("dt-since")[2].partition("</p>")[0]
    shutil.rmtree(copy.root / EDITIONS)
    assert "dt-since" not in Version(copy.root).opened(before.record()), "older than those: in today's words"


def test_a_story_with_another_result_says_so_to_the_facilitator(copy: Copy) -> None:
    tables = released(copy, "last")
    case, other = (
        Case("scenario", "a-story", "level", {**JUDGED, "likelihood": likely}) for likely in ("likely", "unlikely")
    )
    assert stories_since(copy.root, tables, [case, other]) == {}
    floor(copy)
    found = stories_since(copy.root, read_decisions(copy.root).tables, [case, other])
    assert set(found) == {case}
    assert all(sentence.startswith("Since the last edition: Whoever") for sentence in found[case] if "last" in sentence)


def test_what_became_of_results_is_worked_out_once_and_anew_when_anything_it_says_changes(
    copy: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Case("scenario", "a-story", "level", {**JUDGED, "likelihood": "likely"})
    worked_out: list[str] = []

    def differs(text: str) -> Any:
        worked_out.append(text)
        return work(text)

    def told() -> tuple[Any, ...]:
        tables = read_decisions(copy.root).tables
        return since(copy.root, tables), list(stories_since(copy.root, tables, [case]).values())

    released(copy, "last")
    floor(copy)
    work = compare_since._differs
    monkeypatch.setattr(compare_since, "STORE", Store(tmp_path / "store"))
    monkeypatch.setattr(compare_since, "_differs", differs)
    first = told()
    assert all(first)
    assert worked_out
    worked_out.clear()
    assert told() == first
    assert not worked_out
    words(copy)
    told()
    assert worked_out, "the sentences are in words that have changed"


def test_a_failing_check_says_which_edit_did_it_and_for_whom(copy: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("docs",):
        shutil.copytree(ROOT / name, copy.root / name)
    shutil.copy(ROOT / "mkdocs.yml", copy.root / "mkdocs.yml")
    floor(copy)
    assert check([], copy.root) == 1
    told = capsys.readouterr().out
    findings = told.partition("safety propert")[0]
    assert "LEVEL LOWER, OR" in findings
    assert LIKELY in findings
    assert "trees/level.json:" in findings
    assert "make scenarios CONFIRM=" in told
    assert len([line for line in findings.splitlines() if line.strip()]) <= 24
    assert "comes to something else. " not in told, "no paragraph for each scenario"


def test_without_git_a_failing_check_is_as_it_was(copy: Copy) -> None:
    shutil.copytree(ROOT / "docs", copy.root / "docs")
    shutil.rmtree(copy.root / ".git")
    floor(copy)
    diagnostics = load_project(copy.root).diagnostics
    assert why(copy.root, diagnostics) == ([], list(diagnostics))
