"""What an editor can write on a page: `{{ decision_tool("level") }}`, `{{ contacts_table() }}` and the like.

Knows mkdocs-macros, and hands over at once to `macros.site`.
"""

from __future__ import annotations

from typing import Any


def define_env(env: Any) -> None:
    """Give the pages their macros. Takes mkdocs-macros' environment, behind `hooks.on_config`; returns nothing."""
    stages = env.conf.extra["stages"]
    for name, macro in stages.tools.macros(lambda: env.page.url, stages.site_url).items():
        env.macro(macro, name)
