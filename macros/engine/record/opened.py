"""What stands above the screen of an opened record: when it was made, whether it is still valid, whether today's check
comes to the same, and if not, how and why.

Knows the comparison and puts it into words and markup. Whatever stands in a file is text here, never markup.
"""

from __future__ import annotations

from datetime import datetime

from ..html.controls import error, folded
from ..html.keeping import VALID_HOURS
from ..html.markup import Markup, el
from ..html.view import View, basis, heading
from ..model.remarks import OPINIONS, Remarks
from .comparison import Comparison, Difference
from .reader import Record, Refusal
from .record import VALID_BASIS, Span, uk_words

FIRST = ("police", "level", "settled", "outcome", "unfinished")
ACTIONS = ("action-new", "action-gone", "action-words")
WHY = ("reason-new", "reason-gone")
ANSWERS = ("answer-unknown", "answer-unusable", "answer-unused", "answer-words", "narrative-unused")


def panel(view: View, record: Record, comparison: Comparison, now: datetime | None) -> Markup:
    """What stands above the screen: when it was made, whether it still holds, then what differs and why, folded."""
    same = comparison.same_outcome
    valid = validity(Span(record.made), now, same)
    return el(
        "section",
        heading("h2", "This is a saved record, checked again", focus=True, class_="dt-heading"),
        el("p", f"Made: {uk_words(record.made)}. {valid} ", basis(view, VALID_BASIS)),
        el("p", el("strong", verdict(comparison)), class_="dt-verdict"),
        listed(comparison.of(*FIRST)),
        [el("p", sentence, class_="dt-since") for sentence in comparison.since],
        below("What there is to do differs", comparison.of(*ACTIONS)),
        below("The reasons differ" if same else "Why it differs", comparison.of(*WHY)),
        below("Answers in the record that count differently now", comparison.of(*ANSWERS)),
        el("p", cause(comparison, record, view)),
        el("p", opinion(record)) if record.remarks.opinion and not same else None,
        class_="dt-opened",
        data_opened="same" if same else "differs",
    )


def validity(span: Span, now: datetime | None, same: bool) -> str:
    """Whether it is still valid. One that says something else than today's check is not called so."""
    until = uk_words(span.until)
    return {
        "valid": f"It is still valid: until {until}." if same else f"Its {VALID_HOURS} hours run until {until}.",
        "expired": f"It is no longer valid: its {VALID_HOURS} hours ended on {until}.",
        "not-yet": "By this computer’s clock that time is still to come: a clock is wrong, so take it for expired.",
        "not-known": f"Whether its {VALID_HOURS} hours are over is not known. Treat it as no longer valid.",
    }[span.state(now)]


def verdict(comparison: Comparison) -> str:
    """Whether it is the same outcome."""
    if comparison.of("unfinished"):
        return "Today’s check needs another answer before it can come to a result."
    if comparison.same_outcome:
        return "Today’s check comes to the same result."
    return "Today’s check comes to another result. Go by the one below, not by the file."


def listed(differences: tuple[Difference, ...]) -> Markup | None:
    """The differences as a list; nothing where there are none."""
    if not differences:
        return None
    return el("ul", [el("li", difference.words, data_difference=difference.kind) for difference in differences])


def below(title: str, differences: tuple[Difference, ...]) -> Markup | None:
    """Differences under their title, folded, so that today's first step is not pushed out of sight."""
    return folded(f"{title} ({len(differences)})", listed(differences)) if differences else None


def cause(comparison: Comparison, record: Record, view: View) -> str:
    """What changed between then and now: the check itself, its approval."""
    then, now = comparison.approval_then, comparison.approval_now
    approval = f"{now}, as it was then." if then == now else f"Then: {then}. Now: {now}."
    if comparison.same_version:
        return f"Version {record.version}, the one that is used today. {approval}"
    return (
        "The questions or rules of this check have changed since. "
        f"Version then: {record.version or 'not known'}; now: {view.library.version}. {approval}"
    )


def opinion(record: Record) -> str:
    """What was thought of a result that is another one now; so it does not stand in the form below."""
    said = OPINIONS[record.remarks.opinion]
    return f"Of the result then, the record says: “{said}”. Say below what you think of this one."


def kept_remarks(record: Record, comparison: Comparison) -> Remarks:
    """The remarks that still belong to what is shown: an opinion does not outlive the result it was of."""
    return record.remarks if comparison.same_outcome else Remarks("", record.remarks.why)


def refusal_of(view: View, refusal: Refusal) -> Markup:
    """Why a file was not opened, with a link to the page that opens it if there is one."""
    if not refusal.tool:
        return error(refusal.message, " ", refusal.fix)
    title = view.library.trees[refusal.tool].title
    link = el("a", title, href=f"{view.base}tools/{refusal.tool}/")
    return error(refusal.message, " ", refusal.fix, " ", link)
