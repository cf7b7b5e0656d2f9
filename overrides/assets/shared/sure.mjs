// A question of the page's own: browsers suppress confirm() inside a frame of another site.

import { attempt } from "./browser.mjs";
import { element } from "./dom.mjs";
import { shown } from "./presses.mjs";

/** Ask before something is lost. Resolves with whether the reader says yes; Escape is no. */
export function sure(root, question, yes, no) {
  const before = document.activeElement;
  const id = "asked-before";
  const dialog = element("dialog", { className: "dt-dialog" });
  const form = element("form", { method: "dialog" });
  const ways = [
    element("button", { value: "yes", className: "dt-submit", textContent: yes }),
    element("button", { value: "", className: "dt-secondary", textContent: no }),
  ];
  dialog.setAttribute("aria-labelledby", id);
  form.append(element("p", { id, textContent: question }), ...ways);
  dialog.append(form);
  root.append(dialog);
  return new Promise((resolve) => {
    const end = (answer) => {
      dialog.remove();
      before?.focus({ preventScroll: true }); // a window that is taken away gives the focus back to nobody
      shown();
      resolve(answer);
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      end(event.submitter?.value === "yes");
    });
    dialog.addEventListener("cancel", () => end(false));
    dialog.addEventListener("keydown", ({ key }) => key === "Escape" && end(false));
    attempt(() => dialog.showModal());
    if (!dialog.open) {
      dialog.setAttribute("open", ""); // no window of its own, then: it stands in the page, where the focus goes
      dialog.setAttribute("role", "alertdialog");
      ways[0].focus();
      dialog.scrollIntoView({ block: "center", behavior: "instant" });
    }
    shown();
  });
}
