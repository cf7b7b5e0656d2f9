"""start(bundle) -> respond(text) -> text: the one entry of the browser.

JSON in, JSON out; never raises on anything a page sends.

Holds no state between calls but the trees it was started with: answers come in with every request and go out
with every response, and live nowhere else.

What is wanted once a result is there, and by no question before it, is imported where it is called: nobody who opens
a tool waits for it.
"""

from __future__ import annotations

import json
import re
from binascii import a2b_base64
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .html.keeping import LONGEST_RECORD
from .html.markup import join
from .html.screen import question_screen, result_screen
from .html.view import View
from .model.answers import Problem, read_answer
from .model.guards import Value
from .model.library import Fact, Library, read_library
from .model.moment import read_moment, said_back
from .model.remarks import read_remarks
from .model.tree import Tree, inline
from .model.uktime import read_utc
from .model.walk import Journey, walk

if TYPE_CHECKING:
    from datetime import datetime

    from .analysis.outlook import Conclusion
    from .training.api import Training

LONGEST_REQUEST = 2 * LONGEST_RECORD + 500_000
"""Characters. A record within a request has a second backslash before each quotation mark and line end."""
BASE = re.compile(r"(\.\./){0,8}|\./|/([\w.-]+/)*")
PARTS = {str: ("base", "change", "later", "record", "now"), dict: ("answers", "remarks", "submit", "open", "say")}
"""What a request may hold beside its tree or its training, by the type of each."""
STRANGE = "This page asked for something the check does not know. Reload the page."


def start(bundle: str) -> Callable[[str], str]:
    """The function that answers requests for the trees of a bundle (JSON text, as the build wrote it).

    Raises ValueError or KeyError if the text is not such a bundle.
    """
    return Engine(json.loads(bundle)).respond


class Engine:
    """The trees of one bundle, ready to answer requests."""

    def __init__(self, bundle: Mapping[str, Any]) -> None:
        self.library: Library = read_library(bundle)
        self.tree = lru_cache(maxsize=None)(self._tree)
        self.training = lru_cache(maxsize=None)(self._training)

    def _tree(self, id: str) -> Tree:
        return inline(self.library, id)

    def _training(self) -> Training:
        from .training.api import Training

        return Training(self.library)

    def respond(self, text: str) -> str:
        """The response to a request, both JSON text (README.md beside this has the contract). Never raises."""
        request = read_request(text, self.library)
        if request is None:
            return json.dumps({"ok": False, "message": STRANGE})
        if "training" in request:
            response = self.training().respond(request["training"], request.get("base") or "./")
            return json.dumps(response or {"ok": False, "message": STRANGE}, ensure_ascii=False)
        return json.dumps(answer(self.tree(request["tree"]), request), ensure_ascii=False)


def read_request(text: str, library: Library) -> dict[str, Any] | None:
    """A request with every part of the right type, or None."""
    try:
        request = json.loads(text) if isinstance(text, str) and len(text) <= LONGEST_REQUEST else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(request, dict) or not (_of_training(request) or _of_a_tool(request, library)):
        return None
    if any(not isinstance(request.get(name), kind | None) for kind, names in PARTS.items() for name in names):
        return None
    if not BASE.fullmatch(request.get("base") or "./"):
        return None
    return request


def _of_training(request: Mapping[str, Any]) -> bool:
    return isinstance(request.get("training"), dict) and "tree" not in request


def _of_a_tool(request: Mapping[str, Any], library: Library) -> bool:
    id = request.get("tree")
    known = isinstance(id, str) and id in library.trees and library.trees[id].tool
    return known and "training" not in request


def answer(tree: Tree, request: Mapping[str, Any]) -> dict[str, Any]:
    """The response to a valid request."""
    now = read_utc(request.get("now"))
    view = View(tree, request.get("base") or "./", read_remarks(request.get("remarks")), current_time=now)
    if (moment := request.get("say")) is not None:
        return said(view, moment)
    if (file := request.get("open")) is not None:
        return opened(view, file, request.get("now"))
    given = usable(tree, request.get("answers") or {}, now)
    journey = walk(tree, given)
    if submit := request.get("submit"):
        return submitted(view, journey, given, submit)
    if form := request.get("record"):
        return kept(view, journey, form, request)
    if request.get("later"):
        return later(view, journey, request)
    changing = request.get("change")
    if changing and any(screen.step == changing for screen in journey.screens):
        return response(view, journey, given, step=changing)
    return response(view, journey, given)


