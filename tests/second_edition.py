"""A literal model in plain Python of what the level, consent and definition tools decide.

Written from the text of the decision logic alone, step by step in its order, and without the engine: what the trees
give is held against it (tests/test_second_edition.py). Whatever of the text can be read in two ways is marked
"Reading:" where it is decided.

Answers are a dict by fact: a text, or for a checklist a tuple. The facts of a reader's role, Social Care and Looked
After are left out: neither level, police nor referral depends on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations, product
from random import Random

Value = str | tuple[str, ...]
Answers = Mapping[str, Value]

NK = "not_known"
NO_YES = ("no", "yes", NK)

VALUES: dict[str, tuple[str, ...]] = {
    "danger": ("safety", "crime", "missing_now", "none", NK),
    "age": ("under_13", "13_to_15", "16_or_17", "18_or_over", NK),
    "harm": ("disclosed", "evidence", "strong_suspicion", "none", NK),
    "sexual_activity": NO_YES,
    "drawn_into_crime": NO_YES,
    "approach": NO_YES,
    "trust_or_authority": NO_YES,
    "non_consensual": NO_YES,
    "incapacitated": NO_YES,
    "violence_or_threat": ("no", "yes", "unclear_link", NK),
    "power_imbalance": NO_YES,
    "exchange": ("need_or_want", "harm_prevented", "gain", "none", NK),
    "means": ("coerced", "manipulated", "deceived", "none", NK),
    "power_in_crime": NO_YES,
    "means_of_crime": ("coerced", "manipulated", "deceived", "controlled", "none", NK),
    "risk": NO_YES,
    "past": ("no", "exited", "reduced", "not_better", "unclear", NK),
    "missing_episode": ("no", "yes", "education", NK),
    "likelihood": ("highly_unlikely", "unlikely", "likely", "highly_likely", NK),
}
FACTS = tuple(VALUES)
CHECKLISTS = ("danger", "harm", "exchange", "means", "means_of_crime")
CIRCUMSTANCES = ("trust_or_authority", "non_consensual", "incapacitated", "violence_or_threat")
RISK_SCREEN = ("risk", "past", "missing_episode")

HARMLESS: dict[str, Value] = {
    fact: ("none",) if fact in CHECKLISTS else "16_or_17" if fact == "age" else VALUES[fact][0] for fact in FACTS
}
"""The answer to each fact that is no concern; an age has to be some age."""

UNKNOWN: dict[str, Value] = {fact: (NK,) if fact in CHECKLISTS else NK for fact in FACTS}

AGES = ("under_13", "13_to_15", "16_or_17")
"""The ages under 18."""


def every_answer(fact: str) -> list[Value]:
    """Every answer that a reader can give."""
    if fact not in CHECKLISTS:
        return list(VALUES[fact])
    options = VALUES[fact][:-2]
    chosen = [some for n in range(1, len(options) + 1) for some in combinations(options, n)]
    return [*chosen, ("none",), (NK,)]


def ticked(answer: Value) -> bool:
    """Whether something is ticked in a checklist that is neither "none" nor "not sure"."""
    return answer not in (("none",), (NK,))


def unknown(answer: Value) -> bool:
    return answer in (NK, (NK,))


class Unanswered(Exception):
    """A question is asked that has no answer."""

    def __init__(self, fact: str) -> None:
        super().__init__(fact)
        self.fact = fact


@dataclass
class Result:
    """What a tool comes to. `level` is None where no level is given; a kind's definition None if not looked at."""

    level: int | None = None
    police: int = 0
    referral: int = 0
    screens: list[tuple[str, ...]] = field(default_factory=list)
    answers: dict[str, Value] = field(default_factory=dict)
    sexual_definition: str | None = None
    crime_definition: str | None = None

    @property
    def asked(self) -> tuple[str, ...]:
        return tuple(self.answers)

    def ask(self, given: Answers, *facts: str) -> list[Value]:
        """One screen: the answers to its questions."""
        if facts:
            self.screens.append(facts)
        for fact in facts:
            if fact not in given:
                raise Unanswered(fact)
            self.answers[fact] = given[fact]
        return [given[fact] for fact in facts]

    def raise_to(self, brought: tuple[int, int]) -> None:
        """Level and police only go up."""
        level, police = brought
        self.level, self.police = max(self.level or 0, level), max(self.police, police)

    @property
    def open(self) -> tuple[str, ...]:
        """The facts asked whose answers stand open, in the order of the questions."""
        return tuple(fact for fact in self.answers if self._is_open(fact))

    def _is_open(self, fact: str) -> bool:
        answer = self.answers[fact]
        if unknown(answer) or (fact, answer) in (("past", "unclear"), ("violence_or_threat", "unclear_link")):
            return True
        if answer not in ("no", ("none",)):
            return False
        if fact in ("sexual_activity", "drawn_into_crime"):
            # Reading: each *no*, whatever the other activity is.
            return self.answers["approach"] in ("yes", NK)
        if fact in ("power_imbalance", "exchange", "means"):
            return self.sexual_definition in ("open", "too_little")
        if fact in ("power_in_crime", "means_of_crime"):
            return self.crime_definition in ("open", "too_little")
        return False


