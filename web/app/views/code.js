// @ts-check
import { make } from "../../shared/elements.js";
import { shared } from "../../shared/language.js";
import { busy, complain } from "../../shared/pieces.js";
import { explained } from "../../shared/refusals.js";
import { correctedNow } from "../clock.js";
import { codeField, typedCode } from "../code_field.js";
import { backLink, texts } from "../frame.js";
import { finishRegistration, keepWaiting, pathOf } from "../registration.js";
import { Refusal, asRefusal, send } from "../service.js";
import { forgetRegistration, keepRegistration, registrationUnderWay } from "../vault.js";
import { storedView } from "./stored.js";

/**
 * @typedef {import("../vault.js").Registration} Registration
 * @typedef {import("../vault.js").Account} Account
 * @typedef {import("./stored.js").Dead} Dead
 * @typedef {import("../frame.js").App} App
 */

const DIGITS = 6;
/** After these the code cannot be right any more. */
const OVER = new Set(["registration_not_found", "registration_expired", "code_exhausted", "setup_lapsed"]);

/** The code from the SMS, then the approval key: steps 4 and 5. @param {App} app @returns {import("../frame.js").View} */
export function codeView(app) {
  /** @type {Registration | undefined} */ let registration;
  /** @type {{ account: Account, dead: Dead | undefined } | undefined} */ let done;
  /** @type {Refusal | undefined} */ let refused;
  let [news, over] = ["", false];
  const listening = new AbortController();
  registrationUnderWay().then((found) => {
    if (!found) return app.go("/");
    if (pathOf(found) !== "/code") return app.go(pathOf(found));
    registration = found;
    if (found.expires_at <= correctedNow()) return tell(new Refusal("setup_lapsed"));
    app.refresh();
    return listenForSms(listening.signal);
  }).catch((error) => tell(error));

  /** @param {unknown} error */
  const tell = (error) => {
    const refusal = asRefusal(error);
    const beside = refusal.code === "code_wrong" || refusal.field === "code";
    over = OVER.has(refusal.code);
    refused = beside && !over ? undefined : refusal;
    app.refresh();
    if (beside && !over) complain("code", ...explained(refusal));
  };
  const finish = async (/** @type {Registration} */ asked) => {
    const code = typedCode("code");
    if (code.length !== DIGITS) return complain("code", shared().required.code);
    complain("code");
    [refused, news] = [undefined, ""];
    try { done = await finishRegistration(asked, code); view.task = false; await app.requests.look(); app.refresh(); } catch (error) {
      const { code: name, retryAfter } = asRefusal(error);
      if (name !== "registration_waiting" || !retryAfter) return tell(error);
      await keepWaiting(asked, code, correctedNow() + retryAfter);
      app.go("/waiting");
    }
    return undefined;
  };
  const resend = async (/** @type {Registration} */ asked) => {
    try {
      const answer = await send("POST", `/v1/keys/${asked.registration_id}/resend`, { key: asked.key });
      /** @type {Registration} */ const renewed = { ...asked, ...answer };
      await keepRegistration(renewed);
      registration = renewed;
      [news, refused] = [texts().code.resent, undefined];
      app.refresh();
    } catch (error) { tell(error); }
  };
  const cancel = async (/** @type {string} */ path) => { await forgetRegistration().catch(() => {}); app.go(path); };

  const render = () => {
    if (done) return storedView(done.account, done.dead);
    if (registration && !over) return askView(registration, { refused, news, finish, resend, cancel });
    return refused ? overView(refused, cancel) : [];
  };
  /** @type {import("../frame.js").View} */ const view = { render, leave: () => listening.abort(), task: true };
  return view;
}

/** @param {Refusal} refused @param {(path: string) => void} cancel */
const overView = (refused, cancel) => [make("h1", {}, texts().code.title), make("p", { class: "notice bad", role: "alert" }, ...explained(refused)),
  make("button", { type: "button", class: "button main wide", onclick: () => cancel("/new") }, texts().code.restart)];

/** @param {Registration} registration @param {{ refused: Refusal | undefined, news: string, finish: (registration: Registration) => Promise<unknown>,
 *   resend: (registration: Registration) => Promise<unknown>, cancel: (path: string) => void }} shown */
function askView(registration, { refused, news, finish, resend, cancel }) {
  const { code } = texts();
  const button = make("button", { class: "button main wide" }, code.submit);
  const again = resendButton(registration, resend);
  return [backLink(), make("h1", {}, code.title), make("p", { class: "lead" }, code.lead(registration.phone_hint)),
    make("form", { class: "stack", novalidate: true, onsubmit: (event) => { event.preventDefault(); busy(button, () => finish(registration)); } },
      codeField({ id: "code", label: code.label, digits: DIGITS, autocomplete: "one-time-code" }),
      make("p", { class: "notice" }, code.warning), make("p", { class: "hint" }, code.prompt),
      make("p", { class: "error", role: "alert" }, ...(refused ? explained(refused) : [])), make("p", { class: "news", role: "status" }, news), button),
    again, make("button", { type: "button", class: "button quiet wide", onclick: () => cancel("/") }, code.cancel)];
}

/** A button that counts down until it may be pressed. @param {Registration} registration @param {(registration: Registration) => Promise<unknown>} resend */
function resendButton(registration, resend) {
  const button = make("button", { type: "button", class: "button wide", id: "resend", onclick: () => {
    if (registration.resend_at <= correctedNow()) busy(button, () => resend(registration));
  } });
  const tick = () => {
    const seconds = registration.resend_at - correctedNow();
    button.textContent = seconds > 0 ? texts().code.resendIn(shared().duration(seconds)) : texts().code.resend;
    button.classList.toggle("resting", seconds > 0);
    if (seconds > 0) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
    if (seconds <= 0 || (!button.isConnected && started)) clearInterval(timer);
  };
  let started = false;
  const timer = setInterval(tick, 1000);
  tick();
  started = true;
  return button;
}

/** Fills in the code where the browser can read it from the SMS. @param {AbortSignal} signal */
function listenForSms(signal) {
  if (!("OTPCredential" in globalThis)) return;
  const asked = /** @type {any} */ ({ otp: { transport: ["sms"] }, signal });
  navigator.credentials.get(asked).then((/** @type {any} */ found) => {
    const input = /** @type {HTMLInputElement | null} */ (document.getElementById("code"));
    if (input && found) input.value = found.code;
  }).catch(() => {});
}
