"""In every browser the level tool answers just as the engine does in CPython, search finds and paper is stamped."""

from __future__ import annotations

import re

from macros.engine.analysis.outlook import Conclusion
from macros.engine.model.library import Fact
from macros.engine.model.walk import walk
from macros.site.approval import Approval
from macros.site.project import checked_project
from tests.conftest import ROOT
from tests.drivers import Browser
from tests.trees import concluded

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


def not_known_throughout() -> Conclusion:
    tree = checked_project(ROOT, Approval("draft")).trees["level"]
    facts = tree.library.facts
    answers: dict[str, str | list[str]] = {}
    journey = walk(tree, answers)
    while journey.state == "asking":
        for screen in journey.screens:
            answers.update({name: last_answer(facts[name]) for name in screen.facts})
        journey = walk(tree, answers)
    return concluded(tree, answers)


def last_answer(fact: Fact) -> str | list[str]:
    if not fact.options:
        return ""
    last = fact.options[-1].value
    return [last] if fact.kind == "any_of" else last


SEARCH = """(async () => {
  const box = document.querySelector(".md-search__input");
  const result = ".md-search-result__item > a[href$='#s9-08']";
  const open = document.getElementById("__search");
  box.focus();
  if (!open.checked) open.click(); // a window that is not in front hears nothing of a focus
  for (let i = 0; i < 600 && !document.querySelector(result); i++) {
    box.value = "who do I ring, social worker on holiday";
    box.dispatchEvent(new KeyboardEvent("keyup"));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return document.querySelector(result)?.getAttribute("href") ?? null;
})()"""

STAMP = """(() => {
  dispatchEvent(new Event("beforeprint"));
  return document.querySelector("[data-print-stamp]").textContent;
})()"""


def test_the_search_finds_a_clause_and_paper_is_stamped_in_every_browser(any_browser: Browser, site_url: str) -> None:
    any_browser.goto(f"{site_url}procedure/")
    found = any_browser.evaluate(SEARCH)
    assert found is not None
    assert "?" not in found
    stamp = any_browser.evaluate(STAMP)
    assert re.fullmatch(r"Printed on \d+ \w+ \d{4} at \d\d:\d\d (GMT|BST); valid until .* \(48 hours; .*\)", stamp)
