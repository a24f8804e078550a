/** The chat page: a session, what is said and heard in it, and what is around that. */

import * as composer from "./composer.js";
import * as conversation from "./conversation.js";
import { button, closeSheets, find, list, make, openSheet } from "./elements.js";
import * as host from "./host.js";
import { emergencyWords, showStatus, update, ways } from "./links.js";
import { applyLook } from "./look.js";
import * as notes from "./notes.js";
import { outbox as makeOutbox } from "./outbox.js";
import * as server from "./server.js";
import * as session from "./session.js";
import { keep, kept } from "./store.js";
import { spoken, words } from "./strings.js";

const GRACE = 3_000;
const SETTLE = 300;
const TOLD_FOR = 6_000;

let told;
let lasting = "";
let unread = 0;
let standing = {};

/** What was there before the session began anew is history. */
let shownBefore;

/** Asks people.js, which is loaded where a specialist can be had. */
const people = async (what, told) =>
  (await import("./people.js"))[what](told, {
    ask: (path, options) => server.ask(path, session.token(), options),
    save,
    restart,
  });

/** Does what needs modules that are not loaded at once. */
const withMore = (act) => act().catch(() => tell(words.lost, TOLD_FOR));

const openPeople = (what, told) => withMore(() => people(what, told));

async function stands(data) {
  const isBot = data.state === "bot";
  standing = isBot ? data : {};
  if (isBot && !data.survey && !offer(data) && !document.body.dataset.state) return;
  await people("show", data).catch(() => undefined);
}

const offer = (data) =>
  data.live?.open || data.question
    ? button("strong", data.live?.open ? words.specialistAsk : words.question, () => openPeople("open", data))
    : undefined;

let lost;

/** What is told of the session, and what its stream tells. */
const onSession = {
  restart,
  asked(known) {
    find("before").hidden = false;
    find("crisis").hidden = !known?.crisis;
  },
  begun(notice, isAnother) {
    shownBefore = session.last();
    find("notice").replaceChildren(make("h2", notice.title), list("ul", notice.lines));
    if (isAnother) conversation.remark(words.expired);
  },
  failed(error) {
    if (error instanceof server.Refused) server.status().then(update, () => undefined);
    tell(error.title ? error.message : words.lost);
    showPending();
  },
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
    const mine = session.token();
    if (name === "status") update(data);
    if (name === "deleted") deleted();
    if (name === "handoff") await stands(data);
    if (name === "typing" && data.sender !== "visitor") conversation.typing(data.typing && data);
    if (name !== "message") return;
    if (data.id > shownBefore) await caughtUp();
    if (mine !== session.token()) return;
    hear(data);
    if (data.id === shownBefore) await caughtUp();
  },
};

/** All that follows is new, and is spoken; what was there must have settled by then. */
async function caughtUp() {
  if (conversation.isLive()) return;
  const mine = session.token();
  showPending();
  conversation.offer();
  await new Promise((resolve) => setTimeout(resolve, SETTLE));
  if (mine === session.token()) conversation.live(true);
}

function hear(message) {
  const isNew = conversation.add(message) && message.id > session.last();
  find("crisis").hidden = !session.heard(message).crisis;
  if (conversation.isLive()) conversation.offer();
  loadMore().catch(() => undefined);
  if (isNew && message.sender !== "visitor" && !isSeen()) count(unread + 1);
}

const showPending = () => outbox.all().forEach(conversation.addPending);

function expired() {
  if (session.isOver()) return;
  end();
  showPending();
  conversation.remark(words.expired, startButton());
}

function deleted() {
  if (session.isOver()) return;
  end();
  outbox.clear();
  composer.write("");
  closeSheets();
  conversation.clear(false);
  find("paper").replaceChildren();
  keep("later");
  for (const id of ["before", "crisis"]) find(id).hidden = true;
  const title = make("h2", { tabIndex: -1 }, words.deletedTitle);
  conversation.remark(title, make("p", words.deleted), startButton());
  if (isSeen()) title.focus();
}

function end() {
  session.end();
  clearTimeout(lost);
  tell("");
  conversation.offer(false);
  find("people").hidden = true;
}

const startButton = () => button("strong", words.startNew, restart);

function restart() {
  conversation.clear();
  session.begin();
  composer.focus();
}

// Saying something.

