// The room's screen, in a window of its own: what the session shows, with nothing to press. What a clicker sends here goes to
// the session's window, which alone decides.

import { bringToTop } from "../shared/dom.mjs";
import { follow, followed, speaks } from "./channel.mjs";
import { clocks } from "./clocks.mjs";
import { Desk } from "./desk.mjs";
import { blank, onKeys } from "./keys.mjs";
import { fullScreen, stayAwake } from "./projector.mjs";
import * as words from "./words.mjs";

export const STAGE = "#/stage";

export class Stage extends Desk {
  unsaved = false;
  title = words.TITLE.stage;
  #screen;
  #move = () => {};

  constructor(root) {
    super(root);
    this.#screen = this.part("[data-screen]");
    document.body.classList.add("tr-projecting", "tr-on-stage");
    this.part("[data-choose]").hidden = true;
    this.clear();
    this.#screen.inert = true; // its links too
    onKeys(document.documentElement, (move) => {
      if (move === "full") fullScreen();
      else this.#move(move);
      return true;
    });
    stayAwake();
  }

  offer() {
    this.#move = follow((told) => this.#show(told), { stage: true, ...followed(location.hash, STAGE) });
  }

  async #show(told) {
    blank(Boolean(told?.blank));
    if (!told?.state) return this.clear();
    const show = ({ html }) => {
      this.#screen.innerHTML = html; // the engine's own HTML
      clocks(this.#screen);
      bringToTop(this.root);
    };
    await this.ask({ do: "here", state: told.state }, show);
  }

  async send(what) {
    return super.send({ scenes: await this.scenarios(what.state.scenes), ...what });
  }

  clear() {
    this.drop();
    this.#screen.textContent = speaks ? words.ON_STAGE : words.ALONE;
  }
}
