"""Templates made into HTML: the one Jinja environment of what the build alone writes.

Knows templates/*.html; refuses to know what they show. Whatever is put into one is escaped, unless it is Markup; a name
that is not there is an error and no gap.
"""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension

from macros.engine.html.markup import Markup

TEMPLATES = Path(__file__).parent / "templates"
BREAK_BETWEEN_TAGS = re.compile(r"(?<=[>}])(?!(?<=}})\s*{{)(\s*\n\s*)(?=[<{])")


class DropBreaks(Extension):
    """Leaves out the line breaks of a template between two tags, as JSX does, so that its layout adds no space.

    A tag of Jinja counts as one, and so does a value, but not two in a row, which may be words. The breaks stay in the
    source as comments, so that errors name the right lines. Data is not touched.
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return BREAK_BETWEEN_TAGS.sub(r"{#\1#}", source)


ENVIRONMENT = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=[DropBreaks],
)


def render(template: str, /, **data: object) -> Markup:
    """The HTML of a template, by its file's name, with this data in it. Raises UndefinedError if it lacks any."""
    return Markup(ENVIRONMENT.get_template(template).render(data))
