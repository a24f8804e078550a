/** A line to a server: requests that say why they are refused, and a stream that picks itself up. */

const PATIENCE = 20_000;
/** A server lets itself be heard every 15 s; after this much silence the line is dead. */
const SILENCE = 40_000;
const LONGEST_WAIT = 15_000;

/** What the server does not want, and why. */
export class Refused extends Error {
  constructor({ status, headers }, { title = "", detail = "" }) {
    super(`${title} ${detail}`.trim());
    this.status = status;
    /** Milliseconds after which to try again. */
    this.after = 1000 * headers.get("Retry-After");
    this.passing = status === 429 || status >= 500;
  }
}

/** Returns milliseconds until the next try; a little by chance, so that not all come at once. */
export const wait = (tries) => Math.min(LONGEST_WAIT, 500 * 2 ** tries) * (0.75 + Math.random() / 2);

/** Asks, and returns the response; `body` is sent as JSON. */
export async function ask(url, { body, signal, ...options } = {}) {
  const response = await fetch(url, {
    ...options,
    body: body && JSON.stringify(body),
    signal: signal || AbortSignal.timeout(PATIENCE),
  });
  if (response.ok) return response;
  throw new Refused(response, await response.json().catch(() => ({})));
}

/** Yields the events of a stream: each has its name and its JSON in a line of its own. */
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

/**
 * Hears a stream until it is told to stop.
 * @param {(signal: AbortSignal) => Promise<Response>} dial opens it
 * @param {{event, open, lost, refused}} on what to call
 */
export function listen(dial, on) {
  let stopped = false;
  let tries = 0;
  let line, wakeUp;

  async function hear() {
    let silence;
    const alive = () => {
      clearTimeout(silence);
      silence = setTimeout(() => line.abort(), SILENCE);
    };
    line = new AbortController();
    alive();
    try {
      const { body } = await dial(line.signal);
      on.open();
      for await (const [name, data] of events(body, alive)) {
        if (stopped) return;
        tries = 0;
        on.event(name, data);
      }
    } finally {
      clearTimeout(silence);
    }
  }

  async function run() {
    while (!stopped) {
      let after;
      try {
        await hear();
      } catch (error) {
        after = error.after;
        if (error instanceof Refused && !error.passing) stopped ||= !on.refused(error);
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
    /** Tries again now, not later: the network is said to be back. */
    hurry() {
      tries = 0;
      wakeUp?.();
    },
  };
}
