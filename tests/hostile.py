"""What somebody could send or write to do harm: texts, values, and what was sound before something in it was changed.

Shared by the tests of the engine, of the build and of the page.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

MARK = "pwned"
"""A script that runs would set this name in the page."""

TEXTS = (
    f"<script>{MARK}=1</script>",
    f"</script><script>{MARK}=1</script>",
    f"<img src=x onerror={MARK}=1>",
    f"</textarea><img src=x onerror={MARK}=1>",
    f'"><svg onload={MARK}=1>',
    f"' onfocus='{MARK}=1' autofocus='",
    f"<iframe srcdoc='<script>parent.{MARK}=1</script>'></iframe>",
    f"<a href='javascript:{MARK}=1'>x</a>",
    f"<style>*{{background:url(javascript:{MARK}=1)}}</style>",
    f"<details open ontoggle={MARK}=1>",
    f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror={MARK}=1&gt;'>",
    f"<!--><script>{MARK}=1</script-->",
    f"]]><script>{MARK}=1</script>",
    f"&lt;script&gt;{MARK}=1&lt;/script&gt;",
    f"{{{{ {MARK} }}}} ${{{MARK}=1}} {{% {MARK} %}}",
    f"\\u003cscript>{MARK}=1</script>",
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    '{"__proto__": {"pwned": 1}}',
    "\x00\x01\x07\x1b[31m\x7f\x9b",
    "\u202eevil\u202c \u2066x\u2069 \u200b\ufeff\u2028\u2029",
    "e\u0301" * 40 + "Z\u0351\u0363" * 40,
    "\ufdd0\ufffe\uffff",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "Å ١٢٣ ²³ ｆｕｌｌ",
    "%00%3Cscript%3E &#x3C;script&#x3E; %u003c",
    "../../../etc/passwd",
    "=cmd|' /C calc'!A0",
    "x" * 5000,
    " " * 300,
)
HALVES = ("\ud800", "half \udfff of it")
"""Halves of characters: JSON can hold them, files cannot."""

VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2.5, 10**30, float("inf"), float("-inf"), float("nan"), "", "level", "level-1",
    "danger", "two-years-on", "reveal", "debrief", "summary", "practise", "²", [], [[]], ["x"], [None], {},
    {"__proto__": {}}, {"constructor": {"prototype": {MARK: 1}}}, {"0": "harm"},
)  # fmt: skip
KEYS = ("__proto__", "constructor", "prototype", "tree", "training", "open", "what_if", "id", "x")

texts = st.sampled_from((*TEXTS, *HALVES)) | st.text(max_size=40) | st.text(st.characters(), max_size=10)
values = st.sampled_from(VALUES).map(deepcopy) | texts
anything = st.recursive(
    values | st.integers() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts | st.sampled_from(KEYS), inner, max_size=3),
    max_leaves=8,
)


def places(part: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to every value within a value, the whole aside."""
    inner = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, value in inner:
        yield (*path, key)
        yield from places(value, (*path, key))


@st.composite
def spoilt(draw: st.DrawFn, sound: Callable[[], Sequence[Any]]) -> Any:
    """One of the values that `sound` gives, with up to three changes: another value, a key lost or one too many."""
    data = {"": deepcopy(sound()[draw(st.integers(0, len(sound()) - 1))])}
    for _ in range(draw(st.integers(1, 3))):
        holder: Any = data
        *way, last = draw(st.sampled_from(sorted(places(data), key=repr)))
        for step in way:
            holder = holder[step]
        match draw(st.sampled_from(["replace", "replace", "remove", "add"])):
            case "remove" if holder is not data:
                del holder[last]
            case "add" if isinstance(holder, dict) and holder is not data:
                holder[draw(st.sampled_from(KEYS))] = draw(anything)
            case "add" if isinstance(holder, list):
                holder.append(draw(anything))
            case _:
                holder[last] = draw(anything)
    return data[""]


def tower(depth: int, of: str = "[") -> str:
    """JSON that nests this deep."""
    return '{"a":' * depth + "1" + "}" * depth if of == "{" else "[" * depth + "]" * depth


def seeded(seed: int, most: int) -> Iterator[str]:
    """Texts that are the same at each run: those above, and pieces of them put together."""
    chance = random.Random(seed)
    yield from TEXTS[:most]
    for _ in range(most - len(TEXTS)):
        pieces = chance.sample(TEXTS[:-2], 2)
        cut = chance.randrange(len(pieces[0]))
        yield (pieces[0][:cut] + pieces[1] + pieces[0][cut:])[:280]
