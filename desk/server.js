/** The desk's HTTP API. */

import { hear, request } from "../widget/server.js";

const API = new URL("api/", import.meta.url);

let csrf;

/** What to do when the server says that nobody is signed in; main.js fills it. */
export const on = {};

async function ask(path, options = {}) {
  const headers = csrf ? { "X-CSRF-Token": csrf } : {};
  try {
    return await request(new URL(path, API), { ...options, headers });
  } catch (error) {
    if (error.title) error.message = `${error.title} ${error.message}`.trim();
    if (error.status === 401 && csrf) on.signedOut();
    throw error;
  }
}

const read = async (path, options) => (await ask(path, options)).json();
const send = (method) => (path, body = {}) => ask(path, { method, body });
const post = send("POST");
const put = send("PUT");

const taken = (me) => {
  csrf = me.csrf;
  return me;
};

export const me = async () => taken(await read("me"));

export const signIn = async (name, password) =>
  taken(await read("sign-in", { method: "POST", body: { name, password } }));

export async function signOut(everywhere) {
  await post("sign-out", { everywhere });
  csrf = undefined;
}

/** Forgets who was signed in. */
export const forget = () => (csrf = undefined);

export const heartbeat = () => post("heartbeat");
export const presence = (presence) => put("me/presence", { presence });

/** Hears what happens at the desk. */
export const listen = (on) => hear((signal) => ask("stream", { signal }), on);

const at = (id, what = "") => `conversations/${encodeURIComponent(id)}${what}`;

export const conversation = (id, after = 0) => read(at(id, `?after=${after}`));
export const claim = async (id) => (await post(at(id, "/claim"))).json();
export const say = (id, message) => post(at(id, "/messages"), message);
export const typing = (id, typing) => post(at(id, "/typing"), { typing });
export const note = (id, text) => post(at(id, "/notes"), { text });
export const tags = (id, tags) => put(at(id, "/tags"), { tags });
export const close = (id, reason, seen) => post(at(id, "/close"), { reason, seen });
export const transfer = (id, to, note) => post(at(id, "/transfer"), { to, ...(note && { note }) });
export const endTransfer = (id) => send("DELETE")(at(id, "/transfer"));
export const accept = async (id) => (await post(at(id, "/transfer/accept"))).json();

export const canned = async (q) => (await read(`canned?${new URLSearchParams({ q })}`)).replies;
export const articles = async (q) => (await read(`articles?${new URLSearchParams({ q })}`)).articles;

export const answer = (id, message) => post(`questions/${id}/answer`, message);
export const putAway = (id) => post(`questions/${id}/close`);
export const acknowledge = (id) => post(`alerts/${id}/acknowledge`);

// For supervisors.

export const figures = async (days) => (await read(`figures?days=${days}`)).days;
export const unanswered = (days) => read(`unanswered?days=${days}`);
export const alerts = async (days) => (await read(`alerts?days=${days}`)).alerts;
export const audit = async (conversation = "", before = "") =>
  (await read(`audit?${new URLSearchParams({ conversation, before })}`)).rows;
export const csv = (what, days) => new URL(`export.csv?what=${what}&days=${days}`, API).href;
