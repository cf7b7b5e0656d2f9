"""The journeys of tests/journeys, and the engine of the built site as CPython runs it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from macros.engine.api import start

FOLDER = Path(__file__).parent.parent / "journeys"

Journey = dict[str, Any]


def journeys() -> dict[str, Journey]:
    """All journeys by the name of their file."""
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))}


def one_for_each_end() -> dict[str, Journey]:
    """A journey to each outcome of each tool, settled and not, and one that takes each offer."""
    chosen: dict[object, tuple[str, Journey]] = {}
    for name, journey in journeys().items():
        expect, answers = journey["expect"], journey["answers"]
        if expect["state"] != "outcome" or expect.get("unused") or expect.get("problems"):
            continue
        offers = [fact for fact in ("more_for_record",) if answers.get(fact) == "yes"]
        for end in [(journey["tree"], expect["node"], expect.get("settled")), *offers]:
            chosen.setdefault(end, (name, journey))
    return dict(chosen.values())


def one_for_each_outcome() -> dict[str, Journey]:
    """A journey to each outcome of each tool: the shortest there is, and by no offer."""
    chosen: dict[tuple[str, str], tuple[str, Journey]] = {}
    for name, journey in sorted(journeys().items(), key=lambda named: len(named[1]["answers"])):
        expect, answers = journey["expect"], journey["answers"]
        offered = any(answers.get(fact) == "yes" for fact in ("more_for_record",))
        if expect["state"] == "outcome" and not (offered or expect.get("unused") or expect.get("problems")):
            chosen.setdefault((journey["tree"], expect["node"]), (name, journey))
    return dict(chosen.values())


def engine_folder(site: Path) -> Path:
    """The one folder of the built site from which browsers run the engine."""
    (folder,) = (site / "assets" / "engine").iterdir()
    return folder


def bundle_of(site: Path) -> str:
    """The text of the bundle that the built site holds."""
    with zipfile.ZipFile(engine_folder(site) / "python.zip") as archive:
        return archive.read("engine/bundle.json").decode()


def responder(site: Path) -> Callable[[str], str]:
    """The engine of the built site, run by the Python that runs the tests."""
    return start(bundle_of(site))


def requests_of(journey: Journey) -> Iterator[str]:
    """What a page could ask along a journey: all answers at once, each beginning of them, a form and a change."""
    base = {"tree": journey["tree"], "base": "../../"}
    answers = journey["answers"]
    for n in range(len(answers) + 1):
        yield json.dumps({**base, "answers": dict(list(answers.items())[:n])})
    for node in journey["expect"].get("screens", ()):
        yield json.dumps({**base, "answers": answers, "change": node})
        yield json.dumps({**base, "answers": answers, "submit": {"node": node, "fields": {}}})
