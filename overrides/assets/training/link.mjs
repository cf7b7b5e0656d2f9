// Links that hold choices and nothing else: #/one-scenario or #/one+another, each the id of a scenario, and /short behind
// them for a session of one check a story.

const FORM = /^#\/([a-z0-9]+(?:-[a-z0-9]+)*(?:\+[a-z0-9]+(?:-[a-z0-9]+)*){0,11})(\/short)?$/;

// The scenarios that an address names, and whether it asks for one check of each; a problem where it names something
// else. Anchors of the page are no links.
export function fromAddress(hash, known) {
  if (!hash.startsWith("#/")) return { scenes: [], short: false, problem: false };
  const [, named, short] = FORM.exec(hash) ?? [];
  const scenes = named?.split("+") ?? [];
  const sound = scenes.length > 0 && scenes.every((id) => known.includes(id)) && new Set(scenes).size === scenes.length;
  return { scenes: sound ? scenes : [], short: sound && short !== undefined, problem: !sound };
}

export function toAddress(page, scenes, short = false) {
  return new URL(`#/${scenes.join("+")}${short ? "/short" : ""}`, page).href;
}
