// Lays out graphs: DOT in, SVG out, both as JSON by name. Runs in Node at build, on Graphviz compiled to WebAssembly.

import { readFileSync } from "node:fs";
import { Graphviz } from "@hpcc-js/wasm-graphviz";

const graphviz = await Graphviz.load();
const graphs = JSON.parse(readFileSync(0, "utf8"));
const laid = Object.entries(graphs).map(([name, dot]) => [name, graphviz.dot(dot)]);
process.stdout.write(JSON.stringify(Object.fromEntries(laid)));
