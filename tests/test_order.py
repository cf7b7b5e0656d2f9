"""Every test is run once, in units that stay whole, and what a run is begun with does not wait."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.conftest import pytest_xdist_auto_num_workers
from tests.order import BY_TOOL, LONGEST, in_order, needs_a_site, unit_of
from tests.trees import ROOT, SCENARIOS, TEXTS, TOOLS, published


def test_what_tests_are_named_after_is_what_is_published() -> None:
    project = published()
    assert project.tools == TOOLS
    assert tuple(project.scenarios) == SCENARIOS
    assert {fact.id for fact in project.library.facts.values() if fact.kind == "text"} == set(TEXTS)


def test_the_files_that_are_named_are_there() -> None:
    assert [file for file in {*LONGEST, *BY_TOOL} if not (ROOT / file).is_file()] == []


@pytest.mark.parametrize(
    ("test", "unit"),
    [
        ("tests/test_a.py::test_it", "tests/test_a.py"),
        ("tests/test_a.py::test_it[level-x]", "tests/test_a.py"),
        (f"{BY_TOOL[0]}::test_it[level]", f"{BY_TOOL[0]}[level]"),
        (f"{BY_TOOL[0]}::test_it[level-targets]", f"{BY_TOOL[0]}[level]"),
        (f"{BY_TOOL[0]}::test_of_all", BY_TOOL[0]),
    ],
)
def test_a_unit_is_a_file_or_what_a_file_says_of_one_tool(test: str, unit: str) -> None:
    assert unit_of(test) == unit


def items(*tests: str) -> list[pytest.Item]:
    """Tests by their ids; those whose name ends with "site" need a site."""
    return [SimpleNamespace(nodeid=test, fixturenames=["site"] if test.endswith("site") else []) for test in tests]  # type: ignore[return-value]


def test_one_unit_builds_the_site_while_the_others_do_without_and_the_longest_come_first() -> None:
    mixed = items(
        "tests/test_a.py::test_1",
        "tests/test_a.py::test_2_site",
        f"{LONGEST[1]}::test_site",
        "tests/test_b.py::test_1",
        f"{LONGEST[0]}::test_site",
        f"{LONGEST[-1]}::test_2",
        f"{LONGEST[-1]}::test_1",
    )
    assert [item.nodeid for item in in_order(mixed)] == [
        f"{LONGEST[0]}::test_site",
        f"{LONGEST[-1]}::test_2",
        f"{LONGEST[-1]}::test_1",
        "tests/test_b.py::test_1",
        f"{LONGEST[1]}::test_site",
        "tests/test_a.py::test_1",
        "tests/test_a.py::test_2_site",
    ]
    assert needs_a_site(mixed)


@pytest.mark.parametrize(
    ("arguments", "alone"),
    [
        (["tests"], False),
        (["tests/test_a.py"], True),
        (["tests/test_a.py::test_1", "tests/test_a.py::test_2"], True),
        (["tests/test_a.py", "tests/test_b.py"], False),
        (["tests/browser"], False),
    ],
)
def test_tests_of_one_file_wait_for_no_other_process(arguments: list[str], alone: bool) -> None:
    config = SimpleNamespace(args=arguments)
    assert (pytest_xdist_auto_num_workers(config) == 0) == alone  # type: ignore[arg-type]
