// @ts-check
import { make } from "../../shared/elements.js";
import { busy } from "../../shared/pieces.js";
import { explained } from "../../shared/refusals.js";
import { FINGERPRINT, backLink, loading, symbol, texts } from "../frame.js";
import { finishRegistration, pathOf } from "../registration.js";
import { asRefusal } from "../service.js";
import { forgetRegistration, registrationUnderWay } from "../vault.js";
import { storedView } from "./stored.js";

/** A registration that a recovery code has confirmed: what is missing is this phone's approval key. Steps 4 and 5 after a lost phone.
 * @param {import("../frame.js").App} app @returns {import("../frame.js").View} */
export function recoveryView(app) {
  /** @type {import("../vault.js").Registration | undefined} */ let registration;
  /** @type {Parameters<typeof storedView> | undefined} */ let done;
  /** @type {import("../service.js").Refusal | undefined} */ let refused;

  registrationUnderWay().then((found) => {
    const path = found ? pathOf(found) : "/";
    if (path !== "/recovery") return app.go(path);
    registration = found;
    app.refresh();
  }).catch((error) => { refused = asRefusal(error); app.refresh(); });
  const finish = async () => {
    if (!registration) return;
    refused = undefined;
    try {
      const { account, dead } = await finishRegistration(registration);
      [done, view.task] = [[account, dead], false];
      await app.requests.look();
    } catch (error) { refused = asRefusal(error); }
    app.refresh();
  };
  const cancel = async () => { await forgetRegistration().catch(() => {}); app.go("/new/recovery"); };
  const render = () => {
    const { recovery, code } = texts();
    if (done) return [...storedView(...done), make("p", { class: "notice calm", role: "status" }, recovery.coolOff)];
    const said = make("p", { class: "error", role: "alert" }, ...(refused ? explained(refused) : []));
    if (!registration) return [backLink(), refused ? said : loading()];
    const button = make("button", { type: "button", class: "button main wide", id: "finish", onclick: () => busy(button, finish) }, symbol(...FINGERPRINT), code.submit);
    return [backLink(), make("h1", {}, recovery.right), make("p", { class: "lead" }, recovery.rightLead), make("p", { class: "hint" }, code.prompt), said, button,
      make("button", { type: "button", class: "button quiet wide", id: "cancel", onclick: cancel }, code.restart)];
  };
  /** @type {import("../frame.js").View} */ const view = { render, task: true };
  return view;
}
