"""In which order tests run, and which of them stay together, when several processes share them out.

A unit is what one process runs: a file, for what it has looked at is asked about by many tests of it; of files that
look at each tool in turn, the tests of one tool. The longest units come first, so that none is begun when the others
have ended. What needs no built site comes before what does, but for one unit: while that builds the site that all
share, the other processes need not wait for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import pytest

LONGEST = (
    "tests/browser/test_accessible_states.py",
    "tests/test_preview.py",
    "tests/test_build.py",
    "tests/browser/test_accessible_pages.py",
    "tests/test_serve.py",
    "tests/browser/test_training.py",
    "tests/test_training.py",
    "tests/browser/test_browser_apis.py",
    "tests/test_editing.py",
    "tests/test_stopped.py",
    "tests/browser/test_shared.py",
    "tests/browser/test_training_accessible.py",
    "tests/test_hour.py",
    "tests/browser/test_hostile.py",
    "tests/browser/test_privacy.py",
    "tests/test_plain.py",
    "tests/test_compare_command.py",
    "tests/browser/test_journeys.py",
    "tests/browser/test_offline.py",
)
"""The files that take longest, in about their order."""

BY_TOOL = ("tests/browser/test_accessible_states.py",)
"""Files whose tests say in brackets, first of all, of which tool they are."""

BUILT = {"site", "live_site"}
"""The fixtures that need a build."""


def unit_of(test: str) -> str:
    """The unit of a test, by the test's id."""
    file, _, rest = test.partition("::")
    tool = re.search(r"\[(\w+)", rest) if file in BY_TOOL else None
    return f"{file}[{tool[1]}]" if tool else file


def in_order(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """The tests unit by unit, in the order in which units are to be begun. Within a unit nothing moves."""
    units: dict[str, list[pytest.Item]] = {}
    for item in items:
        units.setdefault(unit_of(item.nodeid), []).append(item)
    order = sorted(units, key=lambda unit: (needs_a_site(units[unit]), length(unit)))
    first = next((unit for unit in order if needs_a_site(units[unit])), None)
    return [item for unit in dict.fromkeys([*([first] if first else []), *order]) for item in units[unit]]


def needs_a_site(items: Iterable[pytest.Item]) -> bool:
    """Whether a test among these needs a built site."""
    return any(BUILT.intersection(getattr(item, "fixturenames", ())) for item in items)


def length(unit: str) -> int:
    """How long a unit takes, as a rank: 0 is the longest."""
    file = unit.partition("[")[0]
    return LONGEST.index(file) if file in LONGEST else len(LONGEST)
