/** All words of the desk. */

export const words = {
  name: "Helpline desk",

  // Signing in and out.
  signIn: "Sign in",
  signInAbout: "For the helpline's specialists. Visitors' words are private: please don't leave this page open where others can read it.",
  account: "Name",
  password: "Password",
  signedOut: "You are signed out.",
  noServer: "The server cannot be reached. Trying again.",
  signOut: "Sign out",
  signOutEverywhere: "Sign out on all devices",
  signOutChats: "You still have visitors. If you sign out, they are told, and wait in their old place for somebody else.",
  roles: { specialist: "Specialist", supervisor: "Supervisor" },

  // The top.
  views: "Views",
  chats: "Chats",
  overview: "Overview",
  presence: "I am",
  presences: { available: "Available", away: "Away", gone: "Not here" },
  available: "You are available. Visitors can be connected to you.",
  away: "You are away. Your chats stay with you; no new ones come.",
  soundOn: "Sound is on",
  soundOff: "Sound is off",
  shortcuts: "Keyboard shortcuts",
  account_: "(your account)",

  // The line to the server.
  lost: "The connection was lost. Trying again. If it takes longer, your visitors are told.",
  dismiss: "Put this notice away",
  offline: "You are offline. What you write is kept and sent when you are back.",

  // Lists.
  yourChats: (count, capacity) => `Your chats (${count} of ${capacity})`,
  noChats: "You have no chats.",
  offered: (who) => `${who} would like to hand this chat to you`,
  unread: (count) => (count === 1 ? "1 new message" : `${count} new messages`),
  writing: "Visitor is writing …",
  leftPage: "The visitor's page is closed",
  nothingYet: "Nothing said yet",
  openBeside: "Open beside",
  chat: (number) => `Chat ${number}`,

  waiting: (count) => `Waiting (${count})`,
  nobodyWaits: "Nobody is waiting.",
  waits: (time) => `waits ${time}`,
  noReason: "Gave no reason",
  noConsent: "Keeps the conversation so far private",
  lastAsked: "Asked the assistant",
  returning: (who) => (who ? `Was with ${who}; the connection was lost` : "Was here before; the connection was lost"),
  look: "Look",
  take: "Take chat",
  takeNext: "Take the next visitor",
  cannotTake: {
    away: "You are away. Set yourself to available to take a chat.",
    full: "You have as many chats as you can. Close or transfer one to take another.",
  },
  arrived: (reason) => `A visitor is waiting: ${reason}`,
  arrivedOffer: (who) => `${who} offers you a chat`,

  questions: (count) => `Questions left (${count})`,
  questionAbout: "Left after hours. Your answer waits for the visitor in the same conversation.",
  answer: "Answer",

  // Safety alerts.
  alerts: "Safety alerts",
  screens: { crisis: "Possible crisis", emergency: "Possible emergency", unscreened: "Message not screened" },
  shownTo: {
    crisis: "The visitor was shown the crisis lines.",
    call_911: "The visitor was told to call 911 or 999.",
    phone_team: "The visitor was told to phone their care team's 24-hour line.",
    emergency: "The visitor was shown whom to call.",
    unscreened: "The safety screen failed, and the visitor was shown nothing.",
  },
  whileWaiting: "The visitor is still waiting.",
  alertDo: "Ask gently whether they have reached somebody, and stay with them. Your helpline's own procedure comes first.",
  unscreenedDo: "Read it, and act on what you see.",
  showIt: "Show",
  acknowledge: "I have seen it",
  alertSpoken: (screen, where) => `Safety alert: ${screen}. ${where}`,
  alertFor: (who) => `Chat of ${who}`,
  screenShown: { crisis: "Crisis screen shown", emergency: "Emergency screen shown", unscreened: "Message not screened" },

  // A conversation.
  visitor: "Visitor",
  assistant: "Assistant",
  you: "You",
  specialist: "Specialist",
  helpline: "Helpline",
  messages: (title) => `Messages: ${title}`,
  preview: "Waiting visitor",
  reading: "Conversation",
  questionLeft: "Question left",
  wrote: { waiting: "Why they ask for a person", offered: "Why they ask for a person", question: "The question" },
  previewAbout: "The visitor does not notice that you look.",
  hidden: (count) =>
    `${count === 1 ? "1 earlier message is" : `${count} earlier messages are`} not shown: the visitor keeps the conversation so far private.`,
  hiddenAll: "The visitor keeps the conversation so far private. You see what is said from now on.",
  articleShown: "Article shown",
  screenSaid: { crisis: "Crisis screen", emergency: "Emergency screen" },
  buttonsShown: "Offered:",
  newBelow: "New message ↓",
  noLonger: "This visitor is no longer waiting.",
  notYours: "This chat is closed, or no longer yours.",
  readOnly: "You are reading along. This look is in the audit trail.",
  idle: "The visitor has been quiet for long and was asked whether they are still there.",
  details: "Details",
  transfer: "Transfer",
  closeChat: "Close chat",
  closePane: "Put this view away",
  accept: "Take it over",
  decline: "Decline",
  offeredTo: (who) => `Offered to ${who}. The chat stays with you until it is taken over.`,
  withdraw: "Withdraw",

  reply: "Reply to the visitor",
  replyHint: "Write to the visitor",
  replyKeys: "Enter sends. Shift and Enter starts a new line. A slash at the start opens replies and articles.",
  send: "Send",
  sendAnswer: "Send answer",
  answerHint: "Write your answer",
  insertTitle: "Insert a reply or an article",
  attached: "The visitor sees this article, with its sources, below your words.",
  removeArticle: "Remove the article",
  sending: "Sending",
  waitingToSend: "Waiting to be sent",
  notSent: "Not sent.",
  tryAgain: "Try again",
  discard: "Remove",
  putAway: "Put away without an answer",
  putAwayAbout: "The visitor is told that this question gets no answer here, and whom to phone. It cannot be taken back.",
  putAwayDo: "Put away",

  events: {
    ask: "The visitor asked for a specialist",
    cancel: "The visitor went back to the assistant",
    claim: (who) => `${who} took the chat`,
    nobody_came: "Nobody came in time; the visitor was given the phone number",
    closing_time: "Closing time; the visitor was given the phone number",
    lost: "The specialist's connection was lost; the visitor was told",
    returned: "The specialist is back",
    grace_over: "The visitor waits again, in the old place",
    transfer_accepted: (who) => `${who} took over the chat`,
    close: (who) => `${who} closed the chat`,
    leave: "The visitor ended the chat",
    visitor_idle: "The visitor was asked whether they are still there",
    visitor_gone: "The visitor was gone; the chat was closed",
    back: "The assistant is back, and asks how it went",
    noted: "The visitor was told that the answer will stand in this chat",
    closed: "The question was put away; the visitor was given the phone numbers",
  },

  // Inserting.
  searchHint: "Search replies and articles",
  replies: "Replies",
  articles: "Articles",
  attach: "Show the article",
  insertShort: "Insert its short words",
  insertReply: "Insert",
  nothingFound: "Nothing found. Try another word.",
  insertKeys: "Arrow keys choose, Enter inserts.",
  notReviewed: "A clinician has not reviewed this article yet.",
  reviewedOn: (day) => `Text checked on ${day}.`,

  // Details.
  about: "Visitor",
  language: "Language",
  region: "Country",
  regions: { us: "United States", uk: "United Kingdom" },
  regionShort: { us: "US", uk: "UK" },
  localTime: "Their time",
  waitedFor: "Waited",
  unknown: "Not known",
  before: "Earlier",
  outcomes: {
    cancel: "The visitor went back to the assistant",
    nobody_came: "Nobody came in time",
    closing_time: "Closing time",
    visitor_gone: "The visitor was gone",
    leave: "The visitor ended the chat",
  },
  outcome: (who, outcome) => (who ? `${who}: ${outcome}` : outcome),
  articlesShown: "Articles shown",
  noArticles: "None so far.",
  tags: "Tags",
  addTag: "Add a tag",
  add: "Add",
  removeTag: (tag) => `Remove tag ${tag}`,
  notes: "Private notes",
  notesAbout: "Only the desk sees these. The visitor never does.",
  note: "New private note",
  addNote: "Add note",

  // Transfer and close.
  transferTitle: "Transfer this chat",
  transferAbout: "You keep the chat until your colleague takes it over. The visitor is told then.",
  transferTo: "To whom?",
  transferNobody: "Nobody else is available with room for a chat.",
  transferNote: "What should they know? Only they see it.",
  offer: "Offer the chat",
  load: (chats, capacity) => `${chats} of ${capacity} chats`,
  closeTitle: "Close this chat",
  closeAbout: "The assistant is back with the visitor and asks how it went. Say goodbye first.",
  closeReason: "How did it end?",
  closeDo: "Close chat",
  cancel: "Cancel",
  choose: "Please choose one.",

  // Nothing open.
  emptyTitle: "No chat is open",
  emptyAwayTitle: "You are away",
  emptyAway: "While nobody is available, visitors are sent to the phone instead of the chat.",
  beAvailable: "I am available",
  emptyNobody: "When a visitor asks for a person, they appear on the left, and you hear a sound.",
  emptyWaiting: (count) => (count === 1 ? "1 visitor is waiting." : `${count} visitors are waiting.`),
  soundHint: "Press any key or click once, so that the browser lets the desk make a sound.",

  // Settings and shortcuts.
  theme: "Colors",
  themes: { device: "As on my device", light: "Light", dark: "Dark" },
  sound: "Sound",
  testSound: "Play the sounds",
  shortcutsOn: "Use these shortcuts",
  shortcutsAbout: "They work everywhere on the desk, also while you write.",
  inComposer: "While you write",
  keyList: {
    chat: "Go to that chat",
    next: "Next chat with something new",
    down: "Next chat",
    up: "Chat before",
    waiting: "Go to who is waiting",
    take: "Take the next visitor",
    reply: "Write to the visitor",
    insert: "Insert a reply or an article",
    note: "Write a private note",
    details: "Show or hide details",
    transfer: "Transfer the chat",
    close: "Close the chat",
    presence: "Available, or away",
    alert: "Go to the safety alert",
    sound: "Sound on or off",
    overview: "Chats, or overview",
    help: "This list",
  },
  composerKeys: { Enter: "Send", "Shift Enter": "New line", "/": "Insert, at the start of a message" },

  // The supervisor's overview.
  tabs: { now: "Now", days: "By day", unanswered: "Unanswered", alerts: "Safety alerts", audit: "Audit trail" },
  days: (count) => `Last ${count} days`,
  period: "Period",
  exportCsv: "Export CSV",
  exports: { handoffs: "Chats with specialists", figures: "Figures by day", audit: "Audit trail" },
  now: {
    waiting: "Waiting",
    longest: "Longest wait",
    live: "With a specialist",
    room: "Room for",
    roomOf: (count) => (count === 1 ? "1 more chat" : `${count} more chats`),
    team: "Team",
    queue: "Queue",
    columns: ["Name", "Role", "Presence", "Chats"],
    queueColumns: ["Reason", "Waits", "Where", "Safety"],
  },
  figures: {
    title: "Asked for a person, and how it ended",
    day: "Day",
    asked: "Asked",
    outcomes: {
      handled: "Handled",
      cancelled: "Cancelled by the visitor",
      nobody_came: "Nobody came",
      closing_time: "Closing time",
    },
    short: { handled: "Handled", cancelled: "Cancelled", nobody_came: "Nobody came", closing_time: "Closing time" },
    gone: "Handled, then gone",
    waits: "Wait, half within",
    waits90: "9 in 10 within",
    chat: "Chat, half within",
    helped: "Helped",
    helpedOf: (yes, all) => (all ? `${yes} of ${all}` : "–"),
    distress: "Distress, middle",
    distressHigh: "Distress 7 or more",
    questions: "Questions left",
    alerts: "Safety alerts",
    unanswered: "Unanswered",
    chart: "Each column is a day. The table below has the same numbers.",
    tiles: { asked: "asked for a person", handled: "were handled", wait: "middle of the days' waits", helped: "of the answers: it helped" },
    none: "Nobody asked in this time.",
  },
  kinds: { unsure: "Assistant was not sure", out_of_scope: "Not about adult ALL", other_cancer: "Another cancer" },
  unansweredAbout: "Counted without the words. You can open one only where the visitor agreed to be read by a specialist.",
  open: "Open",
  notReadable: "Private",
  when: "When",
  kind: "Kind",
  conversation: "Conversation",
  shown: "Shown",
  seenBy: "Seen by",
  notSeen: "Not yet",
  noneHere: "None in this time.",
  who: "Who",
  what: "What",
  from: "From",
  to: "To",
  detail: "Detail",
  filter: "Only this conversation",
  allConversations: "Show all",
  older: "Show older",
  failed: "This could not be loaded.",
};

