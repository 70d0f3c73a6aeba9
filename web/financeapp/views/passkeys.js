// @ts-check
import { make, replace } from "../../shared/elements.js";
import { language } from "../../shared/language.js";
import { own } from "../../shared/own.js";
import { busy, field } from "../../shared/pieces.js";
import { deviceKind } from "../../shared/platform.js";
import { explained } from "../../shared/refusals.js";
import { Refusal } from "../../smartident.js";
import { texts } from "../frame.js";

/** @typedef {import("../../smartident.js").Passkey} Passkey */
/** @typedef {import("../../smartident.js").LoginPolicy} LoginPolicy */
/** @typedef {{ passkeys: Passkey[], mayMake: boolean, loginPolicy: LoginPolicy, looserFrom: Date | undefined, offered: boolean, isOver?: boolean, removed?: boolean }} Shown
 * `offered`: shown by itself, this once; `isOver`: this login changes nothing more, as one was `removed` or by the policy */

/** The passkeys of who is signed in, and one more for this device.
 * @param {Shown} shown @param {{ make: (name: string) => Promise<unknown>, remove: (id: string) => Promise<unknown>, choose: (policy: "phone_or_passkey" | "passkey_only") => Promise<unknown>,
 *   later: () => void }} doing */
export function passkeysView({ passkeys, mayMake, loginPolicy, looserFrom, offered, isOver = false, removed = false }, { make: create, remove, choose, later }) {
  const words = texts().passkeys;
  if (isOver) return make("section", { class: "notice", id: "passkeys", tabindex: "-1", role: "status" }, make("p", {}, removed ? words.removed : own(words.policies, loginPolicy), " ", words.over));
  const refused = make("p", { class: "error", id: "passkeys-error", role: "alert" });
  const content = [
    make("p", {}, offered ? words.offer : passkeys.length > 0 || mayMake ? words.lead : words.none),
    passkeys.length > 0 && make("ul", { class: "passkeys" }, ...passkeys.map((one) => row(one, (button) => attempt(button, refused, () => remove(one.passkey_id))))),
    mayMake && form(refused, create, offered ? later : undefined),
    !offered && passkeys.length > 0 && policy({ loginPolicy, looserFrom }, (button, next) => attempt(button, refused, () => choose(next))),
    refused,
  ];
  if (offered) return make("section", { class: "notice", id: "passkeys", "aria-labelledby": "passkeys-title" }, make("h2", { id: "passkeys-title" }, words.offerTitle), ...content);
  return make("details", { id: "passkeys" }, make("summary", {}, words.title), ...content);
}

/** What the account may be logged in with, and the other choice where there is one.
 * @param {Pick<Shown, "loginPolicy" | "looserFrom">} shown @param {(button: HTMLButtonElement, next: "phone_or_passkey" | "passkey_only") => void} choose */
function policy({ loginPolicy, looserFrom }, choose) {
  const words = texts().passkeys;
  const button = (/** @type {"phone_or_passkey" | "passkey_only"} */ next, /** @type {string} */ label) =>
    make("button", { type: "button", class: "button", "data-policy": next, onclick: ({ currentTarget }) => choose(currentTarget, next) }, label);
  const moment = looserFrom?.toLocaleString(language(), { dateStyle: "long", timeStyle: "short" });
  return make("div", { class: "stack" },
    make("p", { id: "login-policy" }, own(words.policies, loginPolicy), loginPolicy === "phone_or_passkey" && ` ${words.stricter}`),
    moment && make("p", { class: "notice warn" }, words.looserFrom(moment)),
    loginPolicy === "phone_or_passkey" && button("passkey_only", words.demand),
    moment && button("passkey_only", words.takeBack),
    loginPolicy === "passkey_only" && button("phone_or_passkey", words.allow));
}

/** @param {HTMLElement} refused @param {(name: string) => Promise<unknown>} create @param {(() => void) | undefined} later */
function form(refused, create, later) {
  const words = texts().passkeys;
  const button = make("button", { class: "button", id: "make-passkey" }, words.make);
  // The list is read on other devices too.
  const called = deviceKind() ?? words.unnamed;
  return make("form", { class: "stack", novalidate: true, onsubmit: (event) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("passkey-name")).trim() || called;
    attempt(button, refused, () => create(name));
  } },
  field({ id: "passkey-name", label: words.name, input: { maxlength: 64, autocomplete: "off", value: called } }),
  button, later && make("button", { type: "button", class: "button quiet", id: "later", onclick: later }, words.later));
}

/** @param {Passkey} passkey @param {(button: HTMLButtonElement) => void} gone */
function row({ passkey_id, name, made_at, last_used_at, synced }, gone) {
  const words = texts().passkeys;
  const day = (/** @type {number} */ seconds) => new Date(seconds * 1000).toLocaleDateString(language(), { dateStyle: "long" });
  return make("li", {},
    make("p", {}, make("strong", {}, name), make("br"), words.made(day(made_at)), last_used_at !== null && ` ${words.used(day(last_used_at))}`, ` ${synced ? words.synced : words.bound}`),
    make("button", { type: "button", class: "button quiet", "aria-label": words.removeThis(name), "data-passkey": passkey_id, onclick: ({ currentTarget }) => gone(currentTarget) }, words.remove));
}

/** @param {HTMLButtonElement} button @param {HTMLElement} refused @param {() => Promise<unknown>} work */
function attempt(button, refused, work) {
  refused.textContent = "";
  busy(button, () => work().catch((/** @type {unknown} */ error) => replace(refused, explained(error instanceof Refusal ? error : new Refusal("page_failed")))));
}
