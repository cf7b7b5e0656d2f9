"""What a page loads to be read and used: a style and a script of ours, and the theme's. Nothing waits for another."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from macros.site.joined import EVERY, KINDS, STYLES, joined, kind_of
from macros.site.links.redirects import MARK
from macros.site.material.theme import SCRIPT_FIXES, fixed_script
from macros.site.stopped import Stopped
from tests.builds import copy_sources
from tests.conftest import ROOT

STYLE = re.compile(r'<link rel="stylesheet" href="([^"]+)"')
SCRIPT = re.compile(r"<script ([^>]*src=[^>]*)>")
CLASSES = re.compile(r'class="([^"]*)"')
FEW = 2

THEMES = re.compile(r"md-.*|js|no-js")
"""Classes of the theme, which ours name to say where theirs stand."""


def read(site: Path) -> dict[str, str]:
    """The pages that are read, by their files."""
    texts = {path.relative_to(site).as_posix(): path.read_text("utf-8") for path in site.rglob("*.html")}
    return {name: text for name, text in texts.items() if MARK not in text}


def styled(part: str) -> set[str]:
    """The classes that a style of ours names."""
    text = re.sub(r"/\*.*?\*/", "", (ROOT / "overrides" / "assets" / f"{part}.css").read_text("utf-8"), flags=re.DOTALL)
    named = {name for rule in re.findall(r"([^{}]+)\{", text) for name in re.findall(r"\.([A-Za-z][\w-]*)", rule)}
    return {name for name in named if not THEMES.fullmatch(name)}


def test_a_page_loads_few_files_and_none_but_its_styles_keeps_it_from_being_read(site: Path) -> None:
    for name, text in read(site).items():
        scripts = SCRIPT.findall(text)
        assert len(STYLE.findall(text)) == FEW, name
        assert 1 <= len(scripts) <= FEW, name
        assert [one for one in scripts if 'type="module"' not in one and not one.endswith(" defer")] == [], name
        assert 'as="font"' not in text, name  # asked for at once, it takes a slow line from the styles


def test_what_a_page_loads_asks_for_nothing_more_of_ours(site: Path) -> None:
    files = {path.name: path.read_text("utf-8") for path in (site / "assets" / "site").iterdir()
             if re.fullmatch(r"\w+\.[0-9a-f]{20}\.(css|mjs)", path.name)}  # fmt: skip
    assert files
    asks = re.compile(r"""\bimport\s*["'({]|\bfrom\s*["']\.|@import|\bexport\s*\{""")
    assert [name for name, text in files.items() if asks.search(text)] == []


def test_a_page_has_each_style_that_its_words_name(site: Path) -> None:
    every = {part: styled(part) for part in STYLES}
    assert all(every.values())
    for name, text in read(site).items():
        kind = KINDS["frame" if name.startswith("embed/") else kind_of(text)]
        used = {one for classes in CLASSES.findall(text) for one in classes.split()}
        used -= set().union(*(every[part] for part in (*EVERY.styles, *kind.styles)))
        missed = {part: names & used for part, names in every.items() if names & used}
        assert missed == {}, name


def test_styles_stand_in_the_one_order_in_which_they_overrule_each_other() -> None:
    parts = ROOT / "overrides" / "assets"
    assert sorted(STYLES) == sorted(path.relative_to(parts).with_suffix("").as_posix() for path in parts.rglob("*.css"))
    assert len(set(STYLES)) == len(STYLES)


@pytest.mark.parametrize(("part", "broken"), [("site/access.mjs", "const ("), ("site/bar.css", "a { color: red")])
def test_a_part_that_no_browser_understands_stops_the_build_and_is_named(
    tmp_path: Path, part: str, broken: str
) -> None:
    project = copy_sources(tmp_path / "project")
    (project / "overrides" / "assets" / part).write_text(broken)
    with pytest.raises(Stopped, match=re.escape(part)):
        joined(project)


@pytest.mark.parametrize("lost", range(len(SCRIPT_FIXES)))
def test_a_theme_whose_script_has_no_place_for_a_fix_stops_the_build(lost: int) -> None:
    places = ['location.protocol!=="file:"),', "t=new Worker(e)", '"link[rel=alternate]"']
    assert "laterWorker(e)" in fixed_script(";".join(places))
    del places[lost]
    with pytest.raises(Stopped, match=r"SCRIPT_FIXES in macros/site/material/theme\.py"):
        fixed_script(";".join(places))
