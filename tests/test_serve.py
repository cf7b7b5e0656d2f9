"""What `make serve` promises an editor: a change is shown, an error is shown, the last good site stays."""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from threading import Thread
from time import monotonic, sleep
from typing import IO, Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

from macros.site.preview.serve import Changes
from macros.site.preview.server import Preview, PreviewServer
from tests.builds import copy_sources, edit, remembering

SECONDS = 600
"""After which something is held never to come. Nothing is timed by it."""

NO_STATUS = "must be `draft` or `approved`"


class Served:
    """The server, run as `make serve` runs it, for a copy of the project."""

    def __init__(self, project: Path) -> None:
        self.project, self._said = project, project.parent / "said.txt"
        port = free_port()
        self.url = f"http://127.0.0.1:{port}/"
        with self._said.open("w") as said:
            self.process = start(project, str(port), said)

    @property
    def said(self) -> str:
        """What the terminal was told so far."""
        return self._said.read_text()

    def state(self, seen: int) -> dict[str, Any]:
        """What is shown once it is newer than version `seen`, or after a while as it is."""
        with urlopen(f"{self.url}__preview/state?{seen}", timeout=SECONDS) as response:
            return dict(json.load(response))

    def read(self, path: str) -> str:
        with urlopen(self.url + path, timeout=SECONDS) as response:
            return str(response.read().decode())

    def until_shown(self, *, trouble: str = "", words: str = "") -> None:
        """Wait until the server tells of a trouble, or of none and shows words on the home page."""
        deadline, seen = monotonic() + SECONDS, 0
        while monotonic() < deadline:
            assert self.process.poll() is None, self.said
            try:
                state = self.state(seen)
            except OSError:  # it is not there yet
                sleep(0.1)
                continue
            seen, told = state["version"], state["trouble"]
            if trouble and trouble in (told or ""):
                return
            if seen and not told and not trouble and words in self.read(""):
                return
        raise TimeoutError(f"never shown: {trouble or words}\n{self.said}")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def start(project: Path, port: str, said: IO[str] | int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "macros.site.preview.serve", "--root", str(project)]
    environment = {**os.environ, "PORT": port}
    return subprocess.Popen(command, cwd=project, env=environment, stdout=said, stderr=subprocess.STDOUT, text=True)


@dataclass
class Broken:
    """What a server says of a site that was broken from the start: of its trouble, and in place of a page."""

    status: int
    page: str


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Broken]]:
    """One server for all tests, and what it said while its project was broken from the start. By now it is sound.

    What this Python has proved of equal trees is remembered for it, so that it waits for no proof.
    """
    project = remembering(copy_sources(tmp_path_factory.mktemp("serve") / "project"))
    edit(project / "mkdocs.yml", "status: draft", "status: perhaps")
    served = Served(project)
    try:
        served.until_shown(trouble=NO_STATUS)
        with pytest.raises(HTTPError) as answer:
            served.read("")
        broken = Broken(answer.value.code, answer.value.read().decode())
        edit(project / "mkdocs.yml", "status: perhaps", "status: draft")
        served.until_shown(words="Draft, not approved")
        yield served, broken
    finally:
        served.process.kill()
        served.process.wait()


@pytest.fixture
def served(begun: tuple[Served, Broken]) -> Served:
    return begun[0]


@pytest.fixture(scope="module")
def page(begun: tuple[Served, Broken], chromium: Browser) -> Iterator[Page]:
    """A page of a browser that stays open for as long as the server runs."""
    page = chromium.new_page()
    yield page
    page.close()


def test_a_site_that_was_broken_from_the_start_shows_its_error_and_then_the_site(begun: tuple[Served, Broken]) -> None:
    served, broken = begun
    assert broken.status == 503
    assert NO_STATUS in broken.page
    assert "Draft, not approved" in served.read("")


