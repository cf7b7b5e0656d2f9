"""What the search knows beyond the headings that Material finds by itself: clauses, terms and everyday words.

Knows the form of Material's index, a list of entries by address. An entry's `words` are indexed as a field of their own
(mkdocs.yml, plugins, search, fields), which Material shows nowhere: they help to find a clause and say nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from macros.site.after.reading import Entry

INDEX = "search/search_index.json"

# A tool as text says all that its clauses say, once more and in each tool: its page is found by what the tool is for.
IN_A_TOOLS_TEXT = re.compile(r"#[\w-]+-text(-|$)")
TOOL = re.compile(r"tools/[\w-]+/")
MORE = "#more-about-this-check"
WEIGHTS = {TOOL: 1.5, re.compile(r"procedure/levels/#level-\d"): 2.3}
"""How much more than their words what people come for counts, and so stands first: tools and levels."""


def extended(index: Mapping[str, Any], entries: Iterable[Entry], typed: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The index with more entries, without those inside the tools' texts, and with what people type at its addresses.

    Raises KeyError if something is typed for an address that the index does not hold.
    """
    said = {doc["location"]: doc["text"] for doc in index["docs"]}
    kept = (doc for doc in index["docs"] if not IN_A_TOOLS_TEXT.search(doc["location"]))
    found = [_introduced(doc, said) for doc in kept if not doc["location"].endswith(MORE)]
    docs = {doc["location"]: doc for doc in [*found, *map(_as_data, entries)]}
    for location, phrases in typed.items():
        docs[location] = {**docs[location], "words": words(phrases, docs[location]["title"])}
    return {**index, "docs": list(map(_weighed, docs.values()))}


def _as_data(entry: Entry) -> dict[str, Any]:
    """An entry as the index holds it: HTML, so text is escaped."""
    title, text = (escape(part, quote=False) for part in (entry.title, entry.text))
    return {"location": entry.location, "title": title, "text": f"<p>{text}</p>"}


def _weighed(doc: Mapping[str, Any]) -> Mapping[str, Any]:
    weights = [weight for form, weight in WEIGHTS.items() if form.fullmatch(doc["location"])]
    return {**doc, "boost": weights[0]} if weights else doc


def _introduced(doc: Mapping[str, Any], said: Mapping[str, str]) -> Mapping[str, Any]:
    """A tool's own entry says what the tool is for, as the part below it does, and not its first question; any other
    stays as it is.
    """
    if not TOOL.fullmatch(doc["location"]):
        return doc
    first, end, _ = said.get(doc["location"] + MORE, doc["text"]).partition("</p>")
    return {**doc, "text": first + end}


def words(phrases: Iterable[str], title: str) -> list[str]:
    """The words of all phrases, each once or it would weigh more, without those that the title has anyway."""
    had = set(_words(title))
    return list(dict.fromkeys(word for phrase in phrases for word in _words(phrase) if word not in had))


def _words(text: str) -> list[str]:
    return re.findall(r"[\w'’]+", text.lower())


def extend_index(site: Path, entries: Iterable[Entry], typed: Mapping[str, Sequence[str]]) -> None:
    """Extend the index that stands in the folder of a built site."""
    path = site / INDEX
    index = extended(json.loads(path.read_text("utf-8")), entries, typed)
    path.write_text(json.dumps(index, ensure_ascii=False, separators=(",", ":")), "utf-8")
