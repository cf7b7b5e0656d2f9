// What stands behind # in an address, as mail and chat programs leave it: encoded once or twice, in capitals, with the bracket
// or the full stop of the sentence around it, or said twice.

import { attempt } from "./browser.mjs";

const CODES = /(?:%[0-9a-f]{2})+/gi;
const UNSEEN = "\\s\\u00ad\\u200b-\\u200f\\ufeff"; // spaces, hard ones too, and what has no width
const AROUND = new RegExp(`^[${UNSEEN}(\\[<"'‘“]+|[${UNSEEN}.,;:!?)\\]>"'’”+]+$`, "gu");
const CUT = /%[0-9a-f]?$/i;
const ROUNDS = 3; // of encoding

/** A text with all decoded that can be; what is cut or never was a code stays. */
export const decoded = (text) => text.replace(CODES, (codes) => attempt(() => decodeURIComponent(codes), codes));

/** The same without a code that was cut and what a sentence has left around it. */
export const bare = (text) => text.replace(CUT, "").replace(AROUND, "");

/** What may have been meant by the part of an address from # on, the closest reading first, without the #. */
export function readings(hash) {
  const found = [hash.slice(1)];
  for (let n = 0; n < ROUNDS; n += 1) found.push(decoded(found.at(-1)));
  found.push(...found.at(-1).split("#"));
  found.push(...found.map(bare));
  found.push(...found.map((text) => text.toLowerCase()));
  return new Set(found.filter(Boolean));
}

/** The element that the part of an address from # on means; null where there is none. */
export function placeOf(hash) {
  for (const id of readings(hash)) {
    const place = document.getElementById(id);
    if (place) return place;
  }
  return null;
}
