/**
 * The conversation on the page. A screen reader speaks each new message once, and old ones never:
 * the log is not live while it is filled with them.
 */

import { focus } from "./composer.js";
import { button, find, make } from "./elements.js";
import { element, speaker } from "./messages.js";
import { words } from "./strings.js";

const log = find("log");
const scroller = find("scroller");
const below = find("below");
const replies = find("replies");

const NEAR = 60;
const TYPING_LASTS = 30_000;

/** Messages by number, in order. */
const said = new Map();
/** Elements of what the server has not confirmed, by client id. */
const pending = new Map();

/** What buttons do: say, note, rate, retry, edit. */
export const on = {};

/** To what the visitor said last. Its beginning stays in sight. */
let firstReply;
let following = true;
let placed = 0;
let typingEnds;
/** The suggestions on the page. */
let shown;

export const all = () => [...said.values()];

export const isLive = () => log.getAttribute("aria-live") !== "off";

export function live(isOn) {
  log.setAttribute("aria-live", isOn ? "polite" : "off");
  log.setAttribute("aria-busy", !isOn);
}

export function clear(startersToo = true) {
  live(false);
  said.clear();
  pending.clear();
  firstReply = undefined;
  following = true;
  log.replaceChildren();
  typing();
  offer(startersToo);
}

/** Returns whether the message was not on the page yet. */
export function add(message) {
  if (said.has(message.id)) return false;
  said.set(message.id, message);
  if (pending.has(message.client)) {
    pending.get(message.client).querySelector(".delivery").remove();
    pending.delete(message.client);
    return false;
  }
  if (message.sender !== "visitor") typing();
  append(element(message, on), message.sender);
  return true;
}

export function addPending(item) {
  if (!pending.has(item.id) && !all().some(({ client }) => client === item.id)) {
    const message = element({ ...item, sender: "visitor" }, on);
    message.append(make("div.delivery.row", { "aria-live": "off" }));
    append(message, "visitor", true);
    pending.set(item.id, message);
  }
  delivery(item);
}

export function delivery(item) {
  const line = pending.get(item.id)?.lastElementChild;
  line?.classList.toggle("failed", Boolean(item.refused));
  if (!item.refused) line?.replaceChildren(item.sending ? words.sending : words.waiting);
  else {
    line?.replaceChildren(
      `${words.notSent} ${item.refused} `,
      button("plain", words.tryAgain, () => on.retry(item)),
      button("plain", words.edit, () => on.edit(item)),
    );
  }
}

export const delivered = (item) => pending.get(item.id)?.lastElementChild.replaceChildren();

export function discard(item) {
  pending.get(item.id)?.remove();
  pending.delete(item.id);
}

/** Adds a line of the page's own. */
export const remark = (...content) => append(make("div.remark", ...content), "remark", true);

export function typing(who) {
  clearTimeout(typingEnds);
  find("typing").hidden = !who;
  if (!who) return;
  find("typing-who").textContent = words.typing(speaker(who));
  typingEnds = setTimeout(typing, TYPING_LASTS);
  if (following) scroll();
}

/** Offers what can be said next, or to begin with; false: nothing any more. */
export function offer(anything = true) {
  const title = said.size ? words.replies : words.starters;
  const offered = new Map();
  for (const message of all()) {
    if (message.sender === "visitor") offered.clear();
    const more = message.data?.type === "article" ? [words.more, words.simpler] : [];
    for (const text of more) offered.set(text, text);
    for (const { title, payload } of message.buttons || []) offered.set(payload, title);
  }
  if (!said.size) for (const text of words.starterQuestions) offered.set(text, text);
  if (!anything || [...pending.values()].some((element) => !element.querySelector(".failed"))) offered.clear();
  // Whoever is among them stays there, unless they change.
  const now = JSON.stringify([title, ...offered]);
  if (now === shown) return;
  shown = now;
  if (replies.contains(document.activeElement)) focus();
  replies.hidden = !offered.size;
  replies.setAttribute("aria-label", title);
  replies.replaceChildren(
    said.size ? "" : make("p.quiet", { "aria-hidden": true }, title),
    ...[...offered].map(([payload, text]) => button("reply", text, () => on.say(payload, text))),
  );
}

function append(node, sender, atEnd = false) {
  // What still waits at the end to be sent comes after all that has been said.
  let next = null;
  for (let last = log.lastChild; !atEnd && last?.querySelector(".delivery"); last = last.previousSibling) {
    next = last;
  }
  log.insertBefore(node, next);
  node.dataset.sender = sender;
  node.classList.toggle("goes-on", node.previousElementSibling?.dataset.sender === sender);
  if (sender === "visitor") {
    firstReply = undefined;
    following = true;
  } else if (sender !== "bot" || !firstReply) firstReply = node;
  below.hidden = following;
  if (following) scroll();
}

/** Goes to the end, but no further than the beginning of what is new. */
export function scroll() {
  const { clientHeight, scrollHeight } = scroller;
  const question = firstReply?.previousElementSibling;
  // A short question stays in sight above its answer.
  const first = question?.offsetHeight < clientHeight / 4 ? question : firstReply;
  const top = first && isLive() ? first.offsetTop - 12 : scrollHeight;
  placed = Math.max(0, Math.min(scrollHeight - clientHeight, top));
  scroller.scrollTop = placed;
}

scroller.onscroll = () => {
  const { scrollTop, scrollHeight, clientHeight } = scroller;
  following = scrollHeight - clientHeight - scrollTop < NEAR || Math.abs(scrollTop - placed) < NEAR;
  if (following) below.hidden = true;
};

below.onclick = () => {
  scroll();
  scroller.focus();
};
