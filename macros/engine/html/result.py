"""A result as HTML: from what to do now to the reasons and what is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ..model.answers import LONGEST_TEXT
from ..model.approval import approval_of
from ..model.library import Edge, Result
from ..model.remarks import OPINIONS
from ..model.walk import Journey
from .action import action, stands_on, tappable, without_number, worded
from .answered import answers
from .call import call
from .controls import box, button, folded, form, option
from .keeping import keep_a_record, leave
from .markup import Markup, el, join
from .question import options_of
from .sections import fold, most_words, sections, words_in
from .strip import strip, strip_id
from .view import View, cite, either, footing, heading

if TYPE_CHECKING:
    from ..analysis.outlook import Conclusion, OpenAnswer

SHOWN = 3
"""How many open answers stand open on a result; the rest is behind a fold."""


def result(view: View, ended: Conclusion) -> Markup:
    """The result of a journey: what it came to and what to do now, then what follows; all else is one tap down."""
    said = [view.library.results[name] for name in ended.said]
    title = outcome_title(view, ended)
    floors = ended.screens[-1].floors
    above = strip(view, floors) if floors["police"] == view.library.quantities["police"].highest else None
    first = join(
        el(
            "div",
            button("Back", "back", class_="dt-back"),
            draft(view),
            class_="dt-where",
        ),
        heading(
            "h1",
            title,
            focus=view.above is None,
            class_="dt-heading",
            aria_describedby=strip_id(view) if above else None,
        ),
        level(view, ended),
        do_now(view, ended, said),
        found(view, ended),
    )
    unsettled = could_change(view, ended)
    opened, folds = sections(view, ended, said, most_words(view, ended) - words_in(join(first, unsettled)))
    return el(
        "div",
        above,
        first,
        call(view, ended),
        taps(view, ended),
        unsettled,
        opened,
        folds,
        fold("Why", join(reasons(view, ended), not_known(view, ended)), "dt-why-result", printed=True),
        would_change(),
        fold(
            "Your answers",
            join(offers(view, ended), narratives(view, ended), answers(view, ended)),
            "dt-so-far",
            printed=True,
        ),
        fold("Your view, and a record", join(your_view(view, ended), keep_a_record(view)), printed=True),
        fold("Where this comes from", sources(view, ended, said)),
        leave(),
        class_="dt-result",
    )


def sources(view: View, ended: Conclusion, said: list[Result]) -> Markup:
    """What each thing that is said stands on, in one place."""
    grade = view.library.quantities["level"].grade(ended.level) if ended.level else None
    level_row = (
        el("li", el("strong", f"Level {ended.level}"), footing(view, grade.cites, grade.basis)) if grade else None
    )
    own = [worded(r, ended) for r in said]
    rows = [el("li", el("strong", r.action), stands_on(view, r), data_source=r.id) for r in own]
    return el("ul", level_row, rows, class_="dt-sources")


def outcome_title(view: View, ended: Conclusion) -> str:
    """The title of a result. The police come first where no level is given.

    Where a level is not settled, or stands beside a police action, nothing is said of how likely harm is: "unlikely"
    above a police action misleads, and a level is not a measure of an offence.
    """
    police = view.library.quantities["police"]
    grade = police.grade(ended.floors["police"])
    directly = grade.at == police.highest
    if ended.level is None:
        return grade.name if directly else ended.outcome.title
    if not ended.settled:
        return f"Level not settled: {either([_level(n) for n in ended.could_be])}"
    if says_likelihood(view, ended):
        return ended.outcome.title
    return f"At least level {ended.level}" if directly else f"Level {ended.level}"


def says_likelihood(view: View, ended: Conclusion) -> bool:
    """Whether the words of likelihood of the level may stand: settled, and no police action below the highest level."""
    highest = view.library.quantities["level"].highest
    return ended.settled and (ended.level == highest or not ended.floors["police"])


def _level(n: int) -> str:
    return str(n) if n else "no level"


def found(view: View, ended: Conclusion) -> Markup | None:
    """What was found where no level is given and the police come first."""
    if ended.level is not None:
        return None
    title = el("h2", ended.outcome.title) if ended.outcome.title != outcome_title(view, ended) else None
    words = el("p", ended.outcome.text) if ended.outcome.text else None
    return el("section", title, words) if title or words else None


def draft(view: View) -> Markup | None:
    """The approval status, while it is a draft."""
    approval = approval_of(view.library.approval)
    return el("p", f"{approval['notice']}.", class_="dt-draft") if approval["status"] == "draft" else None


def do_now(view: View, ended: Conclusion, said: list[Result]) -> Markup | None:
    """What the reader does now, in order, the police first; below the steps the lines that go with them."""
    steps = [r for r in said if r.group == "now"]
    if not steps:
        return None
    return el(
        "section",
        el("h2", "Do now"),
        el("ol", [el("li", action(view, r, ended, among=True)) for r in steps], class_="dt-actions"),
        None if view.unfolded else without_number(view, [worded(r, ended) for r in steps]),
        [line(view, r, ended) for r in said if r.group == "beside" and not r.folded],
        readings(view, ended, steps),
        class_="dt-do-now",
    )


def readings(view: View, ended: Conclusion, steps: list[Result]) -> Markup | None:
    """What the steps are: which are our reading of the procedure, which is no reason to wait; and no assessment."""
    ours = sum(worded(r, ended).basis != "source" and r.route != "none" for r in steps)
    if view.unfolded:
        return None
    which = "The step is" if len(steps) == 1 else "One of the steps is" if ours == 1 else f"{ours} of the steps are"
    now = "do it now" if ours == 1 else "do them now"
    reading = f"{which} our reading of the procedure: {now}. " if ours else ""
    return el("p", reading, "A prompt for discussion, not an assessment.", class_="dt-hint dt-small-print")


def line(view: View, result: Result, journey: Journey) -> Markup:
    """A line below the steps, its first word or two in bold where a colon sets them off."""
    result = worded(result, journey)
    lead, colon, rest = result.action.partition(": ")
    named = bool(colon) and " " not in lead
    words = tappable(view, replace(result, action=rest) if named else result)
    return el("p", el("strong", f"{lead}: ") if named else None, words, class_="dt-beside", data_result=result.id)


def taps(view: View, journey: Journey) -> Markup | None:
    """What a reader may tap to be told their own steps: nothing waits for it, and the words change at once."""
    facts = [view.library.facts[name] for name in journey.offers if view.library.facts[name].kind != "offer"]
    if not facts:
        return None
    groups = [
        el(
            "div",
            el("p", fact.text, class_="dt-legend"),
            el(
                "div",
                [
                    button(
                        one.text,
                        "offer",
                        data_fact=fact.id,
                        data_value=one.value,
                        aria_pressed="true" if journey.answers[fact.id] == one.value else "false",
                        class_="dt-tap",
                    )
                    for one in options_of(view, fact)
                ],
                class_="dt-tap-options",
            ),
            role="group",
            aria_label=fact.text,
            class_="dt-tap-group",
        )
        for fact in facts
    ]
    told = any(journey.answers[fact.id] != fact.default for fact in facts)
    inside = join(el("p", "Nothing waits for it.", class_="dt-hint"), groups)
    return fold("Who are you? See your own steps", inside, "dt-taps", open_=told)


def level(view: View, ended: Conclusion) -> Markup | None:
    """The level in number and shape, and whether it is settled."""
    if ended.level is None:
        return None
    levels = view.library.quantities["level"]
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
        el("ol", steps, class_="dt-meter", aria_label=levels.label or None),
        el("p", ended.outcome.text) if ended.outcome.text and says_likelihood(view, ended) else None,
        el("p", el("strong", UNSETTLED), class_="dt-unsettled") if not ended.settled else None,
        class_="dt-level",
    )


def could_change(view: View, ended: Conclusion) -> Markup | None:
    """What could change an unsettled level, the strongest first."""
    if ended.settled:
        return None
    rows = [el("li", words) for words in open_words(view, ended)]
    more = rows[SHOWN:]
    return el(
        "section",
        el("h2", "What could change it"),
        el("ul", rows[:SHOWN]),
        folded(f"And {len(more)} more", el("ul", more)) if more else None,
        class_="dt-could-change",
    )


UNSETTLED = "Do the steps below; do not wait for it to settle."


def open_words(view: View, ended: Conclusion) -> list[str]:
    """Every open answer that can change the level, strongest first, with how far it can take it."""
    from ..analysis.outlook import open_answers  # here, so that no question waits for it

    return [_open_words(view, one) for one in open_answers(view.tree, ended)]


def _open_words(view: View, one: OpenAnswer) -> str:
    fact = view.library.facts[one.fact]
    about = fact.short or fact.text
    if one.answered_no:
        return f"You answered no about {about}: if that changes, perhaps with others, up to level {one.highest}."
    words = f"{about[0].upper()}{about[1:]}"
    return f"{words}: up to level {one.alone or f'{one.highest}, with others'}."


def why_unsettled(view: View, ended: Conclusion) -> str:
    """What the panel of an unsettled level says, as text."""
    acted_on = f"The steps are those of level {ended.level}."
    return " ".join([UNSETTLED, acted_on, "What could change the level:", *open_words(view, ended)])


def offers(view: View, journey: Journey) -> Markup | None:
    """Ways on that nobody need take, as buttons."""
    facts = [view.library.facts[name] for name in journey.offers if view.library.facts[name].kind == "offer"]
    if not facts:
        return None
    buttons = [
        el(
            "div",
            button(
                fact.text,
                "offer",
                data_fact=fact.id,
                data_value=next(v for v in fact.values if v != fact.default),
                class_="dt-secondary md-button",
            ),
        )
        for fact in facts
    ]
    return el("div", buttons, class_="dt-offers")


def reasons(view: View, journey: Conclusion) -> Markup | None:
    """The answers that decided, then the others that counted."""
    if not journey.reasons:
        return None
    open_ = journey.level is not None and not journey.settled
    deciding = [edge for edge in journey.reasons if decides(view, edge, journey)]
    others = [edge for edge in journey.reasons if edge not in deciding]
    return el(
        "div",
        el("p", f"The level is not settled. The steps are those of level {journey.level}.") if open_ else None,
        counted(view, deciding),
        folded(f"Other answers that counted ({len(others)})", counted(view, others)) if others else None,
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
    rows = [clause_row(view, id, clause) for id, clause in places.values()]
    return folded(f"What the procedure says ({len(places)})", el("dl", rows, class_="dt-clauses"))


def clause_row(view: View, id: str, clause: Mapping[str, str]) -> Markup:
    """One clause: what it is about as a link to where it stands, its duty, its words."""
    duty = clause.get("duty", "")
    label = (el("strong", duty.capitalize(), class_=f"dt-duty dt-duty--{duty}"), " ") if duty else None
    return el("div", el("dt", cite(view, id)), el("dd", label, clause["text"]))


def would_change() -> Markup | None:
    """The place for what would change this: the page asks for it once the result is on the screen."""
    return fold("What would change it", el("div", data_later="changes"), "dt-would-change")


def your_view(view: View, ended: Conclusion) -> Markup:
    """Room to agree or differ, and to say why. Nothing waits for it and nothing is altered by it."""
    id, given = f"{view.tree.id}-remarks", view.remarks
    contested = view.library.quantities["level"].contested if ended.level else None
    options = [
        option("radio", "opinion", value, f"{id}-{value}", words, value == given.opinion)
        for value, words in OPINIONS.items()
    ]
    return el(
        "div",
        el(
            "p",
            "Your professional judgement decides, with your manager’s and your partners’. "
            "Say here whether you agree, if you wish. It changes nothing above.",
        ),
        el("div", el("p", contested.text), footing(view, contested.cites, contested.basis), class_="dt-contested")
        if contested
        else None,
        form(
            el(
                "fieldset",
                el("legend", "Do you agree with this result?", class_="dt-legend"),
                el("div", options, class_="dt-options dt-options--short"),
                class_="dt-question",
            ),
            el(
                "div",
                el("p", el("label", "Why?", for_=f"{id}-why"), class_="dt-legend"),
                el("p", "No action waits for it. No names.", class_="dt-hint", id=f"{id}-why-hint"),
                box("why", f"{id}-why", given.why, 4, f"{id}-why-hint", longest=LONGEST_TEXT),
                class_="dt-question dt-narrative",
            ),
            data_remarks=True,
            class_="dt-remarks",
        ),
        el("div", el("p", "Name and role:"), el("p", "Signature and date:"), class_="dt-signed"),
        class_="dt-view",
    )


def decides(view: View, edge: Edge, journey: Journey) -> bool:
    """Whether an edge set the result: it raised something that is told to where it ended, or said something."""
    shown = (one for one in edge.raises if view.library.quantities[one[0]].is_shown)
    return bool(edge.says) or any(journey.floors[quantity] == floor for quantity, floor in shown)


def counted(view: View, edges: list[Edge]) -> Markup:
    """Edges taken: why, by which clauses and on what footing."""
    rows = [
        el("li", edge.because, footing(view, edge.cites, edge.basis), class_="dt-reason", data_edge=edge.name)
        for edge in edges
    ]
    return el("ol", rows, class_="dt-reasons")


def not_known(view: View, journey: Journey) -> Markup | None:
    """What is not known, and who may hold it."""
    facts = [view.library.facts[name] for name in journey.not_known]
    if not facts:
        return None
    rows = [el("li", el("strong", fact.text), " ", fact.find_out or "Say so when you refer.") for fact in facts]
    return el("div", el("h3", "What you do not know"), el("ul", rows), class_="dt-unknown")


def narratives(view: View, journey: Journey) -> Markup | None:
    """What the reader wrote."""
    facts = [view.library.facts[n] for n, v in journey.answers.items() if view.library.facts[n].kind == "text" and v]
    if not facts:
        return None
    rows = [(el("dt", fact.text), el("dd", str(journey.answers[fact.id]))) for fact in facts]
    return el("div", el("h3", "What you wrote"), el("dl", rows, class_="dt-written"))
