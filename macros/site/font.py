"""The font of the site, taken from its npm package: one file for all weights, with the letters that English needs.

It is published under a name that holds a hash of it, which `overrides/assets/site/identity.css` names too; the check of
the built site finds out if the two differ.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from macros.site.stopped import Stopped

SOURCE = "node_modules/@fontsource-variable/atkinson-hyperlegible-next/files"
FILE = "atkinson-hyperlegible-next-latin-wght-normal.woff2"
HASH = "18b2a1a39a2fa298b0ba"
FONT = f"assets/site/atkinson-hyperlegible-next.{HASH}.woff2"
"""Its address under the site."""


def font(root: Path) -> bytes:
    """The font as it is published. Raises Stopped if it is missing or not the one that the styles name."""
    path = root / SOURCE / FILE
    try:
        content = path.read_bytes()
    except OSError as error:
        fix = "Remove the folder node_modules and run make again: it brings the font anew."
        raise Stopped(f"{path} cannot be read ({error.strerror}). {fix}") from error
    if (found := sha256(content).hexdigest()[: len(HASH)]) != HASH:
        fix = "Put the new hash into macros/site/font.py and overrides/assets/site/identity.css."
        raise Stopped(f"{path} is another font than the styles name: its hash begins with {found}. {fix}")
    return content
