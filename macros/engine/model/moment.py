"""Moments: a day and a time as a reader types them, in four parts, and what is wrong with anything else.

Knows how people write a day and a time of the UK; refuses to know what time it is, which the page says. Nothing typed
is guessed at: where a time can be read two ways, the reader is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from .answers import Problem, read_answer
from .guards import Value
from .library import Fact
from .uktime import EARLIEST, FORM, LATEST, MONTHS, is_shown_twice, is_skipped, read_time, to_local, to_utc, words

PARTS = ("day", "month", "year", "time")
"""The fields of a form that hold a moment, in their order."""
ASKED = {"day": "the day", "month": "the month", "year": "the year", "time": "the time"}
CLOCK = re.compile(r"(\d{1,2})(?:[:. ]?(\d\d))? ?(?:([ap])\.?m\.?)?", re.ASCII)
LONGEST = 40


def read_moment(fact: Fact, typed: Sequence[str], now: datetime | None = None) -> Value | Problem:
    """The answer that a form holds: the four parts and, if it is ticked, “not known”; or the problem with it.

    One text alone is an answer as records have it. `now` is the time in UTC; without it nothing is refused for being
    still to come. Never raises.
    """
    if len(typed) < len(PARTS):
        answer = read_answer(fact, next((each for each in typed if each), ""))
        time = read_time(answer) if isinstance(answer, str) and answer not in fact.values else None
        return _still_to_come(fact, time, now) or answer if time else answer
    parts = dict(zip(PARTS, (each.strip()[:LONGEST] for each in typed), strict=False))
    ticked = next((each for each in typed[len(PARTS) :] if each in fact.values), "")
    if ticked and any(parts.values()):
        label = fact.label(ticked)
        message = f"There is a day or a time here, and “{label}” is ticked too. Clear one of them: which one counts?"
        return Problem("not-together", fact.id, message, PARTS)
    if ticked:
        return ticked
    missing = tuple(part for part in PARTS if not parts[part])
    if missing == PARTS:
        return Problem("missing", fact.id, "Give the day and the time, or choose “Not known”.", PARTS)
    read = {part: READ[part](parts[part]) for part in PARTS if part not in missing}
    wrong = {part: said for part, said in read.items() if isinstance(said, str)}
    if missing or wrong:
        left_out = f"Give {_and(ASKED[part] for part in missing)} as well." if missing else ""
        message = " ".join(filter(None, (left_out, *wrong.values())))
        parts_wrong = tuple(part for part in PARTS if part in missing or part in wrong)
        return Problem("missing" if missing else "impossible-value", fact.id, message, parts_wrong)
    (day,), (month,), (year,), (hour, minute) = (value for value in read.values() if not isinstance(value, str))
    return _moment(fact, day, month, year, (hour, minute), now)


def _moment(
    fact: Fact, day: int, month: int, year: int, clock: tuple[int, int], now: datetime | None
) -> Value | Problem:
    try:
        time = datetime(year, month, day, hour=clock[0], minute=clock[1])
    except ValueError:
        message = f"{MONTHS[month - 1]} {year} has no day {day}."
        return Problem("impossible-value", fact.id, message, ("day", "month", "year"))
    if is_skipped(time):
        message = f"There was no {time:%H:%M} that night: the clocks went forward from 01:00 to 02:00. Check the time."
        return Problem("skipped", fact.id, message, ("time",))
    return _still_to_come(fact, time, now) or time.strftime(FORM)


def _still_to_come(fact: Fact, time: datetime, now: datetime | None) -> Problem | None:
    """The problem with a time that is still to come, as far as the page can tell."""
    if now is None or to_utc(time) <= now:
        return None
    today = to_local(now)
    message = (
        f"{_first(words(time))} is still to come: this computer’s clock says that it is now {words(today)} (UK time)."
    )
    return Problem("still-to-come", fact.id, message, ("time",) if time.date() == today.date() else PARTS[:3])


def said_back(fact: Fact, typed: Sequence[str], now: datetime | None) -> str:
    """What a form holds so far, in words, before it counts; "" while something is left out."""
    read = read_moment(fact, typed, now)
    if isinstance(read, Problem):
        return "" if read.kind == "missing" else read.message
    time = read_time(read) if isinstance(read, str) else None
    return meant(time, now) if time else ""


def meant(time: datetime, now: datetime | None = None) -> str:
    """A time in words, so that a reader sees how it was understood; `now` (UTC) tells whether it is of this year."""
    twice = (
        " The clocks showed this time twice that night: the earlier, in BST, is taken." if is_shown_twice(time) else ""
    )
    year = to_local(now).year if now else time.year
    of_before = "" if time.year == year else f" That was not this year but in {time.year}: is the year right?"
    return f"You mean {words(time)} (UK time).{twice}{of_before}"


def parts_of(entered: object) -> tuple[str, ...]:
    """The four parts as a form shows them again: of an answer, or just as they were typed."""
    if isinstance(entered, str) and (time := read_time(entered)):
        return (str(time.day), str(time.month), str(time.year), f"{time:%H:%M}")
    if isinstance(entered, list | tuple) and len(entered) >= len(PARTS):
        return tuple(str(each) for each in entered[: len(PARTS)])
    return ("",) * len(PARTS)


def _whole(text: str, lowest: int, highest: int, otherwise: str) -> tuple[int, ...] | str:
    return (int(text),) if text.isascii() and text.isdigit() and lowest <= int(text) <= highest else otherwise


def _time(text: str) -> tuple[int, ...] | str:
    """The hour and the minute; a time that may be of the morning or of the evening is asked about."""
    found = CLOCK.fullmatch(text.lower())
    if not found:
        return NO_TIME
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half:
        return (hour % 12 + 12 * (half == "p"), minute) if 1 <= hour <= 12 and minute < 60 else NO_TIME
    if (hour, minute) == (24, 0):
        return "24:00 is 00:00 of the next day: give that day and 00:00."
    if found[2] is None or hour > 23 or minute > 59:
        return NO_TIME
    if hour and len(found[1]) == 1:
        return f"Write {hour:02}:{minute:02} for the morning, or {hour + 12}:{minute:02} for later in the day."
    return (hour, minute)


NO_TIME = "Write the time as 14:30, with the hour and the minutes."
NO_YEAR = f"The year has four figures, from {EARLIEST.year} to {LATEST.year - 1}."
READ: Mapping[str, Callable[[str], tuple[int, ...] | str]] = {
    "day": lambda text: _whole(text, 1, 31, "The day is a number from 1 to 31."),
    "month": lambda text: _whole(text, 1, len(MONTHS), "Choose the month."),
    "year": lambda text: _whole(text, EARLIEST.year, LATEST.year - 1, NO_YEAR),
    "time": _time,
}


def _and(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _first(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]
