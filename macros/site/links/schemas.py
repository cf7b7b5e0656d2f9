"""What the site publishes about its data: schemas, for whoever builds something that reads it.

That of a record is for case systems; others publish theirs beside it.
"""

from __future__ import annotations

from pathlib import Path

SCHEMA = "schemas/record.schema.json"


def publish_schema(root: Path, site: Path, schema: str = SCHEMA) -> None:
    """Put a schema (that of a record, if none is named) into the site, at the same place as in the project."""
    (site / schema).parent.mkdir(parents=True, exist_ok=True)
    (site / schema).write_bytes((root / schema).read_bytes())
