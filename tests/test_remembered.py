"""What is remembered between runs: it never changes an answer, and whatever decides makes it be worked out again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from macros.authoring.proofs.proofs import Verdict, prove, read_properties
from macros.authoring.remembered.answers import prove_and_replay, structures_of
from macros.authoring.remembered.decisive import VERBATIM, WORDS, decisive
from macros.authoring.remembered.tasks import proof_tasks, replay_tasks
from macros.authoring.sources.reading import read_file
from macros.authoring.sources.schemas import Schemas
from macros.authoring.sources.store import CODE, Store, code_digest
from macros.engine.model.library import read_library
from macros.engine.model.tree import inline
from tests.trees import ROOT, published

TOOL = "referral"
"""A small tool that calls parts."""


def proofs(tables: Mapping[str, Any], store: Store, tool: str = TOOL) -> list[Verdict]:
    """The verdicts on a tool, with what the store remembers."""
    library = read_library({**tables, "contacts": {}})
    return prove_and_replay(tables, [tool], read_properties(tables["safety"], library), {}, store)[0]


def afresh(tables: Mapping[str, Any], tool: str = TOOL) -> list[Verdict]:
    """The same from the tree itself, with all its words and with nothing remembered."""
    library = read_library({**tables, "contacts": {}})
    return prove({tool: inline(library, tool)}, read_properties(tables["safety"], library))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def spoilt(where: str, change: Any) -> dict[str, Any]:
    """The tables with the parts at a place (`*`: every item of a list) changed by a function."""
    tables = deepcopy(dict(published().tables))

    found: list[Any] = [tables]
    for part in where.split("/"):
        one = [data[int(part) if isinstance(data, list) else part] for data in found if part != "*"]
        found = one or [item for data in found for item in data]
    for data in found:
        change(data)
    return tables


def no_police(edge: dict[str, Any]) -> None:
    edge.get("raise", {}).pop("police", None)


def never(one: dict[str, Any]) -> None:
    if "require" in one:
        one["require"] = {"not": one["require"]}


SPOILT = {
    "an edge of a part that the tool calls": ("trees/danger/nodes/0/next/*", no_police),
    "a property": ("safety/properties/*", never),
}


# ---- the same answers


@pytest.mark.parametrize("tool", ["referral", "missing"])
def test_a_proof_without_words_is_the_same_proof(store: Store, tool: str) -> None:
    expected = afresh(published().tables, tool)
    assert proofs(published().tables, store, tool) == expected
    assert proofs(published().tables, store, tool) == expected
    assert len(expected) > 20


def test_other_processes_give_the_same_answers(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("macros.authoring.remembered.answers.PATIENCE", 0)
    monkeypatch.setattr("macros.authoring.remembered.answers.cpu_count", lambda: 2)
    assert proofs(published().tables, store) == afresh(published().tables)


@pytest.mark.parametrize("what", SPOILT)
def test_what_is_unsafe_is_never_called_safe_by_what_was_remembered(store: Store, what: str) -> None:
    assert all(verdict.proved for verdict in proofs(published().tables, store))
    tables = spoilt(*SPOILT[what])
    found = proofs(tables, store)
    assert not all(verdict.proved for verdict in found)
    assert found == afresh(tables)
    assert proofs(tables, store) == found  # with its counterexample, once it is remembered itself
    assert all(verdict.proved for verdict in proofs(published().tables, store))


def test_structures_are_the_same_and_faulty_ones_are_told(store: Store) -> None:
    (found,) = structures_of(published().tables, [TOOL], store).values()
    assert found == structures_of(published().tables, [TOOL], store)[TOOL] == published().structures[TOOL]
    gap = spoilt("trees/referral/nodes/1/next", lambda edges: edges.pop())
    assert structures_of(gap, [TOOL], store)[TOOL].faulty


def test_a_scenario_that_came_true_is_replayed_when_its_tree_or_its_answers_change(store: Store) -> None:
    project = published()
    scenario = next(one for one in project.scenarios.values() if TOOL in {check.tree for check in one.checks})
    assert len(list(replay_tasks(published().tables, [TOOL], {scenario.id: scenario}))) == 1
    assert prove_and_replay(published().tables, [TOOL], [], {scenario.id: scenario}, store)[1] == {(scenario.id, TOOL)}
    data = deepcopy(dict(scenario.data))
    check = next(check for check in data["checks"] if check["tree"] == TOOL)
    check["expect"]["police"] = (check["expect"]["police"] + 1) % 3
    other = replace(scenario, data=data)
    assert prove_and_replay(published().tables, [TOOL], [], {scenario.id: other}, store)[1] == set()


# ---- what decides, and what are words


def leaves(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every text and number."""
    if isinstance(data, (Mapping, list)):
        for key, value in data.items() if isinstance(data, Mapping) else enumerate(data):
            yield from leaves(value, (*path, key))
    else:
        yield path


