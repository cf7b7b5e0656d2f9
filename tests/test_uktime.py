"""The 72 hours (s11-13) are elapsed hours in UK time, whatever the clocks do in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macros.engine.model.uktime import ended, is_shown_twice, is_skipped, read_time, to_local, to_utc, words

LONDON = ZoneInfo("Europe/London")
moments = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 20)).map(
    lambda t: t.replace(second=0, microsecond=0, fold=0)
)


def later(local: datetime, hours: int) -> datetime:
    """A deadline, counted as the engine counts it."""
    return to_local(to_utc(local) + timedelta(hours=hours))


@given(moments)
def test_every_moment_shows_as_the_system_s_time_zone_data_shows_it(utc: datetime) -> None:
    here, there = to_local(utc), utc.replace(tzinfo=UTC).astimezone(LONDON)
    assert (here, here.fold) == (there.replace(tzinfo=None), there.fold)


@given(moments, st.integers(1, 200))
def test_a_deadline_is_that_many_elapsed_hours_later(local: datetime, hours: int) -> None:
    start = local.replace(tzinfo=LONDON).astimezone(UTC)  # fold=0: the earlier of two
    expected = (start + timedelta(hours=hours)).astimezone(LONDON).replace(tzinfo=None)
    assert later(local, hours) == expected


@pytest.mark.parametrize(
    ("returned", "deadline"),
    [
        ("2026-11-20T09:15", "2026-11-23T09:15"),
        ("2026-10-23T14:30", "2026-10-26T13:30"),  # over the end of summer time
        ("2026-03-27T14:30", "2026-03-30T15:30"),  # over its start
        ("2026-10-25T01:30", "2026-10-28T00:30"),  # shown twice that night: the earlier counts
        ("2019-12-30T23:59", "2020-01-02T23:59"),
    ],
)
def test_deadlines_around_clock_changes_and_in_the_past(returned: str, deadline: str) -> None:
    start = read_time(returned)
    assert start is not None
    assert later(start, 72) == datetime.fromisoformat(deadline)


def test_a_time_shown_twice_counts_as_the_earlier() -> None:
    assert to_utc(datetime(2026, 10, 25, 1, 30)) == datetime(2026, 10, 25, 0, 30)


@pytest.mark.parametrize(
    "text", ["", "now", "2026-13-01T10:00", "1999-12-31T23:59", "2100-01-01T00:00", "2026-02-30T10:00"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    assert read_time(text) is None


def test_words_say_the_day_the_date_and_the_time() -> None:
    assert words(datetime(2026, 11, 26, 14, 5)) == "Thursday 26 November 2026, 14:05"


@given(moments)
def test_what_the_clocks_skip_or_show_twice_is_what_the_system_s_data_say(local: datetime) -> None:
    first, second = (local.replace(tzinfo=LONDON, fold=fold) for fold in (0, 1))
    there_and_back = first.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None)
    assert is_skipped(local) == (there_and_back != local)
    assert is_shown_twice(local) == (first.utcoffset() != second.utcoffset() and not is_skipped(local))


@pytest.mark.parametrize(
    ("time", "said"),
    [
        ("2026-03-29T00:59", (False, False)),
        ("2026-03-29T01:00", (True, False)),
        ("2026-03-29T01:59", (True, False)),
        ("2026-03-29T02:00", (False, False)),
        ("2026-10-25T00:59", (False, False)),
        ("2026-10-25T01:00", (False, True)),
        ("2026-10-25T01:59", (False, True)),
        ("2026-10-25T02:00", (False, False)),
    ],
)
def test_the_two_nights_of_a_year_to_the_minute(time: str, said: tuple[bool, bool]) -> None:
    local = datetime.fromisoformat(time)
    assert (is_skipped(local), is_shown_twice(local)) == said


@pytest.mark.parametrize(
    ("time", "said"),
    [
        ("2026-10-03T00:00", "the midnight between Friday 2 and Saturday 3 October 2026"),
        ("2026-05-01T00:00", "the midnight between Thursday 30 April and Friday 1 May 2026"),
        ("2027-01-01T00:00", "the midnight between Thursday 31 December 2026 and Friday 1 January 2027"),
        ("2026-10-03T00:01", "Saturday 3 October 2026, 00:01"),
        ("2026-10-03T12:00", "Saturday 3 October 2026, 12:00"),
    ],
)
def test_midnight_names_both_of_its_days(time: str, said: str) -> None:
    assert words(datetime.fromisoformat(time)) == said


def test_a_time_shown_twice_says_which_of_the_two_it_is() -> None:
    first, second = to_local(datetime(2026, 10, 25, 0, 30)), to_local(datetime(2026, 10, 25, 1, 30))
    assert (words(first), words(second)) == ("Sunday 25 October 2026, 01:30 BST", "Sunday 25 October 2026, 01:30 GMT")


def test_what_ended_says_on_which_day_or_at_which_midnight() -> None:
    assert ended(datetime(2026, 10, 3, 9, 5)) == "on Saturday 3 October 2026, 09:05"
    assert ended(datetime(2026, 10, 3)) == "at the midnight between Friday 2 and Saturday 3 October 2026"
