"""What the build puts into the training pages: the scenarios to choose from, the places that the page script fills, the
facilitator's sheets, and the file with the scenarios that the script hands to the engine.

Knows markup and the checked scenarios; what their answers come to it takes from the engine.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from macros.authoring.load import Project
from macros.authoring.scenarios import Scenario
from macros.engine.html.markup import Child, Markup, el
from macros.engine.training.scenario import Scene, read_scene, scene_data
from macros.engine.training.sorter import known_lines
from macros.site.before.sheets import Sheets

QR_SOURCE = "node_modules/uqr/dist/index.mjs"
QR_FILE = "assets/shared/uqr.mjs"
"""Drawn in the reader's browser, for only there it is known at which address the site lies."""
AUDIENCES = {
    "social_work": "social work",
    "schools": "schools",
    "police": "police",
    "health": "health",
    "carers": "carers",
}
GROUPS = ("s5-03", "s5-04", "s5-06", "s5-07", "s5-08", "s5-09", "s5-10")
"""The clauses that name groups of children: lines that are risk at most, and decide nothing by themselves (SR-18)."""
PASTED = "No names, please. What you paste stays on this page and is gone when you leave it."
LINK = "A link to this session, to send beforehand. It holds the scenarios and nothing else."
KEEP = " Keep this session on this device until I end it"
KEPT = "What is kept: the names of the scenarios and the counts of hands. They survive a reload."
LENGTHS = (10, 15, 20, 30)


@dataclass(frozen=True)
class TrainingPages:
    """The training pages of one project. `engine` is the folder that the engine's files go to."""

    project: Project
    engine: str

    @cached_property
    def scenes(self) -> Mapping[str, Scene]:
        """Every scenario, as the engine reads it."""
        return {id: read_scene(data) for id, data in self.bank.items()}

    @cached_property
    def bank(self) -> dict[str, dict[str, Any]]:
        """Every scenario, as it travels."""
        clauses = self.project.library.clauses
        return {
            id: scene_data(scenario.data, {**self._cited(scenario), **clauses})
            for id, scenario in self.project.scenarios.items()
        }

    def _cited(self, scenario: Scenario) -> dict[str, dict[str, str]]:
        """The clauses of a scenario, with their places on the site."""
        register, source = self.project.register, self.project.source_clauses
        return {
            id: {"title": source[id]["title"], "url": register.carried[id].url}
            for id in scenario.data["cites"]
            if id in register.carried
        }

    @cached_property
    def content(self) -> bytes:
        """The file with all scenarios."""
        return json.dumps(self.bank, ensure_ascii=False, separators=(",", ":")).encode()

    @property
    def file(self) -> str:
        """Its address under the site: named by what is in it, so that it never serves anything else."""
        return f"assets/training/{sha256(self.content).hexdigest()[:20]}.json"

    def write(self, site: Path) -> None:
        """Write that file, and the library that draws QR codes. Raises OSError if that is not there."""
        path = site / self.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.content)
        (site / QR_FILE).write_bytes((self.project.root / QR_SOURCE).read_bytes())

    # ---- pages ----

    def session(self, base: str) -> Markup:
        """Where a trainer chooses scenarios and runs a session."""
        return self._live("session", base, [kept_session(), self._chooser(base)], trainer(base))

    def practise(self, base: str) -> Markup:
        """Where somebody works through a scenario alone."""
        rows = [
            self._row(
                scenario, el("a", scenario.data["title"], href=f"#/{id}", id=f"/{id}")
            )  # where its own link leads
            for id, scenario in self._ordered()
        ]
        choose = el("div", self._filters(levels=False), el("ul", rows, class_="tr-list"), data_choose=True)
        return self._live("practise", base, choose, None)

    def sheets(self, base: str) -> Markup:
        """The facilitator's notes and the sheets to print, which need no script."""
        return Sheets(self.project, self.scenes, base).all()

    def sorter(self, base: str) -> Markup:
        """Where the lines of a checklist are sorted."""
        register = self.project.register.carried
        lines = [*known_lines(self.project.library), *(register[id].plain for id in GROUPS)]
        ticks = [
            el(
                "label",
                el("input", type="checkbox", name="take", value=line, id=f"take-{i}"),
                el("span", line),
                class_="dt-option",
                for_=f"take-{i}",
            )
            for i, line in enumerate(lines)
        ]
        choose = el(
            "form",
            el("p", el("label", "Lines of a checklist, one to a line", for_="sorter-lines"), class_="dt-legend"),
            el("p", PASTED, class_="dt-hint", id="sorter-hint"),
            el(
                "textarea",
                rows=8,
                name="lines",
                id="sorter-lines",
                class_="dt-text",
                autocomplete="off",
                spellcheck="false",
                aria_describedby="sorter-hint",
            ),
            el(
                "details",
                el("summary", "Or take lines that this site and the procedure speak of"),
                el(
                    "fieldset",
                    el("legend", "Lines to sort"),
                    el("div", ticks, class_="dt-options"),
                    class_="tr-fields",
                ),
            ),
            el("button", "Sort these lines", type="submit", class_="dt-submit", disabled=True),
            method="dialog",
            autocomplete="off",
            data_lines=True,
        )  # fmt: skip
        report = el("div", role="status", data_report=True)
        clear = el(
            "p",
            el("button", "Clear everything", type="button", data_clear=True, class_="dt-secondary"),
            hidden=True,
            data_cleared=True,
        )
        return self._live("sorter", base, choose, [report, clear])

    def _live(self, kind: str, base: str, before: Child, after: Child) -> Markup:
        return el(
            "section",
            before,
            el("div", data_screen=True, class_="tr-stage"),
            el("div", data_progress=True, role="status", aria_live="polite"),
            el("div", data_trouble=True, hidden=True, role="alert"),
            after,
            class_="decision-tool training",
            data_training=kind,
            data_base=base,
            data_engine=base + self.engine,
            data_bank=base + self.file,
        )

    def _ordered(self) -> list[tuple[str, Scenario]]:
        return sorted(self.project.scenarios.items(), key=lambda item: item[1].data["title"].casefold())

    def _chooser(self, base: str) -> Markup:
        rows = [
            self._row(
                scenario,
                el(
                    "label",
                    el("input", type="checkbox", name="scenario", value=id, id=f"choose-{id}"),
                    el("span", scenario.data["title"]),
                    for_=f"choose-{id}",
                ),
                el("p", self._comes_to(scenario), class_="tr-comes-to"),
            )
            for id, scenario in self._ordered()
        ]  # fmt: skip
        return el(
            "form",
            el("p", "Choose up to twelve. They come in the order in which you tick them.", class_="dt-hint"),
            self._filters(levels=True),
            el("p", role="status", data_shown=True, class_="dt-hint"),
            el("fieldset", el("legend", "Scenarios"), el("ul", rows, class_="tr-list"), class_="tr-scenarios"),
            el(
                "section",
                el("h2", "Your session", id="your-session"),
                el("p", "Nothing is chosen yet.", data_nothing=True),
                el("ol", data_chosen=True),
                el("p", data_length=True),
                el(
                    "div",
                    el("p", el("label", LINK, for_="session-link")),
                    el("input", type="text", readonly=True, id="session-link", class_="tr-link", data_link=True),
                    el("p", el("a", "Sheets to print for it", href=f"{base}training/sheets/", data_sheets=True)),
                    data_with_chosen=True,
                    hidden=True,
                ),
                el("button", "Begin the session", type="submit", class_="dt-submit", disabled=True),
            ),
            method="dialog",
            autocomplete="off",
            data_choose=True,
        )  # fmt: skip

    def _row(self, scenario: Scenario, *children: Child) -> Markup:
        data = scenario.data
        audience = ", ".join(AUDIENCES[one] for one in data["audience"])
        return el(
            "li",
            children,
            el("p", f"{data['minutes']} minutes · {audience}", class_="dt-hint"),
            el("p", ", ".join(map(plain, data["themes"])), class_="dt-hint"),
            data_scenario=data["id"],
            data_audience=" ".join(data["audience"]),
            data_theme=" ".join(data["themes"]),
            data_level=self._level(scenario),
            data_minutes=data["minutes"],
        )  # fmt: skip

    def _filters(self, levels: bool) -> Markup:
        scenarios = self.project.scenarios.values()
        themes = sorted({theme for scenario in scenarios for theme in scenario.data["themes"]})
        outcomes = sorted({self._level(scenario) for scenario in scenarios} - {""})
        return el(
            "div",
            select("level", "What it comes to", [(id, self._outcome("level", id)) for id in outcomes])
            if levels
            else None,
            select("theme", "Theme", [(theme, plain(theme).capitalize()) for theme in themes]),
            select("audience", "For whom", [(id, words.capitalize()) for id, words in AUDIENCES.items()]),
            select("minutes", "Length", [(str(n), f"{n} minutes at most") for n in LENGTHS]),
            class_="tr-filters",
            data_filters=True,
            hidden=True,
        )

    def _level(self, scenario: Scenario) -> str:
        """The outcome of its level check, or "" where it has none."""
        return next((check["expect"]["outcome"] for check in scenario.data["checks"] if check["tree"] == "level"), "")

    def _outcome(self, tree: str, id: str) -> str:
        return self.project.library.trees[tree].node(id).title

    def _comes_to(self, scenario: Scenario) -> str:
        ends = [self._outcome(check["tree"], check["expect"]["outcome"]) for check in scenario.data["checks"]]
        return "Comes to: " + "; ".join(ends)


