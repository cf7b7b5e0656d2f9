"""The literal model of the decision logic keeps its properties, and the trees decide what the model decides.

The first half checks the model in tests/second_edition.py by itself, so that it can be trusted; the second holds the
engine over the trees as they stand in the folder against it, defects elsewhere or not. Run it alone:

    .venv/bin/python -m pytest tests/test_second_edition.py -q
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import pairwise, product
from pathlib import Path
from random import Random

import pytest

from macros.engine.analysis.outlook import settle
from macros.engine.model.library import Fact, Library, read_library
from macros.engine.model.tree import Tree, inline
from macros.engine.model.walk import Journey, walk
from tests.second_edition import (
    AGES,
    CHECKLISTS,
    CIRCUMSTANCES,
    FACTS,
    HARMLESS,
    NK,
    RISK_SCREEN,
    TOOLS,
    UNKNOWN,
    Result,
    Unanswered,
    Value,
    consent_tool,
    could_be,
    could_be_by_replaying,
    definition_tool,
    every_answer,
    every_journey,
    level_tool,
    plainly,
    random_answers,
    shrunk,
    sweep,
    ticked,
    unknown,
)

Answers = dict[str, Value]
ROOT = Path(__file__).resolve().parents[1]
DEFINITION = ("power_imbalance", "exchange", "means")
CRIME_BLOCK = ("drawn_into_crime", "power_in_crime", "means_of_crime")
LAST_SCREENS = (*RISK_SCREEN, "likelihood")
BEHIND = {"sexual_activity": (*CIRCUMSTANCES, *DEFINITION), "drawn_into_crime": CRIME_BLOCK[1:]}
"""What opens behind an activity."""
CONCERNS = tuple(fact for fact in FACTS if fact != "age")
MOST_OPEN = 6
"""Brute force over completions takes on sets with at most so many open answers; with more, it takes minutes."""


def random_sets(many: int, seed: int) -> Iterator[Answers]:
    dice = Random(seed)
    return (random_answers(dice) for _ in range(many))


def blocks() -> Iterator[Answers]:
    """The blocks whole: the activities at each age, and the last screens, with all else harmless."""
    for age in (*AGES, NK):
        yield from sweep("sexual_activity", *CIRCUMSTANCES, *DEFINITION, age=age)
        yield from sweep(*CRIME_BLOCK, "approach", "sexual_activity", *DEFINITION[:2], age=age)
        yield from sweep(*LAST_SCREENS, "approach", "danger", "harm", age=age)


@cache
def tried() -> Mapping[tuple[object, ...], tuple[Answers, Result]]:
    """Blocks and random sets: one of each journey through the level tool."""
    sets = (*blocks(), *random_sets(20_000, 1))
    return {tuple(result.answers.items()): (answers, result) for answers in sets if (result := level_tool(answers))}


@cache
def both() -> tuple[Answers, ...]:
    return tuple(answers for answers, _ in tried().values())


@cache
def results() -> tuple[Result, ...]:
    return tuple(result for _, result in tried().values())


@cache
def ranges() -> Mapping[int, set[int | None]]:
    return {id(result): could_be(result) for result in results()}


def range_of(result: Result) -> set[int | None]:
    """What could_be gives for one of `results`."""
    return ranges()[id(result)]


def counterexamples(wrong: Callable[[Result], bool]) -> list[Answers]:
    """The first sets of answers whose result is wrong, in short."""
    found = (answers for answers, result in zip(both(), results(), strict=True) if wrong(result))
    return [plainly(answers) for answers, _ in zip(found, range(3), strict=False)]


def sums(result: Result) -> tuple[int, int, int]:
    return (result.level or 0, result.police, result.referral)


# ---- the model itself ---------------------------------------------------------------------------------------------


def test_there_is_enough_of_each_result_to_speak_of() -> None:
    seen = [(result.level, result.police, result.referral) for result in results()]
    assert {(None, 0, 0), (None, 2, 0), (1, 0, 0)} <= set(seen)
    assert all(seen.count(one) >= 20 for one in ((2, 0, 1), (2, 0, 2), (2, 1, 2), (2, 2, 2), (3, 0, 2), (4, 2, 2)))


def test_1_and_2_danger_brings_the_police() -> None:
    assert not counterexamples(lambda r: ticked(r.answers["danger"]) and r.police != 2)
    assert not counterexamples(lambda r: unknown(r.answers["danger"]) and r.police < 1)


def test_3_and_21_a_sign_of_harm_a_met_definition_or_level_4_brings_the_police_and_a_referral() -> None:
    harmed = [r for r in results() if r.level is not None and ticked(r.answers["harm"])]
    assert harmed
    assert {sums(r) for r in harmed} == {(4, 2, 2)}
    assert not counterexamples(lambda r: r.level == 4 and (r.police, r.referral) != (2, 2))
    assert not counterexamples(lambda r: "met" in (r.sexual_definition, r.crime_definition) and r.level != 4)


@pytest.mark.parametrize("fact", CONCERNS)
def test_4_not_known_or_yes_is_never_less_than_no(fact: str) -> None:
    no = HARMLESS[fact]
    for answers in random_sets(1_500, 4):
        least = sums(level_tool({**answers, fact: no}))
        for other in every_answer(fact):
            more = sums(level_tool({**answers, fact: other}))
            assert all(low <= high for low, high in zip(least, more, strict=True)), (plainly(answers), other)


def test_5_no_level_1_with_a_police_action_or_while_an_open_answer_can_raise_it() -> None:
    assert not counterexamples(lambda r: r.level == 1 and (r.police > 0 or r.referral > 0 or range_of(r) != {1}))


def test_6_and_7_sexual_activity_under_16_brings_the_police() -> None:
    def wrong(r: Result) -> bool:
        return r.answers.get("sexual_activity") == "yes" and {
            "under_13": sums(r) != (4, 2, 2), "13_to_15": r.police != 2 or (r.level or 0) < 2,
            "16_or_17": False, NK: sums(r) != (4, 2, 2) or range_of(r) == {4},
        }[r.answers["age"]]  # type: ignore[index] # fmt: skip

    assert not counterexamples(wrong)


def test_17_adults_get_no_level() -> None:
    assert not counterexamples(lambda r: (r.answers["age"] == "18_or_over") != (r.level is None))


def test_22_the_range_is_what_replaying_every_completion_gives() -> None:
    tried = 0
    for answers in random_sets(1_500, 22):
        result = level_tool(answers)
        if 0 < len(result.open) <= MOST_OPEN and result.answers["age"] != NK:
            tried += 1
            assert could_be(result) == could_be_by_replaying(result), plainly(answers)
            if tried == 120:
                break
    assert tried >= 100


def test_22_so_it_is_where_the_age_is_not_known() -> None:
    for activity, crime in product(("no", "yes", NK), ("no", NK)):
        fixed: Answers = {"age": NK, "sexual_activity": activity, "drawn_into_crime": crime}
        result = level_tool({**HARMLESS, **fixed})
        if activity == "yes":  # what is not asked is all open: hold some of it, as if it had been answered
            result.answers.update({fact: HARMLESS[fact] for fact in (*RISK_SCREEN, "approach", "exchange")})
        assert could_be(result) == could_be_by_replaying(result), fixed


def test_a_level_that_is_open_in_no_answer_is_settled() -> None:
    assert not counterexamples(lambda r: not r.open and range_of(r) != {r.level})


def test_23_lawful_activity_at_16_or_17_and_nothing_else_is_level_1() -> None:
    assert sums(level_tool({**HARMLESS, "sexual_activity": "yes"})) == (1, 0, 0)


def test_24_blanks_in_the_last_screens_bring_no_police() -> None:
    for answers in sweep(*LAST_SCREENS):
        if answers["likelihood"] == "highly_likely" or any(answers[f] not in ("no", NK) for f in RISK_SCREEN):
            continue
        for age in (*AGES, NK):
            assert level_tool({**answers, "age": age}).police == 0


def causes(result: Result) -> int:
    """The police action by the closed list of rule 4, told from the answers alone."""
    a = result.answers
    under_16 = a.get("age") in ("under_13", "13_to_15", NK)
    circumstances = [a[fact] for fact in CIRCUMSTANCES if fact in a]
    strong = (
        ticked(a["danger"]), "harm" in a and ticked(a["harm"]), a.get("sexual_activity") == "yes" and under_16,
        a.get("drawn_into_crime") == "yes", "yes" in circumstances, "coerced" in a.get("means", ()),
        "met" in (result.sexual_definition, result.crime_definition), a.get("likelihood") == "highly_likely",
    )  # fmt: skip
    weaker = (
        unknown(a["danger"]), a.get("sexual_activity") == NK and under_16, a.get("drawn_into_crime") == NK,
        NK in circumstances or "unclear_link" in circumstances,
        "open" in (result.sexual_definition, result.crime_definition),
    )  # fmt: skip
    return 2 if any(strong) else 1 if any(weaker) else 0


@pytest.mark.parametrize("tool", TOOLS)
def test_25_a_police_action_has_one_of_the_causes_of_the_list(tool: str) -> None:
    for answers in both():
        result = TOOLS[tool](answers)
        assert result.police == causes(result), plainly(answers)


@pytest.mark.parametrize("tool", TOOLS)
def test_26_no_question_presupposes_an_activity_that_is_not_known(tool: str) -> None:
    for answers in both():
        asked = TOOLS[tool](answers).answers
        if asked.get("sexual_activity") != "yes":
            assert not {*CIRCUMSTANCES, "means"} & set(asked)
        if asked.get("sexual_activity") in (None, "no"):
            assert not {*DEFINITION} & set(asked)
        if asked.get("drawn_into_crime") != "yes":
            assert "means_of_crime" not in asked
        if asked.get("drawn_into_crime") in (None, "no"):
            assert "power_in_crime" not in asked


def test_27_the_tools_bring_the_same_police_action_where_they_asked_the_same() -> None:
    compared = 0
    for answers in both():
        level, consent, definition = (TOOLS[tool](answers) for tool in ("level", "consent", "definition"))
        assert max(consent.police, definition.police) <= level.police, plainly(answers)
        for other in (consent, definition):
            # What one of them did not ask and the other did brings nothing: as if it had been answered so.
            rest = {fact: HARMLESS[fact] for fact in {*level.answers} ^ {*other.answers}}
            if all(level.answers.get(fact, value) == value for fact, value in rest.items()):
                compared += 1
                assert other.police == level.police, plainly(answers)
    assert compared > 1_000


def test_28_a_past_that_is_unclear_is_never_settled_below_3_and_one_not_better_is_at_least_3() -> None:
    def wrong(r: Result) -> bool:
        past = r.answers.get("past")
        settled_low = past in ("unclear", NK) and range_of(r) == {r.level} and r.level < 3  # type: ignore[operator]
        return settled_low or (past == "not_better" and r.level < 3)  # type: ignore[operator]

    assert not counterexamples(wrong)
    asked = ("13_to_15", "16_or_17")
    assert not counterexamples(lambda r: r.answers.get("trust_or_authority") == "yes" and sums(r)[:2] != (4, 2))
    for age in asked:
        assert sums(level_tool({**HARMLESS, "age": age, "sexual_activity": "yes", "trust_or_authority": "yes"})) == (
            4, 2, 2,
        )  # fmt: skip


@pytest.mark.parametrize("fact", CONCERNS)
def test_33_yes_is_never_less_than_cannot_say_yet_nor_that_than_no(fact: str) -> None:
    protective = ("no", "exited", "education", "highly_unlikely", NK)
    yes = [v for v in every_answer(fact) if v not in protective and (fact not in CHECKLISTS or ticked(v))]
    for answers in random_sets(1_500, 33):
        wondering = sums(level_tool({**answers, fact: UNKNOWN[fact]}))
        least = sums(level_tool({**answers, fact: HARMLESS[fact]}))
        assert all(low <= high for low, high in zip(least, wondering, strict=True)), plainly(answers)
        for other in yes:
            behind = {further: UNKNOWN[further] for further in BEHIND.get(fact, ())}
            more = sums(level_tool({**answers, **behind, fact: other}))
            assert all(low <= high for low, high in zip(wondering, more, strict=True)), (plainly(answers), other)


def test_33_a_younger_age_never_gives_less() -> None:
    for answers in random_sets(6_000, 34):
        older_first = [sums(level_tool({**answers, "age": age})) for age in (*reversed(AGES), NK)]
        for older, younger in pairwise(older_first):
            assert all(low <= high for low, high in zip(older, younger, strict=True)), plainly(answers)


def test_the_police_action_of_the_other_tools_is_monotone_too() -> None:
    dice = Random(5)
    for answers in random_sets(3_000, 35):
        fact = dice.choice(CONCERNS)
        for tool in (consent_tool, definition_tool):
            least = tool({**answers, fact: HARMLESS[fact]}).police
            assert all(least <= tool({**answers, fact: other}).police for other in every_answer(fact))


def test_an_unanswered_question_is_named() -> None:
    with pytest.raises(Unanswered) as raised:
        level_tool({"danger": ("none",)})
    assert raised.value.fact == "age"


# ---- the engine over the trees, held against the model -------------------------------------------------------------


@cache
def library() -> Library:
    """The tables and trees as they stand in the folder, unchecked: a defect elsewhere does not stop a comparison."""
    folder = ROOT / "decision_trees"

    def plain(path: Path) -> dict[str, object]:
        return {key: value for key, value in json.loads(path.read_text("utf-8")).items() if key != "$schema"}

    tables = {name: plain(folder / f"{name}.json") for name in ("facts", "results", "quantities", "contacts")}
    return read_library({**tables, "trees": {path.stem: plain(path) for path in (folder / "trees").glob("*.json")}})


@cache
def tree_of(tool: str) -> Tree:
    return inline(library(), tool)


@cache
def other_facts(tool: str) -> tuple[Fact, ...]:
    """The facts that a tool asks and the model knows nothing of: they may not make a difference."""
    facts = (library().facts[name] for name in tree_of(tool).facts() if name not in FACTS)
    return tuple(fact for fact in facts if fact.kind != "offer")


def journey_of(tool: str, answers: Answers, dice: Random) -> Journey:
    """The engine's journey with these answers, and any to the facts that the model leaves out."""

    def some(fact: Fact) -> object:
        if fact.kind in ("text", "datetime"):
            return "" if fact.kind == "text" else "not_known"
        value = dice.choice(fact.answers_where(offered=False))
        return (value,) if fact.kind == "any_of" else value

    return walk(tree_of(tool), {**answers, **{fact.id: some(fact) for fact in other_facts(tool)}})


