"""Looks wherever a page could leave something behind or send it, and keeps all that it finds.

It looks from outside the page: at requests as the browser sends them, at the console, and at every place that
outlives a page. It looks anew at each `look`, because a place may hold something for one step only.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from playwright.sync_api import Page

PLACES = """async () => {
  const rows = async (database) => {
    const found = {};
    for (const name of database.objectStoreNames) {
      const store = database.transaction(name).objectStore(name);
      const all = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
      found[name] = [await all(store.getAllKeys()), await all(store.getAll())];
    }
    return found;
  };
  const open = (name) => new Promise((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onsuccess = () => resolve(request.result);
    request.onerror = reject;
  });
  const databases = {};
  for (const { name } of await indexedDB.databases()) {
    const database = await open(name);
    databases[name] = await rows(database);
    database.close();
  }
  const kept = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys())
      kept[`${name} ${request.url}`] = await (await cache.match(request)).text();
  }
  const files = [];
  for await (const [name, handle] of await navigator.storage.getDirectory())
    files.push(name, handle.kind === "file" ? await (await handle.getFile()).text() : "");
  return {
    "local storage": { ...localStorage },
    "session storage": { ...sessionStorage },
    "databases": databases,
    "caches": kept,
    "files": files,
    "cookies": document.cookie,
    "history state": history.state,
    "address": location.href,
    "title": document.title,
    "referrer": document.referrer,
    "window name": window.name,
    "timings": performance.getEntries().map((entry) => [entry.name, entry.detail ?? null]),
    "service workers": (await navigator.serviceWorker.getRegistrations()).map((one) => one.scope),
  };
}"""


@dataclass(frozen=True)
class Trace:
    """Something that was left or sent, and where."""

    channel: str
    text: str


class Recorder:
    """Records one page from before its first request."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.traces: list[Trace] = []
        self._requests: list[Any] = []
        page.context.on("request", lambda request: self._requests.append(request))
        page.context.on("console", lambda message: self._note("console", message.text))
        page.context.on("weberror", lambda error: self._note("console", str(error.error)))
        page.on("websocket", lambda socket: self._socket(socket))
        page.on("framenavigated", lambda frame: self._note("address", frame.url))

    def look(self) -> dict[str, Any]:
        """Look at every place that outlives the page. Gives what stands there, by place."""
        places: dict[str, Any] = self.page.evaluate(PLACES)
        places["cookies"] = [places["cookies"], self.page.context.cookies()]
        for place, content in places.items():
            self._note(place, json.dumps(content, ensure_ascii=False))
        return places

    @property
    def requests(self) -> list[Any]:
        """All requests so far."""
        return list(self._requests)

    def leaks(self, secrets: Iterable[str]) -> list[Trace]:
        """All traces in which a secret stands, in any of the spellings that travel."""
        sought = [spelling for secret in secrets for spelling in spellings(secret)]
        return [trace for trace in [*self.traces, *self._sent()] if any(s in spelt(trace.text) for s in sought)]

    def _note(self, channel: str, text: str) -> None:
        self.traces.append(Trace(channel, text))

    def _socket(self, socket: Any) -> None:
        self._note("socket", socket.url)
        socket.on("framesent", lambda payload: self._note("socket", str(payload)))

    def _sent(self) -> list[Trace]:
        found = []
        for request in self._requests:
            body = (request.post_data_buffer or b"").decode("utf-8", "replace")
            found += [Trace("request address", request.url), Trace("request body", body)]
            found += [Trace("request header", f"{name}: {value}") for name, value in request.headers.items()]
        return found


def spelt(text: str) -> str:
    """A text as it stands and as it reads once it is decoded."""
    return f"{text}\n{unquote_plus(text)}"


def spellings(secret: str) -> list[str]:
    """A secret in plain letters, and as base64 would write it wherever in a longer text it stands."""
    raw = secret.encode()
    cores = [
        b64encode(b"-" * shift + raw).decode().rstrip("=")[4:-2] if shift else b64encode(raw).decode().rstrip("=")[:-2]
        for shift in (0, 1, 2)
    ]
    return [secret, json.dumps(secret, ensure_ascii=False)[1:-1], *cores]
