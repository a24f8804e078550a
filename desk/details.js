/** Beside a conversation: who the visitor is, articles shown, tags, and notes that only the desk sees. */

import { button, iconButton, list, make } from "../widget/elements.js";
import { keyed } from "./keyed.js";
import * as server from "./server.js";
import { conversation, desk, load, standing } from "./state.js";
import { clock, languageName, moment, since, span, words } from "./strings.js";

/** Returns {element, update, note} for a conversation; note() puts focus where a note is written. */
export function details(id, on) {
  const facts = make("dl");
  const articles = make("ul.plain-list");
  const noArticles = make("p.quiet", words.noArticles);
  const before = make("div");
  const failed = make("p.failed", { role: "alert" });

  const chips = make("ul.chips");
  const known = make("datalist", { id: `tags-${id}` });
  const newTag = make("input", { maxLength: 40, autocomplete: "off", "aria-label": words.addTag, placeholder: words.addTag });
  newTag.setAttribute("list", known.id);
  const addTag = make("form.inline", { onsubmit: tag }, newTag, known, make("button.plain", words.add));

  const notes = make("ul.notes");
  const box = make("textarea", { rows: 2, maxLength: 4000, placeholder: words.note, "aria-label": words.note });
  box.setAttribute("aria-keyshortcuts", "Alt+N");
  const addNote = make("form.note-form", { onsubmit: note }, box, make("button.plain", words.addNote));
  box.onkeydown = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) note(event);
  };

  const part = (title, ...content) => make("section", make("h3", title), ...content);
  const tagged = part(words.tags, chips, addTag);
  const element = make(
    "aside.details",
    { "aria-label": words.details },
    make("section.private", make("h3", words.notes), make("p.quiet", words.notesAbout), notes, addNote),
    tagged,
    failed,
    part(words.articlesShown, articles, noArticles),
    part(words.about, facts),
    before,
  );

  const attempt = async (what) => {
    failed.textContent = "";
    try {
      await what();
      return true;
    } catch (error) {
      failed.textContent = error.message;
      return false;
    }
  };

  const tags = () => conversation(id).told.tags || [];

  async function tag(event) {
    event.preventDefault();
    const fresh = newTag.value.trim().toLowerCase();
    if (!fresh || tags().includes(fresh)) return;
    if (await attempt(() => setTags([...tags(), fresh]))) newTag.value = "";
  }

  async function setTags(all) {
    const { tags } = await (await server.tags(id, all)).json();
    conversation(id).told.tags = tags;
    update();
  }

  async function note(event) {
    event.preventDefault();
    const text = box.value.trim();
    if (!text) return;
    if (!(await attempt(() => server.note(id, text)))) return;
    box.value = "";
    load(id).catch(() => undefined);
  }

  const fact = (name, value) => [make("dt", name), make("dd", value)];

  function update() {
    const { told, notes: written, articles: shown, handoffs } = conversation(id);
    const { visitor = {} } = told;
    const { language, region, timezone } = visitor;
    const pastWait = told.claimed_at && (new Date(told.claimed_at) - new Date(told.asked_at)) / 1000;
    facts.replaceChildren(
      ...fact(words.language, language ? languageName(language) : words.unknown),
      ...fact(words.region, words.regions[region] || words.unknown),
      ...(timezone ? fact(words.localTime, clock(timezone)) : []),
      ...(told.asked_at ? fact(words.waitedFor, pastWait ? span(pastWait) : since(told.asked_at)) : []),
    );
    keyed(articles, shown, ({ article }) => article, shownArticle);
    articles.hidden = !shown.length;
    noArticles.hidden = shown.length > 0;
    const past = handoffs.filter(({ ended_at: ended }) => ended);
    before.replaceChildren(
      past.length
        ? part(words.before, list("ul.plain-list", past.map(pastHandoff)))
        : "",
    );
    keyed(chips, tags(), (tag) => tag, chip);
    known.replaceChildren(...desk.me.tags.map((value) => make("option", { value })));
    keyed(notes, written, ({ id }) => id, written_);
    const writes = standing(id) === "mine";
    addTag.hidden = addNote.hidden = !writes;
    tagged.hidden = !writes && !tags().length;
    element.classList.toggle("read-only", !writes);
  }

  function shownArticle({ article, title }) {
    return { element: make("li", button("link", title, () => on.article(article))), update() {} };
  }

  function pastHandoff({ ended_at: ended, outcome, specialist, close_reason: reason }) {
    const title = desk.me.reasons.find(({ id }) => id === reason)?.title || words.outcomes[outcome] || outcome;
    return make("span", moment(ended), make("small", words.outcome(specialist, title)));
  }

  function chip(tag) {
    const remove = iconButton("round.tiny", "close", words.removeTag(tag), () =>
      attempt(() => setTags(tags().filter((one) => one !== tag))),
    );
    const element = make("li", make("span", tag), remove);
    return { element, update: () => (remove.hidden = standing(id) !== "mine") };
  }

  function written_({ author, at, text }) {
    const who = make("p.who", make("b", author), " ", make("time", { dateTime: at }, moment(at)));
    return { element: make("li", who, make("p", text)), update() {} };
  }

  return { element, update, note: () => box.focus() };
}