Told = Mapping[str, object]


def told_by_engine(tool: str, answers: Answers, parts: Iterable[str]) -> Told:
    # The same further answers to the same set, so that a set shrinks as it failed.
    journey = journey_of(tool, answers, Random(repr(sorted(answers.items()))))
    if journey.outcome is None:
        problems = [(problem.fact, problem.kind) for problem in journey.problems]
        return {"journey": f"{journey.state} at {journey.step}", "problems": problems}
    told: dict[str, Callable[[], object]] = {
        "level": lambda: journey.level,
        "police": lambda: journey.floors.get("police"),
        "referral": lambda: journey.floors.get("referral"),
        "asked": lambda: {fact for fact in journey.answers if fact in FACTS},
        "screens": lambda: [set(some) for s in journey.screens if (some := [f for f in s.facts if f in FACTS])],
        "could_be": lambda: set(settle(tree_of(tool), journey).could_be),  # type: ignore[union-attr]
    }
    return {part: told[part]() for part in parts}


def told_by_model(tool: str, answers: Answers, parts: Iterable[str]) -> Told:
    result = TOOLS[tool](answers)
    told: dict[str, Callable[[], object]] = {
        "level": lambda: result.level,
        "police": lambda: result.police,
        "referral": lambda: result.referral,
        "asked": lambda: set(result.asked),
        "screens": lambda: [set(facts) for facts in result.screens],
        "could_be": lambda: {level or 0 for level in could_be(result)},
    }
    return {part: told[part]() for part in parts}


