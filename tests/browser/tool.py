"""A decision tool on a page, as a reader uses it: its questions by fact, its state by the attributes that hosts read.

Knows the contract in overrides/README.md and nothing of how the page keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Frame, Locator, Page, expect

from tests.waiting import until

Answers = Mapping[str, Any]


FIRST_ANSWERS = "**/first-*.json"
"""What a page asks for so that it can answer before Python is there. Tests of waiting keep it away."""

PAINTED = "new Promise((done) => requestAnimationFrame(() => setTimeout(() => setTimeout(done))))"
"""Until then a press is taken for one of the screen before."""


def press(button: Locator) -> None:
    """Press a button by a key: a mouse that is as quick as a test makes double clicks (test_double_click.py)."""
    expect(button).to_be_enabled()
    button.press("Enter")


def sheets(page: Page) -> int:
    """On how many sheets of A4 a page is printed."""
    return max(int(n) for n in re.findall(rb"/Type /Pages\s*/Count (\d+)", page.pdf(format="A4")))


def moment_parts(value: str) -> dict[str, str]:
    """What stands in each field of a day and a time; nothing for any other answer."""
    if "T" not in value:
        return dict.fromkeys(("day", "month", "year", "time"), "")
    day, time = value.split("T")
    year, month, date = day.split("-")
    return {"day": str(int(date)), "month": str(int(month)), "year": year, "time": time}


class Tool:
    """The tool `tree` on a page that is already open, or in a frame of one."""

    def __init__(self, page: Page | Frame, tree: str) -> None:
        self.page = page
        self.tree = tree
        self.root = page.locator(f'[data-decision-tool="{tree}"]')
        self.screen = self.root.locator("[data-screen]")
        self.progress = self.root.locator("[data-progress]")
        self.trouble = self.root.locator("[data-trouble]")
        self.text = page.locator(f"#{tree}-as-text")
        self.submit = self.screen.locator("button[type=submit]")

    @classmethod
    def open(cls, page: Page | Frame, site_url: str, tree: str = "level") -> Tool:
        page.goto(f"{site_url.rstrip('/')}/tools/{tree}/")
        return cls(page, tree)

    # ---- what it shows

    def data(self, name: str) -> str | None:
        return self.root.get_attribute(f"data-{name}")

    @property
    def at(self) -> tuple[str | None, ...]:
        """State, node, level and settled, as a host reads them."""
        return tuple(self.data(name) for name in ("state", "node", "level", "settled"))

    @property
    def facts(self) -> list[str]:
        """The facts that the form asks for, in the order of the page."""
        names = self.screen.locator("form[data-node] [name]").evaluate_all("inputs => inputs.map(input => input.name)")
        return list(dict.fromkeys(names))

    @property
    def chosen(self) -> dict[str, list[str]]:
        """What stands in the form now."""
        return self.screen.locator("form[data-node]").evaluate(
            "form => { const all = {}; for (const [k, v] of new FormData(form)) (all[k] ??= []).push(v); return all; }"
        )

    def listed(self, what: str) -> list[str]:
        """The names of all results ("result") or reasons ("edge") on the screen, in order."""
        marked: list[str] = self.screen.locator(f"[data-{what}]").evaluate_all(
            f"all => all.map(one => one.dataset.{what})"
        )
        return marked

    def wait_for_python(self) -> None:
        """Wait until Python is there: the first answers come before."""
        until(self.page, "performance.getEntriesByName('decision-tool:engine-ready').length")

    def expect_state(self, state: str) -> None:
        expect(self.root).to_have_attribute("data-state", state)

    def expect_node(self, node: str | None) -> None:
        expect(self.root).to_have_attribute("data-node", node or "")

    # ---- what a reader does

    def fill(self, answers: Answers) -> None:
        """Put what `answers` says into the form; what it does not say stays as it is."""
        for fact in self.facts:
            if fact in answers:
                self.choose(fact, answers[fact])

    def choose(self, fact: str, value: Any) -> None:
        inputs = self.screen.locator(f'form[data-node] [name="{fact}"]')
        kind = inputs.first.evaluate("input => input.type")
        if kind == "textarea":
            inputs.first.fill(value)
            return
        if inputs.first.get_attribute("data-part") and value != "not_known":
            self.give_time(fact, value)
            return
        for one in [value] if isinstance(value, str) else value:
            box = self.screen.locator(f'form[data-node] [name="{fact}"][value="{one}"]')
            if not box.is_checked():
                box.press("Space")  # as in `press`: a quick mouse makes double clicks
            expect(box).to_be_checked()

    def give_time(self, fact: str, value: str) -> None:
        """A day and a time (YYYY-MM-DDTHH:MM) in the four fields of a fact."""
        for part, text in moment_parts(value).items():
            field = self.screen.locator(f'form[data-node] [name="{fact}"][data-part="{part}"]')
            if part == "month":
                field.select_option(text)
            else:
                field.fill(text)

    def send(self) -> None:
        """Press the button and wait for what follows."""
        with self.step():
            press(self.submit)

    def answer(self, answers: Answers) -> None:
        self.fill(answers)
        self.send()

    def take_offer(self, fact: str, value: str = "yes") -> None:
        offer = self.offer(fact, value)
        offer.evaluate("button => { button.closest('details').open = true; }")
        with self.step():
            press(offer)

    def offer(self, fact: str, value: str = "yes") -> Locator:
        return self.screen.locator(f'[data-action="offer"][data-fact="{fact}"][data-value="{value}"]')

    def unfold(self, title: str) -> None:
        """Open what stands on a result under a title of its own, one tap down; leave it so where it is open."""
        fold = self.screen.locator("details.dt-fold", has=self.page.locator("summary h2", has_text=title))
        if fold.get_attribute("open") is None:
            press(fold.locator("summary").first)

    @property
    def offers(self) -> list[tuple[str, str]]:
        """What can be taken up or tapped beside a result, and is not: facts with the answers that do it."""
        found = self.screen.locator('[data-action="offer"]:not([aria-pressed="true"])').evaluate_all(
            "all => all.map(b => [b.dataset.fact, b.dataset.value])"
        )
        return [(fact, value) for fact, value in found]

    def change(self, node: str) -> None:
        so_far = self.screen.locator("details.dt-so-far")
        if so_far.get_attribute("open") is None:
            so_far.locator("summary").click()
        with self.step():
            press(self.screen.locator(f'[data-action="change"][data-node="{node}"]'))

    def restart(self, *, sure: bool = True) -> None:
        so_far = self.screen.locator("details.dt-so-far:not([open])")
        button = self.screen.locator('[data-action="restart"]').last
        if not button.is_visible() and so_far.count():
            so_far.locator("summary").click()
        press(button)
        press(self.page.locator(f'dialog button[value="{"yes" if sure else ""}"]'))
        expect(self.page.locator("dialog")).to_have_count(0)

    def walk(self, answers: Answers) -> Iterator[str]:
        """Answer each question as it comes, taking the offers that `answers` takes. Yields each node first."""
        for _ in range(40):
            yield self.data("node") or ""
            if self.data("state") == "asking":
                self.answer(answers)
                assert not self.screen.locator(".dt-errors").count(), (
                    f"{self.data('node')} is not answered by {answers}"
                )
                continue
            taken = [(fact, value) for fact, value in self.offers if answers.get(fact) == value]
            if not taken:
                return
            self.take_offer(*taken[0])
        raise AssertionError(f"no outcome after 40 screens, at {self.at}")

    def go(self, answers: Answers) -> list[str]:
        """Answer everything, to the outcome. Returns the nodes passed."""
        return list(self.walk(answers))

    @contextmanager
    def step(self) -> Iterator[None]:
        """Whatever is done inside leads to another screen, which is there when this ends."""
        screen = self.screen.element_handle()
        before = screen.evaluate_handle("screen => screen.firstElementChild")
        yield
        until(self.page, "([screen, before]) => screen.firstElementChild !== before", [screen, before])
        self.page.evaluate(PAINTED)
