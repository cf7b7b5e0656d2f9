"""A question as HTML: where the reader is, the errors, the question itself, why it is asked, the answers so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from ..model.answers import Problem
from ..model.library import Fact, Option
from ..model.moment import PARTS, meant, parts_of
from ..model.uktime import MONTHS, read_time
from ..model.walk import Journey, Screen
from .action import tappable
from .answered import so_far
from .controls import WRITING, box, button, error, folded, form, option
from .keeping import open_a_record
from .markup import Child, Markup, el, join
from .strip import strip, strip_id
from .view import View, footing, heading

Title = Callable[[Child], Markup]
"""Makes words the heading of the screen: the focus goes there, and what stands above is heard with it."""


def question(
    view: View, journey: Journey, screen: Screen, entered: Mapping[str, object], problems: tuple[Problem, ...]
) -> Markup:
    """A screen of questions, below the police advice so far, with the errors in its form and the answers so far."""
    step = view.tree.steps[screen.step]
    shown = {*screen.facts, *screen.beside}
    facts = [view.library.facts[ask.fact] for ask in step.asks if ask.fact in shown]
    many = len([fact for fact in facts if fact.kind != "text"]) > 1 or bool(step.node.heading)
    first_box = next((fact.id for fact in facts if fact.kind == "text"), None)
    above = strip(view, screen.floors)
    described = [number_id(view)] * bool(journey.answers) + [strip_id(view)] * bool(above)
    focus, described_by = not problems and view.above is None, " ".join(described) or None
    title = partial(heading, "h1", focus=focus, class_="dt-heading", aria_describedby=described_by)
    return join(
        above,
        where(view, journey, screen),
        error_summary(view, problems),
        [el("p", tappable(view, view.library.results[r]), class_="dt-first", data_result=r) for r in step.node.shows],
        title(step.node.heading) if many else None,
        el("p", step.node.intro, class_="dt-hint") if step.node.intro else None,
        form(
            [
                field(view, fact, entered.get(fact.id), problems, title if not many and i == 0 else None, first_box)
                for i, fact in enumerate(facts)
            ],
            el("button", "Continue", type="submit", class_="dt-submit md-button md-button--primary", disabled=True),
            why(view, facts),
            data_node=step.key,
            class_="dt-form",
            novalidate=True,
        ),
        so_far(view, journey, screen.step),
        None if journey.answers else open_a_record(view),
    )


def where(view: View, journey: Journey, screen: Screen) -> Markup | None:
    """The way back and the number of the question, once there is one before it."""
    if not journey.answers:
        return None
    number = journey.screens.index(screen) + 1
    return el(
        "p",
        button("Back", "back", class_="dt-back"),
        el("span", f"Question {number}", id=number_id(view), class_="dt-number"),
        class_="dt-where",
    )


def number_id(view: View) -> str:
    """The HTML id of the question's number: the heading that gets the focus is described by it, so that it is heard."""
    return f"{view.tree.id}-question-number"


def error_summary(view: View, problems: tuple[Problem, ...]) -> Markup | None:
    """What is wrong with a form, each by the name of its question and with a link to its field."""
    if not problems:
        return None
    facts = view.library.facts
    links = [el("li", el("a", facts[p.fact].text, " ", p.message, href=f"#{place_of(view, p)}")) for p in problems]
    return el(
        "div",
        heading("h2", "There is a problem", focus=True),
        el("ul", links),
        class_="dt-errors",
        role="alert",
    )


def place_of(view: View, problem: Problem) -> str:
    """The HTML id of the field that a problem is about: the first of them, where there are several."""
    id = field_id(view, problem.fact)
    return part_id(id, problem.parts[0]) if problem.parts else id


def field_id(view: View, fact: str) -> str:
    """The HTML id of a fact’s first input."""
    return f"{view.tree.id}-{fact}".replace("_", "-")


def field(
    view: View, fact: Fact, entered: object, problems: tuple[Problem, ...], title: Title | None, first_box: str | None
) -> Markup:
    """One question of a form, by the kind of its fact. `first_box` is the first fact of the screen to write about."""
    errors = [p for p in problems if p.fact == fact.id]
    if fact.kind == "text":
        return narrative(view, fact, entered, errors, title, first=fact.id == first_box)
    draw = moment if fact.kind == "datetime" else choices
    return draw(view, fact, entered, errors, title)


def choices(view: View, fact: Fact, entered: object, errors: list[Problem], title: Title | None) -> Markup:
    """Radios or checkboxes under their legend."""
    id = field_id(view, fact.id)
    chosen = (entered,) if isinstance(entered, str) else tuple(entered) if isinstance(entered, list | tuple) else ()
    return fieldset(
        id,
        fact,
        errors,
        title,
        el(
            "div",
            [choice(view, fact, o, i, o.value in chosen) for i, o in enumerate(options_of(view, fact))],
            class_=f"dt-options{' dt-options--short' if short_options(fact) else ''}",
        ),
    )


def fieldset(id: str, fact: Fact, errors: list[Problem], title: Title | None, *inside: Markup) -> Markup:
    """The fields of a question below its words, its hint and what is wrong with it."""
    return el(
        "fieldset",
        el("legend", title(fact.text) if title else fact.text, class_="dt-legend"),
        above_field(id, fact, errors),
        inside,
        class_="dt-question",
        aria_describedby=" ".join(described(id, fact, errors)) or None,
    )


