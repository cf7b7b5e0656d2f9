"""UK civil time: what a clock in Blackburn shows a number of hours after it showed something else.

Knows one rule, the UK's since 1996: clocks are an hour ahead of UTC (BST) from 01:00 UTC on the last Sunday of
March to 01:00 UTC on the last Sunday of October. Needs no time-zone data, which the reader's browser would have
to fetch. tests/test_uktime.py holds it against the system's time-zone data.

A time that the clocks show twice (one autumn night) is taken as the earlier of the two: a deadline worked out
from it is then never too late. The later of the two carries `fold=1`, as in `datetime`. A time that they never show
(one spring night) is no time: `is_skipped` tells.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

FORM = "%Y-%m-%dT%H:%M"
HOUR = timedelta(hours=1)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
EARLIEST, LATEST = datetime(2000, 1, 1), datetime(2100, 1, 1)
UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z", re.ASCII)
"""A moment as a browser's `new Date().toISOString()` writes it."""
UTC_FORM = "%Y-%m-%dT%H:%M:%S"


def read_time(text: str) -> datetime | None:
    """The time that a form field holds (YYYY-MM-DDTHH:MM), or None if it is none between 2000 and 2100."""
    return _read(text[:16], FORM)


def read_utc(text: object) -> datetime | None:
    """The moment (UTC, to the second) that an ISO text ending in Z names, or None if it is none from 2000 to 2100."""
    return _read(text[:19], UTC_FORM) if isinstance(text, str) and UTC.fullmatch(text) else None


def _read(text: str, form: str) -> datetime | None:
    try:
        time = datetime.strptime(text, form)
    except ValueError:
        return None
    return time if EARLIEST <= time < LATEST else None


def to_utc(local: datetime) -> datetime:
    """UTC for a UK clock time; the earlier of two, where the clocks show it twice."""
    return local - HOUR if in_summer_time(local - HOUR) else local


def to_local(utc: datetime) -> datetime:
    """The UK clock time for a time in UTC; `fold=1` for the later of two that read the same."""
    if in_summer_time(utc):
        return utc + HOUR
    return utc.replace(fold=1) if in_summer_time(utc - HOUR) else utc


def is_skipped(local: datetime) -> bool:
    """Whether the clocks never show this time: it falls within the hour that is left out in spring."""
    return to_local(to_utc(local)) != local


def is_shown_twice(local: datetime) -> bool:
    """Whether the clocks show this time twice, in the night in which they go back."""
    return in_summer_time(local - HOUR) and not in_summer_time(local)


def in_summer_time(utc: datetime) -> bool:
    """Whether British Summer Time is in force at a time in UTC."""
    return _last_sunday(utc.year, 3) <= utc < _last_sunday(utc.year, 10)


def _last_sunday(year: int, month: int) -> datetime:
    """01:00 UTC on the last Sunday of a month that has 31 days."""
    last = datetime(year, month, 31, 1)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def words(time: datetime) -> str:
    """A time as people say it: "Thursday 26 November 2026, 14:30".

    Midnight names both of its days, and a time that the clocks show twice says which of the two is meant.
    """
    if (time.hour, time.minute) == (0, 0):
        return f"the midnight between {_from(time - timedelta(days=1), time)} and {day_words(time)}"
    which = "" if not is_shown_twice(time) else " GMT" if time.fold else " BST"
    return f"{day_words(time)}, {time:%H:%M}{which}"


def ended(time: datetime) -> str:
    """A time behind the word for it, as in "these hours ended …"."""
    return f"{'at' if (time.hour, time.minute) == (0, 0) else 'on'} {words(time)}"


def day_words(time: datetime) -> str:
    """A day as people say it: "Thursday 26 November 2026"."""
    return f"{DAYS[time.weekday()]} {time.day} {MONTHS[time.month - 1]} {time.year}"


def _from(day: datetime, until: datetime) -> str:
    """The first of two days, without what the second will say again."""
    month = "" if day.month == until.month else f" {MONTHS[day.month - 1]}"
    year = "" if day.year == until.year else f" {day.year}"
    return f"{DAYS[day.weekday()]} {day.day}{month}{year}"
