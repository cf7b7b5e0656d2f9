// Runs in Node at build, on the pinned Pyodide. A job comes in as JSON, and what was found goes out as JSON:
//   {pyodide, abi, inside, requests, imports, engine, compiled}   Python as it comes and the engine's source: all
//                                                                 modules that were needed go to the file `compiled`
//   {pyodide, abi, inside, requests, imports, library}            the archive `library` alone, as a browser gets it
// Either gives {answers, modules}, or the words of an error on stderr.

import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

async function done(job) {
  const { loadPyodide } = await import(pathToFileURL(`${job.pyodide}/pyodide.mjs`));
  const python = await loadPyodide({
    lockFileContents: { info: { abi_version: job.abi }, packages: {} }, // nothing is fetched
    env: { PYTHONPATH: "/lib/engine.zip", PYTHONHASHSEED: "0" }, // sets in the same order each time
    fsInit: async (FS) => job.engine && FS.writeFile("/lib/engine.zip", readFileSync(job.engine)),
    ...(job.library ? { stdLibURL: job.library } : {}),
  });
  python.runPython(job.inside);
  const run = (name, ...given) => python.globals.get(name)(...given);
  const answers = JSON.parse(run("asked", job.requests));
  run("imported", python.toPy(job.imports));
  const modules = run("collected");
  if (job.compiled) writeFileSync(job.compiled, run("archive", modules).toJs());
  return { answers, modules: modules.toJs() };
}

try {
  process.stdout.write(JSON.stringify(await done(JSON.parse(readFileSync(0, "utf8")))));
} catch (error) {
  process.stderr.write(String(error?.message ?? error)); // and not the line it stands in, which is a megabyte long
  process.exitCode = 1;
}
