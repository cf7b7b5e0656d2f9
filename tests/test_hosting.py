"""How the site is to be served: one policy, said alike to every server and in every page, and never a looser one."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml

from macros.site.after.inline import inline_of, write_policy
from macros.site.hosting import servers as hosts
from macros.site.hosting.policy import (
    ALWAYS_ASKED,
    CACHING,
    NEEDED_TYPES,
    PERMISSIONS,
    POLICY,
    RESOURCES,
    Hosting,
    files_of,
    named_by_content,
    read_hosting,
)
from macros.site.hosting.servers import Served
from macros.site.links.redirects import MARK as REDIRECT_MARK
from macros.site.preview.server import PreviewHandler
from macros.site.stopped import Stopped
from tests.builds import ROOT


def settings() -> dict[str, Any]:
    """`extra` of mkdocs.yml, without what only MkDocs can read."""
    text = (ROOT / "mkdocs.yml").read_text("utf-8")
    part = re.search(r"^extra:\n(?:(?: .*)?\n)+", text, re.MULTILINE)
    assert part
    return dict(yaml.safe_load(part[0])["extra"])


@pytest.fixture(scope="module")
def policy() -> Hosting:
    return read_hosting(settings(), None)


SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>(.*?)</script>", re.DOTALL)
META = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')


def hashes_in(page: str) -> set[str]:
    found = SCRIPT.findall(page)
    return {f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in found}


def pages(site: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(site.rglob("*.html")):
        yield path.relative_to(site).as_posix(), path.read_text("utf-8")


def directives(policy: str) -> dict[str, set[str]]:
    return {name: set(sources) for name, *sources in (part.split() for part in policy.split(";"))}


# ---- what a page says of itself


def test_every_page_states_its_policy_once_before_it_loads_or_runs_anything(site: Path) -> None:
    seen = 0
    for name, page in pages(site):
        said = META.findall(page)
        assert len(said) == 1, name
        before = page[: page.index("<meta http-equiv=")]
        assert not re.search(r"<(script|link|style|img)\b", before), name
        assert len(page[: page.index("charset=")].encode()) < 1000, name  # browsers look for it in the first 1024 bytes
        assert '<meta name="referrer" content="no-referrer">' in page.partition("<link")[0], name
        seen += 1
    assert seen > 30


def test_a_page_allows_its_own_scripts_by_their_hashes_and_no_other_and_nothing_unsafe(site: Path) -> None:
    assert len([name for name, page in pages(site) if hashes_in(page)]) > 30
    for name, page in pages(site):
        said = directives(META.findall(page)[0])
        assert said["default-src"] == {"'none'"}, name
        if REDIRECT_MARK in page and "<script" not in page:
            assert said == {part: {"'none'"} for part in ("default-src", "base-uri", "form-action")}, name
            continue
        assert said["script-src"] == {"'self'", "'wasm-unsafe-eval'", *hashes_in(page)}, name
        assert said["style-src"] == {"'self'"}, name
        assert "frame-ancestors" not in said, name
        assert not {source for sources in said.values() for source in sources if "unsafe" in source} - {
            "'wasm-unsafe-eval'"
        }, name


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ('<article><p style="color: red">a</p></article>', "style"),
        ("<style>p { color: red }</style>", "style"),
        ('<button onclick="go()">a</button>', "onclick"),
        ('<a href=" JavaScript:go()">a</a>', "JavaScript:"),
        ("<article><script>go()</script></article>", "script"),
        ('<base href="https://elsewhere.example/">', "base"),
    ],
)
def test_what_a_policy_would_block_stops_the_build_and_names_page_and_fault(
    tmp_path: Path, policy: Hosting, words: str, said: str
) -> None:
    (tmp_path / "tools").mkdir()
    page = tmp_path / "tools" / "index.html"
    page.write_text(f'<!doctype html><html lang="en"><head><meta charset="utf-8"></head><body>{words}</body></html>')
    with pytest.raises(Stopped, match=rf"tools/index\.html: .*{said}"):
        write_policy(tmp_path, policy)


@pytest.mark.parametrize(
    "head", ["<title>a</title>", '<link rel="icon" href="a"><meta charset="utf-8">', "<script>1</script>"]
)
def test_a_page_without_a_place_for_its_policy_stops_the_build(tmp_path: Path, policy: Hosting, head: str) -> None:
    (tmp_path / "index.html").write_text(f"<html><head>{head}</head><body></body></html>")
    with pytest.raises(Stopped, match=r"index\.html: .*meta charset"):
        write_policy(tmp_path, policy)


def test_scripts_are_told_from_data_and_from_files() -> None:
    page = (
        '<meta charset="utf-8"><script>one < 2 && "</p>"</script><script type="module">two</script>'
        '<script type="application/json">{"no": 1}</script><script src="a.js"></script>'
        '<script type="importmap">{}</script>'
    )
    assert inline_of(page).scripts == ['one < 2 && "</p>"', "two", "{}"]


# ---- what stands in mkdocs.yml


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    extra = deepcopy(settings())
    change(extra["hosting"])
    return extra


CSP = "content_security_policy"
WRONG: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "no policy": (lambda h: h.pop(CSP), CSP),
    "unknown key": (lambda h: h.update(hsts=True), "hsts"),
    "unsafe inline": (lambda h: h[CSP]["script-src"].append("'unsafe-inline'"), "script-src"),
    "unsafe eval": (lambda h: h[CSP]["script-src"].append("'unsafe-eval'"), "script-src"),
    "typed hash": (lambda h: h[CSP]["script-src"].append("'sha256-abc='"), "script-src"),
    "another host": (lambda h: h[CSP]["connect-src"].append("https://counter.example"), "connect-src"),
    "any host": (lambda h: h[CSP].update({"img-src": ["*"]}), "img-src"),
    "scripts from data": (lambda h: h[CSP]["script-src"].append("data:"), "script-src"),
    "workers from blobs": (lambda h: h[CSP]["worker-src"].append("blob:"), "worker-src"),
    "everything by default": (lambda h: h[CSP].update({"default-src": ["'self'"]}), "default-src"),
    "forms": (lambda h: h[CSP].update({"form-action": ["'self'"]}), "form-action"),
    "none and more": (lambda h: h[CSP].update({"img-src": ["'none'", "data:"]}), "img-src"),
    "sources as text": (lambda h: h[CSP].update({"img-src": "'self'"}), "img-src"),
    "no sources": (lambda h: h[CSP].update({"img-src": []}), "img-src"),
    "misspelt directive": (lambda h: h[CSP].update({"scripts-src": ["'self'"]}), "scripts-src"),
    "no framing": (lambda h: h[CSP].pop("frame-ancestors"), "frame-ancestors"),
    "types guessed": (lambda h: h["headers"].pop("X-Content-Type-Options"), "nosniff"),
    "open to all": (lambda h: h["headers"].update({RESOURCES: "cross-origin"}), RESOURCES),
    "header of two lines": (lambda h: h["headers"].update({"X-A": "a\nSet-Cookie: b"}), "X-A"),
    "header that ends its quotes": (lambda h: h["headers"].update({"X-A": 'a"; return 200 "'}), "X-A"),
    "header with a colon": (lambda h: h["headers"].update({"X-A: b": "a"}), "X-A: b"),
    "caching by hand": (lambda h: h["headers"].update({"cache-control": "public"}), "cache-control"),
    "granted outside": (lambda h: h.update(granted_features={"a/b/": ["fullscreen"]}), "granted_features"),
    "granted without need": (lambda h: h.update(granted_features={"training/": ["clipboard"]}), "granted_features"),
    "feature in words": (lambda h: h.update(refused_features=["the camera"]), "refused_features"),
    "address from the root": (lambda h: h.update(for_other_sites=["/embed/"]), "for_other_sites"),
    "address with a blank": (lambda h: h.update(for_other_sites=["a {"]), "for_other_sites"),
    "for ever": (lambda h: h.update(keep_days=3650), "keep_days"),
    "days in words": (lambda h: h.update(keep_days="a year"), "keep_days"),
    "type with parameters": (lambda h: h["types"].update({".css": "text/css; charset=utf-8"}), ".css"),
    "ending without a dot": (lambda h: h["types"].update({"css": "text/css"}), "css"),
    "wasm as a stream": (lambda h: h["types"].update({".wasm": "application/octet-stream"}), ".wasm"),
    "mjs left out": (lambda h: h["types"].pop(".mjs"), ".mjs"),
}


@pytest.mark.parametrize("fault", WRONG)
def test_a_policy_with_a_hole_or_a_slip_is_refused_and_named(fault: str) -> None:
    change, said = WRONG[fault]
    with pytest.raises(Stopped, match=re.escape(said)):
        read_hosting(changed(change), None)


@pytest.mark.parametrize("extra", [{}, {"hosting": None}, {"hosting": []}, {"hosting": "strict"}])
def test_a_site_without_a_policy_is_not_built(extra: dict[str, Any]) -> None:
    with pytest.raises(Stopped, match="hosting"):
        read_hosting(extra, None)


def test_who_may_frame_is_read_by_its_own_rules() -> None:
    with pytest.raises(Stopped, match="may_frame"):
        read_hosting({**settings(), "may_frame": ["library.example"]}, None)


@pytest.mark.parametrize(
    ("site_url", "base"),
    [
        (None, "/"),
        ("", "/"),
        ("https://a.example", "/"),
        ("https://a.example/b/c", "/b/c/"),
        ("https://a.example/b/", "/b/"),
    ],
)
def test_the_path_of_the_address_is_the_base(site_url: str | None, base: str) -> None:
    assert read_hosting(settings(), site_url).base == base


def test_a_path_that_a_server_would_read_otherwise_is_refused() -> None:
    with pytest.raises(Stopped, match="path"):
        read_hosting(settings(), "https://a.example/b;return 200/")


def test_a_file_without_a_type_is_named(policy: Hosting) -> None:
    with pytest.raises(Stopped, match=r'"\.pdf".*docs/a\.pdf'):
        policy.check_types(["index.html", "docs/a.pdf"])


def test_types_are_the_same_wherever_they_are_said(policy: Hosting, site: Path) -> None:
    kept = json.loads((site / "offline.json").read_text("utf-8"))["files"].items()
    said = {Path(name or "/index.html").suffix or ".html": file["type"] for name, file in kept}
    assert len(said) > 8
    assert said.items() <= policy.types.items()
    assert NEEDED_TYPES.items() <= policy.types.items()
    assert NEEDED_TYPES.items() <= PreviewHandler.extensions_map.items()


# ---- which files may be kept


def test_files_named_by_their_content_are_found_and_no_page_and_no_worker_is(site: Path) -> None:
    found = named_by_content(files_of(site))
    engine = next((site / "assets" / "engine").iterdir()).name
    training = next((site / "assets" / "training").glob("*.json")).name
    assert f"assets/engine/{engine}/" in found
    assert f"assets/training/{training}" in found
    assert any(re.fullmatch(r"assets/javascripts/bundle\.[0-9a-f]{8}\.min\.js", name) for name in found)
    wrong = [name for name in found if name.endswith((".html", "sw.js", "offline.json"))]
    assert wrong == []
    assert "assets/site/search-words.js" not in found


def test_the_worker_on_a_device_takes_the_same_files_for_named_by_content(site: Path) -> None:
    source = (site / "sw.js").read_text("utf-8")
    said = json.loads(re.search(r"const SETTINGS = (.*);", source)[1])["named"]  # type: ignore[index]
    assert "new RegExp(`^${SETTINGS.named}`)" in source
    files = files_of(site)
    named = tuple(named_by_content(files))
    theirs = {name for name in files if re.search(f"^{said}", name)}
    ours = {name for name in files if name.startswith(named)}
    assert theirs == ours
    assert len(ours) > 10


# ---- what every server is told


def underscore(text: str) -> Callable[[str], dict[str, str]]:
    """A host that reads `_headers`, of the strictest kind: two rules that name one header are an error."""
    rules: dict[str, dict[str, str]] = {}
    for line in text.splitlines():
        if line.startswith("/"):
            assert line not in rules
            address = line
            rules[address] = {}
        elif line.startswith("  "):
            name, _, value = line.strip().partition(": ")
            rules[address][name] = value

    def answer(address: str) -> dict[str, str]:
        headers: dict[str, str] = {}
        for rule, said in rules.items():
            if address.startswith(rule[:-1]) if rule.endswith("*") else address == rule:
                assert not said.keys() & headers.keys(), (address, rule)
                headers |= said
        return headers

    return answer


def azure(text: str) -> Callable[[str], dict[str, str]]:
    """Azure Static Web Apps: the first route that fits, over the headers of all."""
    said = json.loads(text)

    def answer(address: str) -> dict[str, str]:
        for route in said["routes"]:
            pattern = route["route"]
            if address.startswith(pattern[:-1]) if pattern.endswith("*") else address == pattern:
                return {**said["globalHeaders"], **route.get("headers", {}), **_status(route)}
        return dict(said["globalHeaders"])

    return answer


def _status(route: dict[str, Any]) -> dict[str, str]:
    return {"status": str(route["statusCode"])} if "statusCode" in route else {}


def iis(text: str) -> Callable[[str], dict[str, str]]:
    """IIS: the file's own settings, then those of each location on the way to an address."""
    root = ET.fromstring(text)

    def taken(server: ET.Element, headers: dict[str, str]) -> dict[str, str]:
        for one in server.iterfind("httpProtocol/customHeaders/*"):
            if one.tag == "remove":
                headers.pop(one.attrib["name"], None)
            else:
                assert one.attrib["name"] not in headers  # a second one is an error of the server's
                headers[one.attrib["name"]] = one.attrib["value"]
        for cache in server.iterfind("staticContent/clientCache"):
            headers[CACHING] = ALWAYS_ASKED if cache.attrib["cacheControlMode"] == "DisableCache" else _age(cache)
        return headers

    def answer(address: str) -> dict[str, str]:
        headers = taken(root.find("system.webServer") or ET.Element("none"), {})
        for location in root.iterfind("location"):
            path = f"/{location.attrib['path']}"
            if address == path or address.startswith(f"{path}/"):
                headers = taken(location.find("system.webServer") or ET.Element("none"), headers)
        return headers

    return answer


