/**
 * A specialist in the chat: asked for, waited for, there, and gone again. Loaded where there is one
 * to be had, or a code to come back with.
 */

import { button, closeSheets, find, make, openSheet } from "./elements.js";
import { crisisCalls, emergencyWords, link, told, ways } from "./links.js";
import { uuid } from "./outbox.js";
import { keep, kept } from "./store.js";
import { words as chat } from "./strings.js";
import { words } from "./people-words.js";

const RAISED = 4;
const HIGH = 7;

const style = make("link", { rel: "stylesheet", href: new URL("people.css", import.meta.url).href });
document.head.append(style);

/** Who holds the conversation and what can be offered, as the server told last. */
let stands = { state: "bot", live: {} };
/** ask, save, restart: see chat.js. */
let on = {};

const place = find("people");
const text = make("p", { role: "status" });
const acts = make("div.row");
place.setAttribute("aria-label", words.about);
place.append(text, acts);

const isLive = () => stands.state === "live";

/** Shows how things stand. */
export function show(standing, what) {
  const before = stands;
  [stands, on] = [standing, what];
  const { state, name } = stands;
  document.body.dataset.state = state;
  find("about").textContent = isLive() ? chat.specialistNamed(name) : chat.about;
  find("text").placeholder = isLive() ? words.writeTo(name) : chat.sayHint;
  if (state !== "bot") keep("later");
  const [said, ...buttons] = bar();
  // Only what has changed is spoken, and a button that stays keeps its focus.
  if (text.textContent !== said) text.replaceChildren(said || "");
  if (before.state !== state || acts.childElementCount !== buttons.length) acts.replaceChildren(...buttons);
  place.hidden = !said;
}

function bar() {
  const { state, place, wait, name, lost, survey } = stands;
  if (state === "waiting") {
    return [`${words.inLine(place)} ${wait.text} ${words.stillHere}`, button("plain", words.leaveLine, leave), phone()];
  }
  if (state === "live") {
    return [lost ? words.lost(name) : words.withYou(name), button("plain", words.end, askToEnd)];
  }
  if (!survey || kept("later")) return [""];
  const later = () => {
    keep("later", true);
    show(stands, on);
    find("text").focus();
  };
  return [
    words.after,
    button("strong", words.survey, openSurvey),
    button("plain", words.save, () => on.save("html")),
    button("plain", words.later, later),
  ];
}

const canBePhoned = () => (told().ways || []).filter(({ tel }) => tel);
const phones = () => ways(canBePhoned());

/** The first line that can be phoned, in a few words. */
function phone() {
  const number = told().numbers?.find(({ tel }) => tel === canBePhoned()[0]?.tel);
  return number ? make("span", `${words.orCall} `, link(`tel:${number.tel}`, number.text)) : "";
}

/** Opens what was offered. Whether it can still be had, the server says. */
export function open({ live }, what) {
  on = what;
  if (stands.state !== "bot") return closeSheets();
  if (live?.open) openAsk(live);
  else openQuestion();
}

/** Returns a form in a sheet; `done` may throw what the server refuses. */
function form(done, ...fields) {
  const failed = make("p.failed", { role: "alert" });
  const element = make("form.people-form", ...fields, failed);
  element.onsubmit = async (event) => {
    event.preventDefault();
    failed.textContent = "";
    const buttons = element.querySelectorAll("button");
    for (const one of buttons) one.disabled = true;
    try {
      await done(event.submitter?.value);
    } catch (error) {
      failed.textContent = error.title ? `${error.title} ${error.message}` : words.failed;
    }
    for (const one of buttons) one.disabled = false;
  };
  return element;
}

// Asking for a specialist.

function openAsk({ wait }) {
  const reason = make("textarea", { id: "people-reason", rows: 2, maxLength: 500 });
  const ask = async (consent) => {
    const body = { reason: reason.value.trim() || null, consent: consent === "yes" };
    const standing = await (await on.ask("handoff", { body })).json();
    closeSheets();
    show(standing, on);
    find("text").focus();
  };
  openSheet(
    "person",
    words.chatTitle,
    make("p", `${words.chatAbout} ${wait.text}`),
    form(
      ask,
      make("label", { htmlFor: reason.id }, words.reason),
      reason,
      make("p", words.consent),
      make("div.row", make("button.strong", { value: "yes" }, words.consentYes), make("button.plain", { value: "no" }, words.consentNo)),
    ),
    make("p", words.orPhone),
    phones(),
    make("p", ...emergencyWords()),
  );
}

async function leave() {
  try {
    show(await (await on.ask("handoff", { method: "DELETE" })).json(), on);
    find("text").focus();
  } catch (error) {
    find("state").textContent = error.message || words.failed;
  }
}

