"""The journeys of tests/journeys in the reader's browser: the same results as in CPython, and by clicking through."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.answers import LONG
from tests.browser.journeys import journeys, one_for_each_end, requests_of, responder
from tests.browser.tool import Tool
from tests.drivers import Browser

# Starts the site's own worker beside the page's.
START = """(async () => {
  const root = document.querySelector("[data-decision-tool]");
  const folder = new URL(root.dataset.engine, location.href);
  const worker = new Worker(new URL("engine-worker.mjs", folder), { type: "module" });
  const heard = (what) => new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => data.failure ? reject(new Error(data.failure)) : what(data) && resolve(data.text);
  });
  window.ask = (text) => {
    const answer = heard((data) => data.id === text && "text" in data); // not that it was taken
    worker.postMessage({ id: text, text });
    return answer;
  };
  await heard((data) => data.stage === "ready");
})()"""

# Puts requests to it one after another.
ASK = """(async () => {
  const told = [];
  for (const text of %s) told.push(await window.ask(text));
  return told;
})()"""
AT_ONCE = 100  # requests in one go, so that no go is long

# One screen of a journey, as a person fills it in: native inputs, then the button.
STEP = """(async () => {
  const answers = %s;
  const root = document.querySelector("[data-decision-tool]");
  const screen = root.querySelector("[data-screen]");
  const before = screen.firstElementChild;
  for (const input of screen.querySelectorAll("form[data-node] [name]")) {
    const answer = [answers[input.name] ?? []].flat();
    const [, year, month, day, time] = /^(\\d+)-0?(\\d+)-0?(\\d+)T(.+)$/.exec(answer[0] ?? "") ?? [];
    if (input.type === "textarea") input.value = answer[0] ?? "";
    else if (input.dataset.part) input.value = { day, month, year, time }[input.dataset.part] ?? "";
    else if (answer.includes(input.value)) input.click();
  }
  const button = screen.querySelector("button[type=submit]");
  const moment = () => new Promise((go) => setTimeout(go, 20));
  while (button.disabled) await moment(); // some browsers call a page loaded before its script has run
  button.click();
  while (screen.firstElementChild === before && root.dataset.state !== "unavailable") await moment();
  return { ...root.dataset };
})()"""


# The words of a screen, but for those that the page asks for once the screen is there.
WORDS = """((screen) => {
  const copy = screen.cloneNode(true);
  for (const place of copy.querySelectorAll("[data-later]")) place.replaceChildren();
  return copy.textContent;
})(%s)"""

UNTIL_ASKING = """new Promise((go) => setInterval(() => {
  if (document.querySelector("[data-decision-tool]").dataset.state === "asking") go();
}, 20))"""


def test_there_are_journeys_to_replay() -> None:
    assert len(journeys()) > 50
    assert {j["expect"]["level"] for j in one_for_each_end().values() if j["tree"] == "level"} == {None, 1, 2, 3, 4}


def test_pyodide_answers_as_cpython_does(any_browser: Browser, site: Path, site_url: str) -> None:
    asked = [text for journey in journeys().values() for text in requests_of(journey)]
    respond = responder(site)
    any_browser.goto(f"{site_url}tools/level/")
    any_browser.evaluate(START)
    told: list[str] = []
    for n in range(0, len(asked), AT_ONCE):
        told += any_browser.evaluate(ASK % json.dumps(asked[n : n + AT_ONCE]))
    differing = [text for text, said in zip(asked, told, strict=True) if said != respond(text)]
    assert differing == []
    for journey in journeys().values():
        whole = told[asked.index(list(requests_of(journey))[len(journey["answers"])])]
        assert told_by(json.loads(whole)) == {
            key: journey["expect"].get(key) for key in ("state", "node", "level", "settled")
        }


def told_by(response: dict[str, Any]) -> dict[str, Any]:
    return {key: response[key] for key in ("state", "node", "level", "settled")}


@pytest.mark.parametrize("name", one_for_each_end())
def test_clicking_through_leads_to_what_the_journey_says(page: Page, site_url: str, name: str) -> None:
    journey = journeys()[name]
    expect = journey["expect"]
    tool = Tool.open(page, site_url, journey["tree"])
    tool.go(journey["answers"])
    state, node, level, settled = tool.at
    assert (state, node, level) == (expect["state"], expect["node"], str(expect["level"]) if expect["level"] else None)
    assert settled == json.dumps(expect["settled"])
    assert sorted(tool.listed("result")) == sorted(expect["results"])
    if "reasons" in expect:
        assert sorted(tool.listed("edge")) == sorted(expect["reasons"])


def test_every_browser_leads_through_a_journey(any_browser: Browser, site: Path, site_url: str) -> None:
    any_browser.goto(f"{site_url}tools/level/")
    at: dict[str, str] = {"state": "asking"}
    for _ in range(20):
        if at["state"] != "asking":
            break
        at = any_browser.evaluate(STEP % json.dumps(LONG))
    assert (at["state"], at["node"], at["level"], at["settled"]) == ("outcome", "level-2", "2", "false")
    html = json.loads(responder(site)(json.dumps({"tree": "level", "base": "../../", "answers": LONG})))["html"]
    made = f"Object.assign(document.createElement('template'), {{ innerHTML: {json.dumps(html)} }}).content"
    shown = any_browser.evaluate(WORDS % "document.querySelector('[data-screen]')")
    assert len(shown) > 1000
    assert shown == any_browser.evaluate(WORDS % made)
    any_browser.evaluate("history.back()")
    any_browser.evaluate(UNTIL_ASKING)
    assert any_browser.evaluate("document.activeElement.matches('[data-focus]')")


def test_every_browser_offers_the_readable_version_without_the_wasm(
    any_browser: Browser, site: Path, serve: Callable[..., Any], tmp_path: Path
) -> None:
    copy = tmp_path / "site"
    for file in site.rglob("*"):
        if file.is_file() and file.name not in ("pyodide.asm.wasm", "first-level.json"):
            (copy / file.relative_to(site)).parent.mkdir(parents=True, exist_ok=True)
            (copy / file.relative_to(site)).hardlink_to(file)
    with serve(copy) as url:
        any_browser.goto(f"{url}tools/level/")
        at = any_browser.evaluate(STEP % json.dumps(LONG))
        assert at["state"] == "unavailable"
        assert any_browser.evaluate("document.getElementById('level-as-text').open")
        assert "WebAssembly" in any_browser.evaluate("document.querySelector('[data-trouble]').textContent")