def _age(cache: ET.Element) -> str:
    days = int(cache.attrib["cacheControlMaxAge"].partition(".")[0])
    public, immutable = cache.attrib["cacheControlCustom"].split(", ")
    return f"{public}, max-age={days * 86400}, {immutable}"


SERVERS = {hosts.HEADERS: underscore, hosts.AZURE: azure, hosts.IIS: iis}

WITH_EMBEDS = ("embed/level/index.html", "embed/index.html")


@pytest.fixture(scope="module")
def served(site: Path, policy: Hosting) -> Served:
    """The built site, with pages for others' frames and somebody who may frame them."""
    hashes = {one for _, page in pages(site) for one in hashes_in(page)}
    framed = read_hosting({**settings(), "may_frame": ["https://library.example"]}, None)
    names = {name for name in files_of(site) if name not in hosts.IN_SITE} | set(WITH_EMBEDS)
    return Served(framed, tuple(sorted(hashes)), tuple(sorted(names)))


def address_of(name: str) -> str:
    return f"/{name.removesuffix('index.html') if name.endswith('/index.html') or name == 'index.html' else name}"


@pytest.mark.parametrize("host", SERVERS)
def test_every_server_is_told_the_same_of_every_file(served: Served, host: str) -> None:
    answer = SERVERS[host](hosts.HOSTS[host](served))
    kept = tuple(named_by_content(served.names))
    for name in served.names:
        expected = served.hosting.headers_for(served.hashes, name)
        expected[CACHING] = served.hosting.kept_for_long if name.startswith(kept) else ALWAYS_ASKED
        said = answer(address_of(name))
        if host == hosts.HEADERS:  # such hosts have files asked for each time by themselves
            said.setdefault(CACHING, ALWAYS_ASKED)
        assert said == expected, name


