"""What a reader works with: forms, buttons, options, folds, and room to write, with what holds for every box."""

from __future__ import annotations

from .markup import Child, Markup, el

WRITING = "The result does not wait for what you write. No names."
"""Said once on a screen, beside its first box (R10: narrative is invited, and nothing waits for it)."""


def form(*children: Child, **attributes: str | bool) -> Markup:
    """A form of which nothing is sent or filled in by the browser: the page hears what is in it."""
    return el("form", children, method="dialog", autocomplete="off", **attributes)


def button(words: Child, action: str | None = None, **attributes: str | bool | None) -> Markup:
    """A button of which the page is told, with what it asks for."""
    return el("button", words, type="button", data_action=action, **attributes)


def option(
    kind: str, name: str, value: str, id: str, words: Child, chosen: bool, *, apart: bool = False, **marks: str | None
) -> Markup:
    """A radio or checkbox (`kind`) with its words; one `apart` stands off from those before it."""
    field = el("input", type=kind, name=name, value=value, id=id, checked=chosen, **marks)
    return el("label", field, el("span", words), class_=f"dt-option{' dt-option--apart' if apart else ''}", for_=id)


def folded(words: Child, *children: Child, **attributes: str | bool) -> Markup:
    """What is there on asking, below its words."""
    return el("details", el("summary", words), children, **attributes)


def error(*words: Child, **attributes: str) -> Markup:
    """What is wrong, and said to be so where its colour is not seen."""
    return el("p", el("span", "Error: ", class_="dt-hidden"), words, class_="dt-error", **attributes)


def box(
    name: str,
    id: str,
    value: str,
    rows: int,
    described_by: str | None,
    *,
    longest: int | None = None,
    wrong: bool = False,
) -> Markup:
    """A box to write in.

    Browsers would fill it in from other pages, or send what is in it away to check the spelling: both are off.
    `longest` is the number of characters that it takes; `described_by` the ids of what is said about it.
    """
    return el(
        "textarea",
        value,
        name=name,
        id=id,
        class_="dt-text",
        rows=rows,
        maxlength=longest,
        autocomplete="off",
        spellcheck="false",
        aria_invalid="true" if wrong else None,
        aria_describedby=described_by,
    )
