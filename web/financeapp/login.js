// @ts-check
import { config } from "../config.js";
import { focusHeading, keepingInput, replace } from "../shared/elements.js";
import { language, onLanguage } from "../shared/language.js";
import { explained } from "../shared/refusals.js";
import { Refusal, SmartIdent } from "../smartident.js";
import { open, view } from "./frame.js";
import { interaction, whoAsks } from "./interaction.js";
import { forgetLogin, keepLogin, keptLogin } from "./kept_login.js";
import { handOver } from "./session.js";
import { endedView } from "./views/ended.js";
import { installView } from "./views/install.js";
import { loginView } from "./views/login.js";
import { strandedView } from "./views/stranded.js";
import { waitingView } from "./views/waiting.js";

/**
 * @typedef {import("../smartident.js").Login} Login
 * @typedef {{ login: Login, lifetime: number, since: number }} Waiting
 * @typedef {{ view: "login" } | { view: "install", links: Partial<import("../smartident.js").AppLinks>, checked: boolean } | { view: "waiting" }
 *  | { view: "ended", refusal: Refusal } | { view: "stranded", refusal: Refusal }} State
 */

/** @type {State} */ let state = { view: "login" };
/** Who logs in: every way back to the form keeps it. */ let identifier = "";
/** The application that sends its people here; nothing for FinanceApp itself. @type {import("./interaction.js").Asker | undefined} */ let asker;
/** The login that waits for its phone, whatever view is shown. @type {Waiting | undefined} */ let waiting;

/** @param {State} next */
function go(next) {
  state = next;
  render();
  if (next.view === "login") suggestPasskeys();
  else forgetPasskeys();
  focusHeading(view);
}

const toForm = () => go({ view: "login" });

function render() {
  if (state.view === "waiting" && waiting) open(...waitingView({ ...waiting, again }));
  else if (state.view === "install") open(...installView({ ...state, back: toForm }));
  else if (state.view === "stranded") open(...strandedView(state));
  else if (state.view === "ended") open(...endedView({ refusal: state.refusal, again: toForm }));
  else open(...loginView({ identifier, asker, submit, install: () => go({ view: "install", links: config.appLinks, checked: false }), goOn: waiting && goOn,
    usePasskey: "PublicKeyCredential" in globalThis ? usePasskey : undefined }));
}

const service = () => new SmartIdent({ apiUrl: config.apiUrl, clientId: asker?.client_id ?? config.clientId, interaction, language: language() });

/** The one request for a passkey: a browser has room for no second. */ let asking = new AbortController();
/** A challenge lasts for five minutes; a form that stays open asks for the next one in time. */
const RENEW_AFTER = 240_000;
/** @type {ReturnType<typeof setTimeout> | undefined} */ let renewal;

/** Logs in with a passkey: by the button, or among what the browser suggests at the field. @param {{ conditional?: boolean }} [how] */
async function usePasskey({ conditional = false } = {}) {
  forgetPasskeys();
  const { signal } = (asking = new AbortController());
  try {
    const login = await service().loginWithPasskey({ conditional, signal });
    if (login) {
      const completed = await login.completed;
      // A login that still waits for its phone is not needed any more.
      await giveUp();
      return handOver(completed, login);
    }
  } catch (error) {
    const refusal = error instanceof Refusal ? error : new Refusal("page_failed");
    const place = document.getElementById("form-error");
    if (place) replace(place, explained(refusal));
  }
  if (!signal.aborted && !conditional) suggestPasskeys();
  return undefined;
}

/** Lets the browser suggest passkeys at the field, where it can. */
async function suggestPasskeys() {
  const can = await globalThis.PublicKeyCredential?.isConditionalMediationAvailable?.();
  if (!can || state.view !== "login") return;
  usePasskey({ conditional: true });
  renewal = setTimeout(suggestPasskeys, RENEW_AFTER);
}

function forgetPasskeys() {
  clearTimeout(renewal);
  asking.abort();
}

/** Logs in; what is refused comes back as a Refusal for the form. @param {string} typed @param {string} password */
async function submit(typed, password) {
  identifier = typed;
  try {
    await giveUp();
    const login = await service().login(typed, password);
    if (login.status === "approved") return handOver(await login.completed, login);
    wait({ login, since: Date.now(), lifetime: Math.floor((login.expiresAt.getTime() - Date.now()) / 1000) });
    history.pushState({ waiting: login.id }, "");
  } catch (error) {
    const refusal = error instanceof Refusal ? error : new Refusal("page_failed");
    if (refusal.code !== "key_registration_required") throw refusal;
    go({ view: "install", links: refusal.appLinks ?? config.appLinks, checked: true });
  }
  return undefined;
}

/** @param {Waiting} next */
function wait(next) {
  waiting = next;
  keep();
  go({ view: "waiting" });
  finish(next.login);
}

/** Moves on once the phone has said yes, whatever view is shown; says how it ended otherwise. @param {Login} login */
async function finish(login) {
  const outcome = await login.completed.catch((/** @type {unknown} */ error) => error);
  if (waiting?.login !== login) return;
  waiting = undefined;
  forgetLogin();
  const refusal = outcome instanceof Error ? outcome : handedOver(/** @type {import("../smartident.js").Completed} */ (outcome), login);
  if (!refusal) return;
  if (state.view === "waiting") go({ view: "ended", refusal: refusal instanceof Refusal ? refusal : new Refusal("page_failed") });
  else keepingInput(view, render);
}

/** Nothing, or what went wrong. @param {import("../smartident.js").Completed} completed @param {Login} login */
function handedOver(completed, login) {
  try { return handOver(completed, login); } catch { return new Refusal("page_failed"); }
}

/** Ends the login that waits: the next one, or none, takes its place. */
async function giveUp() {
  const before = waiting;
  waiting = undefined;
  forgetLogin();
  await before?.login.cancel();
}

function again() {
  giveUp();
  history.replaceState(null, "");
  toForm();
}

/** Back from the form to the login that still waits. */
function goOn() {
  history.pushState({ waiting: waiting?.login.id }, "");
  go({ view: "waiting" });
}

function keep() {
  if (waiting) keepLogin({ kept: waiting.login.toJSON(), interaction, identifier, lifetime: waiting.lifetime, since: waiting.since });
}

async function arrive() {
  if (interaction) try { asker = await whoAsks(config.apiUrl, language()); } catch (error) {
    return go({ view: "stranded", refusal: error instanceof Refusal ? error : new Refusal("page_failed") });
  }
  identifier = asker?.login_hint ?? "";
  const found = keptLogin(interaction);
  if (!found) {
    suggestPasskeys();
    return render();
  }
  identifier = found.identifier;
  history.replaceState({ waiting: found.kept.login_id }, "");
  return wait({ login: service().resume(found.kept), lifetime: found.lifetime, since: found.since });
}

addEventListener("popstate", ({ state: entry }) => (waiting && entry?.waiting === waiting.login.id ? go({ view: "waiting" }) : toForm()));
addEventListener("pagehide", keep);
onLanguage(() => keepingInput(view, render));
arrive();
