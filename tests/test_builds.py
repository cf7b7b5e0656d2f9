"""A kept site is never a stale one, and a build in this process is the build."""

from __future__ import annotations

from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests import builds
from tests.builds import ROOT, build_here, copy_sources, edit, kept


def add(path: Path) -> None:
    path.write_text("", "utf-8")


class Builder:
    """Writes a site of one file, or fails, and counts."""

    def __init__(self) -> None:
        self.times, self.code = 0, 0

    def __call__(self, project: Path, into: Path) -> CompletedProcess[str]:
        self.times += 1
        into.mkdir(parents=True, exist_ok=True)
        add(into / "index.html")
        return CompletedProcess(["build"], self.code, f"Built {self.times}.", "Something is wrong.")


@pytest.fixture
def sites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(builds, "SITES", tmp_path / "sites")
    return tmp_path / "sites"


def test_a_site_is_built_once_and_again_when_a_source_changed(tmp_path: Path, sites: Path) -> None:
    project, builder = copy_sources(tmp_path / "project"), Builder()
    first = kept(project, builder)
    assert kept(project, builder) == first
    assert builder.times == 1
    assert (first.parent / "said.txt").read_text() == "Built 1."
    edit(project / "docs" / "index.md", "\n", "\n ")
    assert kept(project, builder) != first
    assert builder.times == 2


def test_a_build_that_failed_or_was_broken_off_is_not_kept(sites: Path) -> None:
    builder = Builder()
    builder.code = 1
    with pytest.raises(AssertionError, match=r"Something is wrong\."):
        kept(ROOT, builder)
    builder.code = 0
    kept(ROOT, builder)
    assert builder.times == 2


def test_only_the_newest_sites_stay(tmp_path: Path, sites: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builds, "sources_of", lambda project: {"all": project.name})
    builder = Builder()
    folders = [kept(tmp_path / f"project-{n}", builder) for n in range(builds.KEPT + 2)]
    assert [folder.exists() for folder in folders] == [False, False, *[True] * builds.KEPT]


def test_a_build_in_this_process_leaves_nothing_behind_in_it(tmp_path: Path) -> None:
    """What one loads and caches for a folder is not there for the next."""
    project = copy_sources(tmp_path / "project")
    tables = project / "decision_trees"
    edit(tables / "amendments.json", '"clauses": []', '"clauses": ["s99-1"]')
    failed = build_here(project, project / "site")
    assert failed.returncode == 1
    assert "amendments.json:" in failed.stderr
    (tables / "amendments.json").write_bytes((ROOT / "decision_trees" / "amendments.json").read_bytes())
    edit(tables / "everyday-words.json", '"s9-08"', '"s9-008"')
    failed = build_here(project, project / "site")
    assert failed.returncode == 1
    assert "amendments.json:" not in failed.stderr
    assert "did you mean “s9-08”?" in failed.stderr


def test_a_build_in_this_process_is_refused_a_project_with_other_python(tmp_path: Path) -> None:
    project = copy_sources(tmp_path / "project")
    add(project / "macros" / "site" / "fresh.py")
    with pytest.raises(AssertionError, match="other Python"):
        build_here(project, project / "site")
