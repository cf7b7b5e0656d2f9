"""What a training session puts before the room, one thought a screen: the story, the hands, the fork, what it comes to.

Made to be read from the back of a room without a scroll. What the trainer works with is in `console.py`. Nothing here
calls an answer wrong: where hands went up for something else, it says at which question the ways part.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from ..html.answered import answer_words
from ..html.markup import Child, Markup, el, join
from ..html.result import outcome_title
from ..html.view import heading
from ..model.guards import Value
from ..model.library import FIXED, OPEN, TOLD, WEIGHED, Fact
from .exercise import Exercise
from .scenario import Branch, WhatIf
from .session import Stage, State, Tally, moved

RESTS_ON = {
    FIXED: "It follows from what the story tells, by the procedure or the law. If you read the story otherwise, "
    "say how.",
    TOLD: "It follows from the facts as the story tells them. If you read the story otherwise, say how.",
    WEIGHED: "This is for judgement. Professionals can weigh the same facts differently, and none of them is wrong: "
    "the reasons are what counts.",
    OPEN: "The story leaves this open. As long as it is not known, the tool goes by the safer reading.",
}
"""What is said of an answer that parts from the way, by how the answers that decide are known."""
IN_SHORT = {
    **RESTS_ON,
    FIXED: "It follows from what the story tells, by the procedure or the law.",
    TOLD: "It follows from the facts as the story tells them.",
}
"""The same where a room reads it."""
PAIRS_SECONDS, FORK_SECONDS = 120, 180
"""How long pairs talk, which the room sees, and how long a fork is argued, which the trainer does."""


BESIDE = 190
"""How many letters may stand beside the story, so that both fit a room's screen; with more it gives way."""


def thought(*children: Child, beside: Exercise | None = None) -> Markup:
    """One screen for the room; with the story at its left where that is still needed and there is room for it."""
    matter = el("div", children, class_="tr-matter")
    if beside is None or len(re.sub(r"<[^>]*>", "", matter)) > BESIDE:
        return el("div", matter, class_="tr-thought")
    return el("div", el("p", beside.scene.vignette, class_="tr-story"), matter, class_="tr-thought tr-thought--beside")


def title(words: Child) -> Markup:
    """What a screen is about; the focus goes there."""
    return heading("h2", words, focus=True, class_="tr-question")


def countdown(seconds: int) -> Markup:
    """A clock that runs down. The page's script moves it; nothing follows when it has run out."""
    return el("p", f"{seconds // 60}:{seconds % 60:02}", role="timer", data_timer=seconds, class_="tr-timer")


# ---- the story and the hands --------------------------------------------------------------------------------------


def read_screen(_: State, exercise: Exercise) -> Markup:
    """The story alone, to be read aloud."""
    return thought(
        heading("h2", exercise.scene.title, focus=True, class_="tr-title"),
        el("p", exercise.scene.vignette, class_="tr-story"),
    )


def pairs_screen(_: State, exercise: Exercise) -> Markup:
    """What pairs talk about before anybody raises a hand."""
    return thought(title(what_it_asks(exercise)), el("p", "Talk in pairs."), countdown(PAIRS_SECONDS), beside=exercise)


def commit_screen(state: State, exercise: Exercise) -> Markup:
    """What hands go up for; for whoever works alone the story, with the answers in the form below."""
    if state.mode == "practise":
        return read_screen(state, exercise)
    return thought(
        title("One hand each"),
        el("ul", [el("li", node.title) for node in exercise.outcomes], class_="tr-options"),
        beside=exercise,
    )


def what_it_asks(exercise: Exercise) -> str:
    """What the room is asked about a story by a tool."""
    return f"{exercise.tree.title}: what do you think it comes to?"


def bars_screen(_: State, exercise: Exercise) -> Markup:
    """How the hands went up, all bars at once."""
    return thought(title("How the hands went up"), bars(exercise, exercise.tally))


def bars(exercise: Exercise, tally: Tally) -> Markup:
    """The answers that hands went up for, with their numbers and bars."""
    rows = [
        el(
            "tr",
            el("th", node.title, scope="row"),
            el("td", str(tally[node.id]), class_="tr-number"),
            el("td", bar(tally[node.id], max(tally.values())), class_="tr-bar", aria_hidden="true"),
        )
        for node in exercise.outcomes
        if node.id in tally
    ]
    head = el("tr", el("th", "Answer", scope="col"), el("th", "Hands", scope="col"), el("td"), class_="dt-hidden")
    return el("table", el("thead", head), el("tbody", rows), class_="tr-spread")


def bar(n: int, most: int) -> Markup:
    """A bar as long as a number is large."""
    return el(
        "svg",
        el("rect", width=f"{-(-100 * n // most)}%", height="100%"),  # whole, and never none
        focusable="false",
        width="100%",
        height="20",
    )


