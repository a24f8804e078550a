/** How the page looks: what the visitor has chosen in the menu. */

import { keep, kept, onChange } from "./store.js";

export const look = () => ({ size: "normal", theme: "device", ...kept("look") });

export const applyLook = () => Object.assign(document.documentElement.dataset, look());

export function change(name, value) {
  keep("look", { ...look(), [name]: value });
  applyLook();
}

onChange("look", applyLook);
