"""What builds for `make serve`: it keeps what may be kept, shows what `make site` would, and outlives its failures."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from time import sleep

import pytest

from macros.site.preview import builder, worker
from macros.site.preview.builder import Builder
from macros.site.preview.kept import KeptPages
from macros.site.preview.worker import Unforeseen, build_for, trouble_of
from tests.builds import copy_sources, edit
from tests.trees import TOOLS

LEFT_OUT = {
    "sw.js", "offline.json", "_headers", "web.config", "staticwebapp.config.json", "assets/proved.json",
}  # fmt: skip
"""Files that only a published site needs."""
PUBLISHED_ALONE = (
    r'<meta http-equiv="Content-Security-Policy" content="[^"]*">',
    r'<meta name="referrer" content="[^"]*">',
    r' data-site-version="[^"]*"',
    r' data-first="[^"]*"',
    COPY_SIZE := r"(?<=<strong data-copy-size>)[^<]*",
)
"""What only the pages of a published site hold."""
FIRST_ANSWERS = re.compile(r"assets/engine/first-\w+\.json")
"""Answers that are there before Python: only a published site needs them. They take part in the name of its folder."""
ENGINE = re.compile(rb"(?<=assets/engine/)[0-9a-f]{20}/")


def files_of(site: Path) -> dict[str, bytes]:
    """The files of a site by their names, with its engine in a folder that no content names."""
    files = {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}
    return {ENGINE.sub(b"", name.encode()).decode(): ENGINE.sub(b"", content) for name, content in files.items()}


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    return sorted(name for name in {**one, **other} if one.get(name) != other.get(name))


# ---- pages


@dataclass
class Previews:
    """Builds of one project by one process. `clauses` is a page whose clauses a paragraph is written above."""

    project: Path
    folder: Path
    kept: KeptPages = field(default_factory=KeptPages)
    number: int = 0

    def build(self, kept: KeptPages | None = None) -> Path:
        """Build. Gives the site, which is without a fault."""
        site = self.folder / str(self.number)
        assert trouble_of(self.project, site, kept or self.kept) is None
        self.number += 1
        return site

    def trouble(self) -> str:
        """What a build is told that is wrong."""
        return trouble_of(self.project, self.folder / "failed", self.kept) or ""

    def docs(self, file: str) -> Path:
        return self.project / "docs" / file


@pytest.fixture(scope="module")
def previews(tmp_path_factory: pytest.TempPathFactory) -> Previews:
    folder = tmp_path_factory.mktemp("previews")
    return Previews(copy_sources(folder / "project"), folder)


@pytest.fixture(scope="module")
def first(previews: Previews) -> Path:
    return previews.build()


def test_a_preview_is_the_site_but_for_what_only_a_published_one_needs(first: Path, site: Path) -> None:
    alone = {name for name in files_of(site) if name in LEFT_OUT or FIRST_ANSWERS.fullmatch(name)}
    assert len(alone) == len(LEFT_OUT) + len(TOOLS)
    published = {name: content for name, content in files_of(site).items() if name not in alone}
    for name in (name for name in published if name.endswith(".html")):
        text = published[name].decode()
        for part in PUBLISHED_ALONE:
            text = re.sub(part, "", text)
        published[name] = text.encode()
    shown = files_of(first)
    shown["offline/index.html"] = re.sub(COPY_SIZE, "", shown["offline/index.html"].decode()).encode()
    assert differing(published, shown) == []


def test_only_what_may_have_changed_is_rendered_again_and_all_is_as_from_nothing(
    previews: Previews, first: Path
) -> None:
    before = dict(previews.kept.rendered)
    edit(previews.docs("procedure/levels.md"), "\n# ", "\nA paragraph above all clauses, on NRM.\n\n# ")
    edit(previews.docs("glossary.md"), "title: Glossary", "title: Glossary by us")
    edit(previews.docs("about/contacts.md"), "\n# ", "\nMore words.\n\n# ")
    after_edits = previews.build()
    again = {key[0] for key in previews.kept.rendered.keys() - before.keys()}
    assert again >= {"procedure/levels.md", "about/contacts.md"}
    assert not again & {"tools/level.md", "training/sheets.md", "about/assurance.md", "procedure/roles.md"}
    assert all(previews.kept.rendered[key] is before[key] for key in previews.kept.rendered.keys() & before.keys())
    assert differing(files_of(previews.build(KeptPages())), files_of(after_edits)) == []


def test_a_page_that_was_warned_of_is_warned_of_again(previews: Previews, first: Path) -> None:
    page, other = previews.docs("about/privacy.md"), previews.docs("about/about.md")
    good = page.read_text("utf-8")
    page.write_text(f"{good}\n[nowhere](nowhere.md)\n[no place](about.md#no-place)\n", "utf-8")
    for _ in range(2):
        said = previews.trouble()
        assert "nowhere.md" in said
        assert "#no-place" in said
        assert "The site was not built: fix what is said above." in said
        other.write_text(f"{other.read_text('utf-8')}\nOne more sentence.\n", "utf-8")
    page.write_text(good, "utf-8")
    previews.build()


def test_a_place_that_goes_is_missed_by_pages_that_stayed_as_they_were(previews: Previews, first: Path) -> None:
    page, linking = previews.docs("about/about.md"), previews.docs("about/privacy.md")
    good = page.read_text("utf-8")
    page.write_text(f"{good}\n## For a while\n\nWords.\n", "utf-8")
    linking.write_text(f"{linking.read_text('utf-8')}\n[For a while](about.md#for-a-while)\n", "utf-8")
    previews.build()
    page.write_text(good, "utf-8")
    assert "'about/about.md' does not contain an anchor '#for-a-while'" in previews.trouble()
    edit(linking, "[For a while](about.md#for-a-while)", "")


def test_a_changed_tree_is_on_every_page_that_speaks_of_it(previews: Previews, first: Path) -> None:
    tree = previews.project / "decision_trees" / "trees" / "level.json"
    title = json.loads(tree.read_text("utf-8"))["title"]
    edit(tree, title, "Another title")
    site = previews.build()
    for page in ("tools/level", "about/assurance", "library"):
        assert "Another title" in (site / page / "index.html").read_text("utf-8")
    edit(tree, "Another title", title)


def test_what_nobody_foresaw_is_told_as_such(previews: Previews, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("nobody foresaw this")

    monkeypatch.setattr("macros.site.build.mkdocs_build", fails)
    with pytest.raises(Unforeseen, match="RuntimeError: nobody foresaw this"):
        previews.trouble()


# ---- the process


def test_it_answers_each_request_and_ends_behind_what_nobody_foresaw(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: Iterator[str | Exception | None] = iter([None, "a fault", Unforeseen("a surprise"), None])

    def trouble(*_: object) -> str | None:
        found = next(said)
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr(worker, "trouble_of", trouble)
    with (tmp_path / "answers").open("w+") as answers:
        build_for(tmp_path, iter(['"one"\n', '"two"\n', '"three"\n', '"four"\n']), answers)
        answers.seek(0)
        assert [json.loads(line) for line in answers] == [None, "a fault", "a surprise"]


PROCESS = """
import json, os, pathlib, sys, time
root = pathlib.Path(sys.argv[1])
if "--prove" in sys.argv:
    (root / "proving").write_text("")
    while (root / "slow").exists():
        time.sleep(0.01)
    print(json.dumps((root / "fault").read_text() if (root / "fault").exists() else None))
    sys.exit()
