// @ts-check
import { make } from "../../shared/elements.js";
import { busy } from "../../shared/pieces.js";
import { explained } from "../../shared/refusals.js";
import { localTime } from "../clock.js";
import { CHECK, backLink, loading, momentWords, sign, texts } from "../frame.js";
import { asDevice } from "../requests.js";
import { asRefusal } from "../service.js";
import { browserName, grouped, known } from "../words.js";
import { elsewhereView, troubleView } from "./lost.js";

/** @typedef {import("../requests.js").DelayedPhone} DelayedPhone */

/** A phone that comes in by itself in place of a lost one, as any device of the account sees it: it can be stopped, and nothing else.
 * @param {import("../frame.js").App} app @param {string} id the registration's @returns {import("../frame.js").View} */
export function delayedView(app, id) {
  const find = () => app.requests.delayed.find((one) => one.id === id);
  let phone = find();
  /** @type {import("../service.js").Refusal | undefined} */ let refused;
  let stopped = false;
  const stop = async () => {
    if (!phone) return;
    refused = undefined;
    try {
      await asDevice(phone.account, "POST", `/v1/approvals/${encodeURIComponent(id)}`, { decision: "deny", reason: "not_me" });
      stopped = true;
      app.requests.decided(id);
      view.task = false;
    } catch (error) { refused = asRefusal(error); }
    app.refresh();
  };
  const render = () => {
    const { delayed, decided } = texts();
    if (stopped) return [sign("good", ...CHECK), make("h1", {}, delayed.stopped), make("p", { class: "lead", role: "status" }, delayed.stoppedLead), make("a", { class: "button main wide", href: "#/" }, decided.done)];
    if (phone) return facts(phone, refused, stop);
    if (app.requests.trouble) return troubleView(app, app.requests.trouble);
    return app.requests.asked ? elsewhereView() : [loading()];
  };
  const changed = () => { phone ??= find(); app.refresh(); };
  /** @type {import("../frame.js").View} */ const view = { render, changed, task: true };
  return view;
}

/** @param {DelayedPhone} phone @param {import("../service.js").Refusal | undefined} refused @param {() => Promise<void>} stop */
function facts({ shown, admitsAt }, refused, stop) {
  const { delayed, newPhone, home } = texts();
  const where = [known(shown.place), browserName(shown.browser, shown.os), momentWords(localTime(shown.requested_at), "medium")];
  return [backLink(), make("h1", {}, delayed.title), make("p", { class: "lead" }, delayed.lead(momentWords(localTime(admitsAt)))), make("p", { class: "notice warn" }, delayed.warning),
    make("p", { class: "same-phone" }, make("strong", {}, shown.device_name), make("span", { class: "hint" }, where.filter(Boolean).join(" · ")),
      make("span", { class: "hint" }, home.number(shown.access_number)), make("span", { class: "hint" }, newPhone.fingerprint, " ", make("strong", { class: "digits" }, grouped(shown.fingerprint)))),
    make("p", { class: "error", role: "alert" }, ...(refused ? explained(refused) : [])),
    make("button", { type: "button", class: "button filled danger wide", id: "stop", onclick: ({ currentTarget }) => busy(currentTarget, stop) }, delayed.stop),
    make("a", { class: "button quiet wide", href: "#/" }, delayed.mine)];
}
