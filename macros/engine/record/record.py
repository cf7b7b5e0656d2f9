"""A record: what a reader keeps of a result, as one value that JSON can hold.

Knows what was answered, what came of it and when; refuses to know who the child is, and how a record is shown, saved
or read again. The page says what time it is. Published as schemas/record.schema.json.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ..analysis.outlook import Conclusion
from ..html.action import contact_words, deadline_words, worded
from ..html.answered import answer_words
from ..html.keeping import VALID_HOURS
from ..html.result import decides, outcome_title, says_likelihood, why_unsettled
from ..html.view import View
from ..model.approval import approval_of
from ..model.library import Edge, Fact, Result
from ..model.uktime import read_utc, to_local
from ..model.uktime import words as time_words
from ..model.walk import Journey

MARK = "child-exploitation-check"
"""What a record names itself, to be told from any other file."""
FORMAT = 1
"""The version of the format; a record of a newer one is not read."""
VALID_BASIS = "SR-21"
NOTICE = (
    "This is a prompt for discussion, not an assessment. Professional judgement decides. "
    "Enter no names: nothing in this record may tell who the child is."
)
NO_TIME = "Not known: the clock of this computer could not be read"


@dataclass(frozen=True)
class Span:
    """From when until when a record is valid, in UTC; None where the time was not known (open question 21)."""

    made: datetime | None

    @property
    def until(self) -> datetime | None:
        """The end: elapsed hours, whatever the clocks do meanwhile."""
        return self.made + timedelta(hours=VALID_HOURS) if self.made else None

    def state(self, now: datetime | None) -> str:
        """Whether a record is valid at a moment: "valid", "expired", "not-yet" (a clock is wrong) or "not-known"."""
        if self.made is None or self.until is None or now is None:
            return "not-known"
        return "not-yet" if now < self.made else "expired" if now > self.until else "valid"


def record_of(view: View, ended: Conclusion, now: str | None) -> dict[str, Any]:
    """The record of a journey that came to an outcome.

    Takes the reader's remarks from the view and `now` as the page gives it (UTC, as ISO text); a time that is none
    is put down as not known.
    """
    facts = [view.library.facts[name] for name in ended.answers]
    written = [fact for fact in facts if fact.kind == "text"]
    chosen = [fact for fact in facts if fact.kind != "text" and ended.answers[fact.id] != (fact.default or None)]
    return {
        "record": MARK,
        "format": FORMAT,
        "notice": NOTICE,
        "approval": approval_of(view.library.approval),
        "version": view.library.version,
        "tool": {"id": view.tree.id, "title": view.tree.title},
        "made": made_of(read_utc(now)),
        "answers": [_answer(fact, ended) for fact in chosen],
        "narrative": [{"fact": f.id, "question": f.text, "text": _clean(str(ended.answers[f.id]))} for f in written],
        "judgement": {"opinion": view.remarks.opinion, "why": _clean(view.remarks.why)},
        "result": result_of(view, ended),
    }


def _clean(text: str) -> str:
    """A reader's words, with one spelling of line ends (browsers send two) and no half of a character."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\r\n", "\n").replace("\r", "\n")


def made_of(made: datetime | None) -> dict[str, Any]:
    """When a record was made and until when it is valid, for computers in UTC and for people in UK time."""
    span = Span(made)
    return {
        "at": _utc(span.made),
        "uk_time": uk_words(span.made),
        "valid_until": _utc(span.until),
        "valid_until_uk_time": uk_words(span.until),
        "valid_hours": VALID_HOURS,
        "basis": VALID_BASIS,
    }


def _utc(time: datetime | None) -> str | None:
    return f"{time.isoformat(timespec='seconds')}Z" if time else None


def uk_words(time: datetime | None) -> str:
    """A moment (UTC) as people in the UK say it."""
    return f"{time_words(to_local(time))} (UK time)" if time else NO_TIME


def _answer(fact: Fact, journey: Journey) -> dict[str, Any]:
    value = journey.answers[fact.id]
    return {
        "fact": fact.id,
        "question": fact.text,
        "value": value if isinstance(value, str) else list(value),
        "answer": str(answer_words(fact, value)),
    }


def result_of(view: View, ended: Conclusion) -> dict[str, Any]:
    """What a journey came to, in numbers for computers and in words for people."""
    grades, outcome, title = view.library.quantities, ended.outcome, outcome_title(view, ended)
    level, police = ended.level, ended.floors.get("police", 0)
    open_ = level is not None and not ended.settled
    unknown = [view.library.facts[name] for name in ended.not_known]
    return {
        "outcome": outcome.id,
        "title": title,
        "found": outcome.title if level is None and outcome.title != title else "",
        "text": outcome.text if level is None or says_likelihood(view, ended) else "",
        "level": level,
        "level_name": ""
        if level is None
        else grades["level"].grade(level).name
        if says_likelihood(view, ended)
        else title,
        "settled": ended.settled,
        "unsettled": why_unsettled(view, ended) if open_ else "",
        "could_be": list(ended.could_be),
        "police": police,
        "police_name": grades["police"].grade(police).name,
        "actions": [_action(view, view.library.results[name], ended) for name in ended.said],
        "reasons": [_reason(view, edge, ended) for edge in ended.reasons],
        "not_known": [{"fact": fact.id, "question": fact.text, "find_out": fact.find_out} for fact in unknown],
    }


def _action(view: View, result: Result, journey: Journey) -> dict[str, Any]:
    result, by = worded(result, journey), deadline_words(result, journey)
    return {
        "id": result.id,
        "group": result.group,
        "action": result.action,
        "actor": result.actor,
        "timescale": result.timescale,
        "by": f"{by} (UK time)" if by else "",
        "points": list(result.points),
        "note": result.note,
        "contacts": [contact_words(view.library.contacts[name]) for name in result.contacts],
        "clauses": _clauses(view, result.cites),
        "basis": result.basis,
    }


def _reason(view: View, edge: Edge, journey: Journey) -> dict[str, Any]:
    return {
        "id": edge.name,
        "because": edge.because,
        "decided": decides(view, edge, journey),
        "clauses": _clauses(view, edge.cites),
        "basis": edge.basis,
    }


def _clauses(view: View, ids: Iterable[str]) -> list[dict[str, str]]:
    return [{"id": id, "title": view.library.clauses.get(id, {}).get("title", id)} for id in ids]


def name_of(record: Mapping[str, Any]) -> str:
    """The name of the file that a record is saved in: the tool and the time, and nothing of what was answered."""
    made = read_utc(record["made"]["at"])
    when = f"{to_local(made):%Y-%m-%d-%H%M}" if made else "time-not-known"
    return f"{record['tool']['id']}-check-{when}.json"
