/** The lists at the side: safety alerts, my chats, who waits, questions left after hours. */

import { button, find, icon, iconButton, make } from "../widget/elements.js";
import { keyed } from "./keyed.js";
import * as panes from "./panes.js";
import * as server from "./server.js";
import { cannotTake, chatOf, conversation, desk, hold, mine, numberOf, unread, when } from "./state.js";
import { languageName, moment, since, words } from "./strings.js";
import { attempt } from "./trouble.js";
import { showChats } from "./views.js";

const WAITS_TICK = 10_000;

const head = (id) => make("h2", { id: `${id}-title`, tabIndex: -1 });

function section(id) {
  const title = head(id);
  const about = make("p.quiet.list-about");
  const rows = make("ul.cards");
  find(id).replaceChildren(title, about, rows);
  return { title, about, rows, place: find(id) };
}

let alerts, chats, waiting, questions;

export function begin() {
  [alerts, chats, waiting, questions] = ["alerts", "mine", "waiting", "questions"].map(section);
  show();
}

const key = ({ conversation }) => conversation;
const open = (id, options) => {
  showChats();
  return panes.open(id, options);
};

function show() {
  if (!desk.me || !chats) return;
  alerts.title.textContent = words.alerts;
  alerts.place.hidden = !desk.alerts.length;
  keyed(alerts.rows, desk.alerts, ({ id }) => id, alertCard);

  chats.title.textContent = words.yourChats(mine().length, desk.me.capacity);
  chats.about.textContent = desk.chats.length ? "" : words.noChats;
  // What is offered comes first: it waits for a decision.
  keyed(chats.rows, [...desk.chats].sort((one, other) => other.offered_to_me - one.offered_to_me), key, chatCard);

  const reason = cannotTake();
  const inLine = notMine();
  waiting.title.textContent = words.waiting(inLine.length);
  waiting.about.textContent = !inLine.length ? words.nobodyWaits : reason ? words.cannotTake[reason] : "";
  keyed(waiting.rows, inLine, key, waitingCard);

  questions.title.textContent = words.questions(desk.questions.length);
  questions.about.textContent = words.questionAbout;
  questions.place.hidden = !desk.questions.length;
  keyed(questions.rows, desk.questions, ({ id }) => id, questionCard);
}

/** Who waits, without those I have just taken: a snapshot may be older than that. */
const notMine = () => desk.waiting.filter(({ conversation }) => !chatOf(conversation)?.mine);

const badge = (kind, drawing, text) => make(`span.badge.${kind}`, icon(drawing), text);

const alertBadge = (screen, words_) => badge(screen, screen === "crisis" ? "heart" : "alarm", words_[screen]);

function alertCard({ id, conversation: of, screen, at, mine, readable }) {
  const about = make("p.quiet");
  const show = button("plain", words.showIt, () => open(of));
  const seen = button("strong.danger", words.acknowledge, () => attempt(() => server.acknowledge(id)));
  const title = make("p", icon(screen === "crisis" ? "heart" : "alarm"), make("b", words.screens[screen]), " ", make("time", { dateTime: at }, moment(at)));
  const element = make(`li.card.alert.${screen}`, title, about, make("div.row", seen, readable ? show : ""));
  return {
    element,
    update() {
      const number = numberOf(of);
      about.textContent = number ? words.chat(number) : chatOf(of)?.holder ? words.alertFor(chatOf(of).holder.shown) : mine ? "" : words.whileWaiting;
    },
  };
}

