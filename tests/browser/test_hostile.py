"""Hostile input in the page: texts made to run, to reach prototypes, or to be something else than they look like.

Many in one page, the same at each run. Each is shown as text or refused in words, and the page is as it was: no dialog,
no element that the data made, no error, no changed prototype.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.answers import HARM, LONG
from tests.browser.test_record import download, open_file
from tests.browser.tool import Tool, press
from tests.browser.training import PATIENCE, Session
from tests.hostile import MARK, TEXTS, seeded

SEED = 7431

# What data could make: nodes that load or run, and attributes that do. The page's own scripts are there before.
WATCH = """() => {
  globalThis.made = [];
  globalThis.ownPrototype = Reflect.ownKeys(Object.prototype).join();
  const loads = "script, img, iframe, object, embed, style, link, base, meta, math, a[href^='javascript:' i]";
  const bad = (e) => e.matches(loads)
    || [...e.attributes].some(({ name }) => name.startsWith("on") || name === "srcdoc" || name === "style" && !own(e));
  const own = (e) => e.closest("svg, [data-md-component]");
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes)
      for (const node of addedNodes)
        if (node.nodeType === 1)
          for (const e of [node, ...node.querySelectorAll("*")]) if (bad(e)) made.push(e.outerHTML.slice(0, 200));
  }).observe(document, { subtree: true, childList: true });
}"""
UNHARMED = f"""() => ({{
  made,
  ran: "{MARK}" in globalThis,
  reached: ({{}}).{MARK} !== undefined || ({{}}).polluted !== undefined,
  prototype: Reflect.ownKeys(Object.prototype).join() === ownPrototype,
  frames: frames.length,
}})"""
SOUND = {"made": [], "ran": False, "reached": False, "prototype": True, "frames": 0}


class Watched:
    """A page in which whatever goes wrong is noted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.said: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("dialog", self._dialog)

    def _dialog(self, dialog: Any) -> None:
        if dialog.type != "beforeunload":
            self.said.append(f"dialog: {dialog.message}")
        dialog.accept()

    def open(self, url: str) -> None:
        self.page.goto(url)
        self.page.evaluate(WATCH)

    def unharmed(self) -> None:
        assert self.page.evaluate(UNHARMED) == SOUND
        assert self.said == []


@pytest.fixture
def watched(page: Page) -> Iterator[Watched]:
    watch = Watched(page)
    yield watch
    watch.unharmed()


@pytest.mark.parametrize(
    "plant",
    [
        "document.body.insertAdjacentHTML('beforeend', '<img src=x>')",
        "document.body.insertAdjacentHTML('beforeend', '<p onclick=x>')",
        "document.body.insertAdjacentHTML('beforeend', '<a href=JavaScript:x>')",
        "Object.prototype.polluted = 1",
        "globalThis.pwned = 1",
        "console.log('x')",
        "void setTimeout(() => { throw new Error('x'); })",
        "alert('x')",
    ],
)
def test_each_harm_would_be_noticed(lone_page: Page, site_url: str, plant: str) -> None:
    watch = Watched(lone_page)
    watch.open(f"{site_url}glossary/")
    watch.unharmed()
    lone_page.evaluate(plant)
    lone_page.evaluate("new Promise((go) => setTimeout(go))")
    with pytest.raises(AssertionError):
        watch.unharmed()


def test_what_is_written_in_a_tool_is_text_on_every_screen_that_shows_it(watched: Watched, site_url: str) -> None:
    """In the form again, in what was said so far, in the result, in the view of it, and in a record opened again."""
    told = "\n".join(text[:250] for text in seeded(SEED, 60))
    watched.open(f"{site_url}tools/level/")
    tool = Tool(watched.page, "level")
    answers = {**LONG, "risk_notes": told, "notes": told}
    tool.go(answers)
    assert tool.data("state") == "outcome"
    tool.screen.locator("details:has([data-remarks]) > summary").click()
    tool.screen.locator("[data-remarks] textarea").fill(told)
    name, record = download(tool)
    for way in (lambda: tool.change("risk"), lambda: tool.answer(answers)):
        way()
        watched.unharmed()
    tool.restart()
    open_file(tool, record, name)
    assert tool.data("state") == "outcome"
    assert tool.screen.locator("[data-remarks] textarea").input_value().startswith(told[:15])
    written = json.loads(record)
    assert written["judgement"]["why"].startswith(TEXTS[0])
    watched.unharmed()


