"""A result as HTML: from what to do now to the reasons and what is not known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..model.answers import LONGEST_TEXT
from ..model.approval import approval_of
from ..model.library import Edge, Result
from ..model.remarks import OPINIONS
from ..model.walk import Journey
from .action import action
from .answered import so_far
from .keeping import keep_a_record
from .markup import Markup, el
from .view import View, cite, footing, heading

if TYPE_CHECKING:
    from ..analysis.outlook import Conclusion

GROUPS = (
    ("finding", "What your answers show"),
    ("plan", "What others then do"),
    ("looked_after", "For a Looked After child"),
    ("note", "Also"),
)


def result(view: View, ended: Conclusion) -> Markup:
    """The result of a journey, from what to do now to the reasons and what is not known."""
    said = [view.library.results[name] for name in ended.said]
    return el(
        "div",
        heading("h2", outcome_title(view, ended), focus=view.above is None, class_="dt-heading"),
        draft(view),
        do_now(view, ended, [r for r in said if r.group == "now"]),
        level(view, ended),
        [group(view, ended, title, [r for r in said if r.group == name]) for name, title in GROUPS],
        offers(view, ended),
        reasons(view, ended),
        would_change(),
        not_known(view, ended),
        narratives(view, ended),
        your_view(view),
        so_far(view, ended, ""),
        keep_a_record(view),
        class_="dt-result",
    )


def outcome_title(view: View, ended: Conclusion) -> str:
    """The title of a result. The police come first where no level is given.

    An unsettled level says that it holds for now, and leaves out how likely harm is: that was not found (s2-l2-01).
    """
    if ended.level is None and ended.floors["police"]:
        return view.library.quantities["police"].grade(ended.floors["police"]).name
    if ended.level is None or ended.settled:
        return ended.outcome.title
    return f"For now level {ended.level}"


def draft(view: View) -> Markup | None:
    """The approval status, while it is a draft."""
    approval = approval_of(view.library.approval)
    return el("p", f"{approval['notice']}.", class_="dt-draft") if approval["status"] == "draft" else None


def do_now(view: View, ended: Conclusion, said: list[Result]) -> Markup | None:
    """What the reader does now, in order, the police first."""
    if not said:
        return None
    return el(
        "section",
        el("h3", "Do this now"),
        el("ol", [el("li", action(view, r, ended)) for r in said], class_="dt-actions"),
        class_="dt-do-now",
    )


def level(view: View, ended: Conclusion) -> Markup | None:
    """The level in words, number and shape, or the text of an outcome without one."""
    if ended.level is None:
        found = el("h3", ended.outcome.title) if ended.outcome.title != outcome_title(view, ended) else None
        words = el("p", ended.outcome.text) if ended.outcome.text else None
        return el("section", found, words) if found or words else None
    levels = view.library.quantities["level"]
    grade = levels.grade(ended.level)
    steps = [
        el(
            "li",
            el("span", "Level ", class_="dt-hidden"),
            str(n),
            el("span", " (possible)", class_="dt-hidden") if n in ended.could_be and n != ended.level else None,
            class_="dt-meter-step",
            data_on="" if n == ended.level else None,
            data_could="" if n in ended.could_be else None,
            aria_current="true" if n == ended.level else None,
        )
        for n in (each.at for each in levels.grades)
    ]
    return el(
        "section",
        el("h3", grade.name if ended.settled else f"Level {ended.level}, for now"),
        el("ol", steps, class_="dt-meter", aria_label=levels.label or None),
        el("p", ended.outcome.text) if ended.outcome.text and ended.settled else None,
        unsettled(view, ended),
        footing(view, grade.cites, grade.basis),
        class_="dt-level",
    )


def unsettled(view: View, ended: Conclusion) -> Markup | None:
    """The levels it could turn out to be, and what is not known."""
    if ended.settled:
        return None
    return el(
        "p",
        el("strong", f"Not settled. For now level {ended.level}. "),
        why_unsettled(view, ended),
        class_="dt-unsettled",
    )


def why_unsettled(view: View, ended: Conclusion) -> str:
    """The other levels that it could turn out to be, and for want of what."""
    from ..analysis.outlook import would_settle  # here, so that no question waits for it

    others = [n for n in ended.could_be if n != ended.level]
    named = [
        f"level {n}" if n else "no level at all, because the person is an adult"
        for n in sorted(others, key=lambda n: n or 9)
    ]
    facts = [view.library.facts[name] for name in would_settle(view.tree, ended)]
    return f"It could turn out to be {_or(named)}: it is not known {_and([fact.short or fact.text for fact in facts])}."


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
        clause_words(view, deciding),
    )


def clause_words(view: View, edges: list[Edge]) -> Markup | None:
    """The clauses behind some reasons, in the words of the site's own pages: taken from there, not typed again."""
    ids = dict.fromkeys(id for edge in edges for id in edge.cites)
    places: dict[str, tuple[str, Mapping[str, str]]] = {}
    for id in ids:  # one clause of the site may carry several facts of the source
        clause = view.library.clauses.get(id, {})
        if clause.get("text"):
            places.setdefault(clause["url"], (id, clause))
    if not places:
        return None
    return el(
        "details",
        el("summary", f"What the procedure says ({len(places)})"),
        el("dl", [clause_row(view, id, clause) for id, clause in places.values()], class_="dt-clauses"),
    )


