"""What the trainer works with beside the room's screen: the way on, the hands, the way question by question, and lists.

Whoever practises alone has the same, below what a room would see. Nothing of it is on the room's screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..html.action import action, worded
from ..html.controls import button, error, folded, form, option
from ..html.markup import Child, Markup, el, join
from ..html.result import clause_words, decides, why_unsettled
from ..html.view import cites, footing
from ..model.library import Edge
from .exercise import Exercise
from .path import Stop
from .scenario import JUDGEMENT
from .screens import (
    FORK_SECONDS,
    RESTS_ON,
    as_sentence,
    change,
    countdown,
    fork,
    given_words,
    judged,
    said_by,
    unsettled,
    what_it_asks,
)
from .session import MOST_HANDS, Bank, Stage, State, Tally, forward

FOOTING = {"outcome": "what it comes to", "police": "whether the police are contacted", "steps": "who does what then"}
COMING = {
    Stage.READ: "the story",
    Stage.PAIRS: "talk in pairs",
    Stage.COMMIT: "hands",
    Stage.BARS: "how the hands went up",
    Stage.TIE: "which way to take",
    Stage.FORK: "where the room splits",
    Stage.VOTE: "hands again",
    Stage.ANSWER: "what the story tells",
    Stage.PASSED: "the way that nobody disputes",
    Stage.OUTCOME: "what it comes to",
    Stage.DEBRIEF: "why",
    Stage.GUESS: "what if",
    Stage.CHANGED: "what changes",
    Stage.SUMMARY: "the close",
}
"""Each screen in the words of the button that leads there."""


def go(words: Child, act: str, n: int | None = None, main: bool = False, pressed: bool | None = None) -> Markup:
    """A button that asks for another screen."""
    return button(
        words,
        data_go=act,
        data_n=None if n is None else str(n),
        aria_pressed=None if pressed is None else str(pressed).lower(),
        class_="dt-submit" if main else "dt-secondary",
    )


def buttons(*children: Child) -> Markup:
    """The ways on from a screen."""
    return el("div", children, class_="tr-buttons")


def where(bank: Bank, state: State, exercise: Exercise) -> Markup:
    """Where in the session this is."""
    checks = len(bank.checks(state))
    parts = [
        f"Story {state.scene + 1} of {len(state.scenes)}" if len(state.scenes) > 1 else "",
        f"Check {state.check + 1} of {checks}" if checks > 1 else "",
        f"Question {state.place.at + 1} of {len(exercise.path)}" if state.place.at is not None else "",
    ]
    begins, whole = bank.planned(state)
    return join(
        el("p", " · ".join(part for part in parts if part), class_="tr-where"),
        el("p", data_planned=begins, data_whole=whole, class_="tr-where") if state.mode == "session" else None,
    )


def console(bank: Bank, state: State, exercise: Exercise, problem: str = "") -> Markup:
    """All that the trainer, or whoever practises alone, has for one screen."""
    room = state.mode == "session"
    return join(
        where(bank, state, exercise),
        ways_on(bank, state, exercise, problem),
        beside_thought(state, exercise),
        folded("Notes", el("ul", [el("li", one) for one in exercise.scene.notes]), data_notes=True) if room else None,
        other_ways(state, room) if room or state.stage != Stage.COMMIT else None,
    )


def ways_on(bank: Bank, state: State, exercise: Exercise, problem: str) -> Markup:
    """What leads on from a screen: hands to count, a way to take, or one button."""
    if state.stage in (Stage.COMMIT, Stage.VOTE):
        return hands_form(state, exercise, problem)
    return take(bank, state, exercise) if state.stage == Stage.TIE else onward(bank, state)


def onward(bank: Bank, state: State) -> Markup:
    """On and back, with what comes next."""
    return buttons(
        go(coming(bank, state), "on", main=True), go("Back", "back"), to_view() if state.mode == "session" else None
    )


def to_view() -> Markup:
    """Where one window is the trainer's and the room's: the way from the room's view to the trainer's."""
    return button("Trainer’s view", data_view=True, class_="dt-secondary")


def take(bank: Bank, state: State, exercise: Exercise) -> Markup:
    """The ways that tie, each by the judgement that leads there; the one that is on is marked."""
    on = None if bank.undecided(state) else exercise.check.answers[exercise.check.open]
    ways = enumerate(bank.ties(state))
    return buttons(
        *(go(judged(exercise, branch), "take", n, pressed=on in branch.values) for n, branch in ways),
        go("Back", "back"),
        to_view() if state.mode == "session" else None,
    )


def coming(bank: Bank, state: State) -> str:
    """What going on leads to, in words."""
    then = forward(bank, state)
    if (then.scene, then.check) != (state.scene, state.check):
        return "Next story" if then.scene != state.scene else "Next check of this story"
    if then.stage == Stage.SUMMARY and state.mode != "session":
        return "Done"
    return f"Next: {COMING[then.stage]}"


def other_ways(state: State, room: bool) -> Markup:
    """Ways that are seldom taken."""
    committed = state.stage not in Stage.OPENING
    return folded(
        "Other ways",
        buttons(
            go("What it comes to, at once", "outcome") if committed and room else None,
            go("Count the hands anew" if room else "Try again", "again") if committed else None,
            go("Pass over the rest of this check", "next") if room else None,
            go("End here: the close", "summary") if room else None,
        ),
        class_="tr-other",
    )


def beside_thought(state: State, exercise: Exercise) -> Markup | None:
    """The lists that go with a screen."""
    stage = state.stage
    if stage in (*Stage.UNPARTED, Stage.GUESS, Stage.VOTE):
        return None
    if stage == Stage.FORK:
        return join(
            el("p", "Ask the fewer first: what in the story makes you say so?") if state.mode == "session" else None,
            countdown(FORK_SECONDS) if state.mode == "session" else None,
            folded("What the question offers", offered(exercise, fork(state))),
        )
    if stage == Stage.ANSWER:
        return reasons_at(exercise, [exercise.path[fork(state)]])
    if stage == Stage.PASSED:
        return join(passed(exercise))
    if stage == Stage.CHANGED:
        return changed(state, exercise)
    return join(
        el("p", why_unsettled(exercise.view, exercise.journey)) if unsettled(exercise) else None,
        parted(exercise),
        rests_on(exercise),
        deciding(exercise),
        follows(exercise),
        folded("The way, question by question", passed(exercise)),
        listed("To talk over", exercise.scene.prompts),
        lesson(exercise),
    )


# ---- hands --------------------------------------------------------------------------------------------------------


def hands_form(state: State, exercise: Exercise, problem: str) -> Markup:
    """The form in which an answer is committed, or committed again, before anything is revealed."""
    room, second = state.mode == "session", state.stage == Stage.VOTE
    tally = exercise.second if second else exercise.tally
    wrong = {"id": "tr-error", "role": "alert", "tabindex": "-1", "data_focus": ""}
    return form(
        error(problem, **wrong) if problem else None,
        el(
            "fieldset",
            el("legend", el("h3", what_it_asks(exercise), class_="tr-question")),
            hands(state, exercise, tally) if room else options(exercise),
            class_="tr-fields",
            aria_describedby="tr-error" if problem else None,
        ),
        buttons(
            el("button", "Commit this answer", type="submit", class_="dt-submit"),
            go("Go on without a second vote", "on") if second else None,
            go("Back", "back") if room else None,
            to_view() if room else None,
        ),
        el("p", "Nothing is revealed before that.", class_="tr-hint") if not second else None,
        data_commit="again" if second else "first",
        novalidate=True,
    )


def options(exercise: Exercise) -> Markup:
    """One answer to choose, for somebody who works alone."""
    chosen = next(iter(exercise.tally), "")
    rows = [
        option("radio", "outcome", node.id, f"tr-{node.id}", node.title, node.id == chosen)
        for node in exercise.outcomes
    ]
    return el("div", rows, class_="dt-options")


def hands(state: State, exercise: Exercise, tally: Tally) -> Markup:
    """A count for each answer. The answer that is tapped gets the hands that are left, to be written over."""
    rows = [hand_row(node.title, node.id, tally.get(node.id, 0) or "") for node in exercise.outcomes]
    return join(
        el("div", hand_row("People in the room", "people", state.people or ""), class_="tr-people"),
        el("div", rows, class_="tr-hands"),
        el("p", role="status", data_counted=True, class_="tr-hint"),
    )


def hand_row(words: str, name: str, value: int | str) -> Markup:
    """A number to be typed."""
    field = el(
        "input",
        type="number",
        inputmode="numeric",
        min=0,
        max=MOST_HANDS,
        step=1,
        name=name,
        id=f"tr-{name}",
        value=str(value),
        autocomplete="off",
    )
    return el("div", el("label", words, for_=f"tr-{name}"), field, class_="tr-hand")


# ---- the way ------------------------------------------------------------------------------------------------------


def offered(exercise: Exercise, at: int) -> list[Markup]:
    """The questions of a fork with their options."""
    facts = exercise.tree.library.facts
    return [
        el(
            "section",
            el("h3", facts[name].text),
            el("ul", [el("li", option.text) for option in facts[name].options], class_="tr-options"),
        )
        for name in said_facts(exercise, exercise.path[at])
    ]


def passed(exercise: Exercise) -> list[Markup]:
    """Every question of the way with what the story tells, why, and what is still possible after it."""
    return [
        el(
            "section",
            [asked(exercise, stop, name) for name in said_facts(exercise, stop)],
            reasons_at(exercise, [stop]),
            class_="tr-asked",
        )
        for stop in exercise.path
    ]


def said_facts(exercise: Exercise, stop: Stop) -> list[str]:
    """The facts of a question but for the boxes to write in that the story leaves empty."""
    return [name for name in stop.facts if exercise.tree.library.facts[name].kind != "text" or stop.answers[name]]


def asked(exercise: Exercise, stop: Stop, name: str) -> Markup:
    """A question with what the story tells, or what the room judges."""
    fact, by = exercise.tree.library.facts[name], said_by(exercise, name)
    told = [el("li", by, words, data_told=True) for words in given_words(fact, stop.answers[name])]
    return join(el("h3", fact.text), el("ul", told, class_="tr-options"))


def reasons_at(exercise: Exercise, stops: Sequence[Stop]) -> Markup:
    """Why the way goes on as it does, and what is still possible then."""
    edges = counted(edge for stop in stops for edge in stop.edges)
    possible = [node.title for node in exercise.outcomes if node.id in stops[-1].possible]
    return el(
        "div",
        reasons(exercise, edges) if edges else el("p", "Nothing changes by this answer."),
        el("p", el("strong", "Still possible: "), "; ".join(possible), "."),
        class_="tr-why",
    )


def counted(edges: Iterable[Edge]) -> list[Edge]:
    """The edges that a room should hear of: those that raise or say something; where none does, those that rest on more
    than the design of the tool."""
    every = list(dict.fromkeys(edges))
    return [edge for edge in every if edge.matters] or [edge for edge in every if not edge.basis.startswith("DC")]


def reasons(exercise: Exercise, edges: list[Edge]) -> Markup:
    """Edges taken: why, by which clauses, on what footing."""
    return el(
        "ul",
        [el("li", edge.because, footing(exercise.view, edge.cites, edge.basis), data_edge=edge.name) for edge in edges],
        class_="tr-reasons",
    )


# ---- what it comes to ---------------------------------------------------------------------------------------------


def parted(exercise: Exercise) -> Markup | None:
    """At which question each other answer parts from the way; the earliest first, for there the debrief starts."""
    if not exercise.partings and not exercise.within:
        return None
    apart = [
        el(
            "li",
            el("strong", f"“{exercise.title(id)}”"),
            f" parts from the way at question {one.at + 1}. ",
            decided_by(exercise, id),
            " ",
            go(("Argue that question", el("span", f": {exercise.title(id)}", class_="dt-hidden")), "fork", one.at),
            data_part=id,
            data_question=str(one.at),
            data_known_by=one.known_by,
            data_facts=" ".join(one.facts),
        )
        for id, one in exercise.partings.items()
    ]
    within = [
        el(
            "li",
            el("strong", f"“{exercise.title(id)}”"),
            " does not part: the tool leaves it open too.",
            data_within=id,
        )
        for id in exercise.within
    ]
    return el("section", el("h3", "Where the ways part"), el("ul", apart, within, class_="tr-parted"))


def decided_by(exercise: Exercise, id: str) -> list[Child]:
    """Which of the story's answers see to it that an answer parts, and what that means for whoever gave it."""
    one, facts = exercise.partings[id], exercise.tree.library.facts
    given = exercise.path[one.at].answers
    return [
        [
            (f"{facts[name].text} ", el("strong", *as_sentence(given_words(facts[name], given[name]))), " ")
            for name in one.facts
        ],
        RESTS_ON[one.known_by],
    ]


