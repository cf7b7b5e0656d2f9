"""The schemas: valid themselves, true of the published data, and closed to everything else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError
from referencing import Registry, Resource

ROOT = Path(__file__).parent.parent
SCHEMAS = {path.name: json.loads(path.read_text("utf-8")) for path in sorted((ROOT / "schemas").glob("*.json"))}
REGISTRY: Registry[Any] = Registry().with_resources(
    (name, Resource.from_contents(schema)) for name, schema in SCHEMAS.items()
)
DATA = ROOT / "decision_trees"

EDGE = {"to": "b", "because": "It is so.", "cites": ["s9-11"], "basis": "source"}
ASK = {"id": "a", "kind": "ask", "ask": ["age"], "next": [EDGE]}
OUTCOME = {"id": "b", "kind": "outcome", "title": "The end", "cites": ["s9-11"]}
FACT = {
    "kind": "one_of",
    "domain": "risk",
    "text": "Is it so?",
    "cites": ["s9-11"],
    "basis": "source",
    "options": [{"value": "no", "text": "No"}, {"value": "yes", "text": "Yes"}],
}
NONE = {"value": "none", "text": "None of these", "exclusive": True}
NOT_KNOWN = {"value": "not_known", "text": "Not known", "exclusive": True}
RESULT = {
    "group": "now",
    "action": "Do it.",
    "actor": "You",
    "timescale": "Now",
    "route": "cads",
    "cites": ["s9-11"],
    "basis": "source",
}
CONTACT = {"name": "Police", "number": "", "note": ""}
GRADES = {"grades": [{"at": 0, "name": "low"}, {"at": 1, "name": "high"}]}
ONE_RUN = {
    "id": "p",
    "title": "P",
    "for": ["level"],
    "cites": ["s9-11"],
    "when": {"asked": "age"},
    "require": {"floor": {"level": 2}},
}
TWO_RUNS = {
    "id": "p",
    "title": "P",
    "for": ["level"],
    "cites": ["s9-11"],
    "pairs": {"facts": ["age"]},
    "never_lower": ["level"],
}
LINK = {
    "id": "q-5",
    "kind": "open-question",
    "title": "T",
    "text": "T",
    "page": "P",
    "address": "about/open-questions/#q-5",
    "go": "go/q-5/",
}
CLAUSE = {"id": "s1-01", "section": "1 One", "kind": "rule", "title": "T", "fact": "F.", "tools": []}
PLAUSIBLE: dict[str, Any] = json.loads((DATA / "plausible.json").read_text("utf-8"))
AMENDMENT: dict[str, Any] = SCHEMAS["amendments.schema.json"]["$defs"]["amendment"]["examples"][0]
PASSAGE: dict[str, Any] = SCHEMAS["clauses-lock.schema.json"]["$defs"]["passage"]["examples"][0]
RECORD: dict[str, Any] = SCHEMAS["record.schema.json"]["examples"][0]
PLACE: dict[str, Any] = SCHEMAS["sorter.schema.json"]["$defs"]["place"]["examples"][0]
SORTER: dict[str, Any] = {
    "places": [{**PLACE, "id": id} for id in ("harm", "risk", "protective", "unsure")],
    "purposes": [{"id": "risk", "text": "P."}, {"id": "other", "text": "O."}],
    "warning": {"title": "T.", "beside": "B.", "parts": [{"text": "P.", "cites": ["s4-12"], "basis": "source"}],
                "tool": "level", "go": "G"},
    "known": "K.",
}  # fmt: skip
SHEET: dict[str, Any] = {
    "if": {"floor": {"level": 2}}, "ways": [{"title": "T", "opening": "O"}], "before": [{"text": "B."}],
    "parts": [SCHEMAS["call-sheet.schema.json"]["$defs"]["part"]["examples"][0]],
    "level": {"settled": "S.", "open": "O.", "none": "N."}, "ask": {"title": "A", "lines": ["Q?"]},
    "more": "M.", "order": "O.", "room": "R.", "basis": "DC-1",
}  # fmt: skip
SCENARIO: dict[str, Any] = {
    "id": "s",
    "title": "T",
    "audience": ["schools"],
    "themes": ["at-home"],
    "vignette": "V.",
    "checks": [
        {
            "tree": "level",
            "minutes": 10,
            "answers": {"danger": ["none"], "age": "under_13"},
            "expect": {"outcome": "level-1", "level": 1, "could_be": [1], "police": 0, "results": []},
            "footing": {"outcome": "judgement", "police": "procedure", "steps": "procedure"},
            "debrief": "D.",
        }
    ],
    "teaches": ["T."],
    "cites": ["s9-11"],
    "notes": ["N."],
    "prompts": ["P?"],
    "what_ifs": [
        {
            "what": "What if it were so?",
            "tree": "level",
            "change": {"age": "13_to_15"},
            "expect": {"outcome": "adult-route", "police": 2, "results": ["adult-route"]},
            "why": "W.",
        }
    ],
}
SESSIONS: dict[str, Any] = {
    "hour": {"minutes": 60, "open": 5, "close": 9},
    "sessions": [{"title": "T", "scenarios": ["a", "b", "c"]}],
}
PAIR: dict[str, Any] = {
    "id": "p",
    "title": "T",
    "trait": "family",
    "vignette": "V of {home}.",
    "versions": [{"name": "A", "slots": {"home": "a"}}, {"name": "B", "slots": {"home": "b"}}],
    "checks": SCENARIO["checks"],
    "cites": ["s1-03"],
    "why": "W.",
    "notes": ["N."],
}
JOURNEY = {"name": "N", "tree": "level", "answers": {"age": "under_13"}, "expect": {"state": "asking"}}


def tree(*nodes: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"id": "t", "title": "T", "start": "a", "nodes": [*(nodes or (ASK, OUTCOME))], **more}


def asking(**more: object) -> dict[str, Any]:
    return tree({**ASK, **more}, OUTCOME)


def edge(**more: object) -> dict[str, Any]:
    return asking(next=[{**EDGE, **more}])


def guard(guard: object) -> dict[str, Any]:
    return edge(**{"if": guard})


def without(whole: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in whole.items() if key not in keys}


def fact(**more: object) -> dict[str, Any]:
    return {"f": {**FACT, **more}}


def prop(base: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"properties": [{**base, **more}]}


def checked(**more: object) -> dict[str, Any]:
    return {**SCENARIO, "checks": [{**SCENARIO["checks"][0], **more}]}


def left_open(**more: object) -> dict[str, Any]:
    check = {part: SCENARIO["checks"][0][part] for part in ("tree", "minutes", "answers", "footing")}
    branch = {"if": {"likelihood": ["likely"]}, "expect": SCENARIO["checks"][0]["expect"], "debrief": "D."}
    return {**SCENARIO, "checks": [{**check, "open": ["likelihood"], "branches": [branch], **more}]}


def branched(**more: object) -> dict[str, Any]:
    return left_open(branches=[{**left_open()["checks"][0]["branches"][0], **more}])


def what_if(**more: object) -> dict[str, Any]:
    return {**SCENARIO, "what_ifs": [{**SCENARIO["what_ifs"][0], **more}]}


def expected(**expect: object) -> dict[str, Any]:
    return {**JOURNEY, "expect": expect}


def faults(name: str, data: object) -> list[ValidationError]:
    return list(Draft202012Validator(SCHEMAS[f"{name}.schema.json"], registry=REGISTRY).iter_errors(data))


PUBLISHED = [
    *(("decision-tree", path) for path in sorted((DATA / "trees").glob("*.json"))),
    *(
        (name, DATA / f"{name}.json")
        for name in (
            *("facts", "results", "quantities", "contacts", "sorter", "call-sheet"),
            *("safety", "source-clauses", "waivers"),
        )
    ),
    *(
        (name, DATA / f"{name}.json")
        for name in ("amendments", "everyday-words", "hard-to-read", "plausible", "redirects", "sessions")
    ),
    *((name, DATA / f"{name.replace('-', '.')}.json") for name in ("clauses-lock", "links-lock")),
    *(("journey", path) for path in sorted((ROOT / "tests" / "journeys").glob("*.json"))),
    *(("scenario", path) for path in sorted((DATA / "scenarios").glob("*.json"))),
    *(("pair", path) for path in sorted((DATA / "pairs").glob("*.json"))),
]

RENAMED = {"facts": [], "results": [{"before": "a", "after": "b"}], "answers": {"age": [{"before": "a", "after": "b"}]}}
STEP = {"id": "danger-check.a", "kind": "outcome", "title": "The end", "cites": ["s9-11"]}
WAY = {"to": "danger-check.a", "because": "", "basis": "DC-0"}
EDITION = {
    "format": 1,
    "rules": 1,
    "version": "0123456789ab",
    "facts": {"age": FACT},
    "results": {},
    "quantities": {"level": GRADES, "police": GRADES},
    "contacts": {},
    "trees": {
        "level": {
            "id": "level",
            "title": "Level",
            "start": "start",
            "nodes": [{"id": "start", "kind": "branch", "next": [WAY]}, STEP],
        }
    },
}
FINDING = {
    "weight": "level-lower",
    "kind": "level",
    "about": "level",
    "before": 4,
    "after": 3,
    "sentence": "S.",
    "sets": 2,
    "example": [{"Q?": "“A”"}, {}],
    "edits": [0],
    "comes_to": ["", ""],
    "breaks": [],
    "clauses": [],
    "properties": [],
    "scenarios": [],
    "journeys": [],
    "links": [],
}
COMPARISON = {
    "format": 1,
    "before": {"name": "v1", "version": "0123456789ab", "own_engine": True},
    "after": {"name": "now", "version": "0123456789ab"},
    "same_results": False,
    "less": True,
    "accepted": "",
    "edits": [{"place": "facts.json:3", "what": "It."}],
    "tools": [{"id": "level", "title": "Level", "missing": "", "sets": 9, "findings": [FINDING], "table": []}],
}

RIGHT = {
    "renamed": [RENAMED],
    "edition": [EDITION],
    "comparison": [COMPARISON],
    "decision-tree": [
        tree(),
        tree(
            tool=False,
            summary="S.",
            budget=[{"screens": 3, "answers": 3, "where": {"b": ["yes"]}}, {"screens": 10, "answers": 22}],
        ),
        edge(**{"raise": {"level": 2, "police": 1}, "say": ["x"]}),
        guard(
            {
                "all": [
                    {"age": ["13_to_15"]},
                    {"not": {"any": [{"floor": {"level": 2}}, {"danger": {"all": ["crime", "safety"]}}]}},
                ]
            }
        ),
        asking(ask=["age", {"fact": "risk", "if": {"age": ["not_known"]}}]),
        edge(basis="SR-25"),
        tree(
            {"id": "a", "kind": "call", "call": "danger", "next": [EDGE]},
            {**OUTCOME, "level": "level", "text": "More."},
        ),
        tree({"id": "a", "kind": "branch", "title": "T", "next": [EDGE]}, OUTCOME),
    ],
    "facts": [
        fact(),
        {"f": {**without(FACT, "options"), "kind": "text"}},
        fact(kind="offer", default="no"),
        fact(
            kind="any_of",
            options=[{"value": "a", "text": "A"}, NONE, NOT_KNOWN],
            order=[["none", "*"]],
            bears_on=["level"],
        ),
        fact(kind="datetime", options=[NOT_KNOWN]),
    ],
    "results": [
        {"r": RESULT},
        {"r": without(without(RESULT, "actor"), "timescale")},
        {"r": {**RESULT, "wordings": [{"if": {"age": ["under_13"]}, "action": "A.", "basis": "SR-1"}]}},
    ],
    "quantities": [{"level": GRADES, "police": GRADES}],
    "contacts": [{"c": CONTACT}, {"c": {**CONTACT, "number": "+44 20 7946 0000", "last_checked": "2026-01-31"}}],
    "safety": [
        prop(ONE_RUN),
        prop(TWO_RUNS),
        prop(TWO_RUNS, pairs={"bears_on": "level"}, number=4),
        prop(
            ONE_RUN,
            when={"all": []},
            require={
                "any": [
                    {"said": ["r"]},
                    {"route": ["cads"]},
                    {"ends": ["b"]},
                    {"exactly": {"level": 1}},
                    {"age": ["x"]},
                ]
            },
        ),
    ],
    "source-clauses": [[CLAUSE], [{**CLAUSE, "rests_on": ["Children Act 1989, section 17"]}]],
    "waivers": [{"not_cited": {}}, {"not_cited": {"missing": {"s8-03": "It sets no step."}}}],
    "everyday-words": [
        {"entries": []},
        {"entries": [{"typed": ["ran away", "children's home"], "find": ["s9-08", "about/open-questions.md#q-6"]}]},
    ],
    "sorter": [SORTER],
    "call-sheet": [SHEET],
    "plausible": [PLAUSIBLE],
    "sessions": [SESSIONS],
    "hard-to-read": [{"pages": {}}, {"pages": {"about/hazards.md": "It names each hazard in full."}}],
    "amendments": [{"amendments": [AMENDMENT, {**AMENDMENT, "clauses": [], "pages": ["glossary.md"]}]}],
    "links": [
        {"links": [], "moved": {}},
        {"links": [LINK, {**LINK, "id": "q-4", "go": "go/q-4/", "leads_to": "q-5"}], "moved": {"a/b/": "a/#c"}},
        {"links": [{**LINK, "address": ""}, {**LINK, "address": "training/practise/#/two-years-on"}], "moved": {}},
    ],
    "redirects": [
        {"links": {}, "pages": {}},
        {"links": {"q-4": "q-5"}, "pages": {"a/b/": "a/c/", "a/d/": "", "a/e/": "a/#f"}},
    ],
    "clauses-lock": [
        {"clauses": {}, "cited": {}, "waived": {}, "untold": {}},
        {
            "clauses": {"s9-11": "W."},
            "cited": {"level/a": [PASSAGE]},
            "waived": {"s9-12": "Y."},
            "untold": {"s9-11": {"was": "", "named_by": ["one"]}},
        },
    ],
    "links-lock": [{"links": {}, "pages": []}, {"links": {"q-4": "open-question"}, "pages": ["a/"]}],
    "record": [RECORD, {**RECORD, "answers": [], "narrative": []}],
    "journey": [
        JOURNEY,
        expected(reasons=["level/harm/1"], screens=["danger-check.danger"], could_be=[0, 4], level=None),
    ],
    "pair": [PAIR],
    "scenario": [
        SCENARIO,
        {**SCENARIO, "views": "Its people differ."},
        checked(tree="missing", answers={"returned_at": "2026-06-01T22:30"}),
        left_open(),
        branched(answers={"looked_after": "no"}, footing=SCENARIO["checks"][0]["footing"]),
    ],
}

WRONG: dict[str, dict[str, object]] = {
    "renamed": {
        "no results": without(RENAMED, "results"),
        "a pair without an end": {**RENAMED, "facts": [{"before": "a"}]},
        "a kind unheard of": {**RENAMED, "trees": []},
    },
    "edition": {
        "another form": {**EDITION, "format": 2},
        "no rules": without(EDITION, "rules"),
        "a tool without steps": {**EDITION, "trees": {"level": {**EDITION["trees"]["level"], "nodes": []}}},
    },
    "comparison": {
        "another form": {**COMPARISON, "format": 2},
        "a weight unheard of": {
            **COMPARISON,
            "tools": [{**COMPARISON["tools"][0], "findings": [{**FINDING, "weight": "x"}]}],
        },
        "a share": {**COMPARISON, "share": 0.5},
    },
    "decision-tree": {
        "not an object": [],
        "no start": without(tree(), "start"),
        "no nodes": tree() | {"nodes": []},
        "an unknown key": tree(colour="red"),
        "an id in capitals": tree() | {"id": "Level"},
        "an empty title": tree() | {"title": " "},
        "a budget of none": tree(budget=[]),
        "a budget of no screens": tree(budget=[{"screens": 0, "answers": 1}]),
        "a budget without answers": tree(budget=[{"screens": 1}]),
        "a budget by fact": tree(budget={"*": 3}),
        "a node without a kind": tree(without(ASK, "kind"), OUTCOME),
        "a node of an unknown kind": tree({**ASK, "kind": "question"}, OUTCOME),
        "an ask without a fact": tree(without(ASK, "ask"), OUTCOME),
        "an ask of no facts": asking(ask=[]),
        "the same fact twice on a screen": asking(ask=["age", "age"]),
        "an ask without next": tree(without(ASK, "next"), OUTCOME),
        "an ask with a level": asking(level="level"),
        "a conditional ask without its condition": asking(ask=[{"fact": "age"}]),
        "a branch that asks": tree({**ASK, "kind": "branch"}, OUTCOME),
        "a branch without next": tree({"id": "a", "kind": "branch"}, OUTCOME),
        "a call without a tree": tree({"id": "a", "kind": "call", "next": [EDGE]}, OUTCOME),
        "a call without next": tree({"id": "a", "kind": "call", "call": "danger"}, OUTCOME),
        "an outcome with next": tree(ASK, {**OUTCOME, "next": [EDGE]}),
        "an outcome without clauses": tree(ASK, without(OUTCOME, "cites")),
        "an edge without because": asking(next=[without(EDGE, "because")]),
        "an empty because": edge(because=""),
        "an edge without cites": asking(next=[without(EDGE, "cites")]),
        "empty cites": edge(cites=[]),
        "a clause cited twice": edge(cites=["s9-11", "s9-11"]),
        "a clause id that is none": edge(cites=["section 9"]),
        "an edge without a basis": asking(next=[without(EDGE, "basis")]),
        "a basis of another kind": edge(basis="guess"),
        "open question 0": edge(basis="SR-0"),
        "an edge without a target": asking(next=[without(EDGE, "to")]),
        "a floor in words": edge(**{"raise": {"level": "two"}}),
        "a floor below nothing": edge(**{"raise": {"level": -1}}),
        "a floor for nothing": edge(**{"raise": {}}),
        "a result said twice": edge(say=["x", "x"]),
        "an otherwise": edge(otherwise=True),
        "a guard in words": guard("age is 13"),
        "an empty guard": guard({}),
        "a guard with two facts": guard({"age": ["x"], "risk": ["yes"]}),
        "a guard with one value outside a list": guard({"age": "under_13"}),
        "a guard with no values": guard({"age": []}),
        "a guard on a hyphenated fact": guard({"looked-after": ["yes"]}),
        "any and all in one test": guard({"danger": {"any": ["crime"], "all": ["crime"]}}),
        "a count": guard({"danger": {"count": 2}}),
        "not with a list": guard({"not": [{"age": ["x"]}]}),
        "all of nothing": guard({"all": []}),
        "a floor of two quantities": guard({"floor": {"level": 2, "police": 1}}),
        "a predicate in a guard": guard({"asked": "age"}),
    },
    "facts": {
        "an unknown kind": fact(kind="number"),
        "an unknown domain": fact(domain="other"),
        "no text": {"f": without(FACT, "text")},
        "no clauses": {"f": without(FACT, "cites")},
        "radios without options": {"f": without(FACT, "options")},
        "a single option": fact(options=[{"value": "yes", "text": "Yes"}]),
        "an option without words": fact(options=[{"value": "no"}, {"value": "yes", "text": "Yes"}]),
        "an option with a score": fact(
            options=[{"value": "no", "text": "No", "score": 1}, {"value": "yes", "text": "Yes"}]
        ),
        "a checklist without none": fact(kind="any_of", options=[{"value": "a", "text": "A"}, NOT_KNOWN]),
        "a checklist without not known": fact(kind="any_of", options=[{"value": "a", "text": "A"}, NONE]),
        "none among the others": fact(
            kind="any_of", options=[{"value": "a", "text": "A"}, {**NONE, "exclusive": False}, NOT_KNOWN]
        ),
        "a text with options": fact(kind="text"),
        "an offer without a default": fact(kind="offer"),
        "a default that is no answer": fact(default="Not said"),
        "a time with another answer": fact(kind="datetime", options=[{"value": "ok", "text": "OK"}]),
        "a time that must be known": fact(kind="datetime", options=[]),
        "an order of one": fact(order=[["no"]]),
        "an order of the same": fact(order=[["no", "no"]]),
        "an id with a hyphen": {"looked-after": FACT},
        "an id that guards begin with": {"floor": FACT},
    },
    "results": {
        "an empty actor": {"r": {**RESULT, "actor": " "}},
        "an empty timescale": {"r": {**RESULT, "timescale": " "}},
        "no route": {"r": without(RESULT, "route")},
        "an unknown route": {"r": {**RESULT, "route": "somebody"}},
        "an unknown group": {"r": {**RESULT, "group": "later"}},
        "an id with an underscore": {"refer_to": RESULT},
        "a wording without a guard": {"r": {**RESULT, "wordings": [{"action": "A.", "basis": "SR-1"}]}},
    },
    "quantities": {
        "no police": {"level": GRADES},
        "a single grade": {"level": {"grades": [{"at": 1, "name": "one"}]}, "police": GRADES},
        "a grade without a number": {
            "level": {"grades": [{"name": "one"}, {"at": 2, "name": "two"}]},
            "police": GRADES,
        },
    },
    "contacts": {
        "no number at all": {"c": without(CONTACT, "number")},
        "a number in words": {"c": {**CONTACT, "number": "ask at the desk"}},
        "a day that is none": {"c": {**CONTACT, "last_checked": "last week"}},
        "an address nobody asked for": {"c": {**CONTACT, "email": "x"}},
        "a need in words": {"c": {**CONTACT, "needed_for_approval": "yes"}},
    },
    "safety": {
        "no properties": {"properties": []},
        "when without require": {"properties": [without(ONE_RUN, "require")]},
        "pairs without never lower": {"properties": [without(TWO_RUNS, "never_lower")]},
        "never lower without pairs": {"properties": [without(TWO_RUNS, "pairs")]},
        "one run and two": prop(TWO_RUNS, when={"asked": "age"}),
        "pairs of both sorts": prop(TWO_RUNS, pairs={"facts": ["age"], "bears_on": "level"}),
        "no clauses": {"properties": [without(ONE_RUN, "cites")]},
        "for no tree": prop(ONE_RUN, **{"for": []}),
        "an unknown predicate": prop(ONE_RUN, when={"never": "age"}),
        "an empty predicate": prop(ONE_RUN, when={}),
        "a list of asked facts": prop(ONE_RUN, when={"asked": ["age"]}),
        "an unknown route": prop(ONE_RUN, require={"route": ["somebody"]}),
        "exactly without a number": prop(ONE_RUN, require={"exactly": "level"}),
    },
    "source-clauses": {
        "no clauses": [],
        "an id of another form": [{**CLAUSE, "id": "1.1"}],
        "an unknown kind": [{**CLAUSE, "kind": "advice"}],
        "a missing fact": [without(CLAUSE, "fact")],
        "the same clause twice": [CLAUSE, CLAUSE],
        "an Act that the source does not name": [{**CLAUSE, "rests_on": ["Crime and Policing Act 2026"]}],
        "resting on nothing": [{**CLAUSE, "rests_on": []}],
    },
    "waivers": {
        "no list": {},
        "a reason without words": {"not_cited": {"missing": {"s8-03": " "}}},
        "a clause id that is none": {"not_cited": {"missing": {"section 8": "It sets no step."}}},
        "clauses without their reasons": {"not_cited": {"missing": ["s8-03"]}},
    },
    "everyday-words": {
        "no list": {},
        "an entry without words": {"entries": [{"typed": [], "find": ["s9-08"]}]},
        "words that lead nowhere": {"entries": [{"typed": ["ran away"], "find": []}]},
        "words with signs in them": {"entries": [{"typed": ["ran away!"], "find": ["s9-08"]}]},
        "a word twice": {"entries": [{"typed": ["away", "away"], "find": ["s9-08"]}]},
        "an unknown key": {"entries": [{"typed": ["away"], "find": ["s9-08"], "say": "x"}]},
    },
    "amendments": {
        "no list": {},
        "none": {"amendments": []},
        "no day": {"amendments": [{**AMENDMENT, "date": ""}]},
        "two paragraphs": {"amendments": [{**AMENDMENT, "what": "One.\nTwo."}]},
        "no reason": {"amendments": [without(AMENDMENT, "why")]},
        "tools, which are worked out": {"amendments": [{**AMENDMENT, "tools": ["level"]}]},
        "a clause twice": {"amendments": [{**AMENDMENT, "clauses": ["s9-11", "s9-11"]}]},
    },
    "call-sheet": {
        "no part": {**SHEET, "parts": []},
        "a line without words": {**SHEET, "before": [{"if": {"age": ["13_to_15"]}}]},
        "a score": {**SHEET, "score": "S."},
        "a part without a title": {**SHEET, "parts": [{"id": "a"}]},
    },
    "sorter": {
        "a place left out": {**SORTER, "places": SORTER["places"][:3]},
        "a place twice and one left out": {**SORTER, "places": [*SORTER["places"][:3], SORTER["places"][0]]},
        "a place without a clause": {**SORTER, "places": [*SORTER["places"][:3], without(PLACE, "cites")]},
        "no warning": without(SORTER, "warning"),
        "an unknown key": {**SORTER, "list": []},
    },
    "plausible": {
        "too few to measure": {**PLAUSIBLE, "situations": 1_999},
        "no seed": without(PLAUSIBLE, "seed"),
        "weights without a reason": {**PLAUSIBLE, "questions": {"risk": {"weights": {"no": 1}}}},
        "a reason that is no sentence": {
            **PLAUSIBLE,
            "questions": {"risk": {"reason": "Most have none", "weights": {"no": 1}}},
        },
        "a weight of nothing": {
            **PLAUSIBLE,
            "questions": {"risk": {"reason": "Most have none.", "weights": {"no": 0}}},
        },
        "no concerns": {**PLAUSIBLE, "concerns": []},
        "an unknown key": {**PLAUSIBLE, "list": []},
    },
    "sessions": {
        "no session": {**SESSIONS, "sessions": []},
        "two stories": {**SESSIONS, "sessions": [{"title": "T", "scenarios": ["a", "b"]}]},
        "a story twice": {**SESSIONS, "sessions": [{"title": "T", "scenarios": ["a", "b", "a"]}]},
        "no time to close": {**SESSIONS, "hour": {"minutes": 60, "open": 5, "close": 0}},
        "an unknown key": {**SESSIONS, "list": []},
    },
    "hard-to-read": {
        "no list": {},
        "a reason without words": {"pages": {"about/hazards.md": " "}},
        "pages without their reasons": {"pages": ["about/hazards.md"]},
    },
    "links": {
        "a list": [],
        "no pages that moved": {"links": []},
        "an address with its host": {"links": [{**LINK, "address": "https://www.example.org/"}], "moved": {}},
        "an address from the root": {"links": [{**LINK, "address": "/about/"}], "moved": {}},
        "an id in capitals": {"links": [{**LINK, "id": "Q-5"}], "moved": {}},
        "a kind that is none": {"links": [{**LINK, "kind": "story"}], "moved": {}},
        "no words": {"links": [{**LINK, "text": ""}], "moved": {}},
        "an unknown key": {"links": [{**LINK, "colour": "red"}], "moved": {}},
    },
    "redirects": {
        "no pages": {"links": {}},
        "an unknown key": {"links": {}, "pages": {}, "words": {}},
        "an id in capitals": {"links": {"Q-4": "q-5"}, "pages": {}},
        "an address in place of an id": {"links": {"q-4": "go/q-5/"}, "pages": {}},
        "a page without its slash": {"links": {}, "pages": {"a/b": "a/c/"}},
        "a page on another host": {"links": {}, "pages": {"a/b/": "https://www.example.org/"}},
    },
    "clauses-lock": {
        "a list": [],
        "no clauses": {"cited": {}, "waived": {}, "untold": {}},
        "redirects": {"clauses": {}, "cited": {}, "waived": {}, "untold": {}, "redirects": {}},
        "a digest in place of words": {"clauses": {}, "cited": {"level/a": "abc"}, "waived": {}, "untold": {}},
        "words without clauses": {"clauses": {}, "cited": {"a/b": [{"words": []}]}, "waived": {}, "untold": {}},
    },
    "links-lock": {
        "no pages": {"links": {}},
        "a list of links": {"links": [], "pages": []},
    },
    "record": {
        "a list": [],
        "no version": without(RECORD, "version"),
        "a name": {**RECORD, "name": "A name"},
        "another mark": {**RECORD, "record": "check"},
        "a format to come": {**RECORD, "format": 2},
        "a status unheard of": {**RECORD, "approval": {**RECORD["approval"], "status": "probably"}},
        "a time without its T": {**RECORD, "made": {**RECORD["made"], "at": "2026-11-24 08:45:00Z"}},
        "another validity": {**RECORD, "made": {**RECORD["made"], "valid_hours": 8760}},
        "an answer that is a number": {**RECORD, "answers": [{**RECORD["answers"][0], "value": 12}]},
        "an opinion unheard of": {**RECORD, "judgement": {"opinion": "level-1", "why": ""}},
        "a level beyond four": {**RECORD, "result": {**RECORD["result"], "level": 5}},
        "a score": {**RECORD, "result": {**RECORD["result"], "score": 3}},
        "a footing unheard of": {
            **RECORD,
            "result": {**RECORD["result"], "reasons": [{**RECORD["result"]["reasons"][0], "basis": "law"}]},
        },
    },
    "journey": {
        "nothing expected": expected(),
        "an expectation of another name": expected(score=3),
        "a level in words": expected(level="four"),
        "a reason that is no edge": expected(reasons=["because"]),
        "no answers": without(JOURNEY, "answers"),
        "an answer that is a number": {**JOURNEY, "answers": {"age": 12}},
        "a stuck journey": expected(state="stuck"),
    },
    "pair": {
        "one version": {**PAIR, "versions": PAIR["versions"][:1]},
        "three versions": {**PAIR, "versions": [*PAIR["versions"], {"name": "C", "slots": {"home": "c"}}]},
        "two checks": {**PAIR, "checks": [*PAIR["checks"], *checked(tree="consent")["checks"]]},
        "a trait that matters": {**PAIR, "trait": "age"},
        "answers of a version": {**PAIR, "versions": [PAIR["versions"][0], {**PAIR["versions"][1], "answers": {}}]},
        "a slot with a space": {**PAIR, "versions": [PAIR["versions"][0], {"name": "B", "slots": {"a b": "c"}}]},
        "no reason": without(PAIR, "why"),
        "no note": {**PAIR, "notes": []},
        "no clause": without(PAIR, "cites"),
    },
    "scenario": {
        "no vignette": without(SCENARIO, "vignette"),
        "an id with an underscore": {**SCENARIO, "id": "a_scenario"},
        "for somebody unheard of": {**SCENARIO, "audience": ["everybody"]},
        "for nobody": {**SCENARIO, "audience": []},
        "a theme unheard of": {**SCENARIO, "themes": ["trainers"]},
        "no time at all": checked(minutes=0),
        "no clauses": {**SCENARIO, "cites": []},
        "no check": {**SCENARIO, "checks": []},
        "no what-if": {**SCENARIO, "what_ifs": []},
        "a name": {**SCENARIO, "name": "A name"},
        "a check without a debrief": {**SCENARIO, "checks": [without(SCENARIO["checks"][0], "debrief")]},
        "branches of a check that leaves nothing open": checked(branches=left_open()["checks"][0]["branches"]),
        "an open check without a branch": left_open(branches=[]),
        "an open check with a debrief of its own": left_open(debrief="D."),
        "an open check that expects one thing": left_open(expect=SCENARIO["checks"][0]["expect"]),
        "a check that leaves two facts open": left_open(open=["likelihood", "risk"]),
        "a check that leaves no fact open": left_open(open=[]),
        "a branch for no answer": branched(**{"if": {"likelihood": []}}),
        "a branch for two facts": branched(**{"if": {"likelihood": ["likely"], "risk": ["yes"]}}),
        "a branch that is right": branched(right=True),
        "an answer that is a number": checked(answers={"age": 12}),
        "a level beyond four": checked(expect={"outcome": "level-4", "level": 5, "police": 2, "results": []}),
        "a score": checked(expect={"outcome": "level-4", "score": 5, "police": 2, "results": []}),
        "nothing said of the police": checked(expect={"outcome": "level-4", "results": []}),
        "a footing unheard of": checked(footing={"outcome": "right", "police": "procedure", "steps": "procedure"}),
        "a footing without the steps": checked(footing={"outcome": "judgement", "police": "procedure"}),
        "a what-if that asks nothing": what_if(what="It is so."),
        "a what-if without its reason": {**SCENARIO, "what_ifs": [without(SCENARIO["what_ifs"][0], "why")]},
        "a what-if that takes an answer away": what_if(change={"age": None}),
    },
}


def objects(schema: object) -> Iterator[dict[str, Any]]:
    """Every subschema that describes the keys of an object; examples and conditions aside."""
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield schema
        for key, part in schema.items():
            if key not in ("examples", "if"):
                yield from objects(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from objects(part)


def described(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from schema.get("$defs", {}).items()
    yield "the whole", schema


def parts(schema: object, at: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object within a schema, with its JSON Pointer; examples aside."""
    if isinstance(schema, dict):
        yield at, schema
        for key, part in schema.items():
            if key != "examples":
                yield from parts(part, f"{at}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(schema, list):
        for i, part in enumerate(schema):
            yield from parts(part, f"{at}/{i}")


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_is_valid_2020_12(name: str) -> None:
    assert SCHEMAS[name]["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(SCHEMAS[name])


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_is_named_by_its_file_and_by_no_host(name: str) -> None:
    assert SCHEMAS[name]["$id"] == name
    text = json.dumps({key: value for key, value in SCHEMAS[name].items() if key != "$schema"})
    assert re.findall(r"\w+://", text) == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_part_of_a_schema_says_what_it_is(name: str) -> None:
    silent = [at for at, part in described(SCHEMAS[name]) if not part.get("title")]
    assert silent == []
    bare = [
        f"{at}/{key}"
        for at, part in described(SCHEMAS[name])
        for key, value in part.get("properties", {}).items()
        if isinstance(value, dict) and not ({"description", "$ref", "const"} & set(value))
    ]
    assert bare == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_object_is_closed(name: str) -> None:
    node = SCHEMAS["decision-tree.schema.json"]["$defs"]["node"]  # each of its kinds is closed by itself
    kinds = {branch["then"]["$ref"] for branch in node["allOf"]}
    assert kinds == {f"#/$defs/{kind}" for kind in node["properties"]["kind"]["enum"]}
    open_ones = [part for part in objects(SCHEMAS[name]) if "additionalProperties" not in part and part != node]
    assert open_ones == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_example_in_a_schema_is_right_by_it(name: str) -> None:
    checked = 0
    for at, part in parts(SCHEMAS[name]):
        for example in part.get("examples", ()):
            checked += 1
            reference = {"$ref": f"{name}#{at}"}
            assert list(Draft202012Validator(reference, registry=REGISTRY).iter_errors(example)) == [], at
    assert checked or name in ("quantities.schema.json", "source-clauses.schema.json", "contacts.schema.json")


@pytest.mark.parametrize(("name", "path"), PUBLISHED, ids=lambda p: p.stem if isinstance(p, Path) else p)
def test_published_data_follows_its_schema(name: str, path: Path) -> None:
    found = [f"{fault.json_path}: {fault.message}" for fault in faults(name, json.loads(path.read_text("utf-8")))]
    assert found == []


@pytest.mark.parametrize(("name", "path"), PUBLISHED, ids=lambda p: p.stem if isinstance(p, Path) else p)
def test_a_schema_named_in_published_data_exists(name: str, path: Path) -> None:
    data = json.loads(path.read_text("utf-8"))
    if isinstance(data, dict) and "$schema" in data:
        assert (path.parent / data["$schema"]).resolve() == ROOT / "schemas" / f"{name}.schema.json"


@pytest.mark.parametrize("name", RIGHT)
def test_right_examples_are_accepted(name: str) -> None:
    assert [fault.message for data in RIGHT[name] for fault in faults(name, data)] == []


@pytest.mark.parametrize(("name", "what"), [(name, what) for name, examples in WRONG.items() for what in examples])
def test_wrong_examples_are_refused_with_one_fault(name: str, what: str) -> None:
    assert len(faults(name, WRONG[name][what])) == 1


def test_every_schema_has_examples_of_both_sorts() -> None:
    assert {f"{name}.schema.json" for name in RIGHT} == {f"{name}.schema.json" for name in WRONG} == set(SCHEMAS)
