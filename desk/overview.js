/** The supervisor's overview: who waits and who is there, what the days brought, alerts, and the audit trail. */

import { button, find, icon, list, make } from "../widget/elements.js";
import { columns, legend, share } from "./chart.js";
import * as panes from "./panes.js";
import * as server from "./server.js";
import { desk, when } from "./state.js";
import { day, languageName, moment, since, span, words } from "./strings.js";
import { isOverview, showChats } from "./views.js";

const PERIODS = [7, 14, 30, 90];
/** How an asking ends: each in one of these ways. */
const OUTCOMES = ["handled", "cancelled", "nobody_came", "closing_time"];
const TICK = 10_000;

let tab = "now";
let period = 14;
/** The conversation that the audit trail is narrowed to. */
let narrowed = "";
let body, asked;

export function begin() {
  const tabs = Object.entries(words.tabs).map(([name, label]) => {
    const one = button("tab", label, () => show(name));
    one.dataset.tab = name;
    return one;
  });
  const choice = make(
    "select",
    { id: "period", onchange: () => show(tab, Number(choice.value)) },
    ...PERIODS.map((days) => make("option", { value: days, selected: days === period }, words.days(days))),
  );
  const periods = make("div.period", make("label.heard", { htmlFor: choice.id }, words.period), choice);
  body = make("div.overview-body");
  find("overview").replaceChildren(
    make("div.overview-head", make("h2", words.overview), make("nav.tabs", { "aria-label": words.overview }, ...tabs), periods),
    body,
  );
}

/** Puts new content in the place of the old, and leaves alone what is the same: it may have focus. */
function renew(content) {
  const before = [...body.children];
  if (before.length !== content.length) return body.replaceChildren(...content);
  before.forEach((element, at) => {
    if (element.isEqualNode(content[at])) return;
    const hadFocus = element.contains(document.activeElement);
    element.replaceWith(content[at]);
    if (hadFocus) content[at].focus();
  });
}

async function show(name, days = period) {
  [tab, period] = [name, days];
  if (name !== "audit") narrowed = "";
  for (const one of find("overview").querySelectorAll(".tab")) {
    one.setAttribute("aria-current", one.dataset.tab === tab ? "page" : "false");
  }
  find("overview").querySelector(".period").hidden = tab === "now";
  const mine = (asked = {});
  body.setAttribute("aria-busy", "true");
  let content;
  try {
    content = await { now, days: figures, unanswered, alerts, audit }[tab]();
  } catch (error) {
    content = [make("p.failed", { role: "alert" }, error.message || words.failed)];
  }
  if (mine !== asked) return;
  body.replaceChildren(...content);
  body.removeAttribute("aria-busy");
}

/** Returns a table that scrolls by itself where it is too wide. */
function table(caption, head, rows, kind = "") {
  if (!rows.length) return make("p.quiet", words.noneHere);
  return make(
    `div.table${kind}`,
    { tabIndex: 0, role: "region", "aria-label": `${words.overview}: ${caption}` },
    make(
      "table",
      make("caption.heard", caption),
      make("thead", make("tr", ...head.map((text) => make("th", { scope: "col" }, text)))),
      make("tbody", ...rows.map(([first, ...rest]) => make("tr", make("th", { scope: "row" }, first), ...rest.map((cell) => make("td", cell))))),
    ),
  );
}

const tile = (value, label, kind = "") => make(`div.tile${kind}`, make("b", String(value)), make("span", label));

const download = (what, days = period) =>
  make("a.plain.as-button", { href: server.csv(what, days), download: "" }, icon("save"), `${words.exportCsv}: ${words.exports[what]}`);

// Now.

function now() {
  const { waiting, team } = desk;
  const longest = waiting.map(({ asked_at: at }) => at).sort()[0];
  const there = team.filter(({ presence }) => presence === "available");
  const room = there.reduce((sum, { chats, capacity }) => sum + Math.max(0, capacity - chats), 0);
  const live = team.reduce((sum, { chats }) => sum + chats, 0);
  const rows = team.map(({ shown, role, presence, chats, capacity }) => [
    shown,
    words.roles[role],
    make(`span.state.${presence}`, words.presences[presence]),
    words.load(chats, capacity),
  ]);
  const queue = waiting.map(({ reason, asked_at: at, language, region, alert }) => [
    reason || words.noReason,
    since(at),
    [words.regionShort[region], language && languageName(language)].filter(Boolean).join(" · "),
    alert ? words.screenShown[alert] : "",
  ]);
  return [
    make(
      "div.tiles",
      tile(waiting.length, words.now.waiting, waiting.length ? ".busy" : ""),
      tile(longest ? since(longest) : "–", words.now.longest),
      tile(live, words.now.live),
      tile(room, words.now.roomOf(room).replace(/^\d+ /, ""), room ? "" : ".busy"),
    ),
    make("h3", words.now.team),
    table(words.now.team, words.now.columns, rows),
    make("h3", words.now.queue),
    queue.length ? table(words.now.queue, words.now.queueColumns, queue) : make("p.quiet", words.nobodyWaits),
  ];
}

