"""The settings of web servers, each written from the one Hosting: nginx, IIS, Azure Static Web Apps and `_headers`.

Knows how each server is told; what is to be told stands in `policy.py`. Three of the files lie in the site's root,
where their servers look for them and give them to nobody. nginx's lies beside the site, because whoever may change
pages should not be able to change a server's settings.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from macros.site.hosting.compress import PACKED
from macros.site.hosting.policy import (
    ALWAYS_ASKED,
    CACHING,
    NAMED_BY_CONTENT,
    Hosting,
    files_of,
    named_by_content,
)
from macros.site.stopped import Stopped

HEADERS, AZURE, IIS, NGINX = "_headers", "staticwebapp.config.json", "web.config", "nginx.conf"
IN_SITE = (HEADERS, AZURE, IIS)
NOT_FOUND = "404.html"
BESIDE = "-hosting"
"""Ends the name of the folder beside the site that holds what must not lie in it."""

WRITTEN = "Written by `make site` from extra.hosting of mkdocs.yml. Change it there: the next build writes this anew."
TEXT = ("text/", "application/json", "application/xml", "application/atom+xml", "image/svg+xml")
"""The beginnings of types whose files are text in UTF-8."""

AZURE_BYTES = 20_000
HEADERS_RULES = 100
HEADERS_LINE = 2000
"""What Azure takes as a whole, and the least that a host with `_headers` takes: rules, and characters in a line."""
FIX = "Shorten extra.may_frame or extra.hosting, or take scripts out of pages."


@dataclass(frozen=True)
class Served:
    """A built site, as the settings speak of it."""

    hosting: Hosting
    hashes: tuple[str, ...]
    names: tuple[str, ...]
    """All its files, but the settings themselves."""

    @property
    def headers(self) -> dict[str, str]:
        """The headers of what is for this site alone."""
        return self.hosting.headers_for(self.hashes)

    @property
    def apart(self) -> dict[str, dict[str, str]]:
        """The folders and files, of those that there are, for which other headers hold: open to other sites, or granted
        a feature. With all headers of each.
        """
        places = (*self.hosting.for_other_sites, *self.hosting.granted)
        there = (one for one in places if any(name.startswith(one) for name in self.names))
        return {place: self.hosting.headers_for(self.hashes, place) for place in there}

    @property
    def kept(self) -> dict[str, dict[str, str]]:
        """Folders and files that may be kept for long, with the header that says so."""
        return {place: {CACHING: self.hosting.kept_for_long} for place in named_by_content(self.names)}

    @property
    def elsewhere(self) -> dict[str, dict[str, str]]:
        """The addresses below which something else holds than for the rest of the site: the headers that differ."""
        apart = {
            place: {name: value for name, value in headers.items() if self.headers.get(name) != value}
            for place, headers in self.apart.items()
        }
        return {**self.kept, **apart}


def beside(site: Path) -> Path:
    """The folder of settings that belongs to the site in folder `site`."""
    return site.with_name(site.name + BESIDE)


def write_hosts(site: Path, hosting: Hosting, hashes: list[str]) -> None:
    """Write the settings of every server for a built site. Raises Stopped if the site does not fit one of them."""
    names = tuple(name for name in files_of(site) if name not in IN_SITE and not name.endswith(PACKED))
    hosting.check_types(names)
    served = Served(hosting, tuple(hashes), names)
    for name, written in HOSTS.items():
        folder = site if name in IN_SITE else beside(site)
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(written(served), "utf-8")


# ---- nginx


def nginx(served: Served) -> str:
    """Locations for a `server` block, to be included there."""
    hosting, base = served.hosting, served.hosting.base
    redirect = _block(f"location = {base.rstrip('/')}", "absolute_redirect off;", f"return 301 {base};")
    texts = {kind for kind in hosting.types.values() if kind.startswith(TEXT) and kind != "text/html"}
    kept = {**served.headers, CACHING: hosting.kept_for_long}
    lines = [
        f"# {WRITTEN}",
        "# Name this file with `include` in a server block. `root` of that block must lead to the folder",
        f"# in which {base} is the site." if base != "/" else "# that holds the site.",
        "",
        *([*redirect, ""] if base != "/" else ()),
        *_block(
            f"location ^~ {base}",
            "index index.html;",
            f"error_page 404 {base}{NOT_FOUND};",
            "absolute_redirect off; # or a redirect names the port that nginx itself listens on",
            "server_tokens off;",
            "etag on;",
            "gzip_static on; # gives the .gz beside a file to whoever takes it",
            "gzip_vary on;",
            "charset utf-8;",
            f"charset_types {' '.join(sorted(texts))};",
            "default_type application/octet-stream;",
            *_block("types", *(f"{kind} {ending[1:]};" for ending, kind in hosting.types.items())),
            *_add_headers({**served.headers, CACHING: ALWAYS_ASKED}),
            "",
            "# Named by a hash of what is in them.",
            *_block(f'location ~ "^{base}{NAMED_BY_CONTENT}"', *_add_headers(kept)),
            *(line for address, headers in served.apart.items() for line in _apart(served, address, headers)),
            "",
            "# The settings of other servers.",
            *(f"location = {base}{name} {{ return 404; }}" for name in IN_SITE),
        ),
        "",
    ]
    return "\n".join(lines)


def _apart(served: Served, address: str, headers: Mapping[str, str]) -> list[str]:
    match = f"{'^~' if address.endswith('/') else '='} {served.hosting.base}{address}"
    why = "What other sites may show or load." if address in served.hosting.for_other_sites else "Granted more."
    return ["", f"# {why}", *_block(f"location {match}", *_add_headers({**headers, CACHING: ALWAYS_ASKED}))]


def _block(head: str, *lines: str) -> list[str]:
    """Lines within braces."""
    return [f"{head} {{", *(f"    {line}" if line else "" for line in lines), "}"]


def _add_headers(headers: Mapping[str, str]) -> list[str]:
    """All headers of a location, for nginx takes none over from around it. `always` is for errors, too; but no error
    may be kept for long.
    """
    return [
        f'add_header {name} "{value}"{"" if name == CACHING and value != ALWAYS_ASKED else " always"};'
        for name, value in headers.items()
    ]


# ---- IIS


def iis(served: Served) -> str:
    """A `web.config`. Paths in it are relative to its own folder, so it holds for a folder of a larger site, too."""
    root = ET.Element("configuration")
    server = ET.SubElement(root, "system.webServer")
    files = ET.SubElement(ET.SubElement(server, "defaultDocument", enabled="true"), "files")
    ET.SubElement(files, "clear")
    ET.SubElement(files, "add", value="index.html")
    static = ET.SubElement(server, "staticContent")
    ET.SubElement(static, "clientCache", cacheControlMode="DisableCache")  # it says no-cache, which asks each time
    for ending, kind in served.hosting.types.items():
        ET.SubElement(static, "remove", fileExtension=ending)
        ET.SubElement(static, "mimeMap", fileExtension=ending, mimeType=kind)
    _iis_headers(server, served.headers, without=["X-Powered-By"])
    errors = ET.SubElement(server, "httpErrors", errorMode="Custom", existingResponse="Auto")
    ET.SubElement(errors, "remove", statusCode="404", subStatusCode="-1")
    path = (served.hosting.base[1:] + NOT_FOUND).replace("/", "\\")
    ET.SubElement(errors, "error", statusCode="404", path=path, responseMode="File")
    filtering = ET.SubElement(ET.SubElement(server, "security"), "requestFiltering")
    hidden = ET.SubElement(filtering, "hiddenSegments")
    for name in (one for one in IN_SITE if one != IIS):  # it sees to its own by itself
        ET.SubElement(hidden, "remove", segment=name)
        ET.SubElement(hidden, "add", segment=name)
    for address, headers in served.elsewhere.items():
        place = ET.SubElement(ET.SubElement(root, "location", path=address.rstrip("/")), "system.webServer")
        if CACHING in headers:
            # Not a header of its own, which a page for a wrong address would get as well.
            ET.SubElement(
                ET.SubElement(place, "staticContent"),
                "clientCache",
                cacheControlMode="UseMaxAge",
                cacheControlMaxAge=f"{served.hosting.days}.00:00:00",
                cacheControlCustom="public, immutable",
            )
        else:
            _iis_headers(place, headers)
    ET.indent(root)
    head = f'<?xml version="1.0" encoding="utf-8"?>\n<!-- {WRITTEN} -->\n'
    return f"{head}{ET.tostring(root, encoding='unicode')}\n"


def _iis_headers(server: ET.Element, headers: Mapping[str, str], without: Iterable[str] = ()) -> None:
    custom = ET.SubElement(ET.SubElement(server, "httpProtocol"), "customHeaders")
    for name in without:
        ET.SubElement(custom, "remove", name=name)
    for name, value in headers.items():
        ET.SubElement(custom, "remove", name=name)
        ET.SubElement(custom, "add", name=name, value=value)


# ---- Azure Static Web Apps


def azure(served: Served) -> str:
    """A `staticwebapp.config.json`: of its routes the first that fits alone counts."""
    hosting, base = served.hosting, served.hosting.base
    settings = {
        "trailingSlash": "always",
        "routes": [
            *({"route": base + name, "statusCode": 404} for name in IN_SITE if name != AZURE),  # likewise
            *({"route": base + _all_of(one), "headers": headers} for one, headers in served.elsewhere.items()),
        ],
        "globalHeaders": {**served.headers, CACHING: ALWAYS_ASKED},
        "responseOverrides": {"404": {"rewrite": base + NOT_FOUND}},
        "mimeTypes": dict(hosting.types),
    }
    text = json.dumps(settings, indent=2) + "\n"
    if len(text.encode()) > AZURE_BYTES:
        raise Stopped(f"{AZURE} would have {len(text.encode())} bytes, and Azure takes {AZURE_BYTES}. {FIX}")
    return text


def _all_of(address: str) -> str:
    return f"{address}*" if address.endswith("/") else address


# ---- hosts that read `_headers`


def underscore_headers(served: Served) -> str:
    """A `_headers` file. Hosts differ in what they do if two rules name one header, so no two that fit a file do.

    Pages for wrong addresses have their policy from the page itself. Whatever is not named here these hosts have asked
    for each time by themselves.
    """
    differ = {name for place in served.apart for name in served.elsewhere[place]}
    rules = {"*": {name: value for name, value in served.headers.items() if name not in differ}}
    for place in _places(served.names):
        headers = served.apart.get(place, served.headers)
        rules[_all_of(place)] = {name: headers[name] for name in served.headers if name in differ and name in headers}
    rules |= {_all_of(place): headers for place, headers in served.kept.items()}
    lines = [f"# {WRITTEN}"]
    for address, headers in rules.items():
        lines += ["", served.hosting.base + address, *(f"  {name}: {value}" for name, value in headers.items())]
    longest = max(map(len, lines))
    if len(rules) > HEADERS_RULES or longest > HEADERS_LINE:
        raise Stopped(
            f"{HEADERS} would have {len(rules)} rules and a line of {longest} characters. Hosts take {HEADERS_RULES} "
            f"rules and {HEADERS_LINE} characters in a line. {FIX}"
        )
    return "\n".join(lines) + "\n"


def _places(names: tuple[str, ...]) -> list[str]:
    """The folders and files of the site's root; the root itself stands for its page."""
    roots = {f"{name.partition('/')[0]}/" if "/" in name else name.removesuffix("index.html") for name in names}
    return sorted(roots)


HOSTS: dict[str, Callable[[Served], str]] = {NGINX: nginx, IIS: iis, AZURE: azure, HEADERS: underscore_headers}
"""The files, and what writes each."""
