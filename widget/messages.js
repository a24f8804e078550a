/** Makes the element of a message. */

import { button, icon, iconButton, list, make } from "./elements.js";
import { crisisCalls, emergencyCalls, link, linked, ways } from "./links.js";
import { day, moment, words } from "./strings.js";

export function speaker({ sender, name }) {
  if (sender === "specialist" && name) return words.specialistNamed(name);
  return words.speakers[sender];
}

export function element(message, on) {
  const { sender, at, data = {} } = message;
  const kind = data.type === "screen" ? `.screen.${data.screen}` : "";
  const time = make("time", { dateTime: at }, moment(at));
  const who = make("p.who", make("b", speaker(message)), " ", time);
  return make(`div.message.${sender}${kind}`, who, ...content(message, data, on));
}

function content(message, data, on) {
  const { sender, text } = message;
  if (sender === "visitor") return [make("p.words", text), keepButton(text, on)];
  // Where buttons or links show a list, the text need not.
  const rest = () => said(text.replace(/^(- | {2}).*\n?/gm, "").trim());
  switch (data.type) {
    case "article":
      return [said(text, data.title), sources(data), sender === "bot" ? tools(message, on) : ""];
    case "screen":
      return screen(data, said(text));
    case "people": {
      const both = [on.offer(data), ways(data.ways)];
      // The phone comes first where nobody is there.
      return [rest(), ...(data.live?.open ? both : both.reverse())];
    }
    case "links":
      return [rest(), list("ul.calls", data.links.map(({ url, label }) => link(url, label)))];
    default:
      return [said(text)];
  }
}

/** Empty lines part paragraphs, "- " begins an item. */
export function said(text, title) {
  const box = make("div.words");
  if (title && !text.includes(title)) box.append(make("p.title", title));
  for (const block of text.split(/\n{2,}/)) {
    let place;
    for (const line of block.split("\n")) {
      const item = line.startsWith("- ");
      if (item) {
        if (box.lastChild?.tagName !== "UL" || !place) box.append(make("ul"));
        box.lastChild.append((place = make("li")));
      } else if (place) place.append(make("br"));
      else box.append((place = make("p")));
      place.append(...linked(item ? line.slice(2) : line.trim()));
    }
  }
  return box;
}

function sources({ sources: cited = [], reviewed, clinical_review: review }) {
  const items = cited.map((source) => {
    const about = make("small", `${source.organisation}, ${sourceDate(source)}`);
    return make("span", link(source.url, source.title), about);
  });
  return make(
    "details.sources",
    { "aria-live": "off" },
    make("summary", words.sources(cited.length)),
    list("ul", items),
    make("p.quiet", reviewWords(reviewed, review)),
  );
}

export const sourceDate = ({ reviewed }) => (reviewed ? words.reviewed(day(reviewed)) : words.undated);

export const reviewWords = (reviewed, review) =>
  `${words.checked(day(reviewed))} ` +
  (review === "pending" ? words.notReviewed : words.clinicalReview(review));

function tools(message, on) {
  const rate = async (helpful) => {
    if (!(await on.rate(message, helpful))) return;
    const thanks = make("p.quiet", { tabIndex: -1 }, helpful ? words.thanks : words.sorry);
    helped.replaceWith(thanks);
    thanks.focus();
  };
  const helped = message.rated
    ? make("p.quiet", words.thanks)
    : make(
        "div.row",
        { role: "group", "aria-label": words.helpful },
        make("span.quiet", words.helpful),
        button("plain", words.yes, () => rate(true)),
        button("plain", words.no, () => rate(false)),
      );
  return make(
    "div.tools",
    { "aria-live": "off" },
    helped,
    keepButton(words.notesAsk(message.data.title), on),
  );
}

const keepButton = (text, on) => iconButton("keep", "keep", words.notesKeep, () => on.note(text));

/** What it is, whom to call, then the words. */
function screen({ screen: kind, tier }, said) {
  const title = (text, drawing) => make("p.screen-title", icon(drawing), text);
  const crisis = kind === "crisis";
  if (tier === "phone_team") {
    const otherwise = make("p", words.teamElse);
    return [title(words.teamTitle, "phone"), said, otherwise, emergencyCalls()];
  }
  if (tier === "call_911") {
    const text = crisis ? words.crisisEmergencyTitle : words.emergencyTitle;
    return [title(text, "alarm"), emergencyCalls(), said, crisis ? crisisCalls() : ""];
  }
  return [title(words.crisisTitle, "heart"), crisisCalls(), said, emergencyCalls()];
}
