/** All words. For another language add a block like ENGLISH to LANGUAGES. */

import { language } from "./host.js";

const ENGLISH = {
  name: "Leukemia helpline",
  about: "Automated assistant",
  menu: "Menu",
  close: "Close",
  closeChat: "Close chat",

  conversation: "Conversation",
  speakers: {
    visitor: "You",
    bot: "Assistant",
    specialist: "Specialist",
    system: "Helpline",
  },
  specialistNamed: (name) => `${name}, specialist`,
  typing: (who) => `${who} is writing`,
  newMessage: "New message ↓",
  opensNewTab: "(opens in a new tab)",

  emergencyFirst: "If this may be an emergency, don't wait for a reply:",
  sharedComputer: "On a shared computer, please delete the chat when you are done. The menu has it.",
  starters: "You could start with",
  starterQuestions: [
    "What ALL is",
    "The main types of transplant",
    "How to find a clinical trial",
    "When to phone right away",
  ],
  replies: "Suggested replies",
  more: "Tell me more",
  simpler: "Say it simpler",

  sayLabel: "Your message",
  sayHint: "Your question",
  sayKeys: "Enter sends. Shift and Enter starts a new line.",
  send: "Send",
  sending: "Sending",
  waiting: "Waiting to be sent",
  notSent: "Not sent.",
  tryAgain: "Try again",
  edit: "Edit",

  sources: (count) => (count === 1 ? "1 source" : `${count} sources`),
  reviewed: (date) => `reviewed ${date}`,
  undated: "no date shown",
  checked: (date) => `We last checked our text on ${date}.`,
  notReviewed: "A clinician has not reviewed it yet.",
  clinicalReview: (who) => `Clinical review: ${who}.`,
  helpful: "Was this helpful?",
  yes: "Yes",
  no: "No",
  thanks: "Thank you for telling us.",
  sorry: "Thank you. A person may be able to help you better.",
  notKept: "That could not be kept just now. Please try again.",

  person: "Talk to a person",
  specialistAsk: "Chat with a specialist",
  question: "Leave a question",
  comeBack: "I have a code",
  personAsk: "Who is there now? Ask in the chat",
  openNow: "Open now",
  closedNow: "Closed now",
  call: (number) => `Call ${number}`,
  callOrText: (number) => `Call or text ${number}`,
  phonePrefix: (number) => `Phone ${number}, `,
  country: { us: "US", uk: "UK" },
  crisisBar: "Help right now:",
  emergencyTitle: "This may be an emergency",
  teamTitle: "Phone your care team's 24\u2011hour line now",
  teamElse: "If you can't reach them, or it gets worse:",
  crisisTitle: "You don't have to carry this alone",
  crisisEmergencyTitle: "Please get help right now",
  numbersUnknown: "In an emergency call 911 (US), 999 (UK), or your local number.",

  offline: "You are offline. What you write is kept and sent when you are back.",
  lost: "The connection was lost. Trying again. What you write is kept.",
  slowDown: (seconds) => `That was very fast. It is sent again in ${seconds} s.`,

  expired: "The earlier chat has ended: it was quiet for long, or deleted. What you are writing is kept.",
  startNew: "Start a new chat",
  deletedTitle: "The chat is deleted",
  deleted: "Nothing of it is left here or on our server. Take good care of yourself.",
  deleteFailed: "It could not be deleted just now. Please try again in a minute.",

  textSize: "Text size",
  textSizes: { normal: "Normal", large: "Large", largest: "Largest" },
  colors: "Colors",
  themes: { device: "As on my device", light: "Light", dark: "Dark" },
  keep: "Save or print",
  saveHtml: "Save as a page",
  saveText: "Save as text",
  print: "Print",
  privacy: "What is kept",
  end: "End and delete the chat",
  endTitle: "End and delete this chat?",
  endText: "All messages are deleted, here and on our server. This cannot be undone.",
  endNotes: "Also delete my list of questions",
  endYes: "Delete everything",
  endNo: "Keep the chat",

  notes: "My questions",
  notesTitle: "Questions for my care team",
  notesAbout: "A list to take to your next visit. It stays in this browser; nobody else sees it.",
  notesEmpty: "Nothing here yet. Add a question below, or press the bookmark beside a message.",
  notesNew: "New question",
  notesAdd: "Add",
  notesOne: (number) => `Question ${number}`,
  notesRemove: (number) => `Remove question ${number}`,
  notesKeep: "Add to my questions",
  notesKept: (count) => `Added. Your list has ${count === 1 ? "1 question" : `${count} questions`}.`,
  notesAsk: (title) => `I'd like to know more about: ${title}`,

  transcriptTitle: "My conversation with the leukemia helpline",
  transcriptAbout:
    "General information from an automated assistant. It is not medical advice; your care team knows you.",
  savedOn: (date) => `Saved on ${date}.`,
  savedFile: "helpline-conversation",
};

const BRITISH = {
  ...ENGLISH,
  name: "Leukaemia helpline",
  colors: "Colours",
  transcriptTitle: "My conversation with the leukaemia helpline",
};

export const LANGUAGES = { "en-US": ENGLISH, "en-GB": BRITISH };

/** The language of the words. */
export const spoken = language in LANGUAGES ? language : "en-US";

export const words = LANGUAGES[spoken];

const format = (date, shape) => new Intl.DateTimeFormat(spoken, shape).format(date);

/** From "2025-08-13", "2025-08" or "2025". */
export function day(text) {
  const [year, month, date] = String(text).split("-");
  const at = new Date(year, (month || 1) - 1, date || 1);
  const shape = { year: "numeric", month: month && "long", day: date && "numeric" };
  return isNaN(at) ? text : format(at, shape);
}

/** The time of day; with the date where that is not today. */
export function moment(at) {
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  return format(date, {
    hour: "numeric",
    minute: "2-digit",
    ...(today ? {} : { day: "numeric", month: "short" }),
  });
}

/** Date and time in full. */
export const full = (at) => format(new Date(at), { dateStyle: "long", timeStyle: "short" });
