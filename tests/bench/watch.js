// Put into each page before its own scripts: notes when a reader could read, answer and see what follows, in
// milliseconds since the navigation began. `window.benchFirst` holds answers to give as soon as the form takes them.
(() => {
  "use strict";
  if (window !== window.top) return;
  const { promise: step, resolve: stepped } = Promise.withResolvers();
  const seen = { first: step };
  const settle = { first: stepped };
  for (const name of ["paint", "form", "ready"]) seen[name] = new Promise((done) => (settle[name] = done));
  let next; // settles as the next screen is painted
  let pressed;

  const painted = (then) => requestAnimationFrame(() => setTimeout(then));
  const place = () => document.querySelector("[data-screen]");
  const submit = () => document.querySelector("[data-screen] button[type=submit]");
  const after = (milliseconds) => new Promise((done) => setTimeout(() => done(null), milliseconds));

  new PerformanceObserver((list) => {
    for (const { name, startTime } of list.getEntries()) {
      if (name === "first-contentful-paint") settle.paint(startTime);
      if (name === "decision-tool:engine-ready" || name === "ready") {
        window.bench.isReady = true;
        settle.ready(startTime);
      }
    }
  }).observe({ entryTypes: ["paint", "mark"] });

  const enabled = new MutationObserver(() => {
    if (!submit() || submit().disabled) return;
    enabled.disconnect();
    settle.form(performance.now());
    new MutationObserver(() => {
      painted(() => {
        const shown = performance.now();
        settle.first(shown);
        next?.({ took: shown - pressed, shown, before: !window.bench.isReady, errors: refused() });
      });
    }).observe(place(), { childList: true });
    if (window.benchFirst) {
      seen.paint.then(() => {
        window.bench.fill(window.benchFirst);
        submit().click();
      });
    }
  });
  const refused = () => place().querySelectorAll(".dt-errors").length;
  enabled.observe(document, { subtree: true, attributes: true, attributeFilter: ["disabled"] });
  addEventListener("click", ({ timeStamp }) => (pressed = timeStamp), { capture: true });

  window.bench = {
    isReady: false,

    /** The times of these; null for what does not come within so many milliseconds. */
    times: (names, within) => Promise.all(names.map((name) => Promise.race([seen[name], after(within)]))),

    /** Ticks and chooses what the answers say, and puts the focus on the button. Writes nothing. */
    fill(answers) {
      for (const input of place().querySelectorAll("form[data-node] :is([type=radio], [type=checkbox])")) {
        const wanted = [answers[input.name] ?? []].flat().includes(input.value);
        if (wanted !== input.checked) input.click();
      }
      submit().focus();
      window.bench.coming = new Promise((done) => (next = done));
    },

    /** What came of the press that was made after `fill`, or null if nothing came within so many milliseconds. */
    came: (within) => Promise.race([window.bench.coming, after(within)]),

    state: () => document.querySelector("[data-decision-tool]").dataset.state,
  };
})();
