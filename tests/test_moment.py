"""A day and a time as readers type them: nothing is guessed, nothing is lost, and each fault says where it is."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macros.engine.model.answers import Problem, read_answer
from macros.engine.model.library import Fact
from macros.engine.model.moment import PARTS, meant, parts_of, read_moment, said_back
from macros.engine.model.uktime import is_skipped
from tests.test_second_edition import library

NOW = datetime(2026, 11, 27, 14, 30)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31)).map(
    lambda t: t.replace(second=0, microsecond=0, fold=0)
)


def fact() -> Fact:
    return library().facts["returned_at"]


def problem(typed: list[str], now: datetime | None = NOW) -> Problem:
    read = read_moment(fact(), typed, now)
    assert isinstance(read, Problem)
    return read


@given(moments)
def test_an_answer_comes_back_from_its_own_fields(time: datetime) -> None:
    answer = time.strftime("%Y-%m-%dT%H:%M")
    read = read_moment(fact(), list(parts_of(answer)))
    assert read == answer or (is_skipped(time) and isinstance(read, Problem) and read.kind == "skipped")


@pytest.mark.parametrize(
    ("typed", "clock"),
    [
        ("14:30", "14:30"),
        ("14.30", "14:30"),
        ("14 30", "14:30"),
        ("1430", "14:30"),
        (" 09:15 ", "09:15"),
        ("00:05", "00:05"),
        ("0:05", "00:05"),
        ("2pm", "14:00"),
        ("2:30 p.m.", "14:30"),
        ("2.30AM", "02:30"),
        ("12 am", "00:00"),
        ("12pm", "12:00"),
    ],
)
def test_a_time_is_taken_as_people_write_it(typed: str, clock: str) -> None:
    assert read_moment(fact(), ["3", "4", "2026", typed], NOW) == f"2026-04-03T{clock}"


@pytest.mark.parametrize(
    "typed", ["25:00", "14:60", "noon", "14", "13pm", "0am", "14:3", "-1:30", "x", "14:30:00", "٣:٣٠"]
)
def test_what_is_no_time_is_refused_for_its_time(typed: str) -> None:
    read = problem(["3", "4", "2026", typed])
    assert (read.kind, read.parts) == ("impossible-value", ("time",))


def test_a_time_that_may_be_of_the_morning_or_the_evening_is_asked_about() -> None:
    assert problem(["3", "4", "2026", "9:15"]).message == "Write 09:15 for the morning, or 21:15 for later in the day."


@pytest.mark.parametrize(
    ("typed", "parts", "named"),
    [
        (["3", "4", "2026", ""], ("time",), "the time"),
        (["3", "", "2026", "14:30"], ("month",), "the month"),
        (["", "", "2026", "14:30"], ("day", "month"), "the day and the month"),
        (["", " ", "", "14:30"], ("day", "month", "year"), "the day, the month and the year"),
    ],
)
def test_a_part_left_out_is_named(typed: list[str], parts: tuple[str, ...], named: str) -> None:
    read = problem(typed)
    assert (read.kind, read.parts, read.message) == ("missing", parts, f"Give {named} as well.")


def test_everything_wrong_is_said_at_once() -> None:
    read = problem(["32", "", "26", "9:15"])
    assert read.parts == PARTS
    assert all(word in read.message for word in ("the month", "1 to 31", "four figures", "09:15"))


@pytest.mark.parametrize("typed", [["31", "4", "2026"], ["29", "2", "2026"], ["30", "2", "2028"]])
def test_a_day_that_its_month_has_not_is_refused(typed: list[str]) -> None:
    read = problem([*typed, "12:00"])
    assert read.parts == ("day", "month", "year")
    assert typed[0] in read.message


def test_nothing_typed_and_nothing_ticked_is_missing() -> None:
    assert problem(["", "", "", ""]).kind == "missing"
    assert problem([]).kind == "missing"


def test_not_known_stands_alone() -> None:
    assert read_moment(fact(), ["", "", "", "", "not_known"], NOW) == "not_known"
    assert read_moment(fact(), ["not_known"], NOW) == "not_known"


@pytest.mark.parametrize("part", range(4))
def test_a_date_beside_not_known_asks_which_counts(part: int) -> None:
    typed = ["", "", "", "", "not_known"]
    typed[part] = "3"
    read = problem(typed)
    assert read.kind == "not-together"
    assert "which one counts?" in read.message


def test_the_hour_that_is_skipped_in_spring_is_refused_with_why() -> None:
    read = problem(["29", "3", "2026", "01:30"])
    assert read.kind == "skipped"
    assert "the clocks went forward" in read.message
    old = read_answer(fact(), "2026-03-29T01:30")
    assert isinstance(old, Problem)
    assert old.kind == "skipped"


def test_a_time_still_to_come_is_refused_and_says_what_time_it_is() -> None:
    assert read_moment(fact(), ["27", "11", "2026", "14:30"], NOW) == "2026-11-27T14:30"
    today, later = problem(["27", "11", "2026", "14:31"]), problem(["28", "11", "2026", "09:00"])
    assert (today.kind, today.parts, later.parts) == ("still-to-come", ("time",), ("day", "month", "year"))
    assert "Friday 27 November 2026, 14:30 (UK time)" in today.message
    assert problem(["2026-11-28T09:00"]).kind == "still-to-come"


def test_summer_time_counts_for_what_is_still_to_come() -> None:
    now = datetime(2026, 6, 3, 12, 0)  # 13:00 in the UK
    assert read_moment(fact(), ["3", "6", "2026", "13:00"], now) == "2026-06-03T13:00"
    assert problem(["3", "6", "2026", "13:01"], now).kind == "still-to-come"


def test_without_a_clock_nothing_is_still_to_come() -> None:
    assert read_moment(fact(), ["1", "1", "2099", "00:00"]) == "2099-01-01T00:00"


def test_a_moment_is_said_back_in_words_before_it_counts() -> None:
    assert said_back(fact(), ["3", "4", "2026", "14:30"], NOW) == "You mean Friday 3 April 2026, 14:30 (UK time)."
    assert said_back(fact(), ["3", "4", "2026", ""], NOW) == ""
    assert said_back(fact(), ["31", "4", "2026", "14:30"], NOW) == "April 2026 has no day 31."
    assert "BST" in said_back(fact(), ["25", "10", "2026", "01:30"], NOW)
    assert "the midnight between Friday 2 and Saturday 3 October 2026" in meant(datetime(2026, 10, 3))


def test_a_moment_long_ago_is_asked_about_before_it_counts() -> None:
    """No time is set after which a return is too long ago, so none is refused; a wrong year is asked about."""
    assert "2012" in said_back(fact(), ["5", "3", "2012", "14:30"], NOW).partition("(UK time).")[2]
    assert said_back(fact(), ["3", "4", "2026", "14:30"], NOW).endswith("(UK time).")
    new_year = datetime(2026, 1, 1, 0, 5)
    assert "2025" in said_back(fact(), ["31", "12", "2025", "23:50"], new_year).partition("(UK time).")[2]


@given(st.lists(st.text(max_size=60), max_size=8))
def test_whatever_is_typed_is_read_or_refused(typed: list[str]) -> None:
    read = read_moment(fact(), typed, NOW)
    assert isinstance(read, Problem) or read_answer(fact(), read) == read
    assert isinstance(said_back(fact(), typed, NOW), str)
