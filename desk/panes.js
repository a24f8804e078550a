/** The conversations that are open side by side: as many as there is room for. */

import { button, find, make } from "../widget/elements.js";
import { keep, kept } from "../widget/store.js";
import { Pane } from "./pane.js";
import { cannotTake, desk, mine, standing, tell, unread, when } from "./state.js";
import { words } from "./strings.js";
import { togglePresence } from "./top.js";
import { takeNext } from "./lists.js";

const WIDE = 370;
const HIGH = 420;
const MOST = 4;

const place = find("panes");
/** Open panes, in the order in which they stand. */
const open_ = [];
/** The same, the one in use last. */
const used = [];

export const active = () => used.at(-1);
export const isOpen = (id) => Boolean(paneOf(id));
const paneOf = (id) => open_.find((pane) => pane.id === id);

/** Returns how many panes can stand in a row, and how many rows. */
function room() {
  const columns = Math.max(1, Math.floor(place.clientWidth / WIDE));
  const rows = columns === 1 && place.clientHeight >= 2 * HIGH ? 2 : 1;
  return { columns, count: Math.min(MOST, columns * rows) };
}

/** Opens a conversation, beside the others or in the place of the one in use. */
export function open(id, { beside = false, focus = true, question } = {}) {
  let pane = paneOf(id);
  if (!pane) {
    const { count } = room();
    const replaced = open_.length >= count || (!beside && open_.length) ? toReplace(open_.length >= count) : undefined;
    pane = new Pane(id, { close: () => close(id), active: () => use(pane) });
    if (replaced) {
      open_.splice(open_.indexOf(replaced), 1, pane);
      replaced.element.replaceWith(pane.element);
      used.splice(used.indexOf(replaced), 1);
    } else {
      open_.push(pane);
      place.append(pane.element);
    }
  }
  use(pane);
  if (question) pane.question = question;
  pane.update();
  show();
  if (focus) pane.focus();
  return pane;
}

/** A view that is only read gives way first; then, where there is no more room, the one not used for longest. */
function toReplace(full) {
  const read = used.find((pane) => standing(pane.id) !== "mine");
  return read || (full ? used[0] : undefined);
}

export function close(id) {
  const pane = paneOf(id);
  if (!pane) return;
  const hadFocus = pane.element.contains(document.activeElement);
  open_.splice(open_.indexOf(pane), 1);
  used.splice(used.indexOf(pane), 1);
  pane.element.remove();
  show();
  if (!hadFocus && document.activeElement !== document.body) return;
  if (active()) active().focus();
  else place.focus();
}

export function closeAll() {
  for (const pane of [...open_]) close(pane.id);
}

function use(pane) {
  const at = used.indexOf(pane);
  if (at >= 0) used.splice(at, 1);
  used.push(pane);
  for (const one of open_) one.element.classList.toggle("active", one === pane);
}

function show() {
  place.dataset.count = open_.length;
  keep("desk.open", open_.map(({ id }) => id), "sessionStorage");
  showEmpty();
  for (const pane of open_) pane.seen();
  tell("panes");
}

function showEmpty() {
  const before = place.querySelector(".empty");
  const hadFocus = before?.contains(document.activeElement);
  before?.remove();
  if (open_.length || !desk.me) return;
  const count = desk.waiting.length;
  const isAway = desk.me.presence === "away";
  const about = isAway ? words.emptyAway : count ? words.emptyWaiting(count) : words.emptyNobody;
  const take = count && !cannotTake() ? button("strong", words.takeNext, takeNext) : "";
  const act = isAway ? button("strong", words.beAvailable, togglePresence) : take;
  const picture = make("img", { src: "../widget/icon.svg", alt: "", width: 72, height: 72 });
  place.append(make("div.empty", picture, make("h2", isAway ? words.emptyAwayTitle : words.emptyTitle), make("p", about), act));
  // Told anew while its button had focus: the button that stands there now has it.
  if (hadFocus) (act || place).focus();
}

/** Opens again what was open before a reload, and what of my chats there is room for. */
export function begin() {
  const before = kept("desk.open", [], "sessionStorage");
  const chats = mine().map(({ conversation }) => conversation);
  for (const id of [...before.filter((id) => chats.includes(id)), ...chats]) {
    if (!paneOf(id) && open_.length < room().count) open(id, { beside: true, focus: false });
  }
  show();
}

/** The next of my chats in the list, by so many steps. */
export function step(by) {
  const ids = mine().map(({ conversation }) => conversation);
  if (!ids.length) return;
  const at = ids.indexOf(active()?.id);
  open(ids[(at + by + ids.length) % ids.length], { beside: true });
}

export function nextUnread() {
  const chat = mine().find((chat) => unread(chat));
  if (chat) open(chat.conversation, { beside: true });
}

when("conversation", (id) => paneOf(id)?.update());
when("delivery", (item) => paneOf(item.conversation)?.delivery(item));
when("typing", (id) => paneOf(id)?.update());
when("chats queue alerts questions team presence", () => {
  for (const pane of open_) pane.update();
  for (const pane of open_) pane.showTake();
  showEmpty();
});
when("queue", refresh);

/** A waiting visitor goes on talking to the assistant: what is open of it is read again when it changes. */
const heard = new Map();
function refresh() {
  for (const { conversation, last, alert } of desk.waiting) {
    const before = heard.get(conversation);
    const now = `${last} ${alert}`;
    heard.set(conversation, now);
    if (before && before !== now) paneOf(conversation)?.load();
  }
}

new ResizeObserver(() => {
  // Behind the overview there is no room, and none is needed.
  if (place.hidden) return;
  while (open_.length > room().count && open_.length > 1) close(used[0].id);
}).observe(place);

addEventListener("focus", () => open_.forEach((pane) => pane.seen()));
document.addEventListener("visibilitychange", () => open_.forEach((pane) => pane.seen()));
