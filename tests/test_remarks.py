"""The reader's own view of a result alters nothing but itself (safety property 15)."""

from __future__ import annotations

import json

import pytest

from macros.engine.api import Engine
from macros.engine.model.remarks import NO_REMARKS, OPINIONS, Remarks, read_remarks
from tests.test_journeys import JOURNEYS
from tests.trees import published

WHY = "<b>I know more</b> & say so"


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(published().bundle())


@pytest.mark.parametrize("name", JOURNEYS)
def test_a_view_alters_no_part_of_a_result(engine: Engine, name: str) -> None:
    journey = JOURNEYS[name]
    request = {"tree": journey["tree"], "answers": journey["answers"]}
    plain = json.loads(engine.respond(json.dumps(request)))
    for opinion in OPINIONS:
        viewed = json.loads(engine.respond(json.dumps({**request, "remarks": {"opinion": opinion, "why": WHY}})))
        shown = viewed.pop("html").replace(f'value="{opinion}" ', "").replace(" checked", "")
        assert {**plain, "html": ""} == {**viewed, "html": ""}
        bare = plain["html"].replace(f'value="{opinion}" ', "").replace(" checked", "")
        assert shown.replace("&lt;b&gt;I know more&lt;/b&gt; &amp; say so", "") == bare


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ({"opinion": "differ", "why": WHY}, Remarks("differ", WHY)),
        ({"opinion": "level-1", "why": ["no"]}, NO_REMARKS),
        ({"opinion": {}, "why": None}, NO_REMARKS),
        (["agree"], NO_REMARKS),
        (None, NO_REMARKS),
        ("agree", NO_REMARKS),
    ],
)
def test_what_is_no_view_counts_as_not_given(raw: object, read: Remarks) -> None:
    assert read_remarks(raw) == read
