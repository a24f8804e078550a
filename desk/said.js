/** Words as paragraphs and lists; markup is never parsed. */

import { make } from "../widget/elements.js";
import { linked } from "../widget/links.js";

/** Returns the words: empty lines part paragraphs, "- " begins an item. */
export function said(text) {
  const box = make("div.words");
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
