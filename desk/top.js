/** The top of the desk: views, presence, sound, shortcuts, and the account. */

import { button, closeSheets, find, icon, iconButton, make, openSheet } from "../widget/elements.js";
import { keep, kept } from "../widget/store.js";
import * as server from "./server.js";
import * as sounds from "./sounds.js";
import { desk, mine, tell, when } from "./state.js";
import { words } from "./strings.js";
import { attempt } from "./trouble.js";
import { isOverview, showChats, showOverview } from "./views.js";

export const applyLook = () => (document.documentElement.dataset.theme = kept("desk.theme", "device"));

let on;
let presence, sound, views;

/** Fills the top. `on` has help() and signOut(everywhere). */
export function begin(what) {
  on = what;
  const isSupervisor = desk.me.role === "supervisor";
  views = isSupervisor
    ? make("nav.views", { "aria-label": words.views }, view("chat", words.chats, showChats), view("chart", words.overview, showOverview))
    : "";
  presence = make("div.presence", { role: "radiogroup", "aria-label": words.presence }, ...["available", "away"].map(presenceButton));
  sound = iconButton("round", "bell", "", toggleSound);
  const account = make(
    "button.account",
    { type: "button", onclick: openAccount, "aria-haspopup": "dialog" },
    make("span.avatar", { "aria-hidden": "true" }, desk.me.shown.slice(0, 1)),
    make("span.account-name", desk.me.shown),
    make("span.heard", ` ${words.account_}`),
  );
  find("top").replaceChildren(
    make("img", { src: "../widget/icon.svg", alt: "", width: 30, height: 30 }),
    make("h1", words.name),
    views,
    presence,
    sound,
    iconButton("round", "keys", words.shortcuts, on.help),
    account,
  );
  show();
}

function view(drawing, name, onclick) {
  return make("button.view", { type: "button", onclick }, icon(drawing), make("span", name));
}

function presenceButton(name) {
  const input = make("input", { type: "radio", name: "presence", value: name, onchange: () => setPresence(name) });
  return make(`label.${name}`, input, make("span", words.presences[name]));
}

async function setPresence(name) {
  const before = desk.me.presence;
  desk.me.presence = name;
  tell("presence");
  if (await attempt(() => server.presence(name))) {
    find("polite").textContent = words[name];
    return;
  }
  desk.me.presence = before;
  tell("presence");
}

export const togglePresence = () => setPresence(desk.me.presence === "available" ? "away" : "available");

export function toggleSound() {
  sounds.toggle();
  show();
  find("polite").textContent = sounds.isOn() ? words.soundOn : words.soundOff;
  sounds.play("message");
}

function show() {
  if (!presence) return;
  for (const input of presence.querySelectorAll("input")) input.checked = input.value === desk.me.presence;
  const name = sounds.isOn() ? words.soundOn : words.soundOff;
  sound.replaceChildren(icon(sounds.isOn() ? "bell" : "mute"));
  sound.title = name;
  sound.setAttribute("aria-label", name);
  find("silent").textContent = words.soundHint;
  find("silent").hidden = !sounds.waits();
  if (!views) return;
  const [chats, overview] = views.children;
  chats.setAttribute("aria-current", isOverview() ? "false" : "page");
  overview.setAttribute("aria-current", isOverview() ? "page" : "false");
}

function themes() {
  const radios = Object.entries(words.themes).map(([value, label]) => {
    const onchange = () => {
      keep("desk.theme", value);
      applyLook();
    };
    const input = make("input", { type: "radio", name: "theme", checked: kept("desk.theme", "device") === value, onchange });
    return make("label.pill", input, make("span", label));
  });
  return make("fieldset", make("legend", words.theme), make("div.row", ...radios));
}

function openAccount() {
  const leave = (everywhere) => () => {
    closeSheets();
    on.signOut(everywhere);
  };
  const test = button("plain", words.testSound, () => ["message", "arrival", "alert"].forEach((kind, at) => setTimeout(sounds.play, at * 900, kind)));
  openSheet(
    "sheet",
    desk.me.shown,
    make("p.quiet", words.roles[desk.me.role]),
    themes(),
    make("h3", words.sound),
    make("div.row", test),
    make("h3", words.signOut),
    mine().length ? make("p", words.signOutChats) : "",
    make("div.row", button("plain", words.signOut, leave(false)), button("plain.danger", words.signOutEverywhere, leave(true))),
  );
}

when("presence view", show);
sounds.whenReady(show);