function chatCard({ conversation: id }) {
  const number = make("b.number");
  const title = make("b.card-title");
  const said = make("span.said");
  const count = make("span.count");
  const marks = make("span.marks");
  const main = make("button.card-main", { type: "button", onclick: () => open(id) }, number, make("span.card-text", title, said, marks), count);
  const beside = iconButton("round.small.beside", "beside", words.openBeside, () => open(id, { beside: true }));
  const element = make("li.card.chat", main, beside);
  return {
    element,
    update(chat) {
      const { messages, typing } = conversation(id);
      const latest = messages.findLast(({ sender }) => sender === "visitor" || sender === "specialist");
      const at = numberOf(id);
      number.textContent = at || "";
      number.hidden = !at;
      title.textContent = chat.offered_to_me ? words.offered(chat.transfer.from.shown) : chat.reason || chat.asked || words.visitor;
      said.textContent = typing ? words.writing : latest?.text || latest?.data?.title || chat.reason || words.nothingYet;
      const fresh = chat.mine ? unread(chat) : 0;
      count.replaceChildren(...(fresh ? [String(fresh), make("span.heard", ` ${words.unread(fresh).replace(/^\d+ /, "")}`)] : []));
      count.hidden = !fresh;
      marks.replaceChildren(
        chat.alert ? alertBadge(chat.alert, words.screens) : "",
        chat.visitor.online === false ? badge("dim", "person", words.leftPage) : "",
        chat.offered_to_me && chat.transfer.note ? make("span.quiet", chat.transfer.note) : "",
      );
      element.classList.toggle("offered", chat.offered_to_me);
      element.classList.toggle("unread", fresh > 0);
      main.setAttribute("aria-current", String(panes.isOpen(id)));
      main.setAttribute("aria-keyshortcuts", at && at < 10 ? `Alt+${at}` : "");
    },
  };
}

function waitingCard({ conversation: id }) {
  const reason = make("p.card-title", { id: `reason-${id}` });
  const time = make("span.wait");
  const place = make("span");
  const asked = make("p.asked");
  const marks = make("p.marks");
  const failed = make("p.failed", { role: "alert" });
  const look = button("plain", words.look, () => open(id, { beside: true }), { "aria-describedby": reason.id });
  const take = button("strong", words.take, () => claim(id).catch((error) => (failed.textContent = error.message)), { "aria-describedby": reason.id });
  const element = make("li.card.waiting", make("p.card-meta", time, place), reason, asked, marks, failed, make("div.row", take, look));
  return {
    element,
    update(one) {
      reason.textContent = one.reason || words.noReason;
      reason.classList.toggle("none", !one.reason);
      time.replaceChildren(icon("clock"), make("b", since(one.asked_at)));
      time.dataset.at = one.asked_at;
      place.textContent = [words.regionShort[one.region], one.language && languageName(one.language)].filter(Boolean).join(" · ");
      asked.replaceChildren(...(one.asked ? [make("span", `${words.lastAsked}: `), `“${one.asked}”`] : []));
      marks.replaceChildren(
        one.alert ? alertBadge(one.alert, words.screenShown) : "",
        one.returning ? badge("warn", "transfer", words.returning(one.previous)) : "",
        one.consent ? "" : badge("dim", "lock", words.noConsent),
      );
      take.disabled = Boolean(cannotTake());
    },
  };
}

function questionCard({ id: question, conversation: id, at, text, language, region }) {
  const answer = button("plain", words.answer, () => open(id, { beside: true, question }));
  const place = [moment(at), words.regionShort[region], language && languageName(language)].filter(Boolean).join(" · ");
  const element = make("li.card.question", make("p.card-meta", place), make("p.card-title", text), make("div.row", answer));
  return { element, update() {} };
}

/** Takes a waiting visitor, and opens the chat. */
async function claim(id) {
  hold(id, await server.claim(id));
  open(id, { beside: true });
}

/** Takes whoever waits longest. */
export function takeNext() {
  const [next] = notMine();
  if (next && !cannotTake()) attempt(() => claim(next.conversation));
}

/** Puts focus on who waits first. */
export function toWaiting() {
  (waiting.rows.querySelector("button:not(:disabled)") || waiting.title).focus();
}

/** Opens the first safety alert. */
export function toAlert() {
  const alert = desk.alerts.find(({ readable }) => readable);
  if (alert) open(alert.conversation, { beside: true });
}

when("chats queue team alerts questions presence conversation seen typing panes", show);
setInterval(show, WAITS_TICK);
