"""What `make serve` promises an editor: a change is shown, an error is shown, the last good site stays."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from time import monotonic, sleep
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from macros.site.preview.serve import Changes
from macros.site.preview.server import Preview

SECONDS = 600
"""After which something is held never to come. Nothing is timed by it."""


class Served:
    """The server, run as `make serve` runs it, for a copy of the project."""

    def __init__(self, project: Path) -> None:
        self.url = f"http://127.0.0.1:{free_port()}/"
        self.process = start(project, self.url.rsplit(":", 1)[1].strip("/"))

    @property
    def state(self) -> dict[str, object]:
        with urlopen(f"{self.url}__preview/state", timeout=SECONDS) as response:
            return dict(json.load(response))

    def read(self, path: str) -> str:
        with urlopen(self.url + path, timeout=SECONDS) as response:
            return str(response.read().decode())

    def wait_for_build(self, number: int) -> dict[str, object]:
        """Wait for the end of the build `number`, from 1. Returns the state then."""
        deadline = monotonic() + SECONDS
        while monotonic() < deadline:
            assert self.process.poll() is None, self.process.communicate()
            try:
                if (state := self.state)["version"] >= number:  # type: ignore[operator]
                    return state
            except OSError:
                pass
            sleep(0.1)
        raise TimeoutError(f"build {number} did not end within {SECONDS} seconds")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def start(project: Path, port: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "macros.site.preview.serve", "--root", str(project)]
    environment = {**os.environ, "PORT": port}
    return subprocess.Popen(
        command, cwd=project, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


@pytest.fixture
def served(project: Path) -> Iterator[Served]:
    served = Served(project)
    try:
        yield served
    finally:
        served.process.kill()
        served.process.communicate()


def test_a_change_is_built_and_an_error_leaves_the_last_good_site(project: Path, served: Served) -> None:
    assert served.wait_for_build(1)["trouble"] is None
    page, tree = project / "docs" / "index.md", project / "decision_trees" / "trees" / "level.json"

    page.write_text(page.read_text() + "\n\nA sentence that an editor has just added.\n")
    assert served.wait_for_build(2)["trouble"] is None
    assert "A sentence that an editor has just added." in served.read("")

    good = tree.read_text()
    tree.write_text(good[:-20])
    assert "level.json:" in str(served.wait_for_build(3)["trouble"])
    assert "A sentence that an editor has just added." in served.read("")

    tree.write_text(good)
    assert served.wait_for_build(4)["trouble"] is None

    served.process.send_signal(signal.SIGINT)
    said, _ = served.process.communicate(timeout=SECONDS)
    assert served.process.returncode == 0
    assert f"The site is on {served.url.rstrip('/')}" in said
    assert "Changed: decision_trees/trees/level.json" in said
    assert "The last good site is still shown" in said
    assert "Traceback" not in said


def test_changed_python_is_taken_up(project: Path, served: Served) -> None:
    served.wait_for_build(1)
    approval = project / "macros" / "engine" / "model" / "approval.py"
    approval.write_text(approval.read_text().replace("Draft, not approved", "Draft, by no means approved"))
    assert served.wait_for_build(2)["trouble"] is None
    assert "Draft, by no means approved" in served.read("")


@pytest.mark.browser
def test_an_open_page_shows_the_error_and_takes_up_the_fix_by_itself(project: Path, served: Served, page: Page) -> None:
    served.wait_for_build(1)
    page.goto(f"{served.url}procedure/levels/")
    source = project / "docs" / "procedure" / "levels.md"
    good = source.read_text()
    source.write_text(good + "\n\n[nowhere](nowhere.md)\n")
    expect(page.locator("#preview-trouble")).to_contain_text("nowhere.md", timeout=SECONDS * 1000)
    expect(page.get_by_role("heading", level=1)).to_contain_text("The four levels")
    source.write_text(good + "\n\nFixed by the editor.\n")
    expect(page.get_by_text("Fixed by the editor.")).to_be_visible(timeout=SECONDS * 1000)
    expect(page.locator("#preview-trouble")).to_have_count(0)


def test_a_site_that_was_broken_from_the_start_shows_its_error_and_then_the_site(project: Path) -> None:
    config = project / "mkdocs.yml"
    good = config.read_text()
    config.write_text(good.replace("status: draft", "status: perhaps"))
    served = Served(project)
    try:
        assert "must be `draft` or `approved`" in str(served.wait_for_build(1)["trouble"])
        with pytest.raises(HTTPError) as answer:
            served.read("")
        assert answer.value.code == 503
        assert "must be `draft` or `approved`" in answer.value.read().decode()
        config.write_text(good)
        assert served.wait_for_build(2)["trouble"] is None
        assert "Draft, not approved" in served.read("")
    finally:
        served.process.kill()
        served.process.communicate()


def test_a_taken_port_is_told_in_a_sentence(project: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        process = start(project, port)
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
