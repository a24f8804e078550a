/** The menu: look, save and print, what is kept, end and delete. */

import { button, list, make, openSheet } from "./elements.js";
import { change, look } from "./look.js";
import * as notes from "./notes.js";
import { words } from "./strings.js";

/** Opens it. `told` is what the notice says; `on` holds save, print, comeBack, forget. */
export function open(told, on) {
  openSheet(
    "menu",
    words.menu,
    choice("size", words.textSize, words.textSizes),
    choice("theme", words.colors, words.themes),
    make("h3", words.keep),
    make(
      "div.row",
      button("plain", words.saveHtml, () => on.save("html")),
      button("plain", words.saveText, () => on.save("txt")),
      button("plain", words.print, on.print),
    ),
    button("plain", words.comeBack, on.comeBack),
    make("details", make("summary", words.privacy), list("ul", [...told, words.sharedComputer])),
    on.forget && button("plain.danger", words.end, () => confirm(on.forget)),
  );
}

function choice(name, title, options) {
  const radios = Object.entries(options).map(([value, label]) => {
    const onchange = () => change(name, value);
    const checked = look()[name] === value;
    return make("label", make("input", { type: "radio", name, checked, onchange }), make("span", label));
  });
  return make("fieldset", make("legend", title), make("div.row", ...radios));
}

function confirm(forget) {
  const withNotes = make("input", { type: "checkbox", checked: true });
  const failed = make("p.failed", { role: "alert" });
  const sure = async () => {
    failed.textContent = "";
    if (!(await forget(withNotes.checked))) failed.textContent = words.deleteFailed;
  };
  const stay = ({ target }) => target.closest("dialog").close();
  openSheet(
    "confirm",
    words.endTitle,
    make("p", words.endText),
    notes.all().length ? make("label.row", withNotes, words.endNotes) : undefined,
    failed,
    make("div.row", button("strong.danger", words.endYes, sure), button("plain", words.endNo, stay)),
  );
}
