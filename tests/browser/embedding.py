"""A page of somebody else's that shows the tools in frames, and the site as it is when that page may frame it.

The page is another site's: it is reached by another name of this machine (`localhost`), and on another port. It is made
from what the site itself tells editors to copy, and keeps every message that it hears.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Frame, Page

from macros.site.before.embed import frame, script
from tests.browser.tool import Tool
from tests.conftest import served
from tests.trees import published

STEP = 100
"""What heights are rounded up to."""

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>A page of the library</title>
<style>
  * {{ box-sizing: border-box }}
  body {{ max-width: 50rem; margin: 0 auto; font-family: serif }}
  iframe {{ border: 3px solid; padding: 2px }}
</style>
{head}
</head>
<body>
<h1>A page of the library</h1>
<p><label>Search the library <input id="search" autofocus></label></p>
{frames}
<p>The end of the page.</p>
</body>
</html>
"""

KEEP_MESSAGES = """
if (window === top) {
  window.heard = [];
  addEventListener("message", ({ data, origin }) => heard.push({ data, origin }));
}
"""


@dataclass(frozen=True)
class Library:
    """Another site, whose pages are written into `folder`, and the address of the site whose tools it shows."""

    folder: Path
    url: str
    tools: str

    @property
    def origin(self) -> str:
        """The other site's origin."""
        return self.url.rstrip("/")

    def write(self, name: str, tools: Sequence[str], *, scripted: bool = True, site: str = "") -> str:
        """Write a page that shows tools. Gives its address."""
        site = site or self.tools
        frames = "\n".join(frame(published().trees[tool], site) for tool in tools)
        text = PAGE.format(head=script(site) if scripted else "", frames=frames)
        (self.folder / name).write_text(text, "utf-8")
        return self.url + name


@contextmanager
def library(site: Path, folder: Path) -> Iterator[Library]:
    """Serve another site, and a copy of ours that it may frame."""
    (folder / "host").mkdir()
    with served(folder / "host") as host:
        host = host.replace("127.0.0.1", "localhost")
        ours = may_frame(site, folder / "site", f"https://library.example.org {host.rstrip('/')}")
        with served(ours) as tools:
            yield Library(folder / "host", host, tools)


def may_frame(site: Path, target: Path, origins: str) -> Path:
    """A copy of a built site that these origins may frame: the pages for frames are all that differs."""
    copytree(site, target, copy_function=os.link)
    for page in target.glob("embed/*/index.html"):
        text = page.read_text("utf-8")
        assert text.count('data-may-frame=""') == 1
        page.unlink()
        page.write_text(text.replace('data-may-frame=""', f'data-may-frame="{origins}"'), "utf-8")
    return target


def frame_of(page: Page, tool: str) -> Frame:
    """The frame of a tool on a page, once it is there: the reader scrolls to it."""
    element = page.locator(f'iframe[src$="embed/{tool}/"]')
    element.scroll_into_view_if_needed()
    found = element.element_handle().content_frame()
    assert found
    found.wait_for_load_state()
    return found


def open_tool(page: Page, tool: str) -> Tool:
    """A tool in a frame of a page."""
    return Tool(frame_of(page, tool), tool)


def expect_fit(page: Page, tool: str) -> int:
    """Wait until a frame is as tall as what is in it and no taller than a step more. Gives its height."""
    frame = frame_of(page, tool)
    frame.wait_for_function(
        """(step) => {
          const { height } = document.body.getBoundingClientRect();
          return innerHeight >= height && innerHeight - height < step;
        }""",
        arg=STEP,
    )
    assert frame.evaluate("document.documentElement.scrollHeight <= innerHeight"), "the frame scrolls inside"
    return int(frame.evaluate("innerHeight"))


def strangers(page: Page, site: str) -> list[Any]:
    """Every message that the page heard and that is anything but a height, from the site."""
    origin = f"{urlsplit(site).scheme}://{urlsplit(site).netloc}"
    return [one for one in page.evaluate("heard") if not is_height(one["data"]) or one["origin"] != origin]


def is_height(data: Any) -> bool:
    """Whether a message says how tall a frame is, rounded, and nothing else."""
    return (
        isinstance(data, dict)
        and sorted(data) == ["height", "type"]
        and data["type"] == "decision-tool:height"
        and type(data["height"]) is int
        and data["height"] > 0
        and data["height"] % STEP == 0
    )