def spoilt(record: dict[str, Any]) -> Iterator[str]:
    """Files that were a record before one thing in them was changed: each text in the place of a value, or of a key."""
    ways = [
        ("version",), ("tool", "id"), ("tool", "title"), ("result", "title"), ("judgement", "why"), ("made", "at"),
        ("notice",), ("answers", 0, "value"), ("answers", 0, "fact"), ("result", "actions", 0, "action"),
    ]  # fmt: skip
    for n, text in enumerate(seeded(SEED, 50)):
        data: Any = json.loads(json.dumps(record))
        holder, (*way, last) = data, ways[n % len(ways)]
        for step in way:
            holder = holder[step]
        if n % 3 == 2 and isinstance(holder, dict):
            holder[text] = holder.pop(last)
        else:
            holder[last] = text
        yield json.dumps(data, ensure_ascii=n % 2 == 0)
    yield from (
        '{"a":' * 5000,
        "[" * 5000 + "]" * 5000,
        '{"__proto__": {"polluted": 1}}',
        "\x00",
        '"\\ud800"',
        "<svg onload=pwned=1>",
    )


def test_files_that_were_spoilt_are_refused_in_words_or_shown_as_text(watched: Watched, site_url: str) -> None:
    watched.open(f"{site_url}tools/level/")
    tool = Tool(watched.page, "level")
    tool.go(HARM)
    _, record = download(tool)
    tool.restart()
    refused = 0
    for content in spoilt(json.loads(record)):
        before = tool.screen.locator("[data-open-said]").evaluate_handle("(e) => e.firstChild")
        details = tool.screen.locator("details.dt-open")
        if details.get_attribute("open") is None:
            details.locator("summary").click()
        file = {"name": "record.json", "mimeType": "application/json", "buffer": content.encode()}
        tool.screen.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
        tool.screen.locator('[data-action="open"]').click()
        watched.page.wait_for_function(
            """([root, before]) => {
              const said = root.querySelector("[data-screen] [data-open-said]");
              return root.dataset.state === "outcome" || (said?.firstChild && said.firstChild !== before);
            }""",
            arg=[tool.root.element_handle(), before],
            polling=20,
        )
        if tool.data("state") == "outcome":
            tool.restart()
        else:
            assert tool.screen.locator("[data-open-said]").inner_text().strip()
            refused += 1
    assert refused > 45
    watched.unharmed()
    tool.answer(HARM)  # and the tool goes on as before
    assert tool.data("state") == "asking"


def test_lines_of_a_checklist_are_text_wherever_they_are_put(watched: Watched, site_url: str) -> None:
    page = watched.page
    watched.open(f"{site_url}training/sorter/")
    lines = [text for text in seeded(SEED, 58) if "\n" not in text]
    page.locator("#sorter-lines").evaluate("(e, text) => (e.value = text)", "\n".join(lines))
    page.locator("[data-lines] button[type=submit]").click()
    expect(page.locator("[data-sorting]")).to_be_visible(timeout=PATIENCE)
    shown = page.locator("[data-sorting] legend").all_text_contents()
    assert "<script>" in shown[1]
    assert len(shown) > 50
    page.locator("[data-sorting]").evaluate(
        """(form) => {
          for (const radio of form.querySelectorAll("[value=harm], [name=purpose][value=risk]")) radio.checked = true;
          form.dispatchEvent(new Event("change", { bubbles: true }));
        }"""
    )
    expect(page.locator("[data-warning]")).to_be_visible()
    assert len(page.locator("[data-place] li").all_text_contents()) > 50
    watched.unharmed()


LINKS = [
    *("#/" + text for text in seeded(SEED, 50)),
    "#/two-years-on+__proto__",
    "#/constructor",
    "#/" + "+".join(["two-years-on"] * 13),
    "#/" + "two-years-on+" * 3000,
    "#/two-years-on%00",
    "#/two-years-on%2Bnobody",
    "#/%E0%A4%A",
    "#/../../tools/level",
    "#//elsewhere.test/x",
    "#/javascript:pwned=1",
]


