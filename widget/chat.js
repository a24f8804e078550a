/** The chat page: a session, what is said and heard in it, and what is around that. */

import * as composer from "./composer.js";
import * as conversation from "./conversation.js";
import { button, closeSheets, find, list, make, openSheet } from "./elements.js";
import * as host from "./host.js";
import { emergencyWords, showStatus, update, ways } from "./links.js";
import * as menu from "./menu.js";
import * as notes from "./notes.js";
import { outbox as makeOutbox } from "./outbox.js";
import * as server from "./server.js";
import { keep, kept, onChange } from "./store.js";
import { spoken, words } from "./strings.js";
import * as transcript from "./transcript.js";

const GRACE = 3_000;
const SETTLE = 300;
const TOLD_FOR = 6_000;

/** {token, last, crisis}; last: the number of the message that was shown last. */
let session;
let stream;
let tries = 0;
let again;
let told;
let unread = 0;
let over = false;
let standing = {};

/** Goes on in the conversation that this browser knows, or begins one. */
async function begin() {
  clearTimeout(again);
  over = false;
  find("before").hidden = false;
  const known = kept("session");
  find("crisis").hidden = !known?.crisis;
  try {
    const { token, notice, resumed } = await server.begin(known?.token);
    tries = 0;
    session = resumed ? known : { token, last: 0 };
    find("notice").replaceChildren(make("h2", notice.title), list("ul", notice.lines));
    if (known && !resumed) conversation.remark(words.expired);
    remember();
    listen();
  } catch (error) {
    const refused = error instanceof server.Refused;
    if (refused) server.status().then(update, () => undefined);
    tell(error.title ? error.message : words.lost);
    showPending();
    again = setTimeout(begin, error.after || server.wait(tries++));
  }
}

/** Asks people.js, which is loaded where a specialist can be had. */
const people = async (what, told) =>
  (await import("./people.js"))[what](told, {
    ask: (path, options) => server.ask(path, session?.token, options),
    save,
    restart,
  });

async function stands(data) {
  const isBot = data.state === "bot";
  standing = isBot ? data : {};
  if (isBot && !data.survey && !offer(data) && !document.body.dataset.state) return;
  await people("show", data).catch(() => undefined);
}

const offer = (data) =>
  data.live?.open || data.question
    ? button("strong", data.live?.open ? words.specialistAsk : words.question, () => people("open", data))
    : undefined;

function remember() {
  keep("session", session);
  find("crisis").hidden = !session.crisis;
}

function listen() {
  const shownBefore = session.last;
  let lost;
  stream = server.listen(session.token, {
    open() {
      clearTimeout(lost);
      lost = undefined;
      tell("");
      if (!shownBefore) caughtUp();
      outbox.flush();
    },
    lost() {
      conversation.typing();
      lost ||= setTimeout(() => tell(navigator.onLine ? words.lost : words.offline), GRACE);
    },
    refused: expired,
    async event(name, data) {
      if (name === "status") update(data);
      if (name === "deleted") deleted();
      if (name === "handoff") await stands(data);
      if (name === "typing" && data.sender !== "visitor") conversation.typing(data.typing && data);
      if (name !== "message") return;
      if (data.id > shownBefore) await caughtUp();
      if (over) return;
      hear(data);
      if (data.id === shownBefore) await caughtUp();
    },
  });
}

/** All that follows is new, and is spoken; what was there must have settled by then. */
async function caughtUp() {
  if (conversation.isLive()) return;
  showPending();
  conversation.offer();
  await new Promise((resolve) => setTimeout(resolve, SETTLE));
  conversation.live(true);
}

function hear(message) {
  const isNew = conversation.add(message) && message.id > session.last;
  session.last = Math.max(session.last, message.id);
  session.crisis ||= message.data?.screen === "crisis";
  remember();
  if (conversation.isLive()) conversation.offer();
  if (isNew && message.sender !== "visitor" && !isSeen()) count(unread + 1);
}

const showPending = () => outbox.all().forEach(conversation.addPending);

function expired() {
  if (over) return;
  end();
  showPending();
  conversation.remark(words.expired, startButton());
}

function deleted() {
  if (over) return;
  end();
  outbox.clear();
  composer.write("");
  closeSheets();
  conversation.clear();
  for (const id of ["before", "crisis"]) find(id).hidden = true;
  const title = make("h2", { tabIndex: -1 }, words.deletedTitle);
  conversation.remark(title, make("p", words.deleted), startButton());
  if (isSeen()) title.focus();
}

