"""The engine's one entry, respond(text) -> text, and the HTML it gives: total, escaped, stateless.

On the small library of the tests, so that nothing that is published can break them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from copy import deepcopy
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from macros.engine.api import LONGEST_REQUEST, Engine, start
from macros.engine.html.markup import Markup, el, join
from macros.engine.html.screen import page_of
from macros.engine.html.tree_text import text_of
from macros.engine.model.answers import LONGEST_TEXT
from macros.engine.model.guards import evaluate, leaves, read_guard, reduce
from macros.engine.model.library import read_library
from macros.engine.model.tree import CycleFound, inline
from tests import small
from tests.trees import ROOT

quickly = settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
FIRST = {"tree": "level", "answers": {}}
BEGUN: dict[str, Any] = {"danger": ["none"], "tenant": "yes"}
FLOOD: dict[str, Any] = {**BEGUN, "age": "new", "water": ["roof", "cellar"], "since": "not_known"}
LEAK: dict[str, Any] = {**BEGUN, "age": "old", "water": ["wall"]}
SCREENS = [
    {},
    {"danger": ["fire"], "tenant": "no"},
    FLOOD,
    {**LEAK, "danger": ["not_known"], "rain": "not_known", "mended": "no"},
]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def bundle() -> dict[str, Any]:
    return small.bundle()


@pytest.fixture(scope="module")
def engine(bundle: dict[str, Any]) -> Engine:
    return Engine(bundle)


def respond(engine: Engine, **request: object) -> dict[str, Any]:
    return json.loads(engine.respond(json.dumps({"base": "../../", **request})))


class Html(HTMLParser):
    """Every element of a piece of HTML with its attributes, and its visible text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words += data

    def having(self, attribute: str) -> list[dict[str, str]]:
        return [at for _, at in self.elements if attribute in at]

    def called(self, tag: str) -> list[dict[str, str]]:
        return [at for name, at in self.elements if name == tag]


# ---- total ------------------------------------------------------------------------------------------------------


@quickly
@given(text=st.text() | json_values.map(json.dumps))
@example("")
@example("null")
@example("[" * 100_000)
@example("1" * 10_000)
@example('{"tree": ' * 1000)
def test_respond_answers_any_text_and_says_when_a_request_is_not_ours(engine: Engine, text: str) -> None:
    response = json.loads(engine.respond(text))
    assert response["ok"] is False
    assert response["message"]


NODES = st.sampled_from(["house", "danger-check.danger", "more", None]) | json_values
NAMES = st.sampled_from([*FLOOD, "more", "notes", ""])


@quickly
@given(
    tree=st.sampled_from(["level", "move", "hazard", "", "LEVEL", 1, None, ["level"]]),
    answers=st.dictionaries(NAMES, json_values, max_size=5) | json_values,
    submit=st.fixed_dictionaries({}, optional={"node": NODES, "fields": json_values}) | json_values,
    change=st.sampled_from(["house", "water", "level-3", None]) | json_values,
    base=st.sampled_from(["../../", "./", "/library/", "", None]) | json_values,
)
def test_respond_answers_any_request_with_the_parts_it_promises(engine: Engine, **request: object) -> None:
    response = json.loads(engine.respond(json.dumps(request)))
    if not response["ok"]:
        assert set(response) == {"ok", "message"}
    else:
        assert set(response) == {"ok", "state", "node", "level", "settled", "answers", "path", "valid", "html"}
        assert response["state"] in ("asking", "outcome")


@pytest.mark.parametrize("text", [None, 1, b"{}", {"tree": "level"}])
def test_respond_refuses_what_is_no_text(engine: Engine, text: Any) -> None:
    assert json.loads(engine.respond(text))["ok"] is False


def test_respond_refuses_a_request_beyond_its_limit_and_takes_one_within(engine: Engine) -> None:
    text = json.dumps(FIRST)
    assert json.loads(engine.respond(text + " " * (LONGEST_REQUEST - len(text))))["ok"] is True
    assert json.loads(engine.respond(text + " " * LONGEST_REQUEST))["ok"] is False


@pytest.mark.parametrize(
    "base", ["javascript:alert(1)", "//elsewhere.example/", "a.example", "../..", '"><script>', "\n../", "../" * 9]
)
def test_respond_refuses_a_base_that_leads_off_this_site(engine: Engine, base: str) -> None:
    assert respond(engine, **FIRST, base=base)["ok"] is False