@pytest.mark.parametrize("path", ["training/session/", "training/practise/", "training/sheets/"])
def test_fragments_name_scenarios_or_are_refused(watched: Watched, site_url: str, path: str) -> None:
    """All in one visit: each is put behind the address in turn, as a link would."""
    page = watched.page
    watched.open(f"{site_url}{path}")
    told = page.locator("[data-trouble], [data-followed]").first
    scenes = page.evaluate("document.querySelectorAll('input[name=scenario]:checked').length")
    assert scenes == 0
    for link in LINKS:
        page.evaluate("() => document.querySelector('[data-trouble], [data-followed]').replaceChildren()")
        page.evaluate(
            """(link) => new Promise((go) => {
              addEventListener("hashchange", () => setTimeout(go), { once: true });
              location.hash = link;
            })""",
            link,
        )
        assert told.text_content(), link
        assert page.locator("input[name=scenario]:checked").count() == 0
        assert page.url.startswith(f"{site_url}{path}")
    watched.unharmed()


STATE = {
    "mode": "session", "scenes": ["two-years-on"], "scene": 0, "check": 0, "stage": "commit", "step": 0,
    "what_if": None, "given": {},
}  # fmt: skip


def kept() -> Iterator[str]:
    """What could stand under the key of a kept session. Each names scenarios, so that it is offered to go on with."""
    scenes = ["two-years-on"]
    for n, text in enumerate(seeded(SEED, 34)):
        given = [
            {text: {"level": {"level-3": 1}}},
            {"two-years-on": {text: {"level-3": 1}}},
            {"two-years-on": {"level": {text: 1}}},
            {"two-years-on": {"level": {"level-3": text}}},
        ][n % 4]
        yield json.dumps({**STATE, "scenes": scenes, "given": given})
        yield json.dumps({**STATE, "scenes": [text]})
        yield json.dumps({**STATE, ("mode", "stage", "step", "what_if")[n % 4]: text})
    yield json.dumps({**STATE, "scenes": scenes * 13})
    sound = json.dumps(STATE)
    yield sound.replace('"given": {}', '"given": {"__proto__": {"polluted": 1}}')
    yield sound.replace("two-years-on", "__proto__")
    yield sound.replace('"given": {}', '"given": ' + '{"a":' * 3000 + "1" + "}" * 3000)


def test_a_kept_session_that_was_spoilt_is_refused(watched: Watched, site_url: str) -> None:
    page = watched.page
    watched.open(f"{site_url}training/session/")
    session = Session(page)
    trouble = page.locator("[data-trouble]")
    for text in kept():
        page.evaluate(
            """(text) => {
              localStorage.setItem("training-session /", `{"since": ${Date.now()}, "state": ${text}}`);
              document.querySelector("[data-trouble]").hidden = true;
              dispatchEvent(new HashChangeEvent("hashchange"));
            }""",
            text,
        )
        page.get_by_role("button", name="Go on with it").click()
        expect(trouble).to_be_visible(timeout=PATIENCE)
        assert session.stage is None, text
    page.get_by_role("button", name="Delete it").click()
    watched.unharmed()
    for strange in ("", "null", "[]", "{", "1", '"x"', '{"scenes": 1}', '{"scenes": [1]}', '{"scenes": null}'):
        for text in (strange, f'{{"since": 1, "state": {strange}}}', f'{{"since": {strange}}}'):
            page.evaluate("(text) => localStorage.setItem('training-session /', text)", text)
            page.evaluate("() => void dispatchEvent(new HashChangeEvent('hashchange'))")
            expect(page.locator("[data-kept]")).to_be_hidden()
    page.evaluate("localStorage.removeItem('training-session /')")


def test_what_another_window_says_is_no_more_than_a_place(watched: Watched, site_url: str) -> None:
    page = watched.page
    watched.open(f"{site_url}training/sheets/#/follow")
    press(page.get_by_role("button", name="show the notes"))
    page.evaluate(
        """async (texts) => {
          const channel = new BroadcastChannel("training /");
          const odd = [null, 1, "x", [], {}, { scenario: 1 }, { scenario: null, step: 1 }, { ask: {} }, { move: {} }];
          for (const text of texts)
            odd.push({ scenario: text, step: text }, { scenario: "two-years-on", step: text });
          for (const step of [undefined, {}, [1], null]) odd.push({ scenario: "two-years-on", step });
          for (const one of odd) channel.postMessage(one);
          await new Promise((go) => setTimeout(go, 100));
          channel.postMessage({});
          channel.close();
        }""",
        list(TEXTS),
    )
    expect(page.locator("[data-followed]")).not_to_be_empty()
    expect(page.locator(".training-sheets article:visible")).to_have_count(0)
    watched.unharmed()
