"""Training requests: a session or a practice as it stands, what is to happen next, and the screen that comes of it.

The page hands over the scenarios with each request, for the engine keeps nothing between calls but the trees.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from ..html.markup import Markup
from ..html.view import View
from ..model.library import Library
from ..model.tree import Tree, inline
from .console import console
from .exercise import Exercise, NoOutcome
from .pair import pair_response
from .path import EndsAhead, outcomes
from .scenario import Check, Scene, read_scenes
from .screens import THOUGHTS
from .session import MOVES, NUMBERED, Bank, Stage, State, Tally, Vote, as_data, begin, committed, read_hands, read_state
from .sorter import sorter_response
from .summary import Talk, after_practice, close_screen, practised_screen, summary, summary_text


class Training:
    """The trees of a library, ready for training. Each tool is explored once, when it is first wanted."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.ahead = lru_cache(maxsize=None)(self._ahead)

    def _ahead(self, tree: str) -> EndsAhead:
        return EndsAhead(inline(self.library, tree))

    def respond(self, request: Mapping[str, Any], base: str) -> dict[str, Any] | None:
        """The response to the `training` part of a request; None if it is not ours (README.md says what is)."""
        try:
            return self._respond(request, base)
        except NoOutcome:
            return None

    def _respond(self, request: Mapping[str, Any], base: str) -> dict[str, Any] | None:
        if request.get("do") == "sort":
            return sorter_response(View(self._tree(next(iter(self.library.trees))), base), request)
        if request.get("do") == "pair":
            return pair_response(self.library, self.ahead, request, base)
        scenes = read_scenes(request.get("scenes"), self.library)
        if scenes is None:
            return None
        bank = Bank(scenes, {id: self._ends(id) for id, data in self.library.trees.items() if data.tool}, self._forks)
        do = str(request.get("do"))
        if do == "begin":
            state = begin(bank, request.get("mode"), request.get("chosen"), request.get("short", False))
            return self._shown(bank, state, base) if state else None
        state = read_state(bank, request.get("state"))
        if state is None:
            return None
        if do == "commit":
            return self._commit(bank, state, request.get("fields"), base)
        if do == "text":
            return {"ok": True, "text": summary_text(self._talks(bank, state, base))}
        if do in MOVES:
            return self._shown(bank, MOVES[do](bank, state), base)
        if do in NUMBERED:
            return self._shown(bank, NUMBERED[do](bank, state, request.get("n")), base)
        return None

    def _ends(self, tree: str) -> tuple[str, ...]:
        return tuple(node.id for node in outcomes(self._tree(tree)))

    def _tree(self, tree: str) -> Tree:
        return self.ahead(tree).tree

    def _forks(self, scene: Scene, check: Check, tally: Tally) -> tuple[int, ...]:
        return self._exercise(scene, check, Vote(tally), "./").forks

    def _commit(self, bank: Bank, state: State, fields: object, base: str) -> dict[str, Any]:
        counting = state.stage in (Stage.COMMIT, Stage.VOTE)
        hands = read_hands(bank, state, fields) if counting else "Nothing can be committed here."
        if isinstance(hands, str):
            return self._shown(bank, state, base, hands)
        return self._shown(bank, committed(bank, state, hands), base)

    def _exercise(self, scene: Scene, check: Check, vote: Vote, base: str) -> Exercise:
        return Exercise(scene, check, self.ahead(check.tree), base, vote.first, second=vote.second)

    def _shown(self, bank: Bank, state: State, base: str, problem: str = "") -> dict[str, Any]:
        """The state as data, its screen for the room and what the trainer works with, and the place that the
        facilitator's window is told."""
        html, beside = self._screen(bank, state, base, problem)
        return {
            "ok": True,
            "state": as_data(state),
            "valid": not problem,
            "place": {"scenario": state.id, "step": place_of(bank, state)},
            "html": html,
            "console": beside,
        }

    def _screen(self, bank: Bank, state: State, base: str, problem: str) -> tuple[Markup, Markup]:
        if state.stage == Stage.SUMMARY:
            if state.mode != "session":
                return practised_screen(bank.scene(state).title), after_practice()
            talks = self._talks(bank, state, base)
            return close_screen(talks), summary(talks)
        check = bank.check(state)
        exercise = self._exercise(bank.scene(state), check, state.vote(check), base)
        return THOUGHTS[state.stage](state, exercise), console(bank, state, exercise, problem)

    def _talks(self, bank: Bank, state: State, base: str) -> list[Talk]:
        """The scenarios of a session for which hands were counted."""
        talks = []
        for id in state.scenes:
            scene, votes = bank.scenes[id], [(check, state.vote(check, id)) for check in bank.checks(state, id)]
            exercises = tuple(self._exercise(scene, check, vote, base) for check, vote in votes if vote.first)
            talks += [Talk(scene.title, exercises, scene.teaches)] if exercises else []
        return talks


def place_of(bank: Bank, state: State) -> str:
    """A name for where a session stands, such as "level.reveal.3": tool, part, question. No answer is in it."""
    if state.stage == Stage.SUMMARY:
        return Stage.SUMMARY
    tree = bank.check(state).tree
    if state.place.at is not None:
        return f"{tree}.reveal.{state.place.at + 1}"
    return f"{tree}.{Stage.COMMIT if state.stage in Stage.UNPARTED else Stage.DEBRIEF}"
