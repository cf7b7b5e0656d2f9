"""The level tool starts and answers in every browser, just as the engine does in CPython."""

from __future__ import annotations

from macros.engine import Journey, walk
from macros.engine.library import Fact
from macros.site.approval import Approval
from macros.site.project import checked_project
from tests.conftest import ROOT
from tests.drivers import Browser

# Answer each question as it comes by its last option ("not known"), or by the one text or press that it needs,
# and say what stood there until the outcome.
WALK = """(async () => {
  const root = document.querySelector("[data-decision-tool]");
  const seen = [];
  const until = async (done) => {
    for (let i = 0; i < 1200 && !done(); i++) await new Promise((resolve) => setTimeout(resolve, 50));
    if (!done()) throw new Error(`stuck at ${root.dataset.state} ${root.dataset.node}: ${root.textContent}`);
  };
  await until(() => performance.getEntriesByName("decision-tool:engine-ready").length);
  while (root.dataset.state === "asking" && seen.length < 40) {
    const node = root.dataset.node;
    seen.push(node);
    const form = root.querySelector("form[data-node]");
    const names = new Set([...form.elements].map((input) => input.name).filter(Boolean));
    for (const name of names) {
      const options = form.querySelectorAll(`input[name="${name}"]:not([type=hidden])`);
      if (options.length) options[options.length - 1].click();
    }
    form.querySelector("[type=submit]").click();
    await until(() => root.dataset.node !== node || root.dataset.state !== "asking");
  }
  return { seen, state: root.dataset.state, level: root.dataset.level, settled: root.dataset.settled };
})()"""


def test_a_journey_of_not_known_ends_alike_in_every_browser_and_in_cpython(any_browser: Browser, site_url: str) -> None:
    any_browser.goto(f"{site_url}tools/level/")
    said = any_browser.evaluate(WALK)
    journey = not_known_throughout()
    assert said["seen"] == [screen.step for screen in journey.screens]
    assert (said["state"], said["level"]) == ("outcome", str(journey.level))
    assert said["settled"] == str(journey.settled).lower()


def not_known_throughout() -> Journey:
    tree = checked_project(ROOT, Approval("draft")).trees["level"]
    facts = tree.library.facts
    answers: dict[str, str | list[str]] = {}
    journey = walk(tree, answers)
    while journey.state == "asking":
        for screen in journey.screens:
            answers.update({name: last_answer(facts[name]) for name in screen.facts})
        journey = walk(tree, answers)
    return journey


def last_answer(fact: Fact) -> str | list[str]:
    if not fact.options:
        return ""
    last = fact.options[-1].value
    return [last] if fact.kind == "any_of" else last
