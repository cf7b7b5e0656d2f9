"""The sheets of a session: for each scenario a handout and a facilitator's sheet, and for each tool a blank flow.

Knows markup. The same page serves as the facilitator's window beside the projected one: the script then shows the
sheet of the scenario that is on. Without a script all of it can be read and printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from macros.authoring.load import Project
from macros.engine.html.answered import answer_words
from macros.engine.html.markup import Markup, el
from macros.engine.html.result import decides, outcome_title
from macros.engine.html.view import cites
from macros.engine.model.tree import Tree
from macros.engine.training.exercise import Exercise
from macros.engine.training.path import EndsAhead
from macros.engine.training.scenario import Check, Scene, WhatIf
from macros.engine.training.screens import reasons, rests_on, said_facts


@dataclass(frozen=True)
class Sheets:
    """The sheets of all scenarios, for a page whose way to the site's root is `base`."""

    project: Project
    scenes: Mapping[str, Scene]
    base: str
    ahead: dict[str, EndsAhead] = field(default_factory=dict)

    def all(self) -> Markup:
        """Every sheet. The script leaves those that an address names."""
        ordered = sorted(self.scenes.values(), key=lambda scene: scene.title.casefold())
        return el(
            "section",
            el("div", role="status", data_followed=True),
            [self.scenario(scene) for scene in ordered],
            [self.flow(self.project.trees[id]) for id in self.project.tools],
            class_="decision-tool training-sheets",
            data_training_sheets=True,
            data_base=self.base,
        )

    def scenario(self, scene: Scene) -> Markup:
        """The handout and the facilitator's sheet of one scenario."""
        return el(
            "article",
            handout(scene, self.base, [self.exercise(scene, check) for check in scene.checks]),
            self.facilitator(scene),
            class_="tr-sheets",
            data_scenario=scene.id,
            data_tools=" ".join(check.tree for check in scene.checks),
            aria_label=scene.title,
        )

    def exercise(self, scene: Scene, check: Check, what_if: WhatIf | None = None) -> Exercise:
        """A check as the engine works it out."""
        if check.tree not in self.ahead:
            self.ahead[check.tree] = EndsAhead(self.project.trees[check.tree])
        return Exercise(scene, check, self.ahead[check.tree], self.base, {}, what_if)

    def facilitator(self, scene: Scene) -> Markup:
        """What the facilitator has before them and the room has not."""
        return el(
            "section",
            el("h2", f"For the facilitator: {scene.title}"),
            listed("Notes", scene.notes),
            [self.checked(self.exercise(scene, check)) for check in scene.checks],
            listed("To talk over", scene.prompts),
            listed("To take home", scene.teaches),
            el("p", "Clauses: ", cites(self.exercise(scene, scene.checks[0]).view, scene.cites)),
            class_="tr-sheet tr-facilitator",
        )

    def checked(self, exercise: Exercise) -> Markup:
        """One check: the answers on its way, what it comes to and why, its debrief and its changes."""
        scene, tree = exercise.scene, exercise.check.tree
        rows = [
            el(
                "li",
                [said(exercise, i, name) for name in said_facts(exercise, stop)],
                data_step=f"{tree}.reveal.{i + 1}",
            )
            for i, stop in enumerate(exercise.path)
        ]
        edges = [edge for edge in exercise.journey.reasons if decides(edge, exercise.journey)]
        grade = exercise.tree.library.quantities["police"].grade(exercise.journey.floors["police"])
        return el(
            "div",
            el(
                "h3",
                f"{exercise.tree.title}: {outcome_title(exercise.view, exercise.journey)}",
                data_step=f"{tree}.commit",
            ),
            el("p", el("strong", "Police: "), grade.name, ".") if grade.say else None,
            el("p", exercise.check.debrief, data_step=f"{tree}.debrief"),
            rests_on(exercise),
            el("ol", rows, class_="tr-way"),
            reasons(exercise, edges),
            [self.changed(exercise, one) for one in scene.what_ifs_of(tree)],
            class_="tr-checked",
        )

    def changed(self, exercise: Exercise, what_if: WhatIf) -> Markup:
        """One change and what comes of it."""
        after = exercise.changed(what_if)
        return el("p", el("strong", what_if.what), f" {outcome_title(after.view, after.journey)}. {what_if.why}")

    def flow(self, tree: Tree) -> Markup:
        """Every question of a tool with empty boxes, so that a group can find its own way."""
        facts = [tree.library.facts[name] for name in tree.facts()]
        asked = [
            el("li", el("p", el("strong", fact.text)), el("p", ["☐ " + option.text + "  " for option in fact.options]))
            for fact in facts
            if fact.kind in ("one_of", "any_of")
        ]
        return el(
            "article",
            el("h2", f"Blank flow: {tree.title}"),
            el("p", "Tick what the story tells. Not every question comes up on every way. “Not known” is an answer."),
            el("ol", asked, class_="tr-flow"),
            el("p", "We think that it comes to: ", el("span", class_="tr-blank")),
            class_="tr-sheets tr-sheet tr-flow-sheet",
            data_tool=tree.id,
            aria_label=f"Blank flow: {tree.title}",
        )


def said(exercise: Exercise, at: int, name: str) -> Markup:
    """A question of the way with the story's answer."""
    fact = exercise.tree.library.facts[name]
    return el("p", f"{fact.text} ", el("strong", answer_words(fact, exercise.path[at].answers[name])))


def handout(scene: Scene, base: str, exercises: list[Exercise]) -> Markup:
    """What the room gets: the story, room for an answer, and the way to practise it alone later."""
    return el(
        "section",
        el("h2", scene.title),
        el("p", scene.vignette, class_="tr-story"),
        [
            el("div", el("p", el("strong", f"{exercise.tree.title}: what do you think it comes to?")),
               el("ul", [el("li", f"☐ {node.title}") for node in exercise.outcomes], class_="tr-boxes"))
            for exercise in exercises
        ],
        el("p", "Why do we think so? No names, please."),
        el("div", class_="tr-lines"),
        el(
            "p",
            "To practise it alone: ",
            el("a", "this story on the site", href=f"{base}training/practise/#/{scene.id}", data_own_link=True),
        ),
        el("div", data_qr=scene.id, class_="tr-qr"),
        class_="tr-sheet tr-handout",
    )  # fmt: skip


def listed(title: str, sentences: tuple[str, ...]) -> Markup:
    """Sentences under a title."""
    return el("div", el("h3", title), el("ul", [el("li", one) for one in sentences]))
