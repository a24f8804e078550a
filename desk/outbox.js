/**
 * What was written and the server has not yet confirmed. It outlives a reload and a dead network,
 * and each message has an id of its own, so that sending it twice stores it once.
 */

import { keep, kept } from "../widget/store.js";
import { Refused, wait } from "./line.js";

/**
 * @param {string} name under which it is kept
 * @param {"localStorage" | "sessionStorage"} storage where
 * @param {{ready, post, state, sent, ended}} on ready() whether it may send, post(item) sends one,
 *   state(item), sent(item) and ended() are told
 */
export function outbox(name, storage, on) {
  let sending = false;
  let tries = 0;
  let timer;

  const all = () => kept(name, [], storage);
  const replace = (items) => keep(name, items.length ? items : undefined, storage);
  const change = (id, change) =>
    replace(all().map((item) => (item.id === id ? { ...item, ...change } : item)));
  const next = () => all().find((item) => !item.refused);

  /** Takes a message in; flush() sends it. */
  function add(message) {
    const item = { id: uuid(), at: new Date().toISOString(), ...message };
    replace([...all(), item]);
    return item;
  }

  const remove = (id) => replace(all().filter((item) => item.id !== id));

  /** Sends what was refused once more. */
  function retry(id) {
    change(id, { refused: undefined });
    flush();
  }

  /** Sends what is waiting, one after another. */
  async function flush() {
    clearTimeout(timer);
    if (sending) return;
    sending = true;
    let item;
    try {
      while (on.ready() && (item = next())) {
        on.state({ ...item, sending: true });
        await on.post(item);
        tries = 0;
        remove(item.id);
        on.sent(item);
      }
    } catch (error) {
      failed(item, error);
    }
    sending = false;
  }

  function failed(item, error) {
    if (error.status === 401) return on.ended();
    const refused = error instanceof Refused && !error.passing ? error.message : undefined;
    change(item.id, { refused });
    on.state({ ...item, refused, after: error.after });
    timer = setTimeout(flush, refused ? 0 : error.after || wait(tries++));
  }

  return { all, add, remove, retry, flush, clear: () => replace([]) };
}

/** As crypto.randomUUID(), which pages without https do not have. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] % 16) + 64;
  bytes[8] = (bytes[8] % 64) + 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