def plain(theme: str) -> str:
    """A theme as people say it."""
    return theme.replace("-", " ")


def select(name: str, label: str, options: Iterable[tuple[str, str]]) -> Markup:
    """A way to narrow the list down."""
    rows = [el("option", words, value=value) for value, words in [("", "Any"), *options]]
    return el(
        "p",
        el("label", label, for_=f"filter-{name}"),
        el("select", rows, id=f"filter-{name}", data_filter=name),
    )


def kept_session() -> Markup:
    """What is offered where a session was kept."""
    return el(
        "div",
        el("p", el("strong", "A session is kept on this device. "), "It holds scenarios and counts of hands."),
        el("button", "Go on with it", type="button", data_go_on=True, class_="dt-secondary"),
        el("button", "Delete it", type="button", data_delete=True, class_="dt-secondary"),
        data_kept=True,
        hidden=True,
        class_="tr-kept",
    )


def trainer(base: str) -> Markup:
    """What only the trainer needs while a session runs: folded away below the screen."""
    return el(
        "details",
        el("summary", "For the trainer"),
        el(
            "p",
            el(
                "a",
                "Open the facilitator’s notes in a window of their own",
                href=f"{base}training/sheets/#/follow",
                target="training-notes",
            ),
            ". It follows this one. Keep it off the projector.",
        ),
        el(
            "p",
            el("label", el("input", type="checkbox", id="keep-session", data_keep=True), KEEP, for_="keep-session"),
        ),
        el("p", KEPT, class_="dt-hint"),
        el(
            "p",
            el("button", "Small view", type="button", data_view=True, class_="dt-secondary"),
            el("button", "End the session and clear everything", type="button", data_end=True, class_="dt-secondary"),
        ),
        class_="tr-trainer",
        data_trainer=True,
        hidden=True,
    )  # fmt: skip
