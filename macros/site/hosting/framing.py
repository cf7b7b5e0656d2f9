"""Who may show a tool inside a page of theirs: the one setting `extra.may_frame` of mkdocs.yml, read and checked.

What rests on it: the header `frame-ancestors` of the pages below /embed/, and whom such a page tells its height.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from macros.site.stopped import Stopped

ANYONE = "*"
LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
ORIGIN = re.compile(rf"(?P<scheme>https?)://{LABEL}(?:\.{LABEL})*(?::(?P<port>[1-9][0-9]{{0,4}}))?")
USUAL_PORTS = {"http": 80, "https": 443}
LARGEST_PORT = 65535


@dataclass(frozen=True)
class Framing:
    """The origins that may frame a tool, besides the site itself: none, some, or `*` alone for anyone."""

    origins: tuple[str, ...] = ()

    @property
    def frame_ancestors(self) -> str:
        """The value of Content-Security-Policy's `frame-ancestors` that says the same."""
        return ANYONE if ANYONE in self.origins else " ".join(("'self'", *self.origins))


def read_framing(extra: Mapping[str, object]) -> Framing:
    """The Framing that mkdocs.yml's `extra` states; where it says nothing, the site alone may frame its tools.

    Raises Stopped unless `may_frame` is a list of origins as browsers write them, or of `*` alone: an entry that
    a browser reads otherwise than its editor would let in the wrong site, or shut out the right one.
    """
    said = extra.get("may_frame", [])
    if not isinstance(said, list) or not all(isinstance(one, str) for one in said):
        raise Stopped(
            "mkdocs.yml: extra.may_frame must be a list of text: "
            '[] for this site alone, ["https://library.example.org"] for others too, or ["*"] for anyone.'
        )
    if ANYONE in said and len(said) > 1:
        raise Stopped('mkdocs.yml: extra.may_frame: "*" lets anyone in, so it must stand alone. Take the rest out.')
    for one in said:
        if fault := _fault(one):
            raise Stopped(f'mkdocs.yml: extra.may_frame: "{one}" {fault}')
    return Framing(tuple(dict.fromkeys(said)))


def _fault(origin: str) -> str:
    """What keeps this from being an origin as browsers write it, and how to fix it; "" if nothing does."""
    if origin == ANYONE:
        return ""
    found = ORIGIN.fullmatch(origin)
    if not found:
        return (
            "is not an origin. Write the scheme and the host in small letters, a port only if the address has one, and "
            "nothing behind it, not even a slash: https://library.example.org"
        )
    port = int(found["port"] or 0)
    if port > LARGEST_PORT:
        return f"has no such port. The largest is {LARGEST_PORT}."
    if port == USUAL_PORTS[found["scheme"]]:
        return f"names the port that browsers leave out. Take :{port} away."
    return ""