def above_field(id: str, fact: Fact, errors: list[Problem]) -> list[Markup]:
    """What stands before a field: its hint, and what is wrong with it."""
    hint = [el("p", fact.hint, class_="dt-hint", id=f"{id}-hint")] if fact.hint else []
    return [*hint, *(error(one.message, id=f"{id}-error") for one in errors[:1])]


def options_of(view: View, fact: Fact) -> list[Option]:
    """The options that this tool shows."""
    shown = [o for o in fact.options if view.tree.id in (o.only_in or (view.tree.id,))]
    return shown if fact.kind == "offer" else [o for o in shown if o.value != fact.default]


def short_options(fact: Fact) -> bool:
    """Whether the options are plain words like yes and no, which may stand side by side where there is room."""
    return (
        fact.kind == "one_of" and len(fact.options) <= 3 and all(len(o.text) < 30 and not o.hint for o in fact.options)
    )


def moment(view: View, fact: Fact, entered: object, errors: list[Problem], title: Title | None) -> Markup:
    """A day and a time in fields of their own, so that nothing typed is lost, or "not known"."""
    id = field_id(view, fact.id)
    typed = dict(zip(PARTS, parts_of(entered), strict=True))
    wrong = {part for problem in errors for part in problem.parts or PARTS}
    known = read_time(entered) if isinstance(entered, str) else None
    chosen = entered if isinstance(entered, list | tuple) else [entered]
    fields = [moment_part(fact, id, part, typed[part], part in wrong) for part in PARTS]
    known_or_not = [
        option("checkbox", fact.id, o.value, f"{id}-{i}", o.text, o.value in chosen, apart=True)
        for i, o in enumerate(fact.options, 2)
    ]
    return fieldset(
        id,
        fact,
        errors,
        title,
        el("div", fields, class_="dt-moment-parts"),
        el("p", meant(known) if known else None, class_="dt-moment-said", role="status", data_said=fact.id),
        el("div", known_or_not, class_="dt-options"),
    )


PART_WORDS = {"day": "Day", "month": "Month", "year": "Year", "time": "Time, such as 14:30"}


def moment_part(fact: Fact, id: str, part: str, typed: str, wrong: bool) -> Markup:
    """One field of a moment. The month is chosen by its name: 3 and 4 cannot be taken for one another then."""
    own = {
        "name": fact.id,
        "id": part_id(id, part),
        "data_part": part,
        "class_": f"dt-moment dt-moment--{part}",
        "autocomplete": "off",
        "aria_invalid": "true" if wrong else None,
        "aria_describedby": f"{id}-error" if wrong else None,
    }
    if part == "month":
        names = [el("option", name, value=str(n), selected=typed == str(n)) for n, name in enumerate(MONTHS, 1)]
        field = el("select", el("option", "Choose", value=""), names, **own)
    else:
        field = el("input", type="text", value=typed, inputmode=None if part == "time" else "numeric", **own)
    return el("label", el("span", PART_WORDS[part], class_="dt-key"), field, for_=part_id(id, part))


def part_id(id: str, part: str) -> str:
    """The HTML id of one field of a moment; the first has the id of the whole, for whoever comes from an error."""
    return id if part == PARTS[0] else f"{id}-{part}"


def described(id: str, fact: Fact, errors: list[Problem]) -> list[str]:
    """The ids of what describes a field."""
    return [f"{id}-hint"] * bool(fact.hint) + [f"{id}-error"] * bool(errors)


def choice(view: View, fact: Fact, one: Option, i: int, checked: bool) -> Markup:
    """One option; “none of these” and “not known” stand apart."""
    several = fact.kind == "any_of"
    return option(
        "checkbox" if several else "radio",
        fact.id,
        one.value,
        field_id(view, fact.id) + (f"-{i + 1}" if i else ""),
        (one.text, el("span", one.hint, class_="dt-option-hint") if one.hint else None),
        checked,
        apart=one.exclusive or one.value == "not_known",
        data_exclusive="" if one.exclusive and several else None,
    )


def narrative(
    view: View, fact: Fact, entered: object, errors: list[Problem], title: Title | None, *, first: bool
) -> Markup:
    """A box to write in. What holds for every box is said beside the first of a screen, and heard at each."""
    id, writing_id = field_id(view, fact.id), f"{view.tree.id}-writing"
    label = el("label", fact.text, for_=id)
    return el(
        "div",
        title(label) if title else el("p", label, class_="dt-legend"),
        el("p", WRITING, class_="dt-hint", id=writing_id) if first else None,
        above_field(id, fact, errors),
        box(
            fact.id,
            id,
            entered if isinstance(entered, str) else "",
            5,
            " ".join([*described(id, fact, errors), writing_id]),
            wrong=bool(errors),
        ),
        class_="dt-question dt-narrative",
    )


def why(view: View, facts: list[Fact]) -> Markup | None:
    """Why the questions of a screen are asked, each with its clauses, in one fold."""
    asked = [fact for fact in facts if fact.why]
    named = [el("p", el("strong", _named(fact))) if len(asked) > 1 else None for fact in asked]
    said = [
        (name, el("p", fact.why), footing(view, fact.cites, fact.basis))
        for name, fact in zip(named, asked, strict=True)
    ]
    return folded("Why we ask", said, class_="dt-why") if asked else None


def _named(fact: Fact) -> str:
    words = fact.short or fact.text
    return f"{words[0].upper()}{words[1:]}"
