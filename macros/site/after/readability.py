"""How many years of schooling a page asks for.

The figure is the Flesch-Kincaid grade: 0.39 x words a sentence + 11.8 x syllables a word - 15.59. A grade is a school
year, so it is taken as years of schooling, without the five that would make it an age. It counts length alone; whether
a page makes sense no formula knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import textstat

from macros.site.after.prose import Block
from macros.site.stopped import Stopped

MOST = 14.0
"""Years of schooling that a page may ask for."""

LISTED = "decision_trees/hard-to-read.json"
SENTENCE = re.compile(r"""(?<=[.?!])["”')]*\s+(?=["“'(]*[A-Z0-9])""")
FEWEST_WORDS = 4
"""What is shorter is a label, and would make a page seem easier than it is."""

NO_SENTENCES = ("th", "summary", "label", "legend", "caption")


@dataclass(frozen=True)
class Readability:
    """How a page reads: years of schooling, and how many sentences were looked at (none: no prose to speak of)."""

    file: str
    years: float
    sentences: Sequence[str]

    @property
    def longest(self) -> str:
        return max(self.sentences, key=lambda sentence: len(sentence.split()), default="")


def readability(file: str, blocks: Iterable[Block]) -> Readability:
    """How the prose of a page reads. Headings, heads of tables and labels are no prose."""
    sentences = [
        sentence
        for block in blocks
        if not block.is_heading and block.tag not in NO_SENTENCES
        for sentence in SENTENCE.split(block.text)
        if len(sentence.split()) >= FEWEST_WORDS
    ]
    text = " ".join(sentence.rstrip(".?!:;, ") + "." for sentence in sentences)
    return Readability(file, _grade(text) if text else 0.0, sentences)


@lru_cache(maxsize=256)
def _grade(text: str) -> float:
    """The grade of a text; a preview asks again and again for pages that are as they were."""
    return round(float(textstat.flesch_kincaid_grade(text)), 1)


def table(figures: Iterable[Readability], listed: Mapping[str, str]) -> str:
    """The figures as lines of text, the page that asks for most first."""
    lines = [f"Years of schooling that each page asks for (most allowed: {MOST:.0f}; Flesch-Kincaid grade):"]
    for one in sorted(figures, key=lambda one: (-one.years, one.file)):
        shown = f"{one.years:5.1f}" if one.sentences else "    -"
        lines.append(f"{shown}  {one.file}{'  (listed with a reason)' if one.file in listed else ''}")
    return "\n".join(lines)


def refuse_too_hard(figures: Iterable[Readability], listed: Mapping[str, str]) -> None:
    """Raise Stopped if a page asks for more than MOST years and is not listed."""
    hard = [one for one in figures if one.years > MOST and one.file not in listed]
    if hard:
        raise Stopped("\n\n".join(_too_hard(one) for one in hard))


def _too_hard(one: Readability) -> str:
    return (
        f"docs/{one.file}: this page asks for {one.years} years of schooling; at most {MOST:.0f} are allowed. "
        f"Fix: write shorter sentences and plainer words, or list the page in {LISTED} with the reason. "
        f"Its longest sentence: “{one.longest}”"
    )
