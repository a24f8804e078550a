/** One conversation on the desk: what was said, what to do, and what is written next. */

import { button, icon, iconButton, make } from "../widget/elements.js";
import { wait } from "../widget/server.js";
import { composer, sending } from "./composer.js";
import { details } from "./details.js";
import * as endings from "./endings.js";
import { entry } from "./entries.js";
import * as server from "./server.js";
import {
  cannotTake, chatOf, conversation, desk, hold, load, numberOf, questionsOf, see, standing, waitingOf,
} from "./state.js";
import { clock, languageName, moment, since, words } from "./strings.js";

const NEAR = 80;

export class Pane {
  /**
   * @param {string} id of the conversation
   * @param {{close, active}} on close() puts the pane away, active() makes it the one in use
   */
  constructor(id, on) {
    this.id = id;
    this.on = on;
    this.following = true;
    this.rows = new Map();
    this.build();
    this.load();
  }

  build() {
    this.number = make("b.number");
    this.title = make("h2");
    this.meta = make("p.meta");
    this.tools = make("div.pane-tools");
    this.banners = make("div.banners");
    this.log = make("div.log", { role: "log", "aria-live": "polite", "aria-relevant": "additions" });
    this.typing = make("p.typing", { hidden: true }, make("i"), make("i"), make("i"), make("span", words.writing));
    this.scroller = make("div.scroller", { tabIndex: 0, role: "region" }, this.log, this.typing);
    this.below = button("strong.below", words.newBelow, () => this.scroll(), { hidden: true });
    this.foot = make("div.pane-foot");
    this.details = details(this.id, { article: (article) => this.showArticle(article) });
    const talk = make("div.talk", this.banners, this.scroller, this.below, this.foot);
    const head = make("header.pane-head", this.number, make("div.pane-names", this.title, this.meta), this.tools);
    this.element = make("section.pane", head, make("div.pane-body", talk, this.details.element));
    this.element.addEventListener("focusin", () => this.on.active());
    this.element.addEventListener("pointerdown", () => this.on.active());
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.element.classList.contains("with-details")) this.toggleDetails(false);
    });
    this.scroller.addEventListener("scroll", () => {
      const { scrollTop, scrollHeight, clientHeight } = this.scroller;
      this.following = scrollHeight - clientHeight - scrollTop < NEAR;
      if (this.following) this.below.hidden = true;
      this.seen();
    });
    // The composer and the window change the room that is left.
    new ResizeObserver(() => this.following && this.scroll()).observe(this.scroller);
  }

  async load(tries = 0) {
    try {
      await load(this.id);
      this.failed = undefined;
    } catch (error) {
      this.failed = error.message;
      // Deleted by the visitor, or not ours to see any more: nothing of it stays on the page.
      if (error.status === 404) this.empty();
      else setTimeout(() => this.element.isConnected && this.load(tries + 1), wait(tries));
    }
    this.update();
  }

  empty() {
    this.rows.clear();
    this.log.replaceChildren();
  }

  /** Shows everything as it is known now. */
  update() {
    const standing_ = standing(this.id);
    const asked = standing_ === "question" ? this.asked.id : undefined;
    if (this.standing !== standing_ || this.answering !== asked) {
      this.was = this.standing;
      this.standing = standing_;
      this.answering = asked;
      this.element.dataset.standing = standing_;
      this.setFoot();
      if (this.was && standing_ === "mine") this.focus();
      // It has gone elsewhere, or is deleted: that is asked.
      if (this.was && standing_ === "reading") this.load();
    }
    this.showHead();
    this.showBanners();
    this.showLog();
    this.details.update();
    this.seen();
  }

  // The head.

  /** The question that was chosen in the list; the first of the visitor's, where none was or it is done. */
  get asked() {
    const open = questionsOf(this.id);
    return open.find(({ id }) => id === this.question) || open[0];
  }

  get told() {
    const question = this.asked;
    return {
      ...conversation(this.id).told,
      ...waitingOf(this.id),
      ...chatOf(this.id),
      ...(question && { reason: question.text, visitor: question }),
    };
  }

  showHead() {
    const { reason, asked, visitor, claimed_at: claimed, asked_at: askedAt } = this.told;
    const number = numberOf(this.id);
    this.number.textContent = number || "";
    this.number.hidden = !number;
    const kind = { waiting: words.preview, question: words.questionLeft, offered: words.preview, reading: words.reading };
    this.title.textContent = reason || asked || kind[this.standing] || words.visitor;
    this.title.title = this.title.textContent;
    // Two visitors may give the same reason: each region has a name of its own.
    const name = number ? `${words.chat(number)}: ${this.title.title}` : `${this.title.title} (${this.id.slice(0, 4)})`;
    this.element.setAttribute("aria-label", name);
    for (const place of [this.scroller, this.log]) place.setAttribute("aria-label", words.messages(name));
    const { language, region, timezone, online } = visitor || this.told;
    const facts = [
      this.standing === "waiting" && words.waits(since(askedAt)),
      this.standing === "mine" && claimed && since(claimed),
      words.regionShort[region],
      language && languageName(language),
      timezone && clock(timezone),
    ];
    this.meta.replaceChildren(
      online === false ? make("span.gone", words.leftPage) : "",
      ...facts.filter(Boolean).map((text) => make("span", text)),
    );
  }

  setTools() {
    const tool = (drawing, name, keys, onclick) =>
      make("button.tool", { type: "button", onclick, title: name, "aria-keyshortcuts": keys }, icon(drawing), make("span", name));
    const isMine = this.standing === "mine";
    this.detailsButton = tool("details", words.details, "Alt+D", () => this.toggleDetails());
    this.detailsButton.setAttribute("aria-expanded", String(this.element.classList.contains("with-details")));
    this.detailsButton.classList.add("for-details");
    this.tools.replaceChildren(
      this.detailsButton,
      isMine ? tool("transfer", words.transfer, "Alt+T", () => this.transfer()) : "",
      isMine
        ? button("plain.ends", words.closeChat, () => this.close(), { "aria-keyshortcuts": "Alt+X" })
        : "",
      iconButton("round", "away", words.closePane, () => this.on.close()),
    );
  }

  toggleDetails(open = !this.element.classList.contains("with-details")) {
    this.element.classList.toggle("with-details", open);
    this.detailsButton.setAttribute("aria-expanded", String(open));
    if (!open) this.detailsButton.focus();
  }

  // The banners: what has to be known or decided.

  showBanners() {
    const { told, hidden } = conversation(this.id);
    const { transfer, idle_warned: idle, reason } = this.told;
    const banners = desk.alerts.filter(({ conversation }) => conversation === this.id).map((alert) => this.alert(alert));
    const say = (kind, ...content) => banners.push(make(`div.banner.${kind}`, ...content));
    if (this.failed) say("warn", icon("alarm"), make("p", this.failed));
    if (this.standing === "offered") say("offer", icon("transfer"), this.offer(transfer));
    if (this.standing === "mine" && transfer) {
      const withdraw = button("plain", words.withdraw, () => this.attempt(() => server.endTransfer(this.id)));
      say("offer", icon("transfer"), make("p", words.offeredTo(transfer.to.shown)), withdraw);
    }
    if (this.standing === "mine" && idle) say("quiet-banner", icon("clock"), make("p", words.idle));
    if (this.standing === "reading" && told.state) {
      const ended = { waiting: words.noLonger, mine: words.notYours, offered: words.notYours }[this.was];
      say("quiet-banner", icon("person"), make("p", ended || words.readOnly));
    }
    if (reason && words.wrote[this.standing]) {
      say("quiet-banner", icon("chat"), make("p", make("b", `${words.wrote[this.standing]}: `), reason));
    }
    if (hidden) say("quiet-banner", icon("lock"), make("p", words.hidden(hidden)));
    const before = JSON.stringify(banners.map(({ textContent }) => textContent));
    // Untouched while nothing is new, so that a button here keeps its focus.
    if (before === this.bannersShown) return;
    this.bannersShown = before;
    this.banners.replaceChildren(...banners);
  }

  alert({ id, screen, tier, at, message }) {
    const seen = button("strong.danger", words.acknowledge, () => this.attempt(() => server.acknowledge(id)));
    const show = button("plain", words.showIt, () => this.showMessage(message));
    return make(
      `div.banner.alert.${screen}`,
      icon(screen === "crisis" ? "heart" : "alarm"),
      make(
        "div",
        make("p", make("b", words.screens[screen]), " ", make("time", { dateTime: at }, moment(at))),
        make("p", `${words.shownTo[tier || screen]} ${screen === "unscreened" ? words.unscreenedDo : words.alertDo}`),
        make("div.row", seen, message ? show : ""),
      ),
    );
  }

  offer({ from, note }) {
    const take = button("strong", words.accept, () =>
      this.attempt(async () => {
        hold(this.id, await server.accept(this.id));
      }),
    );
    const decline = button("plain", words.decline, () =>
      this.attempt(async () => {
        await server.endTransfer(this.id);
        this.on.close();
      }),
    );
    return make("div", make("p", make("b", words.offered(from.shown))), note ? make("p", note) : "", make("div.row", take, decline));
  }

  // The log.

  showLog() {
    const { messages } = conversation(this.id);
    const waiting = sending.all().filter((item) => item.conversation === this.id);
    const sent = new Set(messages.map(({ client }) => client));
    const first = !this.rows.size;
    if (first) this.log.setAttribute("aria-live", "off");
    let news = false;
    let before;
    for (const message of messages) {
      if (!this.rows.has(message.id)) {
        const pending = message.client && this.rows.get(message.client);
        pending?.remove();
        this.rows.delete(message.client);
        const element = entry(message);
        this.rows.set(message.id, element);
        this.log.insertBefore(element, before ? before.nextSibling : this.log.firstChild);
        news ||= message.sender !== "specialist";
      }
      before = this.rows.get(message.id);
      before.classList.toggle("goes-on", before.previousSibling?.className.split(" ")[1] === before.className.split(" ")[1]);
    }
    for (const item of waiting) if (!sent.has(item.id)) this.pending(item);
    if (first) requestAnimationFrame(() => this.log.setAttribute("aria-live", "polite"));
    this.typing.hidden = !conversation(this.id).typing || this.standing !== "mine";
    if (this.following) this.scroll();
    else if (news && !first) this.below.hidden = false;
  }

  pending(item) {
    if (!this.rows.has(item.id)) {
      const message = { ...item, sender: "specialist", name: desk.me.shown, text: item.text || item.article.title };
      const element = entry({ ...message, data: {} });
      element.append(make("p.delivery"));
      this.rows.set(item.id, element);
      this.log.append(element);
    }
    this.delivery(item);
    this.scroll();
  }

  /** Says how far a message on its way has got. */
  delivery(item) {
    const element = this.rows.get(item.id);
    const line = element?.querySelector(".delivery");
    if (item.sent) return line?.replaceChildren();
    if (!line) return this.pending(item);
    element.classList.toggle("refused", Boolean(item.refused));
    if (!item.refused) return line.replaceChildren(navigator.onLine ? words.sending : words.waitingToSend);
    const remove = () => {
      sending.remove(item.id);
      element.remove();
      this.rows.delete(item.id);
    };
    line.replaceChildren(
      `${words.notSent} ${item.refused} `,
      button("plain", words.tryAgain, () => sending.retry(item.id)),
      button("plain", words.discard, remove),
    );
  }

  scroll() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.following = true;
    this.below.hidden = true;
  }

  showMessage(id) {
    const element = this.rows.get(id);
    if (!element) return;
    element.scrollIntoView({ block: "center" });
    element.classList.add("pointed");
    setTimeout(() => element.classList.remove("pointed"), 2_000);
    this.scroller.focus({ preventScroll: true });
  }

  showArticle(article) {
    const message = conversation(this.id).messages.find(({ data }) => data?.article === article);
    if (!message) return;
    const fold = this.rows.get(message.id)?.querySelector("details");
    if (fold) fold.open = true;
    this.showMessage(message.id);
  }

  /** What is in sight on a page in use has been seen. */
  seen() {
    if (this.standing !== "mine" || !this.following || document.hidden || !document.hasFocus()) return;
    if (this.element.isConnected && this.element.checkVisibility()) see(this.id);
  }

  // The foot: where one writes, or decides.

  setFoot() {
    this.setTools();
    this.composer = undefined;
    if (this.standing === "mine") this.composer = composer(this.id);
    if (this.standing === "question") {
      this.composer = composer(this.id, { question: this.asked.id, sent: () => this.on.close() });
    }
    this.foot.replaceChildren(this.composer?.element || "");
    this.composer?.fit();
    if (this.standing !== "waiting") return;
    const failed = make("p.failed", { role: "alert" });
    this.about = make("p.quiet");
    this.taking = button("strong", words.take, () => this.take(failed));
    this.foot.replaceChildren(make("div.decide", failed, this.about, this.taking));
    this.showTake();
  }

  /** Offers to take the chat, or says why that cannot be; the button stays, so that it keeps its focus. */
  showTake() {
    if (this.standing !== "waiting") return;
    const reason = cannotTake();
    this.taking.disabled = Boolean(reason);
    this.about.textContent = reason ? words.cannotTake[reason] : this.told.consent ? words.previewAbout : words.hiddenAll;
  }

  async take(failed) {
    try {
      hold(this.id, await server.claim(this.id));
    } catch (error) {
      failed.textContent = error.message;
    }
  }

  async attempt(what) {
    try {
      await what();
      this.failed = undefined;
    } catch (error) {
      this.failed = error.message;
    }
    this.update();
  }

  transfer() {
    if (this.standing === "mine") endings.transfer(this.id);
  }

  close() {
    if (this.standing === "mine") endings.close(this.id, () => this.on.close());
  }

  insert() {
    this.composer?.insert();
  }

  writeNote() {
    if (!this.element.classList.contains("with-details")) this.toggleDetails(true);
    this.details.note();
  }

  focus() {
    if (this.composer) this.composer.focus();
    else (this.foot.querySelector("button:not(:disabled)") || this.scroller).focus({ preventScroll: true });
  }
}