def compare(tool: str, sets: Iterable[Answers], *parts: str) -> None:
    """Fails at the first set of answers for which engine and model differ, made as small as it can be."""

    def differ(answers: Answers) -> bool:
        return told_by_engine(tool, answers, parts) != told_by_model(tool, answers, parts)

    for answers in sets:
        if differ(answers):
            smallest = shrunk(answers, differ)
            result = TOOLS[tool](smallest)
            pytest.fail(
                f"{tool}: {plainly(smallest)}\n"
                f"  engine: {told_by_engine(tool, smallest, parts)}\n"
                f"  model:  {told_by_model(tool, smallest, parts)}\n"
                f"  model asked {result.asked}; open {result.open}; definitions: sexual activity "
                f"{result.sexual_definition}, crime {result.crime_definition}",
                pytrace=False,
            )


ALL_BUT_RANGE = ("level", "police", "referral", "asked")


@pytest.mark.parametrize("part", ["level", "police", "referral", "asked", "screens"])
def test_the_engine_gives_what_the_model_gives(part: str) -> None:
    compare("level", random_sets(6_000, 100), part)


def test_the_range_of_the_engine_is_that_of_the_model() -> None:
    """Block by block, so that sets with any number of open answers are compared."""
    compare("level", random_sets(900, 101), "could_be")


