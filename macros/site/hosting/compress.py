"""The `.gz` and the `.br` beside each file of a built site that comes sooner by it, for servers that give those.

Done at the hardest setting, which takes most of a minute, so `make site` alone asks for it, and what was made is kept
in node_modules/.cache by a hash of the file. Nothing in the site speaks of these files: they are the same, packed.
"""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from threading import get_ident

import brotli

COMPRESSIBLE = (".css", ".html", ".js", ".json", ".map", ".mjs", ".svg", ".wasm", ".xml", ".zip")
"""Ends of names. A zip of ours is only stored, so that servers can pack it better."""
BINARY = (".wasm", ".zip")

ONE_PACKET = 1400  # bytes
"""A file that fits into one packet of a network is there no sooner if it is packed."""

WORTH_IT = 0.95
"""A packed file that is hardly smaller would cost a browser more than it saves."""

OS_BYTE, UNKNOWN = 9, 255
"""Where gzip names the system that it ran on, and what it says there when it does not tell."""


def gzipped(content: bytes, suffix: str) -> bytes:
    """The content packed by gzip, without a time or a system in it."""
    packed = bytearray(gzip.compress(content, 9, mtime=0))
    packed[OS_BYTE] = UNKNOWN
    return bytes(packed)


def brotlied(content: bytes, suffix: str) -> bytes:
    """The content packed by Brotli."""
    mode = brotli.MODE_GENERIC if suffix in BINARY else brotli.MODE_TEXT
    packed: bytes = brotli.compress(content, mode=mode, quality=11)
    return packed


PACKERS = {".gz": gzipped, ".br": brotlied}
PACKED = tuple(PACKERS)
BY = f"{brotli.__version__} {zlib.ZLIB_RUNTIME_VERSION}"
"""What packs: another version may give other bytes."""


def compress(root: Path, site: Path) -> None:
    """Write the packed files of a built site, with the cache of the project in folder `root`.

    Equal files give equal bytes, by equal versions of zlib and Brotli.
    """
    cache = root / "node_modules" / ".cache" / "packed"
    cache.mkdir(parents=True, exist_ok=True)
    files = [path for path in sorted(site.rglob("*")) if path.suffix in COMPRESSIBLE]
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # both packers let other threads run meanwhile
        used = set(pool.map(lambda path: _pack(path, cache), files))
    for path in cache.iterdir():  # another build may miss something then, and packs it again
        if path.suffix in PACKED and path.stem not in used:
            path.unlink(missing_ok=True)


def _pack(path: Path, cache: Path) -> str:
    """Write the packed files beside a file, from the cache if they are there. Gives its name in the cache."""
    content = path.read_bytes()
    name = sha256(f"{BY} {path.suffix}\n".encode() + content).hexdigest()[:32]
    for ending, packer in PACKERS.items():
        target = path.with_name(path.name + ending)
        target.unlink(missing_ok=True)  # MkDocs packs the site's map with the time in it
        if len(content) <= ONE_PACKET:
            continue
        packed = _cached(cache / f"{name}{ending}", packer, content, path.suffix)
        if len(packed) < len(content) * WORTH_IT:
            target.write_bytes(packed)
    return name


def _cached(path: Path, packer: Callable[[bytes, str], bytes], content: bytes, suffix: str) -> bytes:
    """A file of the cache. What is not there is packed, and put there in one step, for others may build just then."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        packed, own = packer(content, suffix), path.with_name(f".{path.name}-{os.getpid()}-{get_ident()}")
        own.write_bytes(packed)
        own.replace(path)
        return packed