def is_words(path: tuple[Any, ...]) -> bool:
    """Whether what stands there is shown and decides nothing."""
    guard = next((i for i, part in enumerate(path) if part in VERBATIM), len(path))
    return any(part in WORDS for part in path[:guard])


def changed(data: Any, path: tuple[Any, ...]) -> Any:
    if not path:
        return "changed" if isinstance(data, str) else not data if isinstance(data, bool) else data + 1
    copy = dict(data) if isinstance(data, Mapping) else list(data)
    copy[path[0]] = changed(data[path[0]], path[1:])
    return copy


PARTS = ("trees/referral", "trees/danger", "facts/danger", "facts/your_role", "results", "quantities")


@pytest.mark.parametrize("part", PARTS)
def test_whatever_decides_is_in_the_text_and_words_are_not(part: str) -> None:
    table, _, id = part.partition("/")
    meant = [one for one in published().tables["safety"]["properties"] if TOOL in one["for"]]
    text = decisive(published().tables, TOOL, meant)
    data = published().tables[table][id] if id else published().tables[table]
    seen = set()
    for path in leaves(data):
        other = changed(data, path)
        if path[-1] == "call":  # the part that is called has to be there
            continue
        tables = {**published().tables, table: {**published().tables[table], id: other} if id else other}
        assert (decisive(tables, TOOL, meant) == text) == is_words(path[0 if id else 1 :]), path
        seen.add(is_words(path[0 if id else 1 :]))
    assert seen == {True, False}


def test_the_order_of_what_is_authored_is_part_of_it() -> None:
    tables = {**published().tables, "results": dict(reversed(published().tables["results"].items()))}
    assert decisive(tables, TOOL) != decisive(published().tables, TOOL)


def test_a_fact_that_is_called_like_a_part_of_an_object_is_read_in_guards() -> None:
    node = {"id": "a", "kind": "ask", "ask": ["text"], "next": [{"if": {"text": ["yes"]}, "to": "b", "because": "B."}]}
    tables = {
        "trees": {"t": {"id": "t", "title": "T", "start": "a", "nodes": [node]}},
        "facts": {"text": {"kind": "one_of", "text": "T?", "options": [{"value": "yes", "text": "Yes"}]}},
        "quantities": {}, "results": {},
    }  # fmt: skip
    told = json.loads(decisive(tables, "t"))
    assert told["trees"]["t"]["nodes"][0]["next"][0]["if"] == {"text": ["yes"]}
    assert told["facts"]["text"]["options"] == [{"value": "yes", "text": ""}]


def test_a_proof_of_one_tool_hangs_on_no_other() -> None:
    tables = {**published().tables, "trees": {**published().tables["trees"], "consent": {}}}
    assert [c.text for c in proof_tasks(tables, [TOOL])] == [c.text for c in proof_tasks(published().tables, [TOOL])]


# ---- the store


