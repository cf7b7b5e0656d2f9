"""A whole tree as readable text: every question, where each answer leads, every outcome and result.

The equal of the tool for readers without JavaScript, for print, and for anyone who wants to check it.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..model.guards import AllOf, AnyOf, Asked, Ends, Floor, Guard, HasAll, HasAny, Is, Not, Said
from ..model.library import Ask, Edge, Fact, Node, TreeData
from ..model.tree import Tree
from ..model.walk import Journey
from .action import action
from .controls import WRITING
from .markup import Markup, el, join
from .question import options_of
from .view import View, basis, cites


def text_of(tree: Tree, base: str) -> Markup:
    """The whole tree, the trees it calls and every result they can say, as HTML text."""
    view = View(tree, base, unfolded=True)
    called = list(trees_called(view, view.library.trees[tree.id]))
    parts = [view.library.trees[tree.id], *called]
    return join([part(view, data) for data in parts], results(view, parts))


def trees_called(view: View, data: TreeData) -> Iterator[TreeData]:
    """The trees that a tree calls, and those that they call, each once."""
    seen: dict[str, TreeData] = {}

    def add(data: TreeData) -> None:
        for node in data.nodes:
            if node.kind == "call" and node.call not in seen:
                seen[node.call] = view.library.trees[node.call]
                add(seen[node.call])

    add(data)
    return iter(seen.values())


def part(view: View, data: TreeData) -> Markup:
    """One tree of the tool: its title, what it is for, and its nodes."""
    return el(
        "section",
        el("h3", data.title, id=f"{view.tree.id}-text-{data.id}"),
        el("p", data.summary) if data.summary else None,
        [node_text(view, data, node) for node in data.nodes],
    )


def node_id(tool: str, tree: str, node: str) -> str:
    """The anchor of a node of a tree (the tool itself or a part) in the text of a tool: permanent, to link to."""
    return f"{tool}-text-{tree}-{node}"


def node_text(view: View, data: TreeData, node: Node) -> Markup:
    """One node: what it asks or says, and where each answer leads."""
    return el(
        "div",
        el("h4", node_title(view, node)),
        el("p", node.intro) if node.intro else None,
        [asked(view, ask) for ask in node.ask],
        el("p", f"Go through “{view.library.trees[node.call].title}”, then come back here.") if node.call else None,
        el("p", node.text) if node.text else None,
        el("ul", [edge_text(view, data, edge) for edge in node.edges], class_="dt-tree-edges") if node.edges else None,
        class_="dt-tree-node",
        id=node_id(view.tree.id, data.id, node.id),
    )


def node_title(view: View, node: Node) -> str:
    """What a reader calls a node."""
    if node.title or node.heading:
        return node.title or node.heading
    if node.ask:
        return view.library.facts[node.ask[0].fact].text
    return view.library.trees[node.call].title if node.call else node.id


def asked(view: View, ask: Ask) -> Markup:
    """A fact as it is asked, with its options."""
    fact = view.library.facts[ask.fact]
    only = f" (asked only if {guard_words(view, ask.guard)})" if ask.guard else ""
    kind = {
        "any_of": "Choose all that apply.",
        "text": f"Write in your own words, if you wish. {WRITING}",
        "datetime": "Give a day and a time.",
        "offer": "Offered on the result; nothing waits for it.",
    }
    return el(
        "div",
        el("p", el("strong", fact.text), only),
        el("p", fact.hint) if fact.hint else None,
        el("p", kind["offer" if ask.offered else fact.kind]) if ask.offered or fact.kind in kind else None,
        el("ul", [el("li", o.text, f" {o.hint}" if o.hint else None) for o in options_of(view, fact)])
        if fact.options
        else None,
    )


def edge_text(view: View, data: TreeData, edge: Edge) -> Markup:
    """One edge: when it is taken, why, what it does and where it leads."""
    condition = f"If {guard_words(view, edge.guard)}: " if edge.guard else "In every case: "
    return el(
        "li",
        el("span", condition, class_="dt-tree-if"),
        edge.because,
        " ",
        effects(view, edge),
        el(
            "span",
            "Go on to ",
            el("a", node_title(view, data.node(edge.to)), href=f"#{node_id(view.tree.id, data.id, edge.to)}"),
            ". ",
        ),
        cites(view, edge.cites),
        basis(view, edge.basis),
        class_="dt-tree-edge",
    )


def effects(view: View, edge: Edge) -> Markup | None:
    """What an edge raises and says, in words."""
    said = [view.library.results[name].action for name in edge.says]
    raised = [
        view.library.quantities[q].grade(at).short or view.library.quantities[q].grade(at).name for q, at in edge.raises
    ]
    open_ = [f"“{view.library.facts[name].text}”" for name in edge.opens]
    words = [f"{name.rstrip('.')}." for name in raised] + [f"You are told: {text}" for text in said]
    words += [f"From here on a no to {' or '.join(open_)} leaves the level open."] if open_ else []
    return el("span", " ".join(words), " ", class_="dt-tree-effect") if words else None


def guard_words(view: View, guard: Guard | None) -> str:
    """A guard as a person would say it."""
    match guard:
        case None:
            return "in every case"
        case AllOf(parts):
            return ", and ".join(guard_words(view, p) for p in parts)
        case AnyOf(parts):
            return ", or ".join(guard_words(view, p) for p in parts)
        case Not(Floor(quantity, at_least)):
            return f"{_quantity(view, quantity, at_least)} is not reached"
        case Not(part):
            return f"it is not true that {guard_words(view, part)}"
        case Floor(quantity, at_least):
            return f"{_quantity(view, quantity, at_least)} is reached"
        case Is(fact, values) | HasAny(fact, values):
            return f"“{view.library.facts[fact].text}” is answered {_labels(view.library.facts[fact], values, ' or ')}"
        case HasAll(fact, values):
            return f"“{view.library.facts[fact].text}” is answered {_labels(view.library.facts[fact], values, ' and ')}"
        case Asked(fact):
            return f"“{view.library.facts[fact].text}” was asked"
        case Said(results):
            return "you were told " + " or ".join(f"“{view.library.results[r].action}”" for r in results)
        case Ends(outcomes):
            return "the result is " + " or ".join(outcomes)


def _quantity(view: View, quantity: str, at: int) -> str:
    grade = view.library.quantities[quantity].grade(at)
    return f"“{grade.short or grade.name}”"


def _labels(fact: Fact, values: tuple[str, ...], joint: str) -> str:
    return joint.join(f"“{fact.label(value)}”" for value in values)


def results(view: View, parts: list[TreeData]) -> Markup:
    """Every result these trees can say, in full, in the order in which a reader is told them."""
    names = {r for data in parts for node in data.nodes for edge in node.edges for r in edge.says}
    names |= {grade.say for q in view.library.quantities.values() for grade in q.grades if grade.say}
    nobody = Journey(view.tree.id, "asking", "", {}, (), (), (), {})
    shown = [view.library.results[name] for name in view.library.results if name in names]
    return el(
        "section",
        el("h3", "What you may be told to do", id=f"{view.tree.id}-text-results"),
        [el("div", action(view, r, nobody), id=f"{view.tree.id}-text-result-{r.id}") for r in shown],
    )