@pytest.mark.parametrize("base", ["", "./", "../", "../../", "/", "/library/exploitation/"])
def test_respond_takes_each_path_to_the_root_of_the_site(engine: Engine, base: str) -> None:
    assert respond(engine, **FIRST, base=base)["ok"] is True


def test_start_takes_the_bundle_as_text_and_refuses_other_text(bundle: dict[str, Any]) -> None:
    assert json.loads(start(json.dumps(bundle))(json.dumps(FIRST)))["ok"] is True
    with pytest.raises(ValueError, match="Expecting value"):
        start("not a bundle")


def test_respond_keeps_nothing_between_requests(bundle: dict[str, Any]) -> None:
    used, fresh = Engine(bundle), Engine(bundle)
    for answers in ({}, FLOOD, {**FLOOD, "more": "yes"}):
        respond(used, tree="level", answers=answers)
    for answers in ({}, FLOOD):
        assert respond(used, tree="level", answers=answers) == respond(fresh, tree="level", answers=answers)


def test_respond_refuses_a_part_which_no_page_asks_for(engine: Engine) -> None:
    assert respond(engine, tree="hazard", answers={})["ok"] is False


# ---- the exchange with a page -----------------------------------------------------------------------------------


def test_the_first_response_is_the_page_as_it_was_built(engine: Engine) -> None:
    assert respond(engine, **FIRST)["html"] == page_of(engine.tree("level"), "../../")


def test_a_form_sent_empty_comes_back_with_its_errors_and_keeps_the_answers(engine: Engine) -> None:
    response = respond(engine, tree="level", answers=BEGUN, submit={"node": "house", "fields": {}})
    shown = [response[key] for key in ("state", "node", "valid", "answers")]
    assert shown == ["asking", "house", False, BEGUN]
    html = Html(response["html"])
    assert [at.get("role") for at in html.having("data-focus")] == [None]
    assert [at["href"] for at in html.called("a") if at["href"].startswith("#")] == ["#level-age"]
    assert "level-age" in [at["id"] for at in html.called("input")]


def test_a_form_with_one_error_shows_again_what_was_entered(engine: Engine) -> None:
    response = respond(engine, tree="level", answers=LEAK, submit={"node": "weather", "fields": {"rain": ["yes"]}})
    checked = [(at["name"], at["value"]) for at in Html(response["html"]).called("input") if "checked" in at]
    assert (response["valid"], checked) == (False, [("rain", "yes")])


def test_an_overlong_text_is_told_at_its_question_and_still_stands_there(engine: Engine) -> None:
    long = "x" * (LONGEST_TEXT + 1)
    fields = {"rain": ["no"], "mended": ["no"], "notes": [long]}
    response = respond(engine, tree="level", answers=LEAK, submit={"node": "weather", "fields": fields})
    assert (response["valid"], response["node"]) == (False, "weather")
    assert long in Html(response["html"]).words


def test_a_right_form_leads_on_and_adds_its_answers(engine: Engine) -> None:
    fields = {"danger": ["none"], "tenant": ["yes"]}
    response = respond(engine, tree="level", answers={}, submit={"node": "danger-check.danger", "fields": fields})
    assert (response["node"], response["answers"]) == ("house", BEGUN)


def test_a_form_of_an_earlier_screen_changes_its_answer(engine: Engine) -> None:
    response = respond(engine, tree="level", answers=FLOOD, submit={"node": "water", "fields": {"water": ["wall"]}})
    assert (response["node"], response["answers"]["water"]) == ("weather", ["wall"])


def test_a_form_of_a_screen_that_is_not_reached_changes_nothing(engine: Engine) -> None:
    response = respond(engine, tree="level", answers={}, submit={"node": "water", "fields": {"water": ["none"]}})
    assert (response["node"], response["answers"]) == ("danger-check.danger", {})


def test_fields_that_a_screen_does_not_ask_are_left_out(engine: Engine) -> None:
    fields = {"danger": ["none"], "tenant": ["yes"], "water": ["none"], "score": ["9"]}
    response = respond(engine, tree="level", answers={}, submit={"node": "danger-check.danger", "fields": fields})
    assert response["answers"] == BEGUN


def test_change_shows_an_answered_question_with_its_answer(engine: Engine) -> None:
    response = respond(engine, tree="level", answers=FLOOD, change="water")
    checked = [at["value"] for at in Html(response["html"]).called("input") if "checked" in at]
    shown = (response["state"], response["node"], response["level"], checked)
    assert shown == ("asking", "water", None, ["roof", "cellar"])


