/** Questions for the care team: a list that the visitor gathers. It never leaves this browser. */

import { find, iconButton, list, make, openSheet } from "./elements.js";
import { keep, kept, onChange } from "./store.js";
import { words } from "./strings.js";

const LONGEST = 500;

export const all = () => kept("notes", []);

export function add(text) {
  if (!all().includes(text)) replace([...all(), text]);
  return all().length;
}

export const clear = () => replace([]);

export const count = () => (find("notes-count").textContent = all().length || "");

onChange("notes", count);

function replace(questions) {
  const left = questions.filter((question) => question.trim());
  keep("notes", left.length ? left : undefined);
  count();
}

export function open() {
  const shown = make("div.notes");
  const fresh = make("input", { id: "note-new", maxLength: LONGEST, autocomplete: "off" });

  function show() {
    shown.replaceChildren(all().length ? list("ol", all().map(row)) : words.notesEmpty);
  }

  function row(text, at) {
    const name = words.notesOne(at + 1);
    const box = make("textarea", { rows: 1, maxLength: LONGEST, "aria-label": name, value: text });
    box.onchange = () => {
      replace(all().with(at, box.value));
      // An empty one is gone, and the others have moved up.
      if (!box.value.trim()) show();
    };
    const remove = iconButton("round", "bin", words.notesRemove(at + 1), () => {
      replace(all().toSpliced(at, 1));
      show();
      fresh.focus();
    });
    return make("span", box, remove);
  }

  function onsubmit(event) {
    event.preventDefault();
    if (fresh.value.trim()) add(fresh.value.trim());
    fresh.value = "";
    show();
  }

  show();
  const label = make("label", { htmlFor: fresh.id }, words.notesNew);
  const form = make("form.row", { onsubmit }, label, fresh, make("button.strong", words.notesAdd));
  openSheet("notes", words.notesTitle, make("p", words.notesAbout), shown, form);
}
