/** Builds elements from text; markup is never parsed. */

import { words } from "./strings.js";

const SVG = "http://www.w3.org/2000/svg";

export const find = (id) => document.getElementById(id);

/** make("p.quiet", { title: "…" }, "text", child); names with a hyphen are attributes. */
export function make(name, ...children) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  const properties = children[0]?.constructor === Object ? children.shift() : {};
  for (const [key, value] of Object.entries(properties)) {
    if (key.includes("-") || key === "role") element.setAttribute(key, value);
    else element[key] = value;
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

export const list = (name, items) => make(name, ...items.map((item) => make("li", item)));

/** Returns a drawing of chat.html. */
export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#icon-${name}`);
  drawing.setAttribute("aria-hidden", "true");
  drawing.append(use);
  return drawing;
}

export const button = (kind, text, onclick, properties) =>
  make(`button.${kind}`, { type: "button", onclick, ...properties }, text);

export const iconButton = (kind, drawing, name, onclick) =>
  button(kind, icon(drawing), onclick, { "aria-label": name, "aria-live": "off", title: name });

/** Opens a dialog. The browser keeps focus inside, gives it back, and closes on Escape. */
export function openSheet(id, title, ...content) {
  const sheet = find(id);
  const head = make("h2", { id: `${id}-title`, tabIndex: -1, autofocus: true }, title);
  const close = () => sheet.close();
  sheet.setAttribute("aria-labelledby", head.id);
  sheet.onclick = ({ target }) => {
    if (target === sheet) close();
  };
  sheet.replaceChildren(
    make("div.sheet-head", head, iconButton("round", "close", words.close, close)),
    make("div.sheet-body", ...content),
  );
  sheet.showModal();
}

export function closeSheets() {
  for (const sheet of document.querySelectorAll("dialog[open]")) sheet.close();
}