def test_the_range_of_the_engine_is_what_brute_force_over_the_model_gives() -> None:
    """At most MOST_OPEN open answers, and an age that is known: see there."""

    def few(answers: Answers) -> bool:
        result = level_tool(answers)
        return 0 < len(result.open) <= MOST_OPEN and result.answers["age"] != NK

    def differ(answers: Answers) -> bool:
        expected = {level or 0 for level in could_be_by_replaying(level_tool(answers))}
        return told_by_engine("level", answers, ["could_be"]) != {"could_be": expected}

    sets = [answers for answers in random_sets(600, 102) if few(answers)][:80]
    assert len(sets) == 80
    for answers in sets:
        assert not differ(answers), plainly(shrunk(answers, lambda some: few(some) and differ(some)))


@pytest.mark.parametrize("age", [*AGES, NK, "18_or_over"])
def test_the_engine_agrees_on_every_journey_through_the_block_of_sexual_activity(age: str) -> None:
    free = ("sexual_activity", *CIRCUMSTANCES, *DEFINITION)
    compare("level", every_journey(free, age=age), *ALL_BUT_RANGE)


@pytest.mark.parametrize("age", ["13_to_15", "16_or_17"])
def test_the_range_agrees_in_the_block_of_sexual_activity(age: str) -> None:
    free = ("sexual_activity", "violence_or_threat", *DEFINITION, "approach")
    every = list(every_journey(free, age=age))
    compare("level", Random(103).sample(every, min(len(every), 500)), "could_be")


