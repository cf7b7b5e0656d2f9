"""Requests that lead the engine everywhere: every kind of request, and every outcome of every tool.

They are worked out from the trees, so that they grow with them. The build asks them of the Python that browsers get.
"""

from __future__ import annotations

import json
from binascii import b2a_base64
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from macros.engine.analysis.state_space import Liveness, explore
from macros.engine.model.guards import Value
from macros.engine.model.tree import Tree
from macros.engine.model.walk import walk

NOW = "2026-01-15T10:00:00.000Z"
LATER = "2026-01-19T10:00:00.000Z"
SUMMER = "2026-07-15T10:00:00.000Z"

NO_RECORDS = (
    "",
    "no record",
    "[]",
    '{"format": 1, "format": 2}',
    '{"__proto__": {}, "format": "x"}',
    "[" * 500,
    '{"answers": NaN, "made": "2026-02-30T25:00"}',
    "\0\ud83d",
)
"""What somebody may try to open instead of a record."""


def all_requests(trees: Mapping[str, Tree], respond: Callable[[str], str]) -> list[str]:
    """The requests, as JSON texts. `respond` is the engine's own: what it keeps as a record, it is asked to open."""
    found = ["", "[]", '{"tree": 1}', json.dumps({"tree": "no such tree", "answers": {}})]
    for id, tree in trees.items():
        found += [json.dumps({"tree": id, "base": "../../", **request}) for request in _of(id, tree, respond)]
        found += [json.dumps({"base": "../../", "training": part}) for part in _training(id, tree, respond)]
    first = next(iter(trees))
    found += [json.dumps({"base": "./", "training": part}) for part in _sorting()]
    return found + [json.dumps({"tree": first, **_opened(text)}) for text in NO_RECORDS]


def _training(id: str, tree: Tree, respond: Callable[[str], str]) -> Iterator[dict[str, Any]]:
    """A session about a story made of answers that lead to each end of a tool, from its start to its summary."""
    if not tree.library.trees[id].tool:
        return
    first, *others = ways_to_the_ends(tree)
    scenes = {"a-story": _story(id, first, others)}
    for mode, fields in (("session", {end.node.id: ["2"] for end in tree.ends}), ("practise", {})):
        yield {"scenes": scenes, "do": "begin", "mode": mode, "chosen": []}  # not ours
        asked: dict[str, Any] = {"do": "begin", "mode": mode, "chosen": ["a-story"]}
        chosen = fields or {"outcome": [tree.ends[0].node.id]}
        steps: list[dict[str, Any]] = [
            {"do": "commit", "fields": {}},  # a form with an error
            {"do": "commit", "fields": chosen},
            {"do": "on"},
            {"do": "on"},
            {"do": "back"},
            {"do": "question", "n": 0},
            {"do": "take", "n": 1},
            {"do": "debrief"},
            *({"do": "what-if", "n": n} for n in range(len(others))),
            {"do": "what-if"},
            {"do": "again"},
            {"do": "commit", "fields": chosen},
            {"do": "next"},
            {"do": "text"},
        ]
        state: Any = None
        for step in (asked, *steps):
            part = {"scenes": scenes, "state": state, **step}
            yield part
            state = json.loads(respond(json.dumps({"training": part}))).get("state")


def _story(id: str, answers: Mapping[str, Value], others: list[dict[str, Value]]) -> dict[str, Any]:
    """A story that leaves one fact open, with a branch for the answer that it would else have told."""
    told = {"outcome": "judgement", "police": "procedure", "steps": "procedure"}
    words = ["A sentence."]
    left, judged = next((name, value) for name, value in answers.items() if isinstance(value, str))
    shared = {name: value for name, value in answers.items() if name != left}
    branch = {"if": {left: [judged]}, "outcome": "an-end", "debrief": "So it is."}
    return {
        "id": "a-story", "title": "A story", "audience": ["schools"], "themes": ["adult"],
        "vignette": "Once.", "teaches": words, "cites": ["s4-10"], "notes": words, "prompts": words,
        "checks": [
            {
                "tree": id, "minutes": 10, "answers": shared, "open": [left], "footing": told,
                "branches": [branch, branch],
            }
        ],
        "what_ifs": [{"what": "What if?", "tree": id, "change": other, "why": "It matters."} for other in others],
    }  # fmt: skip


