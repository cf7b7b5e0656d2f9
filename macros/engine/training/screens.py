"""The screens of a training session as HTML: the story and the hands, the questions one by one, the debrief.

Made to be read from the back of a room. Knows markup; what an answer comes to it takes from the Exercise. Nothing here
calls an answer wrong: where hands went up for something else, it says at which question the ways part.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..html.action import action, worded
from ..html.answered import answer_words
from ..html.markup import Child, Markup, el, join
from ..html.result import clause_words, decides, draft, outcome_title, why_unsettled
from ..html.view import cites, footing, heading
from ..model.guards import Value
from ..model.library import FIXED, OPEN, TOLD, WEIGHED, Edge, Fact
from .exercise import Exercise
from .path import Stop
from .scenario import JUDGEMENT
from .session import MOST_HANDS, Beat, State

RESTS_ON = {
    FIXED: "It follows from what the story tells, by the procedure or the law. If you read the story otherwise, "
    "say how.",
    TOLD: "It follows from the facts as the story tells them. If you read the story otherwise, say how.",
    WEIGHED: "This is for judgement. Professionals can weigh the same facts differently, and none of them is wrong: "
    "the reasons are what counts.",
    OPEN: "The story leaves this open. As long as it is not known, the tool goes by the safer reading.",
}
"""What is said of an answer that parts from the way, by how the answers that decide are known."""
FOOTING = {"outcome": "what it comes to", "police": "whether the police are contacted", "steps": "who does what then"}


def go(words: Child, act: str, n: int | None = None, main: bool = False, pressed: bool | None = None) -> Markup:
    """A button that asks for the next screen."""
    return el(
        "button",
        words,
        type="button",
        data_go=act,
        data_n=None if n is None else str(n),
        aria_pressed=None if pressed is None else str(pressed).lower(),
        class_="dt-submit" if main else "dt-secondary",
    )


def buttons(*children: Child) -> Markup:
    """The ways on from a screen."""
    return el("div", children, class_="tr-buttons")


def where(state: State, exercise: Exercise, *more: str) -> Markup:
    """Where in the session this is."""
    scenes = f"Scenario {state.scene + 1} of {len(state.scenes)}" if len(state.scenes) > 1 else None
    checks = f"Check {state.check + 1} of {len(exercise.scene.checks)}" if len(exercise.scene.checks) > 1 else None
    return el("p", " · ".join(part for part in (scenes, checks, *more) if part), class_="tr-where")


# ---- the story and the hands --------------------------------------------------------------------------------------


def commit_screen(state: State, exercise: Exercise, problem: str = "") -> Markup:
    """The story, and the form in which an answer is committed before anything is revealed."""
    return join(
        where(state, exercise, f"About {exercise.scene.minutes} minutes"),
        heading("h2", exercise.scene.title, focus=not problem, class_="tr-title"),
        el("p", exercise.scene.vignette, class_="tr-story"),
        el(
            "form",
            error(problem),
            el(
                "fieldset",
                el("legend", el("h3", f"{exercise.tree.title}: what do you think it comes to?", class_="tr-question")),
                practise_options(exercise) if state.mode == "practise" else hands(exercise),
                class_="tr-fields",
                aria_describedby="tr-error" if problem else None,
            ),
            el("button", "Commit this answer", type="submit", class_="dt-submit"),
            el("p", "Nothing is revealed before that.", class_="tr-hint"),
            method="dialog",
            autocomplete="off",
            data_commit=True,
            novalidate=True,
        ),
        buttons(go("Skip this check", "next"), go("End here: the summary", "summary"))
        if state.mode == "session"
        else None,
    )


def error(problem: str) -> Markup | None:
    """What is wrong with the form."""
    if not problem:
        return None
    words = el("span", "Error: ", class_="dt-hidden")
    return el("p", words, problem, class_="dt-error", id="tr-error", role="alert", tabindex="-1", data_focus="")


def practise_options(exercise: Exercise) -> Markup:
    """One answer to choose, for somebody who works alone."""
    chosen = next(iter(exercise.tally), "")
    options = [
        el(
            "label",
            el("input", type="radio", name="outcome", value=node.id, id=f"tr-{node.id}", checked=node.id == chosen),
            el("span", node.title),
            class_="dt-option",
            for_=f"tr-{node.id}",
        )
        for node in exercise.outcomes
    ]
    return el("div", options, class_="dt-options")


def hands(exercise: Exercise) -> Markup:
    """A count of hands for each answer, to type or to step up and down."""
    return el("div", [hand_row(exercise, node.id, node.title) for node in exercise.outcomes], class_="tr-hands")


def hand_row(exercise: Exercise, id: str, title: str) -> Markup:
    """One answer and how many hands went up for it."""
    field = el(
        "input",
        type="number",
        inputmode="numeric",
        min=0,
        max=MOST_HANDS,
        step=1,
        name=id,
        id=f"tr-{id}",
        value=exercise.tally.get(id, 0),
        autocomplete="off",
    )
    return el(
        "div",
        el("label", title, for_=f"tr-{id}"),
        el(
            "span",
            step_button("−", "One fewer", title, -1),
            field,
            step_button("+", "One more", title, 1),
            class_="tr-count",
        ),
        class_="tr-hand",
    )


def step_button(sign: str, words: str, title: str, by: int) -> Markup:
    """A button that counts one up or down."""
    return el("button", sign, type="button", data_count=str(by), aria_label=f"{words}: {title}", class_="tr-step")


def spread(exercise: Exercise, caption: str, mark: bool = False) -> Markup:
    """How many hands went up for what, as a table whose numbers have bars. `mark` says where the answers lead."""
    most = max(exercise.tally.values(), default=1)
    rows = [
        el(
            "tr",
            el(
                "th",
                node.title,
                el("span", " The story’s answers lead here.", class_="tr-led")
                if mark and node.id == exercise.outcome.id
                else None,
                scope="row",
            ),
            el("td", str(exercise.tally.get(node.id, 0)), class_="tr-number"),
            el("td", bar(exercise.tally.get(node.id, 0), most), class_="tr-bar", aria_hidden="true"),
        )
        for node in exercise.outcomes
    ]
    head = el("tr", el("th", "Answer", scope="col"), el("th", "Hands", scope="col"), el("td"))
    return el("table", el("caption", caption), el("thead", head), el("tbody", rows), class_="tr-spread")


def bar(n: int, most: int) -> Markup:
    """A bar as long as a number is large."""
    return el(
        "svg",
        el("rect", width=f"{share(n, most)}%", height="100%"),
        focusable="false",
        width="100%",
        height="20",
    )


def share(n: int, most: int) -> int:
    """A share in whole per cent."""
    return -(-100 * n // most)


# ---- question by question -----------------------------------------------------------------------------------------


def reveal_screen(state: State, exercise: Exercise) -> Markup:
    """One beat of the way: a question without its answer or with it, or all at once that nobody disputes."""
    beat = exercise.beats[state.step]
    stops = exercise.path[beat.first : beat.last + 1]
    many = len(stops) > 1
    numbers = f"Questions {beat.first + 1} to {beat.last + 1}" if many else f"Question {beat.first + 1}"
    return join(
        where(state, exercise, f"{numbers} of {len(exercise.path)}"),
        spread(exercise, "How the hands went up") if state.step == 0 and state.mode == "session" else None,
        heading("h2", "What nobody here disputes", focus=True, class_="tr-question") if many else None,
        [
            asked(exercise, stop, name, beat.answered, title=None if many else i == 0)
            for stop in stops
            for i, name in enumerate(said_facts(exercise, stop))
        ],
        because(exercise, stops, beat.last) if beat.answered else None,
        buttons(
            go(next_words(state, exercise, beat), "on", main=True),
            go("Back", "back"),
            go("Show all of it at once", "debrief"),
        ),
        story(exercise),
    )


def next_words(state: State, exercise: Exercise, beat: Beat) -> str:
    """What the button to go on says."""
    if not beat.answered:
        return "Show the answer"
    return "Next question" if state.step + 1 < len(exercise.beats) else "Show what it comes to"


def said_facts(exercise: Exercise, stop: Stop) -> list[str]:
    """The facts of a question but for the boxes to write in that the story leaves empty."""
    return [name for name in stop.facts if exercise.tree.library.facts[name].kind != "text" or stop.answers[name]]


def asked(exercise: Exercise, stop: Stop, name: str, answered: bool, title: bool | None) -> Markup:
    """A question as the tool asks it: with its options, or with what the story tells.

    `title` says whether its words are the first title of the screen; None where a title stands above.
    """
    fact = exercise.tree.library.facts[name]
    given = stop.answers[name]
    told = [el("li", "The story tells: ", words, data_told=True) for words in given_words(fact, given)]
    options = told if answered else [el("li", option.text) for option in fact.options]
    return el(
        "section",
        el("h3", fact.text) if title is None else heading("h2", fact.text, focus=title, class_="tr-question"),
        el("ul", options, class_="tr-options") if options else None,
        class_="tr-asked",
    )


def given_words(fact: Fact, value: Value) -> list[Child]:
    """An answer in words, one for each option that was ticked."""
    each = (value,) if isinstance(value, str) else value
    return [answer_words(fact, (one,) if fact.kind == "any_of" else one) for one in each]


def because(exercise: Exercise, stops: Sequence[Stop], at: int) -> Markup:
    """Why the way goes on as it does, what is still possible, and who parts from it at the last of some questions."""
    edges = counted(edge for stop in stops for edge in stop.edges)
    return join(
        [part_line(exercise, id) for id, one in exercise.partings.items() if one.at == at],
        el(
            "section",
            el("h3", "Why"),
            reasons(exercise, edges) if edges else el("p", "Nothing changes by this answer."),
            el("h3", "Still possible"),
            el(
                "ul",
                [el("li", node.title) for node in exercise.outcomes if node.id in stops[-1].possible],
                class_="tr-possible",
            ),
            class_="tr-why",
        ),
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


def part_line(exercise: Exercise, id: str) -> Markup:
    """Where an answer that hands went up for parts from the way."""
    return el(
        "p",
        el("strong", f"From here on the answers no longer lead to “{exercise.title(id)}”. "),
        decided_by(exercise, id),
        class_="tr-part",
        data_part=id,
        data_known_by=exercise.partings[id].known_by,
        data_facts=" ".join(exercise.partings[id].facts),
    )


def decided_by(exercise: Exercise, id: str) -> list[Child]:
    """Which of the story's answers see to it that an answer parts, and what that means for whoever gave it."""
    one, facts = exercise.partings[id], exercise.tree.library.facts
    given = exercise.path[one.at].answers
    return [
        [
            (f"{facts[name].text} ", el("strong", *_ended(given_words(facts[name], given[name]))), " ")
            for name in one.facts
        ],
        RESTS_ON[one.known_by],
    ]