const language = document.documentElement.lang;
const shape = (options) => new Intl.DateTimeFormat(language, options);
const TIME = shape({ hour: "numeric", minute: "2-digit" });
const DATED = shape({ month: "short", day: "numeric", hour: "numeric", minute: "2-digit" });
const DAY = shape({ weekday: "short", month: "short", day: "numeric" });
const LONG = shape({ year: "numeric", month: "long", day: "numeric" });
const NAMES = new Intl.DisplayNames(language, { type: "language" });

/** The time of day; with the date where that is not today. */
export function moment(at) {
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  return (today ? TIME : DATED).format(date);
}

/** From "2026-11-25". */
export const day = (text) => DAY.format(new Date(`${text}T12:00`));
export const longDay = (text) => LONG.format(new Date(`${text}T12:00`));

/** The present on the visitor's clock. */
export const clock = (timezone) =>
  shape({ hour: "numeric", minute: "2-digit", weekday: "short", timeZone: timezone }).format(new Date());

/** "4 min", from seconds. */
export function span(seconds) {
  if (seconds < 60) return `${Math.max(0, Math.round(seconds))} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** How long ago, in words that need no second to change. */
export function since(at) {
  const seconds = (Date.now() - new Date(at)) / 1000;
  return seconds < 60 ? "under 1 min" : span(seconds);
}

/** "English", from "en-US": the country stands beside it. */
export function languageName(code) {
  try {
    return NAMES.of(code.split("-")[0]);
  } catch {
    return code;
  }
}
