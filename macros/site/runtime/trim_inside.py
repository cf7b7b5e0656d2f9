"""Runs inside Pyodide, in Node, at build: which modules the engine needs, compiled by the Python that will run them.

`trim.mjs` runs this text and calls its functions. Knows no tree. Imports nothing of its own before `collected` has
looked, or its own needs would count among the engine's.
"""

import sys


def asked(requests: str) -> str:
    """The engine's answers (JSON, a list of texts) to requests (the same), from the archive that it came in."""
    import json

    engine = __import__("engine.api")  # a name that only this Python knows
    loader = engine.__loader__
    assert loader is not None
    bundle = loader.get_data(f"{loader.archive}/engine/bundle.json")  # type: ignore[attr-defined]
    respond = engine.api.start(bundle.decode())
    return json.dumps([respond(text) for text in json.loads(requests)])


def imported(statements: list[str]) -> None:
    """Carry out import statements, so that those count which no request happened to reach."""
    for statement in statements:
        exec(statement, {})


def collected() -> list[str]:
    """The names of all modules that have come from an archive so far."""
    return sorted(name for name in sys.modules if hasattr(_loader(name), "archive"))


def _loader(name: str) -> object:
    """What brought a module, unless it goes by another name too."""
    spec = getattr(sys.modules[name], "__spec__", None)
    return spec.loader if spec and spec.name == name else None


def compiled(names: list[str]) -> dict[str, bytes]:
    """The bytecode of each of these modules, by its path in an archive.

    The engine keeps all that is written in it. The rest is compiled as `python -OO` does: without docstrings.
    """
    import marshal
    from importlib.util import MAGIC_NUMBER, source_hash

    never_compared = (1).to_bytes(4, "little")  # with its source, which is not there
    made = {}
    for name in names:
        path = name.replace(".", "/") + ("/__init__" if hasattr(sys.modules[name], "__path__") else "")
        source = getattr(_loader(name), "get_source")(name)  # noqa: B009 (a loader need not have it; these do)
        code = compile(source, f"{path}.py", "exec", dont_inherit=True, optimize=0 if path.startswith("engine/") else 2)
        made[f"{path}.pyc"] = MAGIC_NUMBER + never_compared + source_hash(source.encode()) + marshal.dumps(code)
    return made


def archive(names: list[str]) -> bytes:
    """The bytes of a zip of these modules, compiled. Equal input gives equal bytes."""
    import io
    import zipfile

    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as made:
        for path, content in compiled(names).items():
            made.writestr(zipfile.ZipInfo(path), content)
    return target.getvalue()
