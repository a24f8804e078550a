/** Where the visitor writes. The draft outlives a reload. */

import { find } from "./elements.js";
import { keep, kept } from "./store.js";
import { words } from "./strings.js";

const box = find("text");
const PAUSE = 4_000;

let paused;
let isTyping = false;

export function start(send, typing) {
  function writing(now) {
    clearTimeout(paused);
    if (now) paused = setTimeout(writing, PAUSE, false);
    if (now !== isTyping) typing((isTyping = now));
  }
  find("say").onsubmit = (event) => {
    event.preventDefault();
    const text = box.value;
    write("");
    writing(false);
    send(text);
  };
  box.onkeydown = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    find("say").requestSubmit();
  };
  box.oninput = () => {
    write(box.value);
    writing(box.value !== "");
  };
  box.placeholder = words.sayHint;
  write(kept("draft", "", "sessionStorage"));
}

export const putBack = (text) => write(`${text} ${box.value}`.trim());

export function write(text) {
  if (box.value !== text) box.value = text;
  keep("draft", text, "sessionStorage");
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 3}px`;
}

/** Puts focus into the box; on a phone, whose keyboard would jump up, on the place given. */
export function focus(place = find("scroller")) {
  const hasMouse = matchMedia("(hover: hover) and (pointer: fine)").matches;
  (hasMouse ? box : place).focus({ preventScroll: true });
}
