"""Places: the values of JSON data with their paths, wherever they stand or where a pattern leads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

Part = str | int
At = tuple[Part, ...]


def children(data: Any) -> Iterable[tuple[Part, Any]]:
    """What stands directly in an object or a list, each under its key or number."""
    return data.items() if isinstance(data, Mapping) else enumerate(data) if isinstance(data, list) else ()


def everywhere(data: Any, path: At = ()) -> Iterator[tuple[At, Any]]:
    """Every value of the data with its path: the whole, then all that stands in it, in the order of the file."""
    yield path, data
    for part, value in children(data):
        yield from everywhere(value, (*path, part))


def places(data: Any, *patterns: str) -> Iterator[tuple[At, Any]]:
    """Every value that one of the patterns leads to, with its path. `a/*/b|c`: of all in a, b and c."""
    for pattern in patterns:
        found: list[tuple[At, Any]] = [((), data)]
        for step in pattern.split("/"):
            keys = step.split("|")
            found = [((*at, k), v) for at, whole in found for k, v in children(whole) if step == "*" or k in keys]
        yield from found


def repeated(found: Iterable[tuple[At, Any]]) -> Iterator[tuple[At, Any]]:
    """Those of the places whose value stood at another before."""
    seen = set()
    for path, value in found:
        if value in seen:
            yield path, value
        seen.add(value)


def reached(start: str, after: Callable[[str], Iterable[str]]) -> list[str]:
    """All that one comes to from a start, the start first, where `after` gives what comes next."""
    found = [start]
    for one in found:
        found += [other for other in dict.fromkeys(after(one)) if other not in found]
    return found


def texts(data: Any) -> Iterator[str]:
    """Every text of the data, keys among them."""
    for path, value in everywhere(data):
        yield from (text for text in (*path[-1:], value) if isinstance(text, str))