# ---- what each answer brings: (level, police) ---------------------------------------------------------------------

NOTHING = (1, 0)


def of_danger(danger: Value) -> tuple[int, int]:
    if ticked(danger):
        return 2, 2
    return (2, 1) if unknown(danger) else NOTHING


def of_harm(harm: Value) -> tuple[int, int]:
    if ticked(harm):
        return 4, 2
    return (2, 0) if unknown(harm) else NOTHING


def of_sexual_activity(age: Value, activity: Value) -> tuple[int, int]:
    if activity == "yes":
        if age in ("under_13", NK):
            return 4, 2
        return (2, 2) if age == "13_to_15" else NOTHING
    if activity == NK:
        return 2, 0 if age == "16_or_17" else 1
    return NOTHING


def of_crime(crime: Value) -> tuple[int, int]:
    return {"yes": (2, 2), NK: (2, 1), "no": NOTHING}[crime]  # type: ignore[index]


def of_approach(approach: Value) -> tuple[int, int]:
    return NOTHING if approach == "no" else (2, 0)


def of_circumstances(answers: Iterable[Value]) -> tuple[int, int]:
    found = list(answers)
    if "yes" in found:
        return 4, 2
    return (2, 1) if NK in found or "unclear_link" in found else NOTHING


def sexual_definition(activity: Value, power: Value, exchange: Value, means: Value | None) -> str:
    """met, open (cannot be ruled out), too_little or not_matched, of a kind that is yes or can't-say-yet."""
    if activity == NK:
        return "open" if power == "yes" or ticked(exchange) else "too_little"
    assert means is not None
    if power == "yes" and ticked(means) and ticked(exchange):
        return "met"
    if ticked(means) or ticked(exchange):
        # Reading: coerced with the rest absent is open, beside its level 4.
        return "open"
    if (power != "no") + (means != ("none",)) + (exchange != ("none",)) >= 2:
        return "open"
    return "too_little" if unknown(means) or unknown(exchange) else "not_matched"


def crime_definition(crime: Value, power: Value, means: Value | None) -> str:
    if crime == NK:
        return "open" if power == "yes" else "too_little"
    assert means is not None
    if power == "yes" and ticked(means):
        return "met"
    return "open" if power != "no" or means != ("none",) else "not_matched"


def of_sexual_definition(activity: Value, power: Value, exchange: Value, means: Value | None) -> tuple[int, int]:
    if means is not None and "coerced" in means:
        return 4, 2
    found = sexual_definition(activity, power, exchange, means)
    return {"met": (4, 2), "open": (2, 1), "too_little": (2, 0), "not_matched": NOTHING}[found]


def of_crime_definition(crime: Value, power: Value, means: Value | None) -> tuple[int, int]:
    found = crime_definition(crime, power, means)
    # Too little known: no more than the kind brings anyway.
    return {"met": (4, 2), "open": (2, 1), "too_little": NOTHING, "not_matched": NOTHING}[found]