// By day.

const orDash = (value) => value ?? "–";
const wait = (seconds) => (seconds == null ? "–" : span(seconds));

async function figures() {
  const days = await server.figures(period);
  const sum = (name) => days.reduce((total, one) => total + one[name], 0);
  const waits = days.map(({ wait_median_seconds: seconds }) => seconds).filter((seconds) => seconds != null).sort((a, b) => a - b);
  const [asked, handled, helped, answered] = ["asked", "handled", "helped", "answered"].map(sum);
  const percent = (part, all) => (all ? `${Math.round((100 * part) / all)} %` : "–");
  const { figures: said } = words;
  const rows = days.map((one) => [
    day(one.day),
    one.asked,
    ...OUTCOMES.map((name) => one[name]),
    one.visitor_gone,
    wait(one.wait_median_seconds),
    wait(one.wait_p90_seconds),
    wait(one.chat_median_seconds),
    said.helpedOf(one.helped, one.answered),
    orDash(one.distress_median),
    one.surveys ? one.distress_high : "–",
    one.questions,
    one.alerts,
    one.unanswered,
  ]);
  const head = [
    said.day, said.asked, ...OUTCOMES.map((name) => said.short[name]), said.gone, said.waits, said.waits90, said.chat,
    said.helped, said.distress, said.distressHigh, said.questions, said.alerts, said.unanswered,
  ];
  return [
    make(
      "div.tiles",
      tile(asked, said.tiles.asked),
      tile(percent(handled, asked), said.tiles.handled),
      tile(wait(waits[Math.floor(waits.length / 2)]), said.tiles.wait),
      tile(percent(helped, answered), said.tiles.helped),
    ),
    make(
      "figure",
      make("figcaption", make("h3", said.title), legend(OUTCOMES, said.outcomes)),
      asked ? columns([...days].reverse(), OUTCOMES, ({ day: text }) => day(text)) : make("p.quiet", said.none),
      make("p.quiet", said.chart),
    ),
    table(said.title, head, rows, ".figures"),
    make("div.row", download("figures"), download("handoffs")),
  ];
}

// Unanswered questions, and safety alerts.

function openButton(conversation, message) {
  if (!conversation) return make("span.quiet", icon("lock"), words.notReadable);
  return button("plain", words.open, async () => {
    showChats();
    const pane = panes.open(conversation);
    await pane.load();
    if (message) pane.showMessage(message);
  });
}

async function unanswered() {
  const { kinds, rows } = await server.unanswered(period);
  const most = Math.max(1, ...kinds.map(({ count }) => count));
  return [
    make("p.quiet", words.unansweredAbout),
    list("ul.shares", kinds.map(({ kind, count }) => share(words.kinds[kind] || kind, count, most))),
    table(
      words.tabs.unanswered,
      [words.when, words.kind, words.conversation],
      rows.map(({ at, kind, conversation, message }) => [moment(at), words.kinds[kind] || kind, openButton(conversation, message)]),
    ),
  ];
}

async function alerts() {
  const rows = await server.alerts(period);
  return [
    table(
      words.tabs.alerts,
      [words.when, words.kind, words.shown, words.seenBy, words.conversation],
      rows.map(({ at, screen, tier, acknowledged_by: by, acknowledged_at: when, conversation, readable, message }) => [
        moment(at),
        make(`span.badge.${by ? "dim" : screen}`, icon(screen === "crisis" ? "heart" : "alarm"), words.screens[screen]),
        words.shownTo[tier || screen],
        by ? `${by}, ${moment(when)}` : make("b", words.notSeen),
        openButton(readable && conversation, message),
      ]),
    ),
  ];
}

// The audit trail.

async function audit() {
  const rows = await server.audit(narrowed);
  const place = make("div.audit");
  const all = button("plain", words.allConversations, () => show("audit"));
  const older = button("plain", words.older, async () => {
    const more = await server.audit(narrowed, rows.at(-1).id);
    rows.push(...more);
    older.hidden = more.length < 100;
    fill();
  });
  older.hidden = rows.length < 100;
  const fill = () => place.replaceChildren(auditTable(rows));
  fill();
  return [
    make("div.row", download("audit"), download("handoffs"), narrowed ? all : ""),
    place,
    make("div.row", older),
  ];
}

function auditTable(rows) {
  const narrow = (conversation) =>
    button("link.code", conversation.slice(0, 8), () => {
      narrowed = conversation;
      show("audit");
    }, { title: words.filter });
  return table(
    words.tabs.audit,
    [words.when, words.who, words.what, words.from, words.to, words.conversation, words.detail],
    rows.map(({ at, actor, event, from, to, conversation, detail }) => [
      moment(at),
      actor,
      event.replaceAll("_", " "),
      orDash(from),
      orDash(to),
      conversation ? narrow(conversation) : "–",
      detail || "",
    ]),
  );
}

const again = () => isOverview() && tab === "now" && renew(now());
when("view", (overview) => overview && show(tab));
when("queue team chats", again);
setInterval(again, TICK);