def tie_screen(_: State, exercise: Exercise) -> Markup:
    """What the story leaves to the room, where the hands do not decide it."""
    check = exercise.scene.check(exercise.check.tree)
    return thought(
        title(exercise.tree.library.facts[check.open].text),
        el("p", "Your hands leave this open. Which of these do we go on with?"),
        el("ul", [el("li", judged(exercise, one)) for one in check.ties(exercise.hands)], class_="tr-options"),
    )


def judged(exercise: Exercise, branch: Branch) -> str:
    """A branch by the judgements that lead there."""
    fact = exercise.tree.library.facts[exercise.scene.check(exercise.check.tree).open]
    return " or ".join(fact.label(value) for value in branch.values)


# ---- where the room parts -----------------------------------------------------------------------------------------


def fork_screen(state: State, exercise: Exercise) -> Markup:
    """The question at which hands part, without its answer, and who is on which side of it."""
    at = fork(state)
    leave, go_on = exercise.sides(at)
    if state.mode == "practise":
        said = ", ".join(f"“{exercise.title(id)}”" for id in leave)
        return thought(title(question(exercise, at)), el("p", f"You said {said}. What does the story tell here?"))
    return thought(
        title(question(exercise, at)),
        el("div", side(exercise, leave, "Some say"), side(exercise, go_on, "Others say"), class_="tr-sides"),
        beside=exercise,
    )


def side(exercise: Exercise, ids: Iterable[str], words: str) -> Markup | None:
    """One side of a fork: the answers, with the hands for each."""
    rows = [el("li", short(exercise, id), ": ", el("strong", str(exercise.tally[id]))) for id in ids]
    return el("section", el("h3", words), el("ul", rows)) if rows else None


def short(exercise: Exercise, id: str) -> str:
    """An outcome in as few words as tell it from the others: a level by its number."""
    words = exercise.title(id)
    return words.partition(":")[0] if any(node.id == id and node.level for node in exercise.outcomes) else words


def fork(state: State) -> int:
    """The question that is argued. Raises ValueError where the session stands at none."""
    if state.place.at is None:
        raise ValueError("not at a fork")
    return state.place.at


def question(exercise: Exercise, at: int) -> Markup:
    """The words of what decides at a fork."""
    asked = [exercise.tree.library.facts[name].text for name in deciding_facts(exercise, at)]
    return join(*([words, " "] for words in asked))


def deciding_facts(exercise: Exercise, at: int) -> list[str]:
    """The facts at a fork whose answers see to it that somebody parts there, in the order in which they are asked."""
    decide = {name for one in exercise.partings.values() if one.at == at for name in one.facts}
    return [name for name in exercise.path[at].facts if name in decide]


def vote_screen(_: State, exercise: Exercise) -> Markup:
    """The second vote."""
    return thought(
        title("Hands again: stay or move?"),
        el("ul", [el("li", node.title) for node in exercise.outcomes], class_="tr-options"),
        beside=exercise,
    )


def answer_screen(state: State, exercise: Exercise) -> Markup:
    """What the story tells at a fork, what that rules out, and how many moved."""
    at = fork(state)
    facts, given = exercise.tree.library.facts, exercise.path[at].answers
    decide = {
        facts[name].text: as_sentence(given_words(facts[name], given[name])) for name in deciding_facts(exercise, at)
    }
    alone, by = len(decide) == 1, said_by(exercise, deciding_facts(exercise, at)[0])
    said = [
        el("li", by if alone else f"{asks} ", el("strong", *words), data_told=True) for asks, words in decide.items()
    ]
    second = exercise.second
    return thought(
        title(next(iter(decide)) if alone else "What the story tells"),
        el("ul", said, class_="tr-options"),
        [part_line(exercise, ids) for ids in parted_together(exercise, at)],
        el("p", movement(exercise.tally, second), class_="tr-moved") if second else None,
    )


def said_by(exercise: Exercise, name: str) -> str:
    """Who answers a question: the story, or the room where the story leaves it open."""
    return "You judge: " if name == exercise.check.open else "The story tells: "


def movement(first: Tally, second: Tally) -> str:
    """How many moved between two votes, as far as counts can say."""
    least = moved(first, second)
    return f"At least {least} of you moved." if least else "The counts are as they were."


def parted_together(exercise: Exercise, at: int) -> list[tuple[str, ...]]:
    """The answers that part at a question, those together of which the same is said."""
    groups: dict[str, list[str]] = {}
    for id, one in exercise.partings.items():
        if one.at == at:
            groups.setdefault(one.known_by, []).append(id)
    return [tuple(ids) for ids in groups.values()]


