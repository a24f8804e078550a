/** The words about specialists, apart because most visitors never load them. Keyed as strings.js. */

import { spoken } from "./strings.js";

const ENGLISH = {
  about: "A specialist",
  chatTitle: "Chat with a specialist",
  chatAbout: "A trained cancer information specialist reads and answers you here. It is not a doctor's advice.",
  reason: "What is it about? (You can leave this empty.)",
  consent: "May they read what you and the assistant have written so far? Then you need not say it again.",
  consentYes: "Yes, and ask for a specialist",
  consentNo: "No, start afresh",
  orPhone: "You can also phone:",

  inLine: (place) => (place === 1 ? "You are next in line." : `You are number ${place} in line.`),
  stillHere: "The assistant is here for you until then.",
  orCall: "Or call",
  leaveLine: "Leave the line",

  withYou: (name) => `${name}, a specialist, is with you.`,
  lost: (name) => `${name}'s connection is broken. Please stay: what you write is kept.`,
  writeTo: (name) => `Write to ${name}`,
  end: "End the chat",
  endTitle: (name) => `End the chat with ${name}?`,
  endAbout: "The assistant is here again then. You can ask for a specialist once more at any time.",
  endYes: "End it",
  endNo: "Stay",

  after: "How was the chat with the specialist?",
  survey: "Two short questions",
  save: "Save the chat",
  later: "Not now",
  surveyTitle: "How was it?",
  surveyAbout: "Your answers are kept without this chat. You can leave either one out.",
  helped: "Did the chat help you?",
  yes: "Yes",
  no: "No",
  distress: "How distressed are you right now?",
  distressEnds: "0 is no distress, 10 is as bad as it can be.",
  distressRaised: "That is a fair amount to carry. Your care team can bring in a social worker, a psychologist or a chaplain; please tell them.",
  distressHigh: "That is a lot to carry. Nobody reads this number right now, so please talk to someone now:",
  distressTeam: "Please tell your care team too, today if you can.",
  sendAnswers: "Send",

  questionTitle: "Leave a question",
  questionAbout: "A specialist answers it here, in this chat, when somebody is back. If it can't wait, please phone.",
  question: "Your question",
  questionConsent: "They may also read what was written in this chat so far",
  questionCode: "Give me a code, so that I can read the answer on another device",
  leave: "Leave the question",
  codeTitle: "Your code",
  codeAbout: "Write it down or keep the link: it is shown only this once. Whoever has it can read this chat.",
  copyLink: "Copy the link",
  copied: "Copied.",
  copyMarked: "The link is marked. Please copy it yourself.",
  done: "Done",

  returnTitle: "Come back to a chat",
  returnAbout: "With the eight letters that you were given when you left a question.",
  code: "Code",
  open: "Open the chat",
  linkTitle: "Is this your own link?",
  linkAbout: "It opens a chat in which somebody left a question. Whoever has the link can read all that is written there. If you did not get it from us yourself, please close this.",
  linkMine: "I left a question, and was given this link",
  otherTitle: "Open the other chat?",
  otherAbout: "This browser shows a chat already. It does not come back here once the other one is open.",
  otherYes: "Open the other chat",
  otherNo: "Stay in this one",

  failed: "That did not work. Please try again.",
};

export const LANGUAGES = { "en-US": ENGLISH, "en-GB": ENGLISH };

export const words = LANGUAGES[spoken];
