"""Who may frame the tools: the setting, read strictly."""

from __future__ import annotations

import pytest

from macros.site.hosting.policy import frame_ancestors, read_framing
from macros.site.stopped import Stopped


@pytest.mark.parametrize(
    ("said", "origins", "ancestors"),
    [
        ({}, (), "'self'"),
        ({"may_frame": []}, (), "'self'"),
        ({"may_frame": ["*"]}, ("*",), "*"),
        (
            {"may_frame": ["https://library.example.org", "http://intranet:8080"]},
            ("https://library.example.org", "http://intranet:8080"),
            "'self' https://library.example.org http://intranet:8080",
        ),
        ({"may_frame": ["https://a.example", "https://a.example"]}, ("https://a.example",), "'self' https://a.example"),
    ],
)
def test_what_may_be_said(said: dict[str, object], origins: tuple[str, ...], ancestors: str) -> None:
    assert read_framing(said) == origins
    assert frame_ancestors(read_framing(said)) == ancestors


@pytest.mark.parametrize(
    "said",
    [
        None,
        "*",
        "https://library.example.org",
        {"https://library.example.org": True},
        [1],
        [None],
        [["https://library.example.org"]],
        ["*", "https://library.example.org"],
        [""],
        ["library.example.org"],
        ["//library.example.org"],
        ["https://"],
        ["https://library.example.org/"],
        ["https://library.example.org/page"],
        ["https://library.example.org?x"],
        ["https://library.example.org#x"],
        ["https://user@library.example.org"],
        ["https://*.example.org"],
        ["https://*"],
        ["https:"],
        ["null"],
        ["'none'"],
        ["data:"],
        ["file://library"],
        ["javascript://library.example.org"],
        ["https://Library.example.org"],
        ["HTTPS://library.example.org"],
        ["https://library.example.org:443"],
        ["http://library.example.org:80"],
        ["https://library.example.org:0"],
        ["https://library.example.org:65536"],
        ["https://library.example.org:"],
        ["https://library..example.org"],
        ["https://-library.example.org"],
        ["https://bücherei.example"],
        [" https://library.example.org"],
        ["https://library.example.org\n"],
        ["https://library.example.org; script-src *"],
        ["https://library.example.org https://other.example.org"],
        ["https://good.example", "bad"],
    ],
    ids=repr,
)
def test_what_is_refused_says_where_and_how_to_mend_it(said: object) -> None:
    with pytest.raises(Stopped, match=r"^mkdocs\.yml: extra\.may_frame"):
        read_framing({"may_frame": said})
