"""The templates of what the build alone writes: no text that is put into one becomes markup, and no gap is left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, UndefinedError, meta
from jinja2.runtime import Macro

from macros.engine.html.markup import Markup, el
from macros.site.before.embed import ADDRESS, frame, snippets
from macros.site.before.render import ENVIRONMENT, TEMPLATES, DropBreaks, render
from tests.hostile import TEXTS

NAMES = sorted(path.name for path in TEMPLATES.iterdir())


class Anything(str):
    """A text that stands for whatever a template asks for: each part of it, and what it gives when called, is itself.

    Twice over: as `bool` it is what `real` says, so that both sides of a condition are met.
    """

    real = True

    def __getattr__(self, name: str) -> Anything:
        if name.startswith("__"):  # so that no `__html__` vouches for it
            raise AttributeError(name)
        return self

    def __call__(self, *_: object) -> Anything:
        return self

    def __getitem__(self, key: object) -> Anything:
        return self

    def __iter__(self) -> Iterator[Any]:
        return iter((self, self))

    def __bool__(self) -> bool:
        return self.real


class Nothing(Anything):
    real = False


class Shape(HTMLParser):
    """The structure of HTML: its tags and the names of their attributes; and apart from that, all its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, ...]] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, *(name for name, _ in attrs)))
        self.words += [value for _, value in attrs if value]

    def handle_endtag(self, tag: str) -> None:
        self.tags.append((f"/{tag}",))

    def handle_comment(self, data: str) -> None:
        self.tags.append(("comment",))

    handle_decl = unknown_decl = handle_pi = handle_comment

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@cache
def asked_by(name: str) -> set[str]:
    """Every name that a template, or one that it is built on, takes from its data."""
    source = ENVIRONMENT.parse((TEMPLATES / name).read_text("utf-8"))
    others = (asked_by(str(other)) for other in meta.find_referenced_templates(source))
    return meta.find_undeclared_variables(source).union(*others) - {"caller"}


def filled(name: str, value: Anything) -> str:
    """A template with a value for everything that it asks for, and each of its macros called with the same."""
    data = dict.fromkeys(asked_by(name), value)
    parts = vars(ENVIRONMENT.get_template(name).make_module(data)).values()
    html = render(name, **data)
    for macro in (part for part in parts if isinstance(part, Macro)):
        caller = {"caller": lambda: value} if macro.caller else {}
        html += macro(*[value] * (len(macro.arguments) + macro.catch_varargs), **caller)
    return html


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", [Anything, Nothing])
def test_no_text_in_a_template_becomes_markup(name: str, kind: type[Anything]) -> None:
    plain = Shape(filled(name, kind("words")))
    assert any("words" in words for words in plain.words), "or else this test puts nothing into the template"
    for text in TEXTS:
        shape = Shape(filled(name, kind(text)))
        assert shape.tags == plain.tags, text
        if not re.search(r"[\x00\r]", text):  # the parser reads these in its own way
            assert any(text in words for words in shape.words), text


def test_a_template_that_escaped_nothing_would_be_noticed() -> None:
    loose = Environment(autoescape=False).from_string('<p title="{{ x }}">{{ x }}</p>')
    assert Shape(loose.render(x=TEXTS[0])).tags != Shape(loose.render(x="words")).tags


@pytest.mark.parametrize("name", NAMES)
def test_every_value_in_a_tag_stands_in_double_quotes_and_none_is_called_safe(name: str) -> None:
    """Escaping holds within them alone: no text may end up as the name of a tag or an attribute."""
    source = re.sub(r"{[#%].*?[#%]}", "", (TEMPLATES / name).read_text("utf-8"), flags=re.DOTALL)
    for tag in re.findall(r"<[^>]*>", re.sub(r"{{.*?}}", "VALUE", source, flags=re.DOTALL)):
        assert "VALUE" not in re.sub(r'="[^"]*"', "", tag), tag
    assert not re.search(r"\bsafe\b|autoescape|Markup", (TEMPLATES / name).read_text("utf-8"))


def test_no_module_calls_its_own_text_markup_but_the_two_that_must() -> None:
    """A rendered template is, and so is a picture that was put together as a tree of elements."""
    calling = [path.name for path in TEMPLATES.parent.glob("*.py") if "Markup(" in path.read_text("utf-8")]
    assert sorted(calling) == ["flowchart.py", "render.py"]


def test_what_is_markup_already_stands_as_it_is() -> None:
    """The engine's parts of a page, and no other text, go into a template unescaped."""
    template = ENVIRONMENT.from_string("{{ part }}")
    part = el("b", "x & y")
    assert template.render(part=part) == "<b>x &amp; y</b>"
    assert template.render(part=str(part)) == "&lt;b&gt;x &amp;amp; y&lt;/b&gt;"
    assert isinstance(render("tables.html"), Markup)


def test_what_is_missing_is_an_error_and_no_gap() -> None:
    with pytest.raises(UndefinedError, match="'contacts' is undefined"):
        render("contacts.html")


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("<ul>\n  <li>a</li>\n</ul>", "<ul><li>a</li></ul>"),
        ("<i>\n  {{ x }}\n</i>", "<i>a\nb</i>"),
        ("{% if x %}\n  <i></i>\n{% endif %}\n", "<i></i>"),
        ("{{ x }}\n  {{ x }}", "a\nb\n  a\nb"),
        ("one\n  two", "one\n  two"),
    ],
)
def test_a_line_break_of_a_template_adds_nothing_between_tags(source: str, html: str) -> None:
    assert ENVIRONMENT.from_string(source).render(x="a\nb") == html


def test_an_error_in_a_template_names_its_line(tmp_path: Path) -> None:
    broken = DropBreaks(ENVIRONMENT).preprocess("<p>\n  <b>\n  {{ nothing }}\n</b></p>", None)
    template = Environment(undefined=ENVIRONMENT.undefined).from_string(broken)
    with pytest.raises(UndefinedError) as raised:
        template.render()
    assert raised.traceback[-1].lineno + 1 == 3


def test_a_title_cannot_break_out_of_the_frame_that_is_copied() -> None:
    """What is copied goes into other people's pages: it must be sound as HTML once, and be shown as text here."""

    class Tree:
        id, title = "level", TEXTS[4]

    copied = frame(Tree(), ADDRESS)  # type: ignore[arg-type]
    assert Shape(copied).tags == [
        ("iframe", "src", "title", "width", "height", "loading", "referrerpolicy", "sandbox", "allow"), ("/iframe",)
    ]  # fmt: skip
    shown = Shape(snippets({"level": Tree()}, None))  # type: ignore[dict-item]
    assert copied in "".join(shown.words)
