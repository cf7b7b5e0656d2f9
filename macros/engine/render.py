"""A journey as HTML: the question to answer, or the result. Written once, for the build and for the browser.

Knows words and markup; decides nothing. A `View` carries what every part needs: the tree, and the relative
path from the page to the site's root.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .answers import Problem
from .guards import Value, evaluate
from .html import Child, Markup, el, join
from .library import Contact, Edge, Fact, Library, Option, Result
from .reach import most_screens_left
from .tree import Step, Tree
from .uktime import later, read_time
from .uktime import words as time_words
from .walk import Journey, Screen, walk

BASIS = {"source": "the procedure says", "SR": "safest reading, open question", "DC": "design choice"}
GROUPS = (
    ("finding", "What your answers show"),
    ("plan", "What others then do"),
    ("looked_after", "For a Looked After child"),
    ("note", "Also"),
)
LEVELS_ON_METER = 4


@dataclass(frozen=True)
class View:
    """What every part of a page needs: the tree, and the relative path from the page to the root of the site."""

    tree: Tree
    base: str

    @property
    def library(self) -> Library:
        return self.tree.library


def page_of(tree: Tree, base: str) -> Markup:
    """The first question as the page carries it at build: the inner HTML of the tool's screen."""
    return screen_of(View(tree, base), walk(tree, {}))


def screen_of(
    view: View,
    journey: Journey,
    step: str | None = None,
    entered: Mapping[str, object] | None = None,
    problems: tuple[Problem, ...] = (),
) -> Markup:
    """The HTML of one screen of a journey.

    Shows the result, or the question at `step` (by default the one the journey stands at) with the answers
    `entered` and the `problems` found in them.
    """
    if step is None and journey.state == "outcome":
        return result(view, journey)
    screen = next((s for s in journey.screens if s.step == (step or journey.step)), None)
    if screen is None:
        return stuck(view)
    return question(view, journey, screen, journey.answers if entered is None else entered, problems)


def stuck(view: View) -> Markup:
    """What a reader sees if a tree has a defect that its proofs should have excluded."""
    return join(
        heading("h2", "This check cannot go on", focus=True),
        el("p", "Something is wrong with this check. Use the readable version below, and tell your library editor."),
    )


def heading(tag: str, text: Child, focus: bool = False, **attributes: str | None) -> Markup:
    """A heading; with `focus` it is where focus goes when the screen appears."""
    marks = {"data_focus": "", "tabindex": "-1"} if focus else {}
    return el(tag, text, **attributes, **marks)


# ---- a question -------------------------------------------------------------------------------------------------


def question(
    view: View, journey: Journey, screen: Screen, entered: Mapping[str, object], problems: tuple[Problem, ...]
) -> Markup:
    """A screen of questions: the police advice so far, the errors, the form, and the answers so far."""
    step = view.tree.steps[screen.step]
    facts = [view.library.facts[name] for name in screen.facts]
    many = len([fact for fact in facts if fact.kind != "text"]) > 1 or bool(step.node.heading)
    return join(
        police_line(view, journey, screen),
        error_summary(view, problems),
        progress_cue(view, journey, screen),
        heading("h2", step.node.heading, focus=not problems, class_="dt-heading") if many else None,
        el("p", step.node.intro, class_="dt-hint") if step.node.intro else None,
        [action(view, view.library.results[r], journey, now=True) for r in step.node.shows],
        el(
            "form",
            [
                field(view, fact, entered.get(fact.id), problems, legend_is_heading=not many and i == 0)
                for i, fact in enumerate(facts)
            ],
            el("button", "Continue", type="submit", class_="dt-submit md-button md-button--primary", disabled=True),
            method="dialog",
            autocomplete="off",
            data_node=step.key,
            class_="dt-form",
            novalidate=True,
        ),
        so_far(view, journey, screen.step),
    )


