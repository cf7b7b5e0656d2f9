"""What follows the steps of a result: the groups for which there is room, each under its title; the rest folded.

A result is read in a hurry. So it has a number of words, and what does not fit into it is one tap down, never gone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..model.library import Result
from .action import action
from .markup import Markup, el
from .view import View

if TYPE_CHECKING:
    from ..analysis.outlook import Conclusion

FINDING, PLAN, LOOKED_AFTER, NOTE = "finding", "plan", "looked_after", "note"
GROUPS = {
    FINDING: "What your answers show",
    PLAN: "What happens next",
    LOOKED_AFTER: "Also for a Looked After child",
    NOTE: "Also",
}
WHOLE = "The response, and linked crime"
MOST_WANTED = (NOTE, FINDING, PLAN, LOOKED_AFTER)
"""The groups in the order in which they are given room: duties first, and last the one that has room of its own."""
AT_LOWEST, SETTLED, UNSETTLED, FOR_LOOKED_AFTER = 80, 160, 200, 40
UNCOUNTED = re.compile(
    r'<(?:details|button)\b.*?</(?:details|button)>|<ol class="dt-meter".*?</ol>'
    r'|<a\b[^>]*class="dt-(?:tel|way-on)".*?</a>|<p class="dt-hint dt-small-print dt-no-number">.*?</p>|<[^>]*>',
    re.DOTALL,
)
"""What is no text to read at once: what is folded, buttons, the ladder, numbers, ways on to other tools; all tags."""


def most_words(view: View, ended: Conclusion) -> int:
    """How many words of a result may stand unfolded, but for the steps for a Looked After child."""
    at_lowest = ended.level == view.library.quantities["level"].lowest
    return UNSETTLED if not ended.settled else AT_LOWEST if at_lowest else SETTLED


def words_in(part: Markup | None) -> int:
    """How many words of a part of a result stand unfolded."""
    return len(UNCOUNTED.sub(" ", part or "").split())


def sections(view: View, ended: Conclusion, said: list[Result], room: int) -> tuple[list[Markup], list[Markup]]:
    """The groups that stand open, and the folds of all else. `room` is for how many words there is room."""
    groups = {name: [r for r in said if r.group == name] for name in GROUPS}
    apart = {LOOKED_AFTER} if any(r.folded for r in groups[LOOKED_AFTER]) else set()
    if ended.level is not None:
        apart.add(FINDING)  # what was found is a reason then, and the level says what follows
    of_one_level = [] if ended.settled else groups[PLAN]  # of the level acted on; the level may be another
    waiting = [r for r in said if r in of_one_level or (r.folded and r.group not in apart)]
    drawn = {name: [action(view, r, ended) for r in group if r not in waiting] for name, group in groups.items()}
    rest = [action(view, r, ended) for r in waiting]
    if not ended.settled:
        drawn[PLAN] = happens_next(view, ended)
    for name in (one for one in MOST_WANTED if one not in apart):
        space = room + (FOR_LOOKED_AFTER if name == LOOKED_AFTER else 0)
        fitting = drawn[name]
        while fitting and words_in(section(GROUPS[name], fitting)) > space:
            fitting = fitting[:-1]
        drawn[name], rest = fitting, [*drawn[name][len(fitting) :], *rest]
        room = min(room, space - words_in(section(GROUPS[name], fitting)))
    opened = [section(GROUPS[name], parts) for name, parts in drawn.items() if name not in apart]
    folds = [fold(GROUPS[name], parts) for name, parts in drawn.items() if name in apart]
    return [one for one in opened if one], [one for one in (*folds, fold(WHOLE, rest)) if one]


def happens_next(view: View, ended: Conclusion) -> list[Markup]:
    """What happens next at the highest and at the lowest level that the answers can still come to."""
    level = view.library.quantities["level"]
    possible = sorted(n for n in ended.could_be if n)
    ends = [level.grade(n) for n in dict.fromkeys((possible[-1], possible[0]))] if possible else []
    return [el("p", el("strong", f"Level {grade.at}: "), grade.leads_to) for grade in ends if grade.leads_to]


def section(title: str, parts: list[Markup]) -> Markup | None:
    """A list under its title; nothing where there is nothing."""
    rows = [el("li", part) for part in parts]
    return el("section", el("h2", title), el("ul", rows, class_="dt-actions")) if rows else None


def fold(
    title: str, inside: Markup | list[Markup] | None, class_: str = "", *, open_: bool = False, printed: bool = False
) -> Markup | None:
    """What is one tap down, under its title; nothing where there is nothing.

    On paper it stands if it is open, or if it is `printed` in any case. The page knows it again by `data-fold` after a
    tap that changes the words of a result.
    """
    if not inside:
        return None
    return el(
        "details",
        el("summary", el("h2", title)),
        inside,
        class_=f"dt-fold {class_}".strip(),
        data_fold=class_ or title,
        data_printed=printed,
        open=open_,
    )