def of_risk(risk: Value) -> tuple[int, int]:
    return NOTHING if risk == "no" else (2, 0)


def of_past(past: Value) -> tuple[int, int]:
    if past == "not_better":
        return 3, 0
    return (2, 0) if past in ("reduced", "unclear", NK) else NOTHING


def of_missing(missing: Value) -> tuple[int, int]:
    return (2, 0) if missing in ("yes", NK) else NOTHING


def of_likelihood(likelihood: Value) -> tuple[int, int]:
    return {"highly_unlikely": NOTHING, "unlikely": (2, 0), "likely": (3, 0), "highly_likely": (4, 2), NK: (2, 0)}[
        likelihood  # type: ignore[index]
    ]


# ---- the tools ----------------------------------------------------------------------------------------------------


def level_tool(given: Answers) -> Result:
    """T1. Raises Unanswered at a question that has no answer."""
    result = Result(level=1)
    (danger,) = result.ask(given, "danger")
    result.raise_to(of_danger(danger))
    (age,) = result.ask(given, "age")
    if age == "18_or_over":
        result.level = None  # Reading: the adult route is no referral of a child.
        return result
    _work_out(result, given, danger, age)
    result.referral = _referral(result)
    return result


def _work_out(result: Result, given: Answers, danger: Value, age: Value) -> None:
    (harm,) = result.ask(given, "harm")
    result.raise_to(of_harm(harm))
    if result.level == 4:
        return
    activity, crime, approach = result.ask(given, "sexual_activity", "drawn_into_crime", "approach")
    result.raise_to(of_sexual_activity(age, activity))
    result.raise_to(of_crime(crime))
    result.raise_to(of_approach(approach))
    if result.level == 4:
        return
    if activity == "yes":
        result.raise_to(of_circumstances(result.ask(given, *CIRCUMSTANCES)))
        if result.level == 4:
            return
    _look_at_sexual_definition(result, given, activity)
    if result.level == 4:
        return
    _look_at_crime_definition(result, given, crime)
    if result.level == 4:
        return
    missing_asked = "missing_now" not in danger
    answers = result.ask(given, *(RISK_SCREEN if missing_asked else RISK_SCREEN[:2]))
    for brings, answer in zip((of_risk, of_past, of_missing), answers, strict=False):
        result.raise_to(brings(answer))
    (likelihood,) = result.ask(given, "likelihood")
    result.raise_to(of_likelihood(likelihood))


def _look_at_sexual_definition(result: Result, given: Answers, activity: Value) -> None:
    if activity == "no":
        return
    asked = ("power_imbalance", "exchange", "means") if activity == "yes" else ("power_imbalance", "exchange")
    power, exchange, *means = result.ask(given, *asked)
    facts = (activity, power, exchange, means[0] if means else None)
    result.sexual_definition = sexual_definition(*facts)
    result.raise_to(of_sexual_definition(*facts))


def _look_at_crime_definition(result: Result, given: Answers, crime: Value) -> None:
    if crime == "no":
        return
    asked = ("power_in_crime", "means_of_crime") if crime == "yes" else ("power_in_crime",)
    power, *means = result.ask(given, *asked)
    facts = (crime, power, means[0] if means else None)
    result.crime_definition = crime_definition(*facts)
    result.raise_to(of_crime_definition(*facts))


def _referral(result: Result) -> int:
    """0 none, 1 advice about early help, 2 a referral."""
    if result.level == 1:
        return 0
    found = result.answers.get
    early_help = (
        result.level == 2
        and result.police == 0
        and found("danger") == ("none",)
        and found("harm") == ("none",)
        and found("approach") == "no"
        and NK not in (found("sexual_activity"), found("drawn_into_crime"))
        and not {"open", "too_little"} & {result.sexual_definition, result.crime_definition}
    )
    return 1 if early_help else 2