def test_only_what_is_for_other_sites_can_be_framed_and_by_those_alone_that_may(served: Served) -> None:
    headers_for_others = served.hosting.headers_for(served.hashes, "embed/level/index.html")
    own, others = (directives(headers[POLICY])["frame-ancestors"] for headers in (served.headers, headers_for_others))
    assert own == {"'none'"}
    assert others == {"'self'", "https://library.example"}
    assert (served.headers[RESOURCES], headers_for_others[RESOURCES]) == ("same-origin", "cross-origin")


def test_the_projected_pages_alone_may_fill_the_screen_and_keep_it_lit(served: Served) -> None:
    names = (*served.names, "training/session/index.html", "training-day/index.html")
    for host, reader in SERVERS.items():
        said = reader(hosts.HOSTS[host](replace(served, names=names)))
        for feature in ("fullscreen", "screen-wake-lock"):
            assert f"{feature}=()" not in said("/training/session/")[PERMISSIONS], host
            assert f"{feature}=()" in said("/training-day/")[PERMISSIONS], host
            assert f"{feature}=()" in said("/")[PERMISSIONS], host
        assert "camera=()" in said("/training/session/")[PERMISSIONS], host


def test_a_folder_that_only_begins_like_one_for_others_is_not_open_to_them(served: Served) -> None:
    names = (*served.names, "embedding/index.html")
    for host, reader in SERVERS.items():
        said = reader(hosts.HOSTS[host](replace(served, names=names)))("/embedding/")
        assert directives(said[POLICY])["frame-ancestors"] == {"'none'"}, host