function say(payload, title = payload) {
  const text = payload.trim();
  if (!text) return;
  const item = outbox.add({ text });
  conversation.addPending({ ...item, text: title });
  if (!navigator.onLine) tell(words.offline);
  if (session.isOver()) return;
  conversation.offer();
  outbox.flush();
}

/** Only a specialist cares. */
function typing(isTyping) {
  if (!session.token() || document.body.dataset.state !== "live") return;
  server.typing(session.token(), isTyping).catch(() => undefined);
}

const outbox = makeOutbox("outbox", "localStorage", {
  ready: session.token,
  async post({ id, text }) {
    const mine = session.token();
    const refused = await server.say(mine, id, text).catch((error) => error);
    // What was on its way when another session began belongs into that one, and is sent again.
    if (mine !== session.token()) throw new Error("another session");
    if (refused instanceof Error) throw refused;
  },
  sent(item) {
    conversation.delivered(item);
    session.hurry();
  },
  ended: expired,
  state(item) {
    conversation.delivery(item);
    conversation.offer();
    if (item.refused) tell(`${words.notSent} ${item.refused}`, TOLD_FOR);
    else if (item.after) tell(words.slowDown(item.after / 1000), TOLD_FOR);
  },
});

Object.assign(conversation.on, {
  say(payload, title) {
    say(payload, title);
    composer.focus();
  },
  offer,
  note: (text) => tell(words.notesKept(notes.add(text)), TOLD_FOR),
  rate: ({ id }, helpful) => server.rate(session.token(), id, helpful).then(
      () => true,
      () => tell(words.notKept, TOLD_FOR),
    ),
  retry(item) {
    conversation.discard(item);
    outbox.retry(item.id);
    showPending();
    composer.focus();
  },
  edit(item) {
    outbox.remove(item.id);
    conversation.discard(item);
    composer.putBack(item.text);
    composer.focus();
  },
});

// The page around it.

/** Says how things stand; or for a while something else, and then again how they stand. */
function tell(text, until) {
  clearTimeout(told);
  find("state").textContent = text;
  if (until) told = setTimeout(() => tell(lasting), until);
  else lasting = text;
}

const isSeen = () => host.shown && !document.hidden;

function count(messages) {
  unread = messages;
  document.title = unread ? `(${unread}) ${words.name}` : words.name;
  host.unread(unread);
}

async function forget(withNotes) {
  try {
    await server.forget(session.token() || kept("session")?.token);
  } catch (error) {
    if (error.status !== 401) return false;
  }
  if (withNotes) notes.clear();
  deleted();
  return true;
}

/** What is taken away. The browser does not wait with printing, so it is loaded before. */
let transcript;

const layOut = () => transcript?.layOut(conversation.all(), notes.all());

/** Loads what nobody needs before something is said. */
async function loadMore() {
  await import("./menu.js");
  transcript ??= await import("./transcript.js");
}

const save = (kind) =>
  withMore(async () => {
    await loadMore();
    transcript.save(kind, conversation.all(), notes.all());
  });

const print = () =>
  withMore(async () => {
    if (!transcript) await loadMore();
    layOut();
    window.print();
  });

const openMenu = () =>
  withMore(async () => {
    const lines = [...find("notice").querySelectorAll("li")].map((item) => item.textContent);
    (await import("./menu.js")).open(lines, {
      save,
      print,
      comeBack: () => openPeople("comeBack"),
      forget: session.isOver() ? undefined : forget,
    });
  });

function openPerson() {
  const ask = button("strong", words.personAsk, () => {
    closeSheets();
    conversation.on.say(words.person);
  });
  openSheet("person", words.person, ways(), offer(standing), session.isOver() ? undefined : ask, make("p", ...emergencyWords()));
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
    session.hurry(true);
    outbox.flush();
  });
  document.addEventListener("visibilitychange", () => {
    session.hurry();
    if (isSeen()) count(0);
  });
  host.onOpen(() => {
    count(0);
    composer.focus(find("title"));
  });
}

applyLook();
if (host.color) document.documentElement.style.setProperty("--site", host.color);
find("close").hidden = !host.embedded;
setWords();
showStatus();
notes.count();
composer.start(say, typing);
listenToPage();
conversation.offer();
session.start(onSession);
host.ready();
if (host.code) {
  // A code does not stay in the address, where others would find it.
  history.replaceState(null, "", location.hash.replace(/&?return=[^&]*/, "") || location.pathname);
  openPeople("comeBack", host.code);
}