def test_an_offer_is_a_button_and_taking_it_leads_on(engine: Engine) -> None:
    outcome = respond(engine, tree="level", answers=FLOOD)
    offers = {at["data-fact"]: at["data-value"] for at in Html(outcome["html"]).having("data-fact")}
    assert offers == {"more": "yes"}
    response = respond(engine, tree="level", answers=FLOOD, submit={"node": None, "fields": {"more": ["yes"]}})
    assert (response["state"], response["node"], response["answers"]["more"]) == ("asking", "diary", "yes")


@pytest.mark.parametrize("answers", SCREENS)
def test_a_screen_has_one_place_for_the_focus_and_at_most_one_form(engine: Engine, answers: dict[str, Any]) -> None:
    html = Html(respond(engine, tree="level", answers=answers)["html"])
    assert len(html.having("data-focus")) == 1
    forms = [at for at in html.called("form") if "data-node" in at]  # not the one for the reader's view of a result
    buttons = [at for at in html.called("button") if at.get("type") == "submit"]
    assert len(forms) == len(buttons) <= 1
    assert all("disabled" in at for at in buttons)
    ids = [at["id"] for at in html.having("id")]
    assert len(ids) == len(set(ids))


# ---- nothing is injected ----------------------------------------------------------------------------------------

HOSTILE = """</textarea></script><script>alert(1)</script><img src=x onerror=alert(1)>"'&lt;"""


def spoiled(data: Any) -> Any:
    """The data with markup in every text that a reader sees."""
    shown = {"text", "hint", "why", "short", "find_out", "title", "heading", "intro", "summary", "because", "action",
             "actor", "timescale", "note", "name", "number"}  # fmt: skip
    if isinstance(data, dict):
        return {
            key: value + HOSTILE if key in shown and isinstance(value, str) else spoiled(value)
            for key, value in data.items()
        }
    return [spoiled(value) for value in data] if isinstance(data, list) else data


@pytest.mark.parametrize("answers", SCREENS)
def test_markup_in_authored_texts_is_shown_and_never_becomes_an_element(
    bundle: dict[str, Any], answers: dict[str, Any]
) -> None:
    engine = Engine(spoiled(deepcopy(bundle)))
    for html in (respond(engine, tree="level", answers=answers)["html"], text_of(engine.tree("level"), "../../")):
        parsed = Html(html)
        assert parsed.called("script") == parsed.called("img") == []
        assert not any(name.startswith("on") for _, at in parsed.elements for name in at)
        assert HOSTILE in parsed.words


def test_markup_in_a_narrative_is_shown_and_never_becomes_an_element(engine: Engine) -> None:
    answers = {**LEAK, "rain": "no", "mended": "no", "notes": HOSTILE}
    done = respond(engine, tree="level", answers=answers)
    asked = respond(engine, tree="level", answers=answers, change="weather")
    assert (done["state"], asked["node"]) == ("outcome", "weather")
    for response in (done, asked):
        parsed = Html(response["html"])
        assert parsed.called("script") == parsed.called("img") == []
        assert HOSTILE in parsed.words


@quickly
@given(text=st.text())
def test_el_escapes_every_text_and_attribute(text: str) -> None:
    text = text.replace("\r", "").replace("\0", "")
    parsed = Html(el("p", text, el("b", text), title=text, class_="x"))
    assert [tag for tag, _ in parsed.elements] == ["p", "b"]
    assert parsed.elements[0][1] == {"title": text, "class": "x"}
    assert parsed.words == text + text


def test_markup_alone_stands_as_it_is_and_nothing_is_left_out_by_none() -> None:
    assert join(None, Markup("<br>"), "<br>", [None, ["&"]]) == "<br>&lt;br&gt;&amp;"
    assert el("input", disabled=True, checked=False, value=None, data_fact="a") == '<input disabled data-fact="a">'


# ---- guards -----------------------------------------------------------------------------------------------------

TRUTHS = {"yes": True, "no": False, "open": None}
guards = st.recursive(
    st.sampled_from(list(TRUTHS)).map(lambda name: {name: ["x"]}),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts})
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts})
        | inner.map(lambda part: {"not": part})
    ),
    max_leaves=8,
)


