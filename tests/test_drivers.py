"""Each browser can be driven: shown on a page of our own, so that a failure elsewhere is not the driver's."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.drivers import Browser, ScriptError


def test_a_browser_goes_to_pages_and_evaluates_javascript(
    any_browser: Browser, serve: Callable[[Path], AbstractContextManager[str]], tmp_path: Path
) -> None:
    (tmp_path / "index.html").write_text("<!doctype html><title>One</title><h1>First page</h1>")
    (tmp_path / "two.html").write_text("<!doctype html><title>Two</title><script type=module src=two.mjs></script>")
    (tmp_path / "two.mjs").write_text("window.answer = Promise.resolve({ list: [1, 'a', null] });")
    with serve(tmp_path) as url:
        any_browser.goto(url)
        assert any_browser.evaluate("document.querySelector('h1').textContent") == "First page"
        any_browser.goto(url + "two.html")
        assert any_browser.evaluate("document.title") == "Two"
        assert any_browser.evaluate("window.answer") == {"list": [1, "a", None]}
        assert any_browser.evaluate("undefined") is None
        with pytest.raises(ScriptError, match="nothing of that name"):
            any_browser.evaluate("Promise.reject(new Error('nothing of that name'))")
