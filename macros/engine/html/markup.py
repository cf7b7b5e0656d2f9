"""HTML that cannot be injected: text is escaped by default, trusted markup has a type of its own."""

from __future__ import annotations

from collections.abc import Iterable

VOID = frozenset({"input", "br", "hr"})


class Markup(str):
    """Text that is HTML already and stands as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        """Itself: how template engines that know markupsafe's protocol are told that it is HTML."""
        return self


Child = str | Iterable["Child"] | None


def el(tag: str, *children: Child, **attributes: str | bool | int | None) -> Markup:
    """An element with its children. An attribute that is None or False is left out, True stands without a value.

    Attribute names: `class_` gives class, other underscores give hyphens (`data_node` gives data-node).
    """
    shown = "".join(_attribute(name, value) for name, value in attributes.items())
    if tag in VOID:
        return Markup(f"<{tag}{shown}>")
    return Markup(f"<{tag}{shown}>{join(*children)}</{tag}>")


def join(*children: Child) -> Markup:
    """The children one after another; plain text is escaped, None is left out."""
    return Markup("".join(_child(child) for child in children))


def escape(text: str, quote: bool = True) -> str:
    """Text as HTML that shows it. The standard library's own comes with the names of all characters, a long list."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;").replace("'", "&#x27;") if quote else text


def _child(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Markup):
        return child
    if isinstance(child, str):
        return escape(child, quote=False)
    return join(*child)


def _attribute(name: str, value: str | bool | int | None) -> str:
    if value is None or value is False:
        return ""
    name = name.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
