"""Whether the procedure is approved for live use, read from mkdocs.yml. The sentence that says so is the engine's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from macros.authoring.sources.diagnostics import no_day, to_come
from macros.engine.model.approval import approval_of
from macros.site.stopped import Stopped

DRAFT = approval_of({})["notice"]


@dataclass(frozen=True)
class Approval:
    """A draft, or approved by somebody on a day."""

    status: str
    by: str = ""
    on: str = ""

    @property
    def as_said(self) -> dict[str, str]:
        """The approval as mkdocs.yml says it, for the engine, which shows it with each result."""
        return {"status": self.status, "approved_by": self.by, "approved_on": self.on}

    @property
    def notice(self) -> str:
        """The sentence for the banner."""
        return approval_of(self.as_said)["notice"]


def numbers_waited_for(names: Sequence[str]) -> str:
    """What an editor of a draft is told of the numbers that approval waits for; nothing if there are all."""
    return f"Approval waits for a number in decision_trees/contacts.json: {'; '.join(names)}." if names else ""


def refuse_without(names: Sequence[str], approval: Approval) -> None:
    """Raise Stopped if something is approved while `names` have no number."""
    if approval.status == "approved" and names:
        raise Stopped(
            "decision_trees/contacts.json: extra.approval in mkdocs.yml says `approved`, but there is no number for: "
            f"{'; '.join(names)}. Fill in `number` and `last_checked` of each, or set status back to `draft`."
        )


def read_approval(extra: Mapping[str, object]) -> Approval:
    """The Approval that mkdocs.yml's `extra` states.

    Raises Stopped unless it is a plain draft, or approved with both a name and a day: what cannot be read
    must never pass for approved.
    """
    said = extra.get("approval")
    if not isinstance(said, Mapping) or said.get("status") not in ("draft", "approved"):
        raise Stopped("mkdocs.yml: extra.approval.status must be `draft` or `approved`.")
    by, on = (str(said.get(key) or "").strip() for key in ("approved_by", "approved_on"))
    if said["status"] == "approved" and not (by and on):
        raise Stopped(
            "mkdocs.yml: extra.approval says `approved`, but not by whom and when. "
            "Fill in approved_by and approved_on, or set status back to `draft`."
        )
    if on and (no_day(on) or to_come(on)):
        raise Stopped(
            f"mkdocs.yml: extra.approval.approved_on is “{on}”, which is no day that has come. "
            "Write the day of the approval as year-month-day, as in 2026-01-31."
        )
    return Approval(said["status"], by, on)