def _ended(words: list[Child]) -> list[Child]:
    """Answers as one sentence."""
    return [part for i, word in enumerate(words) for part in ((", " if i else ""), word)] + ["."]


def story(exercise: Exercise) -> Markup:
    """The story, to look at again."""
    return el("details", el("summary", "The story again"), el("p", exercise.scene.vignette, class_="tr-story"))


# ---- the debrief ---------------------------------------------------------------------------------------------------


def debrief_screen(state: State, exercise: Exercise) -> Markup:
    """What it comes to, where answers part from it, why, and what if something were otherwise."""
    ifs = exercise.scene.what_ifs_of(exercise.check.tree)
    on = ifs[state.what_if] if state.what_if is not None else None
    shown = exercise.changed(on) if on else exercise
    return join(
        where(state, exercise, exercise.scene.title),
        found(shown, focus=True),
        [difference(exercise, shown), what_if_switches(exercise, state)] if on else None,
        None if on else [
            spread(exercise, "How the hands went up", mark=True) if state.mode == "session" else None,
            parted(exercise),
            el("section", el("h3", "The debrief"), el("p", exercise.check.debrief), rests_on(exercise)),
        ],
        deciding(shown),
        follows(shown),
        None if on else [
            what_if_switches(exercise, state),
            listed("To talk over", exercise.scene.prompts),
            lesson(exercise),
        ],
        buttons(
            go("Back to how it was", "what-if", main=True) if on else go(onward(state, exercise), "next", main=True),
            go("Back to the questions", "back"),
            go("Try again", "again"),
            go("End here: the summary", "summary") if state.mode == "session" else None,
        ),
        story(exercise),
    )  # fmt: skip


