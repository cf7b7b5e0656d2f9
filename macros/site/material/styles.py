"""The theme's own style sheets, for pages that have nothing else of the theme: those for a frame.

Knows what Material calls its files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from macros.site.stopped import Stopped

STYLES = re.compile(r"assets/stylesheets/(main|palette)\.[0-9a-f]+\.min\.css")


def theme_styles(files: Iterable[str]) -> list[str]:
    """The theme's own style sheets among the site's files, in their order: their names change with its version.

    Raises Stopped unless there is one of each.
    """
    found = {match[1]: file for file in files if (match := STYLES.fullmatch(file))}
    if set(found) != {"main", "palette"}:
        raise Stopped(
            "The theme has no assets/stylesheets/main.<hash>.min.css and palette.<hash>.min.css, which the pages below "
            "embed/ are dressed in. Look what its version calls them, and fix STYLES in macros/site/material/styles.py."
        )
    return [found["main"], found["palette"]]
