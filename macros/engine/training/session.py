"""Where a training session stands, and what the next step makes of it: values in, values out.

Knows scenarios, stages and how many hands went up for what; refuses to know who raised one. What a page hands over is
held to what there can be, part by part: a state that cannot be is no state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeGuard, TypeVar

from .scenario import Branch, Check, Scene, WhatIf

MOST_SCENES = 12
MOST_HANDS = 500
READ, PAIRS, COMMIT, BARS, TIE = "read", "pairs", "commit", "bars", "tie"
FORK, VOTE, ANSWER, PASSED = "fork", "vote", "answer", "passed"
OUTCOME, DEBRIEF, GUESS, CHANGED, SUMMARY = "outcome", "debrief", "guess", "changed", "summary"
MODES = ("session", "practise")
CLOSING = 9
"""Minutes of a session after its last story (`hour` in decision_trees/sessions.json)."""

Said = TypeVar("Said")
Tally = Mapping[str, int]
"""How many hands went up for each outcome; in solo practice it is one hand."""
Given = Mapping[str, Mapping[str, Tally]]
"""Tallies by scenario and tool."""
Chosen = Mapping[str, Mapping[str, str]]
"""By scenario and tool, the answer that the trainer chose where hands left an open fact undecided."""


@dataclass(frozen=True)
class Position:
    """One screen of a check. `at` is the number of the question that is argued, `what_if` that of the change shown."""

    stage: str
    at: int | None = None
    what_if: int | None = None


@dataclass(frozen=True)
class State:
    """Which scenarios, which of them and which of its checks is on, and which of its screens.

    `given` are the hands that were counted, `again` those of a second vote, `people` how many are in the room (0 where
    nobody said): all that a trainer may keep, beside the ids of the scenarios. A `short` session does
    one check a story.
    """

    mode: str
    scenes: tuple[str, ...]
    short: bool = False
    scene: int = 0
    check: int = 0
    place: Position = Position(READ)
    people: int = 0
    given: Given = field(default_factory=dict)
    again: Given = field(default_factory=dict)
    taken: Chosen = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.scenes[self.scene]

    @property
    def stage(self) -> str:
        return self.place.stage

    def tally(self, check: Check) -> Tally:
        """The hands for a check; none before they were counted."""
        return self.given.get(self.id, {}).get(check.tree, {})

    def second(self, check: Check) -> Tally:
        """The hands of the second vote on a check; none where there was none."""
        return self.again.get(self.id, {}).get(check.tree, {})


@dataclass(frozen=True)
class Bank:
    """The scenes of a request, the outcomes of each tool, and the questions at which the hands for a check part.

    `forks` gives those by their numbers on the way, the one that most hands turn on first.
    """

    scenes: Mapping[str, Scene]
    outcomes: Mapping[str, tuple[str, ...]]
    forks: Callable[[Scene, Check, Tally], tuple[int, ...]]

    def scene(self, state: State) -> Scene:
        return self.scenes[state.id]

    def checks(self, state: State, id: str = "") -> tuple[Check, ...]:
        """The checks of a scenario that are on, or of the one that is, each as the room takes it by its last hands."""
        id = id or state.id
        hands = {**state.given.get(id, {}), **state.again.get(id, {})}
        chosen, on = state.taken.get(id, {}), self.scenes[id].checks_on(state.short)
        return tuple(one.taken(hands.get(one.tree, {}), chosen.get(one.tree)) for one in on)

    def ties(self, state: State) -> tuple[Branch, ...]:
        """The branches between which the last hands do not decide; none where they do, or where nothing is open."""
        one = self.scene(state).check(self.check(state).tree)
        ties = one.ties(state.second(one) or state.tally(one))
        return ties if len(ties) > 1 else ()

    def undecided(self, state: State) -> bool:
        """Whether the trainer is to say which way is taken, and has not."""
        return bool(self.ties(state)) and self.check(state).tree not in state.taken.get(state.id, {})

    def check(self, state: State) -> Check:
        return self.checks(state)[state.check]

    def what_ifs(self, state: State) -> tuple[WhatIf, ...]:
        return self.scene(state).what_ifs_of(self.check(state).tree)

    def planned(self, state: State) -> tuple[int, int]:
        """After how many minutes the check that is on should begin, and how many there are up to the end of the close.

        They are counted from the first story: a session is begun when its opening is over.
        """
        each = [self.scenes[id].minutes_on(state.short) for id in state.scenes]
        done = sum(check.minutes for check in self.checks(state)[: state.check])
        return sum(each[: state.scene]) + done, sum(each) + CLOSING

    def first(self, state: State) -> State:
        """The same session at the first screen of its check."""
        return replace(state, place=self.way(state)[0])

    def way(self, state: State) -> tuple[Position, ...]:
        """The screens of the check that is on, in the order in which going on shows them.

        Only the fork that most hands turn on is argued by itself; another is on the way once it is asked for. Before
        hands are counted the way ends with them.
        """
        room = state.mode == "session"
        opening = [Position(READ), Position(PAIRS), Position(COMMIT)] if room else [Position(COMMIT)]
        tally, voted = state.tally(self.check(state)), state.second(self.check(state))
        if not tally:
            return tuple(opening)
        forks = self.forks(self.scene(state), self.check(state), tally)
        argued = dict.fromkeys((*forks[:1], *(n for n in forks if n == state.place.at)))
        beats = (FORK, VOTE, ANSWER) if room else (FORK, ANSWER)
        tie, first = [Position(TIE)] if self.ties(state) else [], next(iter(argued), None)
        changes = range(len(self.what_ifs(state)))
        return (
            *opening,
            *([Position(BARS)] if room else []),
            *([] if voted else tie),
            *(
                place
                for n in argued
                for beat in beats
                for place in (*(tie if voted and beat == ANSWER and n == first else []), Position(beat, n))
            ),
            *([] if forks else [Position(PASSED)]),
            *([Position(OUTCOME)] if room else []),
            Position(DEBRIEF),
            *(Position(beat, what_if=n) for n in changes for beat in (GUESS, CHANGED)),
        )


# ---- reading ----------------------------------------------------------------------------------------------------


def begin(bank: Bank, mode: object, scenes: object, short: object = False) -> State | None:
    """A session at its start, `short` where it does one check a story; None if there can be no such session."""
    if (
        mode not in MODES
        or not isinstance(short, bool)
        or not isinstance(scenes, list)
        or not 1 <= len(scenes) <= MOST_SCENES
    ):
        return None
    if not all(isinstance(id, str) and id in bank.scenes for id in scenes) or len(set(scenes)) != len(scenes):
        return None
    return bank.first(State(str(mode), tuple(scenes), short))


def read_state(bank: Bank, data: object) -> State | None:
    """The state that a page hands over; None if there can be no such state."""
    if not isinstance(data, Mapping):
        return None
    state = begin(bank, data.get("mode"), data.get("scenes"), data.get("short", False))
    given, again = (read_given(bank, data.get(name)) for name in ("given", "again"))
    taken = read_taken(bank, data.get("taken"))
    scene, check, people = (data.get(name) for name in ("scene", "check", "people"))
    if state is None or given is None or again is None or taken is None:
        return None
    if not (_count(scene) and _count(check) and _count(people) and people <= MOST_HANDS):
        return None
    state = replace(state, given=given, again=again, taken=taken, scene=scene, check=check, people=people)
    if state.scene >= len(state.scenes) or state.check >= len(bank.checks(state)):
        return None
    place = _place(data)
    if place is None:
        return None
    state = replace(state, place=place)
    return state if place == Position(SUMMARY) or place in bank.way(state) else None


def _place(data: Mapping[str, Any]) -> Position | None:
    stage, at, what_if = (data.get(name) for name in ("stage", "at", "what_if"))
    if not isinstance(stage, str) or not all(one is None or _count(one) for one in (at, what_if)):
        return None
    return Position(stage, at, what_if)


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


def read_taken(bank: Bank, data: object) -> dict[str, dict[str, str]] | None:
    """The answers chosen where hands did not decide, as they may be; None if anything else stands among them."""
    if not isinstance(data, Mapping):
        return None
    read: dict[str, dict[str, str]] = {}
    for id, of_scene in data.items():
        if id not in bank.scenes or not isinstance(of_scene, Mapping):
            return None
        known = {one.tree: [v for branch in one.branches for v in branch.values] for one in bank.scenes[id].checks}
        if not all(tree in known and value in known[tree] for tree, value in of_scene.items()):
            return None
        read[id] = dict(of_scene)
    return read


def _count(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def as_data(state: State) -> dict[str, Any]:
    """A state as JSON can hold it."""
    return {
        "mode": state.mode,
        "scenes": list(state.scenes),
        "short": state.short,
        "scene": state.scene,
        "check": state.check,
        "stage": state.stage,
        "at": state.place.at,
        "what_if": state.place.what_if,
        "people": state.people,
        "given": _as_data(state.given),
        "again": _as_data(state.again),
        "taken": {id: dict(of) for id, of in state.taken.items()},
    }


def _as_data(given: Given) -> dict[str, Any]:
    return {id: {tree: dict(tally) for tree, tally in of.items()} for id, of in given.items()}


# ---- committing -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hands:
    """What a form of hands holds: how many for each outcome, without those that are none, and how many people."""

    tally: Tally
    people: int = 0


def read_hands(bank: Bank, state: State, fields: object) -> Hands | str:
    """The hands that a form holds; or what is wrong with it, in words."""
    fields = fields if isinstance(fields, Mapping) else {}
    known = bank.outcomes[bank.check(state).tree]
    if state.mode == "practise":
        chosen = _first(fields.get("outcome"))
        return Hands({chosen: 1}) if chosen in known else "Choose what you think it comes to."
    counts = {id: _first(fields.get(id)).strip() or "0" for id in (*known, "people")}
    if not all(n.isascii() and n.isdigit() and len(n) <= 4 and int(n) <= MOST_HANDS for n in counts.values()):
        return f"Count hands in whole numbers, from 0 to {MOST_HANDS}."
    people = int(counts.pop("people"))
    counted = {id: int(n) for id, n in counts.items() if int(n)}
    hands = sum(counted.values())
    if people and hands > people:
        return f"That is {hands} hands for {people} people. Change a count, or the number of people."
    return Hands(counted, people) if counted else "Count the hands for at least one answer."


def _first(values: object) -> str:
    first = values[0] if isinstance(values, list) and values else ""
    return first if isinstance(first, str) else ""


def committed(bank: Bank, state: State, hands: Hands) -> State:
    """The next screen once hands are counted; those of a second vote leave the first as they were."""
    tree = bank.check(state).tree
    if state.stage == VOTE:
        second = {**state.again, state.id: {**state.again.get(state.id, {}), tree: hands.tally}}
        taken = _without(state.taken, state.id, tree)
        return _on_way(bank, forward(bank, replace(state, again=second, taken=taken, people=hands.people)))
    given = {**state.given, state.id: {**state.given.get(state.id, {}), tree: hands.tally}}
    fresh = replace(state, again=_without(state.again, state.id, tree), taken=_without(state.taken, state.id, tree))
    return forward(bank, replace(fresh, given=given, people=hands.people))


def took(bank: Bank, state: State, n: object) -> State:
    """On along the branch that the trainer takes, of those that tie."""
    ties = bank.ties(state)
    if state.stage != TIE or not _count(n) or n >= len(ties):
        return state
    of_scene = {**state.taken.get(state.id, {}), bank.check(state).tree: ties[n].values[0]}
    return forward(bank, replace(state, taken={**state.taken, state.id: of_scene}))


def _on_way(bank: Bank, state: State) -> State:
    """The same, or at what it comes to where a second vote has taken another way and the screen is not on that."""
    return state if state.place in bank.way(state) else replace(state, place=Position(OUTCOME))


def _without(by_scene: Mapping[str, Mapping[str, Said]], id: str, tree: str) -> dict[str, Mapping[str, Said]]:
    """The same without what was said of one check."""
    left = {name: one for name, one in by_scene.get(id, {}).items() if name != tree}
    return {one: of for one, of in {**by_scene, id: left}.items() if of}


def moved(first: Tally, second: Tally) -> int:
    """How many people at least put up their hands otherwise the second time: counts can say no more."""
    by = [second.get(id, 0) - first.get(id, 0) for id in {*first, *second}]
    return max(sum(n for n in by if n > 0), -sum(n for n in by if n < 0))


# ---- moving -----------------------------------------------------------------------------------------------------


def forward(bank: Bank, state: State) -> State:
    """One screen on, after the last one into the next check, at last the summary.

    Before hands are counted, or a tie is decided, there is no way past them, but by passing the check over (`after`).
    """
    if state.stage == SUMMARY or (state.stage == TIE and bank.undecided(state)):
        return state
    way = bank.way(state)
    if state.place not in way:
        return _on_way(bank, state)
    on = way.index(state.place) + 1
    if on < len(way):
        return replace(state, place=way[on])
    return state if state.stage == COMMIT else after(bank, state)


def back(bank: Bank, state: State) -> State:
    """One screen back, into the check before where this one has just begun. What was committed stays."""
    if state.stage == SUMMARY:
        return before(bank, state)
    way = bank.way(state)
    at = way.index(state.place)
    return replace(state, place=way[at - 1]) if at else before(bank, state)


def before(bank: Bank, state: State) -> State:
    """The last screen of the check before, as far as hands were counted. The first check has none before."""
    scene, check = state.scene, state.check
    if state.stage != SUMMARY:
        scene, check = (scene, check - 1) if check else (scene - 1, -1)
    if scene < 0:
        return state
    earlier = replace(state, scene=scene, place=Position(READ))
    earlier = replace(earlier, check=len(bank.checks(earlier)) - 1 if check < 0 else check)
    return replace(earlier, place=bank.way(earlier)[-1])


def here(_: Bank, state: State) -> State:
    """Where the session stands: after a reload, or for a window that has just opened."""
    return state


def after(bank: Bank, state: State) -> State:
    """The next check, the next scenario, or the summary."""
    state = replace(state, place=Position(READ))
    if state.check + 1 < len(bank.checks(state)):
        return bank.first(replace(state, check=state.check + 1))
    if state.scene + 1 < len(state.scenes):
        return bank.first(replace(state, scene=state.scene + 1, check=0))
    return replace(state, place=Position(SUMMARY))


def again(bank: Bank, state: State) -> State:
    """The hands of the same check once more, and what was committed to it forgotten."""
    tree = bank.check(state).tree
    given, second = _without(state.given, state.id, tree), _without(state.again, state.id, tree)
    taken = _without(state.taken, state.id, tree)
    return replace(state, given=given, again=second, taken=taken, place=Position(COMMIT))


def to_fork(bank: Bank, state: State, n: object) -> State:
    """A question at which hands part, to be argued; no other."""
    there = replace(state, place=Position(FORK, n)) if _count(n) else state
    return there if there.place in bank.way(there) else state


def to_outcome(bank: Bank, state: State) -> State:
    """What it comes to, at once; only where hands were counted."""
    there = Position(OUTCOME if state.mode == "session" else DEBRIEF)
    return replace(state, place=there) if there in bank.way(state) else state


def to_change(bank: Bank, state: State, n: object) -> State:
    """A change, to guess what it does; only where hands were counted."""
    there = Position(GUESS, what_if=n if _count(n) else None)
    return replace(state, place=there) if there in bank.way(state) else state


def to_summary(bank: Bank, state: State) -> State:
    """The end of a session, wherever it stands."""
    return replace(state, place=Position(SUMMARY)) if state.mode == "session" else state


MOVES: Mapping[str, Callable[[Bank, State], State]] = {
    "on": forward,
    "back": back,
    "here": here,
    "outcome": to_outcome,
    "next": after,
    "again": again,
    "summary": to_summary,
}
NUMBERED: Mapping[str, Callable[[Bank, State, object], State]] = {
    "fork": to_fork,
    "take": took,
    "what-if": to_change,
}
