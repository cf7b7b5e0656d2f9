// Links that hold choices and nothing else: #/one-scenario or #/one+another, each the id of a scenario.

const FORM = /^#\/([a-z0-9]+(?:-[a-z0-9]+)*(?:\+[a-z0-9]+(?:-[a-z0-9]+)*){0,11})$/;

// The scenarios that an address names; a problem where it names something else. Anchors of the page are no links.
export function fromAddress(hash, known) {
  if (!hash.startsWith("#/")) return { scenes: [], problem: false };
  const scenes = FORM.exec(hash)?.[1].split("+") ?? [];
  const sound = scenes.length > 0 && scenes.every((id) => known.includes(id)) && new Set(scenes).size === scenes.length;
  return { scenes: sound ? scenes : [], problem: !sound };
}

export function toAddress(page, scenes) {
  return new URL(`#/${scenes.join("+")}`, page).href;
}
