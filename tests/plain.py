"""Another builder: the stages of a build around plain Python-Markdown, with all that MkDocs does for them.

That is little: front matter, Jinja for the macros, Markdown with the extensions of mkdocs.yml, links between `.md`
files, the contents list, and a page around the content. No search, no navigation, no theme.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copyfile, copytree
from types import SimpleNamespace
from typing import Any
from urllib.parse import urldefrag, urlsplit
from xml.etree import ElementTree as ET

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from macros.site.after.reading import Reading
from macros.site.page import base_of
from macros.site.stages import Stages, begin

BUILT_IN = ("toc", "tables", "fenced_code")
"""The extensions that MkDocs always has."""

PLACES = re.compile(r'<details class="page-places">.*?</details>', re.DOTALL)
"""What the template alone puts below the title of a long page."""

SHELL = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{{ page.meta.title }} - {{ config.site_name }}</title>
<link rel="stylesheet" href="{{ config.extra.joined.style(page.content) | url }}">
<script type="module" src="{{ config.extra.joined.script(page.content) | url }}"></script></head>
<body>{% include "partials/approval.html" %}{% include "partials/notices.html" %}
<main><article>{{ page.content }}{% include "partials/page-end.html" %}</article></main></body>
</html>
"""


class Settings(yaml.SafeLoader):
    """Reads mkdocs.yml: of what MkDocs alone understands, what it stands for where nothing is set."""


Settings.add_constructor("!ENV", lambda loader, node: loader.construct_sequence(node)[-1])
Settings.add_constructor("!relative", lambda loader, node: f"!{node.value}")


@dataclass
class Place:
    """An entry of a contents list."""

    title: str
    id: str
    children: list[Place]


@dataclass
class PlainPage:
    """A page by its file below docs/."""

    file: SimpleNamespace
    markdown: str
    meta: dict[str, Any]
    content: str | None = None
    toc: list[Place] = field(default_factory=list)

    @property
    def url(self) -> str:
        return url_of(self.file.src_uri)

    @property
    def title(self) -> str:
        return str(self.meta["title"])


def url_of(file: str) -> str:
    name = file.removesuffix(".md").removesuffix("index")
    return name if not name or name.endswith("/") else f"{name}/"


def page_of(file: str, text: str) -> PlainPage:
    """Part a page from its front matter."""
    _, front, markdown = text.split("---\n", 2)
    return PlainPage(SimpleNamespace(src_uri=file), markdown, yaml.safe_load(front))


class FileLinks(Extension):
    """Lets links between files lead to the pages that are made of them. `page` is the one that is rendered next."""

    page: PlainPage

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (the name is Markdown's)
        md.treeprocessors.register(_FileLinks(md, self), "file-links", 0)


class _FileLinks(Treeprocessor):
    def __init__(self, md: Markdown, links: FileLinks) -> None:
        super().__init__(md)
        self.links = links

    def run(self, root: ET.Element) -> None:
        for element in root.iter():
            for name in ("href", "src"):
                path, anchor = urldefrag(element.get(name, ""))
                if path and not urlsplit(path).scheme:
                    element.set(name, self._way(path) + (f"#{anchor}" if anchor else ""))

    def _way(self, path: str) -> str:
        own = self.links.page
        there = posixpath.normpath(posixpath.join(posixpath.dirname(own.file.src_uri), path))
        return base_of(own.url).removeprefix("./") + (url_of(there) if there.endswith(".md") else there) or "./"


class Plain:
    """One build, by plain Python-Markdown. `content` is the HTML of each page's own words, by its file."""

    def __init__(self, root: Path) -> None:
        self.root, self.docs = root, root / "docs"
        self.settings = yaml.load((root / "mkdocs.yml").read_text("utf-8"), Settings)
        self.stages: Stages = begin(root, self.settings["site_name"], self.settings["site_description"], "",
                                    self.settings["extra"])  # fmt: skip
        self.stages.check()
        self.links = FileLinks()
        self.pages = {file: page_of(file, text) for file, text in self._files()}
        for page in self.pages.values():
            self._render(page)
        read = {file: page for file, page in self.pages.items() if file not in self.stages.added_pages}
        self.reading: Reading = self.stages.finish(read, self.settings["nav"])
        self.content = {file: page.content or "" for file, page in self.pages.items()}

    def _files(self) -> Iterator[tuple[str, str]]:
        for path in sorted(self.docs.rglob("*.md")):
            if not path.name.startswith("."):
                yield path.relative_to(self.docs).as_posix(), path.read_text("utf-8")
        yield from self.stages.added_pages.items()

    def _render(self, page: PlainPage) -> None:
        self.stages.render(page.file.src_uri, page.url)
        self.links.page = page
        macros = self.stages.tools.macros(lambda: page.url, self.stages.site_url)
        text = (
            Environment(undefined=StrictUndefined)
            .from_string(page.markdown)
            .render({**self.settings["extra"], **macros})
        )
        names, settings = self._extensions()
        markdown = Markdown(extensions=[*names, self.links, *self.stages.extensions], extension_configs=settings)
        page.content = markdown.convert(text)
        page.toc = [_place(token) for token in markdown.toc_tokens]

    def _extensions(self) -> tuple[list[str], dict[str, dict[str, Any]]]:
        said: list[str | dict[str, dict[str, Any]]] = self.settings["markdown_extensions"]
        settings = {name: given for one in said if isinstance(one, dict) for name, given in one.items()}
        settings["pymdownx.snippets"] |= {"base_path": [str(self.docs)]}
        names = [one if isinstance(one, str) else next(iter(one)) for one in said]
        return list(dict.fromkeys([*BUILT_IN, *names])), settings

    def write(self, site: Path) -> None:
        """Write the whole site into a new folder."""
        copytree(self.root / "overrides" / "assets", site / "assets")
        copyfile(self.root / "overrides" / "embed.js", site / "embed.js")
        for file, page in self.pages.items():
            target = site / page.url / "index.html"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(self._whole(file, page), "utf-8")
        self.stages.write(site)

    def _whole(self, file: str, page: PlainPage) -> str:
        """A page with what stands around its content: the project's own template for a frame, or SHELL."""
        shells = Environment(loader=FileSystemLoader(self.root / "overrides"))
        shells.filters["url"] = lambda address: base_of(page.url) + address
        extra = {**self.settings["extra"], **self.stages.for_templates, "theme_styles": []}
        theme = SimpleNamespace(language="en", favicon="embed.js")
        config = SimpleNamespace(**{**self.settings, "extra": extra, "theme": theme})
        template = shells.get_template(page.meta["template"]) if "template" in page.meta else shells.from_string(SHELL)
        return template.render(page=page, config=config)


def _place(token: Mapping[str, Any]) -> Place:
    return Place(token["name"], token["id"], [_place(child) for child in token["children"]])
