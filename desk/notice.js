/** What is new is heard, read aloud, and stands in the title, once each. */

import { find } from "../widget/elements.js";
import * as sounds from "./sounds.js";
import { allUnread, chatOf, desk, numberOf, when } from "./state.js";
import { words } from "./strings.js";

const known = { queue: undefined, chats: undefined, alerts: undefined };

/** Forgets what was there, so that the next snapshot is no news. */
export function reset() {
  for (const name of Object.keys(known)) known[name] = undefined;
}

/** Returns what was not there in the snapshot before. */
function fresh(name, items, key) {
  const before = known[name];
  known[name] = new Set(items.map(key));
  return before ? items.filter((item) => !before.has(key(item))) : [];
}

function say(place, text) {
  find(place).textContent = "";
  // A screen reader hears a change, also where the words are the same as before.
  setTimeout(() => (find(place).textContent = text), 50);
}

when("queue", () => {
  const [first] = fresh("queue", desk.waiting, ({ conversation }) => conversation);
  if (!first) return;
  sounds.play("arrival");
  say("polite", words.arrived(first.reason || first.asked || words.noReason));
});

when("chats", () => {
  const offered = desk.chats.filter((chat) => chat.offered_to_me);
  const [first] = fresh("chats", offered, ({ conversation }) => conversation);
  if (!first) return;
  sounds.play("arrival");
  say("polite", words.arrivedOffer(first.transfer.from.shown));
});

when("alerts", () => {
  const [first] = fresh("alerts", desk.alerts, ({ id }) => id);
  if (!first) return;
  sounds.play("alert");
  const number = numberOf(first.conversation);
  const where = number ? words.chat(number) : chatOf(first.conversation) ? "" : words.whileWaiting;
  say("urgent", words.alertSpoken(words.screens[first.screen], where));
});

when("said", ({ id, message }) => {
  if (message.sender !== "visitor" || !chatOf(id)?.mine) return;
  if (document.hidden || !document.hasFocus()) sounds.play("message");
});

when("queue chats alerts conversation seen said", () => {
  const parts = [
    desk.alerts.length && `⚠ ${words.alerts}`,
    desk.waiting.length && words.waiting(desk.waiting.length),
    desk.me && allUnread() && words.unread(allUnread()),
    words.name,
  ].filter(Boolean);
  document.title = parts.join(" · ");
  const calls = parts.length > 1;
  const drawing = calls ? "icon-new.svg" : "../widget/icon.svg";
  if (find("favicon").getAttribute("href") !== drawing) find("favicon").href = drawing;
});
