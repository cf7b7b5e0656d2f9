"""What an editor can write on a page: `{{ decision_tool("level") }}`, `{{ contacts_table() }}` and the like.

Knows mkdocs-macros, and hands over at once to `macros.site`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any


def define_env(env: Any) -> None:
    """Give the pages their macros. Takes mkdocs-macros' environment; returns nothing."""
    # Here and not above, or the engine could not be imported without all that a site needs.
    from macros.site.approval import read_approval
    from macros.site.page import base_of, page_tools

    tools = page_tools(Path(env.conf.config_file_path).parent, read_approval(env.conf.extra))

    def decision_tool(tree_id: str) -> str:
        return tools.decision_tool(tree_id, env.page.url)

    def embedded_tool(tree_id: str) -> str:
        return tools.embedded_tool(tree_id, env.page.url)

    def embed_snippets() -> str:
        return tools.embed_snippets(env.conf.site_url)

    def clause_register() -> str:
        return tools.clause_register(env.page.url)

    def assurance() -> str:
        return tools.assurance(env.page.url)

    def link_library() -> str:
        return tools.library(env.page.url, env.conf.site_url or "")

    def training_practise() -> str:
        return tools.training.practise(base_of(env.page.url))

    def training_session() -> str:
        return tools.training.session(base_of(env.page.url))

    def training_sheets() -> str:
        return tools.training.sheets(base_of(env.page.url))

    def indicator_sorter() -> str:
        return tools.training.sorter(base_of(env.page.url))

    env.macro(decision_tool)
    env.macro(embedded_tool)
    env.macro(embed_snippets)
    env.macro(indicator_sorter)
    env.macro(link_library)
    env.macro(training_practise)
    env.macro(training_session)
    env.macro(training_sheets)
    env.macro(clause_register)
    env.macro(assurance)
    env.macro(tools.contacts_table)
    env.macro(tools.speed)
