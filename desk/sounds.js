/** Sounds without a file: two notes for an arrival, one for a message, three for an alert. */

import { keep, kept } from "../widget/store.js";

const NOTES = {
  arrival: [[523, 0], [784, 0.16]],
  message: [[659, 0]],
  alert: [[880, 0], [660, 0.2], [880, 0.4]],
};
const LENGTH = 0.5;
const LOUD = { arrival: 0.22, message: 0.1, alert: 0.35 };

let context;

export const isOn = () => kept("desk.sound", true);
export const toggle = () => keep("desk.sound", !isOn());

const isReady = () => context?.state === "running";
const hearers = [];

/** Calls the hearer when the browser begins or ceases to let the page make sounds. */
export const whenReady = (hearer) => hearers.push(hearer);

/** Whether sounds are wanted and the browser does not let the page make any yet. */
export const waits = () => isOn() && !isReady();

/** Browsers let a page make sounds once somebody has pressed something in it. */
export function ready() {
  if (navigator.userActivation?.hasBeenActive === false) return;
  if (!context) {
    context = new AudioContext();
    context.onstatechange = () => hearers.forEach((hearer) => hearer());
  }
  if (context.state === "suspended") context.resume();
}

addEventListener("pointerdown", ready);
addEventListener("keydown", ready);

export function play(kind) {
  if (!isOn() || !isReady()) return;
  for (const [pitch, after] of NOTES[kind]) note(pitch, context.currentTime + after, LOUD[kind]);
}

function note(pitch, at, loud) {
  const tone = new OscillatorNode(context, { type: "sine", frequency: pitch });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(loud, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.001, at + LENGTH);
  tone.connect(volume).connect(context.destination);
  tone.start(at);
  tone.stop(at + LENGTH);
}
