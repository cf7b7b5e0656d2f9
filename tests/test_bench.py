"""`make bench`: its server does as a host does, its sums are right, and a part that fails leaves the others."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import pytest

from tests.bench import __main__ as bench
from tests.bench import answers, builds
from tests.bench.figures import at, ratio, spread
from tests.bench.serve import PYTHON, Network, Served, pack
from tests.trees import ROOT

TEXT = "a { color: red }\n" * 200
HEADERS = """# Said of the file.

/*
  X-Everywhere: yes

/assets/kept.0123456789.css
  Cache-Control: for long
"""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    site, other = tmp_path / "site", tmp_path / "other"
    for folder in (site / "assets", other):
        folder.mkdir(parents=True)
    (site / "_headers").write_text(HEADERS)
    (site / "index.html").write_text("Home")
    (site / "assets" / "kept.0123456789.css").write_text(TEXT)
    (site / "assets" / "python.zip").write_bytes(b"PK" * 500)
    (other / "page.html").write_text("Other")
    pack(site)
    served = Served(site, {"other": other})
    yield served
    served.close()


def asked(served: Served, address: str, headers: dict[str, str] | None = None) -> HTTPResponse:
    connection = HTTPConnection(served.url.split("/")[2])
    connection.request("GET", address, headers=headers or {})
    return connection.getresponse()


CSS = "/assets/kept.0123456789.css"


def test_a_packed_file_goes_to_whoever_takes_it(served: Served) -> None:
    packed = asked(served, CSS, {"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Content-Type"] == "text/css"
    content = packed.read()
    assert gzip.decompress(content).decode() == TEXT
    plain = asked(served, CSS)
    assert plain.headers["Content-Encoding"] is None
    assert plain.read().decode() == TEXT
    assert [one.size for one in served.log] == [len(content), len(TEXT)]


def test_files_are_kept_as_long_as_the_settings_of_the_site_say(served: Served) -> None:
    kept, home, other = (asked(served, address) for address in (CSS, "/", "/other/page.html"))
    assert [one.headers["Cache-Control"] for one in (kept, home, other)] == ["for long", "no-cache", "no-cache"]
    assert [one.headers["X-Everywhere"] for one in (kept, home, other)] == ["yes", "yes", None]
    assert [one.read() for one in (home, other)] == [b"Home", b"Other"]


def test_a_file_that_a_browser_has_is_not_sent_again(served: Served) -> None:
    tag = asked(served, "/").headers["ETag"]
    again = asked(served, "/", {"If-None-Match": tag})
    assert (again.status, again.read()) == (304, b"")
    assert served.log[-1].size == 0


def test_what_is_not_there_is_not_found(served: Served) -> None:
    assert asked(served, "/none.html").status == 404


def test_python_that_is_held_back_comes_but_for_its_last_bytes(served: Served) -> None:
    served.hold_python()
    response = asked(served, "/assets/python.zip")
    response.read(500)
    (response.fp.raw._sock).settimeout(0.2)  # type: ignore[union-attr]
    with pytest.raises(TimeoutError):
        response.read()
    served.release_python()
    assert len(asked(served, "/assets/python.zip").read()) == 1000


def test_what_is_held_back_is_python_and_no_other_file_of_its_folder() -> None:
    names = ("a/x.wasm", "a/python.zip", "a/answers.json", "a/engine-worker.mjs")
    held = [name for name in names if PYTHON.search(name)]
    assert held == ["a/x.wasm", "a/python.zip"]


def test_a_slow_network_carries_the_bytes_of_all_connections_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("tests.bench.serve.time.sleep", slept.append)
    monkeypatch.setattr("tests.bench.serve.time.monotonic", lambda: 100.0)
    network = Network()
    network.carry(1_000_000)
    assert slept == []
    network.slow = True
    for _ in range(2):
        network.carry(200_000)
    network.answer(connected=100.0)
    network.answer(connected=50.0)
    assert slept == [1.0, 2.0, pytest.approx(0.3), pytest.approx(0.15)]


def test_what_gets_smaller_is_packed_and_what_does_not_is_left(tmp_path: Path) -> None:
    for name, size in (("long.css", 1000), ("tiny.css", 1)):
        (tmp_path / name).write_text("a" * size)
    pack(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["long.css", "long.css.gz", "tiny.css"]


# ---- sums


def test_a_ratio_is_of_the_medians_and_its_spread_of_the_pairs() -> None:
    assert ratio([1, 2, 30], [10, 10, 10]) == {"median": 0.2, "lower quartile": 0.15, "upper quartile": 1.6}


def test_one_value_is_its_own_spread() -> None:
    assert set(spread([7]).values()) == {7}


def test_ninety_five_of_a_hundred_do_not_exceed_it() -> None:
    assert at(95, list(range(101))) == 95


def test_an_answer_that_did_not_come_is_longer_than_any() -> None:
    assert answers._most({"a": [[1.0, 5.0]], "b": [[2.0]]}) == 5.0
    assert answers._most({"a": [[1.0, 5.0]], "b": [[2.0, None]]}) is None


def test_each_tool_that_people_use_has_answers_to_go_through_it() -> None:
    tools = {path.stem for path in (ROOT / "docs" / "tools").glob("*.md")}
    assert set(answers._ways()) == tools


# ---- the run


def test_a_part_that_fails_leaves_the_others_and_its_words_unsaved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_: object) -> None:
        raise ValueError("a place of this machine")

    monkeypatch.setattr(bench, "TARGET", tmp_path / "bench.json")
    found: dict[str, Any] = {"failed": {}}
    run = bench.Bench(tmp_path, 1)
    for name, part in (("one", lambda _: 1), ("two", broken), ("three", lambda _: 3)):
        bench._measure(run, name, part, found)
    saved = json.loads((tmp_path / "bench.json").read_text("utf-8"))
    assert saved == {"failed": {"two": "ValueError"}, "one": 1, "three": 3}
    assert "a place of this machine" in capsys.readouterr().err


def test_a_part_that_there_is_not_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PARTS", "pages,nothing")
    assert bench.main() == 1
    assert "nothing" in capsys.readouterr().err


def test_a_page_is_changed_between_two_builds_and_the_site_is_the_one_that_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def built(project: Path, into: Path) -> None:
        assert not (project / "node_modules" / ".cache").exists()
        seen.append((project / builds.CHANGED[0]).read_text("utf-8"))
        into.mkdir(parents=True, exist_ok=True)

    def timed(work: Callable[[], object]) -> float:
        work()
        return 1.0

    monkeypatch.setattr(builds, "_build", built)
    monkeypatch.setattr(builds, "_seconds", timed)
    monkeypatch.setattr(builds, "plain_site", lambda into: into)
    monkeypatch.delenv("SITE", raising=False)
    run = bench.Bench(tmp_path, 1)
    assert set(bench.PARTS["build"](run)) == {"from nothing", "after one page", "plain", "ratio"}
    before, after = seen
    assert before != after
    assert run.site.is_dir()
    assert run.site.is_relative_to(tmp_path)