def onward(state: State, exercise: Exercise) -> str:
    """What comes after this check, in words."""
    if state.check + 1 < len(exercise.scene.checks):
        return "Next check of this story"
    if state.scene + 1 < len(state.scenes):
        return "Next scenario"
    return "The summary" if state.mode == "session" else "Done"


def found(exercise: Exercise, focus: bool) -> Markup:
    """The outcome, the police first where they are to be contacted."""
    journey = exercise.journey
    title = outcome_title(exercise.view, journey)
    return el(
        "section",
        draft(exercise.view),
        heading("h2", title, focus=focus, class_="tr-question"),
        police(exercise),
        el("p", exercise.outcome.title) if exercise.outcome.title != title and journey.level is None else None,
        el("p", why_unsettled(exercise.view, journey)) if unsettled(exercise) else None,
        class_="tr-found",
        data_outcome=exercise.outcome.id,
    )  # fmt: skip


def police(exercise: Exercise) -> Markup | None:
    """Whether to contact the police, in one line."""
    grade = exercise.tree.library.quantities["police"].grade(exercise.journey.floors["police"])
    words = el("strong", "Police: ")
    return el("p", words, f"{grade.short}.", class_="dt-strip") if grade.say else None


def unsettled(exercise: Exercise) -> bool:
    """Whether a level is given that could turn out to be another."""
    return exercise.journey.level is not None and not exercise.journey.settled


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
            go(
                ("Look at that question", el("span", f": {exercise.title(id)}", class_="dt-hidden")), "question", one.at
            ),
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
    return el(
        "section",
        el("h3", "Where the ways part"),
        el("p", "Start here.") if apart else None,
        el("ul", apart, within, class_="tr-parted"),
    )


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
    return el(
        "details",
        el("summary", f"What follows ({len(said)})"),
        el("ol", [el("li", action(exercise.view, one, exercise.journey)) for one in said], class_="dt-actions"),
        class_="tr-follows",
    )


