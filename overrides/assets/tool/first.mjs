// The first answers of a tool, which the build asked the engine for (macros/site/runtime/first.py has their form): what a
// page shows until Python is there. This looks a request up in them as in a table. What is not in them waits for Python.

export class FirstAnswers {
  #root;
  #data = null;
  #fetching;

  constructor(root) {
    this.#root = root;
  }

  // A file that is missing, late or not the one that the page was built with counts as none.
  prepare() {
    const { decisionTool, engine, first: integrity } = this.#root.dataset;
    const address = new URL(`first-${decisionTool}.json`, new URL(engine, document.baseURI));
    this.#fetching = new AbortController();
    const options = { integrity, signal: this.#fetching.signal, priority: "high" };
    const read = async () => (integrity ? (await fetch(address, options)).json() : null);
    this.#data = read().catch(() => null);
    return this.#data;
  }

  // Python is there, and answers all.
  drop() {
    this.#fetching?.abort();
    this.#data = null;
  }

  async answer(request) {
    const data = await (this.#data ?? this.prepare());
    return data && lookUp(data, request);
  }
}

// What the engine would say to a request, or null where the data do not say.
export function lookUp(data, { base, answers, remarks = {}, submit, change }) {
  const here = Object.values(remarks).some(Boolean) ? null : reached(data, answers);
  if (!here) return null;
  const said = ([head, piece], given) => ({
    ...data.heads[head],
    answers: given,
    html: html(data.pieces, piece).replaceAll(data.base, base),
  });
  if (change) return here.passed.has(change) ? said(here.changes[change][0], answers) : null;
  if (!submit) return null;
  const { node, fields } = submit;
  const { state, node: step } = data.heads[here.state[0][0]];
  const again = here.passed.has(node); // an answered question that was shown again
  if (!again && node !== (state === "asking" ? step : null)) return null;
  const [, asks, next, refused] = again ? here.passed.get(node) : here.state;
  const names = data.lists[asks].filter((name) => node !== null || name in fields);
  const ticked = ticks(data, names, fields);
  const wrong = (again ? here.changes[node][1] : refused)[ticked];
  if (wrong) return said(wrong, answers);
  if (node !== null && !(ticked in next)) return null;
  const given = filled(data, answers, names, fields);
  const then = reached(data, given);
  return then && said(then.state[0], given);
}

// The state that some answers come to, with those passed on the way. Answers to what is not asked there count for nothing.
function reached(data, answers) {
  const passed = new Map();
  let state = data.root;
  for (;;) {
    const [[head], asks, next, , changes] = state;
    const names = data.lists[asks];
    if (!names.some((name) => name in answers)) return { state, changes, passed };
    const then = next[ticks(data, names, answers)];
    if (!then) return null;
    if (then.length === 1) return { state: [...then, asks, {}, {}], changes, passed }; // a tap on a result
    passed.set(data.heads[head].node, state);
    state = then;
  }
}

// The ticks of some fields or answers as text. Whatever was written is no option, and so is in no table.
const ticks = ({ facts }, names, given) =>
  names
    .map((name) =>
      listed(given[name])
        .map((value) => facts[name].indexOf(value, 1) - 1)
        .join("."),
    )
    .join(",");

const listed = (value) => [value ?? []].flat().filter(Boolean);

// The answers with those of a form in place of what was answered there before.
function filled({ facts }, answers, names, fields) {
  const kept = Object.entries(answers).filter(([name]) => !names.includes(name));
  const given = names.map((name) => {
    const [kind, ticked] = [facts[name][0], listed(fields[name])];
    return [name, kind === "any_of" ? ticked : (ticked[0] ?? (kind === "text" ? "" : []))];
  });
  return Object.fromEntries([...kept, ...given.filter(([, value]) => typeof value === "string" || value.length > 0)]);
}

function html(pieces, number) {
  const parts = [pieces[number]].flat();
  return parts.map((part) => (typeof part === "number" ? html(pieces, part) : part)).join("");
}
