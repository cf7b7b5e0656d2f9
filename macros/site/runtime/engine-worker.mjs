// The worker: starts Python from the files beside it, then passes JSON text in and out of the engine.
// It knows no tree, no answer and no page. Several pages may share it: it keeps nothing between two requests, and an
// answer goes to the page that asked. Everything it says to a page is one of
//   {stage}           a start that is getting on: "wasm", "python", "ready"
//   {id}              the request {id, text} is being worked on
//   {id, text}        the engine's answer to {id, text}
//   {failure}         it has come to its end: "wasm", "python" or "engine" (the start failed), or "answer" (the engine
//                     raised; the text of the error stays here, for it may hold answers)

// Pyodide checks this against its own and asks for no lock file. We install no packages, so the list is empty.
const NO_PACKAGES = { info: { abi_version: "ABI_VERSION" }, packages: {} }; // filled in by the build

const START = `
import engine.api
engine.api.start(engine.__loader__.get_data(f"{engine.__loader__.archive}/engine/bundle.json").decode())
`;

const at = (name) => new URL(name, import.meta.url).href;
const WASM = at("pyodide.asm.wasm");
const ARCHIVE = at("python.zip");

class Failure extends Error {
  constructor(kind, cause) {
    super(`${kind}: ${cause?.message ?? cause}`);
    this.kind = kind;
  }
}

async function as(kind, work) {
  try {
    return await work;
  } catch (cause) {
    throw cause instanceof Failure ? cause : new Failure(kind, cause);
  }
}

// ---- the start

// Pyodide would ask for one file after the other. All are asked for now, and it is handed them as they come.
const asked = new Map([WASM, ARCHIVE].map((url) => [url, fetch(url)]));
const asm = import(at("pyodide.asm.mjs"));
const module = as("wasm", compiled(asked.get(WASM)));
const archive = as("engine", checked(asked.get(ARCHIVE)));
for (const work of [asm, module, archive]) work.catch(() => {}); // they are waited for below

// Proxies that rewrite MIME types are common in councils and hospitals, and streaming refuses any type but its own,
// so such a file is taken whole instead.
async function compiled(asking) {
  const response = await asking;
  if (!response.ok) throw new Error(`${response.status} for ${response.url}`);
  const streamable = /^application\/wasm\s*(;|$)/i.test(response.headers.get("content-type") ?? "");
  const made = await (streamable && WebAssembly.compileStreaming
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer()));
  tell({ stage: "wasm" });
  return made;
}

// What a login page or a proxy answers in place of an archive is no archive.
async function checked(asking) {
  const response = await asking;
  if (!response.ok) throw new Error(`${response.status} for ${response.url}`);
  const bytes = await response.arrayBuffer();
  if (String.fromCharCode(...new Uint8Array(bytes, 0, 2)) !== "PK") throw new Error(`${response.url} is no archive`);
  return bytes;
}

// Pyodide's two ways to the files that are on their way already. `loadPyodide` never settles when the WebAssembly
// cannot be had, so whoever waits for it waits for `module` and `archive` too.
function handOver() {
  const { fetch } = self;
  self.fetch = async (what, ...options) => {
    const url = String(what);
    if (url === ARCHIVE) return new Response(await archive);
    return url === WASM ? asked.get(WASM) : fetch(what, ...options);
  };
  WebAssembly.instantiateStreaming = async (_, imports) => {
    const made = await module;
    return { module: made, instance: await WebAssembly.instantiate(made, imports) };
  };
}

const failureOf = (work) => work.then(() => new Promise(() => {})); // settles only if the work fails

async function loadPython() {
  handOver();
  const { loadPyodide } = await import(at("pyodide.mjs"));
  return loadPyodide({
    indexURL: at("."),
    packageBaseUrl: at("."), // or it would name its own network host
    stdLibURL: ARCHIVE,
    lockFileContents: NO_PACKAGES,
    stdout: () => {},
    stderr: () => {},
  });
}

async function start() {
  const python = await as(
    "python",
    Promise.race([loadPython(), failureOf(module), failureOf(archive), failureOf(asm)]),
  );
  tell({ stage: "python" });
  const respond = await as("engine", (async () => python.runPython(START))());
  // From here on there are answers in this worker, and an engine's dying words could hold some.
  for (const method of ["debug", "error", "info", "log", "trace", "warn"]) console[method] = () => {};
  tell({ stage: "ready" });
  return respond;
}

// ---- the pages

const pages = new Set();
let reached; // how far the start is, for pages that come later

function tell(news) {
  reached = news;
  for (const page of pages) page.postMessage(news);
}

// Python keeps the last error, and with it what it was working on. So a worker that failed ends, whoever shares it.
function end(failure) {
  tell({ failure });
  pages.clear();
  self.close();
}

function attend(page) {
  pages.add(page);
  if (reached) page.postMessage(reached);
  page.onmessage = async ({ data }) => {
    if (data.leave) return pages.delete(page);
    const respond = await engine;
    page.postMessage({ id: data.id });
    try {
      page.postMessage({ id: data.id, text: respond(data.text) });
    } catch {
      end("answer");
    }
  };
}

const engine = start();
engine.catch((failure) => {
  console.warn(`The decision tool could not start (${failure.message})`);
  end(failure.kind);
});

if ("onconnect" in self) self.onconnect = ({ ports: [page] }) => attend(page);
else attend(self);
