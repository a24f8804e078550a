/** The desk: who is signed in, and the line on which everything is heard. */

import { closeSheets, find } from "../widget/elements.js";
import { wait } from "../widget/server.js";
import * as composer from "./composer.js";
import * as lists from "./lists.js";
import * as notice from "./notice.js";
import * as overview from "./overview.js";
import * as panes from "./panes.js";
import * as server from "./server.js";
import * as shortcuts from "./shortcuts.js";
import * as signin from "./signin.js";
import { catchUp, conversation, desk, forget, hear, load, mine, tell } from "./state.js";
import { words } from "./strings.js";
import * as top from "./top.js";
import { isOverview, showChats, showOverview } from "./views.js";

/** Losing the line for less is not worth a word. */
const GRACE = 3_000;
const TYPING_LASTS = 8_000;

let line, lost;

const heart = new Worker(new URL("heart.js", import.meta.url));
heart.onmessage = () => server.heartbeat().catch(() => undefined);
// Whoever holds a lock is not frozen: visitors would think that nobody is there any more.
navigator.locks?.request("helpline.desk", { mode: "shared" }, () => new Promise(() => undefined));

/** What the shortcuts do. */
const act = {
  chat: (number) => openMine(number - 1),
  next: () => inChats(panes.nextUnread),
  down: () => inChats(() => panes.step(1)),
  up: () => inChats(() => panes.step(-1)),
  waiting: lists.toWaiting,
  take: lists.takeNext,
  reply: () => inChats(() => panes.active()?.focus()),
  insert: () => inChats(() => panes.active()?.insert()),
  note: () => inChats(() => panes.active()?.writeNote()),
  details: () => inChats(() => panes.active()?.toggleDetails()),
  transfer: () => inChats(() => panes.active()?.transfer()),
  close: () => inChats(() => panes.active()?.close()),
  presence: top.togglePresence,
  alert: lists.toAlert,
  sound: top.toggleSound,
  help: () => shortcuts.help(act),
};

function inChats(what) {
  showChats();
  what();
}

function openMine(at) {
  const chat = mine()[at];
  if (chat) inChats(() => panes.open(chat.conversation, { beside: true }));
}

const heard = {
  queue: ({ waiting }) => (desk.waiting = waiting),
  chats: ({ chats }) => (desk.chats = chats),
  team: ({ team }) => (desk.team = team),
  alerts: ({ alerts }) => (desk.alerts = alerts),
  questions: ({ questions }) => (desk.questions = questions),
};

function hearEvent(name, data) {
  if (name in heard) {
    heard[name](data);
    tell(name);
    if (name === "chats") {
      catchUp();
      begun ||= !panes.begin();
    }
  }
  if (name === "team") followMe();
  if (name === "message") hear(data.conversation, data.message);
  if (name === "typing" && data.sender === "visitor") typing(data.conversation, data.typing);
  if (name === "details") load(data.conversation).catch(() => undefined);
  if (name === "signed_out") signedOut();
}

/** Whether the chats have been opened that were open before. */
let begun = false;

/** My presence may have been changed in another tab. */
function followMe() {
  const me = desk.team.find(({ id }) => id === desk.me.id);
  if (!me || me.presence === "gone" || me.presence === desk.me.presence) return;
  desk.me.presence = me.presence;
  tell("presence");
}

function typing(id, isTyping) {
  const known = conversation(id);
  clearTimeout(known.typingEnds);
  known.typing = isTyping;
  if (isTyping) known.typingEnds = setTimeout(typing, TYPING_LASTS, id, false);
  tell("typing", id);
}

function signedIn(me) {
  composer.belongTo(me);
  desk.me = me;
  if (me.role === "supervisor") act.overview = () => (isOverview() ? showChats() : showOverview());
  else delete act.overview;
  find("sign-in").hidden = true;
  find("desk").hidden = false;
  find("desk").dataset.role = me.role;
  top.begin({ help: act.help, signOut });
  lists.begin();
  overview.begin();
  showChats();
  begun = false;
  line = server.listen({
    open() {
      clearTimeout(lost);
      lost = undefined;
      find("line").textContent = "";
      composer.sending.flush();
    },
    lost: () => (lost ||= setTimeout(sayLost, GRACE)),
    refused: (error) => (find("line").textContent = error.message),
    event: hearEvent,
  });
  heart.postMessage(me.heartbeat_seconds * 1000);
  find("panes").focus();
}

const sayLost = () => (find("line").textContent = navigator.onLine ? words.lost : words.offline);

function end() {
  heart.postMessage(0);
  clearTimeout(lost);
  line?.stop();
  find("trouble").replaceChildren();
  closeSheets();
  panes.closeAll();
  notice.reset();
  forget();
  server.forget();
  Object.assign(desk, { me: undefined, waiting: [], chats: [], team: [], alerts: [], questions: [] });
  find("line").textContent = "";
}

/** Somebody else, or time, has signed this browser out: what was being written is kept. */
function signedOut() {
  if (!desk.me) return;
  end();
  signin.show(signedIn, words.signedOut);
}

async function signOut(everywhere) {
  try {
    await server.signOut(everywhere);
  } catch (error) {
    find("line").textContent = error.message;
    return;
  }
  composer.forget();
  end();
  signin.show(signedIn);
}

server.on.signedOut = signedOut;
addEventListener("offline", sayLost);
addEventListener("online", () => {
  line?.hurry();
  composer.sending.flush();
});

top.applyLook();
shortcuts.begin(act);

/** Goes on where this browser is signed in; as long as the server cannot be reached, it is tried again. */
async function begin(tries = 0) {
  if (desk.me) return;
  try {
    signedIn(await server.me());
  } catch (error) {
    if (error.status === 401) return signin.show(signedIn);
    signin.show(signedIn, error.status ? error.message : words.noServer);
    setTimeout(begin, wait(tries), tries + 1);
  }
}

begin();
