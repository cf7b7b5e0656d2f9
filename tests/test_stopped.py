"""Whatever is wrong in a page stops the whole build, which names page and fault and leaves nothing of a site.

Such faults come to light once the decisions are loaded and packed for browsers. That hangs on nothing that is broken
here and takes longest, so this process does it once, and each build, a fork of it, goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile

import pytest

from macros.site.approval import Approval
from macros.site.page import page_tools
from macros.site.sources import content_of
from tests.builds import ROOT, build_here, copy_sources, too_hard

FAULTS = {
    "unknown tool": ("tools/level.md", '{{ decision_tool("levle") }}', ("tools/level.md", 'Did you mean "level"?')),
    "unknown macro": ("tools/level.md", "{{ decision_tol() }}", ("tools/level.md", "decision_tol")),
    "broken anchor": ("index.md", "[no such clause](procedure/levels.md#s2-none)", ("index.md", "#s2-none")),
    "script": ("about/about.md", "<script>count()</script>", ("about/about/index.html",)),
}
"""Each fault by its page, the words that an editor adds, and what is said of it."""


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, with its decisions at hand."""
    project = copy_sources(tmp_path_factory.mktemp("stopped").resolve() / "project")
    tools = page_tools(project, Approval("draft"), False)
    _ = tools.links.directory, tools.flowcharts, tools.bundle
    return project


@pytest.fixture
def sound(ready: Path) -> Iterator[Path]:
    """That copy with its pages as they were, to break one. All else stays as this process has it at hand."""
    decisions = content_of([ready / "decision_trees"])
    yield ready
    assert content_of([ready / "decision_trees"]) == decisions == content_of([ROOT / "decision_trees"])
    for page in (ROOT / "docs").rglob("*.md"):
        copyfile(page, ready / "docs" / page.relative_to(ROOT / "docs"))


def stops(project: Path, *said: str) -> None:
    """Build, and see that it is refused with these words."""
    failed = build_here(project, project / "site")
    assert failed.returncode == 1
    assert [one for one in said if one not in failed.stderr] == []
    assert not (project / "site").exists()
    assert not (project / "site-hosting").exists()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_a_page_stops_the_build_and_names_page_and_fault(sound: Path, fault: str) -> None:
    page, broken, said = FAULTS[fault]
    path = sound / "docs" / page
    path.write_text(f"{path.read_text('utf-8')}\n\n{broken}\n", "utf-8")
    stops(sound, *said)


def test_the_build_stops_at_a_page_that_is_too_hard(sound: Path) -> None:
    too_hard(sound)
    stops(sound, "docs/about/amendments.md: this page asks for")
