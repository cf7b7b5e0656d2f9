"""How much a reader meets at once (R9 of the decision logic): words of each question and result, links and labels.

Over the kept journeys and over answers drawn by a fixed seed in every tool.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from functools import cache

import pytest

from macros.engine.analysis.outlook import Conclusion, settle
from macros.engine.html.screen import question_screen, result_screen
from macros.engine.html.sections import GROUPS, LOOKED_AFTER
from macros.engine.html.view import View
from macros.engine.model.tree import Tree
from macros.engine.model.uktime import read_utc
from macros.engine.model.walk import Journey, walk
from tests.shown import Shown, before, count
from tests.test_rules import ends, library, tree_of
from tests.trees import grown

TOOLS = sorted(id for id, tree in library().trees.items() if tree.tool)
NOW = read_utc("2026-11-29T10:00:00Z")
DRAWN = 250
SEED = 24
AT_LEVEL_1, SETTLED, UNSETTLED, WITH_LOOKED_AFTER = 80, 160, 200, 40
DO_NOW, LINKS, LABELS = 60, 6, 1
ALONE, TOGETHER = 40, 50


def answered(tree: Tree, pick: random.Random) -> Iterator[Journey]:
    """A journey from the first question to a result, each question answered by chance."""
    answers: dict[str, object] = {}
    while True:
        journey = walk(tree, answers)
        yield journey
        if journey.state == "outcome":
            return
        asked = next(screen for screen in journey.screens if screen.step == journey.step)
        for name in asked.facts:
            answers[name] = pick.choice(grown.answers_to(library().facts[name]))


@cache
def drawn(id: str) -> tuple[Journey, ...]:
    pick = random.Random(SEED)
    return tuple(journey for _ in range(DRAWN) for journey in answered(tree_of(id), pick))


def results(id: str) -> Iterator[tuple[str, Conclusion]]:
    """Each result to look at, with the name of its journey or its answers."""
    yield from ((name, ended) for name, ended in ends() if ended.tree == id)
    for journey in drawn(id):
        if ended := settle(tree_of(id), journey) if journey.state == "outcome" else None:
            yield json.dumps(ended.answers, default=str), ended


@pytest.mark.parametrize("id", TOOLS)
def test_a_result_is_short_enough_to_be_read_in_a_hurry(id: str) -> None:
    view = View(tree_of(id), "./", current_time=NOW)
    for name, ended in results(id):
        html = str(result_screen(view, ended))
        shown = Shown(html)
        most = UNSETTLED if not ended.settled else AT_LEVEL_1 if ended.level == 1 else SETTLED
        if GROUPS[LOOKED_AFTER] in shown.parts:
            most += WITH_LOOKED_AFTER
        assert shown.words <= most, (name, shown.words, " ".join(shown.parts))
        assert shown.links <= LINKS, (name, shown.links)
        assert shown.labels <= LABELS, (name, shown.labels)


@pytest.mark.parametrize("id", TOOLS)
def test_what_to_do_now_is_shorter_still(id: str) -> None:
    """The steps of a level, by whoever reads it; the missing tool tells more people, each in a step of its own."""
    view = View(tree_of(id), "./", current_time=NOW)
    for name, ended in results(id):
        steps = re.search(r'<ol class="dt-actions">.*?</ol>', str(result_screen(view, ended)), re.DOTALL)
        words = Shown(steps[0]).words if steps else 0
        assert words <= (DO_NOW if ended.level else 2 * DO_NOW), (name, words)


@pytest.mark.parametrize("id", TOOLS)
def test_a_question_comes_before_much_else(id: str) -> None:
    tree = tree_of(id)
    seen: set[str] = set()
    for journey in drawn(id):
        step = journey.step
        if journey.state == "outcome" or step in seen:
            continue
        seen.add(step)
        html = str(question_screen(View(tree, "./"), journey))
        shown = Shown(before(html, "dt-option") if "dt-option" in html else html)
        together = bool(tree.steps[step].node.heading)
        assert shown.words <= (TOGETHER if together else ALONE), (step, shown.words, " ".join(shown.parts))
        assert Shown(html).labels == 0, step
    assert seen


@pytest.mark.parametrize("id", TOOLS)
def test_a_screen_says_once_and_at_each_box_that_no_names_are_wanted(id: str) -> None:
    tree = tree_of(id)
    for journey in drawn(id):
        if journey.state == "outcome":
            continue
        html = str(question_screen(View(tree, "./"), journey))
        form = html[html.index("data-node") :]
        boxes = re.findall(r"<textarea[^>]*>", form)
        said = re.findall(r'<p [^>]*id="([^"]+)">[^<]*No names', form)
        assert len(said) == bool(boxes), (journey.step, said)
        assert all(name in re.findall(r"[\w-]+", box) for name in said for box in boxes), journey.step
        assert not boxes or form.index(f'id="{said[0]}"') < form.index("<textarea"), journey.step


@pytest.mark.parametrize("id", [id for id, fact in library().facts.items() if fact.options])
def test_hints_are_short(id: str) -> None:
    fact = library().facts[id]
    together = any(
        node.heading and id in [ask.fact for ask in node.ask]
        for tree in library().trees.values()
        for node in tree.nodes
    )
    assert count(fact.hint) <= (10 if together else 25)
    assert all(count(option.hint) <= 30 for option in fact.options)


def test_the_heading_and_the_hint_over_questions_that_stand_together_are_short() -> None:
    for tree in library().trees.values():
        for node in tree.nodes:
            assert count(node.heading) <= 6, node.id
            assert count(node.intro) <= 25, node.id
