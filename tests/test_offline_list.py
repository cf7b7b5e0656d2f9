"""What a device is told to keep: all that pages need, byte for byte, under a version of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin

import pytest

from macros.site.approval import DRAFT
from macros.site.offline.copy import LIST, write_offline
from macros.site.stopped import Stopped
from tests.conftest import pages_of

ROOT = "https://site.example/below/"
LINKS = {
    ".html": re.compile(r'\b(?:href|src)="([^"]+)"'),
    ".mjs": re.compile(r'(?:from |import\()"(\.{1,2}/[\w./-]+)"|new URL\("([\w./-]+)", import\.meta\.url\)'),
    ".css": re.compile(r"url\([\"']?(?!data:)([^)\"']+)"),
}


@pytest.fixture(scope="module")
def listed(site: Path) -> Any:
    return json.loads((site / LIST).read_text("utf-8"))


def path_of(site: Path, name: str) -> Path:
    return site / (f"{name}index.html" if name == "" or name.endswith("/") else name)


def pages(site: Path, listed: Any) -> Iterator[tuple[str, str]]:
    for name, file in listed["files"].items():
        if file["type"] == "text/html":
            yield name, path_of(site, name).read_text("utf-8")


def test_every_listed_file_is_in_the_site_as_the_list_says(site: Path, listed: Any) -> None:
    contents = {name: path_of(site, name).read_bytes() for name in listed["files"]}
    assert {name: (len(content), sha256(content).hexdigest()) for name, content in contents.items()} == {
        name: (file["size"], file["sha256"]) for name, file in listed["files"].items()
    }
    assert listed["size"] == sum(len(content) for content in contents.values())


def test_whatever_a_kept_file_leads_to_or_loads_is_kept(site: Path, listed: Any) -> None:
    missing = []
    for name in listed["files"]:
        pattern = LINKS.get(path_of(site, name).suffix)
        text = path_of(site, name).read_text("utf-8") if pattern else ""
        for match in pattern.finditer(text) if pattern else ():
            link = next(filter(None, match.groups()), "")
            target = urldefrag(urljoin(ROOT + name, link)).url
            if target.startswith(f"{ROOT}go/"):  # the worker reads in the list of links where such an address leads
                target = f"{ROOT}links.json"
            if target.startswith(ROOT) and target.removeprefix(ROOT) not in listed["files"]:
                missing.append((name, link))
    assert missing == []


def test_all_pages_and_all_of_the_engine_are_kept_and_no_source_map_is(site: Path, listed: Any) -> None:
    kept = set(listed["files"])
    on_disk = {path.relative_to(site).as_posix().removesuffix("index.html") for path in pages_of(site)} - {"404.html"}
    engine = {path.relative_to(site).as_posix() for path in (site / "assets" / "engine").rglob("*") if path.is_file()}
    framed = {name for name in on_disk if name.startswith("embed/")}  # no other site's page is there to frame them
    assert on_disk - framed <= kept
    assert not framed & kept
    assert len(on_disk) > 25
    assert engine
    assert engine <= kept
    assert not {name for name in kept if name.startswith("go/")}
    assert not {name for name in kept if name.endswith((".map", ".gz", "404.html", "sw.js", LIST))}


def test_every_page_names_its_version_and_has_room_for_the_notice(site: Path, listed: Any) -> None:
    for name, text in pages(site, listed):
        assert text.count(f'<html data-site-version="{listed["version"]}" ') == 1, name
        assert text.count("data-kept-notice") == 1, name
        (script,) = re.findall(r'<script type="module" src="(?:\.\./)*([^"]+)"', text)
        assert "data-kept-notice" in (site / script).read_text("utf-8"), name


def small_site(folder: Path, text: str = "<html lang=en>a", script: str = "a") -> str:
    folder.mkdir()
    (folder / "index.html").write_text(text)
    (folder / "a.js").write_text(script)
    write_offline(folder, {".html": "text/html", ".js": "text/javascript"}, DRAFT)
    version: str = json.loads((folder / LIST).read_text())["version"]
    return version


def test_any_change_is_another_version_and_none_is_the_same(tmp_path: Path) -> None:
    versions = [
        small_site(tmp_path / "a"),
        small_site(tmp_path / "b", text="<html lang=en>b"),
        small_site(tmp_path / "c", script="b"),
    ]
    assert len(set(versions)) == 3
    assert small_site(tmp_path / "d") == versions[0]


def test_a_page_that_cannot_be_stamped_stops_the_build(tmp_path: Path) -> None:
    with pytest.raises(Stopped, match="stamped"):
        small_site(tmp_path / "a", text="<p>no root")
