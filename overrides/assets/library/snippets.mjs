// On the page that says how to embed a tool: the address of this site as it is open, and buttons that copy.

import { toClipboard } from "../shared/clipboard.mjs";

const root = new URL("../../", document.baseURI).href;

for (const snippet of document.querySelectorAll("[data-embed-snippet]")) {
  const code = snippet.querySelector("code");
  const button = snippet.querySelector("[data-copy]");
  code.textContent = code.textContent.replaceAll(snippet.dataset.embedSnippet, root);
  button.hidden = false;
  button.addEventListener("click", () => copy(code, snippet.querySelector("[data-copied]")));
}

async function copy(code, said) {
  try {
    await toClipboard(code.textContent);
    said.textContent = "Copied.";
  } catch {
    getSelection().selectAllChildren(code);
    said.textContent = "Your browser did not let this page copy. The text is selected: copy it from there.";
  }
}
