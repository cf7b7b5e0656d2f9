"""The 72 hours (s11-13) are elapsed hours in UK time, whatever the clocks do in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macros.engine.model.uktime import later, read_time, to_local, to_utc, words

LONDON = ZoneInfo("Europe/London")
moments = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 20)).map(lambda t: t.replace(second=0, microsecond=0))


@given(moments)
def test_every_moment_shows_as_the_system_s_time_zone_data_shows_it(utc: datetime) -> None:
    assert to_local(utc) == utc.replace(tzinfo=UTC).astimezone(LONDON).replace(tzinfo=None)


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
