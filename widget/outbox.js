/**
 * What the server has not confirmed yet. It outlives a reload and a dead network; each message has
 * an id, so that sending it twice stores it once.
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
    const item = { ...all().find((one) => one.id === id), refused: undefined };
    replace([...all().filter((one) => one.id !== id), item]);
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
export const uuid = () =>
  "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) => {
    const [random] = crypto.getRandomValues(new Uint8Array(1));
    return (digit ^ (random & (15 >> (digit / 4)))).toString(16);
  });
