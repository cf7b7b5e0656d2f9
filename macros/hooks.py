"""MkDocs' hooks: check the trees before a page is written, and add the engine after the last one.

Knows MkDocs, and hands over at once to `macros.site`.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

# MkDocs loads this file by its path, with its own folder first on the path of imports. The imports below are made
# here, and not when first needed, because mkdocs-macros reports any error in them as a missing module.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from macros.site.after.readability import TooHard
from macros.site.after.reading import GLOSSARY, Reading, files_of
from macros.site.after.reviewed import WrongReview
from macros.site.approval import WrongApproval, read_approval
from macros.site.before.amendments import editors_note, write_feed
from macros.site.before.embed import NotEmbeddable, theme_styles
from macros.site.before.flowchart import LayoutFailed
from macros.site.before.register import register_json
from macros.site.hosting.framing import WrongFraming
from macros.site.hosting.inline import Blocked, write_policy
from macros.site.hosting.policy import WrongHosting, read_hosting
from macros.site.hosting.servers import write_hosts
from macros.site.links.permanent import WrongAddress, checked_address
from macros.site.links.schemas import publish_schema
from macros.site.material.theme import fixed
from macros.site.offline.copy import NotKeepable, write_offline
from macros.site.page import PageTools, base_of, page_tools
from macros.site.project import Defective
from macros.site.runtime.pyodide import PyodideUnusable
from macros.site.runtime.trim import TrimFailed

SETTINGS_WRONG = (WrongAddress, WrongApproval, WrongFraming, WrongHosting)


@event_priority(100)
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Check everything once, before any page. Stops the build with the complete report on any defect."""
    try:
        config.site_url = checked_address(config.site_url)
        config.extra["approval_notice"] = read_approval(config.extra).notice
        config.extra["served"] = read_hosting(config.extra, config.site_url)
        config.extra["framing"] = config.extra["served"].framing
        _tools(config).links.directory  # noqa: B018 (as the next but one)
        _tools(config).flowcharts  # noqa: B018 (as the next)
        _tools(config).bundle  # noqa: B018 (it is loaded and checked here, while an error can still be told plainly)
        _tools(config).reading_tables  # noqa: B018 (the same)
    except (*SETTINGS_WRONG, Defective, LayoutFailed, PyodideUnusable, TrimFailed, WrongReview) as error:
        raise PluginError(str(error)) from error
    config.markdown_extensions += [_tools(config).clause_notes, _tools(config).first_uses]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add a page for a frame for each tool, which no navigation leads to, and name the styles that it wears."""
    for name, text in _tools(config).embeds.items():
        files.append(File.generated(config, name, content=text, inclusion=InclusionLevel.NOT_IN_NAV))
    try:
        config.extra["theme_styles"] = theme_styles(file.src_uri for file in files)
    except NotEmbeddable as error:
        raise PluginError(str(error)) from error
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, **_: object) -> str:
    """Tell the clause notes and the links to the glossary which page they stand on."""
    _tools(config).clause_notes.base = base_of(page.url)
    _tools(config).first_uses.base = None if page.file.src_uri == GLOSSARY else base_of(page.url)
    return markdown


def on_env(env: object, config: MkDocsConfig, files: Files) -> None:
    """Complete the pages once all of them are HTML, before the first is put into its template."""
    read = files.documentation_pages(inclusion=InclusionLevel.is_in_nav)  # a page for a frame says what its tool's says
    pages = {file.src_uri: file.page for file in read if file.page}
    order = [file for file in files_of(config.nav) if file in pages]
    try:
        config.extra["reading"] = _tools(config).finish({file: pages[file] for file in dict.fromkeys([*order, *pages])})
    except TooHard as error:
        raise PluginError(str(error)) from error


def on_post_page(output: str, **_: object) -> str:
    """Fix what Material writes around each page."""
    return fixed(output)


def on_post_template(output_content: str, template_name: str, **_: object) -> str:
    """The same for the page that a wrong address shows."""
    return fixed(output_content) if template_name.endswith(".html") else output_content


@event_priority(-100)
def on_post_build(config: MkDocsConfig) -> None:
    """Add the files that the reader's browser runs the engine from, and, behind Material, what the search knows."""
    site = Path(config.site_dir)
    _tools(config).bundle.write(site)
    _tools(config).training.write(site)
    reading: Reading = config.extra["reading"]
    project = _tools(config).project
    reading.extend_index(site)
    print(
        reading.report, reading.reviews_on(date.today()), editors_note(project, config.site_url), sep="\n", flush=True
    )
    write_feed(site, project, config.site_name, config.site_url)
    (site / "clauses.json").write_text(register_json(project), "utf-8")
    publish_schema(Path(config.config_file_path).parent, site)
    _tools(config).links.write(site, config.site_name, config.site_description or "", config.site_url or "")
    try:
        hashes = write_policy(site, config.extra["served"])
        write_offline(site, config.extra["approval_notice"])  # it lists every file that a page may need
        write_hosts(site, config.extra["served"], hashes)  # last: how each file there is is served
    except (Blocked, NotKeepable, WrongHosting) as error:
        raise PluginError(str(error)) from error


def _tools(config: MkDocsConfig) -> PageTools:
    return page_tools(Path(config.config_file_path).parent, read_approval(config.extra))
