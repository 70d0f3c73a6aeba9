// @ts-check
import { config } from "../config.js";
import { focusHeading, keepingInput } from "../shared/elements.js";
import { language, onLanguage } from "../shared/language.js";
import { Refusal, SmartIdent } from "../smartident.js";
import { open, view } from "./frame.js";
import { handOver } from "./session.js";
import { endedView } from "./views/ended.js";
import { installView } from "./views/install.js";
import { loginView } from "./views/login.js";
import { waitingView } from "./views/waiting.js";

/** @typedef {{ view: "login", identifier?: string } | { view: "install", links: Partial<import("../smartident.js").AppLinks>, checked: boolean }
 *  | { view: "waiting", login: import("../smartident.js").Login, lifetime: number, since: number, again: () => void } | { view: "ended", refusal: Refusal }} State */

/** @type {State} */ let state = { view: "login" };

/** @param {State} next */
function go(next) {
  state = next;
  render();
  focusHeading(view);
}

function render() {
  if (state.view === "login") open(...loginView({ identifier: state.identifier ?? "", submit, install: () => go({ view: "install", links: config.appLinks, checked: false }) }));
  else if (state.view === "install") open(...installView({ ...state, back: () => go({ view: "login" }) }));
  else if (state.view === "waiting") open(...waitingView(state));
  else open(...endedView({ refusal: state.refusal, again: () => go({ view: "login" }) }));
}

/** Logs in; what is refused comes back as a Refusal for the form. @param {string} identifier @param {string} password */
async function submit(identifier, password) {
  const service = new SmartIdent({ apiUrl: config.apiUrl, clientId: config.clientId, language: language() });
  try {
    const login = await service.login(identifier, password);
    const since = Date.now();
    const lifetime = Math.floor((login.expiresAt.getTime() - since) / 1000);
    // The form that hears how this one ends is not the one that is shown then.
    const again = () => { go({ view: "login", identifier }); login.cancel(); };
    if (login.status !== "approved") go({ view: "waiting", login, lifetime, since, again });
    addEventListener("pagehide", (event) => { if (!event.persisted) login.cancel({ keepalive: true }); });
    handOver(await login.completed);
  } catch (error) {
    const refusal = error instanceof Refusal ? error : new Refusal("page_failed");
    if (refusal.code === "key_registration_required") return go({ view: "install", links: refusal.appLinks ?? config.appLinks, checked: true });
    if (state.view !== "waiting") throw refusal;
    go({ view: "ended", refusal });
  }
}

onLanguage(() => keepingInput(view, render));
render();
