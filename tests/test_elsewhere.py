"""Where the site is built: behind a proxy that looks into what is sent; folders that cannot be replaced, or watched."""

from __future__ import annotations

import errno
import json
import os
import ssl
import subprocess
import sys
import tarfile
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from functools import partial
from hashlib import sha256, sha512
from http.server import ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

import pytest
from watchdog.observers import Observer

from macros.site import build
from macros.site.after.report import Report
from macros.site.preview import serve
from tests.conftest import StaticHandler
from tests.trees import ROOT

SECONDS = 300
"""After which something is held never to come. Nothing is timed by it."""


# ---- a proxy with a certificate of its own, which only the system knows


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """An address with one package of each kind, and the file of the certificate that it shows."""
    folder = tmp_path_factory.mktemp("proxied")
    key, certificate, shown = folder / "key.pem", folder / "certificate.pem", folder / "shown"
    name = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", str(key)]
    subprocess.run([*made, "-out", str(certificate), *name], check=True, capture_output=True)
    shown.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(StaticHandler, directory=str(shown)))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://127.0.0.1:{server.server_port}", certificate
    server.shutdown()
    server.server_close()


def make(folder: Path, certificate: Path, *arguments: str, **given: str) -> subprocess.CompletedProcess[str]:
    """Run make in a folder, on a system that knows a certificate, without what would name one to pip or npm."""
    quiet = {"PIP_RETRIES": "0", "npm_config_fetch_retries": "0", "npm_config_audit": "false"}
    kept = {name: value for name, value in os.environ.items() if not name.endswith(("_CERT", "_BUNDLE", "_CA_CERTS"))}
    environment = {**kept, **quiet, "SSL_CERT_FILE": str(certificate), **given}
    command = ["make", "-s", "-f", str(ROOT / "Makefile"), f"PYTHON={sys.executable}", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=SECONDS)


def test_python_packages_come_through_a_proxy_that_the_system_knows(proxied: tuple[str, Path], tmp_path: Path) -> None:
    address, certificate = proxied
    index = certificate.parent / "shown" / "simple" / "tiny"
    index.mkdir(parents=True)
    wheel = index / "tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tiny.py", "")
        archive.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        archive.writestr("tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr("tiny-1.0.dist-info/RECORD", "")
    (index / "index.html").write_text(f'<a href="{wheel.name}">{wheel.name}</a>')
    required = f"tiny==1.0 --hash=sha256:{sha256(wheel.read_bytes()).hexdigest()}\n"
    (tmp_path / "requirements.txt").write_text(required)
    ended = make(tmp_path, certificate, ".venv/.ready", PIP_INDEX_URL=f"{address}/simple/", PIP_NO_CACHE_DIR="1")
    assert ended.returncode == 0, ended.stderr
    assert list(tmp_path.glob(".venv/**/tiny.py"))


def test_npm_packages_come_through_a_proxy_that_the_system_knows(proxied: tuple[str, Path], tmp_path: Path) -> None:
    address, certificate = proxied
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "package.json").write_text('{"name": "tiny", "version": "1.0.0"}')
    packed = certificate.parent / "shown" / "tiny.tgz"
    with tarfile.open(packed, "w:gz") as archive:
        archive.add(tmp_path / "package", "package")
    digest = b64encode(sha512(packed.read_bytes()).digest()).decode()
    own = {"name": "own", "version": "1.0.0", "dependencies": {"tiny": "1.0.0"}}
    tiny = {"version": "1.0.0", "resolved": f"{address}/tiny.tgz", "integrity": f"sha512-{digest}"}
    lock = {"name": "own", "lockfileVersion": 3, "packages": {"": own, "node_modules/tiny": tiny}}
    (tmp_path / "package.json").write_text(json.dumps(own))
    (tmp_path / "package-lock.json").write_text(json.dumps(lock))
    given = {"npm_config_registry": f"{address}/", "npm_config_cache": str(tmp_path / "cache")}
    recipe = ["--eval=brought: ; @$(NPM_CI)", "brought", f"ENV_PYTHON={sys.executable}"]
    ended = make(tmp_path, certificate, *recipe, **given)
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "node_modules" / "tiny" / "package.json").is_file()


# ---- folders that cannot be watched, or replaced


def test_changes_are_seen_where_the_system_tells_of_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a mount from another system, or where the limit on watched folders is reached."""

    def no_more(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "inotify watch limit reached")

    monkeypatch.setattr(Observer, "start", no_more)
    page = tmp_path / "docs" / "deep" / "page.md"
    page.parent.mkdir(parents=True)
    page.write_text("before")
    queue: Queue[str] = Queue()
    stop = serve.watch(tmp_path, queue)
    try:
        page.write_text("behind it, and longer")
        assert queue.get(timeout=SECONDS) == "docs/deep/page.md"
        (tmp_path / "mkdocs.yml").write_text("new")
        while queue.get(timeout=SECONDS) != "mkdocs.yml":
            pass
    finally:
        stop()


@pytest.mark.parametrize(
    "reason", [errno.EBUSY, errno.EACCES, errno.EROFS, errno.ENOSPC, errno.EXDEV], ids=errno.errorcode.get
)
@pytest.mark.parametrize("what", ["rename", "mkdir"])
def test_a_folder_that_cannot_be_replaced_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], reason: int, what: str
) -> None:
    target = tmp_path / "site"
    target.mkdir()
    (target / "index.html").write_text("the last good one")

    def rendered(root: Path, into: Path) -> Report:
        into.mkdir()
        build.beside(into).mkdir()
        return Report("", {}, "")

    def refused(*_: Any, **__: Any) -> None:
        raise OSError(reason, os.strerror(reason), str(target))

    monkeypatch.setattr(build, "render", rendered)
    monkeypatch.setattr(build, "check", lambda site: None)
    monkeypatch.setattr(build, "sources_of", lambda root: {})
    monkeypatch.setattr(Path, what, refused)
    assert build.main(["--root", str(tmp_path), "--force"]) == 1
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert str(target) in said
    assert "--into" in said
    monkeypatch.undo()
    assert [path.name for path in target.iterdir()] == ["index.html"]
    assert list(tmp_path.glob(".site-*")) == []
