/**
 * The session: which conversation this page is in, and the stream of what is said there. Every
 * beginning is a round of its own; what comes late from an earlier one counts no more.
 */

import * as server from "./server.js";
import { keep, kept, onChange } from "./store.js";

/** {token, last, crisis}; last: the number of the message that was shown last, here or elsewhere. */
let session;
/** The one that is asked for. */
let known;
let on;
let stream;
let again;
let round = 0;
let tries = 0;
let over = false;

export const token = () => session?.token;
export const last = () => session.last;

/** Whether it has ended, and no other is begun yet. */
export const isOver = () => over;

/** `what`: asked, begun, failed, restart, and what a stream tells (see server.js). */
export function start(what) {
  on = what;
  // Another tab has begun another conversation.
  onChange("session", () => {
    const told = kept("session")?.token;
    if (told && told !== (session || known)?.token) on.restart();
  });
  begin();
}

/** Goes on in the conversation that this browser knows, or begins one. */
export async function begin() {
  stop();
  over = false;
  known = kept("session");
  on.asked(known);
  const mine = round;
  try {
    const { token, last, notice, resumed } = await server.begin(known?.token);
    if (mine !== round) return;
    tries = 0;
    session = resumed ? { ...known, last: known.last || last } : { token, last };
    keep("session", session);
    on.begun(notice, known && !resumed);
    stream = server.listen(token, on);
  } catch (error) {
    if (mine !== round) return;
    on.failed(error);
    again = setTimeout(begin, error.after || server.wait(tries++));
  }
}

/** Keeps what was heard last, and whether the crisis lines stay in sight. */
export function heard({ id, data }) {
  session.last = Math.max(session.last, id);
  session.crisis ||= data?.screen === "crisis";
  keep("session", session);
  return session;
}

function stop() {
  round += 1;
  clearTimeout(again);
  stream?.stop();
  session = stream = undefined;
}

/** Forgets it; not the one that another tab may have begun meanwhile. */
export function end() {
  if (kept("session")?.token === (session || known)?.token) keep("session");
  over = true;
  stop();
}

export const hurry = (isDead) => stream?.hurry(isDead);
