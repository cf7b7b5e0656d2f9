// Puts an address right that came mangled: before Material reads it, and on the page that says that there is none.

import { bare, decoded, placeOf } from "../shared/address.mjs";
import { attempt, SITE } from "../shared/browser.mjs";

if (document.querySelector("[data-not-found]")) mendPath();
mendPlace();
addEventListener("hashchange", mendPlace);

// Where a browser finds the place by itself, nothing is done. What cannot be decoded would end Material's scripts.
function mendPlace() {
  const [said, place] = [location.hash.slice(1), placeOf(location.hash)];
  const read = attempt(() => decodeURIComponent(said), null);
  if (place && place.id !== said && place.id !== read) location.replace(`#${place.id}`);
  else if (!place && read === null) location.replace(`#${said.replaceAll("%", "%25")}`);
}

// Mail programs write # as %23, so that what followed it has become part of the path. It never leads to another site.
function mendPath() {
  const [path, ...places] = decoded(decoded(location.pathname.slice(SITE.length))).split("#");
  const meant = new URL(location.href);
  meant.pathname = SITE + encodeURI(bare(path).toLowerCase());
  if (places.length > 0) meant.hash = places.join("#");
  if (meant.pathname !== location.pathname) location.replace(meant.href);
}
