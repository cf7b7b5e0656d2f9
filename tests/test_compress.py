"""The packed files beside a site's own: the same content, without a trace of when and where they were made."""

from __future__ import annotations

import gzip
from pathlib import Path
from random import Random

import brotli
import pytest

from macros.site.hosting import compress as packing
from macros.site.hosting.compress import ONE_PACKET, PACKED, compress

TEXT = "A sentence that is said again and again. " * 50


@pytest.fixture
def small(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    (site / "a").mkdir(parents=True)
    for name, content in {
        "index.html": TEXT,
        "a/index.html": TEXT,
        "b.zip": TEXT,
        "tiny.js": "1",
        "one-packet.html": TEXT[:ONE_PACKET],
        "c.png": TEXT,
    }.items():
        (site / name).write_text(content)
    return site


def packed(site: Path) -> dict[str, bytes]:
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.suffix in PACKED}


def test_what_gets_smaller_is_packed_and_unpacks_to_the_same(small: Path, tmp_path: Path) -> None:
    compress(tmp_path, small)
    found = packed(small)
    assert set(found) == {f"{name}{end}" for name in ("index.html", "a/index.html", "b.zip") for end in PACKED}
    for name, content in found.items():
        unpack = gzip.decompress if name.endswith(".gz") else brotli.decompress
        assert unpack(content) == TEXT.encode()


def test_a_packed_file_tells_neither_time_nor_system(small: Path, tmp_path: Path) -> None:
    compress(tmp_path, small)
    head = packed(small)["index.html.gz"][:10]
    assert (head[4:8], head[9]) == (bytes(4), 255)


def test_what_is_in_the_cache_is_not_packed_again_and_what_is_not_used_goes(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compress(tmp_path, small)
    first = packed(small)
    (small / "b.zip").unlink()
    with monkeypatch.context() as patched:
        patched.setattr(packing, "PACKERS", dict.fromkeys(PACKED, None))  # nothing to call
        compress(tmp_path, small)
    assert packed(small) == first
    cache = tmp_path / "node_modules" / ".cache" / "packed"
    assert len(list(cache.iterdir())) == len(PACKED)  # two pages that are the same are packed once


def test_what_gets_hardly_smaller_is_not_packed(small: Path, tmp_path: Path) -> None:
    (small / "noise.zip").write_bytes(Random(0).randbytes(2 * ONE_PACKET))
    compress(tmp_path, small)
    assert packed(small)
    assert not [name for name in packed(small) if name.startswith("noise")]


def test_an_old_packed_file_that_is_not_worth_it_goes(small: Path, tmp_path: Path) -> None:
    (small / "tiny.js.gz").write_bytes(b"with a time in it")
    compress(tmp_path, small)
    assert not (small / "tiny.js.gz").exists()
