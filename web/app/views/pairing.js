// @ts-check
import { make } from "../../shared/elements.js";
import { configuredLink } from "../../shared/links.js";
import { shared } from "../../shared/language.js";
import { busy, countdown } from "../../shared/pieces.js";
import { explained } from "../../shared/refusals.js";
import { correctedNow, localTime } from "../clock.js";
import { FINGERPRINT, backLink, confirmed, symbol, texts } from "../frame.js";
import { approvalKeyOf, finishRegistration, isByDevice, pathOf } from "../registration.js";
import { Refusal, asRefusal } from "../service.js";
import { forgetRegistration, registrationUnderWay } from "../vault.js";
import { grouped } from "../words.js";
import { storedView } from "./stored.js";

/**
 * @typedef {import("../vault.js").Registration} Registration
 * @typedef {import("../frame.js").Child} Child
 * @typedef {{ picture: Child, refused: Refusal | undefined, show: () => Promise<unknown>, cancel: () => Promise<unknown> }} Shown
 */

/** So often this phone asks whether it was let in, in milliseconds, while somebody looks at it. */
const EVERY = 3_000;
/** So long a pairing waits, in seconds: the length of the bar. */
const LIFETIME = 300;
/** After these the old phone cannot let this one in any more. */
const OVER = new Set(["registration_not_found", "registration_expired", "registration_declined", "device_limit_reached", "setup_lapsed"]);

/** A new phone shows its code until an old one lets it in: steps 4 and 5 of every phone but the first.
 * @param {import("../frame.js").App} app @returns {import("../frame.js").View} */
export function pairingView(app) {
  /** @type {Registration | undefined} */ let registration;
  /** @type {Parameters<typeof storedView> | undefined} */ let done;
  /** @type {Refusal | undefined} */ let refused;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ let timer;
  /** @type {((text: string, what: string) => Child) | undefined} */ let draw;
  let [over, asking, left] = [false, false, false];

  const tell = (/** @type {unknown} */ error) => {
    const lapsed = registration && registration.expires_at <= correctedNow();
    refused = asRefusal(error);
    if (lapsed && refused.code === "network_unavailable") refused = new Refusal("setup_lapsed");
    over = OVER.has(refused.code);
    app.refresh();
  };
  const look = async () => {
    clearTimeout(timer);
    if (!registration?.credential || asking || over || done || left || document.visibilityState === "hidden") return;
    let pause = EVERY;
    asking = true;
    try {
      const { account, dead } = await finishRegistration(registration);
      [done, view.task] = [[account, dead], false];
      await app.requests.look();
      if (!left) app.refresh();
    } catch (error) {
      const refusal = asRefusal(error);
      pause = Math.max(EVERY, (refusal.retryAfter ?? 0) * 1000);
      if (left) return;
      if (refusal.code !== "registration_pending") tell(refusal);
      else if (refused) { refused = undefined; app.refresh(); }
    } finally { asking = false; }
    if (!left) timer = setTimeout(look, pause);
  };
  const show = async () => {
    if (!registration) return;
    try { await approvalKeyOf(registration); refused = undefined; app.refresh(); scrollTo(0, 0); await look(); } catch (error) { tell(error); }
  };
  const cancel = async () => {
    const { pairing } = texts();
    const lead = pairing.cancelLead(shared().duration(Math.max(1, (registration?.expires_at ?? 0) - correctedNow())));
    if (!over && !(await confirmed({ title: pairing.cancelAsk, lead, yes: pairing.cancelDo, no: pairing.keep }))) return;
    await forgetRegistration().catch(() => {});
    app.go(over ? "/new" : "/");
  };
  const begin = async () => {
    const found = await registrationUnderWay();
    if (left) return;
    if (!found || !isByDevice(found)) return app.go(found ? pathOf(found) : "/");
    registration = found;
    // One that was let in just before its end is in: the service knows.
    if (!found.credential && found.expires_at <= correctedNow()) return tell(new Refusal("setup_lapsed"));
    draw = await import("../../shared/qr_picture.js").then(({ qrPicture }) => qrPicture, () => undefined);
    app.refresh();
    return look();
  };
  begin().catch(tell);
  document.addEventListener("visibilitychange", look);

  const render = () => {
    const { pairing } = texts();
    if (done) return storedView(...done);
    if (over && refused) return overView(explained(refused), cancel);
    if (!registration) return [];
    const picture = draw?.(`SMARTIDENT-PAIRING:${registration.pairing}`, pairing.picture);
    return (registration.credential ? codeView : readyView)(registration, { picture, refused, show, cancel });
  };
  const leave = () => { left = true; clearTimeout(timer); document.removeEventListener("visibilitychange", look); };
  /** @type {import("../frame.js").View} */ const view = { render, leave, task: true };
  return view;
}

