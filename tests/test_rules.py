"""Rules for every question and result: what is said when, what no finding orders, who is not sent to investigate.

R-numbers are those of the decision logic; each holds for any facts, results and trees that editors may write.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from macros.authoring.sources.places import everywhere
from macros.engine.analysis.outlook import Conclusion, settle
from macros.engine.html.action import worded
from macros.engine.html.result import outcome_title, says_likelihood
from macros.engine.html.screen import result_screen
from macros.engine.html.view import View
from macros.engine.model.library import Library, read_library
from macros.engine.model.tree import Tree, inline
from macros.engine.model.walk import walk
from tests.trees import ROOT

DATA = ROOT / "decision_trees"
INTERVIEW = re.compile(r"72 hours")
WORDS = (
    "text",
    "hint",
    "why",
    "short",
    "find_out",
    "action",
    "note",
    "because",
    "title",
    "summary",
    "intro",
    "heading",
)
ORDERS = re.compile(r"\b(contact|call|tell|refer (?!to)|report|ask)\b", re.IGNORECASE)
INVESTIGATES = re.compile(
    r"\b(find out (who(?! to tell)|whether|about|what|if)|ask (the child(?!’s)|those who|whoever saw|the people|who is)"
    r"|trace|identify|look for (him|her|them|whoever)|question (the child|others|them)|interview the)\b",
    re.IGNORECASE,
)
FORBIDS = re.compile(r"\b(do not|don’t|never|nobody|is not asked)\b[^.;]*$", re.IGNORECASE)


@cache
def data(name: str) -> dict[str, Any]:
    whole = json.loads((DATA / f"{name}.json").read_text("utf-8"))
    return {key: value for key, value in whole.items() if key != "$schema"}


@cache
def library() -> Library:
    trees = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((DATA / "trees").glob("*.json"))}
    return read_library(
        {**{name: data(name) for name in ("facts", "results", "quantities", "contacts")}, "trees": trees}
    )


@cache
def tree_of(id: str) -> Tree:
    return inline(library(), id)


@cache
def ends() -> tuple[tuple[str, Conclusion], ...]:
    """What every journey that is kept as an example comes to."""
    found = []
    for path in sorted((ROOT / "tests" / "journeys").glob("*.json")):
        journey = json.loads(path.read_text("utf-8"))
        tree = tree_of(journey["tree"])
        ended = settle(tree, walk(tree, journey["answers"]))
        if ended:
            found.append((path.stem, ended))
    return tuple(found)


def published() -> Iterator[tuple[str, str]]:
    """Every sentence of the facts, results and trees, with its place."""
    files = [("facts", data("facts")), ("results", data("results"))]
    files += [(path.stem, json.loads(path.read_text("utf-8"))) for path in sorted((DATA / "trees").glob("*.json"))]
    for name, whole in files:
        for path, value in everywhere(whole):
            if isinstance(value, str) and path[-1] in WORDS:
                yield f"{name}/{'/'.join(map(str, path))}", value


@pytest.mark.parametrize("id", data("results"))
def test_a_time_is_said_where_there_is_one_and_by_one_rule(id: str) -> None:
    result = data("results")[id]
    said = result.get("timescale", "")
    if result["route"] == "police" and result["group"] == "now":
        assert re.match(r"(Directly|Now)\b", said)
    elif INTERVIEW.search(said) or "deadline" in result:
        assert result["route"] in ("engage", "canw", "none", "social_worker")
    elif result["group"] == "now" and result["route"] not in ("none",):
        assert said == "As soon as you can"
    assert "not set" not in said.lower()


@pytest.mark.parametrize("id", [id for id, result in data("results").items() if result["group"] == "finding"])
def test_a_finding_says_what_was_found_and_orders_nothing(id: str) -> None:
    """R5."""
    assert not ORDERS.search(data("results")[id]["action"])


def test_nobody_is_sent_to_investigate() -> None:
    """R6: what a reader does not know is said to whoever takes it up, and not gone after."""
    found = [
        (place, words)
        for place, words in published()
        for hit in INVESTIGATES.finditer(words)
        if not FORBIDS.search(words[: hit.start()])
    ]
    assert not found


def test_narrative_is_invited() -> None:
    """R10."""
    assert not [place for place, words in published() if re.search(r"need not write", words)]


@pytest.mark.parametrize(
    "id",
    [id for id, fact in data("facts").items() if fact["domain"] == "harm" and fact["kind"] in ("one_of", "any_of")],
)
def test_whoever_wonders_about_nothing_can_say_no(id: str) -> None:
    """R1: of a concern there is yes, a no that is as far as I know, and not sure, which comes last."""
    options = data("facts")[id]["options"]
    assert options[-1]["value"] == "not_known"
    assert options[-1]["text"].startswith("Not sure")
    assert [o for o in options if o["value"] in ("no", "none")]


@pytest.mark.parametrize(("name", "ended"), ends(), ids=[name for name, _ in ends()])
def test_no_word_of_likelihood_stands_above_a_police_action_or_an_open_level(name: str, ended: Conclusion) -> None:
    """R8."""
    view = View(tree_of(ended.tree), "./")
    html = str(result_screen(view, ended))
    panel = html[: html.find("What others then do")] if "What others then do" in html else html
    if ended.level in (1, 2, 3) and (not ended.settled or ended.floors["police"]):
        assert not says_likelihood(view, ended)
        assert "likely" not in outcome_title(view, ended)
        assert not re.search(r"harm is (highly )?(un)?likely", re.sub(r"<(ul|details)\b.*", "", panel, flags=re.S))
    if ended.level == 4 and ended.settled:
        assert outcome_title(view, ended) == ended.outcome.title


@pytest.mark.parametrize(("name", "ended"), ends(), ids=[name for name, _ in ends()])
def test_a_condition_or_an_action_about_the_police_is_on_every_referral(name: str, ended: Conclusion) -> None:
    """R4: beside a referral without a police action stands the condition of the procedure, and never beside one."""
    routes = {library().results[id].route for id in ended.said if library().results[id].group == "now"}
    refers = bool(routes & {"cads", "social_worker", "own_team", "early_help"})
    role = ended.answers.get("your_role")
    refers = refers or ended.answers.get("missing_state") == "returned"  # an episode is at least level 2
    wanted = refers and not ended.floors["police"] and role != "police"
    assert ("police-condition" in ended.said) == wanted


OWN_NUMBERS = {"police": {"police", "emergency"}, "cads": {"cads"}, "engage": {"engage"}, "canw": {"canw"}}


@pytest.mark.parametrize(("name", "ended"), ends(), ids=[name for name, _ in ends()])
def test_nobody_is_told_to_contact_themselves(name: str, ended: Conclusion) -> None:
    role = str(ended.answers.get("your_role", ""))
    given = {c for id in ended.said for c in worded(library().results[id], ended).contacts}
    assert not given & OWN_NUMBERS.get(role, set())
