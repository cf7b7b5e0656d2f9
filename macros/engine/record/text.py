"""A record as plain text, to be pasted into a case system.

A paragraph is one line, however long: the field it is pasted into breaks it. What a reader wrote stands behind a bar,
so that it cannot be taken for words of the record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from ..html.sections import GROUPS
from ..html.view import basis_words
from ..model.remarks import OPINIONS

RULE = "-" * 40
NOTHING = "Nothing written."

Part = Mapping[str, Any]


def record_text(record: Part) -> str:
    """The text of a record as `record_of` makes it. It begins and ends with the approval status."""
    return "\n".join([*head(record), *body(record), *foot(record)]) + "\n"


def head(record: Part) -> Iterator[str]:
    """What it is, how far it may be relied on, and until when."""
    made = record["made"]
    yield record["approval"]["notice"].upper()
    yield f"Record of a check: {record['tool']['title']}"
    yield f"Made: {made['uk_time']}"
    yield f"Valid until: {made['valid_until_uk_time']}; {made['valid_hours']} hours ({basis_words(made['basis'])})"
    yield f"Version of the check: {record['version']}"
    yield record["notice"]


def body(record: Part) -> Iterator[str]:
    """The result, what to do, why, what is not known, what was answered and written."""
    result = record["result"]
    said = result["actions"]
    beside = (action["action"] for action in said if action["group"] == "beside")
    yield from section("Do this now", chain(actions([a for a in said if a["group"] == "now"]), beside))
    yield from section("Result", outcome(result))
    for group, title in GROUPS.items():
        yield from section(title, actions([action for action in said if action["group"] == group]))
    yield from section("Why", reasons([reason for reason in result["reasons"] if reason["decided"]]))
    yield from section("Other answers that counted", reasons([r for r in result["reasons"] if not r["decided"]]))
    yield from section("What is not known", unknowns(result["not_known"]))
    yield from section("Answers", (f"{a['question']} {a['answer']}" for a in record["answers"]))
    yield from section("What was written", narratives(record["narrative"]))
    yield from section("The practitioner’s view of this result", judgement(record["judgement"]))


def foot(record: Part) -> Iterator[str]:
    """The end, so that a reader sees that nothing was cut off."""
    yield ""
    yield RULE
    yield f"End of the record. {record['approval']['notice']}."


def section(title: str, lines: Iterator[str]) -> Iterator[str]:
    """Lines under their title, if there are any."""
    listed = list(lines)
    if listed:
        yield from ("", RULE, title.upper(), *listed)


def outcome(result: Part) -> Iterator[str]:
    """What the journey came to."""
    yield f"{result['title']}."
    if result["level_name"] not in ("", result["title"]):
        yield f"{result['level_name']}."
    if result["found"]:
        yield f"{result['found']}."
    if result["text"]:
        yield result["text"]
    if result["unsettled"]:
        yield result["unsettled"]
    yield f"Police: {result['police_name']}."


def actions(listed: list[Part]) -> Iterator[str]:
    """Things to do, numbered, each with who and when."""
    for n, action in enumerate(listed, 1):
        yield f"{n}. {action['action']}"
        for what, words in (("Who", action["actor"]), ("When", action["timescale"]), ("By", action["by"])):
            if words:
                yield f"   {what}: {words}"
        yield from (f"   - {point}" for point in action["points"])
        if action["note"]:
            yield f"   Note: {action['note']}"
        yield from (f"   Contact: {contact}" for contact in action["contacts"])
        yield f"   {footing(action)}"


def reasons(listed: list[Part]) -> Iterator[str]:
    """Why, each with its clauses."""
    for n, reason in enumerate(listed, 1):
        yield f"{n}. {reason['because']}"
        yield f"   {footing(reason)}"


def footing(part: Part) -> str:
    """What something stands on: its basis and its clauses."""
    words = basis_words(part["basis"])
    clauses = "; ".join(f"{clause['title']} ({clause['id']})" for clause in part["clauses"])
    return f"Basis: {words}. Clauses: {clauses}." if clauses else f"Basis: {words}."


def unknowns(listed: list[Part]) -> Iterator[str]:
    """What is not known, and who may hold it."""
    for unknown in listed:
        yield f"- {unknown['question']} {unknown['find_out'] or 'Say so when you refer.'}"


def narratives(listed: list[Part]) -> Iterator[str]:
    """What was written in answer to a question."""
    for narrative in listed:
        yield narrative["question"]
        yield from quoted(narrative["text"])


def judgement(view: Part) -> Iterator[str]:
    """Whether the practitioner agrees, and why."""
    yield OPINIONS.get(view["opinion"], "Not said whether they agree") + "."
    yield from quoted(view["why"])


def quoted(text: str) -> Iterator[str]:
    """A reader's own words behind a bar, line by line, without what no printer shows."""
    lines = ["".join(c for c in line if c.isprintable() or c == "\t") for line in text.splitlines()]
    yield from (f"   | {line}" for line in lines) if text.strip() else (f"   {NOTHING}",)
