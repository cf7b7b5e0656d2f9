"""The check that ends a build: each kind of omission, planted in a copy of the built site, is noticed and named."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from shutil import copytree

import pytest

from macros.site import build as building
from macros.site import built
from macros.site.after.report import Report
from macros.site.approval import DRAFT
from macros.site.built import check
from macros.site.runtime.bundle import PROOF, Bundle, ProvedArchive
from macros.site.stopped import Stopped


@pytest.fixture
def copy(site: Path, tmp_path: Path) -> Path:
    """A copy of the built site that costs nothing: its files are those of the site until they are written anew."""
    return copytree(site, tmp_path / "site", copy_function=os.link)


def rewrite(path: Path, pattern: str, instead: str) -> None:
    """Change the first place of a file of the copy. A new file takes its place, so that the site's own stays."""
    text = path.read_text("utf-8")
    changed = re.sub(pattern, lambda _: instead, text, count=1, flags=re.DOTALL)
    assert changed != text, f"there is nothing to change in {path}"
    path.unlink()
    path.write_text(changed, "utf-8")


def engine(site: Path) -> Path:
    (folder,) = (site / "assets" / "engine").iterdir()
    return folder


def another_version(site: Path) -> None:
    files = {path.name: path.read_bytes() for path in engine(site).iterdir()}
    for path in engine(site).iterdir():
        path.unlink()
    engine(site).rmdir()
    Bundle({**files, "engine-worker.mjs": b"// another"}).write(site)


def stories(site: Path) -> Path:
    (file,) = (site / "assets" / "training").glob("*.json")
    return file


def of_page(site: Path, end: str) -> str:
    """The style or the script of a page that has nothing of its own."""
    (file,) = (site / "assets" / "site").glob(f"page.*.{end}")
    return file.relative_to(site).as_posix()


def unlisted(site: Path, name: str) -> None:
    listed = json.loads((site / "offline.json").read_text("utf-8"))
    del listed["files"][name]
    rewrite(site / "offline.json", ".*", json.dumps(listed))


