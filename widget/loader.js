/* The button and the chat's frame, see docs/widget.md. */
(() => {
  const tag = document.currentScript;
  if (window.Helpline) return;

  const home = new URL("..", tag.src);
  const { label, closeLabel, newLabel, failedLabel, position, color, language, region } = {
    label: "Chat with us",
    closeLabel: "Close chat",
    newLabel: "new",
    failedLabel: "Chat is not available now",
    color: "#1c6b64",
    ...window.HelplineSettings,
    ...tag.dataset,
  };
  const side = position === "left" ? "left" : "right";
  const small = matchMedia("(max-width: 480px), (max-height: 480px)");

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
:host { all: initial !important }
button, iframe { position: fixed; ${side}: 20px; z-index: 2147483000; box-sizing: border-box }
button { bottom: 20px; min-height: 56px; max-width: calc(100% - 40px); padding: 0 24px; border: 2px solid transparent; border-radius: 28px; background: #1c6b64; color: #fff; font: 600 17px/1.3 system-ui, sans-serif; cursor: pointer; box-shadow: 0 4px 16px #0006 }
button:focus-visible { outline: 3px solid #fff; box-shadow: 0 0 0 6px #000 }
iframe { bottom: 92px; width: 420px; height: min(720px, 100% - 112px); border: 1px solid #0003; border-radius: 18px; background: #fff; box-shadow: 0 12px 48px #0005; visibility: hidden }
iframe.open { visibility: visible }
@media ${small.media} { iframe { inset: 0; width: 100%; height: 100%; border: 0; border-radius: 0 } [aria-expanded=true] { visibility: hidden } }
@media print { :host { display: none !important } }`);

  const place = document.createElement("helpline-chat");
  const shadow = place.attachShadow({ mode: "open" });
  const button = document.createElement("button");
  shadow.adoptedStyleSheets = [sheet];
  shadow.append(button);
  // No Content-Security-Policy forbids this.
  button.style.background = color;
  button.style.color = `lch(from ${color} calc((49 - l) * 999) 0 0)`;

  const heard = [];
  let frame, ready, isOpen, waiting;
  let unread = 0;

  const tell = (name, detail) => heard.forEach(([wanted, listener]) => wanted === name && listener(detail));
  const send = (helpline) => frame.contentWindow.postMessage({ helpline }, home.origin);

  function show(text = isOpen ? closeLabel : label) {
    button.textContent = unread ? `${text} (${unread} ${newLabel})` : text;
    const seen = isOpen && ready;
    button.setAttribute("aria-expanded", !!seen);
    if (frame) frame.className = seen ? "open" : "";
  }

  function start() {
    frame = document.createElement("iframe");
    frame.title = label;
    frame.allow = "clipboard-write";
    const asked = { host: location.origin, color, language, region };
    for (const name in asked) asked[name] ||= "";
    frame.src = `${home}chat#${new URLSearchParams(asked)}`;
    shadow.append(frame);
    waiting = setTimeout(() => {
      frame.remove();
      frame = isOpen = null;
      show(failedLabel);
      tell("error");
    }, 15e3);
  }

  function enter() {
    show();
    frame.focus();
    send("open");
  }

  function open() {
    if (isOpen) return;
    isOpen = true;
    if (!frame) start();
    show();
    if (ready) enter();
    tell("open");
  }

  function close() {
    if (!isOpen) return;
    isOpen = false;
    show();
    if (ready) send("close");
    button.focus();
    tell("close");
  }

  const toggle = () => (isOpen ? close() : open());
  button.onclick = toggle;

  addEventListener("message", ({ origin, source, data }) => {
    if (origin !== home.origin || source !== frame?.contentWindow) return;
    if (data.helpline === "close") close();
    if (data.helpline === "unread") {
      unread = +data.count || 0;
      show();
      tell("unread", unread);
    }
    if (data.helpline === "ready") {
      clearTimeout(waiting);
      ready = true;
      if (isOpen) enter();
    }
  });

  // Where the chat covers the page, focus must not wander about underneath.
  addEventListener("focusin", ({ target }) => {
    if (!isOpen || !ready || target === place || !small.matches) return;
    close();
    target.focus();
  });

  // A phone's keyboard covers the frame.
  const view = window.visualViewport;
  view?.addEventListener("resize", () => {
    const shrunk = small.matches && view.scale < 1.1;
    if (frame) frame.style.height = shrunk ? `${view.height}px` : "";
  });

  const on = (name, listener) => {
    heard.push([name, listener]);
  };
  window.Helpline = { open, close, toggle, on };

  function appear() {
    button.style.fontFamily = getComputedStyle(document.body).fontFamily;
    document.body.append(place);
  }

  show();
  if (document.body) appear();
  else addEventListener("DOMContentLoaded", appear);
})();
