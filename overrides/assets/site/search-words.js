// Between the search box and Material's search worker: takes out of a query what would only bring up noise, and puts
// words that the index has in the place of other forms of them and of slips of the finger. It runs inside that worker,
// and asks nobody. People type whole sentences here, and Material looks for every word as the beginning of one, so that
// the "I" of "who do I ring" would bring up interviews, information and incidents.
"use strict";

const SAYS_NOTHING = new Set(
  `a about am an and are as at be been being but by can could did do does for from get got had has have having he her
  hers him his how i i'm if im in into is it it's its me my of on or our ours she so someone something that that's the
  their them then there they this to us was we were what what's when where which who whom whose why will with would
  you your yours`.split(/\s+/),
);
const [SETUP, QUERY] = [0, 2]; // Material's numbers for these kinds of message
const SHORTEST_SLIP = 5; // the fewest letters of a word in which a slip is looked for: shorter ones are too alike
const LONG = 9; // from here on few words are alike: any letter may be the slip, and the beginning of a word has slips, too
/** In a shorter word, where another true word may be meant ("slaves" is not "save"): what a finger or an ear mixes up. */
const NEARBY = new Set(
  "qwertyuiop asdfghjkl zxcvbnm qaz wsx edc rfv tgb yhn ujm aei ou sc sz"
    .split(" ")
    .flatMap((row) => [...row].slice(1).flatMap((letter, i) => [row[i] + letter, letter + row[i]])),
);

/** Each word of the index, and what it weighs: one for each entry that has it, and more where it names the entry. */
const weights = new Map();

/** The words of some HTML, each once, as Material takes them apart. */
function apart(html, separator) {
  const text = html.replace(/<[^>]*>/g, " ").toLowerCase();
  return new Set(text.split(separator).filter(Boolean));
}

/** Reads what Material puts into its index. */
function read({ config, docs }) {
  const separator = new RegExp(config.separator);
  for (const { title, text, words = [] } of docs) {
    const named = [title, ...words].join(" ");
    for (const word of apart(named, separator)) weights.set(word, (weights.get(word) ?? 0) + 10);
    for (const word of apart(text, separator)) weights.set(word, (weights.get(word) ?? 0) + 1);
  }
}

/** What the forms of a word have in common: "exploit" of exploits, exploiting, exploiter and exploitation. */
function stem(word) {
  return word
    .replace(/'s?$/, "")
    .replace(/([sxz]|[cs]h)es$|([^s])s$/, "$1$2")
    .replace(/ie$|y$/, "i")
    .replace(/(.{4})(?:ly|ness)$/, "$1")
    .replace(/(.{4})(?:ation|ative|ator|ment|al|ive|or|er)$|(.{5})ion$|(.{3})(?:ing|ed)$/, "$1$2$3")
    .replace(/(..)([^aeious])\2$/, "$1$2")
    .replace(/(.{3})e$/, "$1");
}

/**
 * Whether a typed word is one slip away from another: a letter too many, too few or wrong, or two the wrong way round.
 * In a short word the first letter is right, a wrong one is near the right one, and one too many is a doubled one.
 */
function isSlip(typed, word) {
  let same = 0;
  while (same < typed.length && typed[same] === word[same]) same += 1;
  const [a, b] = [typed.slice(same), word.slice(same)];
  if (a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2)) return true;
  if (same === 0 && typed.length < LONG - 1) return false;
  const near = typed.length > LONG || NEARBY.has(a[0] + b[0]);
  if (a.slice(1) === b.slice(1)) return near;
  return a === b.slice(1) || (a.slice(1) === b && (typed.length >= LONG || a[0] === typed[same - 1]));
}

/** The word of the index that weighs most among those that pass a test; one that begins alike comes first. */
function best(typed, passes) {
  const weight = (word) => weights.get(word) * (word[0] === typed[0] ? 100 : 1);
  return [...weights.keys()].filter(passes).sort((one, other) => weight(other) - weight(one))[0];
}

/** What to look for in place of a word as it was typed: that word, as long as the index has one that begins so. */
function meant(typed) {
  const word = typed.toLowerCase().replace(/[.,;!?]+$/, "");
  if (!/^[a-z']{3,}$/.test(word)) return typed;
  const begins = (one) => one.startsWith(word);
  if (best(word, begins)) return singular(word);
  const common = stem(word);
  const form = best(word, (one) => stem(one) === common);
  if (form) return form;
  const lengths = word.length < LONG ? [] : [-1, 0, 1].map((more) => word.length + more);
  const slip =
    best(word, (one) => one.length >= SHORTEST_SLIP && isSlip(word, one)) ??
    best(word, (one) => lengths.some((length) => isSlip(word, one.slice(0, length))));
  return slip ? singular(slip) : typed;
}

/** One of a thing for several, where the index says more of one. (What begins with it is found as well.) */
function singular(word) {
  const one = word.replace(/e?s$/, (end) => (weights.has(word.slice(0, -1)) ? end.slice(0, -1) : ""));
  return (weights.get(one) ?? 0) > (weights.get(word) ?? 0) ? one : word;
}

/** A query without signs that Material would take for orders, and without words that say nothing, unless all do. */
function plain(query) {
  const typed = query
    .replace(/[’`]/g, "'")
    .replace(/[-+~^*:"“”]/g, " ")
    .split(/\s+/)
    .filter(Boolean);
  const telling = typed.filter((word) => !SAYS_NOTHING.has(word.toLowerCase().replace(/[.,;!?]+$/, "")));
  return [...new Set((telling.length ? telling : typed).map(meant))].map(exactly).join(" ");
}

/** A number as it stands: "1" is not the beginning of 16. (What carries a weight is not looked for as a beginning.) */
function exactly(word) {
  return /^\d+$/.test(word) ? `${word}^1` : word;
}

addEventListener("message", ({ data }) => {
  if (data.type === SETUP) read(data.data);
  if (data.type === QUERY) data.data = plain(data.data);
});

// The end of this script's address, which is sent to nobody, says which of Material's is to follow.
importScripts(`../javascripts/workers/${location.hash.split("/").pop()}`);