def test_a_page_that_is_not_there_is_answered_by_the_page_that_says_so(served: Served) -> None:
    below = replace(served, hosting=replace(served.hosting, base="/a/b/"))
    assert json.loads(hosts.azure(below))["responseOverrides"]["404"]["rewrite"] == "/a/b/404.html"
    error = ET.fromstring(hosts.iis(below)).find("system.webServer/httpErrors/error")
    assert error is not None
    assert (error.attrib["path"], error.attrib["responseMode"]) == (r"a\b\404.html", "File")
    assert "error_page 404 /a/b/404.html;" in hosts.nginx(below)


def test_the_settings_of_one_server_are_not_given_out_by_another(served: Served) -> None:
    for name in (hosts.HEADERS, hosts.IIS):
        assert azure(hosts.azure(served))(f"/{name}")["status"] == "404"
    hidden = ET.fromstring(hosts.iis(served)).iterfind(".//hiddenSegments/add")
    assert {one.attrib["segment"] for one in hidden} == {hosts.HEADERS, hosts.AZURE}


def test_settings_that_a_host_would_cut_off_stop_the_build(served: Served) -> None:
    many = [f"https://library-{n}.example" for n in range(100)]
    crowded = replace(served, hosting=read_hosting({**settings(), "may_frame": many}, None))
    with pytest.raises(Stopped, match="may_frame"):
        hosts.underscore_headers(crowded)
    crowded = replace(served, hosting=read_hosting({**settings(), "may_frame": many * 4 + many}, None))
    wordy = replace(crowded.hosting, headers={**crowded.hosting.headers, "X-Long": "a" * 20_000})
    with pytest.raises(Stopped, match="Azure"):
        hosts.azure(replace(crowded, hosting=wordy))


def test_the_settings_lie_where_their_servers_look_for_them_and_nginxs_beside_the_site(site: Path) -> None:
    assert {name for name in hosts.HOSTS if (site / name).is_file()} == {hosts.HEADERS, hosts.AZURE, hosts.IIS}
    assert (hosts.beside(site) / hosts.NGINX).is_file()
    listed = json.loads((site / "offline.json").read_text("utf-8"))["files"]
    assert not {name for name in hosts.HOSTS if name in listed}


def test_the_published_settings_are_those_of_the_built_pages(site: Path, policy: Hosting) -> None:
    hashes = {one for _, page in pages(site) for one in hashes_in(page)}
    published = underscore((site / hosts.HEADERS).read_text("utf-8"))("/")[POLICY]
    assert directives(published)["script-src"] == {"'self'", "'wasm-unsafe-eval'", *hashes}
    assert published in (hosts.beside(site) / hosts.NGINX).read_text("utf-8")