function askToEnd() {
  const end = () => {
    closeSheets();
    leave();
  };
  openSheet(
    "confirm",
    words.endTitle(stands.name),
    make("p", words.endAbout),
    make("div.row", button("strong", words.endYes, end), button("plain", words.endNo, closeSheets)),
  );
}

// Afterwards.

const radio = (name, value, label, onchange) =>
  make("label", make("input", { type: "radio", name, value, onchange }), make("span", label));

function openSurvey() {
  const advice = make("div.advice", { role: "status" });
  const advise = ({ target: { value } }) => {
    if (value >= HIGH) {
      const calls = [crisisCalls(), make("p", words.distressTeam), make("p", ...emergencyWords())];
      advice.replaceChildren(make("p", make("b", words.distressHigh)), ...calls);
    } else advice.replaceChildren(value >= RAISED ? make("p", words.distressRaised) : "");
  };
  const scale = Array.from({ length: 11 }, (_, value) => radio("distress", value, String(value), advise));
  const send = async () => {
    const chosen = new FormData(element);
    const [helped, distress] = [chosen.get("helped"), chosen.get("distress")];
    const body = { helped: helped && helped === "yes", distress: distress && Number(distress) };
    await on.ask("survey", { body });
    closeSheets();
    keep("later", true);
    show(stands, on);
    find("text").focus();
  };
  const element = form(
    send,
    make("fieldset", make("legend", words.helped), make("div.row", radio("helped", "yes", words.yes), radio("helped", "no", words.no))),
    make("fieldset", make("legend", words.distress), make("p.quiet", words.distressEnds), make("div.scale", ...scale)),
    advice,
    make("div.row", make("button.strong", words.sendAnswers), button("plain", words.later, closeSheets)),
  );
  openSheet("person", words.surveyTitle, make("p", words.surveyAbout), element);
}

// Leaving a question, and coming back to it.

function check(label) {
  const input = make("input", { type: "checkbox" });
  return [input, make("label.row.check", input, make("span", label))];
}

function openQuestion() {
  const id = uuid();
  const box = make("textarea", { id: "people-question", rows: 4, required: true });
  const [consent, consentLine] = check(words.questionConsent);
  const [wantsCode, codeLine] = check(words.questionCode);
  const send = async () => {
    const body = { id, text: box.value, consent: consent.checked, code: wantsCode.checked };
    const { code, link } = await (await on.ask("question", { body })).json();
    closeSheets();
    if (code) showCode(code, link);
    else find("text").focus();
  };
  openSheet(
    "person",
    words.questionTitle,
    make("p", words.questionAbout),
    phones(),
    form(send, make("label", { htmlFor: box.id }, words.question), box, consentLine, codeLine, make("button.strong", words.leave)),
    make("p", ...emergencyWords()),
  );
}

function showCode(code, address) {
  const copied = make("span.quiet", { role: "status" });
  const shown = link(address, address);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(address);
      copied.textContent = words.copied;
    } catch {
      getSelection().selectAllChildren(shown);
      copied.textContent = words.copyMarked;
    }
  };
  openSheet(
    "confirm",
    words.codeTitle,
    make("p.code", { translate: false }, code),
    make("p", words.codeAbout),
    make("p", shown),
    make("div.row", button("strong", words.done, closeSheets), navigator.clipboard ? button("plain", words.copyLink, copy) : "", copied),
  );
}

/**
 * Asks for a code and opens its chat. One that comes by a link is opened only for whoever says that
 * the link is theirs: others may have sent it, to read what is written there.
 */
export function comeBack(code, what) {
  on = what;
  const box = make("input", { id: "people-code", value: code || "", maxLength: 20, required: true, autocomplete: "off", autocapitalize: "characters", spellcheck: false });
  const [mine, mineLine] = check(words.linkMine);
  mine.required = true;
  const enter = async () => {
    const { token, last } = await (await on.ask("return", { body: { code: box.value } })).json();
    closeSheets();
    keep("session", { token, last });
    on.restart();
  };
  const isOther = Boolean(kept("session")?.last);
  const title = isOther ? words.otherTitle : words.returnTitle;
  openSheet(
    "person",
    code ? words.linkTitle : title,
    make("p", code ? words.linkAbout : words.returnAbout),
    isOther ? make("p", words.otherAbout) : "",
    form(
      enter,
      ...(code ? [mineLine] : [make("label", { htmlFor: box.id }, words.code), box]),
      make("div.row", make("button.strong", isOther ? words.otherYes : words.open), button("plain", isOther ? words.otherNo : chat.close, closeSheets)),
    ),
  );
}