def clause_row(view: View, id: str, clause: Mapping[str, str]) -> Markup:
    """One clause: what it is about as a link to where it stands, its duty, its words."""
    duty = clause.get("duty", "")
    label = (el("strong", duty.capitalize(), class_=f"dt-duty dt-duty--{duty}"), " ") if duty else None
    return el("div", el("dt", cite(view, id)), el("dd", label, clause["text"]))


def would_change() -> Markup:
    """The place for what would change this: the page asks for it once the result is on the screen."""
    return el(
        "section",
        el("h3", "What would change this"),
        el(
            "details",
            el("summary", "See what another answer could lead to"),
            el("div", data_later="changes"),
        ),
        class_="dt-would-change",
    )


def your_view(view: View) -> Markup:
    """Room to agree or differ, and to say why. Nothing waits for it and nothing is altered by it."""
    id, given = f"{view.tree.id}-remarks", view.remarks
    options = [
        el(
            "label",
            el("input", type="radio", name="opinion", value=value, id=f"{id}-{value}", checked=value == given.opinion),
            el("span", words),
            class_="dt-option",
            for_=f"{id}-{value}",
        )
        for value, words in OPINIONS.items()
    ]
    return el(
        "section",
        el("h3", "Your view"),
        el(
            "p",
            "This is a prompt for discussion, not an assessment. "
            "Your professional judgement decides, with your manager’s and your partners’. "
            "Say here whether you agree, if you wish. It changes nothing above, and no action waits for it.",
        ),
        el(
            "form",
            el(
                "fieldset",
                el("legend", "Do you agree with this result?", class_="dt-legend"),
                el("div", options, class_="dt-options dt-options--short"),
                class_="dt-question",
            ),
            el(
                "div",
                el("p", el("label", "Why do you see it so?", for_=f"{id}-why"), class_="dt-legend"),
                el("p", "You need not write anything. No names, please.", class_="dt-hint", id=f"{id}-why-hint"),
                el(
                    "textarea",
                    given.why,
                    name="why",
                    id=f"{id}-why",
                    class_="dt-text",
                    rows=4,
                    maxlength=LONGEST_TEXT,
                    autocomplete="off",
                    spellcheck="false",
                    aria_describedby=f"{id}-why-hint",
                ),
                class_="dt-question dt-narrative",
            ),
            method="dialog",
            autocomplete="off",
            data_remarks=True,
            class_="dt-remarks",
        ),
        class_="dt-view",
    )


def decides(edge: Edge, journey: Journey) -> bool:
    """Whether an edge set the result: it raised a floor to where it ended, or said something."""
    return bool(edge.says) or any(journey.floors[quantity] == floor for quantity, floor in edge.raises)


def reason(view: View, edge: Edge) -> Markup:
    """One edge taken: why, by which clauses and on what footing."""
    return el(
        "li",
        edge.because,
        footing(view, edge.cites, edge.basis),
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
