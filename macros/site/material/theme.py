"""What Material writes that a reader of ours could not use, fixed in the finished HTML: a table, then what applies it.

Material has no setting for any of these, and a copy of its templates would grow old. Knows Material's markup; each fix
names the reader it is for. A test sees that each still finds something to fix, so that none outlives its cause. And
the theme's own style sheet, for pages that have nothing else of the theme: those for a frame.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from macros.site.stopped import Stopped

SCRIPT = re.compile(r"assets/javascripts/bundle\.[0-9a-f]+\.min\.js")
STYLE = re.compile(r"assets/stylesheets/main\.[0-9a-f]+\.min\.css")


@dataclass(frozen=True)
class Fix:
    """A pattern in Material's HTML, what takes its place, and whom it is for."""

    pattern: str
    instead: str
    why: str
    unless: str = ""
    """Left alone on a page that holds this text."""


FIXES = (
    Fix(
        r'<a href="[^"]*" class="md-skip">',
        '<a href="#the-page" class="md-skip">',
        "It leads to the first heading of the list of contents, and on a tool's page that lies below the tool.",
    ),
    Fix(
        r'<article class="md-content__inner md-typeset">',
        '<article class="md-content__inner md-typeset" id="the-page">',
        "Where that link leads.",
    ),
    Fix(
        r'(<input class="md-toggle" [^>]*?) autocomplete="off">',
        r"\1>",
        "HTML has no such attribute on a checkbox.",
    ),
    Fix(
        r'(<label class="md-nav__link[^>]*?) tabindex="">',
        r"\1>",
        "An empty tabindex is not a number.",
    ),
    Fix(
        r'<label class="md-nav__title" for="__toc">(.*?)</label>',
        r'<span class="md-nav__title">\1</span>',
        "The first page of a section has no such box: the label would lead nowhere.",
        unless='id="__toc"',
    ),
    Fix(
        r'(<nav class="md-nav"[^>]*?) aria-expanded="(?:true|false)"',
        r"\1",
        "A navigation cannot be expanded; some screen readers say that it is.",
    ),
    Fix(
        r'(<a class="headerlink" href="[^"]*") title="[^"]*">',
        r'\1 title="Link to this part" tabindex="-1" aria-hidden="true">',
        "Or each heading is read with “number sign, link” at its end. “On this page” holds the same links.",
    ),
    Fix(
        r'<div class="md-search" data-md-component="search" role="dialog">',
        '<div class="md-search" data-md-component="search">',
        "It has no name and holds nobody back, so it is no dialog; the search inside it is a landmark of its own.",
    ),
    Fix(
        r'(<input type="text" class="md-search__input" name="query" aria-label="[^"]*")',
        r'\1 aria-description="Use the down arrow to go through what was found."',
        "Nothing else says that arrows, not Tab, lead to the results.",
    ),
    Fix(
        r'<div class="md-search-result__meta">',
        '<div class="md-search-result__meta" role="status">',
        "How many pages were found is announced while the focus stays in the field (WCAG 4.1.3).",
    ),
    Fix(
        r'"search\.result\.none": "[^"]*"',
        '"search.result.none": "The procedure and these pages do not use what you typed. Try another word."',
        "“No matching documents” leaves open whether the search failed or the procedure is silent.",
    ),
)


LATER_WORKER = """function laterWorker(address) {
  const here = new EventTarget();
  let worker;
  here.postMessage = (what) => {
    worker ??= new Worker(address);
    worker.onmessage = ({ data }) => here.dispatchEvent(new MessageEvent("message", { data }));
    worker.postMessage(what);
  };
  return here;
}
"""
"""What stands in for a worker until the first message to it."""

SCRIPT_FIXES = (
    Fix(
        r'location\.protocol!=="file:"\),',
        "!1),",
        "Who does not search should not wait for the search: its index comes when the box is opened, as it does where "
        "pages are opened as files. What was typed by then is looked for once it is there.",
    ),
    Fix(r"=new Worker\(", "=laterWorker(", "The same, for the worker that searches."),
    Fix(
        r'"link\[rel=alternate\]"',
        '"link[rel=alternate][hreflang]"',
        "It takes the feed for the page in another language, and asks for the map of the site on every page.",
    ),
)
UNUSED = re.compile(r"assets/javascripts/lunr/.*|assets/stylesheets/palette\..*|assets/.*\.map")
"""Files of the theme that no page asks for: searches in other languages, its own colours, what its authors look at."""


def fixed_script(source: str) -> str:
    """The theme's script with every fix. Raises Stopped if one does not have just one place."""
    for fix in SCRIPT_FIXES:
        source, places = re.subn(fix.pattern, fix.instead, source)
        if places != 1:
            raise Stopped(
                f"The theme's script has {places} places for a fix, and it should have one: {fix.pattern} ({fix.why}) "
                "Look what its version does there, and mend SCRIPT_FIXES in macros/site/material/theme.py."
            )
    return LATER_WORKER + re.sub(r"//# sourceMappingURL=.*", "", source)


def script_name(source: str) -> str:
    """The address of the theme's script in the site, named by its content."""
    return f"assets/javascripts/bundle.{sha256(source.encode()).hexdigest()[:8]}.min.js"


def fixed(html: str) -> str:
    """A page of the site with every fix that it has a place for."""
    for fix in FIXES:
        if not fix.unless or fix.unless not in html:
            html = re.sub(fix.pattern, fix.instead, html, flags=re.DOTALL)
    return html


def theme_file(files: Iterable[str], name: re.Pattern[str]) -> str:
    """The one of the site's files that the theme brings by this name, SCRIPT or STYLE, which holds a hash.

    Raises Stopped unless there is one.
    """
    found = [file for file in files if name.fullmatch(file)]
    if len(found) != 1:
        raise Stopped(
            f"The theme has no {name.pattern}, and no page would be right without it. Look what its version calls it, "
            "and mend SCRIPT or STYLE in macros/site/material/theme.py."
        )
    return found[0]
