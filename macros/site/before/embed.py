"""The tools as pages for a frame inside somebody else's page: one for each tool, and what is copied to show it.

Knows what such a page is called and made from. Its template (overrides/embed.html) holds the markup around the tool.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from macros.engine.html.markup import Markup
from macros.engine.model.tree import Tree
from macros.site.before.render import render

FOLDER = "embed/"
ADDRESS = "https://ADDRESS-OF-THIS-SITE/"
"""Stands in what is copied until a script puts the address of the open page in its place."""

PERMITTED = (
    "allow-scripts",
    "allow-same-origin",
    "allow-forms",
    "allow-modals",
    "allow-downloads",
    "allow-popups",
    "allow-popups-to-escape-sandbox",
)
"""What a frame must be allowed so that a whole check can be made in it; docs/about/embedding.md says why."""


def embed_pages(trees: Mapping[str, Tree]) -> dict[str, str]:
    """A page for each tool: Markdown by its file, as if it stood below docs/."""
    return {f"{FOLDER}{id}.md": _page(tree) for id, tree in trees.items()}


def _page(tree: Tree) -> str:
    front = {
        "title": tree.title,
        "description": f"{tree.title}: a tool to be shown inside another page.",
        "template": "embed.html",
        "search": {"exclude": True},
        "embeds": tree.id,
    }
    return f'---\n{json.dumps(front, ensure_ascii=False)}\n---\n\n{{{{ embedded_tool("{tree.id}") }}}}\n'


def snippets(trees: Mapping[str, Tree], address: str | None) -> Markup:
    """What an editor of another page copies: the frame of each tool, and once for all of them the script."""
    address = address or ADDRESS
    frames = [(f"{tree.title}: the frame", frame(tree, address)) for tree in trees.values()]
    each = [*frames, ("For all frames of a page: the script", script(address))]
    return render("snippets.html", placeholder=ADDRESS, snippets=each)


def frame(tree: Tree, address: str) -> str:
    """The HTML that shows a tool on a page of another site, to be copied. `address` is the root of this one."""
    return str(render("frame.html", tree=tree, address=address, folder=FOLDER, permitted=PERMITTED))


def script(address: str) -> str:
    """The HTML that lets the frames of a page be as tall as what is in them."""
    return f'<script src="{address}embed.js" defer></script>'