def closed(guard: dict[str, Any], open_is: bool) -> bool:
    """Whether a guard holds once what is open is known, worked out the plain way."""
    ((word, body),) = guard.items()
    if word in ("all", "any"):
        return (all if word == "all" else any)(closed(part, open_is) for part in body)
    if word == "not":
        return not closed(body, open_is)
    return open_is if word == "open" else word == "yes"


@quickly
@given(data=guards)
def test_a_guard_is_decided_only_where_what_is_open_cannot_change_it(data: dict[str, Any]) -> None:
    guard = read_guard(data)
    truth = evaluate(guard, lambda leaf: TRUTHS[leaf.fact])  # type: ignore[union-attr]
    assert truth in (None, closed(data, True))
    assert truth in (None, closed(data, False))


@quickly
@given(data=guards, open_is=st.booleans())
def test_a_guard_reduced_by_what_is_known_means_the_same(data: dict[str, Any], open_is: bool) -> None:
    left = reduce(read_guard(data), lambda leaf: TRUTHS[leaf.fact])  # type: ignore[union-attr]
    if isinstance(left, bool):
        assert left == closed(data, open_is)
    else:
        assert {leaf.fact for leaf in leaves(left)} == {"open"}  # type: ignore[union-attr]
        assert evaluate(left, lambda leaf: open_is) == closed(data, open_is)


@pytest.mark.parametrize(
    ("guard", "value", "holds"),
    [
        ({"f": ["a", "b"]}, "b", True), ({"f": ["a"]}, "b", False), ({"f": ["none"]}, ("none",), True),
        ({"f": ["a"]}, ("a", "b"), False), ({"f": {"any": ["a", "b"]}}, ("b", "c"), True),
        ({"f": {"any": ["a"]}}, ("b",), False), ({"f": {"all": ["a", "b"]}}, ("c", "b", "a"), True),
        ({"f": {"all": ["a", "b"]}}, ("a",), False), ({"f": {"any": ["a"]}}, ("none",), False),
    ],
)  # fmt: skip
def test_an_atom_holds_as_its_words_say(guard: dict[str, Any], value: Any, holds: bool) -> None:
    assert evaluate(read_guard(guard), lambda leaf: leaf.holds(value)) is holds  # type: ignore[union-attr]


@pytest.mark.parametrize(("level", "holds"), [(1, False), (2, True), (3, False)])
def test_exactly_is_this_grade_and_no_other(level: int, holds: bool) -> None:
    guard = read_guard({"exactly": {"level": 2}})
    assert evaluate(guard, lambda leaf: level >= leaf.at_least) is holds  # type: ignore[union-attr]


# ---- trees that cannot be walked --------------------------------------------------------------------------------


def test_trees_that_call_each_other_are_refused_by_name(bundle: dict[str, Any]) -> None:
    bundle = deepcopy(bundle)
    back = [{"to": "told", "because": "", "basis": "source"}]
    bundle["trees"]["hazard"]["nodes"].append({"id": "again", "kind": "call", "call": "move", "next": back})
    with pytest.raises(CycleFound) as found:
        inline(read_library(bundle), "move")
    assert found.value.path == ("move", "hazard", "move")


def test_the_scale_of_a_result_has_the_levels_of_the_library_and_marks_those_it_could_be(engine: Engine) -> None:
    answers = {**LEAK, "age": "not_known", "rain": "not_known", "mended": "no"}
    response = respond(engine, tree="level", answers=answers)
    html = Html(response["html"])
    assert [at["aria-label"] for at in html.called("ol") if at.get("class") == "dt-meter"] == ["The three levels"]
    steps = [at for at in html.called("li") if at.get("class") == "dt-meter-step"]
    assert [("data-on" in at, "data-could" in at) for at in steps] == [(False, False), (True, True), (False, True)]
    assert (response["level"], response["settled"]) == (2, False)


FIRST_ALONE = """
import json, sys
from macros.engine.api import start
assert json.loads(start(sys.stdin.read())('{"tree": "level", "answers": {}}'))["ok"]
print(json.dumps([name for name in sys.modules if name.startswith("macros.engine.")]))
"""


def test_the_first_question_waits_for_nothing_that_only_a_result_wants(bundle: dict[str, Any]) -> None:
    run = subprocess.run(
        [sys.executable, "-c", FIRST_ALONE],
        cwd=ROOT,
        input=json.dumps(bundle),
        capture_output=True,
        text=True,
        check=True,
    )
    rooms = {name.split(".")[2] for name in json.loads(run.stdout)}
    assert rooms == {"api", "html", "model"}