def said(view: View, moment: Mapping[str, Any]) -> dict[str, Any]:
    """A day and a time as a form holds them, said back in words before they count."""
    fact = view.library.facts.get(moment["fact"]) if isinstance(moment.get("fact"), str) else None
    if fact is None or fact.kind != "datetime":
        return {"ok": False, "message": STRANGE}
    return {"ok": True, "html": join(said_back(fact, _listed(moment.get("typed")), view.current_time))}


def later(view: View, journey: Journey, request: Mapping[str, Any]) -> dict[str, Any]:
    """What a result leaves for later, so that it is there at once itself: what would change it, its call sheet."""
    from .html.what_if import changes_of

    ended = conclusion(view.tree, journey)
    if ended is None:
        return {"ok": False, "message": STRANGE}
    if request["later"] == "call":
        from .html.call import call, sheet_html
        from .record.call import sheet_of
        from .record.record import record_of

        if call(view, ended) is None:
            return {"ok": False, "message": STRANGE}
        sheet = sheet_of(view, record_of(view, ended, request.get("now")), request.get("remarks") or {})
        return {"ok": True, "html": sheet_html(view, sheet)}
    return {"ok": True, "html": changes_of(view, journey)}


def kept(view: View, journey: Journey, form: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """A record of a result, to be kept, with the name of its file; or the call sheet made of it."""
    from .html.call import call
    from .record.call import sheet_of, sheet_text
    from .record.record import name_of, record_of
    from .record.text import record_text

    ended = conclusion(view.tree, journey)
    if ended is None or form not in ("text", "json", "call") or (form == "call" and call(view, ended) is None):
        return {"ok": False, "message": STRANGE}
    record = record_of(view, ended, request.get("now"))
    if form == "call":
        sheet = sheet_of(view, record, request.get("remarks") or {})
        return {"ok": True, "record": sheet_text(record, sheet)}
    text = record_text(record) if form == "text" else json.dumps(record, ensure_ascii=False, indent=1) + "\n"
    return {"ok": True, "record": text, "name": name_of(record)}


def content_of(file: Mapping[str, Any]) -> bytes | str | None:
    """What is in a file: its bytes, which come in base 64, or its text; None if neither is there."""
    packed, text = file.get("bytes"), file.get("text")
    if isinstance(packed, str):
        try:
            return a2b_base64(packed)
        except ValueError:
            return None
    return text if isinstance(text, str) else None


def opened(view: View, file: Mapping[str, Any], now: str | None) -> dict[str, Any]:
    """What a saved record comes to today, below what is to be said of it; or why the file is not opened."""
    from .record.comparison import compare
    from .record.opened import kept_remarks, panel, refusal_of
    from .record.reader import Refusal, read_record, refusal

    size = file.get("size")
    read = (
        read_record(view.tree, content_of(file), size if isinstance(size, int) else 0) if file else refusal("no-file")
    )
    if isinstance(read, Refusal):
        html = refusal_of(view, read)
        return {"ok": True, "refused": read.kind, "message": read.message, "fix": read.fix, "html": html}
    given = usable(view.tree, read.answers, view.current_time)
    walked = walk(view.tree, given)
    journey = conclusion(view.tree, walked) or walked
    comparison = compare(view, read, journey)
    remarks = kept_remarks(read, comparison)
    view = replace(view, remarks=remarks, above=panel(view, read, comparison, read_utc(now)))
    return {**response(view, journey, given), "remarks": asdict(remarks)}


def usable(tree: Tree, answers: Mapping[str, object], now: datetime | None = None) -> dict[str, Any]:
    """The answers that are answers to facts; all else is dropped, so that nothing strange is carried along.

    `now` is the time in UTC. What no form would take then is asked again: a time that is still to come.
    """
    facts = {name: fact for name, fact in tree.library.facts.items() if name in answers}
    read = {name: read_answer(fact, answers[name]) for name, fact in facts.items()}
    read |= {
        name: read_moment(facts[name], [value], now)
        for name, value in read.items()
        if facts[name].kind == "datetime" and isinstance(value, str)
    }
    return {name: value for name, value in read.items() if not isinstance(value, Problem)}


def submitted(view: View, journey: Journey, given: dict[str, Any], submit: Mapping[str, Any]) -> dict[str, Any]:
    """The response to a form: the same question with its errors, or what comes next."""
    fields = submit.get("fields")
    fields = fields if isinstance(fields, dict) else {}
    screen = next((s for s in journey.screens if s.step == submit.get("node")), None)
    facts = view.library.facts
    names = (*screen.facts, *screen.beside) if screen else tuple(name for name in journey.offers if name in fields)
    raw = {name: _raw(facts[name].kind, fields.get(name)) for name in names}
    read = {name: _read(view, facts[name], value) for name, value in raw.items()}
    kept = {name: value for name, value in given.items() if name not in names}
    merged = {**kept, **{name: value for name, value in read.items() if not isinstance(value, Problem)}}
    onward = walk(view.tree, merged)
    now = next((s for s in onward.screens if screen and s.step == screen.step), None)
    problems = tuple(p for name, p in read.items() if isinstance(p, Problem) and (now is None or name in now.facts))
    if problems and screen:
        return response(view, journey, given, screen.step, raw, problems)
    return response(view, onward, merged)


def _raw(kind: str, values: object) -> object:
    """What a form field holds: a list for checklists and for a moment in its parts, else its one text."""
    listed = _listed(values)
    return listed if kind in ("any_of", "datetime") else (listed[0] if listed else "")


def _listed(values: object) -> list[str]:
    return [v for v in values if isinstance(v, str)] if isinstance(values, list) else []


def _read(view: View, fact: Fact, raw: object) -> Value | Problem:
    """The answer in a form, or the problem with it."""
    if fact.kind == "datetime" and isinstance(raw, list):
        return read_moment(fact, raw, view.current_time)
    return read_answer(fact, raw)


def response(
    view: View,
    journey: Journey,
    given: Mapping[str, Any],
    step: str | None = None,
    entered: Mapping[str, object] | None = None,
    problems: tuple[Problem, ...] = (),
) -> dict[str, Any]:
    """The response to a request: where the journey stands, and the HTML of its screen."""
    if journey.state == "stuck":
        return {
            "ok": False,
            "message": "Something is wrong with this check. Use the readable version, and tell whoever runs this site.",
        }
    ended = conclusion(view.tree, journey) if step is None else None
    return {
        "ok": True,
        "state": "outcome" if ended else "asking",
        "node": step or journey.step,
        "level": ended.level if ended else None,
        "settled": ended.settled if ended else None,
        "answers": dict(given),
        "path": list(path_to(journey, step)),
        "valid": not problems,
        "html": result_screen(view, ended)
        if ended
        else question_screen(view, journey, step, entered if entered is not None else given, problems),
    }


def conclusion(tree: Tree, journey: Journey) -> Conclusion | None:
    """What `settle` says of a journey; a question waits for nothing of it."""
    if journey.state != "outcome":
        return None
    from .analysis.outlook import settle

    return settle(tree, journey)


def path_to(journey: Journey, step: str | None) -> tuple[str, ...]:
    """The steps passed on the way to `step`, or to where the journey stands, that one included."""
    if step is None or step not in journey.passed:
        return journey.passed
    return journey.passed[: journey.passed.index(step) + 1]


def summary(tree: Tree, journey: Journey) -> dict[str, Any]:
    """The facts of a journey through a tree that tests and scenarios compare, as JSON can hold them."""
    ended = conclusion(tree, journey)
    return {
        "state": journey.state,
        "node": journey.step,
        "outcome": journey.outcome.id if journey.outcome else None,
        "level": journey.level,
        "settled": ended.settled if ended else None,
        "could_be": list(ended.could_be) if ended else [],
        "police": journey.floors.get("police", 0),
        "results": list(ended.said if ended else journey.said_on_the_way),
        "reasons": [edge.name for edge in journey.reasons],
        "not_known": list(journey.not_known),
        "screens": [screen.step for screen in journey.screens],
        "unused": list(journey.unused),
        "problems": [problem.kind for problem in journey.problems],
    }
