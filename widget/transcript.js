/** The conversation to take away: as a page, as text, or on paper; always with its sources. */

import { find, list, make } from "./elements.js";
import { linked } from "./links.js";
import { reviewWords, sourceDate, speaker } from "./messages.js";
import { full, spoken, words } from "./strings.js";

/** Returns its blocks: a tag, and a text or the items of a list. */
function blocks(messages, questions) {
  const about = [words.savedOn(full(new Date())), words.transcriptAbout, words.numbersUnknown];
  return [
    ["h1", words.transcriptTitle],
    ["p", about.join(" ")],
    ...messages.flatMap(entry),
    ...(questions.length ? [["h2", words.notesTitle], ["ol", questions]] : []),
  ];
}

function entry(message) {
  const { at, text, data = {} } = message;
  const said = [["h2", `${speaker(message)}, ${full(at)}`], ["p", text]];
  if (data.type !== "article") return said;
  const cited = data.sources.map(
    (source) => `${source.organisation}: ${source.title} (${sourceDate(source)}) ${source.url || ""}`,
  );
  const review = reviewWords(data.reviewed, data.clinical_review);
  return [...said, ["p", `${words.sources(cited.length)}:`], ["ul", cited], ["p", review]];
}

const isList = (content) => Array.isArray(content);

const elements = (content) =>
  content.map(([tag, inner]) =>
    isList(inner)
      ? list(tag, inner.map((item) => make("span", ...linked(item))))
      : make(tag, ...linked(inner)),
  );

const STYLE = "body{max-width:40em;margin:auto;padding:1em;font:1.1em/1.6 serif}p{white-space:pre-line}.heard{display:none}";

/** The browser's own serializer escapes whatever was said. */
const page = (content) =>
  `<!doctype html><html lang="${spoken}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
  `<title>${words.transcriptTitle}</title><style>${STYLE}</style>${make("body", ...elements(content)).outerHTML}`;

const text = (content) =>
  content
    .map(([tag, inner]) => {
      if (isList(inner)) return inner.map((item) => `- ${item}`).join("\n");
      return tag === "p" ? inner : `\n## ${inner}`;
    })
    .join("\n");

export function save(kind, messages, questions) {
  const content = blocks(messages, questions);
  const file = kind === "html" ? page(content) : text(content);
  const type = kind === "html" ? "text/html" : "text/plain;charset=utf-8";
  const href = URL.createObjectURL(new Blob([file], { type }));
  make("a", { href, download: `${words.savedFile}.${kind}` }).click();
  setTimeout(URL.revokeObjectURL, 60_000, href);
}

/** What is printed instead of the page. */
export const layOut = (messages, questions) =>
  find("paper").replaceChildren(...elements(blocks(messages, questions)));
