/** Charts of a few bars. Whoever cannot see them has the same numbers in a table. */

import { list, make } from "../widget/elements.js";

/** Returns what the colors mean. */
export const legend = (names, labels) =>
  list("ul.legend", names.map((name) => make("span", make(`i.${name}`), labels[name])));

/** Returns a column for each item, made of its parts. */
export function columns(items, names, label) {
  const total = (item) => names.reduce((sum, name) => sum + item[name], 0);
  const most = Math.max(1, ...items.map(total));
  // About as many labels as can stand beside each other.
  const every = Math.ceil(items.length / 8);
  const bars = items.map((item, at) => {
    const parts = names.filter((name) => item[name]).map((name) => {
      const part = make(`i.${name}`);
      part.style.height = `${(100 * item[name]) / most}%`;
      return part;
    });
    const title = make("small", (items.length - 1 - at) % every ? "" : label(item));
    return make("div.bar", make("b", total(item) || ""), make("div.stack", ...parts.reverse()), title);
  });
  return make("div.columns", { "aria-hidden": "true" }, ...bars);
}

/** Returns a name with its count, and a bar as long as its share. */
export function share(name, count, most) {
  const bar = make("i", { "aria-hidden": "true" });
  bar.style.width = `${(100 * count) / most}%`;
  return make("span.share", make("span", name), make("b", String(count)), bar);
}