def _sorting() -> Iterator[dict[str, Any]]:
    lines = ["A line", "There is evidence that exploitation is happening", "<b>"]
    yield {"do": "sort", "lines": []}
    yield {"do": "sort", "lines": "A line"}  # not ours
    for purpose in ("risk", "other"):
        yield {"do": "sort", "lines": lines, "bins": {"0": "harm", "1": "risk", "2": "unsure"}, "purpose": purpose}


def _of(id: str, tree: Tree, respond: Callable[[str], str]) -> Iterator[dict[str, Any]]:
    yield {"answers": {}}
    yield {"answers": {}, "submit": {"node": walk(tree, {}).step, "fields": {}}}  # a form with errors
    shown: set[str] = set()
    ways = ways_to_the_ends(tree)
    for answers in ways:
        yield from _along(tree, answers, shown)
        result: dict[str, Any] = {"answers": answers, "remarks": {"opinion": "differ", "why": "Seen “otherwise”."}}
        yield result
        keep = {**result, "record": "json", "now": NOW}
        yield keep
        record = json.loads(respond(json.dumps({"tree": id, "base": "../../", **keep})))["record"]
        yield _opened(record)
    longest = max(ways, key=len)
    yield {"answers": longest, "later": "changes"}
    for answers in ways:
        yield {"answers": answers, "later": "call", "remarks": {"call-seen": "“There”."}, "now": NOW}
        yield {"answers": answers, "record": "call", "now": SUMMER}
    yield {"answers": longest, "record": "text", "now": SUMMER}
    for text in _altered(record):
        yield _opened(text)
    yield {"open": {}, "now": NOW}
    yield {"open": {"size": 10, "text": None}, "now": NOW}
    for encoding in ("utf-8-sig", "utf-16", "utf-16-be", "latin-1"):
        content = record.encode(encoding, "replace")
        yield {"open": {"size": len(content), "bytes": b2a_base64(content).decode()}, "now": NOW}
    yield {"open": {"size": 10**9, "text": "x"}, "now": NOW}


def ways_to_the_ends(tree: Tree) -> list[dict[str, Value]]:
    """The plainest answers to each end of a tree, and those that leave most not known."""
    found = explore(Liveness(tree, quantities=list(tree.library.quantities)))
    plainest: dict[str, dict[str, Value]] = {}
    open_most: dict[str, dict[str, Value]] = {}
    for step, state in found.ends():
        answers = found.answers_to(step.key, state)
        plainest.setdefault(step.key, answers)
        if _not_known(answers) > _not_known(open_most.get(step.key, {})):
            open_most[step.key] = answers
    return [*plainest.values(), *(answers for answers in open_most.values() if answers not in plainest.values())]


def _not_known(answers: Mapping[str, Value]) -> int:
    return sum(value in ("not_known", ("not_known",)) for value in answers.values())


def _along(tree: Tree, answers: Mapping[str, Value], shown: set[str]) -> Iterator[dict[str, Any]]:
    """Each form on the way that was not shown yet, filled in and sent, and shown again from the end."""
    given: dict[str, Value] = {}
    for screen in walk(tree, answers).screens:
        here = {fact: answers[fact] for fact in screen.facts if fact in answers}
        fields = {fact: [value] if isinstance(value, str) else list(value) for fact, value in here.items()}
        if screen.step not in shown:
            yield {"answers": dict(given), "submit": {"node": screen.step, "fields": fields}}
            yield {"answers": dict(answers), "change": screen.step}
        shown.add(screen.step)
        given |= here


def _opened(text: str) -> dict[str, Any]:
    return {"open": {"size": len(text), "text": text}, "now": LATER}


def _altered(record: str) -> Iterator[str]:
    """A record that was cut short, one of a format that is not ours, and one that misses a part for each it has."""
    whole = json.loads(record)
    yield record[: len(record) // 2]
    yield json.dumps({**whole, "format": "<script>"})
    for name in whole:
        yield json.dumps({other: value for other, value in whole.items() if other != name})
