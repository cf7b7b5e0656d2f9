// Between the search box and Material's search worker: takes out of a query what would only bring up noise.
// It runs inside that worker. People type whole sentences here, and Material looks for every word as the beginning of
// one, so that the "I" of "who do I ring" would bring up interviews, information and incidents.
"use strict";

const SAYS_NOTHING = new Set(
  `a about am an and are as at be been being but by can could did do does for from get got had has have having he her
  hers him his how i i'm if im in into is it it's its me my of on or our ours she so someone something that that's the
  their them then there they this to us was we were what what's when where which who whom whose why will with would
  you your yours`.split(/\s+/),
);
const QUERY = 2; // Material's number for this kind of message

/** A query without signs that Material would take for orders, and without words that say nothing, unless all do. */
function plain(query) {
  const words = query
    .replace(/[’`]/g, "'")
    .replace(/[-+~^*:"“”]/g, " ")
    .split(/\s+/)
    .filter(Boolean);
  const telling = words.filter((word) => !SAYS_NOTHING.has(word.toLowerCase().replace(/[.,;!?]+$/, "")));
  return (telling.length ? telling : words).map(exactly).join(" ");
}

/** A number as it stands: "1" is not the beginning of 16. (What carries a weight is not looked for as a beginning.) */
function exactly(word) {
  return /^\d+$/.test(word) ? `${word}^1` : word;
}

addEventListener("message", ({ data }) => {
  if (data.type === QUERY) data.data = plain(data.data);
});

// The end of this script's address, which is sent to nobody, says which of Material's is to follow.
importScripts(`../javascripts/workers/${location.hash.split("/").pop()}`);
