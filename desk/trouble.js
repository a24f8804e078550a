/** What the server refused, in sight of everybody, where it was asked from no place of its own. */

import { find, iconButton } from "../widget/elements.js";
import { words } from "./strings.js";

const hide = () => find("trouble").replaceChildren();

/** Does something; where it is refused, says so until it is put away or something else works. */
export async function attempt(what) {
  try {
    await what();
    hide();
    return true;
  } catch (error) {
    find("trouble").replaceChildren(error.message, iconButton("round.small", "close", words.dismiss, hide));
    return false;
  }
}
