/** The page that embeds the chat: what it asks for and is told; never what is said. */

const asked = new URLSearchParams(location.hash.slice(1));

function matching(name, pattern) {
  const value = asked.get(name) || "";
  return pattern.test(value) ? value : undefined;
}

const origin = matching("host", /^https?:\/\/[^/?#]+$/);

export const language = matching("language", /^[a-z]{2,3}(-[a-z0-9]+)*$/i) || "en";
export const region = matching("region", /^(us|uk)$/);
export const code = matching("return", /^[a-z-]{8,9}$/i);
export const color = matching("color", /^#[0-9a-f]{6}$/i);

export const embedded = Boolean(origin) && parent !== window;

export let shown = !embedded;

function tell(helpline, count) {
  if (embedded) parent.postMessage({ helpline, count }, origin);
}

export const ready = () => tell("ready");
export const close = () => tell("close");
export const unread = (count) => tell("unread", count);

export function onOpen(listener) {
  addEventListener("message", (event) => {
    if (!embedded || event.source !== parent || event.origin !== origin) return;
    shown = event.data.helpline === "open";
    if (shown) listener();
  });
}
