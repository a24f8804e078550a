/** The HTTP API; the desk's pages ask and hear like this, too. */

import { region } from "./host.js";

const PATIENCE = 20_000;
/** The server is heard every 15 s, or the line is dead. */
const BEAT = 16_000;
const SILENCE = 40_000;
const LONGEST_WAIT = 15_000;

export class Refused extends Error {
  constructor({ status, headers }, { title, detail }) {
    super(detail);
    this.title = title;
    this.status = status;
    this.after = 1000 * headers.get("Retry-After");
    this.passing = status === 429 || status >= 500;
  }
}

/** Longer and longer; by chance, so that not all come at once. */
export const wait = (tries) => Math.min(LONGEST_WAIT, 500 * 2 ** tries) * (0.75 + Math.random() / 2);

export async function request(url, { body, signal, ...options }) {
  const response = await fetch(url, {
    ...options,
    body: body && JSON.stringify(body),
    signal: signal || AbortSignal.timeout(PATIENCE),
  });
  if (response.ok) return response;
  throw new Refused(response, await response.json().catch(() => ({})));
}

async function* events(body, alive) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    alive();
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const [, name, data] = block.match(/^event: (.*)\ndata: (.*)$/m) || [];
      if (name) yield [name, JSON.parse(data)];
    }
  }
}

/** Hears what dial(signal) opens. `on`: event, open, lost, refused. */
export function hear(dial, on) {
  let stopped = false;
  let tries = 0;
  let line, heard, wakeUp;

  async function once() {
    let silence;
    const alive = () => {
      heard = Date.now();
      clearTimeout(silence);
      silence = setTimeout(() => line.abort(), SILENCE);
    };
    line = new AbortController();
    alive();
    try {
      const { body } = await dial(line.signal);
      if (stopped) return;
      on.open();
      for await (const [name, data] of events(body, alive)) {
        if (stopped) return;
        tries = 0;
        await on.event(name, data);
      }
    } finally {
      clearTimeout(silence);
    }
  }

  async function run() {
    while (!stopped) {
      let after;
      try {
        await once();
      } catch (error) {
        after = error.after;
        // Anything else comes from what stands between, and passes.
        if (error.status === 401 && !stopped) {
          stopped = true;
          on.refused(error);
        }
      }
      if (stopped) return;
      on.lost();
      await new Promise((resolve) => {
        wakeUp = resolve;
        setTimeout(resolve, after || wait(tries++));
      });
    }
  }

  run();
  return {
    stop() {
      stopped = true;
      line.abort();
    },
    /** Dials now where there is no line, where it may be dead, or where `isDead` says so. */
    hurry(isDead) {
      tries = 0;
      if (isDead || Date.now() - heard > BEAT) line.abort();
      wakeUp?.();
    },
  };
}

const API = new URL("../api/", import.meta.url);

const { timeZone: timezone } = Intl.DateTimeFormat().resolvedOptions();

/** The visitor's own; the words are in the site's. */
const [language] = navigator.language?.match(/^[a-z0-9-]{2,35}/i) || [];

export const ask = (path, token, options) =>
  request(new URL(path, API), {
    method: "POST",
    headers: token ? { Authorization: `Bearer ${token}` } : {},
    ...options,
  });

const read = async (path, token, options) => (await ask(path, token, options)).json();

export async function begin(token) {
  const response = await ask("sessions", token, { body: { timezone, language, region } });
  return { ...(await response.json()), resumed: response.status === 200 };
}

export const status = () =>
  read(`status?${new URLSearchParams({ timezone, ...(region && { region }) })}`, undefined, { method: "GET" });

export const say = (token, id, text) => ask("messages", token, { body: { id, text } });

export const typing = (token, typing) => ask("typing", token, { body: { typing } });

export const rate = (token, message, helpful) => ask("feedback", token, { body: { message, helpful } });

export const forget = (token) => ask("conversation", token, { method: "DELETE" });

/** Picks a conversation up where it broke off. */
export function listen(token, on) {
  let last = 0;
  const dial = (signal) => ask(`stream?after=${last}`, token, { method: "GET", signal });
  const event = (name, data) => {
    if (name === "message") last = data.id;
    return on.event(name, data);
  };
  return hear(dial, { ...on, event });
}
