// @ts-check
import { make } from "../../shared/elements.js";
import { busy, complain, field } from "../../shared/pieces.js";
import { explained } from "../../shared/refusals.js";
import { localTime } from "../clock.js";
import { CHECK, FINGERPRINT, backLink, loading, momentWords, sign, symbol, texts } from "../frame.js";
import { codesLeft, confirmCodes, makeCodes } from "../recovery_codes.js";
import { asRefusal } from "../service.js";

/** @typedef {import("../vault.js").Account} Account */

/** What the account's page says of the codes, and the way to new ones. @param {Account} account @param {import("../recovery_codes.js").Left} left */
export function recoverySection({ account_id }, left) {
  const { recovery } = texts();
  return make("section", { class: "tight", "aria-labelledby": "recovery" }, make("h2", { id: "recovery" }, recovery.title),
    make("p", { id: "recovery-left" }, saidOf(left)),
    make("a", { class: "button", id: "recovery-codes", href: `#/recovery-codes/${encodeURIComponent(account_id)}` }, left.left > 0 ? recovery.renew : recovery.make));
}

/** @param {import("../recovery_codes.js").Left} left */
const saidOf = ({ left, made_at }) => (left > 0 && made_at ? texts().recovery.left(left, momentWords(localTime(made_at))) : texts().recovery.none);

/** Making codes: what they are for, the codes themselves, and one of them typed back.
 * @param {import("../frame.js").App} app @param {string} accountId @returns {import("../frame.js").View} */
export function recoveryCodesView(app, accountId) {
  const account = app.requests.accounts.find(({ account_id }) => account_id === accountId);
  const back = backLink(`#/account/${encodeURIComponent(accountId)}`);
  /** @type {import("../recovery_codes.js").Left | undefined} */ let left;
  /** @type {import("../recovery_codes.js").Made | undefined} */ let made;
  /** @type {import("../service.js").Refusal | undefined} */ let refused;
  let done = false;

  const attempt = async (/** @type {() => Promise<unknown>} */ work) => {
    refused = undefined;
    try { await work(); } catch (error) { refused = asRefusal(error); }
    app.refresh();
  };
  const load = () => attempt(async () => { if (account) left = await codesLeft(account); });
  const begin = () => attempt(async () => { if (account) made = await makeCodes(account); scrollTo(0, 0); });
  const confirm = async (/** @type {string} */ code) => {
    if (!account || !made) return;
    try { left = await confirmCodes(account, made.set_id, code); [made, done] = [undefined, true]; app.refresh(); scrollTo(0, 0); } catch (error) {
      const refusal = asRefusal(error);
      if (refusal.code !== "recovery_codes_expired") return complain("recovery-code", ...explained(refusal));
      [made, refused] = [undefined, refusal];
      app.refresh();
    }
  };
  const render = () => {
    const { recovery, account: words } = texts();
    if (!account) return [backLink("#/accounts"), make("h1", {}, words.missing)];
    if (made) return codesShown(account, made, confirm);
    const said = make("p", { class: refused ? "notice warn" : "error", role: "alert" }, ...(refused ? explained(refused) : []));
    if (done && left) return [sign("good", ...CHECK), make("h1", {}, recovery.done), make("p", { class: "lead", role: "status" }, recovery.doneLead), said,
      make("a", { class: "button main wide", href: `#/account/${encodeURIComponent(accountId)}` }, recovery.close)];
    if (!left) return [back, make("h1", {}, recovery.title), refused ? said : loading()];
    const button = make("button", { type: "button", class: "button main wide", id: "make-codes", onclick: () => busy(button, begin) }, symbol(...FINGERPRINT), left.left > 0 ? recovery.renew : recovery.make);
    return [back, make("h1", {}, recovery.title), make("p", { class: "lead" }, recovery.lead), make("p", {}, saidOf(left)),
      left.left > 0 && make("p", { class: "hint" }, recovery.replaces), said, button];
  };
  load();
  return { render, task: true };
}

/** @param {Account} account @param {import("../recovery_codes.js").Made} made @param {(code: string) => Promise<unknown>} confirm */
function codesShown(account, made, confirm) {
  const { recovery } = texts();
  const button = make("button", { class: "button main wide", id: "confirm-codes" }, recovery.confirm);
  const form = make("form", { class: "stack unprinted", novalidate: true, onsubmit: (event) => {
    event.preventDefault();
    const typed = String(new FormData(form).get("recovery-code")).trim();
    if (!typed) return complain("recovery-code", recovery.required);
    busy(button, () => confirm(typed));
  } }, field({ id: "recovery-code", label: recovery.typeBack, hint: recovery.typeBackHint, input: recoveryInput() }), button);
  const keep = make("div", { class: "pair unprinted" },
    make("button", { type: "button", class: "button", id: "print-codes", onclick: () => print() }, recovery.print),
    make("a", { class: "button", id: "save-codes", download: recovery.file, href: asFile(account, made.codes) }, recovery.save));
  return [make("div", { class: "headline unprinted" }, backLink(`#/account/${encodeURIComponent(account.account_id)}`), make("h1", {}, recovery.shown)),
    make("p", { class: "lead unprinted" }, recovery.shownLead),
    make("section", { class: "recovery-codes", "aria-label": recovery.title }, make("p", {}, recovery.paper(account.access_number)),
      make("ol", { id: "codes" }, ...made.codes.map((code) => make("li", { class: "digits" }, code))), make("p", { class: "hint" }, recovery.paperLead)),
    keep, make("p", { class: "notice warn unprinted" }, recovery.warning), form];
}

/** A field for a code from paper: neither corrected nor remembered. */
export const recoveryInput = () => ({ class: "digits long", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", maxlength: 40, required: true });

/** The codes as a text file. @param {Account} account @param {string[]} codes */
function asFile({ access_number }, codes) {
  const { recovery } = texts();
  const lines = [recovery.paper(access_number), "", ...codes.map((code, at) => `${at + 1}. ${code}`), "", recovery.paperLead, ""];
  return `data:text/plain;charset=utf-8,${encodeURIComponent(lines.join("\r\n"))}`;
}