def consent_tool(given: Answers) -> Result:
    """T2: only its police action and its questions are modelled."""
    result = Result()
    result.raise_to(of_danger(*result.ask(given, "danger")))
    (age,) = result.ask(given, "age")
    if age != "18_or_over":
        (activity,) = result.ask(given, "sexual_activity")
        result.raise_to(of_sexual_activity(age, activity))
        if activity == "yes" and result.level != 4:
            # Reading: where the age alone decides, the circumstances are not asked, as in the level tool (step 4).
            result.raise_to(of_circumstances(result.ask(given, *CIRCUMSTANCES)))
    result.level = None
    return result


def definition_tool(given: Answers) -> Result:
    """T4: its police action, its questions and what it finds of each kind."""
    result = Result()
    result.raise_to(of_danger(*result.ask(given, "danger")))
    (age,) = result.ask(given, "age")
    if age != "18_or_over":
        activity, crime, _ = result.ask(given, "sexual_activity", "drawn_into_crime", "approach")
        result.raise_to(of_sexual_activity(age, activity))
        result.raise_to(of_crime(crime))
        # Reading: no level stands in this tool, so that both kinds are looked at whatever the first one comes to.
        _look_at_sexual_definition(result, given, activity)
        _look_at_crime_definition(result, given, crime)
    result.level = None
    return result


TOOLS: dict[str, Callable[[Answers], Result]] = {
    "level": level_tool,
    "consent": consent_tool,
    "definition": definition_tool,
}


# ---- what the level could turn out to be --------------------------------------------------------------------------


def known_answers(fact: str) -> list[Value]:
    """Every answer with which nothing of this fact stays open."""
    left_out = ("18_or_over", "unclear", "unclear_link", NK, (NK,))
    return [answer for answer in every_answer(fact) if answer not in left_out]


def completions(result: Result, fact: str) -> list[Value]:
    """What a fact may be once all is known: its answer, unless it stands open or was not asked."""
    if fact not in result.answers:
        return known_answers(fact)
    answer = result.answers[fact]
    if fact not in result.open:
        return [answer]
    if answer == "unclear":
        return ["exited", "reduced", "not_better"]
    return known_answers(fact)


def could_be_by_replaying(result: Result) -> set[int | None]:
    """The levels of every replay of the level tool with what is open, and what that opens, completed in every way."""
    if result.level is None:
        return {None}
    ways = {fact: completions(result, fact) for fact in FACTS}
    levels: set[int | None] = set()
    start: dict[str, Value] = {fact: some[0] for fact, some in ways.items() if len(some) == 1}
    waiting = [start]
    while waiting:
        answers = waiting.pop()
        try:
            levels.add(level_tool(answers).level)
        except Unanswered as question:
            waiting += [{**answers, question.fact: answer} for answer in ways[question.fact]]
    return levels


def could_be(result: Result) -> set[int | None]:
    """The same, block by block: the level is the highest that any block brings, and no level is above 4."""
    if result.level is None:
        return {None}
    ways = {fact: tuple(_classes(fact, completions(result, fact))) for fact in FACTS}
    simple: list[tuple[str, Callable[[Value], tuple[int, int]]]] = [
        ("danger", of_danger), ("harm", of_harm), ("approach", of_approach), ("risk", of_risk), ("past", of_past),
        ("missing_episode", of_missing), ("likelihood", of_likelihood),
    ]  # fmt: skip
    levels = {1}
    for fact, brings in simple:
        levels = _highest(levels, {brings(answer)[0] for answer in ways[fact]})
    circumstances = tuple(ways[fact] for fact in CIRCUMSTANCES)
    definition = tuple(ways[fact] for fact in ("power_imbalance", "exchange", "means"))
    levels = _highest(levels, _of_sexual_block(ways["age"], ways["sexual_activity"], circumstances, definition))
    in_crime = (ways["power_in_crime"], ways["means_of_crime"])
    return set(_highest(levels, _of_crime_block(ways["drawn_into_crime"], in_crime)))


def _highest(some: Iterable[int], others: Iterable[int]) -> set[int]:
    return {max(pair) for pair in product(some, others)}


def _classes(fact: str, answers: Iterable[Value]) -> Iterator[Value]:
    """One answer of each class that no rule above tells apart."""
    seen = set()
    for answer in answers:
        tells = (ticked(answer), unknown(answer), "coerced" in answer) if fact in CHECKLISTS else answer
        if tells not in seen:
            seen.add(tells)
            yield answer


