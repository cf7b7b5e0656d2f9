"""MkDocs' hooks: each calls the stage of the build that it stands for, and what knows the theme.

Knows MkDocs, and hands over at once to `macros.site`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

# MkDocs loads this file by its path, with its own folder first on the path of imports. The imports below are made
# here, and not when first needed, because mkdocs-macros reports any error in them as a missing module.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from macros.site.joined import is_part
from macros.site.material.search import extend_index
from macros.site.material.theme import SCRIPT, STYLE, UNUSED, fixed, fixed_script, script_name, theme_file
from macros.site.stages import Stages, begin


@event_priority(100)
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Check everything once, before any page. Stops the build with the complete report on any defect."""
    root = Path(config.config_file_path).parent
    stages = begin(root, config.site_name, config.site_description or "", config.site_url, config.extra)
    stages.check()
    config.site_url = stages.site_url
    config.extra.update(stages.for_templates, stages=stages)
    config.markdown_extensions += stages.extensions
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add a page for a frame for each tool, which no navigation leads to, and put right what the theme brings."""
    for name, text in _stages(config).added_pages.items():
        files.append(File.generated(config, name, content=text, inclusion=InclusionLevel.NOT_IN_NAV))
    config.extra["theme_styles"] = [theme_file(files.src_uris, STYLE)]
    brought = files.src_uris[theme_file(files.src_uris, SCRIPT)]
    script = fixed_script(brought.content_string)
    config.extra["theme_script"] = script_name(script)
    root = Path(config.config_file_path).parent
    for file in list(files):
        if file is brought or is_part(root, file.src_uri) or UNUSED.fullmatch(file.src_uri):
            files.remove(file)
    files.append(File.generated(config, script_name(script), content=script))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, **_: object) -> str:
    """Say which page is rendered next."""
    _stages(config).render(page.file.src_uri, page.url)
    return markdown


def on_env(env: object, config: MkDocsConfig, files: Files) -> None:
    """Complete the pages once all of them are HTML, before the first is put into its template."""
    read = files.documentation_pages(inclusion=InclusionLevel.is_in_nav)  # a page for a frame says what its tool's says
    pages = {file.src_uri: file.page for file in read if file.page}
    config.extra["reading"] = _stages(config).finish(pages, config.nav)


def on_post_page(output: str, **_: object) -> str:
    """Fix what Material writes around each page."""
    return fixed(output)


def on_post_template(output_content: str, template_name: str, **_: object) -> str:
    """The same for the page that a wrong address shows."""
    return fixed(output_content) if template_name.endswith(".html") else output_content


@event_priority(-100)
def on_post_build(config: MkDocsConfig) -> None:
    """Add, behind Material, what the search knows and all that is no page."""
    site, stages, reading = Path(config.site_dir), _stages(config), config.extra["reading"]
    extend_index(site, reading.entries, stages.tools.project.everyday)
    stages.write(site)
    config.extra["report"] = stages.report(reading)


def _stages(config: MkDocsConfig) -> Stages:
    stages: Stages = config.extra["stages"]
    return stages