def what_if_switches(exercise: Exercise, state: State) -> Markup | None:
    """The changes that can be tried, each a switch."""
    ifs = exercise.scene.what_ifs_of(exercise.check.tree)
    if not ifs:
        return None
    switches = [
        el("li", go(one.what, "what-if", None if state.what_if == i else i, pressed=state.what_if == i))
        for i, one in enumerate(ifs)
    ]
    return el("section", el("h3", "What if"), el("ul", switches, class_="tr-what-ifs"))


def difference(before: Exercise, after: Exercise) -> Markup:
    """What a change brings and takes away, and why that matters."""
    results = after.tree.library.results
    come = [worded(results[id], after.journey).action for id in after.journey.said if id not in before.journey.said]
    gone = [worded(results[id], before.journey).action for id in before.journey.said if id not in after.journey.said]
    same = before.outcome.id == after.outcome.id
    was = f"As before: {outcome_title(before.view, before.journey)}." if same else (
        f"Before: {outcome_title(before.view, before.journey)}. Now: {outcome_title(after.view, after.journey)}."
    )  # fmt: skip
    return el(
        "section",
        el("h3", "What is different"),
        el("p", was),
        el("p", after.what_if.why if after.what_if else None),
        listed("This comes in", come),
        listed("This falls away", gone),
        class_="tr-difference",
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
        el(
            "details",
            el("summary", f"Clauses ({len(exercise.scene.cites)})"),
            cites(exercise.view, exercise.scene.cites),
        ),
    )
