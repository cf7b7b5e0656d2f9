"""Matched pairs: both versions come to the same, no tool asks what they differ in, and chance is counted right."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from functools import cache
from html import escape
from itertools import combinations
from typing import Any

import pytest

from macros.authoring.citations.lock import check_lock
from macros.authoring.pairs import check_pair, passages_of_pairs, versions
from macros.authoring.scenarios import Scenario
from macros.authoring.sources.diagnostics import Diagnostic, Source
from macros.engine.api import Engine, summary
from macros.engine.model.walk import walk
from macros.engine.training.pair import TRAITS, chance, chance_in_words, in_words, marked, slots_of
from macros.site.before.training import TrainingPages
from tests.test_scenarios import NEVER, capitals_within
from tests.trees import ROOT, published

PAIRS = sorted(path.stem for path in (ROOT / "decision_trees" / "pairs").glob("*.json"))
MATTERS = re.compile(
    r"\b(disab\w+|Looked After|asylum|foster\w*|children’s home|gangs?|refugee\w*|learning difficult\w+)\b",
    re.IGNORECASE,
)
"""What matters to the procedure, and so may not come into a story in which one trait must not."""


@cache
def pages() -> TrainingPages:
    return TrainingPages(published(), "engine/")


@cache
def engine() -> Engine:
    return Engine(json.loads(json.dumps(published().bundle())))


def ask(id: str, **counts: str) -> dict[str, Any]:
    """What comes of hands for a pair, by half and outcome, such as a_level_4."""
    fields = {name.replace("_", "-"): [n] for name, n in counts.items()}
    training = {"do": "pair", "pair": pages().pair_data[id], "counts": fields}
    response: dict[str, Any] = json.loads(engine().respond(json.dumps({"training": training, "base": "../../"})))
    return response


# ---- the pairs themselves ---------------------------------------------------------------------------------------


def test_there_is_one_pair_for_each_trait() -> None:
    schema = json.loads((ROOT / "schemas" / "pair.schema.json").read_text("utf-8"))
    assert sorted(pair.data["trait"] for pair in published().pairs.values()) == sorted(TRAITS)
    assert schema["$defs"]["trait"]["enum"] == list(TRAITS)


@pytest.mark.parametrize("id", PAIRS)
def test_both_versions_come_to_what_the_pair_says(id: str) -> None:
    found = []
    for version in versions(published().pairs[id]):
        (check,) = version.checks
        tree = published().trees[check.tree]
        now = summary(tree, walk(tree, check.answers))
        found.append({part: now[part] for part in ("outcome", "police", "results")})
        assert found[-1] == {part: check.expect[part] for part in found[-1]}
    assert found[0] == found[1]


@pytest.mark.parametrize("id", PAIRS)
def test_versions_are_as_long_as_each_other_and_hold_nothing_that_matters(id: str) -> None:
    """A version that says more than the other would differ in more than the trait."""
    stories = [version.data["vignette"] for version in versions(published().pairs[id])]
    assert abs(len(stories[0].split()) - len(stories[1].split())) <= 3
    assert {story for story in stories if MATTERS.search(story)} == set()
    assert len({tuple(re.findall(r"\d+", story)) for story in stories}) == 1, "ages are the same"


def test_no_tool_asks_a_trait_of_the_pairs() -> None:
    asked = [
        words
        for fact in published().library.facts.values()
        for words in (fact.id, fact.text, *(word for option in fact.options for word in (option.value, option.text)))
    ]
    assert [words for words in asked if ASKS_A_TRAIT.search(words.replace("_", " "))] == []
    assert ASKS_A_TRAIT.search("Is the child a girl?")
    assert ASKS_A_TRAIT.search("What does the family earn?")


ASKS_A_TRAIT = re.compile(
    r"\b(boys?|girls?|males?|females?|m[ae]n|wom[ae]n|gender|sex of|ethnic\w*|origin|nationality|religion|class|income"
    r"|earns?|grateful|polite|rude|difficult|manners?|behav\w+)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("id", PAIRS)
def test_no_word_of_a_pair_blames_a_child_or_names_anybody(id: str) -> None:
    data = published().pairs[id].data
    texts = [data["title"], data["why"], *data["notes"], data["checks"][0]["debrief"]]
    texts += [version.data["vignette"] for version in versions(published().pairs[id])]
    assert [found.group() for words in texts for found in NEVER.finditer(words)] == []
    assert {name for words in texts for name in capitals_within(words)} <= {"Social", "Care", "CADS"}
    assert not any(re.search(r"\b(prejudic|bias)", words, re.IGNORECASE) for words in texts)


@pytest.mark.parametrize("id", PAIRS)
def test_a_pair_gives_a_clause_of_the_sections_that_say_whom_exploitation_meets(id: str) -> None:
    assert {clause.split("-")[0] for clause in published().pairs[id].data["cites"]} & {"s1", "s5"}


# ---- what `make check` refuses ----------------------------------------------------------------------------------


def spoilt(change: Callable[[dict[str, Any]], object]) -> list[Diagnostic]:
    """What is found in a sound pair with one thing changed."""
    pair = published().pairs["a-new-phone"]
    data = deepcopy(dict(pair.data))
    change(data)
    text = json.dumps(data, ensure_ascii=False, indent=1)
    return check_pair(published().context, published().trees, Scenario(pair.id, data, Source(pair.source.name, text)))


def story(words: str) -> Callable[[dict[str, Any]], object]:
    return lambda data: data.update(vignette=f"{data['vignette']} {words}")


def answered(**answers: Any) -> Callable[[dict[str, Any]], object]:
    return lambda data: data["checks"][0]["answers"].update(answers)


FAULTS: dict[str, tuple[str, str, Callable[[dict[str, Any]], object]]] = {
    "a slot not filled": ("unfilled-slot", "/versions/1/slots", lambda data: data["versions"][1]["slots"].pop("him")),
    "an unknown slot": (
        "unknown-slot", "/versions/0/slots/parent", lambda data: data["versions"][0]["slots"].update(parent="a father"),
    ),
    "equal versions": (
        "same-versions", "/versions", lambda data: data["versions"][1].update(slots=data["versions"][0]["slots"]),
    ),
    "an unknown clause": ("unknown-clause", "/cites/0", lambda data: data["cites"].insert(0, "s1-99")),
    "an unknown basis": ("unknown-fact", "/checks/0/answers/sex", answered(sex="girl")),
    "answers that come to something else": ("other-result", "/checks/0/expect", answered(age="16_or_17")),
    "answers that end nowhere": (
        "unanswered", "/checks/0/answers", lambda data: data["checks"][0]["answers"].pop("power_imbalance"),
    ),
    "a name": ("name-in-story", "/vignette", story("Her friend is called Jane.")),
    "a place": ("name-in-story", "/vignette", story("They meet in Mill Hill.")),
    "how likely harm is": ("giveaway", "/vignette", story("You think harm likely.")),
    "too short": (
        "vignette-length", "/vignette", lambda data: data.update(vignette="It is {child}. {He}, {he}, {his}, {him}."),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", FAULTS)
def test_a_planted_fault_is_refused_at_its_place(what: str) -> None:
    kind, pointer, change = FAULTS[what]
    found = spoilt(change)
    assert {(diagnostic.kind, diagnostic.pointer) for diagnostic in found} == {(kind, pointer)}
    assert all(diagnostic.message and diagnostic.fix and diagnostic.line > 1 for diagnostic in found)


def test_the_pair_that_is_spoilt_above_is_sound() -> None:
    assert spoilt(lambda data: data) == []


@pytest.mark.parametrize("change", [
    lambda data: data.update(title="Another phone"),
    lambda data: data.update(vignette=data["vignette"] + " So."),
    lambda data: data["versions"][0]["slots"].update(child="some girl"),
    lambda data: data.update(why="So."),
    lambda data: data["notes"].append("So."),
    lambda data: data["checks"][0].update(debrief="So."),
    lambda data: data["cites"].pop(),
])  # fmt: skip
def test_words_and_citations_of_a_pair_wait_to_be_confirmed_when_they_change(change: Callable[[Any], object]) -> None:
    project = published()
    data = deepcopy(dict(project.pairs["a-new-phone"].data))
    change(data)
    pairs = {**project.pairs, "a-new-phone": replace(project.pairs["a-new-phone"], data=data)}
    assert project.lock is not None
    cited = replace(project.citations, scenarios={**project.citations.scenarios, **passages_of_pairs(pairs)})
    found = check_lock(project.lock, cited, project.source_clauses)
    assert [(d.kind, d.pointer) for d in found] == [("changed-citation", "/cited/pairs~1a-new-phone")]


def test_no_pair_has_the_id_of_a_scenario() -> None:
    assert set(published().pairs) & set(published().scenarios) == set()


# ---- words and chance -------------------------------------------------------------------------------------------


def test_slots_are_filled_and_what_fills_them_is_marked_and_escaped() -> None:
    told = "{He} is {who}, and {He} waits."
    assert slots_of(told) == ["He", "who"]
    assert in_words(told, {"He": "She", "who": "a girl"}) == "She is a girl, and She waits."
    assert marked(told, {"He": "<b>", "who": "x"}) == (
        "<strong>&lt;b&gt;</strong> is <strong>x</strong>, and <strong>&lt;b&gt;</strong> waits."
    )


@pytest.mark.parametrize(("all_a", "all_b"), [(1, 1), (3, 3), (4, 2), (5, 4), (2, 6)])
def test_chance_is_what_dealing_the_sheets_in_every_way_gives(all_a: int, all_b: int) -> None:
    """Each person has raised a hand or not; every way to pick the readers of A is tried."""
    people = range(all_a + all_b)
    for raised_a in range(all_a + 1):
        for raised_b in range(all_b + 1):
            raising = raised_a + raised_b  # the first so many raise a hand, whichever sheet they read
            gaps = [
                abs(sum(one < raising for one in half) / all_a - (raising - sum(one < raising for one in half)) / all_b)
                for half in combinations(people, all_a)
            ]
            seen = abs(raised_a / all_a - raised_b / all_b)
            as_far = sum(gap > seen - 1e-9 for gap in gaps)
            found, deals = chance(raised_a, all_a, raised_b, all_b)
            assert found * len(gaps) == as_far * deals


def test_chance_is_the_same_whichever_half_is_called_a_and_whoever_is_ahead() -> None:
    assert chance(7, 10, 3, 11) == chance(3, 11, 7, 10)
    assert chance(7, 10, 3, 10) == chance(3, 10, 7, 10)


@pytest.mark.parametrize(("raised", "of_100"), [((4, 0), 9), ((7, 3), 18), ((8, 2), 2), ((10, 0), 0), ((5, 5), 100)])
def test_ten_against_ten(raised: tuple[int, int], of_100: int) -> None:
    found, deals = chance(raised[0], 10, raised[1], 10)
    assert round(100 * found / deals) == of_100


@pytest.mark.parametrize(("each", "of_100"), [(0.4, 10.8), (0.45, 11.3), (0.5, 11.5)])
def test_before_a_vote_four_or_more_of_ten_apart_come_in_eleven_of_100(each: float, of_100: float) -> None:
    """The mean of the exact figures over all totals that twenty hands may come to, each going up with this chance."""
    mean = 0.0
    for raised in range(21):
        four = {(a, raised - a) for a in range(11) if 0 <= raised - a <= 10 and abs(2 * a - raised) >= 4}
        if four:
            nearest = min(four, key=lambda one: abs(one[0] - one[1]))
            found, deals = chance(nearest[0], 10, nearest[1], 10)
            mean += deals * each**raised * (1 - each) ** (20 - raised) * found / deals
    assert round(100 * mean, 1) == of_100


def test_a_small_chance_is_never_said_to_be_none() -> None:
    assert "fewer than 1 of 100" in chance_in_words(*chance(10, 10, 0, 10))
    assert "about 18 of 100" in chance_in_words(*chance(7, 10, 3, 10))
    assert "all deals" in chance_in_words(*chance(5, 10, 5, 10))


# ---- the request ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("id", PAIRS)
def test_both_versions_stand_side_by_side_with_the_votes_and_what_they_come_to(id: str) -> None:
    pair = published().pairs[id]
    (check,) = pair.checks
    end = check.expect["outcome"].replace("-", "_")
    html = ask(id, **{f"a_{end}": "7", f"b_{end}": "3", "a_adult_route": "3", "b_adult_route": "7"})["html"]
    texts = re.findall(r"<p>(.*?)</p>", html)
    assert [re.sub(r"</?strong>", "", text) for text in texts if "<strong>" in text][:2] == [
        version.data["vignette"] for version in versions(pair)
    ]
    assert "7 of 10 over version A, 3 of 10 over version B" in html
    assert "about 18 of 100 deals" in html
    assert TRAITS[pair.data["trait"]] in html
    assert escape(pair.data["why"], quote=False) in html
    assert not any(escape(note, quote=False) in html for note in pair.data["notes"]), "notes are not for the room"
    assert check.expect["police"] == 2
    assert "Police: " in html
    assert html.count("dt-cite") > len(pair.data["cites"])


def test_halves_need_not_be_of_one_size() -> None:
    html = ask("the-lift-home", a_level_4="8", b_level_4="2", b_level_2="5", a_level_3="1")["html"]
    assert "8 of 9 over version A, 2 of 7 over version B" in html


@pytest.mark.parametrize(
    "counts", [{}, {"a_level_4": "3"}, {"a_level_4": "3", "b_level_4": "0"}, {"a_level_4": "-1", "b_level_4": "3"},
               {"a_level_4": "many", "b_level_4": "3"}, {"a_level_4": "501", "b_level_4": "3"}],
)  # fmt: skip
def test_hands_that_cannot_be_counted_show_nothing_of_the_versions(counts: dict[str, str]) -> None:
    response = ask("the-lift-home", **counts)
    assert response["ok"]
    assert response["problem"]
    assert response["html"] == ""


def test_what_is_no_pair_is_refused() -> None:
    sound = pages().pair_data["the-lift-home"]
    for pair in (None, [], {}, {**sound, "trait": "age"}, {**sound, "versions": sound["versions"][:1]},
                 {**sound, "vignette": "{nobody}"}, {**sound, "checks": []},
                 {**sound, "checks": [{**sound["checks"][0], "tree": "danger"}]}):  # fmt: skip
        request = {"training": {"do": "pair", "pair": pair, "counts": {"a-level-4": ["1"], "b-level-4": ["1"]}}}
        assert not json.loads(engine().respond(json.dumps(request)))["ok"]


# ---- the page ---------------------------------------------------------------------------------------------------


def test_a_sheet_to_print_tells_nothing_of_the_other_version() -> None:
    html = str(pages().pairs("../../"))
    handouts = re.findall(r'<section class="tr-sheet tr-handout">.*?</section>', html, re.DOTALL)
    assert len(handouts) == 2 * len(PAIRS)
    for handout in handouts:
        around = re.sub(r'<p class="tr-story">.*?</p>|<h3>.*?</h3>', "", handout)
        assert not re.search(r"\b(version|pair|half|halves|other sheet|B)\b", around), around
    for pair in published().pairs.values():
        names = [version["name"] for version in pair.data["versions"]]
        assert not any(f">{name}<" in handout for name in names for handout in handouts)


def test_what_travels_of_a_pair_leaves_the_outcome_to_the_trees() -> None:
    for id, data in pages().pair_data.items():
        assert '"expect"' not in json.dumps(data)
        assert set(data["clauses"]) == set(published().pairs[id].data["cites"])
