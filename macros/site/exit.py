"""The way out for a reader who is being watched: `extra.exit_page` of mkdocs.yml, off unless it is set."""

from __future__ import annotations

import re
from collections.abc import Mapping

from macros.site.stopped import Stopped

ADDRESS = re.compile(r"https://[a-z0-9-]+(\.[a-z0-9-]+)+(/[A-Za-z0-9._~/-]*)?")


def read_exit(extra: Mapping[str, object]) -> str:
    """The address that "Exit this page" leads to; "" if there is no such button. Raises Stopped if it is no address."""
    said = extra.get("exit_page") or ""
    if said and not (isinstance(said, str) and ADDRESS.fullmatch(said)):
        raise Stopped(
            f'mkdocs.yml: extra.exit_page: "{said}" must be a whole address without a question mark, such as '
            'https://www.example.org/weather, or "" for none. Choose a page that anybody may be looking at.'
        )
    return str(said)