def entry(folder: Path, store: Store) -> tuple[Path, str]:
    key = store.key("proof", "text")
    store.put(key, [{"holds": False}])
    assert store.get(key) == [{"holds": False}]
    return folder / key, key


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace("false", "true"), lambda text: text[:-3], lambda text: "", lambda text: "null",
        lambda text: "[]", lambda text: text.replace("sum", "mus"), lambda text: "[" * 100_000,
    ],
)  # fmt: skip
def test_an_entry_that_was_edited_or_cut_short_is_as_if_it_had_never_been(tmp_path: Path, spoil: Any) -> None:
    store = Store(tmp_path)
    path, key = entry(tmp_path, store)
    path.write_text(spoil(path.read_text("utf-8")), "utf-8")
    assert store.get(key) is None
    store.put(key, 1)
    assert store.get(key) == 1


def test_an_entry_under_another_key_is_none(tmp_path: Path) -> None:
    store = Store(tmp_path)
    path, _ = entry(tmp_path, store)
    other = store.key("proof", "other text")
    shutil.copy(path, tmp_path / other)
    assert store.get(other) is None


def test_bytes_that_are_no_text_are_none(tmp_path: Path) -> None:
    store = Store(tmp_path)
    path, key = entry(tmp_path, store)
    path.write_bytes(b"\xff\xfe\x00")
    assert store.get(key) is None


def test_other_code_has_other_keys_and_does_not_keep_its_answers_beside_ours(tmp_path: Path) -> None:
    for folder in CODE:
        shutil.copytree(folder, tmp_path / folder.name, ignore=shutil.ignore_patterns("__pycache__"))
    copies = [tmp_path / folder.name for folder in CODE]
    assert code_digest(copies) == code_digest()
    source = tmp_path / "engine" / "model" / "guards.py"
    source.write_text(source.read_text("utf-8").replace("is decisive", "is not decisive", 1), "utf-8")
    assert code_digest(copies) != code_digest()
    ours, theirs = Store(tmp_path / "s"), Store(tmp_path / "s", code_digest(copies))
    assert ours.key("proof", "text") != theirs.key("proof", "text")
    theirs.put(theirs.key("proof", "text"), 1)  # the code on disk is not the one that worked this out
    assert theirs.get(theirs.key("proof", "text")) is None


def test_a_folder_that_cannot_be_written_costs_time_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    store = Store(tmp_path / "file" / "below")
    assert proofs(published().tables, store) == proofs(published().tables, store) == afresh(published().tables)


def test_writers_at_the_same_time_leave_one_whole_entry(tmp_path: Path) -> None:
    value = [{"states": n, "counterexample": {"fact": "x" * 2000}} for n in range(50)]
    store = Store(tmp_path)
    key = store.key("proof", "text")
    seen: list[Any] = []

    def write() -> None:
        for _ in range(20):
            store.put(key, value)
            seen.append(store.get(key))

    threads = [Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 80
    assert all(one == value for one in seen)
    assert [path.name for path in tmp_path.iterdir()] == [key]


def test_a_text_that_was_sound_is_checked_again_once_it_or_its_schema_changes(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    path = tmp_path / "redirects.json"
    path.write_text('{"links": {}, "pages": {}}', "utf-8")

    def kinds(schema: str = "redirects") -> list[str]:
        return [d.kind for d in read_file(path, "r.json", schema, Schemas(tmp_path / "schemas")).diagnostics]

    assert (kinds(), kinds(), kinds("waivers")) == ([], [], ["schema"] * 3)
    path.write_text('{"links": {}, "pages": {}, "pages": {}}', "utf-8")
    assert kinds() == ["duplicate-key"]
    path.write_text('{"links": {}, "pages": {}}', "utf-8")
    schema = tmp_path / "schemas" / "redirects.schema.json"
    text = schema.read_text("utf-8")
    schema.write_text(text.replace('"required": ["links", "pages"]', '"required": ["words"]'), "utf-8")
    assert kinds() == ["schema"]