def police_line(view: View, journey: Journey, screen: Screen) -> Markup | None:
    """The police advice that stands so far: in full when the last answers brought it, one quiet line after that."""
    police = view.library.quantities["police"]
    grade = police.grade(screen.floors["police"])
    if not grade.say:
        return None
    i = journey.screens.index(screen)
    fresh = i > 0 and journey.screens[i - 1].floors["police"] < grade.at
    shown = view.library.results[grade.say]
    if fresh:
        return action(view, shown, journey, now=True)
    return el("p", el("strong", "Police: "), grade.short, class_="dt-police dt-police--quiet")


def error_summary(view: View, problems: tuple[Problem, ...]) -> Markup | None:
    """What is wrong with a form, each with a link to its field."""
    if not problems:
        return None
    links = [el("li", el("a", p.message, href=f"#{field_id(view, p.fact)}")) for p in problems]
    return el(
        "div",
        heading("h2", "There is a problem", focus=True),
        el("ul", links),
        class_="dt-errors",
        role="alert",
    )


def progress_cue(view: View, journey: Journey, screen: Screen) -> Markup | None:
    """How many screens there can still be at most; nothing while an earlier answer is changed."""
    if screen.step != journey.step or not journey.answers:
        return None
    left = most_screens_left(view.tree, journey)
    return el("p", f"At most {left} {'question' if left == 1 else 'questions'} left", class_="dt-progress-cue")


def field_id(view: View, fact: str) -> str:
    """The HTML id of a fact’s first input."""
    return f"{view.tree.id}-{fact}".replace("_", "-")


def field(view: View, fact: Fact, entered: object, problems: tuple[Problem, ...], legend_is_heading: bool) -> Markup:
    """One question of a form, by the kind of its fact."""
    errors = [p for p in problems if p.fact == fact.id]
    draw = {"text": narrative, "datetime": moment}.get(fact.kind, choices)
    return draw(view, fact, entered, errors, legend_is_heading)


def choices(view: View, fact: Fact, entered: object, errors: list[Problem], legend_is_heading: bool) -> Markup:
    """Radios or checkboxes under their legend."""
    id = field_id(view, fact.id)
    chosen = (entered,) if isinstance(entered, str) else tuple(entered) if isinstance(entered, list | tuple) else ()
    focus = legend_is_heading and not errors
    legend = heading("h2", fact.text, focus=focus, class_="dt-heading") if legend_is_heading else fact.text
    return el(
        "fieldset",
        el("legend", legend, class_="dt-legend"),
        el("p", fact.hint, class_="dt-hint", id=f"{id}-hint") if fact.hint else None,
        why(view, fact),
        [
            el("p", el("span", "Error: ", class_="dt-hidden"), p.message, class_="dt-error", id=f"{id}-error")
            for p in errors[:1]
        ],
        el(
            "div",
            [choice(view, fact, o, i, o.value in chosen) for i, o in enumerate(fact.options)],
            class_=f"dt-options{' dt-options--short' if short_options(fact) else ''}",
        ),
        class_="dt-question",
        aria_describedby=" ".join(described(id, fact, errors)) or None,
    )


def short_options(fact: Fact) -> bool:
    """Whether the options are plain words like yes and no, which may stand side by side where there is room."""
    return (
        fact.kind == "one_of" and len(fact.options) <= 3 and all(len(o.text) < 30 and not o.hint for o in fact.options)
    )


