// Shows the end of each build on an open page: a good one by loading the page again, a failed one by its report.
// Added by the preview server alone; no built site holds it.

const shown = Number(new URL(import.meta.url).search.slice(1));
const banner = document.createElement("pre");
banner.id = "preview-trouble";
banner.setAttribute("role", "alert");
banner.style.cssText =
  "position:fixed;inset:auto 0 0;max-height:60vh;overflow:auto;margin:0;padding:1rem;z-index:99;" +
  "background:#fff;color:#000;border-top:.4rem solid #d4351c;white-space:pre-wrap;font:14px/1.4 monospace";

function show({ version, trouble }) {
  banner.textContent = `The last change could not be built. This is the site as it was before.\n\n${trouble}`;
  if (trouble) document.body.append(banner);
  else if (version !== shown) location.reload();
  else banner.remove();
}

let seen = -1;
for (;;) {
  try {
    const state = await (await fetch(`/__preview/state?${seen === -1 ? "" : seen}`)).json();
    seen = state.version;
    show(state);
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 1000)); // the server was stopped, or starts again
  }
}