@pytest.mark.parametrize("age", [*AGES, NK])
def test_the_engine_agrees_on_every_journey_through_the_block_of_crime(age: str) -> None:
    for approach in ("no", "yes", NK):
        every = every_journey(CRIME_BLOCK, age=age, approach=approach)
        compare("level", every, *ALL_BUT_RANGE)


def test_the_range_agrees_on_every_journey_through_the_block_of_crime() -> None:
    every = [a for approach in ("no", "yes", NK) for a in every_journey(CRIME_BLOCK, approach=approach)]
    compare("level", every, "could_be")


def test_the_engine_agrees_on_every_combination_of_risk_past_missing_and_likelihood() -> None:
    for age in AGES:
        compare("level", every_journey(LAST_SCREENS, age=age), *ALL_BUT_RANGE)
    compare("level", every_journey(LAST_SCREENS), "could_be")


def test_the_engine_agrees_on_every_combination_of_danger_harm_and_drawn_in() -> None:
    for age in (*AGES, NK, "18_or_over"):
        free = ("danger", "harm", "sexual_activity", "drawn_into_crime", "approach")
        compare("level", every_journey(free, age=age), *ALL_BUT_RANGE)


@pytest.mark.parametrize("tool", ["consent", "definition"])
@pytest.mark.parametrize("part", ["police", "asked"])
def test_the_engine_gives_the_police_action_of_the_model_in_the_other_tools(tool: str, part: str) -> None:
    compare(tool, random_sets(5_000, 105), part)


@pytest.mark.parametrize("age", [*AGES, NK, "18_or_over"])
def test_the_police_action_agrees_on_every_journey_through_the_blocks_of_the_other_tools(age: str) -> None:
    compare("consent", every_journey(("danger", "sexual_activity", *CIRCUMSTANCES), "consent", age=age), "police")
    free = ("sexual_activity", *DEFINITION, "approach")
    compare("definition", every_journey(free, "definition", age=age), "police")
    compare("definition", every_journey((*CRIME_BLOCK, "approach"), "definition", age=age), "police")


@pytest.mark.parametrize(("result", "kind"), [("cse-too-little-known", 0), ("cce-too-little-known", 1)])
def test_the_definition_tool_says_of_which_kind_too_little_is_known_where_it_looked_at_both(
    result: str, kind: int
) -> None:
    looked = 0
    for answers in random_sets(4_000, 106):
        model = definition_tool(answers)
        found = (model.sexual_definition, model.crime_definition)
        if None not in found:
            looked += 1
            journey = journey_of("definition", answers, Random(1))
            assert (result in journey.said_on_the_way) == (found[kind] == "too_little"), plainly(answers)
    assert looked > 500
