/** How a chat leaves one's hands, transferred or closed; and a question without an answer. */

import { button, closeSheets, make, openSheet } from "../widget/elements.js";
import * as server from "./server.js";
import { conversation, desk } from "./state.js";
import { words } from "./strings.js";

function choices(name, label, options) {
  const radios = options.map(({ value, title, about }) =>
    make("label.choice", make("input", { type: "radio", name, value }), make("span", make("b", title), about ? make("small", about) : "")),
  );
  return make("fieldset", make("legend", label), ...radios);
}

/** Opens a sheet with a form; `done` may throw what the server refuses. */
function ask(title, about, act, done, ...fields) {
  const failed = make("p.failed", { role: "alert" });
  const submit = make("button.strong", act);
  const onsubmit = async (event) => {
    event.preventDefault();
    failed.textContent = "";
    submit.disabled = true;
    try {
      await done(new FormData(form));
      closeSheets();
    } catch (error) {
      failed.textContent = error.message;
    }
    submit.disabled = false;
  };
  const row = make("div.row", submit, button("plain", words.cancel, closeSheets));
  const form = make("form.sheet-form", { onsubmit }, ...fields, failed, row);
  openSheet("sheet", title, make("p", about), form);
}

const chosen = (form, name) => {
  const value = form.get(name);
  if (!value) throw new Error(words.choose);
  return value;
};

export function transfer(id) {
  const others = desk.team.filter(
    (one) => one.id !== desk.me.id && one.presence === "available" && one.chats < one.capacity,
  );
  if (!others.length) {
    const back = button("plain", words.cancel, closeSheets);
    return openSheet("sheet", words.transferTitle, make("p", words.transferNobody), back);
  }
  const options = others.map(({ id, shown, role, chats, capacity }) => ({
    value: id,
    title: shown,
    about: `${words.roles[role]}, ${words.load(chats, capacity)}`,
  }));
  const note = make("textarea", { id: "transfer-note", name: "note", rows: 3, maxLength: 1000 });
  ask(
    words.transferTitle,
    words.transferAbout,
    words.offer,
    (form) => server.transfer(id, Number(chosen(form, "to")), form.get("note").trim()),
    choices("to", words.transferTo, options),
    make("label", { htmlFor: note.id }, words.transferNote),
    note,
  );
}

export function close(id, closed) {
  const options = desk.me.reasons.map(({ id, title }) => ({ value: id, title }));
  // What comes in behind the sheet has not been read.
  const read = conversation(id).complete;
  ask(
    words.closeTitle,
    words.closeAbout,
    words.closeDo,
    async (form) => {
      await server.close(id, chosen(form, "reason"), read);
      closed();
    },
    choices("reason", words.closeReason, options),
  );
}

export function putAway(question, done) {
  ask(words.putAway, words.putAwayAbout, words.putAwayDo, async () => {
    await server.putAway(question);
    done();
  });
}
