"""How what a proof goes through grows with the number of questions, for trees that are grown to a wanted size."""

from __future__ import annotations

import time
from typing import Any

from tests.bench.report import say
from tests.test_growth import SIZES, states, tree


def growth() -> dict[str, Any]:
    """Seconds, and states gone through, by the number of questions; and by how much more than these the states grow."""
    found: dict[str, Any] = {}
    for questions in SIZES:
        whole, begun = tree(questions), time.monotonic()
        gone_through = sum(states(whole).values())
        found[str(questions)] = {"states": gone_through, "seconds": round(time.monotonic() - begun, 2)}
    say(f"  {found}")
    few, many = SIZES[1], SIZES[-1]
    grown = found[str(many)]["states"] / found[str(few)]["states"]
    return {"sizes": found, "states for each question, 1000 to 100": round(grown * few / many, 3)}
