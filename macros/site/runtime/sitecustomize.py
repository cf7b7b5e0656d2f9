"""Runs before all else in the Python of browsers, as Python does with a module of this name: makes its start quick.

Modules come from an archive. Python would open the file anew for each of them; here it is read once.

Data classes write their methods as text and compile it when they are imported. The archive brings the code of each
text (`trim_inside.py`); one that is not there is compiled as always. At build none is, and the texts are noted.
"""

import dataclasses
import marshal
import zipimport
from io import BytesIO
from typing import Any

AHEAD = "compiled_ahead.bin"
noted: list[str] = []


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


def compile_ahead(code: dict[str, Any]) -> None:
    """Have data classes carry out what is compiled, by its text."""

    def carry_out(text: str, *spaces: dict[str, Any]) -> None:
        noted.append(text)
        exec(code.get(text, text), *spaces)

    dataclasses.exec = carry_out  # type: ignore[attr-defined]


def _code(loader: Any) -> dict[str, Any]:
    try:
        return marshal.loads(loader.get_data(f"{loader.archive}/{AHEAD}"))  # type: ignore[no-any-return]
    except OSError:
        return {}


if hasattr(loader := globals().get("__loader__"), "archive"):
    keep_archive(loader.archive)  # type: ignore[union-attr]
    compile_ahead(_code(loader))
