"""Where a training session stands, and what the next step makes of it: values in, values out.

Knows scenarios, stages and how many hands went up for what; refuses to know who raised one. What a page hands over is
held to what there can be, part by part: a state that cannot be is no state.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeGuard

from .scenario import Check, Scene, WhatIf

MOST_SCENES = 12
MOST_HANDS = 500
COMMIT, REVEAL, DEBRIEF, SUMMARY = "commit", "reveal", "debrief", "summary"
STAGES = (COMMIT, REVEAL, DEBRIEF, SUMMARY)
MODES = ("session", "practise")

Tally = Mapping[str, int]
"""How many hands went up for each outcome; in solo practice it is one hand."""
Given = Mapping[str, Mapping[str, Tally]]
"""The tallies by scenario and tool: all that a trainer may keep, beside the ids of the scenarios."""


@dataclass(frozen=True)
class State:
    """Which scenarios, which of them and which of its checks is on, and how far it has come.

    `step` counts the beats of the reveal. `what_if` is the change that is switched on, or None.
    """

    mode: str
    scenes: tuple[str, ...]
    scene: int = 0
    check: int = 0
    stage: str = COMMIT
    step: int = 0
    what_if: int | None = None
    given: Given = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.scenes[self.scene]

    def tally(self, check: Check) -> Tally:
        """The hands for the check that is on; none before they were counted."""
        return self.given.get(self.id, {}).get(check.tree, {})


@dataclass(frozen=True)
class Beat:
    """One screen of the reveal: the questions `first` to `last` of the way, with what the story tells or without.

    A question at which hands part stands alone, first without the answer; what nobody disputes is passed at once.
    """

    first: int
    last: int
    answered: bool = True


def beats(questions: int, disputed: Collection[int]) -> tuple[Beat, ...]:
    """The beats of so many questions, of which some are disputed."""
    found: list[Beat] = []
    for n in range(questions):
        if n in disputed:
            found += [Beat(n, n, answered=False), Beat(n, n)]
        elif found and found[-1].last == n - 1 and n - 1 not in disputed:
            found[-1] = replace(found[-1], last=n)
        else:
            found.append(Beat(n, n))
    return tuple(found)


@dataclass(frozen=True)
class Bank:
    """The scenes of a request, the outcomes of each tool, and the beats in which a check is revealed."""

    scenes: Mapping[str, Scene]
    outcomes: Mapping[str, tuple[str, ...]]
    reveal: Callable[[Scene, Check, Tally], tuple[Beat, ...]]

    def scene(self, state: State) -> Scene:
        return self.scenes[state.id]

    def check(self, state: State) -> Check:
        return self.scene(state).checks[state.check]

    def beats(self, state: State) -> tuple[Beat, ...]:
        """The beats of the check that is on, as its hands make them."""
        return self.reveal(self.scene(state), self.check(state), state.tally(self.check(state)))

    def what_ifs(self, state: State) -> tuple[WhatIf, ...]:
        return self.scene(state).what_ifs_of(self.check(state).tree)


# ---- reading ----------------------------------------------------------------------------------------------------


def begin(bank: Bank, mode: object, scenes: object) -> State | None:
    """A session at its start; None if there can be no such session."""
    if mode not in MODES or not isinstance(scenes, list) or not 1 <= len(scenes) <= MOST_SCENES:
        return None
    if not all(isinstance(id, str) and id in bank.scenes for id in scenes) or len(set(scenes)) != len(scenes):
        return None
    return State(str(mode), tuple(scenes))


def read_state(bank: Bank, data: object) -> State | None:
    """The state that a page hands over; None if there can be no such state."""
    if not isinstance(data, Mapping):
        return None
    state = begin(bank, data.get("mode"), data.get("scenes"))
    given = read_given(bank, data.get("given"))
    scene, check, step = (data.get(name) for name in ("scene", "check", "step"))
    if state is None or given is None or data.get("stage") not in STAGES:
        return None
    if not (_count(scene) and _count(check) and _count(step)):
        return None
    state = replace(state, given=given, stage=str(data["stage"]), scene=scene, check=check, step=step)
    if state.scene >= len(state.scenes) or state.check >= len(bank.scene(state).checks):
        return None
    if state.step and state.step >= len(bank.beats(state)):
        return None
    one = data.get("what_if")
    if one is not None and not (_count(one) and one < len(bank.what_ifs(state))):
        return None
    if state.stage in (REVEAL, DEBRIEF) and not state.tally(bank.check(state)):
        return None  # nothing is revealed before an answer is committed
    return replace(state, what_if=one)


def read_given(bank: Bank, data: object) -> dict[str, dict[str, dict[str, int]]] | None:
    """Tallies as they may be; None if anything else stands among them."""
    if not isinstance(data, Mapping):
        return None
    read: dict[str, dict[str, dict[str, int]]] = {}
    for id, of_scene in data.items():
        if id not in bank.scenes or not isinstance(of_scene, Mapping):
            return None
        trees = {check.tree for check in bank.scenes[id].checks}
        for tree, tally in of_scene.items():
            if tree not in trees or not isinstance(tally, Mapping) or not set(tally) <= set(bank.outcomes[tree]):
                return None
            if not tally or not all(_count(n) and 1 <= n <= MOST_HANDS for n in tally.values()):
                return None
        read[id] = {tree: dict(tally) for tree, tally in of_scene.items()}
    return read


def _count(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def as_data(state: State) -> dict[str, Any]:
    """A state as JSON can hold it."""
    return {
        "mode": state.mode,
        "scenes": list(state.scenes),
        "scene": state.scene,
        "check": state.check,
        "stage": state.stage,
        "step": state.step,
        "what_if": state.what_if,
        "given": {id: {tree: dict(tally) for tree, tally in of.items()} for id, of in state.given.items()},
    }


# ---- committing -------------------------------------------------------------------------------------------------


def read_tally(bank: Bank, state: State, fields: object) -> dict[str, int] | str:
    """The hands that a form holds, by outcome, without those that are none; or what is wrong with it, in words."""
    fields = fields if isinstance(fields, Mapping) else {}
    known = bank.outcomes[bank.check(state).tree]
    if state.mode == "practise":
        chosen = _first(fields.get("outcome"))
        return {chosen: 1} if chosen in known else "Choose what you think it comes to."
    hands = {id: _first(fields.get(id)).strip() or "0" for id in known}
    if not all(n.isascii() and n.isdigit() and len(n) <= 4 and int(n) <= MOST_HANDS for n in hands.values()):
        return f"Count hands in whole numbers, from 0 to {MOST_HANDS}."
    counted = {id: int(n) for id, n in hands.items() if int(n)}
    return counted or "Count the hands for at least one answer."


def _first(values: object) -> str:
    first = values[0] if isinstance(values, list) and values else ""
    return first if isinstance(first, str) else ""


def committed(bank: Bank, state: State, tally: Tally) -> State:
    """The state once an answer is committed: the first question stands there, without its answer."""
    tree = bank.check(state).tree
    given = {**state.given, state.id: {**state.given.get(state.id, {}), tree: tally}}
    return replace(state, given=given, stage=REVEAL, step=0)


# ---- moving -----------------------------------------------------------------------------------------------------


def forward(bank: Bank, state: State) -> State:
    """One step on: the next beat, the debrief, each change, the next check, at last the summary.

    Before hands are counted there is no way on, but by passing the check over (`after`).
    """
    if state.stage == COMMIT:
        return replace(state, stage=REVEAL, step=0) if state.tally(bank.check(state)) else state
    if state.stage == REVEAL:
        on = state.step + 1
        return replace(state, step=on) if on < len(bank.beats(state)) else replace(state, stage=DEBRIEF, what_if=None)
    if state.stage == DEBRIEF:
        change = 0 if state.what_if is None else state.what_if + 1
        return replace(state, what_if=change) if change < len(bank.what_ifs(state)) else after(bank, state)
    return state


def back(bank: Bank, state: State) -> State:
    """One step back, into the check before where this one has just begun. What was committed stays."""
    if state.stage == DEBRIEF and state.what_if is not None:
        return replace(state, what_if=state.what_if - 1 if state.what_if else None)
    if state.stage == DEBRIEF:
        return replace(state, stage=REVEAL, step=len(bank.beats(state)) - 1)
    if state.stage == REVEAL:
        return replace(state, step=state.step - 1) if state.step else replace(state, stage=COMMIT)
    return before(bank, state)


def before(bank: Bank, state: State) -> State:
    """The end of the check before: its last change, or its hands where none were counted. The first has none before."""
    scene, check = state.scene, state.check
    if state.stage != SUMMARY:
        scene, check = (scene, check - 1) if check else (scene - 1, -1)
    if scene < 0:
        return state
    earlier = replace(state, scene=scene, stage=COMMIT, step=0, what_if=None)
    earlier = replace(earlier, check=len(bank.scene(earlier).checks) - 1 if check < 0 else check)
    if not earlier.tally(bank.check(earlier)):
        return earlier
    changes = len(bank.what_ifs(earlier))
    return replace(earlier, stage=DEBRIEF, what_if=changes - 1 if changes else None)


def here(_: Bank, state: State) -> State:
    """Where the session stands: after a reload, or for a window that has just opened."""
    return state


def after(bank: Bank, state: State) -> State:
    """The next check, the next scenario, or the summary."""
    fresh = replace(state, stage=COMMIT, step=0, what_if=None)
    if state.check + 1 < len(bank.scene(state).checks):
        return replace(fresh, check=state.check + 1)
    if state.scene + 1 < len(state.scenes):
        return replace(fresh, scene=state.scene + 1, check=0)
    return replace(fresh, stage=SUMMARY)


def again(bank: Bank, state: State) -> State:
    """The same check from its start, and what was committed to it forgotten."""
    tree = bank.check(state).tree
    left = {name: tally for name, tally in state.given.get(state.id, {}).items() if name != tree}
    given = {id: of for id, of in {**state.given, state.id: left}.items() if of}
    return replace(state, given=given, stage=COMMIT, step=0, what_if=None)


def to_question(bank: Bank, state: State, n: object) -> State:
    """The beat that has a question with its answer."""
    if state.stage not in (REVEAL, DEBRIEF) or not _count(n):
        return state
    step = next((i for i, beat in enumerate(bank.beats(state)) if beat.answered and beat.first <= n <= beat.last), None)
    return state if step is None else replace(state, stage=REVEAL, step=step, what_if=None)


def to_debrief(bank: Bank, state: State) -> State:
    """All at once."""
    return replace(state, stage=DEBRIEF, what_if=None) if state.stage == REVEAL else state


def switched(bank: Bank, state: State, n: object) -> State:
    """A change switched on, or all of them off."""
    if state.stage != DEBRIEF:
        return state
    return replace(state, what_if=n if _count(n) and n < len(bank.what_ifs(state)) else None)


def to_summary(bank: Bank, state: State) -> State:
    """The end of a session, wherever it stands."""
    return replace(state, stage=SUMMARY, what_if=None) if state.mode == "session" else state


MOVES: Mapping[str, Callable[[Bank, State], State]] = {
    "on": forward,
    "back": back,
    "here": here,
    "debrief": to_debrief,
    "next": after,
    "again": again,
    "summary": to_summary,
}
NUMBERED: Mapping[str, Callable[[Bank, State, object], State]] = {"question": to_question, "what-if": switched}
