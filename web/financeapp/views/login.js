// @ts-check
import { make, replace } from "../../shared/elements.js";
import { typedIdentifier } from "../../shared/digits.js";
import { shared } from "../../shared/language.js";
import { configuredLink } from "../../shared/links.js";
import { busy, complain, field, passwordField } from "../../shared/pieces.js";
import { explained } from "../../shared/refusals.js";
import { texts } from "../frame.js";

/** @typedef {import("../../smartident.js").Refusal} Refusal */

/** The refusals that speak about one field; all others stand above the button. */
const BESIDE = new Map([["access_number_required", "identifier"], ["invalid_credentials", "password"]]);

/** `asker` is the application that sends its people here. `goOn` leads to the login that still waits, where there is one.
 * @param {{ identifier: string, asker: import("../interaction.js").Asker | undefined, submit: (identifier: string, password: string) => Promise<unknown>, install: () => void, goOn: (() => void) | undefined,
 *   usePasskey: (() => Promise<unknown>) | undefined }} doing */
export function loginView({ identifier, asker, submit, install, goOn, usePasskey }) {
  const { login } = texts();
  const button = make("button", { class: "button main wide" }, login.submit);
  const refused = make("p", { class: "error", id: "form-error", role: "alert" });
  const form = make("form", { class: "stack", novalidate: true, onsubmit: (event) => {
    event.preventDefault();
    busy(button, () => send(form, refused, submit));
  } },
  field({ id: "identifier", label: login.identifier, hint: login.hint,
    input: { autocomplete: "username webauthn", autocapitalize: "none", spellcheck: "false", maxlength: 254, required: true, value: identifier } }),
  passwordField(login.password),
  refused, button,
  usePasskey && make("button", { type: "button", class: "button wide", id: "passkey", onclick: ({ currentTarget }) => {
    refused.textContent = "";
    busy(currentTarget, usePasskey);
  } }, login.passkey));
  return [
    make("h1", {}, login.title),
    asker && make("p", { class: "lead", id: "asker" }, login.askedBy, " ", make("strong", {}, asker.name), ` (${asker.host})`),
    goOn && make("section", { class: "notice", "aria-label": login.waits }, make("p", {}, login.waits), make("button", { type: "button", class: "button", id: "go-on", onclick: goOn }, login.goOn)),
    form,
    make("p", { class: "after" }, configuredLink("forgotPassword"), make("button", { type: "button", class: "button quiet", onclick: install }, login.app)),
    asker && make("p", { class: "after" }, make("a", { id: "back", href: asker.cancel_to }, login.back(asker.name))),
  ];
}

/** @param {HTMLFormElement} form @param {HTMLElement} refused @param {(identifier: string, password: string) => Promise<unknown>} submit */
async function send(form, refused, submit) {
  const entered = new FormData(form);
  const identifier = typedIdentifier(String(entered.get("identifier")));
  const password = String(entered.get("password"));
  refused.textContent = "";
  complain("password", !password && shared().required.password);
  complain("identifier", !identifier && shared().required.identifier);
  if (!identifier || !password) return;
  await submit(identifier, password).catch((/** @type {Refusal} */ refusal) => {
    const beside = BESIDE.get(refusal.code) ?? (refusal.field === "identifier" || refusal.field === "password" ? refusal.field : undefined);
    if (beside) complain(beside, ...explained(refusal));
    else replace(refused, explained(refusal));
    // The way out is right below.
    if (refusal.code === "passkey_required") document.getElementById("passkey")?.focus();
  });
}
