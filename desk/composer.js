/** Where a specialist writes: drafts, replies and articles to insert, and what is on its way. */

import { button, icon, iconButton, make } from "../widget/elements.js";
import { outbox } from "../widget/outbox.js";
import { keep, kept } from "../widget/store.js";
import { putAway } from "./endings.js";
import * as inserts from "./inserts.js";
import * as server from "./server.js";
import { desk, tell } from "./state.js";
import { words } from "./strings.js";

const TYPING_ENDS = 4_000;
const LONGEST = 10_000;

/** Kept for as long as the browser's tab: a visitor's words do not stay on the computer. */
const STORAGE = "sessionStorage";

export const sending = outbox("desk.outbox", STORAGE, {
  ready: () => Boolean(desk.me) && navigator.onLine,
  post: ({ conversation, question, id, text, article, canned }) =>
    question
      ? server.answer(question, { id, text, ...(article && { article: article.id }) })
      : server.say(conversation, { id, text, ...(article && { article: article.id }), ...(canned && { canned }) }),
  state: (item) => tell("delivery", item),
  sent: (item) => tell("delivery", { ...item, sent: true }),
  ended: () => undefined,
});

const drafts = () => kept("desk.drafts", {}, STORAGE);
const keepDraft = (id, draft) => keep("desk.drafts", { ...drafts(), [id]: draft }, STORAGE);

/** Whoever signs in finds drafts and unsent words of their own alone: they would go out in their name. */
export function belongTo({ id }) {
  if (kept("desk.writer", id, STORAGE) !== id) forget();
  keep("desk.writer", id, STORAGE);
}

/** Forgets drafts and what was not sent. */
export function forget() {
  keep("desk.drafts", undefined, STORAGE);
  sending.clear();
}

/**
 * Returns {element, focus, insert} for a conversation.
 * @param {{question?: number, sent?: () => void}} options an answer to a question left after hours
 */
export function composer(id, { question, sent } = {}) {
  // Each question of a visitor has a draft of its own.
  const key = question ? `question ${question}` : id;
  let isTyping = false;
  let ends;
  let { text = "", article, canned } = drafts()[key] || {};

  const label = question ? words.answerHint : words.reply;
  const box = make("textarea", { rows: 1, maxLength: LONGEST, placeholder: question ? words.answerHint : words.replyHint });
  box.setAttribute("aria-label", label);
  box.setAttribute("aria-keyshortcuts", "Alt+R");
  const attached = make("div.attached", { hidden: true });
  const keys = make("span.heard", { id: `keys-${key.replace(" ", "-")}` }, words.replyKeys);
  box.setAttribute("aria-describedby", keys.id);

  const open = iconButton("round.plain", "insert", words.insertTitle, choose);
  open.setAttribute("aria-haspopup", "dialog");
  open.setAttribute("aria-keyshortcuts", "Alt+I");
  const send = question
    ? make("button.strong", words.sendAnswer)
    : make("button.strong.round", { "aria-label": words.send, title: words.send }, icon("send"));
  const away = question
    ? button("plain", words.putAway, () => putAway(question, sent))
    : "";
  const row = question
    ? [make("div.say-row", open, box), make("div.say-row.say-ends", away, send)]
    : [make("div.say-row", open, box, send)];
  const element = make("form.say", { onsubmit: submit }, attached, ...row, keys);

  box.onkeydown = (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) submit(event);
    if (event.key === "/" && !box.value) {
      event.preventDefault();
      choose();
    }
  };
  box.oninput = () => {
    changed();
    writing(box.value !== "");
  };
  box.onblur = () => writing(false);

  function writing(now) {
    if (question) return;
    clearTimeout(ends);
    if (now) ends = setTimeout(writing, TYPING_ENDS, false);
    if (now !== isTyping) server.typing(id, (isTyping = now)).catch(() => undefined);
  }

  function changed() {
    text = box.value;
    if (!text) canned = undefined;
    keepDraft(key, text || article ? { text, article, canned } : undefined);
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight + 2}px`;
  }

  function attach(chosen) {
    article = chosen;
    attached.hidden = !article;
    attached.replaceChildren();
    if (article) {
      const remove = iconButton("round.small", "close", words.removeArticle, () => {
        attach();
        box.focus();
      });
      attached.append(icon("book"), make("span", make("b", article.title), make("small", words.attached)), remove);
    }
    changed();
  }

  function choose() {
    inserts.open({
      text(words_, id) {
        canned = id || canned;
        const start = box.selectionStart;
        const space = start && !/\s$/.test(box.value.slice(0, start)) ? " " : "";
        box.setRangeText(space + words_, start, box.selectionEnd, "end");
        changed();
        box.focus();
      },
      article(chosen) {
        attach(chosen);
        box.focus();
      },
    });
  }

  function submit(event) {
    event.preventDefault();
    const words_ = box.value.trim();
    if (!words_ && !article) return box.focus();
    const item = sending.add({ conversation: id, question, text: words_, article, canned });
    box.value = "";
    canned = undefined;
    attach();
    writing(false);
    tell("delivery", item);
    sending.flush();
    sent?.();
  }

  box.value = text;
  attach(article);
  return { element, insert: choose, focus: () => box.focus({ preventScroll: true }), fit: changed };
}
