"""Whether the check is approved for live use, as every result, record and printed copy says it."""

from __future__ import annotations

from collections.abc import Mapping


def approval_of(approval: Mapping[str, str]) -> dict[str, str]:
    """The approval status with its sentence; whatever does not say "approved" is a draft."""
    by, on = approval.get("approved_by", ""), approval.get("approved_on", "")
    approved = approval.get("status") == "approved"
    return {
        "status": "approved" if approved else "draft",
        "approved_by": by if approved else "",
        "approved_on": on if approved else "",
        "notice": f"Approved by {by} on {on}" if approved else "Draft, not approved",
    }