with (root / "started").open("a") as started:
    started.write(".")
if (root / "broken").exists():
    sys.exit("it does not start")
for line in sys.stdin:
    if (root / "dies").exists():
        (root / "dies").unlink()
        sys.exit("it died")
    while (root / "waits").exists():
        (root / "waiting").touch()
        time.sleep(0.01)
    print(json.dumps(str(os.getpid())), flush=True)
"""
"""Stands for the process that builds: what is wrong is its own number."""


@pytest.fixture
def building(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Builder]:
    """A Builder whose process is the one above."""
    root, script = tmp_path / "project", tmp_path / "process.py"
    for name in ("docs/index.md", "macros/hooks.py", "mkdocs.yml", "engine/assets/engine/1a2b/python.zip"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    script.write_text(PROCESS)
    monkeypatch.setattr(builder, "command", lambda root: [sys.executable, str(script), str(root)])
    building = Builder(root)
    yield building
    building.close()


def test_the_process_stays_while_pages_change(building: Builder) -> None:
    number = building.build(building.root / "one")
    (building.root / "docs" / "index.md").write_text("changed")
    assert building.build(building.root / "two") == number


@pytest.mark.parametrize("name", ["macros/hooks.py", "mkdocs.yml", "overrides/main.html", "requirements.txt"])
def test_another_process_takes_up_what_is_taken_up_once(building: Builder, name: str) -> None:
    number = building.build(building.root / "one")
    (building.root / name).parent.mkdir(exist_ok=True)
    (building.root / name).write_text("changed")
    assert building.build(building.root / "two") not in (number, None)


def test_another_process_takes_up_an_installed_package(
    building: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = tmp_path / "packages"
    packages.mkdir()
    monkeypatch.setattr("sysconfig.get_paths", lambda: {"purelib": str(packages)})
    number = building.build(building.root / "one")
    (packages / "new-1.0.dist-info").mkdir()
    assert building.build(building.root / "two") != number


def test_another_process_takes_the_place_of_one_that_died(building: Builder) -> None:
    number = building.build(building.root / "one")
    (building.root / "dies").touch()
    assert building.build(building.root / "two") not in (number, "it died", None)


def test_a_process_that_does_not_start_says_why_each_time_until_it_does(building: Builder) -> None:
    (building.root / "broken").touch()
    for _ in range(2):
        assert building.build(building.root / "one") == "it does not start"
    (building.root / "broken").unlink()
    assert str(building.build(building.root / "two")).isdecimal()


def test_nothing_is_started_once_it_is_closed(building: Builder) -> None:
    building.build(building.root / "one")
    (building.root / "waits").touch()
    thread = Thread(target=building.build, args=(building.root / "two",))
    thread.start()
    while not (building.root / "waiting").exists():
        sleep(0.01)
    building.close()
    thread.join()
    assert (building.root / "started").read_text() == "."


def test_what_a_build_left_unproved_is_proved_once(building: Builder) -> None:
    site, proving = building.root / "engine", building.root / "proving"
    (building.root / "fault").write_text("answers otherwise")
    assert building.prove(site, lambda: False) == "answers otherwise"
    (building.root / "fault").unlink()
    assert building.prove(site, lambda: False) is None
    proving.unlink()
    assert building.prove(site, lambda: False) is None
    assert not proving.exists()


def test_a_proof_that_no_longer_matters_is_given_up_and_made_again(building: Builder) -> None:
    site, proving = building.root / "engine", building.root / "proving"
    (building.root / "slow").touch()
    assert building.prove(site, proving.exists) is None
    (building.root / "slow").unlink()
    (building.root / "fault").write_text("answers otherwise")
    assert building.prove(site, lambda: False) == "answers otherwise"
