"""What the site publishes about records: their schema, for whoever builds a case system that reads them."""

from __future__ import annotations

from pathlib import Path

SCHEMA = "schemas/record.schema.json"


def publish_schema(root: Path, site: Path) -> None:
    """Put the schema of a record into the site, at the same place as in the project."""
    (site / SCHEMA).parent.mkdir(parents=True, exist_ok=True)
    (site / SCHEMA).write_bytes((root / SCHEMA).read_bytes())
