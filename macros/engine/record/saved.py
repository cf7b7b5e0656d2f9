"""A text file as some system left it: its bytes as text, or where they are none.

The one place that knows encodings. Editors on other systems put a mark first, write two bytes for each character, and
devices fill a file up behind its end; nothing of that says anything. All else is kept as it stands, and nothing is
guessed: bytes that could be several texts are none.
"""

from __future__ import annotations

from dataclasses import dataclass

ORDERS = ((b"\xff\xfe\0\0", "UTF-32"), (b"\0\0\xfe\xff", "UTF-32"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))
"""What a text of more than one byte a character begins with; the longer first, for one begins like another."""
SAMPLE = 512
PADDING = "\0\x1a"
"""What devices and old editors put behind the end of a text: empty bytes, and the sign for its end (Ctrl-Z)."""


@dataclass(frozen=True)
class Saved:
    """A file as text, its line ends made alike; None with the `line` and `column` where it stops being text."""

    text: str | None
    encoding: str = "UTF-8"
    padded: bool = False
    line: int = 1
    column: int = 1


def read_saved(raw: bytes) -> Saved:
    """The text of a file's bytes. Never raises."""
    encoding, whole = _encoding(raw)
    try:
        text = whole.decode(encoding)
    except UnicodeDecodeError as error:
        line, column = place_in(whole[: error.start].decode(encoding, "replace"))
        return Saved(None, encoding, line=line, column=column)
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    whole_text = text.rstrip(PADDING)
    return Saved(whole_text, encoding, len(whole_text) < len(text))


def place_in(before: str) -> tuple[int, int]:
    """The line and the column, from 1, of what comes behind a text."""
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _encoding(raw: bytes) -> tuple[str, bytes]:
    """The encoding that bytes are in, and the bytes with the mark that says so.

    Where UTF-16 has no mark, every second byte of what people write in Latin letters is empty.
    """
    for mark, name in ORDERS:
        if raw.startswith(mark):
            return name, raw
    head = raw[:SAMPLE]
    firsts, seconds = (2 * half.count(0) > len(half) for half in (head[::2], head[1::2]))
    if firsts == seconds:
        return "UTF-8", raw
    return "UTF-16", (b"\xfe\xff" if firsts else b"\xff\xfe") + raw
