"""Leads a page through a walk and stops at every state of every screen on the way.

Waiting and trouble are brought about from outside the page: its worker is real and stays alive, shared with the page
that keeps Python for all tests, but behind a tap that can make it seem to die, to start for ever, and to fail. The page
cannot tell, and starting Python again each time would take minutes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.reachable import (
    ANSWERS,
    CHANGING,
    DIALOG,
    ERROR,
    OPENED,
    REFUSED,
    UNAVAILABLE,
    UNFOLDED,
    WAITING,
    Answers,
    Pair,
    Screen,
    Walk,
    reachable,
)
from tests.browser.test_record import download, open_file
from tests.browser.tool import FIRST_ANSWERS, Tool

TAP = """(() => {
  const { SharedWorker: Shared, Worker: Real } = window;
  delete window.SharedWorker; // nobody can stand before one: to the page its worker is its own
  let real = null;
  const tap = (window.tap = { now: null, hold: false });
  window.Worker = class extends EventTarget {
    constructor(...how) {
      if (!String(how[0]).includes("engine-worker")) return new Real(...how); // Material's, for its search
      super();
      tap.now = this;
      if (real) {
        if (!tap.hold) setTimeout(() => this.hear("message", { stage: "ready" }));
        return;
      }
      real = new Shared(how[0], { type: "module", name: "decision-tool", extendedLifetime: true }).port;
      for (const kind of ["message", "messageerror"])
        real.addEventListener(kind, (event) => tap.now.hear(kind, event.data));
      real.start();
    }
    hear(kind, data) {
      this.dispatchEvent(kind === "message" ? new MessageEvent(kind, { data }) : new Event(kind, { cancelable: true }));
    }
    postMessage(message) {
      real.postMessage(message);
    }
    terminate() {}
  };
  tap.die = () => { tap.hold = true; tap.now.hear("error"); };
  tap.fail = () => tap.now.hear("message", { failure: "wasm" });
  tap.fix = () => { tap.hold = false; };
})()"""

# What the page shows, told by what is on it alone.
SHOWN = """(root) => {
  const screen = root.querySelector("[data-screen]");
  const asks = [...new Set([...screen.querySelectorAll("form[data-node] [name]")].map((input) => input.name))];
  const answered = screen.querySelector("input:checked") || screen.querySelector(".dt-so-far");
  const state =
    root.querySelector("dialog[open]") ? "restart dialog"
    : root.querySelector("[data-trouble]:not([hidden])") ? "unavailable"
    : root.querySelector("[data-progress]").textContent ? "waiting"
    : screen.querySelector(".dt-errors") ? "error"
    : screen.querySelector("[data-open-said]:not(:empty)") ? "record refused"
    : screen.querySelector(".dt-opened") ? "record opened"
    : root.dataset.state === "outcome" && !screen.querySelector("details:not([open])") ? "all unfolded"
    : screen.querySelector(".dt-so-far[open]") ? "answers open"
    : root.dataset.state !== "asking" ? root.dataset.state
    : screen.querySelector("form[data-node] input:checked") ? "changing"
    : "asking";
  return { node: root.dataset.node, asks, state };
}"""


# Fills in the form and sends it, all at once: hundreds of screens are passed, and how a form is filled in by hand is
# tested elsewhere.
SEND = """(root, answers) => {
  for (const input of root.querySelectorAll("[data-screen] form[data-node] [name]")) {
    const given = [answers[input.name] ?? []].flat();
    const [, year, month, day, time] = /^(\\d+)-0?(\\d+)-0?(\\d+)T(.+)$/.exec(given[0] ?? "") ?? [];
    if (input.localName === "textarea") input.value = given[0] ?? "";
    else if (input.dataset.part) input.value = { day, month, year, time }[input.dataset.part] ?? "";
    else if (given.includes(input.value) && !input.checked) input.click();
  }
  root.querySelector("[data-screen] form[data-node] button[type=submit]").click();
}"""


class Visit:
    """A page that is led on walks. `look` is called at each pair that is met for the first time."""

    def __init__(self, page: Page, site_url: str, look: Callable[[Tool, Pair], None]) -> None:
        self.page, self.site_url, self.look = page, site_url, look
        self.pairs: set[Pair] = set()
        page.add_init_script(TAP)
        page.route(FIRST_ANSWERS, lambda route: route.abort())  # or nothing would wait

    def go(self, walk: Walk) -> None:
        """Lead the page from the first screen of a walk to its last outcome, through every state on the way."""
        tool = Tool.open(self.page, self.site_url, walk.tool)
        expect(tool.submit).to_be_enabled()
        while True:
            self.states_here(tool, walk.answers)
            if tool.data("state") == "asking":
                with tool.step():
                    tool.root.evaluate(SEND, walk.answers)
                continue
            taken = [(fact, value) for fact, value in tool.offers if walk.answers.get(fact) == value]
            if not taken:
                break
            tool.take_offer(*taken[0])
        self.change_each(tool, walk)
        if OPENED not in self.met(walk.screens[-1]):
            self.open_record(tool)

    def states_here(self, tool: Tool, answers: Answers) -> None:
        """Every state of the screen that is shown, which is left as it was found."""
        screen = self.meet(tool).screen
        wanted = {pair.state for pair in reachable(tool.tree) if pair.screen == screen} - self.met(screen)
        if wanted & {ANSWERS, DIALOG}:
            tool.screen.locator(".dt-so-far").evaluate("all => (all.open = true)")
            self.meet(tool)
            tool.screen.locator('[data-action="restart"]').last.evaluate("button => button.click()")
            expect(tool.root.locator("dialog")).to_be_visible()
            self.meet(tool)
            self.page.keyboard.press("Escape")
            expect(tool.root.locator("dialog")).to_have_count(0)
            tool.screen.locator(".dt-so-far").evaluate("all => (all.open = false)")
        if ERROR in wanted:
            with tool.step():
                tool.root.evaluate(SEND, {})
            self.meet(tool)
        if UNFOLDED in wanted:
            tool.screen.evaluate("screen => screen.querySelectorAll('details').forEach((one) => (one.open = true))")
            expect(tool.screen.locator("[data-later]:empty")).to_have_count(0)
            self.meet(tool)
            tool.screen.evaluate("screen => screen.querySelectorAll('details').forEach((one) => (one.open = false))")
        if wanted & {WAITING, UNAVAILABLE}:
            self.trouble(tool, answers)
        if REFUSED in wanted:
            open_file(tool, "no record", steps=False)
            self.meet(tool)

    def open_record(self, tool: Tool) -> None:
        """The record of the result that is shown, saved and opened again."""
        saved = download(tool)[1]
        again = Tool.open(self.page, self.site_url, tool.tree)
        expect(again.submit).to_be_enabled()
        open_file(again, saved)
        again.screen.locator("details").evaluate_all("all => all.forEach((one) => (one.open = true))")
        self.meet(again)

    def trouble(self, tool: Tool, answers: Answers) -> None:
        """The worker dies as the reader goes on: waiting for another, and then there is none."""
        self.page.evaluate("tap.die()")
        if tool.data("state") == "asking":
            tool.root.evaluate(SEND, answers)
        else:
            tool.screen.locator('[data-action="change"]').first.evaluate("button => button.click()")
        expect(tool.progress).not_to_be_empty()
        self.meet(tool)
        self.page.evaluate("tap.fail()")
        tool.expect_state("unavailable")
        self.meet(tool)
        self.page.evaluate("tap.fix()")
        tool.trouble.get_by_role("button").click()
        expect(tool.trouble).to_be_hidden()
        tool.text.evaluate("text => (text.open = false)")

    def change_each(self, tool: Tool, walk: Walk) -> None:
        """Each answered question that was not yet met so, shown again from the outcome."""
        for screen in walk.screens:
            if not screen.asks or Pair(screen, CHANGING) in self.pairs:
                continue
            button = tool.screen.locator(f'[data-action="change"][data-node="{screen.node}"]')
            with tool.step():
                button.evaluate("button => button.click()")
            self.meet(tool)
            with tool.step():
                self.page.go_back()

    def meet(self, tool: Tool) -> Pair:
        """Note the pair that the page shows, and look at it if it is new."""
        shown: dict[str, Any] = tool.root.evaluate(SHOWN)
        pair = Pair(Screen(tool.tree, shown["node"], tuple(shown["asks"])), shown["state"])
        if pair not in self.pairs:
            self.pairs.add(pair)
            self.look(tool, pair)
        return pair

    def met(self, screen: Screen) -> set[str]:
        """The states in which a screen was met."""
        return {pair.state for pair in self.pairs if pair.screen == screen}
