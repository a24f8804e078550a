/** Makes the element of a message, as a specialist reads it. */

import { icon, list, make } from "../widget/elements.js";
import { link } from "../widget/links.js";
import { said } from "../widget/messages.js";
import { desk } from "./state.js";
import { longDay, moment, words } from "./strings.js";

/** Returns who says a message. */
export function speaker({ sender, name }) {
  if (sender === "specialist") return name === desk.me.shown ? words.you : name || words.specialist;
  return { visitor: words.visitor, bot: words.assistant, system: words.helpline }[sender];
}

/** Returns a message's element. */
export function entry(message) {
  const { id, sender, at, text, data = {} } = message;
  if (sender === "system") return event(message);
  const time = make("time", { dateTime: at }, moment(at));
  const who = make("p.who", make("b", speaker(message)), " ", time);
  const isMine = sender === "specialist" && message.name === desk.me.shown;
  const element = make(`div.entry.${sender}${isMine ? ".own" : ""}`, who, ...content(message, data, text));
  element.dataset.id = id;
  return element;
}

function content(message, data, text) {
  if (data.type === "article") {
    // A specialist's own words stand above the article's; the assistant has none.
    const { body = text } = data;
    const own = text.replace(body, "").trim();
    return [own ? said(own) : "", article({ ...data, body })];
  }
  if (data.type === "screen") return [screen(data, text)];
  const offered = (message.buttons || []).map(({ title }) => title).join(" · ");
  const links = (data.links || []).map(({ url, label }) => link(url, label));
  return [
    said(text),
    links.length ? list("ul.links", links) : "",
    offered ? make("p.quiet.offered", `${words.buttonsShown} ${offered}`) : "",
  ];
}

function folded(kind, drawing, label, title, ...content) {
  const about = make("span", make("small", label), title);
  return make(`details.folded.${kind}`, make("summary", icon(drawing), about), make("div.fold", ...content));
}

function article({ title, body, sources = [], reviewed }) {
  const cited = sources.map(({ url, title, organisation }) =>
    make("span", link(url, title), make("small", organisation)),
  );
  const checked = reviewed ? make("p.quiet", words.reviewedOn(longDay(reviewed))) : "";
  return folded("shown-article", "book", words.articleShown, title, said(body), list("ul.cited", cited), checked);
}

function screen({ screen: kind, tier }, text) {
  const drawing = kind === "crisis" ? "heart" : "alarm";
  return folded(`shown-${kind}`, drawing, words.screenSaid[kind], words.shownTo[tier || kind], said(text));
}

/** What happened to the chat, in the desk's own words. */
function event({ id, at, text, data = {} }) {
  const told = words.events[data.event] || text;
  const who = data.name === desk.me.shown ? words.you : data.name;
  const shown = typeof told === "string" ? told : who ? told(who) : text;
  const element = make("p.event", make("span", shown), " ", make("time", { dateTime: at }, moment(at)));
  element.dataset.id = id;
  return element;
}
