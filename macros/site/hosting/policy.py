"""How the site is to be served, read and checked: `extra.hosting` of mkdocs.yml, and what follows from it for a file;
`extra.may_frame`, on which rest the header `frame-ancestors` of the pages below /embed/, and whom such a page tells its
height; and `extra.exit_page`, where a reader who is being watched is led, off unless it is set.

Knows headers, types and caches, and no web server. `servers.py` says the same to each kind of server, and
`after/inline.py` to the pages themselves.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any, cast
from urllib.parse import urlsplit

from macros.site.stopped import Stopped

POLICY = "Content-Security-Policy"
PERMISSIONS = "Permissions-Policy"
RESOURCES = "Cross-Origin-Resource-Policy"
CACHING = "Cache-Control"

HASH = r"[0-9a-f]{8,}"
NAMED_BY_CONTENT = rf"assets/(.*[/.])?{HASH}[/.]"
"""The beginning of a name that holds a hash of the content: such an address never gives anything else."""

ALWAYS_ASKED = "no-cache"
"""For all other files: a browser may keep them, and asks each time whether they are still what it has."""

ONLY_IN_HEADERS = ("frame-ancestors", "report-to", "report-uri", "sandbox")
"""What browsers leave out of account where a page says it itself."""

DIRECTIVES = {
    *("default-src", "script-src", "style-src", "img-src", "font-src", "connect-src", "media-src", "object-src"),
    *("frame-src", "child-src", "worker-src", "manifest-src", "base-uri", "form-action", "frame-ancestors"),
}
NOTHING = "'none'"
SOURCES = {NOTHING, "'self'", "'wasm-unsafe-eval'", "data:", "blob:"}
"""All that may be allowed. Hashes are worked out from the pages; other hosts have no place in this site."""

SCHEME_ONLY = {"data:", "blob:"}
NO_CODE_FROM = {"default-src", "script-src", "worker-src", "object-src", "base-uri", "connect-src", "frame-src"}

TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
VALUE = re.compile(r"[!#-\[\]-~ ]+")
"""What may stand in a header: printable ASCII but double quotes and backslashes, which each server reads otherwise."""

NEEDED_TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".mjs": "text/javascript",
    ".wasm": "application/wasm",
}
"""What browsers must be told of a file, or they refuse it. The setting `types` must say the same."""

TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+")
ENDING = re.compile(r"\.[a-z0-9]+")
ADDRESS = re.compile(r"[a-z0-9][a-z0-9._/-]*")
BASE = re.compile(r"(/[A-Za-z0-9._-]+)*/")
DAY = 86_400

ANYONE = "*"
LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
ORIGIN = re.compile(rf"(?P<scheme>https?)://{LABEL}(?:\.{LABEL})*(?::(?P<port>[1-9][0-9]{{0,4}}))?")
USUAL_PORTS = {"http": 80, "https": 443}
LARGEST_PORT = 65535
EXIT = re.compile(r"https://[a-z0-9-]+(\.[a-z0-9-]+)+(/[A-Za-z0-9._~/-]*)?")


@dataclass(frozen=True)
class Hosting:
    """How each file of the site is to be served."""

    directives: Mapping[str, tuple[str, ...]]
    """The content policy but for the hashes of scripts, which the built pages give."""
    headers: Mapping[str, str]
    """What goes with every answer beside it, but which of a browser's features are refused."""
    refused: tuple[str, ...]
    """The features that no page may use, by their names in Permissions-Policy."""
    granted: Mapping[str, tuple[str, ...]]
    """Folders below the site's root, and which of these features their pages may use all the same."""
    for_other_sites: tuple[str, ...]
    """What other sites may show or load: folders, with a slash at their end, and files, below the site's root."""
    may_frame: tuple[str, ...]
    """The origins that may frame a tool, besides the site itself: none, some, or `*` alone for anyone."""
    days: int
    """How long a file named by its content may be kept without asking."""
    types: Mapping[str, str]
    """MIME types by the end of a name."""
    base: str
    """The path of the site on its host, with a slash at both ends."""

    def policy(self, hashes: Iterable[str], *, open_to_others: bool = False, in_page: bool = False) -> str:
        """The content policy, with the scripts that stand in pages allowed by their hashes."""
        said = {**self.directives, "script-src": (*self.directives["script-src"], *hashes)}
        if open_to_others:
            said["frame-ancestors"] = (frame_ancestors(self.may_frame),)
        return "; ".join(
            f"{name} {' '.join(sources)}" for name, sources in said.items() if not (in_page and name in ONLY_IN_HEADERS)
        )

    @property
    def nothing(self) -> str:
        """What a page says that loads and runs nothing: the part of the policy that refuses all."""
        return "; ".join(
            f"{name} {NOTHING}"
            for name, sources in self.directives.items()
            if sources == (NOTHING,) and name not in ONLY_IN_HEADERS
        )

    def headers_for(self, hashes: Iterable[str], name: str = "") -> dict[str, str]:
        """All headers of an answer but how long it may be kept, by its address below the site's root."""
        open_to_others = name.startswith(self.for_other_sites)
        headers = {POLICY: self.policy(hashes, open_to_others=open_to_others), **self.headers}
        granted = {feature for place, few in self.granted.items() if name.startswith(place) for feature in few}
        if self.refused:
            headers[PERMISSIONS] = ", ".join(f"{one}=()" for one in self.refused if one not in granted)
        return {**headers, RESOURCES: "cross-origin"} if open_to_others else headers

    @property
    def kept_for_long(self) -> str:
        """`Cache-Control` of a file that is named by its content."""
        return f"public, max-age={self.days * DAY}, immutable"

    def check_types(self, names: Iterable[str]) -> None:
        """Raises Stopped if a file has no MIME type here: browsers are told not to guess."""
        for name in names:
            ending = PurePosixPath(name).suffix
            _need(
                ending in self.types, f'hosting.types has no type for "{ending}", and the site holds {name}. Add one.'
            )