def moment(view: View, fact: Fact, entered: object, errors: list[Problem], legend_is_heading: bool) -> Markup:
    """A day and a time, or "not known"."""
    id = field_id(view, fact.id)
    known = entered if isinstance(entered, str) and entered not in fact.values else ""
    return el(
        "fieldset",
        el("legend", fact.text, class_="dt-legend"),
        el("p", fact.hint, class_="dt-hint", id=f"{id}-hint") if fact.hint else None,
        why(view, fact),
        [
            el("p", el("span", "Error: ", class_="dt-hidden"), p.message, class_="dt-error", id=f"{id}-error")
            for p in errors[:1]
        ],
        el(
            "label",
            el("span", "Day and time", class_="dt-key"),
            " ",
            el(
                "input", type="datetime-local", name=fact.id, id=id, value=known, autocomplete="off", class_="dt-moment"
            ),
            for_=id,
        ),
        el(
            "div",
            [
                el(
                    "label",
                    el(
                        "input",
                        type="checkbox",
                        name=fact.id,
                        value=o.value,
                        id=f"{id}-{i}",
                        checked=entered == o.value,
                        autocomplete="off",
                    ),
                    el("span", o.text),
                    class_="dt-option dt-option--apart",
                    for_=f"{id}-{i}",
                )
                for i, o in enumerate(fact.options, 2)
            ],
            class_="dt-options",
        ),
        class_="dt-question",
        aria_describedby=" ".join(described(id, fact, errors)) or None,
    )


def described(id: str, fact: Fact, errors: list[Problem]) -> list[str]:
    """The ids of what describes a field."""
    return [f"{id}-hint"] * bool(fact.hint) + [f"{id}-error"] * bool(errors)


def choice(view: View, fact: Fact, option: Option, i: int, checked: bool) -> Markup:
    """One option; “none of these” and “not known” stand apart."""
    id = field_id(view, fact.id) + (f"-{i + 1}" if i else "")
    apart = option.exclusive or option.value == "not_known"
    button = el(
        "input",
        type="checkbox" if fact.kind == "any_of" else "radio",
        name=fact.id,
        value=option.value,
        id=id,
        checked=checked,
        data_exclusive="" if option.exclusive and fact.kind == "any_of" else None,
        autocomplete="off",
    )
    words = el("span", option.text, el("span", option.hint, class_="dt-option-hint") if option.hint else None)
    return el("label", button, words, class_=f"dt-option{' dt-option--apart' if apart else ''}", for_=id)


def narrative(view: View, fact: Fact, entered: object, errors: list[Problem], legend_is_heading: bool) -> Markup:
    """A box to write in."""
    id = field_id(view, fact.id)
    label = el("label", fact.text, for_=id)
    return el(
        "div",
        heading("h2", label, focus=not errors, class_="dt-heading")
        if legend_is_heading
        else el("p", label, class_="dt-legend"),
        el("p", fact.hint, class_="dt-hint", id=f"{id}-hint") if fact.hint else None,
        why(view, fact),
        [el("p", p.message, class_="dt-error", id=f"{id}-error") for p in errors[:1]],
        el(
            "textarea",
            entered if isinstance(entered, str) else "",
            name=fact.id,
            id=id,
            class_="dt-text",
            rows=5,
            autocomplete="off",
            spellcheck="false",
            aria_describedby=" ".join(described(id, fact, errors)) or None,
        ),
        class_="dt-question dt-narrative",
    )


def why(view: View, fact: Fact) -> Markup | None:
    """Why a question is asked, with its clauses."""
    if not fact.why:
        return None
    return el(
        "p", fact.why, " ", cites(view, fact.cites), basis(view, fact.basis) if fact.basis else None, class_="dt-why"
    )


def so_far(view: View, journey: Journey, current: str) -> Markup | None:
    """The answers so far, each with its "change"."""
    rows = [
        so_far_row(view, journey, s)
        for s in journey.screens
        if s.step != current and set(s.facts) <= set(journey.answers)
    ]
    if not rows:
        return None
    return el(
        "details",
        el("summary", f"Your answers so far ({len(rows)})"),
        el("dl", rows, class_="dt-answers"),
        el("button", "Start again", type="button", data_action="restart", class_="dt-restart dt-secondary"),
        class_="dt-so-far",
    )


