"""The Python for browsers: what it lacks, or answers otherwise, stops the build; equal sources make it alike."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from macros.engine.api import start
from macros.site.runtime import trim
from macros.site.runtime.bundle import ProvedArchive, stored_zip
from macros.site.runtime.probes import all_requests
from macros.site.runtime.trim import Trim, modules_of
from macros.site.stopped import Stopped
from tests.trees import ROOT, published


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Trim:
    """The engine with the tools, in a place with a cache of its own."""
    root = tmp_path_factory.mktemp("trim")
    (root / "node_modules").mkdir()
    (root / "node_modules" / "pyodide").symlink_to(ROOT / "node_modules" / "pyodide")
    return Trim(root, ROOT / "macros" / "engine", published().bundle(), published().trees)


@pytest.fixture(scope="module")
def archive(made: Trim) -> bytes:
    return made.archive


@pytest.fixture
def few(made: Trim, monkeypatch: pytest.MonkeyPatch) -> Trim:
    """The same, which is asked one thing alone."""
    monkeypatch.setattr(trim, "all_requests", lambda *_: ['{"tree": "level", "answers": {}}'])
    return replace(made)


def without(archive: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return stored_zip({path: opened.read(path) for path in opened.namelist() if path != name})


def test_the_archive_holds_compiled_modules_and_the_trees_and_no_source(archive: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert {path.rpartition(".")[2] for path in opened.namelist()} == {"pyc", "json"}
        assert json.loads(opened.read("engine/bundle.json")) == json.loads(json.dumps(published().bundle()))
    assert {"engine", "engine.api", "encodings.utf_8", "json.decoder"} <= modules_of(archive)
    assert {"unittest", "email", "sqlite3"} & modules_of(archive) == set()


def test_it_is_made_alike_again(few: Trim, archive: bytes) -> None:
    """Of few requests, too, for each module by itself."""
    with zipfile.ZipFile(io.BytesIO(few.compiled())) as again, zipfile.ZipFile(io.BytesIO(archive)) as before:
        assert [path for path in again.namelist() if again.read(path) != before.read(path)] == []


def test_what_was_made_and_proved_is_not_made_again(
    made: Trim, archive: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trim, "node", None)
    assert replace(made).archive == archive


def test_the_first_answers_are_not_asked_anew(made: Trim, archive: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    one = replace(made, trees={"missing": made.trees["missing"]})
    asked = one.first_answers
    assert list(asked) == ["first-missing.json"]
    monkeypatch.setattr(trim, "FirstAnswers", None)
    assert replace(one).first_answers == asked


def test_what_is_shown_before_it_is_proved_is_the_same(
    made: Trim, archive: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Trim, "faults", lambda *_: pytest.fail("it was asked something"))
    unproved = replace(made).unproved
    assert unproved == archive
    assert isinstance(archive, ProvedArchive)
    assert not isinstance(unproved, ProvedArchive)


def test_what_the_cache_holds_is_made_anew_where_it_answers_otherwise(
    made: Trim, archive: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = iter(["a damaged copy", None])
    monkeypatch.setattr(Trim, "faults", lambda *_: next(found))
    monkeypatch.setattr(Trim, "compiled", lambda self: archive)
    made.proved(archive).unlink()
    assert replace(made).archive == archive
    assert next(found, "all asked") == "all asked"


def test_what_answers_otherwise_though_made_anew_stops_the_build(
    made: Trim, archive: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Trim, "faults", lambda *_: "otherwise")
    monkeypatch.setattr(Trim, "compiled", lambda self: archive)
    made.proved(archive).unlink()
    with pytest.raises(Stopped, match="otherwise"):
        _ = replace(made).archive


@pytest.mark.parametrize("lacks", ["graphlib.pyc", "engine/model/walk.pyc"])
def test_a_module_that_is_missing_stops_the_build_and_is_named(few: Trim, archive: bytes, lacks: str) -> None:
    fault = few.faults(without(archive, lacks))
    assert fault is not None
    assert f"needs the module {lacks.removesuffix('.pyc').replace('/', '.')}" in fault


def test_an_archive_that_answers_otherwise_stops_the_build_and_the_request_is_told(few: Trim, archive: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        files = {path: opened.read(path) for path in opened.namelist()}
    files["engine/bundle.json"] = files["engine/bundle.json"].replace(b"How old", b"How young").replace(b"?", b"!")
    fault = few.faults(stored_zip(files))
    assert fault is not None
    assert '{"tree": "level", "answers": {}}' in fault


def test_an_engine_that_does_not_run_there_stops_the_build(few: Trim, tmp_path: Path) -> None:
    shutil.copytree(few.engine, tmp_path / "engine", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "engine" / "html" / "view.py").write_text("import no_such_module\n")
    with pytest.raises(Stopped, match=r"needs the module no_such_module,"):
        replace(few, engine=tmp_path / "engine").compiled()


@pytest.fixture(scope="module")
def requests() -> list[str]:
    return all_requests(published().trees, start(json.dumps(published().bundle())))


def test_every_end_of_every_tool_is_asked_for(requests: list[str]) -> None:
    respond = start(json.dumps(published().bundle()))
    reached = {(tree, node) for tree, node in told(requests, respond)}
    ends = {(id, step.key) for id, tree in published().trees.items() for step in tree.ends}
    assert ends
    assert ends - reached == set()


def told(requests: list[str], respond: object) -> Iterator[tuple[str, str]]:
    for text in requests:
        response = json.loads(respond(text))  # type: ignore[operator]
        if response.get("state") == "outcome":
            yield json.loads(text)["tree"], response["node"]