/** This setup is over. @param {Child[]} why @param {() => Promise<unknown>} again */
export const overView = (why, again) => [make("h1", {}, texts().pairing.over), make("p", { class: "notice bad", role: "alert" }, ...why),
  make("button", { type: "button", class: "button main wide", onclick: again }, texts().code.restart), noOldPhone()];

/** Before the code: what comes, and the approval key of this phone. @param {Registration} _ @param {Shown} shown */
function readyView(_, { refused, show, cancel }) {
  const { pairing } = texts();
  const button = make("button", { type: "button", class: "button main wide", id: "show", onclick: () => busy(button, show) }, symbol(...FINGERPRINT), pairing.show);
  return [backLink(), make("h1", {}, pairing.ready), make("p", { class: "lead" }, pairing.readyLead), steps(pairing.readySteps),
    make("p", { class: "error", role: "alert" }, ...(refused ? explained(refused) : [])), button, noOldPhone(), cancelButton(cancel)];
}

/** What the old phone scans. @param {Registration} registration @param {Shown} shown */
function codeView({ pairing_digits, fingerprint, expires_at }, { picture, refused, cancel }) {
  const { pairing } = texts();
  return [make("div", { class: "headline" }, backLink(), make("h1", {}, pairing.title)), steps(pairing.steps), make("div", { class: "pairing-code" }, picture,
    make("p", { class: "hint" }, pairing.digits), make("p", { class: "digits large", id: "pairing-digits" }, grouped(pairing_digits)),
    make("p", { class: "hint" }, pairing.fingerprint, " ", make("strong", { class: "digits", id: "fingerprint" }, grouped(fingerprint)))),
  countdown(localTime(expires_at), LIFETIME),
  make("p", { class: refused ? "notice warn" : "hint", role: "status" }, ...(refused ? explained(refused) : [pairing.waiting])),
  make("p", { class: "notice warn" }, pairing.warning), noOldPhone(), cancelButton(cancel)];
}

/** @param {string[]} lines */
const steps = (lines) => make("ol", { class: "steps" }, ...lines.map((line) => make("li", {}, line)));

/** The way on for a person who has no old phone to ask. */
function noOldPhone() {
  const { pairing } = texts();
  const links = /** @type {const} */ (["contact", "help"]).map(configuredLink).filter((link) => link !== undefined);
  return make("details", { class: "notice", id: "no-old-phone" }, make("summary", {}, pairing.noOldPhone),
    make("p", {}, pairing.byCodeLead), make("a", { class: "button wide", id: "by-recovery-code", href: "#/new/recovery" }, pairing.byCode), make("p", {}, pairing.noOldPhoneLead),
    make("a", { class: "button quiet wide", href: "#/new/lost", id: "lost-phone" }, pairing.lostPhone),
    links.length > 0 && make("ul", { class: "links" }, ...links.map((link) => make("li", {}, link))));
}

/** @param {() => Promise<unknown>} cancel */
const cancelButton = (cancel) => make("button", { type: "button", class: "button quiet wide", id: "cancel", onclick: cancel }, texts().code.cancel);
