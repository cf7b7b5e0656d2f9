"""The flowcharts against the trees they are made from and the text version that is their equal."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from macros.authoring.load import load_project
from macros.engine.html.tree_text import text_of
from macros.engine.model.guards import Floor
from macros.engine.model.library import Edge, Node, Quantity
from macros.engine.model.walk import walk
from macros.site.before.flowchart import flowcharts
from macros.site.before.graph import Box, graphs_of, short
from tests.conftest import ROOT
from tests.test_journeys import JOURNEYS
from tests.trees import TOOLS, published


@pytest.fixture(scope="module")
def charts() -> dict[str, str]:
    return {id: str(chart) for id, chart in flowcharts(ROOT, published().trees).items()}


def svgs_of(chart: str) -> list[ET.Element]:
    return [ET.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", chart, re.DOTALL)]


@pytest.mark.parametrize("id", TOOLS)
def test_every_question_and_every_result_has_a_box(charts: dict[str, str], id: str) -> None:
    steps = published().trees[id].steps
    drawn = [key for svg in svgs_of(charts[id]) for group in svg.iter() for key in group.get("data-steps", "").split()]
    assert len(drawn) == len(set(drawn))
    assert {key for key, step in steps.items() if step.asks or step.is_end} <= set(drawn)
    assert set(drawn) <= set(steps)


@pytest.mark.parametrize("id", TOOLS)
def test_every_edge_of_the_tree_stands_on_an_arrow_and_no_other_does(id: str) -> None:
    tree = published().trees[id]
    edges = {move.edge.name for step in tree.steps.values() for move in step.moves if move.edge}
    for graph in graphs_of(tree):
        drawn = {box.node for box in graph.boxes}
        for arrow in graph.arrows:
            assert {arrow.start, arrow.end} <= drawn
            assert set(arrow.edges) <= edges
        assert max(Counter((arrow.start, arrow.end) for arrow in graph.arrows).values()) == 1
    assert {name for graph in graphs_of(tree) for arrow in graph.arrows for name in arrow.edges} == edges


@pytest.mark.parametrize("name", JOURNEYS)
def test_a_journey_can_be_followed_from_box_to_box(name: str) -> None:
    """In the tool's own chart, and from start to end in the chart of each part that the journey goes through."""
    tree = published().trees[JOURNEYS[name]["tree"]]
    journey = walk(tree, JOURNEYS[name]["answers"])
    for graph in graphs_of(tree):
        box_of = {step: box for box in graph.boxes for step in box.steps}
        arrows = {(arrow.start, arrow.end) for arrow in graph.arrows}
        ways: dict[str, list[Box]] = {}
        for key in journey.passed:
            if key in box_of:
                ways.setdefault(key.removesuffix(box_of[key].node), []).append(box_of[key])
        for instance, way in ways.items():
            assert {(a.node, b.node) for a, b in itertools.pairwise(way)} <= arrows
            assert way[-1].kind in ("end", "back") or journey.step.startswith(instance)
    assert any(journey.step in box.steps for graph in graphs_of(tree) for box in graph.boxes)


@pytest.mark.parametrize("id", TOOLS)
def test_each_box_leads_to_its_place_in_the_text_or_to_its_chart(charts: dict[str, str], id: str) -> None:
    anchors = set(re.findall(r'id="([^"]+)"', text_of(published().trees[id], "../../") + charts[id]))
    links = [link.get("href", "") for svg in svgs_of(charts[id]) for link in svg.iter() if link.tag.endswith("}a")]
    graphs = graphs_of(published().trees[id])
    assert len(links) == sum(len(graph.boxes) for graph in graphs)
    assert [link for link in links if link.removeprefix("#") not in anchors] == []
    assert {box.calls for graph in graphs for box in graph.boxes if box.calls} == {graph.part for graph in graphs[1:]}


@pytest.mark.parametrize("id", TOOLS)
def test_the_picture_sets_no_style_and_runs_no_script(charts: dict[str, str], id: str) -> None:
    for picture in svgs_of(charts[id]):
        assert not [element for element in picture.iter() if element.tag.split("}")[1] in ("style", "script", "image")]
        names = {name for element in picture.iter() for name in element.attrib}
        assert not [name for name in names if name == "style" or name.startswith("on")]


def test_equal_trees_give_equal_charts(charts: dict[str, str]) -> None:
    again = {id: str(chart) for id, chart in flowcharts(ROOT, load_project(ROOT).trees).items()}
    assert again == charts


def test_no_box_says_otherwise_or_leaves_a_condition_half_said(charts: dict[str, str]) -> None:
    for id in TOOLS:
        words = " ".join(word for svg in svgs_of(charts[id]) for word in svg.itertext())
        assert "otherwise" not in words
        assert "…" not in words


def test_the_highest_level_stands_and_is_not_exceeded_however_many_there_are() -> None:
    """How many levels there are is for the library to say. A chart of five called level 4 the highest once."""
    library = published().library
    level = library.quantities["level"]
    five = Quantity("level", (*level.grades, replace(level.grades[-1], at=5)))
    node = Node("a", "step", edges=(Edge("t/a/1", Floor("level", 4), "b", (), (), "Because.", ""),))
    said = [short(replace(library, quantities={"level": q}), node, node.edges[0]) for q in (level, five)]
    assert said == ["level 4 stands", "level 4 or higher"]
