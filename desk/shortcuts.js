/** What the keyboard does everywhere on the desk, and the sheet that lists it. */

import { closeSheets, make, openSheet } from "../widget/elements.js";
import { keep, kept } from "../widget/store.js";
import { words } from "./strings.js";

/** Keys with Alt, by the place of the key, and what they do. */
const KEYS = {
  chat: ["1–9", ...Array.from({ length: 9 }, (_, at) => `Digit${at + 1}`)],
  next: ["U", "KeyU"],
  down: ["↓", "ArrowDown"],
  up: ["↑", "ArrowUp"],
  waiting: ["Q", "KeyQ"],
  take: ["C", "KeyC"],
  reply: ["R", "KeyR"],
  insert: ["I", "KeyI"],
  note: ["N", "KeyN"],
  details: ["D", "KeyD"],
  transfer: ["T", "KeyT"],
  close: ["X", "KeyX"],
  presence: ["P", "KeyP"],
  alert: ["A", "KeyA"],
  overview: ["O", "KeyO"],
  sound: ["M", "KeyM"],
  help: ["H", "KeyH"],
};

const isOn = () => kept("desk.shortcuts", true);

/** Starts them: `act` has a function for each name. */
export function begin(act) {
  addEventListener("keydown", (event) => {
    const { altKey, ctrlKey, metaKey, shiftKey, code } = event;
    if (!altKey || ctrlKey || metaKey || shiftKey || event.getModifierState("AltGraph")) return;
    const name = Object.keys(KEYS).find((name) => KEYS[name].includes(code, 1));
    if (!name || !act[name]) return;
    // The sheet can always be opened: there they are switched on again.
    if (!isOn() && name !== "help") return;
    if (document.querySelector("dialog[open]")) {
      if (name !== "help") return;
      closeSheets();
      return event.preventDefault();
    }
    event.preventDefault();
    act[name](Number(code.slice(-1)));
  });
}

const row = (keys, about) =>
  make("div.key", make("dt", ...keys.map((key) => make("kbd", key))), make("dd", about));

export function help(act) {
  const check = make("input", { type: "checkbox", checked: isOn(), onchange: () => keep("desk.shortcuts", check.checked) });
  const all = Object.entries(KEYS).filter(([name]) => act[name]);
  const writing = Object.entries(words.composerKeys);
  openSheet(
    "sheet",
    words.shortcuts,
    make("p.quiet", words.shortcutsAbout),
    make("dl.keys", ...all.map(([name, [key]]) => row(["Alt", key], words.keyList[name]))),
    make("h3", words.inComposer),
    make("dl.keys", ...writing.map(([keys, about]) => row(keys.split(" "), about))),
    make("label.check", check, words.shortcutsOn),
  );
}