CLAUSE = "procedure/judgement/index.html"
WORKER = "engine-worker.mjs"
NAMED = r"assets/site/page\.\w+\.{}"
LEVEL = "tools/level/index.html"
HOME = "index.html"
PLANTED: dict[str, tuple[Callable[[Path], object], str]] = {
    "no bundle": (lambda s: engine(s).rename(s / "engine"), r"assets/engine/: there must be one folder"),
    "two bundles": (lambda s: (s / "assets/engine/old").mkdir(), r"assets/engine/: there must be one folder"),
    "a file of the bundle": (lambda s: (engine(s) / "pyodide.asm.wasm").unlink(), r"missing .*pyodide\.asm\.wasm"),
    "a changed bundle": (lambda s: rewrite(engine(s) / WORKER, "import", "export"), "not what it is named"),
    "an archive that is none": (lambda s: rewrite(engine(s) / "pyodide.mjs", ".*", "a"), "not what it is named"),
    "no proof": (lambda s: (s / PROOF).unlink(), r"assets/proved\.json: nothing says"),
    "a proof of another": (another_version, r"assets/proved\.json: nothing says"),
    "a tool of another": (lambda s: rewrite(s / LEVEL, r"engine/\w+/", "engine/0a/"), "tools/level/: the tool"),
    "no first answers": (lambda s: (engine(s) / "first-level.json").unlink(), r"missing .*first-level\.json"),
    "first answers of another": (lambda s: rewrite(s / LEVEL, '"sha256-', '"sha256-0'), "tools/level/: .*first ans"),
    "a page without them": (lambda s: rewrite(s / LEVEL, r' data-first="[^"]*"', ""), "tools/level/: .*first answers"),
    "no policy": (lambda s: rewrite(s / HOME, r'<meta http-equiv="Content-Sec[^>]*>', ""), r"index\.html: .*policy"),
    "no policy on a redirect": (
        lambda s: rewrite(s / "go/tool-level/index.html", r'<meta http-equiv="Content-Sec[^>]*>', ""),
        r"go/tool-level/: .*policy",
    ),
    "a late policy": (lambda s: rewrite(s / HOME, "<head>", "<head><script></script>"), "begin with its content"),
    "a script behind it": (lambda s: rewrite(s / HOME, "</body>", "<script>1</script></body>"), "just the scripts"),
    "no settings": (lambda s: (s / "_headers").unlink(), "_headers: the settings"),
    "no notice": (lambda s: rewrite(s / "404.html", f">{DRAFT}</p>", "></p>"), r"404\.html: the page does not say"),
    "another notice": (lambda s: rewrite(s / LEVEL, f">{DRAFT}</p>", ">Approved</p>"), "tools/level/: .*does not say"),
    "no list": (lambda s: (s / "offline.json").unlink(), r"offline\.json, sw\.js: .* missing"),
    "no worker": (lambda s: (s / "sw.js").unlink(), r"offline\.json, sw\.js: .* missing"),
    "a page not listed": (lambda s: unlisted(s, "glossary/"), r"offline\.json: the page glossary/ is not"),
    "a style not listed": (lambda s: unlisted(s, of_page(s, "css")), f"needs {NAMED.format('css')}, which is"),
    "a module not listed": (lambda s: unlisted(s, of_page(s, "mjs")), f"needs {NAMED.format('mjs')}, which is"),
    "stories not listed": (
        lambda s: unlisted(s, f"assets/training/{stories(s).name}"),
        r"training/practise/ needs assets/training/\w+\.json",
    ),
    "a changed file": (lambda s: rewrite(s / of_page(s, "css"), "^", " "), f"{NAMED.format('css')} is not in the site"),
    "no version": (lambda s: rewrite(s / HOME, 'data-site-version="', 'data-v="'), r"index\.html: .*the version"),
    "no links": (lambda s: (s / "links.json").unlink(), r"links\.json: the list of permanent links"),
    "a lost clause": (lambda s: rewrite(s / CLAUSE, r'id="s4-10"', ""), "#s4-10 is no place"),
    "a lost page": (lambda s: (s / "glossary/index.html").unlink(), r"links\.json: glossary/ is no place"),
    "a lost story": (
        lambda s: rewrite(stories(s), '"after-the-party":', '"before-it":'),
        "#/after-the-party is no place",
    ),
    "a lost short address": (lambda s: (s / "go/s4-10/index.html").unlink(), "go/s4-10/: no page stands here"),
    "a wrong short address": (lambda s: rewrite(s / "go/s4-10/index.html", "#s4-10", "#s4-11"), "go/s4-10/: no page"),
    "no feed": (lambda s: (s / "changes.xml").unlink(), r"changes\.xml: the feed cannot be read"),
    "a broken feed": (lambda s: rewrite(s / "changes.xml", "</entry>", ""), r"changes\.xml: the feed cannot be read"),
    "an id that is none": (lambda s: rewrite(s / "changes.xml", r"<id>urn:uuid:", "<id>urn:"), "an id is missing"),
    "entries of one time": (
        lambda s: rewrite(s / "changes.xml", "</entry>", "<updated>a</updated>" * 2 + "</entry>"),
        r"changes\.xml: two entries",
    ),
    "a feed that leads nowhere": (
        lambda s: rewrite(s / "about/amendments/index.html", 'id="amendment-first-edition"', ""),
        r"changes\.xml: an entry leads to about/amendments/#amendment-first-edition",
    ),
    "no text of a tool": (
        lambda s: rewrite(s / LEVEL, r'<details class="decision-text".*?</details>', ""),
        "tools/level/: .*not there as text",
    ),
    "a question not in the text": (
        lambda s: rewrite(s / LEVEL, r'id="level-text-level-harm"', ""),
        "tools/level/: .*level-text-level-harm is missing",
    ),
    "no page for a frame": (lambda s: (s / "embed/level/index.html").unlink(), "embed/level/: .*not there as text"),
}  # fmt: skip


@pytest.mark.parametrize("omission", PLANTED)
def test_each_omission_is_noticed_and_named(copy: Path, omission: str) -> None:
    plant, said = PLANTED[omission]
    plant(copy)
    with pytest.raises(Stopped, match=said):
        check(copy)


def test_a_whole_site_lacks_nothing_and_the_plants_leave_it_alone(site: Path) -> None:
    check(site)


def test_what_a_fault_says_to_call_is_there_to_be_called() -> None:
    named = set(re.findall(r"\bmacros(?:\.\w+){2,}(?=[ ,])", Path(built.__file__).read_text("utf-8")))
    functions = {name for name in named if "write_" in name or name.endswith(".feed.feed")}
    assert len(functions) >= 3
    for name in functions:
        module, _, function = name.rpartition(".")
        assert callable(getattr(import_module(module), function)), name


def test_only_what_was_proved_is_stamped(tmp_path: Path) -> None:
    for name, archive in {"proved": ProvedArchive(b"a"), "not": b"a"}.items():
        Bundle({"python.zip": archive}).write(tmp_path / name)
    assert (tmp_path / "proved" / PROOF).is_file()
    assert not (tmp_path / "not" / PROOF).exists()


def test_a_build_that_leaves_something_out_fails_and_leaves_the_old_site(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As another builder would that silently skips hooks."""

    def careless(root: Path, fresh: Path) -> Report:
        copytree(site, fresh, copy_function=os.link)
        (fresh / "changes.xml").unlink()
        return Report("", {}, "")

    monkeypatch.setattr(building, "render", careless)
    (tmp_path / "site").mkdir()
    with pytest.raises(Stopped, match=r"changes\.xml: the feed cannot be read"):
        building.build(tmp_path, tmp_path / "site")
    assert list((tmp_path / "site").iterdir()) == []
