/** What fills the desk: the chats, or the supervisor's overview. */

import { find } from "../widget/elements.js";
import { tell } from "./state.js";

export const isOverview = () => !find("overview").hidden;

function show(overview) {
  find("overview").hidden = !overview;
  find("panes").hidden = overview;
  tell("view", overview);
}

export const showChats = () => isOverview() && show(false);
export const showOverview = () => show(true);