def read_hosting(extra: Mapping[str, object], site_url: str | None) -> Hosting:
    """The Hosting that mkdocs.yml states. Raises Stopped."""
    said = _table(extra, "hosting", "")
    expected = {"content_security_policy", "headers", "refused_features", "granted_features"}
    expected |= {"for_other_sites", "keep_days", "types"}
    if wrong := sorted(expected ^ set(said)):
        state = "is missing" if wrong[0] in expected else f"is unknown. There is: {', '.join(sorted(expected))}"
        _need(False, f"hosting.{wrong[0]} {state}.")
    features = _list(said, "refused_features", TOKEN, "the name of a browser's feature, such as camera")
    return Hosting(
        directives=_directives(_table(said, "content_security_policy", "hosting.")),
        headers=_headers(_table(said, "headers", "hosting.")),
        refused=features,
        granted=_granted(_table(said, "granted_features", "hosting."), features),
        for_other_sites=_list(said, "for_other_sites", ADDRESS, "an address below the site's root, such as embed/"),
        may_frame=read_framing(extra),
        days=_days(said["keep_days"]),
        types=_types(_table(said, "types", "hosting.")),
        base=_base(site_url or ""),
    )


def named_by_content(names: Iterable[str]) -> list[str]:
    """The least list of folders (with a slash at their end) and files that are named by their content, of all names."""
    found = set()
    for name in names:
        if re.match(NAMED_BY_CONTENT, name):
            folder = re.match(rf".*?/{HASH}/", name)
            found.add(folder[0] if folder else name)
    return sorted(found)


def files_of(site: Path) -> list[str]:
    """The names of all files of a built site, below its root."""
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())


def address_of(name: str) -> str:
    """The address of a file of the site, both below its root."""
    return name.removesuffix("index.html") if name == "index.html" or name.endswith("/index.html") else name