function end() {
  over = true;
  stream.stop();
  keep("session");
  tell("");
  for (const id of ["replies", "people"]) find(id).hidden = true;
}

const startButton = () => button("strong", words.startNew, restart);

function restart() {
  stream?.stop();
  conversation.clear();
  begin();
  composer.focus();
}

// Saying something.

function say(payload, title = payload) {
  const text = payload.trim();
  if (!text) return;
  const item = outbox.add({ text });
  conversation.live(true);
  conversation.addPending({ ...item, text: title });
  if (!navigator.onLine) tell(words.offline);
  if (over) return;
  conversation.offer();
  outbox.flush();
}

/** Only a specialist cares. */
function typing(isTyping) {
  if (over || document.body.dataset.state !== "live") return;
  server.typing(session.token, isTyping).catch(() => undefined);
}

const outbox = makeOutbox("outbox", "localStorage", {
  ready: () => !over && session,
  post: ({ id, text }) => server.say(session.token, id, text),
  sent: conversation.delivered,
  ended: expired,
  state(item) {
    conversation.delivery(item);
    if (item.after) tell(words.slowDown(item.after / 1000), TOLD_FOR);
  },
});

Object.assign(conversation.on, {
  say(payload, title) {
    say(payload, title);
    composer.focus();
  },
  offer,
  note: (text) => tell(words.notesKept(notes.add(text)), TOLD_FOR),
  rate: ({ id }, helpful) => server.rate(session.token, id, helpful).catch(() => undefined),
  retry: ({ id }) => outbox.retry(id),
  edit(item) {
    outbox.remove(item.id);
    conversation.discard(item);
    composer.putBack(item.text);
    composer.focus();
  },
});

// The page around it.

function tell(text, until) {
  clearTimeout(told);
  find("state").textContent = text;
  if (until) told = setTimeout(tell, until, "");
}

const isSeen = () => host.shown && !document.hidden;

function count(messages) {
  unread = messages;
  document.title = unread ? `(${unread}) ${words.name}` : words.name;
  host.unread(unread);
}

async function forget(withNotes) {
  try {
    await server.forget(session.token);
  } catch (error) {
    if (error.status !== 401) return false;
  }
  if (withNotes) notes.clear();
  deleted();
  return true;
}

const save = (kind) => transcript.save(kind, conversation.all(), notes.all());

const layOut = () => transcript.layOut(conversation.all(), notes.all());

function openMenu() {
  const lines = [...find("notice").querySelectorAll("li")].map((item) => item.textContent);
  menu.open(lines, {
    save,
    print() {
      layOut();
      window.print();
    },
    comeBack: () => people("comeBack"),
    forget: over ? undefined : forget,
  });
}

function openPerson() {
  const ask = button("strong", words.personAsk, () => {
    closeSheets();
    conversation.on.say(words.person);
  });
  openSheet("person", words.person, ways(), offer(standing), over ? undefined : ask, make("p", ...emergencyWords()));
}

function setWords() {
  document.documentElement.lang = spoken;
  count(0);
  for (const element of document.querySelectorAll("[data-words]")) {
    element.append(words[element.dataset.words]);
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", words[element.dataset.label]);
  }
}

function listenToPage() {
  find("open-menu").onclick = openMenu;
  find("open-person").onclick = openPerson;
  find("open-notes").onclick = notes.open;
  find("close").onclick = host.close;
  addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && !document.querySelector("dialog[open]")) host.close();
  });
  addEventListener("beforeprint", layOut);
  addEventListener("offline", () => tell(words.offline));
  addEventListener("online", () => {
    stream?.hurry();
    outbox.flush();
  });
  document.addEventListener("visibilitychange", () => {
    stream?.hurry();
    if (isSeen()) count(0);
  });
  host.onOpen(() => {
    count(0);
    composer.focus(find("title"));
  });
  // Another tab has begun another conversation.
  onChange("session", () => {
    const known = kept("session");
    if (!known || known.token === session?.token) return;
    restart();
  });
}

menu.applyLook();
if (host.color) document.documentElement.style.setProperty("--site", host.color);
find("close").hidden = !host.embedded;
setWords();
showStatus();
notes.count();
composer.start(say, typing);
listenToPage();
conversation.offer();
begin();
host.ready();
if (host.code) people("comeBack", host.code);
