"""`make site` with nothing changed builds nothing; whatever a site is made from changes, it is built again and told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from macros.site import build as building
from macros.site.after.report import Report, Review
from macros.site.build import beside, main
from macros.site.sources import changed, sources_of, stamp_of

REPORT = Report("readability", {"index.md": Review(date(2025, 1, 31), date(2026, 1, 31)), "b.md": Review()}, "a note")


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where Python's packages are installed: no other program writes there."""
    packages = tmp_path / "packages"
    packages.mkdir()
    monkeypatch.setattr("sysconfig.get_paths", lambda: {"purelib": str(packages)})
    return packages


@pytest.fixture
def root(tmp_path: Path, packages: Path) -> Path:
    """A project with a file of each kind."""
    root = tmp_path / "project"
    for name in (
        "docs/index.md",
        "docs/.abbreviations.md",
        "decision_trees/trees/level.json",
        "tests/journeys/adult.json",
        "macros/hooks.py",
        "macros/__pycache__/hooks.pyc",
        "overrides/assets/site.css",
        "schemas/facts.schema.json",
        "requirements.txt",
        "package-lock.json",
        "node_modules/pyodide/pyodide.mjs",
        "node_modules/.cache/engine/proved-1",
        "README.md",
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    (root / "mkdocs.yml").write_text("site_url: !ENV [SITE_URL, '']\n")
    return root


Run = Callable[..., str]


@pytest.fixture
def run(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`make site` of that project, which only writes a page. Gives what it said."""

    def build(root: Path, target: Path, *, compressed: bool = False) -> Report:
        target.mkdir(exist_ok=True)
        beside(target).mkdir(exist_ok=True)
        (target / "index.html").write_text(f"compressed: {compressed}")
        return REPORT

    monkeypatch.setattr(building, "build", build)

    def run(*arguments: str) -> str:
        assert main(["--root", str(root), *arguments]) == 0
        return capsys.readouterr().out

    return run


def test_nothing_changed_is_said_at_once_and_nothing_is_built(root: Path, run: Run) -> None:
    assert "there is none yet" in run()
    (root / "site" / "index.html").touch()
    assert "up to date" in run()
    assert "as you wish" in run("--force")


@pytest.mark.parametrize(
    "name",
    [
        "docs/index.md",
        "docs/.abbreviations.md",
        "docs/new.md",
        "decision_trees/trees/level.json",
        "tests/journeys/adult.json",
        "macros/hooks.py",
        "overrides/assets/site.css",
        "schemas/facts.schema.json",
        "mkdocs.yml",
        "requirements.txt",
        "package-lock.json",
    ],
)
def test_what_has_changed_is_named_and_built(root: Path, run: Run, name: str) -> None:
    run()
    (root / name).write_text("# changed")
    assert f"changed since the last time: {name} ..." in run()
    assert "up to date" in run()


def test_what_is_gone_is_named_too(root: Path, run: Run) -> None:
    run()
    (root / "docs" / "index.md").unlink()
    assert "changed since the last time: docs/index.md ..." in run()


@pytest.mark.parametrize("name", ["README.md", "macros/__pycache__/hooks.pyc", "node_modules/.cache/engine/proved-1"])
def test_what_no_site_is_made_from_changes_nothing(root: Path, run: Run, name: str) -> None:
    run()
    (root / name).write_text("changed")
    assert "up to date" in run()


def test_another_package_or_setting_is_a_change(root: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run()
    (root / "node_modules" / "pyodide" / "pyodide.mjs").write_text("another version")
    assert "changed since the last time: the packages in node_modules ..." in run()
    monkeypatch.setenv("SITE_URL", "https://example.org/")
    assert "changed since the last time: $SITE_URL ..." in run()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    assert "changed since the last time: $SOURCE_DATE_EPOCH ..." in run()
    monkeypatch.setenv("NOT_NAMED_ANYWHERE", "1")
    assert "up to date" in run()
    assert "changed since the last time: whether files are packed ..." in run("--compressed")


def test_another_python_or_python_package_is_a_change(
    run: Run, packages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    (packages / "new.py").touch()
    assert "changed since the last time: the Python packages ..." in run()
    monkeypatch.setattr("sys.version", "4.0")
    assert "changed since the last time: Python itself ..." in run()


@pytest.mark.parametrize("place", ["site/index.html", "site/more.html", "site-hosting/nginx.conf"])
def test_a_site_that_is_not_as_it_was_built_is_built_again(root: Path, run: Run, place: str) -> None:
    run()
    (root / place).write_text("by hand")
    assert "not as it was built" in run()
    (root / "site" / "index.html").unlink()
    assert "not as it was built" in run()


@pytest.mark.parametrize("said", ["", "{", "[]", "{}", '{"format": 0}', '{"format": 1, "sources": {}, "site": ""}'])
def test_a_stamp_that_says_nothing_is_as_none(root: Path, run: Run, said: str) -> None:
    run()
    stamp_of(root / "site").write_text(said)
    assert "nothing says what" in run()


def test_what_changes_while_it_is_built_is_built_again(root: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    build = building.build

    def slowly(*given: Path, compressed: bool = False) -> Report:
        (root / "docs" / "index.md").write_text("saved meanwhile")
        return build(*given, compressed=compressed)

    monkeypatch.setattr(building, "build", slowly)
    run()
    monkeypatch.setattr(building, "build", build)
    assert "Building" in run()
    assert "up to date" in run()


def test_the_report_is_that_of_the_day_on_which_it_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The site stays as it is; what is overdue does not."""
    days = iter([date(2026, 1, 31), date(2026, 2, 1)])

    class Day(date):
        @classmethod
        def today(cls) -> date:
            return next(days)

    monkeypatch.setattr(building, "date", Day)
    assert "0 overdue" in run()
    said = run()
    assert "up to date" in said
    assert "overdue since 31 January 2026: index.md" in said
    assert "readability" in said
    assert "a note" in said


def test_a_link_that_leads_nowhere_is_no_source(root: Path) -> None:
    """Editors such as Emacs mark so what is open."""
    before = sources_of(root)
    (root / "docs" / ".#index.md").symlink_to("somebody@somewhere.1234")
    assert changed(before, sources_of(root)) == []