def so_far_row(view: View, journey: Journey, screen: Screen) -> Markup:
    """The answers of one screen, with “change”."""
    facts = [view.library.facts[name] for name in screen.facts]
    pairs = [(el("dt", fact.text), el("dd", answer_words(fact, journey.answers[fact.id]))) for fact in facts]
    what = facts[0].short or facts[0].text
    change = el(
        "button",
        "Change",
        el("span", f": {what}", class_="dt-hidden"),
        type="button",
        data_action="change",
        data_node=screen.step,
        class_="dt-change",
    )
    return el("div", pairs, el("dd", change), class_="dt-answer")


def answer_words(fact: Fact, value: Value) -> Child:
    """An answer in the words of its options."""
    if fact.kind == "text":
        return value or el("span", "Nothing written", class_="dt-empty")
    if fact.kind == "datetime" and isinstance(value, str) and (time := read_time(value)):
        return time_words(time)
    return "; ".join(fact.label(v) for v in ((value,) if isinstance(value, str) else value))


# ---- a result ---------------------------------------------------------------------------------------------------


def result(view: View, journey: Journey) -> Markup:
    """The result of a journey, from what to do now to the reasons and what is not known."""
    said = [view.library.results[name] for name in journey.said]
    return el(
        "div",
        heading("h2", outcome_title(view, journey), focus=True, class_="dt-heading"),
        draft(view),
        do_now(view, journey, [r for r in said if r.group == "now"]),
        level(view, journey),
        [group(view, journey, title, [r for r in said if r.group == name]) for name, title in GROUPS],
        offers(view, journey),
        reasons(view, journey),
        not_known(view, journey),
        narratives(view, journey),
        el(
            "p",
            "This is a prompt for discussion, not an assessment. "
            "Your professional judgement decides, with your manager’s and your partners’.",
            class_="dt-hint",
        ),
        so_far(view, journey, ""),
        el("button", "Start again", type="button", data_action="restart", class_="dt-restart dt-secondary"),
        class_="dt-result",
    )


def outcome_title(view: View, journey: Journey) -> str:
    """The title of a result; an unsettled level says that it holds for now."""
    assert journey.outcome is not None
    if journey.level is None or journey.settled:
        return journey.outcome.title
    return f"For now {journey.outcome.title[0].lower()}{journey.outcome.title[1:]}"


def draft(view: View) -> Markup | None:
    """The approval status, while it is a draft."""
    if view.library.approval.get("status") == "approved":
        return None
    return el("p", "Draft: not approved for live use.", class_="dt-draft")


def do_now(view: View, journey: Journey, said: list[Result]) -> Markup | None:
    """What the reader does now, in order, the police first."""
    if not said:
        return None
    return el(
        "section",
        el("h3", "Do this now"),
        el("ol", [el("li", action(view, r, journey)) for r in said], class_="dt-actions"),
        class_="dt-do-now",
    )


def level(view: View, journey: Journey) -> Markup | None:
    """The level in words, number and shape, or the text of an outcome without one."""
    assert journey.outcome is not None
    if journey.level is None:
        return el("section", el("p", journey.outcome.text)) if journey.outcome.text else None
    grade = view.library.quantities["level"].grade(journey.level)
    steps = [
        el(
            "li",
            el("span", f"Level {n}", class_="dt-hidden"),
            str(n),
            class_="dt-meter-step",
            data_on="" if n == journey.level else None,
            data_could="" if n in journey.could_be else None,
            aria_current="true" if n == journey.level else None,
        )
        for n in range(1, LEVELS_ON_METER + 1)
    ]
    return el(
        "section",
        el("h3", grade.name),
        el("ol", steps, class_="dt-meter", aria_label="The four levels"),
        el("p", journey.outcome.text) if journey.outcome.text else None,
        unsettled(view, journey),
        el("p", cites(view, grade.cites), basis(view, grade.basis) if grade.basis else None),
        class_="dt-level",
    )


