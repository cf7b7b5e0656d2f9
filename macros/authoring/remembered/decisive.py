"""What decides where answers lead, without the words: all that a proof of a tree can depend on, as one text.

A proof is given this text and nothing else. So it cannot depend on what is not in it, and its digest may stand for the
proof: words, and facts that no tree or property here names, are not there to be read. Whatever is not known to be words
stays in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from macros.authoring.sources.places import reached, texts

WORDS = frozenset({
    "title", "summary", "heading", "intro", "text", "because", "cites", "basis",  # of trees
    "hint", "why", "short", "find_out", "name",  # of facts and grades
    "action", "actor", "timescale", "note", "points", "contacts", "wordings", "late",  # of results
})  # fmt: skip
"""The parts of authored data that are shown and decide nothing."""
VERBATIM = frozenset({"if", "when", "require"})
"""Guards, whose keys are the ids of facts: what reads like a part of an object is none in them."""


def decisive(tables: Mapping[str, Any], tree: str, properties: Sequence[Mapping[str, Any]] = ()) -> str:
    """All of the checked `tables` that decides in a tree and in these properties of it. The order is part of it."""
    trees = {id: _muted(tables["trees"][id]) for id in _with_parts(tables["trees"], tree)}
    told = [_muted(one) for one in properties]
    named = set(texts([trees, told]))
    return json.dumps(
        {
            "tree": tree,
            "trees": trees,
            "properties": told,
            "facts": {id: _muted(fact) for id, fact in tables["facts"].items() if id in named},
            "quantities": {id: _muted(quantity) for id, quantity in tables["quantities"].items()},
            "results": {id: _muted(result) for id, result in tables["results"].items()},
            "contacts": {},
        },
        ensure_ascii=False,
    )


def decisive_of_scenario(data: Mapping[str, Any]) -> str:
    """All of a scenario that decides what it comes to."""
    return json.dumps({part: [_decisive_part(one) for one in data[part]] for part in REPLAYED}, ensure_ascii=False)


REPLAYED = ("checks", "what_ifs")
PARTS = ("tree", "answers", "change", "expect", "footing", "told", "weighed", "open", "if")


def _decisive_part(one: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: one[key] for key in PARTS if key in one}
    return {**kept, "branches": [_decisive_part(own) for own in one["branches"]]} if "branches" in one else kept


def _muted(data: Any) -> Any:
    """Data with nothing in place of its words."""
    if isinstance(data, Mapping):
        return {key: value if key in VERBATIM else _silent(key, value) for key, value in data.items()}
    return [_muted(value) for value in data] if isinstance(data, list) else data


def _silent(key: str, value: Any) -> Any:
    if key in WORDS and isinstance(value, (str, list)):
        return "" if isinstance(value, str) else []
    return _muted(value)


def _with_parts(trees: Mapping[str, Mapping[str, Any]], id: str) -> list[str]:
    """A tree and all that it calls, in the order of the trees."""
    found = reached(id, lambda one: [node["call"] for node in trees[one]["nodes"] if "call" in node])
    return [one for one in trees if one in found]
