import { renderSVG } from "uqr";

/** Draw the QR code of an address into a place, under a name for who cannot see it. Gives the picture as text. */
export function drawCode(place, address, name) {
  const svg = renderSVG(address, { ecc: "M", border: 4 });
  place.innerHTML = svg;
  place.firstChild.setAttribute("role", "img");
  place.firstChild.setAttribute("aria-label", name);
  return svg;
}
