// What a page is called, which changes with what it is. Browsers keep titles in their history: none holds an answer, a level, a
// story's name or anything that was typed.

const own = document.title;

/** Put what a page is before its own name; without it the name stands alone. */
export function titled(what = "") {
  document.title = what ? `${what}: ${own}` : own;
}
