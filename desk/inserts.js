/** Replies and articles to insert, found by a few letters. */

import { button, find, icon, iconButton, make } from "../widget/elements.js";
import { said } from "../widget/messages.js";
import * as server from "./server.js";
import { longDay, words } from "./strings.js";

const PAUSE = 150;

let kind = "replies";

/**
 * Opens the search.
 * @param {{text, article}} on text(words, id) inserts words, article({id, title}) shows an article
 */
export function open(on) {
  const sheet = find("insert");
  let found = [];
  let at = 0;
  let asked;

  const search = make("input", {
    type: "search",
    placeholder: words.searchHint,
    autocomplete: "off",
    spellcheck: false,
    role: "combobox",
    "aria-label": words.searchHint,
    "aria-expanded": "true",
    "aria-controls": "insert-found",
    "aria-describedby": "insert-keys",
  });
  const results = make("ul", { id: "insert-found", role: "listbox", "aria-label": words.insertTitle });
  const shown = make("div.insert-shown", { tabIndex: 0, role: "region", "aria-label": words.insertTitle });
  const kinds = ["replies", "articles"].map((name) =>
    button("tab", words[name], () => {
      kind = name;
      look();
      search.focus();
    }, { "aria-pressed": "false" }),
  );

  const take = (one) => {
    sheet.close();
    if (kind === "replies") on.text(one.text, one.id);
    else on.article({ id: one.article, title: one.title });
  };

  function choose(index) {
    at = Math.max(0, Math.min(found.length - 1, index));
    for (const [index, item] of [...results.children].entries()) {
      item.setAttribute("aria-selected", String(index === at));
      if (index === at) {
        item.scrollIntoView({ block: "nearest" });
        search.setAttribute("aria-activedescendant", item.id);
      }
    }
    show(found[at]);
  }

  function show(one) {
    if (!one) return shown.replaceChildren(make("p.quiet", words.nothingFound));
    if (kind === "replies") {
      const insert = button("strong", words.insertReply, () => take(one));
      return shown.replaceChildren(make("h3", one.title), said(one.text), make("div.row", insert));
    }
    const short = button("plain", words.insertShort, () => {
      sheet.close();
      on.text(one.short);
    });
    const checked = words.reviewedOn(longDay(one.reviewed));
    const review = one.clinical_review === "pending" ? ` ${words.notReviewed}` : "";
    shown.replaceChildren(
      make("h3", one.title),
      make("div.row", button("strong", words.attach, () => take(one)), one.short ? short : ""),
      said(one.answer),
      make("p.quiet", checked + review),
    );
  }

  async function look() {
    for (const [index, tab] of kinds.entries()) {
      tab.setAttribute("aria-pressed", String(["replies", "articles"][index] === kind));
    }
    const mark = (asked = {});
    try {
      const now = await (kind === "replies" ? server.canned : server.articles)(search.value.trim());
      if (mark !== asked) return;
      found = now;
    } catch (error) {
      shown.replaceChildren(make("p.failed", error.message));
      return;
    }
    results.replaceChildren(
      ...found.map((one, index) =>
        make(
          "li",
          { id: `insert-${index}`, role: "option", onclick: () => choose(index), ondblclick: () => take(one) },
          make("b", one.title),
          make("small", kind === "replies" ? one.text : one.short || one.answer),
        ),
      ),
    );
    search.removeAttribute("aria-activedescendant");
    choose(0);
  }

  let pause;
  search.oninput = () => {
    clearTimeout(pause);
    pause = setTimeout(look, PAUSE);
  };
  search.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) choose(at + step);
    // Browsers would only empty the field, and the sheet would take a second press.
    else if (event.key === "Escape") sheet.close();
    else if (event.key === "Enter" && found[at]) take(found[at]);
    else return;
    event.preventDefault();
  };

  const title = make("h2.heard", { id: "insert-title" }, words.insertTitle);
  sheet.setAttribute("aria-labelledby", title.id);
  sheet.onclick = ({ target }) => target === sheet && sheet.close();
  sheet.replaceChildren(
    title,
    make("div.insert-head", icon("search"), search, ...kinds, iconButton("round", "close", words.cancel, () => sheet.close())),
    make("div.insert-body", results, shown),
    make("p.quiet.insert-keys", { id: "insert-keys" }, words.insertKeys),
  );
  sheet.showModal();
  search.focus();
  look();
}
