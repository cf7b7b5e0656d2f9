"""What is measured, made ready to be served: our site, and what stands beside it.

- *bare*: an empty page that starts Pyodide as it comes in a module worker at once, as its manual says, with our engine
  from a zip of sources.
- *stock*: the same tool on a page of Material as it comes. It has the words and the HTML of our page, our styles and
  scripts as they lie in the project, each by itself, and that worker.
- *plain*: our Markdown files through MkDocs with Material as it comes, without anything of ours.

Material is told to fetch no font from another host, and nothing else.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import macros.engine
from macros.site.approval import Approval
from macros.site.joined import EVERY, KINDS, PARTS, STYLES
from macros.site.project import checked_project
from macros.site.runtime.bundle import engine_archive
from macros.site.runtime.pyodide import pyodide_folder
from tests.bench.serve import Served, pack
from tests.conftest import ROOT

TOOL, PROCEDURE, NEXT = "tools/level/", "procedure/levels/", "tools/consent/"
BARE, STOCK, PLAIN = "stock/bare.html", "material/tool/", f"plain/{PROCEDURE}"

# The worker that most sites with Pyodide have.
WORKER = """
import { loadPyodide } from "./pyodide.mjs";
const archive = fetch("engine.zip").then((response) => response.arrayBuffer());
const python = await loadPyodide();
python.FS.writeFile("/home/pyodide/engine.zip", new Uint8Array(await archive));
const respond = python.runPython(`
import sys
sys.path.insert(0, "/home/pyodide/engine.zip")
import engine.api
engine.api.start(engine.__loader__.get_data("/home/pyodide/engine.zip/engine/bundle.json").decode())
`);
self.onmessage = ({ data }) => self.postMessage({ id: data.id, text: respond(data.text) });
self.postMessage({ stage: "ready" });
"""

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Python</title><link rel="icon" href="data:,"><h1>Python</h1>
<script type="module">
new Worker("engine-worker.mjs", { type: "module" }).onmessage = ({ data }) => {
  if (data.stage === "ready") performance.mark("ready");
};
</script>
"""

EXTENSIONS = "[abbr, admonition, attr_list, def_list, md_in_html, tables, toc, pymdownx.details]"
ARTICLE = re.compile(
    r'<article class="md-content__inner md-typeset"[^>]*>(.*?)(?:<footer class="page-end"|</article>)', re.S
)
ENGINE = re.compile(r'data-engine="[^"]*"')


def all_served(site: Path, folder: Path) -> Served:
    """Serve a built site and, made in a new folder, all that stands beside it."""
    folder.mkdir(parents=True)
    places = {
        "stock": stock_pyodide(folder / "stock"),
        "material": stock_tool(site, folder / "material"),
        "plain": plain_site(folder / "plain"),
    }
    for place in places.values():
        pack(place)
    if not (site / "index.html.gz").exists():  # else it is packed as it is published
        pack(site)
    return Served(site, places)


def engine_sources(into: Path) -> Path:
    """A zip of the engine as source, with its data."""
    data = checked_project(ROOT, Approval("draft")).bundle()
    into.write_bytes(engine_archive(Path(macros.engine.__file__).parent, data))
    return into


def stock_pyodide(folder: Path) -> Path:
    """The npm package as it comes, a worker that loads it, our engine as source, and a bare page."""
    shutil.copytree(pyodide_folder(ROOT), folder)
    engine_sources(folder / "engine.zip")
    (folder / "engine-worker.mjs").write_text(WORKER)
    (folder / "bare.html").write_text(PAGE)
    return folder


def stock_tool(site: Path, folder: Path) -> Path:
    """A site of Material with one page: our tool, its parts as they lie in the project, and Pyodide as it comes."""
    docs = folder.with_name("material-docs")
    shutil.copytree(ROOT / PARTS, docs / "assets")
    for font in (site / "assets" / "site").glob("*.woff2"):
        shutil.copy(font, docs / "assets" / "site")
    found = ARTICLE.search((site / TOOL / "index.html").read_text("utf-8"))
    assert found, f"{TOOL} has no article"
    words = ENGINE.sub('data-engine="../../stock/"', found[1])
    (docs / "tool.md").write_text(f"# Tool\n\n<div>{words}</div>\n", "utf-8")
    (docs / "index.md").write_text("# Home\n\n[The tool](tool.md)\n", "utf-8")
    (docs / "own-worker.js").write_text("delete globalThis.SharedWorker;\n")
    kind = KINDS["tool"]
    styles = [f"assets/{name}.css" for name in STYLES if name in {*EVERY.styles, *kind.styles}]
    modules = [{"path": f"assets/{name}.mjs", "type": "module"} for name in kind.scripts]
    extra = {"extra_css": styles, "extra_javascript": ["own-worker.js", *modules]}
    return _mkdocs(docs, folder, extra)


def plain_site(folder: Path) -> Path:
    """Our Markdown files through MkDocs with Material as it comes."""
    return _mkdocs(ROOT / "docs", folder, {})


def _mkdocs(docs: Path, into: Path, extra: dict[str, object]) -> Path:
    config = into.with_name(f"{into.name}.yml")
    rest = "".join(f"{name}: {json.dumps(value)}\n" for name, value in extra.items())
    config.write_text(
        f"site_name: Plain\ndocs_dir: {docs}\ntheme: {{name: material, font: false}}\n"
        f"markdown_extensions: {EXTENSIONS}\n{rest}"
    )
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(config), "-d", str(into)]
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, env=env)
    return into
