// @ts-check
import { focusHeading, keepingInput } from "../shared/elements.js";
import { onLanguage } from "../shared/language.js";
import { drawTabs, loading, open, root } from "./frame.js";
import { watchInstallOffer } from "./install_offer.js";
import { keepSubscribed } from "./push.js";
import { Requests } from "./requests.js";
import { accountView } from "./views/account.js";
import { accountsView } from "./views/accounts.js";
import { codeView } from "./views/code.js";
import { delayedView } from "./views/delayed.js";
import { enrolView } from "./views/enrol.js";
import { enrolmentCodeView } from "./views/enrolment_code.js";
import { homeView } from "./views/home.js";
import { newPhoneView } from "./views/new_phone.js";
import { pairingView } from "./views/pairing.js";
import { recoveryView } from "./views/recovery.js";
import { recoveryCodesView } from "./views/recovery_codes.js";
import { requestView } from "./views/request.js";
import { waitingView } from "./views/waiting.js";

/** @typedef {import("./frame.js").View} View */

/** The views by the first part of the path. @type {Map<string, (app: import("./frame.js").App, id: string) => View>} */
const VIEWS = new Map([["", homeView], ["accounts", accountsView], ["new", enrolView], ["code", codeView], ["enrolment-code", enrolmentCodeView], ["waiting", waitingView], ["delayed", delayedView], ["pairing", pairingView],
  ["recovery", recoveryView], ["recovery-codes", recoveryCodesView],
  ["request", requestView], ["new-phone", newPhoneView], ["account", accountView]]);

const requests = new Requests();
/** @type {View} */ let view = { render: () => [] };

const frame = () => drawTabs({ task: Boolean(view.task), waiting: requests.open.length + requests.newPhones.length + requests.delayed.length });
const refresh = () => { keepingInput(root, () => open(...view.render())); frame(); };
const app = { requests, refresh, go: (/** @type {string} */ path) => { location.hash = path; } };

/** A part of a link as it was meant; of a mistyped one nothing. @param {string} part */
function read(part) {
  try { return decodeURIComponent(part); } catch { return ""; }
}

function arrive() {
  const [, name = "", id = ""] = location.hash.split("/");
  view.leave?.();
  root.replaceChildren();
  view = (VIEWS.get(name) ?? homeView)(app, read(id));
  open(...view.render());
  frame();
  focusHeading(root);
  scrollTo(0, 0);
}

/** The worker keeps the app's files for when there is no connection. Nothing else may become a worker. */
async function keepOffline() {
  const name = "worker.js";
  const { trustedTypes } = /** @type {any} */ (globalThis);
  const policy = trustedTypes?.createPolicy("smartident-worker", { createScriptURL: () => name });
  await navigator.serviceWorker?.register(policy?.createScriptURL(name) ?? name);
}

/** What the worker says: a message came, its notification was tapped, or the browser changed its subscription. @param {MessageEvent} event */
function hear({ data }) {
  requests.look();
  if (typeof data?.go === "string") app.go(data.go);
  if (data?.resubscribed) keepSubscribed(requests.usable, true);
}

navigator.serviceWorker?.addEventListener("message", hear);
requests.addEventListener("change", () => { frame(); view.changed?.(); keepSubscribed(requests.usable); });
addEventListener("hashchange", arrive);
onLanguage(refresh);
watchInstallOffer(() => view.changed?.());
// Storage may take its time to say that it does not work.
open(loading());
await requests.start();
arrive();
keepOffline().catch(() => {});
