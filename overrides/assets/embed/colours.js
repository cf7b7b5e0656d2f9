// Light or dark, as the device has it, before anything is painted. A frame has no switch, and stores nothing.

(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => (document.body.dataset.mdColorScheme = dark.matches ? "slate" : "default");
  follow();
  dark.addEventListener("change", follow);
})();
