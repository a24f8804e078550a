/** Signing in. */

import { find, make } from "../widget/elements.js";
import * as server from "./server.js";
import { words } from "./strings.js";

/** Shows the form; `done` is told who signed in. */
export function show(done, said = "") {
  const name = make("input", { id: "name", autocomplete: "username", autocapitalize: "none", spellcheck: false, required: true });
  const password = make("input", { id: "password", type: "password", autocomplete: "current-password", required: true });
  const failed = make("p.failed", { role: "alert" }, said);
  const submit = make("button.strong", words.signIn);

  async function onsubmit(event) {
    event.preventDefault();
    failed.textContent = "";
    submit.disabled = true;
    try {
      done(await server.signIn(name.value.trim(), password.value));
    } catch (error) {
      failed.textContent = error.status ? error.message : words.noServer;
      password.select();
    }
    submit.disabled = false;
  }

  find("sign-in").replaceChildren(
    make(
      "form.sign-in",
      { onsubmit },
      make("img", { src: "../widget/icon.svg", alt: "", width: 56, height: 56 }),
      make("h1", words.name),
      make("p.quiet", words.signInAbout),
      make("label", { htmlFor: name.id }, words.account),
      name,
      make("label", { htmlFor: password.id }, words.password),
      password,
      failed,
      submit,
    ),
  );
  find("desk").hidden = true;
  find("sign-in").hidden = false;
  document.title = words.name;
  name.focus();
}
