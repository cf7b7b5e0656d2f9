"""What `make site` promises: all or nothing, the same bytes each time, nothing from another host."""

from __future__ import annotations

import io
import json
import os
import re
import sys
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from shutil import copytree
from subprocess import run
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest

from macros.site.approval import DRAFT, Approval, read_approval, refuse_without
from macros.site.hosting.compress import PACKED
from macros.site.hosting.servers import beside
from macros.site.page import base_of, page_tools
from macros.site.runtime.bundle import Bundle, engine_archive
from macros.site.runtime.first import first_name
from macros.site.runtime.pyodide import FILES, browser_files
from macros.site.stopped import Stopped
from tests.builds import PARTS, ROOT, build, build_here
from tests.conftest import pages_of
from tests.trees import TOOLS

# ---- all or nothing


def fingerprint(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_failed_build_reports_and_leaves_the_last_good_site(project: Path, site: Path) -> None:
    last = copytree(site, project / "site")
    copytree(beside(site), beside(last))
    before = fingerprint(last), fingerprint(beside(last))
    tree = project / "decision_trees" / "trees" / "level.json"
    tree.write_text(tree.read_text()[:-20])
    failed = build_here(project, last)
    assert failed.returncode == 1
    assert "level.json:" in failed.stderr
    assert "still the last good site" in failed.stderr
    assert (fingerprint(last), fingerprint(beside(last))) == before
    assert [path.name for path in project.glob(".site-*")] == []


def test_an_import_error_in_our_own_code_is_told_as_it_is(project: Path) -> None:
    page = project / "macros" / "site" / "page.py"
    page.write_text(page.read_text() + "\nimport no_such_module_of_ours\n")
    failed = build(project, project / "site")
    assert failed.returncode == 1
    assert "no_such_module_of_ours" in failed.stderr


ELSEWHERE = {"PYTHONHASHSEED": "4242", "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANGUAGE": "tr", "COLUMNS": "40"}
"""What another machine's environment could have otherwise."""


def build_elsewhere(sources: Path, *options: str, umask: int, **environment: str) -> Path:
    """Build the project in folder `sources` as another machine would. Gives the site's folder."""
    temporary, site = sources / "temporary files", sources / "site"
    temporary.mkdir()
    command = [sys.executable, "-m", "macros.site.build", "--root", str(sources), "--into", str(site), *options]
    told = {**os.environ, "TMPDIR": str(temporary), **environment}
    done = run(command, cwd=sources, env=told, umask=umask, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return site


def copy_of_sources(into: Path) -> Path:
    """The project's sources in another folder, written in another order, with nothing in a cache."""
    sources = [
        path for part in PARTS for path in ((ROOT / part).rglob("*") if (ROOT / part).is_dir() else [ROOT / part])
    ]
    for path in sorted(sources, reverse=True):
        if path.is_file() and "__pycache__" not in path.parts:
            target = into / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    (into / "node_modules").mkdir()
    for package in (ROOT / "node_modules").iterdir():
        if package.name != ".cache":
            (into / "node_modules" / package.name).symlink_to(package)
    return into


def test_equal_sources_give_equal_bytes_though_all_around_them_differs(site: Path, project: Path) -> None:
    again = build_elsewhere(project, umask=0o077, **ELSEWHERE)
    assert fingerprint(again) == fingerprint(site)
    assert fingerprint(beside(again)) == fingerprint(beside(site))


@pytest.mark.all_browsers
def test_two_clean_builds_are_byte_identical_packed_files_and_all(site: Path, tmp_path: Path) -> None:
    one, two = (copy_of_sources(tmp_path / name) for name in ("one", "another folder, with a longer name"))
    built = build_elsewhere(one, "--compressed", umask=0o022)
    again = build_elsewhere(two, "--compressed", umask=0o077, **ELSEWHERE)
    first, second = fingerprint(built), fingerprint(again)
    assert [name for name in {**first, **second} if first.get(name) != second.get(name)] == []
    assert fingerprint(beside(built)) == fingerprint(beside(again))
    packed = [name for name in first if name.endswith(PACKED)]
    assert len(packed) > 100
    unpacked = {name: digest for name, digest in first.items() if name not in packed}
    assert unpacked.items() <= fingerprint(site).items()  # what the caches gave is what they should hold


# ---- the engine's folder


def engine_folder(site: Path) -> Path:
    (folder,) = (site / "assets" / "engine").iterdir()
    return folder


def test_the_engine_folder_is_named_for_what_is_in_it(site: Path) -> None:
    folder = engine_folder(site)
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    ours = {"python.zip", "engine-worker.mjs", *map(first_name, TOOLS)}
    assert set(files) == {*FILES, *ours} - {"python_stdlib.zip"}
    assert folder.name == Bundle(files).hash
    changed = Bundle({**files, "python.zip": files["python.zip"] + b" "})
    assert changed.hash != folder.name


def test_the_archive_is_the_same_for_the_same_modules_and_data(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        for module in sorted(("b.py", "__init__.py", "a.py"), reverse=name == "two"):
            (tmp_path / name / module).write_text(f"# {module}")
    one, two = (engine_archive(tmp_path / name, {"x": [1]}) for name in ("one", "two"))
    assert one == two
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        assert archive.namelist() == ["engine/__init__.py", "engine/a.py", "engine/b.py", "engine/bundle.json"]


def test_a_damaged_or_missing_pyodide_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "node_modules" / "pyodide"
    folder.mkdir(parents=True)
    with pytest.raises(Stopped, match=r"pyodide\.mjs cannot be read .*run make again"):
        browser_files(tmp_path)
    for name in FILES:
        (folder / name).write_bytes((ROOT / "node_modules" / "pyodide" / name).read_bytes())
    (folder / "pyodide.asm.wasm").write_bytes(b"\0asm, but cut short")
    with pytest.raises(Stopped, match=r"pyodide\.asm\.wasm is not the file"):
        browser_files(tmp_path)


def test_the_worker_knows_the_installed_pyodides_abi(site: Path) -> None:
    lock = json.loads((ROOT / "node_modules" / "pyodide" / "pyodide-lock.json").read_text())
    worker = (engine_folder(site) / "engine-worker.mjs").read_text()
    assert f'abi_version: "{lock["info"]["abi_version"]}"' in worker


# ---- the pages


def pages(site: Path) -> list[Path]:
    return pages_of(site)


def test_every_page_says_that_it_is_a_draft(site: Path) -> None:
    without = [page for page in pages(site) if f'data-approval="draft">{DRAFT}</p>' not in page.read_text("utf-8")]
    assert without == []


def test_an_approved_site_says_by_whom_and_when_on_every_page_and_who_may_frame_it(live_site: Path) -> None:
    assert len(pages(live_site)) > 40
    for page in pages(live_site):
        text = page.read_text("utf-8")
        assert "Approved by A. Person on 2026-02-03" in text
        assert DRAFT not in text
    framed = (live_site / "embed" / "level" / "index.html").read_text("utf-8")
    assert 'data-may-frame="https://a.example https://b.example:8443"' in framed


@pytest.mark.parametrize(
    "said",
    [
        None,
        "approved",
        {},
        {"status": "Approved", "approved_by": "A", "approved_on": "2026-02-03"},
        {"status": "approved", "approved_by": "", "approved_on": "2026-02-03"},
        {"status": "approved", "approved_by": "A", "approved_on": None},
        {"status": "approved", "approved_by": " ", "approved_on": "2026-02-03"},
    ],
)
def test_what_cannot_be_read_never_passes_for_approved(said: object) -> None:
    with pytest.raises(Stopped, match=r"extra\.approval"):
        read_approval({"approval": said})


def test_nothing_is_approved_without_the_numbers_that_it_needs() -> None:
    approved = Approval("approved", "A", "2026-02-03")
    with pytest.raises(Stopped, match=r"contacts\.json.*no number for: Police; CADS\. Fill in"):
        refuse_without(["Police", "CADS"], approved)
    refuse_without([], approved)
    refuse_without(["Police"], Approval("draft"))


def test_a_draft_needs_no_names() -> None:
    assert read_approval({"approval": {"status": "draft", "approved_by": ""}}) == Approval("draft")


@pytest.mark.parametrize(("url", "base"), [("", "./"), ("./", "./"), ("glossary/", "../"), ("tools/level/", "../../")])
def test_the_base_leads_to_the_root_of_the_site(url: str, base: str) -> None:
    assert base_of(url) == base


@pytest.mark.parametrize("tree", ["level", "referral"])
def test_a_tool_stands_in_its_page_just_as_the_engine_wrote_it(site: Path, tree: str) -> None:
    page = (site / "tools" / tree / "index.html").read_text("utf-8")
    tools, url = page_tools(ROOT, Approval("draft")), f"tools/{tree}/"
    assert tools.decision_tool(tree, url) in page
    assert tools.more_about_tool(tree, url) in page
    assert f'data-engine="../../assets/engine/{engine_folder(site).name}/"' in page


def test_only_pages_with_a_tool_load_its_script(site: Path) -> None:
    for page in pages(site):
        text = page.read_text("utf-8")
        has = bool(re.search(r'assets/site/(tool|frame)\.\w+\.mjs"', text))
        assert has == ('data-decision-tool="' in text), page


def test_the_preview_is_no_part_of_a_built_site(site: Path) -> None:
    assert [page for page in pages(site) if "__preview" in page.read_text("utf-8")] == []


# ---- links, and what a page loads

LOADED = {("link", "href"), ("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src"), ("object", "data")}


class Links(HTMLParser):
    """Gathers the ids of a page, its links, and what it loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.add(value or "")
            elif (tag, name) == ("a", "href"):
                self.links.append(value or "")
            elif (tag, name) in LOADED:
                self.loaded.append(value or "")


def links_of(site: Path) -> dict[str, Links]:
    """Each page of the site by its address."""
    found = {}
    for page in site.rglob("*.html"):
        url = "/" + page.relative_to(site).as_posix().removesuffix("index.html")
        found[url] = Links(page.read_text("utf-8"))
    return found


def test_every_link_and_anchor_of_the_site_leads_somewhere(site: Path) -> None:
    known = links_of(site)
    assert list(dead_links(site, known)) == []


SCENARIOS = {"follow", "stage", *(path.stem for path in (ROOT / "decision_trees" / "scenarios").glob("*.json"))}


def dead_links(site: Path, known: dict[str, Links]) -> Iterator[str]:
    for url, page in known.items():
        for link in page.links:
            if urlsplit(link).scheme or link in ("/.",):
                continue
            path, anchor = urldefrag(urljoin(url, link))
            if anchor.startswith("/") and path in known:  # a choice of scenarios, or a window that follows
                anchor = "" if set(anchor[1:].split("+")) <= SCENARIOS else anchor
            there = unquote(anchor) in {"", *known[path].ids} if path in known else is_file(site, path)
            if not there:
                yield f"{url}: {link}"


def is_file(site: Path, path: str) -> bool:
    return (site / unquote(path).lstrip("/")).is_file()


def test_a_page_loads_nothing_from_another_host(site: Path) -> None:
    foreign = [(url, link) for url, page in links_of(site).items() for link in page.loaded if urlsplit(link).netloc]
    assert foreign == []
    styles = {path.name: path.read_text("utf-8") for path in site.rglob("*.css")}
    assert [name for name, text in styles.items() if re.search(r"(url\(|@import)\s*[\"']?(https?:)?//", text)] == []


# ---- the lock files


def test_every_requirement_is_pinned_by_version_and_hash_and_names_no_address() -> None:
    text = (ROOT / "requirements.txt").read_text()
    lines = text.replace("\\\n", " ").splitlines()
    requirements = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    assert len(requirements) > 20
    assert [line for line in requirements if not re.match(r"[\w.-]+==\S+ .*--hash=sha256:", line)] == []
    assert "://" not in text
    assert "--index" not in text


def test_the_npm_lock_file_holds_hashes_and_no_address() -> None:
    text = (ROOT / "package-lock.json").read_text()
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    assert packages["node_modules/pyodide"]["version"] == "314.0.7"
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert "resolved" not in text
    for entry in packages.values():
        entry.pop("funding", None)  # where to give to a package's makers, not where it comes from
    assert "://" not in json.dumps(packages)
