"""Sets of answers for the level tool, each named for where it leads. Tests that ask where answers lead replay
tests/journeys; these serve the tests of the page itself."""

from __future__ import annotations

from typing import Any

# Something that occurs nowhere else, with all that a careless page would trip over.
NARRATIVE = "Zebrafinch 7431 said: \"1 < 2 & 'so'\" </textarea><b>?x=1#y</b>"

Answers = dict[str, Any]

HARM: Answers = {"danger": ["none"], "age": "13_to_15", "harm": ["strong_suspicion"]}
ADULT: Answers = {"danger": ["not_known"], "age": "18_or_over"}
LONG: Answers = {
    "danger": ["none"],
    "age": "16_or_17",
    "harm": ["not_known"],
    "sexual_activity": "no",
    "drawn_into_crime": "no",
    "approach": "no",
    "risk": "yes",
    "risk_notes": NARRATIVE,
    "protective_notes": f"{NARRATIVE} again",
    "child_words": f"{NARRATIVE} in other words",
    "likelihood": "unlikely",
    "likelihood_why": f"{NARRATIVE} and more",
    "past": "not_known",
    "missing_episode": "no",
    "looked_after": "not_known",
    "your_role": "someone_else",
    "notes": f"{NARRATIVE} besides",
    "social_care": "not_known",
}
