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
    from macros.site.page import page_tools

    tools = page_tools(Path(env.conf.config_file_path).parent, read_approval(env.conf.extra))

    def decision_tool(tree_id: str) -> str:
        return tools.decision_tool(tree_id, env.page.url)

    def clause_register() -> str:
        return tools.clause_register(env.page.url)

    def assurance() -> str:
        return tools.assurance(env.page.url)

    env.macro(decision_tool)
    env.macro(clause_register)
    env.macro(assurance)
    env.macro(tools.contacts_table)
    env.macro(tools.speed)
