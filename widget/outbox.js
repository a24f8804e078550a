/**
 * What the server has not confirmed yet. It outlives a reload and a dead network; each message has
 * an id, so that sending it twice stores it once. The desk uses it as well.
 */

import { Refused, wait } from "./server.js";
import { keep, kept } from "./store.js";

/** `on`: ready, post, state, sent, ended. */
export function outbox(name, storage, on) {
  let sending = false;
  let tries = 0;
  let timer;

  const all = () => kept(name, [], storage);

  const replace = (items) => keep(name, items.length ? items : undefined, storage);

  const change = (id, change) =>
    replace(all().map((item) => (item.id === id ? { ...item, ...change } : item)));

  const next = () => all().find((item) => !item.refused);

  function add(message) {
    const item = { ...message, id: uuid(), at: new Date().toISOString() };
    replace([...all(), item]);
    return item;
  }

  const remove = (id) => replace(all().filter((item) => item.id !== id));

  function retry(id) {
    change(id, { refused: undefined });
    flush();
  }

  async function flush() {
    clearTimeout(timer);
    if (sending) return;
    sending = true;
    // One tab at a time, where the browser sees to that.
    const turn = navigator.locks?.request(`helpline.${name}`, sendAll) || Promise.reject();
    await turn.catch(sendAll);
    sending = false;
  }

  async function sendAll() {
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
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] % 16) + 64;
  bytes[8] = (bytes[8] % 64) + 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
