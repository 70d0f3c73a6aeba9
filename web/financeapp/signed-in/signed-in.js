// @ts-check
import { config } from "../../config.js";
import { keepingInput, make } from "../../shared/elements.js";
import { language, onLanguage } from "../../shared/language.js";
import { own } from "../../shared/own.js";
import { Passkeys, SmartIdent } from "../../smartident.js";
import { open, texts, view } from "../frame.js";
import { takeOver, verified } from "../session.js";
import { passkeysView } from "../views/passkeys.js";
import { recoveryOffer } from "../views/recovery_offer.js";

/** @typedef {import("../session.js").Claims} Claims */

/** @type {Claims | "gone" | "bad"} */ let session = "gone";
/** What is known of the person's passkeys; nothing where this browser can use none. @type {import("../views/passkeys.js").Shown | undefined} */ let shown;
/** @type {Passkeys | undefined} */ let passkeys;
/** Whether recovery codes are offered, this once. */
let offersCodes = false;

function render() {
  const { signedIn } = texts();
  if (typeof session === "string") {
    const [title, lead] = session === "gone" ? [signedIn.goneTitle, signedIn.goneLead] : [signedIn.badTitle, signedIn.badLead];
    return open(make("h1", {}, title), make("p", { class: "lead" }, lead), make("a", { class: "button main", href: "../" }, signedIn.login));
  }
  return open(
    make("span", { class: "sign good", "aria-hidden": "true" }, "✓"),
    make("h1", {}, signedIn.title), make("p", { class: "lead" }, signedIn.lead),
    facts(session),
    make("p", { class: "notice" }, signedIn.verified),
    offersCodes && recoveryOffer(() => { offersCodes = false; keepingInput(view, render); }),
    shown && passkeysView(shown, { make: makePasskey, remove, choose, later }),
    make("button", { type: "button", class: "button", onclick: () => { session = "gone"; location.replace("../"); } }, signedIn.logout));
}

/** @param {Claims} claims */
function facts({ auth_time, amr, exp }) {
  const { signedIn } = texts();
  const moment = (/** @type {number} */ seconds) => new Date(seconds * 1000).toLocaleString(language(), { dateStyle: "long", timeStyle: "short" });
  // How a passkey knows its person, only its device knows: a PIN does too.
  const named = amr.includes("swk") ? ["swk"] : amr;
  const methods = named.flatMap((name) => own(signedIn.methods, name) || []);
  const list = new Intl.ListFormat(language()).format([...new Set(methods)]);
  const rows = [[signedIn.at, moment(auth_time)], [signedIn.by, list], [signedIn.until, moment(exp)]];
  return make("dl", { class: "facts" }, ...rows.map(([term = "", value = ""]) => make("div", {}, make("dt", {}, term), make("dd", {}, value))));
}

/** Each is offered once in each browser; whether it was, only this browser knows. */
const OFFERED_AS = "financeapp.passkey-offered";
const CODES_OFFERED_AS = "financeapp.recovery-codes-offered";

const canUsePasskeys = "PublicKeyCredential" in globalThis;

/** Asks the service for the passkeys, and whether to offer one: only to who has none, whose device can, and who was not asked before. */
async function lookAtPasskeys() {
  const can = await globalThis.PublicKeyCredential?.isUserVerifyingPlatformAuthenticatorAvailable?.().catch(() => false);
  const told = await passkeys?.list().catch(() => undefined);
  if (!told) return;
  const offered = Boolean(can) && told.mayMake && told.passkeys.length === 0 && !wasOffered(OFFERED_AS);
  // One offer at a time: paper beside the phone gets lost with it, so the page reminds of it as well.
  offersCodes = told.lacksRecoveryCodes && !offered && !wasOffered(CODES_OFFERED_AS);
  if (canUsePasskeys) return show({ ...told, offered });
  keepingInput(view, render);
}

/** @param {string} what */
function wasOffered(what) {
  try {
    const before = localStorage.getItem(what) !== null;
    localStorage.setItem(what, "yes");
    return before;
  } catch { return true; }
}

/** @param {import("../views/passkeys.js").Shown} next */
function show(next) {
  shown = next;
  keepingInput(view, render);
}

/** @param {string} name */
async function makePasskey(name) {
  if (!await passkeys?.make(name)) return;
  // The next passkey is another device's.
  document.getElementById("passkey-name")?.remove();
  await changed();
}

/** @param {string} id */
async function remove(id) {
  await passkeys?.remove(id);
  await changedOrOver({ removed: true });
}

/** @param {"phone_or_passkey" | "passkey_only"} policy */
async function choose(policy) {
  await passkeys?.choosePolicy(policy);
  await changedOrOver({ loginPolicy: policy });
}

/** A stricter policy, and the removal of a passkey that was used, end what this login may do: the page says so, and nothing else can be pressed.
 * @param {Partial<import("../views/passkeys.js").Shown>} done */
async function changedOrOver(done) {
  const told = await passkeys?.list().catch(() => undefined);
  if (told) return changed();
  if (shown) show({ ...shown, ...done, isOver: true });
  document.getElementById("passkeys")?.focus();
}

/** Shows the passkeys as they are now, with the list open; whoever pressed a button that is gone goes on at its top. */
async function changed() {
  const told = await passkeys?.list();
  if (!told) return;
  show({ ...told, offered: false });
  document.getElementById("passkeys")?.setAttribute("open", "");
  const top = /** @type {HTMLElement | null} */ (document.querySelector("#passkeys > summary"));
  if (!document.activeElement?.closest("#passkeys")) top?.focus();
  top?.scrollIntoView({ block: "nearest" });
}

function later() {
  if (shown) show({ ...shown, offered: false });
}

const handed = takeOver();
if (handed) session = await verified(handed, config).catch(() => /** @type {const} */ ("bad"));
onLanguage(() => keepingInput(view, render));
render();
if (handed && typeof session !== "string" && session.amr.includes("mfa")) {
  passkeys = new Passkeys(new SmartIdent({ apiUrl: config.apiUrl, language: language() }), handed.fresh);
  lookAtPasskeys();
}
