"""Where a training session stands, and what the next step makes of it: values in, values out.

Knows scenarios, stages and how many hands went up for what; refuses to know who raised one. What a page hands over is
held to what there can be, part by part: a state that cannot be is no state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeGuard

from .scenario import Branch, Check, Scene, WhatIf

MOST_SCENES = 12
MOST_HANDS = 500
NO_NUMBER = f"Count hands in whole numbers, from 0 to {MOST_HANDS}."
MODES = ("session", "practise")
CLOSING = 9
"""Minutes of a session after its last story (`hour` in decision_trees/sessions.json)."""

Tally = Mapping[str, int]
"""How many hands went up for each outcome; in solo practice it is one hand."""


class Stage:
    """The screens of a check, as a page names them, and the close of a session."""

    READ, PAIRS, COMMIT, BARS, TIE = "read", "pairs", "commit", "bars", "tie"
    FORK, VOTE, ANSWER, PASSED = "fork", "vote", "answer", "passed"
    OUTCOME, DEBRIEF, GUESS, CHANGED, SUMMARY = "outcome", "debrief", "guess", "changed", "summary"
    OPENING = (READ, PAIRS, COMMIT)
    UNPARTED = (*OPENING, BARS, TIE)
    """Those before the room is shown where it parts from the way."""


@dataclass(frozen=True)
class Vote:
    """The hands for a check, at first and in a second vote, and what the trainer chose where they left it undecided."""

    first: Tally = field(default_factory=dict)
    second: Tally = field(default_factory=dict)
    taken: str = ""

    @property
    def hands(self) -> Tally:
        """The last hands: those of the second vote, if there was one."""
        return self.second or self.first


@dataclass(frozen=True)
class Position:
    """One screen of a check. `at` is the number of the question that is argued, `what_if` that of the change shown."""

    stage: str
    at: int | None = None
    what_if: int | None = None


@dataclass(frozen=True)
class State:
    """Which scenarios, which of them and which of its checks is on, and which of its screens.

    `votes` are those on the checks so far, by scenario and tool, and `people` how many are in the room (0 where nobody
    said): all that a trainer may keep, beside the ids of the scenarios. A `short` session does one check a story.
    """

    mode: str
    scenes: tuple[str, ...]
    short: bool = False
    scene: int = 0
    check: int = 0
    place: Position = Position(Stage.READ)
    people: int = 0
    votes: Mapping[tuple[str, str], Vote] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.scenes[self.scene]

    @property
    def stage(self) -> str:
        return self.place.stage

    def vote(self, check: Check, id: str = "") -> Vote:
        """The vote on a check of a scenario, or of the one that is on; an empty one before hands were counted."""
        return self.votes.get((id or self.id, check.tree), Vote())


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
        on = self.scenes[id or state.id].checks_on(state.short)
        votes = ((one, state.vote(one, id)) for one in on)
        return tuple(one.taken(vote.hands, vote.taken) for one, vote in votes)

    def ties(self, state: State) -> tuple[Branch, ...]:
        """The branches between which the last hands do not decide; none where they do, or where nothing is open."""
        one = self.scene(state).check(self.check(state).tree)
        ties = one.ties(state.vote(one).hands)
        return ties if len(ties) > 1 else ()

    def undecided(self, state: State) -> bool:
        """Whether the trainer is to say which way is taken, and has not."""
        return bool(self.ties(state)) and not state.vote(self.check(state)).taken

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
        opening = [Position(stage) for stage in (Stage.OPENING if room else (Stage.COMMIT,))]
        vote = state.vote(self.check(state))
        if not vote.first:
            return tuple(opening)
        forks = self.forks(self.scene(state), self.check(state), vote.first)
        argued = dict.fromkeys((*forks[:1], *(n for n in forks if n == state.place.at)))
        beats = (Stage.FORK, Stage.VOTE, Stage.ANSWER) if room else (Stage.FORK, Stage.ANSWER)
        tie, first = [Position(Stage.TIE)] if self.ties(state) else [], next(iter(argued), None)
        changes = range(len(self.what_ifs(state)))
        return (
            *opening,
            *([Position(Stage.BARS)] if room else []),
            *([] if vote.second else tie),
            *(
                place
                for n in argued
                for beat in beats
                for place in (*(tie if vote.second and beat == Stage.ANSWER and n == first else []), Position(beat, n))
            ),
            *([] if forks else [Position(Stage.PASSED)]),
            *([Position(Stage.OUTCOME)] if room else []),
            Position(Stage.DEBRIEF),
            *(Position(beat, what_if=n) for n in changes for beat in (Stage.GUESS, Stage.CHANGED)),
        )


PARTS = {"first": "given", "second": "again", "taken": "taken"}
"""The parts of a vote, by the names under which a page hands them over."""

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
    state, votes = begin(bank, data.get("mode"), data.get("scenes"), data.get("short", False)), read_votes(bank, data)
    scene, check, people = (data.get(name) for name in ("scene", "check", "people"))
    if state is None or votes is None:
        return None
    if not (_count(scene) and _count(check) and _count(people) and people <= MOST_HANDS):
        return None
    state = replace(state, votes=votes, scene=scene, check=check, people=people)
    if state.scene >= len(state.scenes) or state.check >= len(bank.checks(state)):
        return None
    place = _place(data)
    if place is None:
        return None
    state = replace(state, place=place)
    return state if place == Position(Stage.SUMMARY) or place in bank.way(state) else None


def _place(data: Mapping[str, Any]) -> Position | None:
    stage, at, what_if = (data.get(name) for name in ("stage", "at", "what_if"))
    if not isinstance(stage, str) or not all(one is None or _count(one) for one in (at, what_if)):
        return None
    return Position(stage, at, what_if)


def read_votes(bank: Bank, data: Mapping[str, Any]) -> dict[tuple[str, str], Vote] | None:
    """The votes of a state, as they may be; None if anything else stands among them."""
    votes: dict[tuple[str, str], Vote] = {}
    for part, name in PARTS.items():
        by_scene = data.get(name)
        if not isinstance(by_scene, Mapping):
            return None
        for id, by_tree in by_scene.items():
            if id not in bank.scenes or not isinstance(by_tree, Mapping):
                return None
            checks = {check.tree: check for check in bank.scenes[id].checks}
            for tree, said in by_tree.items():
                if tree not in checks or not _may_be(bank, checks[tree], part, said):
                    return None
                votes[id, tree] = replace(votes.get((id, tree), Vote()), **{part: said})
    return votes


def _may_be(bank: Bank, check: Check, part: str, said: object) -> bool:
    """Whether something may be a part of the vote on a check."""
    if part == "taken":
        return any(said in branch.values for branch in check.branches)
    return (
        isinstance(said, Mapping)
        and bool(said)
        and set(said) <= set(bank.outcomes[check.tree])
        and all(_count(n) and 1 <= n <= MOST_HANDS for n in said.values())
    )


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
        **{name: _by_scene(state, part) for part, name in PARTS.items()},
    }


def _by_scene(state: State, part: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for (id, tree), vote in state.votes.items():
        if said := getattr(vote, part):
            found.setdefault(id, {})[tree] = said
    return found


# ---- committing -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hands:
    """What a form of hands holds: how many for each outcome, without those that are none, and how many people."""

    tally: Tally
    people: int = 0


def read_hands(bank: Bank, state: State, fields: object) -> Hands | str:
    """The hands that a form holds; or what is wrong with it, in words."""
    known = bank.outcomes[bank.check(state).tree]
    if state.mode == "practise":
        chosen = _first(fields, "outcome")
        return Hands({chosen: 1}) if chosen in known else "Choose what you think it comes to."
    counts = read_counts(fields, (*known, "people"))
    if counts is None:
        return NO_NUMBER
    people = counts.pop("people")
    counted = {id: n for id, n in counts.items() if n}
    hands = sum(counted.values())
    if people and hands > people:
        return f"That is {hands} hands for {people} people. Change a count, or the number of people."
    return Hands(counted, people) if counted else "Count the hands for at least one answer."


def read_counts(fields: object, names: Iterable[str]) -> dict[str, int] | None:
    """The hands that the fields of these names hold, 0 where one is empty; None if one holds no number of hands."""
    typed = {name: _first(fields, name).strip() or "0" for name in names}
    if not all(n.isascii() and n.isdigit() and len(n) <= 4 and int(n) <= MOST_HANDS for n in typed.values()):
        return None
    return {name: int(n) for name, n in typed.items()}


def _first(fields: object, name: str) -> str:
    """The text of a field; what is none is no number either."""
    values = fields.get(name) if isinstance(fields, Mapping) else None
    first = values[0] if isinstance(values, list) and values else ""
    return first if isinstance(first, str) else "?"


def committed(bank: Bank, state: State, hands: Hands) -> State:
    """The next screen once hands are counted; those of a second vote leave the first as they were."""
    second = replace(state.vote(bank.check(state)), second=hands.tally, taken="")
    voted = _voted(bank, state, second if state.stage == Stage.VOTE else Vote(hands.tally))
    return _on_way(bank, forward(bank, replace(voted, people=hands.people)))


def took(bank: Bank, state: State, n: object) -> State:
    """On along the branch that the trainer takes, of those that tie."""
    ties = bank.ties(state)
    if state.stage != Stage.TIE or not _count(n) or n >= len(ties):
        return state
    vote = replace(state.vote(bank.check(state)), taken=ties[n].values[0])
    return forward(bank, _voted(bank, state, vote))


def _voted(bank: Bank, state: State, vote: Vote) -> State:
    """The same with another vote on the check that is on."""
    return replace(state, votes={**state.votes, (state.id, bank.check(state).tree): vote})


def _on_way(bank: Bank, state: State) -> State:
    """The same, or at what it comes to where a second vote has taken another way and the screen is not on that."""
    return state if state.place in bank.way(state) else replace(state, place=Position(Stage.OUTCOME))


def moved(first: Tally, second: Tally) -> int:
    """How many people at least put up their hands otherwise the second time: counts can say no more."""
    by = [second.get(id, 0) - first.get(id, 0) for id in {*first, *second}]
    return max(sum(n for n in by if n > 0), -sum(n for n in by if n < 0))


# ---- moving -----------------------------------------------------------------------------------------------------


def forward(bank: Bank, state: State) -> State:
    """One screen on, after the last one into the next check, at last the summary.

    Before hands are counted, or a tie is decided, there is no way past them, but by passing the check over (`after`).
    """
    if state.stage == Stage.SUMMARY or (state.stage == Stage.TIE and bank.undecided(state)):
        return state
    way = bank.way(state)
    if state.place not in way:
        return _on_way(bank, state)
    on = way.index(state.place) + 1
    if on < len(way):
        return replace(state, place=way[on])
    return state if state.stage == Stage.COMMIT else after(bank, state)


def back(bank: Bank, state: State) -> State:
    """One screen back, into the check before where this one has just begun. What was committed stays."""
    if state.stage == Stage.SUMMARY:
        return before(bank, state)
    way = bank.way(state)
    at = way.index(state.place)
    return replace(state, place=way[at - 1]) if at else before(bank, state)


def before(bank: Bank, state: State) -> State:
    """The last screen of the check before, as far as hands were counted. The first check has none before."""
    scene, check = state.scene, state.check
    if state.stage != Stage.SUMMARY:
        scene, check = (scene, check - 1) if check else (scene - 1, -1)
    if scene < 0:
        return state
    earlier = replace(state, scene=scene, place=Position(Stage.READ))
    earlier = replace(earlier, check=len(bank.checks(earlier)) - 1 if check < 0 else check)
    return replace(earlier, place=bank.way(earlier)[-1])


def here(_: Bank, state: State) -> State:
    """Where the session stands: after a reload, or for a window that has just opened."""
    return state


def after(bank: Bank, state: State) -> State:
    """The next check, the next scenario, or the summary."""
    state = replace(state, place=Position(Stage.READ))
    if state.check + 1 < len(bank.checks(state)):
        return bank.first(replace(state, check=state.check + 1))
    if state.scene + 1 < len(state.scenes):
        return bank.first(replace(state, scene=state.scene + 1, check=0))
    return replace(state, place=Position(Stage.SUMMARY))


def again(bank: Bank, state: State) -> State:
    """The hands of the same check once more, and what was committed to it forgotten."""
    on = (state.id, bank.check(state).tree)
    others = {key: vote for key, vote in state.votes.items() if key != on}
    return replace(state, votes=others, place=Position(Stage.COMMIT))


def to_fork(bank: Bank, state: State, n: object) -> State:
    """A question at which hands part, to be argued; no other."""
    there = replace(state, place=Position(Stage.FORK, n)) if _count(n) else state
    return there if there.place in bank.way(there) else state


def to_outcome(bank: Bank, state: State) -> State:
    """What it comes to, at once; only where hands were counted."""
    there = Position(Stage.OUTCOME if state.mode == "session" else Stage.DEBRIEF)
    return replace(state, place=there) if there in bank.way(state) else state


def to_change(bank: Bank, state: State, n: object) -> State:
    """A change, to guess what it does; only where hands were counted."""
    there = Position(Stage.GUESS, what_if=n if _count(n) else None)
    return replace(state, place=there) if there in bank.way(state) else state


def to_summary(bank: Bank, state: State) -> State:
    """The end of a session, wherever it stands."""
    return replace(state, place=Position(Stage.SUMMARY)) if state.mode == "session" else state


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
