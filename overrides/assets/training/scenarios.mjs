// The scenarios that a session needs, for the engine, which keeps nothing between requests.

import { Trouble } from "../shared/trouble.mjs";

let bank = null;

/** These scenarios by their ids, fetched once for a page. */
export async function scenarios(root, ids) {
  bank ??= await fetched(new URL(root.dataset.bank, document.baseURI));
  return Object.fromEntries(ids.map((id) => [id, bank[id]]));
}

async function fetched(address) {
  const response = await fetch(address).catch(() => ({ ok: false }));
  if (!response.ok) throw new Trouble("answer");
  return response.json();
}
