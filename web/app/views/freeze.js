// @ts-check
import { base64urlJson } from "../../shared/bytes.js";
import { make, replace } from "../../shared/elements.js";
import { busy } from "../../shared/pieces.js";
import { explained } from "../../shared/refusals.js";
import { correctedNow, localTime } from "../clock.js";
import { confirmed, momentWords, texts } from "../frame.js";
import { signApproval } from "../passkey.js";
import { asDevice } from "../requests.js";
import { asRefusal } from "../service.js";

/** Since when an account is frozen, and whether this device's approval key opens it. @typedef {{ frozen_at: number, may_open: boolean }} Frozen */

/** So long the person's yes to an opening is meant, in seconds. */
const MEANT_FOR = 180;

/** "Zugang sperren": asked once, no fingerprint; frozen, how it is opened again.
 * @param {import("../vault.js").Account} account @param {Frozen | undefined} frozen @param {() => Promise<unknown>} again */
export function freezeSection(account, frozen, again) {
  const { freeze: words } = texts();
  const refused = make("p", { class: "error", role: "alert" });
  const attempt = async (/** @type {() => Promise<unknown>} */ work) => {
    try { await work(); await again(); } catch (error) { replace(refused, explained(asRefusal(error))); }
  };
  const button = (/** @type {string} */ id, /** @type {string} */ name, /** @type {string} */ label, /** @type {() => Promise<unknown>} */ work) =>
    make("button", { type: "button", class: `button wide ${name}`, id, onclick: ({ currentTarget }) => busy(currentTarget, () => attempt(work)) }, label);
  if (!frozen) {
    return make("section", { class: "tight", "aria-labelledby": "freeze-title" }, make("h2", { id: "freeze-title" }, words.title), make("p", { class: "hint" }, words.lead),
      button("freeze", "danger", words.freeze, async () => {
        if (await confirmed({ title: words.ask, lead: words.askLead, yes: words.freezeDo, no: words.keep })) await asDevice(account, "POST", "/v1/account/freeze");
      }), refused);
  }
  return make("section", { class: "notice bad", "aria-labelledby": "freeze-title" }, make("h2", { id: "freeze-title" }, words.frozen),
    make("p", {}, words.frozenLead(momentWords(localTime(frozen.frozen_at)))), make("p", {}, frozen.may_open ? words.openLead : words.mayNot),
    frozen.may_open && button("open", "main", words.open, () => openAccount(account, frozen)), refused);
}

/** Opens a frozen account after Face ID or fingerprint: which freeze is to end is what gets signed.
 * @param {import("../vault.js").Account} account @param {Frozen} frozen */
async function openAccount(account, { frozen_at }) {
  const now = correctedNow();
  const statement = base64urlJson({ v: 2, purpose: "smartident-open-account", account_id: account.account_id, frozen_at, requested_at: now, expires_at: now + MEANT_FOR });
  const evidence = await signApproval(account.passkey, { statement, transferCode: "" });
  await asDevice(account, "POST", "/v1/account/open", { statement, evidence });
}

/** Says at the start that an account is frozen, and leads to where it is opened. @param {import("../vault.js").Account} account */
export function frozenNotice({ account_id, access_number }) {
  const { freeze: words } = texts();
  return make("section", { class: "notice bad", "aria-label": words.frozen }, make("h2", {}, words.frozen), make("p", {}, words.frozenAt(access_number)),
    make("a", { class: "button", href: `#/account/${encodeURIComponent(account_id)}` }, words.look));
}
