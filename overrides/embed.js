// For pages that show a tool of this site in a frame: it makes the frame as tall as what is in it. Its address stays.
//   <script src="https://the-site/embed.js" defer></script>
// It goes by the frames whose `src` lies in `embed/` beside this script. If you serve a copy of it yourself, say where the
// site is: <script src="/your-copy.js" data-site="https://the-site/" defer></script>
//
// It hears heights alone, believes them only if they come from the page in such a frame and from the site's own origin,
// and changes nothing but that frame's height. It sends nothing, stores nothing and adds nothing to the page.

(() => {
  "use strict";

  const { src, dataset } = document.currentScript;
  const site = new URL(dataset.site ?? ".", src);
  const tools = new URL("embed/", site).href;
  const [LEAST, MOST] = [200, 200_000]; // pixels

  const frames = () => [...document.querySelectorAll("iframe")].filter((frame) => frame.src.startsWith(tools));

  addEventListener("message", ({ source, origin, data }) => {
    if (!source || origin !== site.origin) return;
    const frame = frames().find(({ contentWindow }) => contentWindow === source);
    if (!frame || data?.type !== "decision-tool:height" || !Number.isInteger(data.height)) return;
    if (data.height >= LEAST && data.height <= MOST) resize(frame, data.height);
  });

  function resize(frame, height) {
    const style = getComputedStyle(frame);
    const around = ["paddingTop", "paddingBottom", "borderTopWidth", "borderBottomWidth"];
    const outside =
      style.boxSizing === "border-box" ? around.reduce((sum, side) => sum + parseFloat(style[side]), 0) : 0;
    frame.style.height = `${height + outside}px`;
  }

  // A tool that was there first has told its height already. It tells it again whenever its frame changes.
  for (const frame of frames()) resize(frame, frame.clientHeight + 1);
})();
