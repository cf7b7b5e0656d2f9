// The worker: starts Python from this site's own files, then passes JSON text in and out of the engine.
// It knows no tree, no answer and no page. Everything it says to the page is one of
//   {stage}           a start that is getting on: "wasm", "python", "ready"
//   {id, text}        the engine's answer to {id, text}
//   {id, failure}     the engine raised; the text of the error stays here, for it may hold answers
//   {failure}         the start failed: "wasm", "python" or "engine"

// Pyodide checks this against its own and asks for no lock file. We install no packages, so the list is empty.
// It belongs to the version pinned in package.json: with another one Python refuses to start, and the tests say so.
const NO_PACKAGES = { info: { abi_version: "2026_0" }, packages: {} };

const ARCHIVE = "/lib/engine.zip";

const START = `
import engine
engine.start(engine.__loader__.get_data("${ARCHIVE}/engine/bundle.json").decode())
`;

const say = (message) => self.postMessage(message);

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

// Settles only if the work fails.
const failureOf = (work) => work.then(() => new Promise(() => {}));

async function bytes(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} for ${url}`);
  return new Uint8Array(await response.arrayBuffer());
}

// loadPyodide never settles when the WebAssembly cannot be had: it only warns in the console. This is the one
// place it passes through, so this is where we learn of it. Proxies that rewrite MIME types are common in councils
// and hospitals, and streaming refuses any type but its own, so such a file is taken whole instead.
function wasmOutcome() {
  const streaming = WebAssembly.instantiateStreaming;
  return new Promise((resolve, reject) => {
    WebAssembly.instantiateStreaming = async (source, imports) => {
      try {
        const response = await source;
        if (!response.ok) throw new Error(`${response.status} for ${response.url}`);
        const streamable = streaming && /^application\/wasm\s*(;|$)/i.test(response.headers.get("content-type") ?? "");
        const made = await (streamable
          ? streaming.call(WebAssembly, response, imports)
          : WebAssembly.instantiate(await response.arrayBuffer(), imports));
        say({ stage: "wasm" });
        resolve();
        return made;
      } catch (error) {
        reject(new Failure("wasm", error));
        throw error;
      }
    };
  });
}

async function loadPython(folder, archive) {
  const wasm = wasmOutcome();
  const { loadPyodide } = await import(`${folder}pyodide.mjs`);
  const python = loadPyodide({
    indexURL: folder,
    packageBaseUrl: folder, // or it would name its own network host
    lockFileContents: NO_PACKAGES,
    fsInit: async (FS) => FS.writeFile(ARCHIVE, await archive), // beside the rest of the start
    env: { PYTHONPATH: ARCHIVE }, // Python imports from the archive as it is
    stdout: () => {},
    stderr: () => {},
  });
  return Promise.race([python, failureOf(wasm), failureOf(archive)]);
}

async function start(folder) {
  const archive = as("engine", bytes(`${folder}engine.zip`));
  const python = await as("python", loadPython(folder, archive));
  say({ stage: "python" });
  const respond = await as("engine", (async () => python.runPython(START))());
  // From here on there are answers in this worker, and an engine's dying words could hold some.
  for (const method of ["debug", "error", "info", "log", "trace", "warn"]) console[method] = () => {};
  say({ stage: "ready" });
  return respond;
}

let engine;

self.addEventListener("message", async ({ data }) => {
  if (data.start) {
    engine = start(data.start);
    engine.catch((failure) => {
      console.warn(`The decision tool could not start (${failure.message})`);
      say({ failure: failure.kind });
    });
    return;
  }
  try {
    const respond = await engine;
    say({ id: data.id, text: respond(data.text) });
  } catch {
    say({ id: data.id, failure: "answer" });
  }
});