def deciding_question(exercise: Exercise, id: str) -> str:
    """The words of the questions whose answers see to it that an answer parts."""
    return " ".join(exercise.tree.library.facts[name].text for name in exercise.partings[id].facts)


def rests_on(exercise: Exercise) -> Markup:
    """Which parts of the result are fixed and which are for judgement."""
    fixed = [words for part, words in FOOTING.items() if exercise.check.footing.get(part) != JUDGEMENT]
    judged = [words for part, words in FOOTING.items() if exercise.check.footing.get(part) == JUDGEMENT]
    return el(
        "ul",
        el("li", el("strong", "For judgement: "), f"{', '.join(judged)}.") if judged else None,
        el("li", el("strong", "Fixed, as the story is told: "), f"{', '.join(fixed)}.") if fixed else None,
        class_="tr-footing",
    )  # fmt: skip


def deciding(exercise: Exercise) -> Markup | None:
    """The answers that decided, with their clauses."""
    edges = [edge for edge in exercise.journey.reasons if decides(exercise.view, edge, exercise.journey)]
    if not edges:
        return None
    return el("section", el("h3", "Why"), reasons(exercise, edges), clause_words(exercise.view, edges))


def follows(exercise: Exercise) -> Markup:
    """Who does what then, the police first."""
    said = [exercise.tree.library.results[name] for name in exercise.journey.said]
    rows = [el("li", action(exercise.view, one, exercise.journey)) for one in said]
    return folded(f"What follows ({len(said)})", el("ol", rows, class_="dt-actions"), class_="tr-follows")


def changed(state: State, exercise: Exercise) -> Markup:
    """What a change brings and takes away, and why that matters."""
    one = change(state, exercise)
    exercise, after = exercise.judging(one), exercise.changed(one)
    results = after.tree.library.results
    come = [worded(results[id], after.journey).action for id in after.journey.said if id not in exercise.journey.said]
    gone = [
        worded(results[id], exercise.journey).action for id in exercise.journey.said if id not in after.journey.said
    ]
    return join(
        listed("This comes in", come),
        listed("This falls away", gone),
        deciding(after),
        follows(after),
    )


def listed(title: str, sentences: Iterable[str]) -> Markup | None:
    """Sentences under a title."""
    rows = [el("li", one) for one in sentences]
    return el("section", el("h3", title), el("ul", rows)) if rows else None


def lesson(exercise: Exercise) -> Markup:
    """What people should take home, with the clauses it rests on."""
    return el(
        "section",
        el("h3", "To take home"),
        el("ul", [el("li", one) for one in exercise.scene.teaches]),
        folded(f"Clauses ({len(exercise.scene.cites)})", cites(exercise.view, exercise.scene.cites)),
    )