def unsettled(view: View, journey: Journey) -> Markup | None:
    """The levels it could turn out to be, and what is not known."""
    if journey.settled:
        return None
    others = [n for n in journey.could_be if n != journey.level]
    named = [
        f"level {n}" if n else "no level at all, because the person is an adult"
        for n in sorted(others, key=lambda n: n or 9)
    ]
    facts = [view.library.facts[name] for name in journey.not_known]
    bearing = [fact.short or fact.text for fact in facts if "level" in fact.bears_on]
    return el(
        "p",
        el("strong", f"Not settled. For now level {journey.level}. "),
        f"It could turn out to be {_or(named)}: it is not known ",
        f"{_and(bearing)}.",
        class_="dt-unsettled",
    )


def _or(parts: list[str]) -> str:
    return " or ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _and(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def group(view: View, journey: Journey, title: str, said: list[Result]) -> Markup | None:
    """Results that belong together, under their title."""
    if not said:
        return None
    return el(
        "section", el("h3", title), el("ul", [el("li", action(view, r, journey)) for r in said], class_="dt-actions")
    )


def action(view: View, result: Result, journey: Journey, now: bool = False) -> Markup:
    """One thing to do: the action, who, when, how to reach them, where it stands in the procedure."""
    words, footing = wording(result, journey)
    urgent = result.route == "police"
    return el(
        "div",
        el("p", words, class_="dt-action-what"),
        el("p", el("span", "Who: ", class_="dt-key"), result.actor, class_="dt-action-who"),
        el("p", el("span", "When: ", class_="dt-key"), result.timescale, class_="dt-action-when"),
        deadline(result, journey),
        el("ul", [el("li", point) for point in result.points]) if result.points else None,
        el("p", result.note, class_="dt-hint") if result.note else None,
        [contact(view.library.contacts[c]) for c in result.contacts],
        tool_link(view, result),
        el("p", cites(view, result.cites), basis(view, footing), class_="dt-cites"),
        class_=f"dt-action{' dt-police' if urgent else ''}{' dt-act-now' if now else ''}",
        data_result=result.id,
    )


def wording(result: Result, journey: Journey) -> tuple[str, str]:
    """A result's action and basis, in the words meant for this reader."""

    def look(leaf: object) -> bool | None:
        value = journey.answers.get(getattr(leaf, "fact", ""))
        return None if value is None else leaf.holds(value)  # type: ignore[attr-defined]

    for own in result.wordings:
        if evaluate(own.guard, look):
            return own.action, own.basis
    return result.action, result.basis


def deadline(result: Result, journey: Journey) -> Markup | None:
    """The last moment for an action, worked out from the time in the answers (s11-13: 72 hours from the return)."""
    if not result.deadline:
        return None
    answer = journey.answers.get(result.deadline.fact)
    start = read_time(answer) if isinstance(answer, str) else None
    if start is None:
        return None
    until = time_words(later(start, result.deadline.hours))
    return el("p", el("span", "By: ", class_="dt-key"), el("strong", until), " (UK time)", class_="dt-deadline")


def contact(contact: Contact) -> Markup:
    """How to reach somebody; an empty number says whom to ask."""
    number = contact.number or "ask your library editor"
    label = "" if contact.from_procedure else " (not from the procedure)"
    return el("p", f"{contact.name}: ", el("strong", number), label, class_="dt-contact")


def tool_link(view: View, result: Result) -> Markup | None:
    """A link to the tool that helps further, if there is one."""
    if not result.tool or result.tool not in view.library.trees:
        return None
    return el("p", el("a", view.library.trees[result.tool].title, href=f"{view.base}tools/{result.tool}/"))


