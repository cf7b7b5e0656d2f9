"""The pages for a frame as the build writes them: one for each tool, the same tool, nothing of the site around it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import Environment
from mkdocs.structure.files import InclusionLevel

from macros.site.approval import DRAFT, Approval
from macros.site.before.embed import ADDRESS, PERMITTED, embed_pages, frame, snippets
from macros.site.material.theme import STYLE, theme_file
from macros.site.page import page_tools
from macros.site.stopped import Stopped
from tests.builds import ROOT, build_here
from tests.trees import TOOLS, published


def page(site: Path, tool: str) -> str:
    return (site / "embed" / tool / "index.html").read_text("utf-8")


def test_every_tool_has_a_page_for_a_frame_and_nothing_else_has(site: Path) -> None:
    assert sorted(path.parent.name for path in site.glob("embed/*/index.html")) == list(TOOLS)
    assert len(TOOLS) >= 5
    assert sorted(embed_pages(published().trees)) == [f"embed/{tool}.md" for tool in TOOLS]


@pytest.mark.parametrize("tool", TOOLS)
def test_it_holds_the_tool_as_its_own_page_does(site: Path, tool: str) -> None:
    live, text = page_tools(ROOT, Approval("draft")).embedded_tool(tool, f"embed/{tool}/").split("\n", 1)
    own = (site / "tools" / tool / "index.html").read_text("utf-8")
    framed = page(site, tool).replace('target="_self" href="#', 'href="#')
    for part in (live, text):
        assert part in framed
        assert part in own
    assert 'data-result="police-first"' in live
    assert f'id="{tool}-as-text" open' in text
    assert f'href="../../tools/{tool}/"' in framed


@pytest.mark.parametrize("tool", TOOLS)
def test_it_has_the_notices_of_every_page_and_nothing_of_the_site_around_it(site: Path, tool: str) -> None:
    text = page(site, tool)
    assert f'data-approval="draft">{DRAFT}</p>' in text
    assert "data-print-stamp" in text
    for part in ("<nav", "<header", "md-search", "md-header", "md-footer", "md-sidebar", "site-menu", "__config"):
        assert part not in text, part


@pytest.mark.parametrize("tool", TOOLS)
def test_it_has_no_inline_script_or_style(site: Path, tool: str) -> None:
    text = page(site, tool)
    assert re.findall(r"<script(?![^>]* src=)", text) == []
    assert re.findall(r"<style|\sstyle=|\son\w+=|javascript:", text) == []


@pytest.mark.parametrize("tool", TOOLS)
def test_links_leave_the_frame_alone(site: Path, tool: str) -> None:
    text = page(site, tool)
    assert text.index('<base target="_blank">') < text.index("<link")
    links = re.findall(r"<a [^>]*>", text)
    inside = [link for link in links if 'href="#' in link]
    assert inside
    assert all('target="_self"' in link for link in inside)
    assert [link for link in links if "target=" in link and link not in inside] == []


def test_neither_the_search_nor_another_page_leads_to_them(site: Path) -> None:
    index = json.loads((site / "search" / "search_index.json").read_text("utf-8"))
    assert [entry["location"] for entry in index["docs"] if entry["location"].startswith("embed/")] == []
    others = [path for path in site.rglob("*.html") if path.relative_to(site).parts[0] != "embed"]
    assert [path for path in others if re.search(r'href="[./]*embed/', path.read_text("utf-8"))] == []


def test_the_list_of_pages_for_search_engines_leaves_them_out() -> None:
    template = Environment(autoescape=False).from_string((ROOT / "overrides" / "sitemap.xml").read_text("utf-8"))
    ways = {"a": InclusionLevel.INCLUDED, "embed/b": InclusionLevel.NOT_IN_NAV}
    files = [
        SimpleNamespace(inclusion=way, page=SimpleNamespace(is_link=False, canonical_url=f"https://x.example/{name}/"))
        for name, way in ways.items()
    ]
    assert re.findall("<loc>(.*)</loc>", template.render(pages=files)) == ["https://x.example/a/"]


def test_what_is_copied_names_each_tool_once_and_the_address_that_is_known() -> None:
    known = snippets(published().trees, "https://tools.example/ce/")
    assert ADDRESS not in known.replace(f'data-embed-snippet="{ADDRESS}"', "")
    for tool in TOOLS:
        assert known.count(f"https://tools.example/ce/embed/{tool}/") == 1
        assert f"{ADDRESS}embed/{tool}/" in snippets(published().trees, None)
    assert known.count("https://tools.example/ce/embed.js") == 1


def test_the_page_for_editors_explains_each_permission() -> None:
    text = (ROOT / "docs" / "about" / "embedding.md").read_text("utf-8")
    assert [word for word in PERMITTED if f"`{word}`" not in text] == []
    written = frame(published().trees["level"], ADDRESS)
    assert re.search(r'sandbox="([^"]*)"', written)[1].split() == list(PERMITTED)  # type: ignore[index]


def test_the_page_for_editors_says_first_that_nobody_may_frame_a_tool_yet(site: Path, live_site: Path) -> None:
    draft, live = ((one / "about" / "embedding" / "index.html").read_text("utf-8") for one in (site, live_site))
    told = "No other site may show a tool yet"
    assert draft.index("<h1") < draft.index(told) < draft.index("may_frame:") < draft.index("data-embed-snippet")
    assert told not in live


def test_a_wrong_setting_stops_the_build_and_says_how_to_mend_it(project: Path) -> None:
    config = project / "mkdocs.yml"
    config.write_text(config.read_text().replace("may_frame: []", "may_frame: [https://library.example.org/page]"))
    failed = build_here(project, project / "site")
    assert failed.returncode == 1
    assert 'mkdocs.yml: extra.may_frame: "https://library.example.org/page" is not an origin.' in failed.stderr


def test_a_theme_with_other_styles_stops_the_build_and_says_where_to_mend_it() -> None:
    style = "assets/stylesheets/main.9f8e.min.css"
    assert theme_file(["assets/stylesheets/palette.0b1c.min.css", style, "assets/site/site.css"], STYLE) == style
    with pytest.raises(Stopped, match=r"STYLE in macros/site/material/theme\.py"):
        theme_file(["assets/stylesheets/main.css"], STYLE)
