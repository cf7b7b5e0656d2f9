"""Schemas: what JSON Schema finds wrong in a file, in plain sentences.

Knows jsonschema and the files in schemas/; refuses to know what the data means.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match
from referencing import Registry, Resource

from macros.authoring.sources.diagnostics import Diagnostic, Source, did_you_mean
from macros.authoring.sources.legible import read_source
from macros.authoring.sources.places import At

ENDING = ".schema.json"
TYPES = {
    "object": "an object {…}",
    "array": "a list […]",
    "string": "text",
    "integer": "a whole number",
    "boolean": "true or false",
}


class Schemas:
    """The schemas of one folder, each under its file name without ".schema.json"."""

    def __init__(self, folder: Path) -> None:
        paths = sorted(folder.glob(f"*{ENDING}"))
        files = {path.name: read_source(path, f"{folder.name}/{path.name}") for path in paths}
        self._schemas: dict[str, Any] = {
            name.removesuffix(ENDING): data for name, (_, data, wrong) in files.items() if not wrong
        }
        self._folder = folder.name
        self.text = json.dumps({name: source.text for name, (source, _, _) in files.items()})
        """All of them: what a file that follows one of them was held to."""
        self.diagnostics = [one for _, _, wrong in files.values() for one in wrong]
        """What keeps some of them from being read."""

    @cached_property
    def _registry(self) -> Registry[Any]:
        resources = [(schema["$id"], Resource.from_contents(schema)) for schema in self._schemas.values()]
        named = [(f"{name}.schema.json", Resource.from_contents(schema)) for name, schema in self._schemas.items()]
        return Registry().with_resources([*resources, *named])

    def check(self, name: str, source: Source, data: object) -> list[Diagnostic]:
        """A diagnostic for each place where `data` does not follow the schema `name`, in the order of the file."""
        if self.diagnostics:
            return self.diagnostics
        if name not in self._schemas:
            told, fix = "This file is not there.", f"bring it back: {source.name} is held to it."
            return [Diagnostic("missing-file", f"{self._folder}/{name}{ENDING}", 1, 1, "", told, fix)]
        validator = Draft202012Validator(self._schemas[name], registry=self._registry)
        errors = sorted(validator.iter_errors(data), key=lambda e: [str(part) for part in e.absolute_path])
        found = [diagnostic for error in errors for diagnostic in _diagnostics(source, error)]
        return list(dict.fromkeys(found))


def _diagnostics(source: Source, error: ValidationError) -> Iterator[Diagnostic]:
    inner = best_match(error.context) if error.context else None
    if inner is not None and len(inner.absolute_path) > len(error.absolute_path):
        yield from _diagnostics(source, inner)
        return
    path: At = tuple(error.absolute_path)
    if error.validator == "additionalProperties":
        known, patterns = (_mapping(_mapping(error.schema).get(key)) for key in ("properties", "patternProperties"))
        for extra in _mapping(error.instance):
            if extra not in known and not any(re.search(pattern, extra) for pattern in patterns):
                told, fix = f"“{extra}” is not known here.", did_you_mean(extra, list(known))
                yield source.diagnostic("schema", (*path, extra), told, fix)
        return
    message, fix = _words(error)
    yield source.diagnostic("schema", path, message, fix)


def _words(error: ValidationError) -> tuple[str, str]:
    """What is wrong and how to fix it, in words."""
    value, schema = error.instance, _mapping(error.schema)
    expected: Any = error.validator_value
    shown = json.dumps(value, ensure_ascii=False)
    explained = str(schema.get("description", "")) or "see the schema for what belongs here."
    match error.validator:
        case "required":
            missing = error.message.split("'")[1]  # one error a missing key; jsonschema names it in its message alone
            about = _mapping(_mapping(schema.get("properties", {})).get(missing, {})).get("description", "")
            return f"“{missing}” is missing.", f"add “{missing}”{f': {about}' if about else '.'}"
        case "type":
            names = [expected] if isinstance(expected, str) else expected
            wanted = " or ".join(TYPES.get(name, name) for name in names)
            return f"This is not {wanted}.", f"write {wanted}. {explained}"
        case "enum":
            near = did_you_mean(str(value), [str(one) for one in expected])
            return f"{shown} is not one of the words that may stand here.", near
        case "const":
            return f"{shown} cannot stand here.", f"write {json.dumps(expected, ensure_ascii=False)}."
        case "pattern":
            return f"“{value}” is not written the way it has to be.", explained
        case "minLength" | "minItems":
            return "This is empty.", f"fill it in. {explained}"
        case "minProperties" | "maxProperties":
            return "This must have exactly one key.", explained
        case "uniqueItems":
            return "Something stands in this list twice.", "keep it once."
        case _:
            return f"This does not fit the schema: {error.message[:160]}.", explained


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
