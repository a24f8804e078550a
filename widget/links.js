/** Links to safe places, and whom to call: the banner, the crisis bar, phone numbers in texts. */

import { find, icon, list, make } from "./elements.js";
import { keep, kept } from "./store.js";
import { words } from "./strings.js";

const SAFE = ["http:", "https:", "mailto:", "tel:"];
const WEB = String.raw`https?://[^\s<>"]+`;
const MAIL = String.raw`[\w.+-]+@[\w-]+(?:\.[\w-]+)+`;
const TRAILING = /[.,;:!?)\]'"”’]+$/;

/** Kept, so that the numbers are there without a network. */
let status = kept("status", {});

export const told = () => status;

function safe(address) {
  try {
    const { protocol, href } = new URL(address);
    return SAFE.includes(protocol) && href;
  } catch {
    return false;
  }
}

/** Returns a link; without a link where the address is not safe. */
export function link(address, ...content) {
  const href = safe(address);
  if (!href) return make("span", ...content);
  if (!href.startsWith("http")) return make("a", { href }, ...content);
  const hint = make("span.heard", ` ${words.opensNewTab}`);
  return make("a.out", { href, target: "_blank", rel: "noopener noreferrer" }, ...content, hint);
}

/** Returns the nodes of a text: its addresses and known phone numbers are links. */
export function linked(text) {
  const { numbers = [] } = status;
  const known = numbers
    .map((number) => number.text.replace(/[^\w\s]/g, String.raw`\$&`))
    .sort((one, other) => other.length - one.length)
    .map((number) => String.raw`(?<![\w-])${number}(?![\w-])`);
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(new RegExp([WEB, MAIL, ...known].join("|"), "g"))) {
    const number = numbers.find((one) => one.text === match[0]);
    const shown = number ? match[0] : match[0].replace(TRAILING, "");
    const address = shown.includes("://") ? shown : `mailto:${shown}`;
    nodes.push(text.slice(end, match.index), link(number ? `tel:${number.tel}` : address, shown));
    end = match.index + shown.length;
  }
  return [...nodes, text.slice(end)];
}

export function update(told) {
  status = told;
  keep("status", told);
  showStatus();
}

export function showStatus() {
  find("banner").className = status.chat?.open ? "open" : "shut";
  find("banner").replaceChildren(...linked(status.banner || words.numbersUnknown));
  find("urgent").replaceChildren(...emergencyWords());
  find("crisis-lines").replaceChildren(...list("ul", crisis().map(short)).children);
}

const short = (line) => link(`tel:${line.tel}`, `${line.text} ${words.country[line.region]}`);

const crisis = () => status.crisis || [];

const emergency = () =>
  (status.emergency || []).filter(({ contact }) => contact.endsWith("-emergency"));

export const emergencyWords = () => [
  make("b", words.emergencyFirst),
  ...emergency().flatMap((line) => [" ", short(line)]),
];

export const emergencyCalls = () => list("ul.calls", emergency().map(callLine));
export const crisisCalls = () => list("ul.calls", crisis().map(callLine));

export const ways = (found = status.ways || []) => list("ul.calls", found.map(wayTo));

const callLine = ({ tel, text, sms, name }) =>
  call(tel, sms ? words.callOrText(text) : words.call(text), make("small", name));

function wayTo({ text, tel, open }) {
  const state = make(open ? "small.open" : "small.shut", open ? words.openNow : words.closedNow);
  const number = status.numbers?.find((known) => known.tel === tel)?.text;
  if (!number) return make("div.call", make("span", ...linked(text), state));
  const about = make("small", text.replace(words.phonePrefix(number), ""));
  return call(tel, words.call(number), about, state);
}

function call(tel, text, ...small) {
  const button = link(`tel:${tel}`, icon("phone"), make("span", make("b", text), ...small));
  button.className = "call";
  return button;
}
