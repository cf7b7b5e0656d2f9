"""The stages of a build around plain Python-Markdown: what MkDocs does for them, another builder can do.

The site is built by `tests/plain.py` as well as by MkDocs, and both must say the same.
"""

from __future__ import annotations

import sys
from pathlib import Path
from subprocess import run
from urllib.parse import urljoin

import pytest

from macros.site.after.prose import blocks_of
from macros.site.after.tokens import StartTag, Token, tokens
from macros.site.built import check
from tests.conftest import ROOT
from tests.plain import PLACES, Plain, url_of

OTHERWISE = {"offline.md": "its build says how large the copy is, and each builder's site has a size of its own"}
"""Pages whose text is not the same, each with the reason."""

FILES = sorted(path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")
               if not path.name.startswith("."))  # fmt: skip


@pytest.fixture(scope="module")
def plain() -> Plain:
    return Plain(ROOT)


def own_words(page: str) -> str:
    """The HTML of a built page's own words."""
    own = page.partition('<article class="md-content')[2].partition(">")[2].partition('<footer class="page-end"')[0]
    return PLACES.sub("", own)


@pytest.mark.parametrize("file", FILES)
def test_a_page_says_the_same_without_mkdocs(plain: Plain, site: Path, file: str) -> None:
    by_mkdocs = blocks_of(own_words((site / url_of(file) / "index.html").read_text("utf-8")))
    assert len(by_mkdocs) > 3
    assert (blocks_of(plain.content[file]) == by_mkdocs) == (file not in OTHERWISE)


def values(found: list[Token], name: str) -> list[str]:
    return [token.get(name) for token in found if isinstance(token, StartTag) and token.get(name)]


@pytest.mark.parametrize("file", FILES)
def test_a_page_has_the_same_links_and_anchors_without_mkdocs(plain: Plain, site: Path, file: str) -> None:
    by_mkdocs = tokens(own_words((site / url_of(file) / "index.html").read_text("utf-8")))
    own = tokens(plain.content[file])
    assert values(own, "id") == values(by_mkdocs, "id")
    for name in ("href", "src"):  # the way there may be written otherwise
        assert places(file, values(own, name)) == places(file, values(by_mkdocs, name))


def places(file: str, ways: list[str]) -> list[str]:
    return [urljoin(f"/{url_of(file)}", way) for way in ways]


def test_the_site_that_it_writes_lacks_nothing(plain: Plain, tmp_path: Path) -> None:
    plain.write(tmp_path / "site")
    check(tmp_path / "site")


def test_the_stages_load_no_builder() -> None:
    """Run for real: what Python has loaded once the stages are there."""
    script = "import sys, macros.site.stages; print([name for name in sys.modules if name.startswith('mkdocs')])"
    done = run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
