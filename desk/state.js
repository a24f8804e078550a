/** What the desk knows: who is signed in, who waits, and the conversations that were opened here. */

import { wait } from "../widget/server.js";
import { kept, keep } from "../widget/store.js";
import * as server from "./server.js";

/** The server's last word on each: whole, as it was told. */
export const desk = { me: undefined, waiting: [], chats: [], team: [], alerts: [], questions: [] };

const hearers = {};

/** Calls the hearer whenever one of these has changed. */
export function when(names, hearer) {
  for (const name of names.split(" ")) (hearers[name] ||= []).push(hearer);
}

export function tell(name, detail) {
  for (const hearer of hearers[name] || []) hearer(detail);
}

const opened = new Map();
/** The id of the last visitor's message that was seen, by conversation; it outlives a reload. */
const seen = kept("desk.seen", {}, "sessionStorage");

export const chatOf = (id) => desk.chats.find((chat) => chat.conversation === id);
export const waitingOf = (id) => desk.waiting.find((one) => one.conversation === id);
export const questionsOf = (id) => desk.questions.filter((one) => one.conversation === id);
export const mine = () => desk.chats.filter((chat) => chat.mine);
/** The number that a chat of mine goes by, or 0. */
export const numberOf = (id) => mine().findIndex((chat) => chat.conversation === id) + 1;

/** Why I can take no chat: "away", "full", or nothing. */
export function cannotTake() {
  if (desk.me.presence === "away") return "away";
  return mine().length >= desk.me.capacity ? "full" : undefined;
}

/** What of this conversation is what: mine, offered, waiting, question, reading. */
export function standing(id) {
  const chat = chatOf(id);
  if (chat?.mine) return "mine";
  if (chat?.offered_to_me) return "offered";
  if (waitingOf(id)) return "waiting";
  return questionsOf(id).length ? "question" : "reading";
}

/**
 * Returns what is known of a conversation, its messages in order. Up to `complete`, the id of a message, none is
 * missing; while it is `behind`, what is heard says nothing of what came before.
 */
export function conversation(id) {
  if (!opened.has(id)) {
    const nothing = { told: {}, messages: [], notes: [], articles: [], handoffs: [], hidden: 0 };
    opened.set(id, { id, ...nothing, complete: 0, behind: true });
  }
  return opened.get(id);
}

/** Forgets all that was read. */
export function forget() {
  opened.clear();
  for (const id of Object.keys(seen)) delete seen[id];
  keep("desk.seen", undefined, "sessionStorage");
}

/** Gets what is new in a conversation. */
export async function load(id) {
  const told = await server.conversation(id, conversation(id).complete).catch((error) => {
    if (error.status === 404) opened.delete(id);
    throw error;
  });
  merge(id, told);
}

/** Gets what the page has missed of a chat of mine; what fails is tried until it has come. */
async function mend(id) {
  const known = conversation(id);
  known.behind = true;
  if (known.mending) return;
  known.mending = true;
  for (let tries = 0; known.behind && chatOf(id) && conversation(id) === known; tries++) {
    if (tries) await new Promise((resolve) => setTimeout(resolve, wait(tries)));
    await load(id).catch(() => undefined);
  }
  known.mending = false;
}

/** Takes over a conversation that is mine from now on; the next snapshots say the same. */
export function hold(id, told) {
  desk.waiting = desk.waiting.filter(({ conversation }) => conversation !== id);
  desk.chats = [...desk.chats.filter(({ conversation }) => conversation !== id), told];
  merge(id, told);
  tell("chats");
}

/** Takes over what the server told of a conversation. */
export function merge(id, { messages, notes, articles, handoffs, hidden, ...told }) {
  const known = conversation(id);
  Object.assign(known, { told, notes, articles, handoffs, hidden });
  for (const message of messages) put(id, message);
  known.complete = Math.max(known.complete, messages.at(-1)?.id || 0, told.mine ? told.last : 0);
  known.behind = known.complete < (chatOf(id)?.last || 0);
  tell("conversation", id);
}

function put(id, message) {
  const { messages } = conversation(id);
  if (messages.some((one) => one.id === message.id)) return false;
  const at = messages.findLastIndex((one) => one.id < message.id) + 1;
  messages.splice(at, 0, message);
  return true;
}

/** Takes in a message; one that is there already changes nothing. */
export function hear(id, message) {
  const known = conversation(id);
  if (!known.behind) known.complete = Math.max(known.complete, message.id);
  if (!put(id, message)) return;
  if (message.sender === "visitor") known.typing = false;
  tell("conversation", id);
  tell("said", { id, message });
}

/** Asks for what the page has missed of the chats that I hold. */
export function catchUp() {
  for (const { conversation: id, last: latest } of desk.chats) {
    if (latest > conversation(id).complete) mend(id);
  }
}

/** Returns how many of the visitor's messages were not seen yet. */
export function unread({ conversation: id, last_visitor: latest }) {
  const from = seen[id] || 0;
  const fresh = conversation(id).messages.filter(({ id, sender }) => sender === "visitor" && id > from);
  // What the server knows of may not have been loaded yet.
  return fresh.length || Number(latest > from);
}

export const allUnread = () => mine().reduce((count, chat) => count + unread(chat), 0);

/** Notes that what was said so far has been seen. */
export function see(id) {
  const latest = conversation(id).messages.at(-1)?.id || 0;
  if (latest <= (seen[id] || 0)) return;
  seen[id] = latest;
  keep("desk.seen", seen, "sessionStorage");
  tell("seen", id);
}
