"""Records of another version, as files that somebody kept, for tests to open."""

from __future__ import annotations

import json
from pathlib import Path

from macros.engine.html.view import View
from macros.engine.record.reader import usable
from macros.engine.record.record import result_of
from tests.trees import concluded, published

FOLDER = Path(__file__).parent
MARK = "\ufeff"


def older(name: str) -> str:
    """The text of tests/records/older/<name>.json.

    Of one that is to come to the same today, the result is what today's check says: what editors write may change, and
    the file is about something else than their words.
    """
    text = (FOLDER / "older" / f"{name}.json").read_text("utf-8")
    if json.loads((FOLDER / "older.json").read_text("utf-8"))[name]["opened"] != "same":
        return text
    data = json.loads(text.removeprefix(MARK))
    tree = published().trees[data["tool"]["id"]]
    facts = tree.library.facts
    answers = {one["fact"]: one["value"] for one in data["answers"] if one["fact"] in facts}
    answers = {fact: value for fact, value in answers.items() if usable(tree.library, fact, value)}
    data["result"] = result_of(View(tree, "./"), concluded(tree, answers))
    return f"{MARK if text.startswith(MARK) else ''}{json.dumps(data, ensure_ascii=False, indent=1)}"
