"""Runs before all else in the Python of browsers, as Python does with a module of this name: makes its start quick.

Modules come from an archive. Python would open the file anew for each of them; here it is read once.
"""

import zipimport
from io import BytesIO
from typing import Any


def keep_archive(archive: str) -> None:
    """Have every module of an archive come from memory."""
    io = zipimport._io  # type: ignore[attr-defined]
    with io.open_code(archive) as file:
        whole = file.read()

    class Kept:
        """The one function that zipimport calls of what it stands for."""

        @staticmethod
        def open_code(path: str) -> Any:
            return BytesIO(whole) if path == archive else io.open_code(path)

    zipimport._io = Kept  # type: ignore[attr-defined]


if hasattr(loader := globals().get("__loader__"), "archive"):
    keep_archive(loader.archive)  # type: ignore[union-attr]
