"""The engine: interprets decision trees at build and in the reader's browser. Standard library alone."""

from .exchange import Engine, start, summary
from .library import Library, read_library
from .render import page_of
from .text import text_of
from .tree import Tree, inline
from .walk import Journey, walk

__all__ = [
    "Engine",
    "Journey",
    "Library",
    "Tree",
    "inline",
    "page_of",
    "read_library",
    "start",
    "summary",
    "text_of",
    "walk",
]
