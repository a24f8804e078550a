/** What this browser keeps. */

const PREFIX = "helpline.";
const memory = {};

/** Browsers that refuse storage inside another site's page still take a cookie that is that page's alone. */
const COOKIE = `path=${location.pathname}; secure; samesite=none; partitioned; max-age=`;
const YEAR = 31_536_000;

export function kept(name, fallback, storage = "localStorage") {
  try {
    return memory[name] ?? JSON.parse(window[storage].getItem(PREFIX + name)) ?? fallback;
  } catch {
    if (name === "session") memory[name] ??= fromCookie();
    return memory[name] ?? fallback;
  }
}

/** Keeps a value; undefined removes it. */
export function keep(name, value, storage = "localStorage") {
  const text = JSON.stringify(value);
  try {
    if (value === undefined) window[storage].removeItem(PREFIX + name);
    else window[storage].setItem(PREFIX + name, text);
    delete memory[name];
  } catch {
    memory[name] = value;
    if (name !== "session") return;
    document.cookie = `${name}=${encodeURIComponent(text)}; ${COOKIE}${value ? YEAR : 0}`;
  }
}

function fromCookie() {
  const found = document.cookie.match(/session=([^;]+)/);
  return found ? JSON.parse(decodeURIComponent(found[1])) : undefined;
}

/** Listens to other tabs. */
export function onChange(name, listener) {
  addEventListener("storage", ({ key }) => key === PREFIX + name && listener());
}
