"""The practitioner's own view of a result: whether they agree with it, and why.

Alters nothing: no tree asks for it, no guard can read it, and no action waits for it (s4-08: professional judgement
is to be encouraged; s4-10: what was seen is written down). It goes into a record and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .answers import LONGEST_TEXT

OPINIONS: Mapping[str, str] = {"agree": "I agree with this result", "differ": "I see it differently"}


@dataclass(frozen=True)
class Remarks:
    """An opinion (one of OPINIONS, or "") and the reason for it in the practitioner's words."""

    opinion: str = ""
    why: str = ""


NO_REMARKS = Remarks()


def read_remarks(raw: object) -> Remarks:
    """The remarks that a page or a record gives; whatever is not one counts as not said. Never raises."""
    if not isinstance(raw, Mapping):
        return NO_REMARKS
    opinion, why = raw.get("opinion"), raw.get("why")
    return Remarks(
        opinion if isinstance(opinion, str) and opinion in OPINIONS else "",
        why[:LONGEST_TEXT] if isinstance(why, str) else "",
    )
