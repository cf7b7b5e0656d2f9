"""The flowcharts against the trees they are made from and the text version that is their equal."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from xml.etree import ElementTree as ET

import pytest

from macros.authoring import load_project
from macros.engine import text_of
from macros.engine.walk import walk
from macros.site.flowchart import flowcharts
from macros.site.graph import graph_of
from tests.conftest import ROOT
from tests.test_journeys import JOURNEYS
from tests.trees import published

TOOLS = published().tools


@pytest.fixture(scope="module")
def charts() -> dict[str, str]:
    return {id: str(chart) for id, chart in flowcharts(ROOT, published().trees).items()}


def svg_of(chart: str) -> ET.Element:
    return ET.fromstring(re.search(r"<svg.*</svg>", chart, re.DOTALL)[0])  # type: ignore[index]


@pytest.mark.parametrize("id", TOOLS)
def test_every_question_and_every_result_has_a_box(charts: dict[str, str], id: str) -> None:
    steps = published().trees[id].steps
    drawn = [group.get("data-step") for group in svg_of(charts[id]).iter() if group.get("data-step")]
    assert len(drawn) == len(set(drawn))
    assert {key for key, step in steps.items() if step.asks or step.is_end} <= set(drawn)
    assert set(drawn) <= set(steps)


@pytest.mark.parametrize("id", TOOLS)
def test_every_edge_of_the_tree_stands_on_an_arrow_and_no_other_does(id: str) -> None:
    tree = published().trees[id]
    graph = graph_of(tree)
    drawn = {box.key for box in graph.boxes}
    for arrow in graph.arrows:
        assert {arrow.start, arrow.end} <= drawn
        assert set(arrow.edges) <= {m.edge.name for s in tree.steps.values() for m in s.moves if m.edge}
    assert {name for arrow in graph.arrows for name in arrow.edges} == {
        move.edge.name for step in tree.steps.values() for move in step.moves if move.edge
    }
    assert max(Counter((arrow.start, arrow.end) for arrow in graph.arrows).values()) == 1


@pytest.mark.parametrize("name", JOURNEYS)
def test_a_journey_can_be_followed_from_box_to_box(name: str) -> None:
    journey = walk(published().trees[JOURNEYS[name]["tree"]], JOURNEYS[name]["answers"])
    graph = graph_of(published().trees[JOURNEYS[name]["tree"]])
    boxes = {box.key for box in graph.boxes}
    way = [key for key in journey.passed if key in boxes]
    arrows = {(arrow.start, arrow.end) for arrow in graph.arrows}
    assert way[-1] == journey.step
    assert set(itertools.pairwise(way)) <= arrows


@pytest.mark.parametrize("id", TOOLS)
def test_each_box_leads_to_its_place_in_the_text(charts: dict[str, str], id: str) -> None:
    anchors = set(re.findall(r'id="([^"]+)"', text_of(published().trees[id], "../../")))
    links = [link.get("href", "") for link in svg_of(charts[id]).iter() if link.tag.endswith("}a")]
    assert len(links) == len(graph_of(published().trees[id]).boxes)
    assert [link for link in links if link.removeprefix("#") not in anchors] == []


@pytest.mark.parametrize("id", TOOLS)
def test_the_picture_sets_no_style_and_runs_no_script(charts: dict[str, str], id: str) -> None:
    picture = svg_of(charts[id])
    assert not [element for element in picture.iter() if element.tag.split("}")[1] in ("style", "script", "image")]
    assert not [
        name for element in picture.iter() for name in element.attrib if name == "style" or name.startswith("on")
    ]


def test_equal_trees_give_equal_charts(charts: dict[str, str]) -> None:
    again = {id: str(chart) for id, chart in flowcharts(ROOT, load_project(ROOT).trees).items()}
    assert again == charts


def test_no_box_says_otherwise_or_leaves_a_condition_half_said(charts: dict[str, str]) -> None:
    for id in TOOLS:
        words = " ".join(svg_of(charts[id]).itertext())
        assert "otherwise" not in words
        assert "…" not in words