def offers(view: View, journey: Journey) -> Markup | None:
    """Ways on that nobody need take, as buttons."""
    facts = [view.library.facts[name] for name in journey.offers]
    if not facts:
        return None
    buttons = [
        el(
            "div",
            el("p", fact.hint, class_="dt-hint") if fact.hint else None,
            el(
                "button",
                fact.text,
                type="button",
                data_action="offer",
                data_fact=fact.id,
                data_value=next(v for v in fact.values if v != fact.default),
                class_="dt-secondary md-button",
            ),
        )
        for fact in facts
    ]
    return el("section", el("h3", "You can go on from here"), buttons, class_="dt-offers")


def reasons(view: View, journey: Journey) -> Markup | None:
    """The answers that decided, then the others that counted."""
    if not journey.reasons:
        return None
    deciding = [edge for edge in journey.reasons if decides(edge, journey)]
    others = [edge for edge in journey.reasons if edge not in deciding]
    return el(
        "section",
        el("h3", "Why"),
        el("ol", [reason(view, edge) for edge in deciding], class_="dt-reasons"),
        el(
            "details",
            el("summary", f"Other answers that counted ({len(others)})"),
            el("ol", [reason(view, edge) for edge in others], class_="dt-reasons"),
        )
        if others
        else None,
    )


def decides(edge: Edge, journey: Journey) -> bool:
    """Whether an edge set the result: it raised a floor to where it ended, or said something."""
    return bool(edge.says) or any(journey.floors[quantity] == floor for quantity, floor in edge.raises)


def reason(view: View, edge: Edge) -> Markup:
    """One edge taken: why, by which clauses and on what footing."""
    return el(
        "li",
        edge.because,
        " ",
        cites(view, edge.cites),
        basis(view, edge.basis),
        class_="dt-reason",
        data_edge=edge.name,
    )


def not_known(view: View, journey: Journey) -> Markup | None:
    """What is not known, and how to find out."""
    facts = [view.library.facts[name] for name in journey.not_known]
    if not facts:
        return None
    rows = [
        el("li", el("strong", fact.text), " ", fact.find_out or "Find out, and do this check again.") for fact in facts
    ]
    return el("section", el("h3", "What is not known, and how to find out"), el("ul", rows), class_="dt-unknown")


def narratives(view: View, journey: Journey) -> Markup | None:
    """What the reader wrote."""
    facts = [view.library.facts[n] for n, v in journey.answers.items() if view.library.facts[n].kind == "text" and v]
    if not facts:
        return None
    rows = [(el("dt", fact.text), el("dd", str(journey.answers[fact.id]))) for fact in facts]
    return el("section", el("h3", "What you wrote"), el("dl", rows, class_="dt-written"))


# ---- clauses and their footing ----------------------------------------------------------------------------------


def cites(view: View, ids: tuple[str, ...]) -> Markup | None:
    """Links to the clauses, by their titles."""
    if not ids:
        return None
    return el("span", [cite(view, id) for id in ids], class_="dt-cites")


def cite(view: View, id: str) -> Markup:
    """A link to one clause."""
    clause = view.library.clauses.get(id, {})
    if not clause.get("url"):
        return el("span", clause.get("title", id), class_="dt-cite")
    return el("a", clause["title"], href=view.base + clause["url"], class_="dt-cite")


def basis(view: View, basis: str) -> Markup:
    """What a step stands on: the source, a safest reading or a design choice, with its open question."""
    kind, _, number = basis.partition("-")
    name = {"source": "source", "SR": "reading", "DC": "design"}[kind]
    words = BASIS[kind] + (f" {number}" if number and number != "0" else "")
    if kind == "source":
        return el("span", words, class_=f"dt-basis dt-basis--{name}")
    anchor = f"q-{number}" if kind == "SR" else f"dc-{number}"
    return el("a", words, href=f"{view.base}about/open-questions/#{anchor}", class_=f"dt-basis dt-basis--{name}")


def step_words(view: View, step: Step) -> str:
    """A step's own name in words: its heading, or its first question."""
    if step.node.heading or not step.asks:
        return step.node.heading or step.node.title or step.node.id
    return view.library.facts[step.asks[0].fact].text
