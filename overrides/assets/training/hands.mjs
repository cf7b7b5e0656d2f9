// Counting hands: fields to type in. Nothing here is committed; that is for the button, or a clicker.

const HAND = "[data-commit] .tr-hands input";

/** Look after the fields of whatever form comes to stand in a place. */
export function hands(place) {
  place.addEventListener("input", ({ target }) => target.form && say(target.form));
  place.addEventListener("focusin", ({ target }) => target.matches(HAND) && offerTheRest(target));
  place.addEventListener("keydown", keepFromCommitting);
}

/** Whether any hand was counted in a form. */
export const typed = (form) => counted(form) > 0;

// An answer that is tapped gets the hands that are left; what is typed then takes their place.
function offerTheRest(field) {
  const left = people(field.form) - counted(field.form);
  if (field.value === "" && left > 0 && counted(field.form) > 0) field.value = left;
  field.select();
  say(field.form);
}

// Enter in a field goes on to the next one.
function keepFromCommitting(event) {
  if (event.key !== "Enter" || !event.target.matches("[data-commit] input")) return;
  event.preventDefault();
  const fields = [...event.target.form.querySelectorAll("input, [type=submit]")];
  fields[fields.indexOf(event.target) + 1]?.focus();
}

function say(form) {
  const said = form.querySelector("[data-counted]");
  const room = people(form);
  if (said) said.textContent = room ? `${counted(form)} of ${room}` : "";
}

const counted = (form) =>
  [...form.querySelectorAll(".tr-hands input")].reduce((sum, one) => sum + Number(one.value), 0);
const people = (form) => Number(form.querySelector("[name=people]")?.value);