def source_of(text: str) -> str:
    """The source expression of a content policy that allows a script or style by its very text."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _need(fine: object, fault: str) -> None:
    """Raise Stopped with what is wrong, and where in `extra` of mkdocs.yml, unless all is fine."""
    if not fine:
        raise Stopped(f"mkdocs.yml: extra.{fault}")


def _table(said: Mapping[str, object], key: str, above: str) -> Mapping[str, Any]:
    table: Any = said.get(key)
    fine = isinstance(table, Mapping) and all(isinstance(name, str) for name in table)
    _need(fine, f"{above}{key} must be a table of names and values.")
    return cast(Mapping[str, Any], table)


def _list(said: Mapping[str, Any], key: str, pattern: re.Pattern[str], what: str) -> tuple[str, ...]:
    found = said[key]
    fine = isinstance(found, list) and all(isinstance(one, str) and pattern.fullmatch(one) for one in found)
    _need(fine, f"hosting.{key} must be a list; each entry is {what}.")
    return tuple(dict.fromkeys(found))


def _granted(said: Mapping[str, Any], refused: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    found = {}
    for place in said:
        fine = ADDRESS.fullmatch(place) and place.endswith("/") and place.count("/") == 1
        _need(fine, f"hosting.granted_features: {place} must be a folder of the site's root, such as training/.")
        few = _list(said, place, TOKEN, "the name of a browser's feature, such as fullscreen")
        for one in few:
            _need(one in refused, f"hosting.granted_features: {one} is refused nowhere, so it need not be granted.")
        found[place] = few
    return found


def _directives(said: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    place = "hosting.content_security_policy"
    for name, sources in said.items():
        _need(name in DIRECTIVES, f"{place}: there is no directive {name}. There is: {', '.join(sorted(DIRECTIVES))}.")
        _need(
            isinstance(sources, list) and sources and set(map(str, sources)) <= SOURCES,
            f"{place}: {name} must be a list of {', '.join(sorted(SOURCES))}. Nothing else may be allowed: "
            "the site is whole by itself, and a script of the theme that stands in a page is allowed by its hash.",
        )
        _need(NOTHING not in sources or len(sources) == 1, f"{place}: {name}: 'none' must stand alone.")
        schemes = sorted(set(sources) & SCHEME_ONLY)
        _need(name not in NO_CODE_FROM or not schemes, f"{place}: {name} must not allow {' or '.join(schemes)}.")
    for name in ("default-src", "base-uri", "form-action"):
        _need(said.get(name) == [NOTHING], f"{place}: {name} must be {[NOTHING]}.")
    for name in ("script-src", "frame-ancestors"):
        _need(name in said, f"{place}: {name} is missing.")
    return {name: tuple(sources) for name, sources in said.items()}


def _headers(said: Mapping[str, Any]) -> dict[str, str]:
    own, place = (POLICY, PERMISSIONS, CACHING), "hosting.headers"
    for name, value in said.items():
        ours = not TOKEN.fullmatch(name) or name.title() in own
        _need(not ours, f"{place}: {name} cannot be set here. {', '.join(own)} follow from the other settings.")
        fine = isinstance(value, str) and VALUE.fullmatch(value)
        _need(fine, f"{place}: {name} must be text on one line, without quotation marks and backslashes.")
    for name, value in (("X-Content-Type-Options", "nosniff"), (RESOURCES, "same-origin")):
        _need(said.get(name) == value, f"{place}: {name} must be {value}.")
    return dict(said)


def _base(site_url: str) -> str:
    base = f"{urlsplit(site_url).path.rstrip('/')}/"
    if not BASE.fullmatch(base):
        raise Stopped(
            f"The path of the site's address is {base}. It may hold letters, digits, dots, hyphens and underscores, "
            "because it stands in the settings of web servers. Choose another path."
        )
    return base


def _days(said: Any) -> int:
    fine = isinstance(said, int) and not isinstance(said, bool) and 1 <= said <= 365
    _need(fine, "hosting.keep_days must be a whole number from 1 to 365.")
    return int(said)


def _types(said: Mapping[str, Any]) -> dict[str, str]:
    for ending, kind in said.items():
        _need(
            ENDING.fullmatch(ending) and isinstance(kind, str) and TYPE.fullmatch(kind),
            f'hosting.types: "{ending}: {kind}" must be the end of a name with its dot, and a MIME type without '
            "parameters, such as .wasm: application/wasm.",
        )
    for ending, kind in NEEDED_TYPES.items():
        fine = said.get(ending) == kind
        _need(fine, f"hosting.types: {ending} must be {kind}, or browsers refuse the file.")
    return dict(said)


def frame_ancestors(may_frame: tuple[str, ...]) -> str:
    """The value of `frame-ancestors` for a tool: the site itself, and who else may frame it."""
    return ANYONE if ANYONE in may_frame else " ".join(("'self'", *may_frame))


def read_framing(extra: Mapping[str, Any]) -> tuple[str, ...]:
    """Who may frame a tool, as mkdocs.yml's `extra` states; where it says nothing, the site alone.

    Raises Stopped unless `may_frame` is a list of origins as browsers write them, or of `*` alone: an entry that
    a browser reads otherwise than its editor would let in the wrong site, or shut out the right one.
    """
    said = extra.get("may_frame", [])
    _need(
        isinstance(said, list) and all(isinstance(one, str) for one in said),
        "may_frame must be a list of text: "
        '[] for this site alone, ["https://library.example.org"] for others too, or ["*"] for anyone.',
    )
    alone = ANYONE not in said or len(said) == 1
    _need(alone, 'may_frame: "*" lets anyone in, so it must stand alone. Take the rest out.')
    for one in said:
        place, found = f'may_frame: "{one}"', ORIGIN.fullmatch(one)
        _need(
            found or one == ANYONE,
            f"{place} is not an origin. Write the scheme and the host in small letters, a port only if the address has "
            "one, and nothing behind it, not even a slash: https://library.example.org",
        )
        port = int(found["port"] or 0) if found else 0
        _need(port <= LARGEST_PORT, f"{place} has no such port. The largest is {LARGEST_PORT}.")
        usual = found and port == USUAL_PORTS[found["scheme"]]
        _need(not usual, f"{place} names the port that browsers leave out. Take :{port} away.")
    return tuple(dict.fromkeys(said))


def read_exit(extra: Mapping[str, Any]) -> str:
    """The address that "Exit this page" leads to; "" if there is no such button. Raises Stopped if it is no address."""
    said = extra.get("exit_page") or ""
    _need(
        not said or (isinstance(said, str) and EXIT.fullmatch(said)),
        f'exit_page: "{said}" must be a whole address without a question mark, such as '
        'https://www.example.org/weather, or "" for none. Choose a page that anybody may be looking at.',
    )
    return str(said)