Ways = tuple[Value, ...]


@cache
def _of_sexual_block(
    ages: Ways, activities: Ways, circumstances: tuple[Ways, ...], definition: tuple[Ways, ...]
) -> frozenset[int]:
    levels = set()
    for age, activity in product(ages, activities):
        levels_here = {of_sexual_activity(age, activity)[0]}
        if activity == "yes":
            levels_here = _highest(levels_here, {of_circumstances(found)[0] for found in product(*circumstances)})
            met = {of_sexual_definition(activity, *found)[0] for found in product(*definition)}  # type: ignore[call-arg]
            levels_here = _highest(levels_here, met)
        levels |= levels_here
    return frozenset(levels)


@cache
def _of_crime_block(activities: Ways, definition: tuple[Ways, ...]) -> frozenset[int]:
    levels = set()
    for activity in activities:
        levels_here = {of_crime(activity)[0]}
        if activity == "yes":
            met = {of_crime_definition(activity, *found)[0] for found in product(*definition)}  # type: ignore[call-arg]
            levels_here = _highest(levels_here, met)
        levels |= levels_here
    return frozenset(levels)


# ---- sets of answers ----------------------------------------------------------------------------------------------


def random_answers(dice: Random) -> dict[str, Value]:
    """An answer to every fact. How much is harmless and how much not known differs from set to set."""
    harmless, not_known = dice.choice([(0.9, 0.06), (0.75, 0.15), (0.55, 0.3), (0.3, 0.3)])
    activity = dice.random() < 0.5

    def answer(fact: str) -> Value:
        if fact == "age":
            return dice.choices(VALUES["age"], (2, 3, 4, 0.3, 2))[0]
        chance = dice.random()
        if fact in ("sexual_activity", "drawn_into_crime") and activity:
            return dice.choice(NO_YES)
        if chance < harmless:
            return HARMLESS[fact]
        return UNKNOWN[fact] if chance < harmless + not_known else dice.choice(every_answer(fact))

    return {fact: answer(fact) for fact in FACTS}


def sweep(*facts: str, **fixed: Value) -> Iterator[dict[str, Value]]:
    """Every combination of answers to these facts, one of each class, with the rest fixed or harmless."""
    for found in product(*(_classes(fact, every_answer(fact)) for fact in facts)):
        yield {**HARMLESS, **fixed, **dict(zip(facts, found, strict=True))}


def every_journey(free: Iterable[str], tool: str = "level", **fixed: Value) -> Iterator[dict[str, Value]]:
    """A set of answers for every journey on which only these facts differ; only one that is asked does."""
    free = tuple(free)
    base = {fact: value for fact, value in {**HARMLESS, **fixed}.items() if fact not in free}
    waiting = [base]
    while waiting:
        answers = waiting.pop()
        try:
            TOOLS[tool](answers)
        except Unanswered as question:
            waiting += [{**answers, question.fact: answer} for answer in every_answer(question.fact)]
        else:
            yield {**HARMLESS, **answers}


def shrunk(answers: Mapping[str, Value], fails: Callable[[dict[str, Value]], bool]) -> dict[str, Value]:
    """A set that still fails, in which no answer can be made harmless, and each checklist is as short as can be."""
    smallest = dict(answers)
    again = True
    while again:
        again = False
        for fact in FACTS:
            simpler: list[Value] = [HARMLESS[fact]] if smallest[fact] != HARMLESS[fact] else []
            if fact in CHECKLISTS and len(smallest[fact]) > 1:
                simpler += [(one,) for one in smallest[fact]]
            for answer in simpler:
                if fails({**smallest, fact: answer}):
                    smallest[fact], again = answer, True
                    break
    return smallest


def plainly(answers: Mapping[str, Value]) -> dict[str, Value]:
    """The answers that are not harmless, and the age."""
    return {fact: value for fact, value in answers.items() if fact == "age" or value != HARMLESS[fact]}
