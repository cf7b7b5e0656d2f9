"""Numbers to tap: whatever an editor writes is dialled as it was meant, and said aloud as people say it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from macros.authoring.sources.diagnostics import Source
from macros.authoring.sources.schemas import Schemas
from macros.engine.html.action import tappable, telephone
from macros.engine.html.view import View
from macros.engine.model.library import Contact
from tests.test_second_edition import tree_of
from tests.trees import ROOT

DIALLED = {
    "999": "tel:999",
    "01632 960002": "tel:01632960002",
    "+44 1632 960002": "tel:+441632960002",
    "+44 (0)1632 960002": "tel:+441632960002",
    "(01632) 960-002": "tel:01632960002",
    "0800 CHILD": "tel:080024453",
    "01632 960002 ext 12": "tel:01632960002;ext=12",
    "01632 960002, ext. 12": "tel:01632960002;ext=12",
    "01632 960002 x12": "tel:01632960002;ext=12",
    "0800 CHILD extension 4": "tel:080024453;ext=4",
}
"""What editors write, and what RFC 3966 makes of it: letters by their keys, an extension as a parameter of its own."""


@pytest.mark.parametrize("written", DIALLED)
def test_a_number_is_dialled_as_it_was_meant(written: str) -> None:
    assert re.findall(r'href="([^"]*)"', telephone(written)) == [DIALLED[written]]


@pytest.mark.parametrize("written", DIALLED)
def test_the_table_of_contacts_takes_it(written: str) -> None:
    data: dict[str, Any] = {"one": {"name": "One", "number": written, "note": ""}}
    assert Schemas(ROOT / "schemas").check("contacts", Source("contacts.json", json.dumps(data)), data) == []


def said(written: str) -> str:
    return re.sub("<[^>]*>", "", telephone(written))


def test_an_extension_is_a_word_and_letters_come_with_their_keys() -> None:
    assert said("01632 960002 ext 12") == "01632 960002, extension 12"
    assert said("0800 CHILD") == "0800 CHILD (0800 24453)"
    assert said("01632 960002") == "01632 960002"


def test_a_number_within_another_is_not_taken_for_it() -> None:
    library = tree_of("level").library
    ones = {id: Contact(id, id, number, "") for id, number in (("a", "01632 960"), ("b", "01632 960999"), ("c", "999"))}
    result = next(iter(library.results.values()))
    words = replace(result, action="Call 01632 960999, then 999 or 01632 960.", contacts=tuple(ones))
    view = View(replace(tree_of("level"), library=replace(library, contacts=ones)), "")
    links = [re.findall(r'href="([^"]*)"', str(part)) for part in tappable(view, words)]
    assert [link for found in links for link in found] == ["tel:01632960999", "tel:999", "tel:01632960"]
