"""Conditions of edges in words, as they are authored: for whoever reads what was edited and not the data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

Facts = Mapping[str, Any]
"""The authored table of facts."""
LONGEST = 60
"""Characters of an answer or a question that stand in a line beside others."""


def guard_in_words(guard: Any, facts: Facts) -> str:
    """A condition in the words of its questions; nothing where it has a form that is not known here."""
    with suppress(KeyError, TypeError, ValueError, AttributeError):
        return _words(guard, facts)
    return ""


def guard_change(before: Any, after: Any, facts: Facts) -> str:
    """What became of a condition: what both have in common is left out. Nothing where a form is not known here."""
    with suppress(KeyError, TypeError, ValueError, AttributeError):
        return _change(before, after, facts)
    return ""


def gained_and_lost(new: Sequence[str], gone: Sequence[str]) -> str:
    """What came into a list and what went out of it."""
    parts = [f"no longer {', '.join(gone)}"] * bool(gone) + [f"also {', '.join(new)}"] * bool(new)
    return "; ".join(parts)


def _change(before: Any, after: Any, facts: Facts) -> str:
    for joined in ("all", "any"):
        a, b = (_parts(guard, joined) for guard in (before, after))
        if common := [part for part in a if part in b]:
            gone, new = ([part for part in parts if part not in common] for parts in (a, b))
            word = "and" if joined == "all" else "or"
            if len(gone) == len(new) == 1:
                return f"… {word} {_change(gone[0], new[0], facts)}"
            told = [
                f"{word} {f' {word} '.join(_words(part, facts, inside=True) for part in parts)} is {how}"
                for parts, how in ((gone, "gone"), (new, "new"))
                if parts
            ]
            return "; ".join(told)
    (fact, *more), (other, *others) = before, after
    if more or others or fact != other or fact not in facts or _how(before[fact]) != _how(after[fact]):
        return f"{_words(before, facts)} → {_words(after, facts)}"
    a, b = (_values(guard[fact]) for guard in (before, after))
    labels = [[_label(facts, fact, one) for one in some if one not in rest] for some, rest in ((b, a), (a, b))]
    return f"“{_text(facts, fact)}” {gained_and_lost(*labels)}"


def _parts(guard: Any, joined: str) -> list[Any]:
    return list(guard[joined]) if list(guard) == [joined] else [guard]


def _words(guard: Any, facts: Facts, inside: bool = False) -> str:
    ((key, value),) = guard.items()
    if key in ("all", "any"):
        parts = [_words(part, facts, inside=True) for part in value]
        joined = (" and " if key == "all" else " or ").join(parts)
        return f"({joined})" if inside and len(parts) > 1 else joined
    if key == "not":
        return f"not {_words(value, facts, inside=True)}" if "floor" in value else f"not ({_words(value, facts)})"
    if key == "floor":
        ((quantity, at),) = value.items()
        return f"{quantity} {at} or higher"
    labels = [_label(facts, key, one) for one in _values(value)]
    if _how(value) == "all":
        return f"{' and '.join(labels)} to “{_text(facts, key)}”"
    some = "at least one of " if _how(value) == "any" and len(labels) > 1 else ""
    return f"{some}{' or '.join(labels)} to “{_text(facts, key)}”"


def _how(value: Any) -> str:
    """How the answers to a question are read: any or all of a list that takes several, else “is”."""
    return "is" if isinstance(value, list) else next(iter(value))


def _values(value: Any) -> list[str]:
    if isinstance(value, list):
        return value
    ((how, values),) = value.items()
    if how not in ("any", "all"):
        raise ValueError(how)
    return list(values)


def _label(facts: Facts, fact: str, value: str) -> str:
    texts = [option["text"] for option in facts[fact].get("options", ()) if option["value"] == value]
    return f"“{_cut(texts[0])}”" if texts else value


def _text(facts: Facts, fact: str) -> str:
    return _cut(facts[fact]["text"])


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