def test_a_change_is_built_and_an_error_leaves_the_last_good_site(served: Served) -> None:
    page, tree = served.project / "docs" / "index.md", served.project / "decision_trees" / "trees" / "level.json"
    before = page.read_text()
    page.write_text(f"{before}\n\nA sentence that an editor has just added.\n")
    served.until_shown(words="A sentence that an editor has just added.")

    good = tree.read_text()
    tree.write_text(good[:-20])
    served.until_shown(trouble="level.json:")
    assert "A sentence that an editor has just added." in served.read("")
    assert "Changed: decision_trees/trees/level.json" in served.said
    assert "The last good site is still shown" in served.said

    tree.write_text(good)
    served.until_shown(words="A sentence that an editor has just added.")


def test_changed_python_is_taken_up(served: Served) -> None:
    """The Python of pages: of the engine's all trees would be proved anew, for which nothing here waits."""
    edit(served.project / "macros" / "site" / "stages.py", "self.approval.notice,", '"By no means approved",')
    served.until_shown(words="By no means approved")


@pytest.mark.browser
def test_an_open_page_shows_the_error_and_takes_up_the_fix_by_itself(served: Served, page: Page) -> None:
    page.goto(f"{served.url}procedure/levels/")
    source = served.project / "docs" / "procedure" / "levels.md"
    good = source.read_text()
    source.write_text(good + "\n\n[nowhere](nowhere.md)\n")
    expect(page.locator("#preview-trouble")).to_contain_text("nowhere.md", timeout=SECONDS * 1000)
    expect(page.get_by_role("heading", level=1)).to_contain_text("The four levels")
    source.write_text(good + "\n\nFixed by the editor.\n")
    expect(page.get_by_text("Fixed by the editor.")).to_be_visible(timeout=SECONDS * 1000)
    expect(page.locator("#preview-trouble")).to_have_count(0)


def test_an_interrupt_ends_it_with_all_said_in_sentences(served: Served) -> None:
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(timeout=SECONDS) == 0
    assert f"The site is on {served.url.rstrip('/')}" in served.said
    assert "Traceback" not in served.said


def test_a_page_that_is_closed_while_it_waits_is_no_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: Queue[None] = Queue()
    monkeypatch.setattr(PreviewServer, "shutdown_request", lambda *_: ended.put(None))
    with PreviewServer(Preview(), 0) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        with socket.create_connection(server.server_address[:2]) as page:
            page.sendall(b"GET /__preview/state?0 HTTP/1.1\r\nHost: here\r\n\r\n")
            page.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset, as by a browser
        server.preview.show(tmp_path, None)
        ended.get(timeout=SECONDS)
        server.shutdown()
    assert capsys.readouterr().err == ""


def test_a_taken_port_is_told_in_a_sentence(project: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        process = start(project, port, subprocess.PIPE)
        said, _ = process.communicate(timeout=SECONDS)
    assert process.returncode == 1
    assert f"Port {port} cannot be used" in said
    assert "make serve PORT=8001" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("path", "matters"),
    [
        ("docs/index.md", True),
        ("decision_trees/trees/level.json", True),
        ("mkdocs.yml", True),
        ("macros/__pycache__/hooks.pyc", False),
        ("README.md", False),
        ("site/index.html", False),
        ("../elsewhere/docs/index.md", False),
    ],
)
def test_only_what_the_site_is_made_from_is_watched(tmp_path: Path, path: str, matters: bool) -> None:
    root = tmp_path / "project"
    assert Changes(root, Queue()).matters((root / path).resolve()) is matters


def test_the_site_shown_last_is_removed_only_when_a_better_one_takes_its_place(tmp_path: Path) -> None:
    preview = Preview()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    preview.show(tmp_path / "one", None)
    preview.show(tmp_path / "failed", "something is wrong")
    assert (preview.site, preview.trouble) == (tmp_path / "one", "something is wrong")
    assert (tmp_path / "one").exists()
    preview.show(tmp_path / "two", None)
    assert (preview.site, preview.trouble) == (tmp_path / "two", None)
    assert not (tmp_path / "one").exists()