def part_line(exercise: Exercise, ids: tuple[str, ...]) -> Markup:
    """Which answers part from the way here, and what that means for whoever gave them."""
    known_by = exercise.partings[ids[0]].known_by
    facts = dict.fromkeys(name for id in ids for name in exercise.partings[id].facts)
    names = ", ".join(f"“{short(exercise, id)}”" for id in ids)
    return el(
        "p",
        el("strong", f"That rules out {names}. "),
        IN_SHORT[known_by],
        class_="tr-part",
        data_part=" ".join(ids),
        data_known_by=known_by,
        data_facts=" ".join(facts),
    )


def passed_screen(state: State, exercise: Exercise) -> Markup:
    """That nobody disputes the way, where nobody does."""
    n = len(exercise.path)
    return thought(
        title("Nobody here disputes the way" if state.mode == "session" else "The way goes where you said"),
        el("p", f"The story answers each of the {n} questions." if n > 1 else "The story answers the one question."),
    )


def given_words(fact: Fact, value: Value) -> list[Child]:
    """An answer in words, one for each option that was ticked."""
    each = (value,) if isinstance(value, str) else value
    return [answer_words(fact, (one,) if fact.kind == "any_of" else one) for one in each]


def as_sentence(words: list[Child]) -> list[Child]:
    """Answers as one sentence."""
    return [part for i, word in enumerate(words) for part in ((", " if i else ""), word)] + ["."]


# ---- what it comes to ----------------------------------------------------------------------------------------------


def outcome_screen(_: State, exercise: Exercise) -> Markup:
    """What the story's answers lead to, in the words that hands went up for; the police second."""
    return thought(found(exercise, title(exercise.outcome.title)))


def found(exercise: Exercise, headed: Markup) -> Markup:
    """An outcome below its heading: the police where they are to be contacted, and whether the level is settled."""
    open_too = [level for level in exercise.journey.could_be if level != exercise.journey.level]
    could_be = outcome_title(exercise.view, exercise.journey).split(": ", 1)[-1]
    return el(
        "section",
        headed,
        police(exercise),
        el("p", f"Not settled: {could_be}.") if unsettled(exercise) and open_too else None,
        class_="tr-found",
        data_outcome=exercise.outcome.id,
    )


def police(exercise: Exercise) -> Markup | None:
    """Whether to contact the police, in one line."""
    grade = exercise.tree.library.quantities["police"].grade(exercise.journey.floors["police"])
    words = el("strong", "Police: ")
    return el("p", words, f"{grade.short}.", class_="dt-strip") if grade.say else None


def unsettled(exercise: Exercise) -> bool:
    """Whether a level is given that could turn out to be another."""
    return exercise.journey.level is not None and not exercise.journey.settled


def debrief_screen(state: State, exercise: Exercise) -> Markup:
    """Why it comes to that; for whoever works alone, what it comes to as well."""
    if state.mode == "practise":
        return join(outcome_screen(state, exercise), el("p", exercise.check.debrief))
    return thought(title("Why"), el("p", exercise.check.debrief))


def guess_screen(state: State, exercise: Exercise) -> Markup:
    """A change, before anybody is shown what it does."""
    return thought(title(change(state, exercise).what), el("p", "What changes? Say it to your neighbour first."))


def changed_screen(state: State, exercise: Exercise) -> Markup:
    """What it came to and what it comes to now, side by side."""
    one = change(state, exercise)
    before, shown = exercise.judging(one), exercise.changed(one)
    return thought(
        title(one.what),
        el(
            "div",
            found(before, el("h3", "Before: ", before.outcome.title)),
            found(shown, el("h3", "Now: ", shown.outcome.title)),
            class_="tr-sides",
        ),
        el("p", one.why),
    )


def change(state: State, exercise: Exercise) -> WhatIf:
    """The change that is on. Raises ValueError where there is none."""
    if state.place.what_if is None:
        raise ValueError("no change is on")
    return exercise.scene.what_ifs_of(exercise.check.tree)[state.place.what_if]


THOUGHTS: Mapping[str, Callable[[State, Exercise], Markup]] = {
    Stage.READ: read_screen,
    Stage.PAIRS: pairs_screen,
    Stage.COMMIT: commit_screen,
    Stage.BARS: bars_screen,
    Stage.TIE: tie_screen,
    Stage.FORK: fork_screen,
    Stage.VOTE: vote_screen,
    Stage.ANSWER: answer_screen,
    Stage.PASSED: passed_screen,
    Stage.OUTCOME: outcome_screen,
    Stage.DEBRIEF: debrief_screen,
    Stage.GUESS: guess_screen,
    Stage.CHANGED: changed_screen,
}
