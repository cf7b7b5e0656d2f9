// Links that hold choices and nothing else: #/one-scenario or #/one+another, each the id of a scenario, and /short behind
// them for a session of one check a story.

import { readings } from "../shared/address.mjs";

const FORM = /^\/([a-z0-9]+(?:-[a-z0-9]+)*(?:\+[a-z0-9]+(?:-[a-z0-9]+)*){0,11})(\/short)?$/;

// The scenarios that an address names, and whether it asks for one check of each; a problem where it names something
// else. Anchors of the page are no links.
export function fromAddress(hash, known) {
  const links = [...readings(hash)].filter((text) => text.startsWith("/"));
  for (const link of links) {
    const [, named, short] = FORM.exec(link.replace(/\s/g, "+")) ?? []; // some programs take + for a space
    const scenes = named?.split("+") ?? [];
    const sound = scenes.every((id) => known.includes(id)) && new Set(scenes).size === scenes.length;
    if (named && sound) return { scenes, short: short !== undefined, problem: false };
  }
  return { scenes: [], short: false, problem: links.length > 0 };
}

export function toAddress(page, scenes, short = false) {
  return new URL(`#/${scenes.join("+")}${short ? "/short" : ""}`, page).href;
}
