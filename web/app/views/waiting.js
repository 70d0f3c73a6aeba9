// @ts-check
import { make } from "../../shared/elements.js";
import { busy } from "../../shared/pieces.js";
import { explained } from "../../shared/refusals.js";
import { correctedNow, localTime } from "../clock.js";
import { FINGERPRINT, backLink, confirmed, momentWords, symbol, texts } from "../frame.js";
import { finishRegistration, keepWaiting } from "../registration.js";
import { asRefusal } from "../service.js";
import { forgetRegistration, registrationUnderWay } from "../vault.js";
import { overView } from "./pairing.js";
import { storedView } from "./stored.js";

/** After these it waits in vain. */
const OVER = new Set(["registration_not_found", "registration_expired", "registration_declined"]);

/** This phone replaces a lost one, and waits until it may come in. @param {import("../frame.js").App} app @returns {import("../frame.js").View} */
export function waitingView(app) {
  /** @type {import("../vault.js").Registration | undefined} */ let registration;
  /** @type {Awaited<ReturnType<typeof finishRegistration>> | undefined} */ let done;
  /** @type {import("../service.js").Refusal | undefined} */ let refused;
  let left = false;
  registrationUnderWay().then((found) => {
    if (!found?.waits_until) return app.go("/");
    registration = found;
    app.refresh();
    // It may have been stopped: who waits hears of that now, and not when the wait is over.
    return found.credential && found.waits_until > correctedNow() ? finish() : undefined;
  }).catch(() => app.go("/"));
  const finish = async () => {
    if (!registration) return;
    refused = undefined;
    try { done = await finishRegistration(registration, registration.code); view.task = false; await app.requests.look(); } catch (error) {
      const refusal = asRefusal(error);
      refused = refusal.code === "registration_waiting" ? undefined : refusal;
      // The service's clock decides.
      if (refusal.retryAfter) await keepWaiting(registration, registration.code ?? "", correctedNow() + refusal.retryAfter);
    }
    if (!left) app.refresh();
  };
  const cancel = async () => {
    const { waiting, pairing } = texts();
    const path = over() ? "/new" : "/";
    if (!over() && !(await confirmed({ title: pairing.cancelAsk, lead: waiting.cancelLead, yes: pairing.cancelDo, no: pairing.keep }))) return;
    await forgetRegistration().catch(() => {});
    app.go(path);
  };
  const over = () => OVER.has(refused?.code ?? "");
  const render = () => {
    if (done) return storedView(done.account, done.dead);
    if (!registration?.waits_until) return [];
    const { waiting, code } = texts();
    const late = registration.waits_until <= correctedNow();
    if (refused && over()) return overView(late ? explained(refused) : [waiting.stopped], cancel);
    return [backLink(), make("h1", {}, waiting.title), make("p", { class: "lead" }, late ? waiting.over : waiting.lead(momentWords(localTime(registration.waits_until)))),
      make("p", { class: "notice" }, waiting.why), make("p", { class: "error", role: "alert" }, ...(refused ? explained(refused) : [])),
      late && make("button", { type: "button", class: "button main wide", id: "finish", onclick: ({ currentTarget }) => busy(currentTarget, finish) }, symbol(...FINGERPRINT), code.submit),
      make("button", { type: "button", class: "button quiet wide", onclick: cancel }, code.cancel)];
  };
  /** @type {import("../frame.js").View} */ const view = { render, leave: () => { left = true; }, task: true };
  return view;
}
