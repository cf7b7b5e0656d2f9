// What several scripts do with a page, whatever it shows.

/** A new element with these properties. */
export const element = (tag, properties = {}) => Object.assign(document.createElement(tag), properties);

/** What a form holds: a list of values for each name. */
export function fieldsOf(form) {
  const data = new FormData(form);
  return Object.fromEntries([...data.keys()].map((name) => [name, data.getAll(name)]));
}

const WRITTEN = "textarea, select, input:is([type=text], [type=number])";

/** The fields of a place in which something was typed since it was made; with `all`, in which something stands. */
export function typedIn(place, all = false) {
  const made = (field) => field.defaultValue ?? [...field.options].find((one) => one.defaultSelected)?.value ?? "";
  return [...place.querySelectorAll(WRITTEN)].filter((field) => field.value !== (all ? "" : made(field)));
}

/** Whether a field is one to type in. */
export const isWritten = (field) => field.matches(WRITTEN);

/** Put the focus on an element, a heading too, and bring it, or what it stands in, to the top of the window. */
export function focusOn(target, top = target) {
  if (target.tabIndex < 0) target.tabIndex = -1;
  target.focus({ preventScroll: true });
  bringToTop(top);
}

/**
 * Go to a place of the page, out of every fold, with what names it at the top: a field's question and its error. Nothing
 * of it is written into the address.
 */
export function goTo(place) {
  for (let folded = place.closest("details"); folded; folded = folded.parentElement.closest("details"))
    folded.open = true;
  focusOn(place, place.closest(".dt-question") ?? place);
}

/** Bring the top of an element to the top of the window, at once. */
export const bringToTop = (target) => target.scrollIntoView({ block: "start", behavior: "instant" });

const PAINTS_WITHIN = 1_000; // milliseconds, where a browser paints at all

/** Calls once the next picture is painted: what is queued in a frame comes next after its paint. */
export function painted(then) {
  let called = false;
  function once() {
    if (!called) then();
    called = true;
  }
  setTimeout(once, PAINTS_WITHIN);
  window.requestAnimationFrame?.(() => setTimeout(once));
}

/** Settles when the browser has nothing better to do. */
export const idle = () =>
  new Promise((resolve) => {
    setTimeout(resolve, PAINTS_WITHIN);
    window.requestIdleCallback?.(() => resolve());
  });

/** A button beside what matters more. */
export function button(textContent, act) {
  const made = element("button", { type: "button", className: "dt-secondary", textContent });
  made.addEventListener("click", act);
  return made;
}
