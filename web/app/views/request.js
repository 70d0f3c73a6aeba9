// @ts-check
import { make } from "../../shared/elements.js";
import { busy, complain, countdown } from "../../shared/pieces.js";
import { explained } from "../../shared/refusals.js";
import { localTime } from "../clock.js";
import { codeField, typedCode } from "../code_field.js";
import { FINGERPRINT, backLink, momentWords, symbol, texts } from "../frame.js";
import { signApproval } from "../passkey.js";
import { asDevice } from "../requests.js";
import { canScan, scanCode } from "../scanner.js";
import { asRefusal } from "../service.js";
import { browserName, clientName, known } from "../words.js";
import { decidedView } from "./decided.js";

/**
 * @typedef {import("../requests.js").Request} Request
 * @typedef {import("./decided.js").Outcome} Outcome
 * @typedef {import("../service.js").Refusal} Refusal
 * @typedef {{ approve: () => Promise<unknown>, deny: (reason: "not_me" | "changed_my_mind") => Promise<unknown> }} Deciding
 */

/** After these there is nothing left to decide; a wrong transfer code is one strike. */
const OVER = new Set(["transfer_code_wrong", "login_expired", "login_not_found", "login_decided", "login_denied", "device_revoked"]);

/** One request, to approve or to decline: steps 7 and 8. @param {import("../frame.js").App} app @param {string} loginId @returns {import("../frame.js").View} */
export function requestView(app, loginId) {
  const find = () => app.requests.open.find((request) => request.loginId === loginId);
  let request = find();
  /** @type {{ outcome: Outcome, refused?: Refusal } | undefined} */ let end;
  /** @type {Refusal | undefined} */ let refused;
  let deciding = false;

  const decide = async (/** @type {Outcome} */ outcome, /** @type {() => Promise<unknown>} */ body) => {
    [deciding, refused] = [true, undefined];
    try {
      const { account } = /** @type {Request} */ (request);
      await asDevice(account, "POST", `/v1/approvals/${encodeURIComponent(loginId)}`, await body());
      end = { outcome };
    } catch (error) {
      const refusal = asRefusal(error);
      if (OVER.has(refusal.code)) end = { outcome: "gone", refused: refusal };
      else refused = refusal;
    }
    if (end) app.requests.decided(loginId);
    deciding = false;
    app.refresh();
  };
  /** @type {Deciding} */
  const doing = {
    approve: async () => {
      const { account, statement, digits } = /** @type {Request} */ (request);
      const transferCode = digits ? typedCode("transfer_code") : "";
      if (transferCode.length !== digits) return complain("transfer_code", texts().request.codeRequired(digits));
      complain("transfer_code");
      await decide("approved", async () => ({ decision: "approve", evidence: await signApproval(account.passkey, { statement, transferCode }) }));
    },
    deny: (reason) => decide(reason, async () => ({ decision: "deny", reason })),
  };
  const render = () => {
    if (end) return decidedView(end.outcome, end.refused);
    if (request) return askView(request, refused, doing);
    return app.requests.asked ? decidedView("gone") : [make("p", { class: "lead", role: "status" }, texts().account.loading)];
  };
  const changed = () => {
    if (deciding || end) return;
    const now = find();
    if (now && request) return;
    if (!now && request && app.requests.refusal) return;
    request = now;
    app.refresh();
  };
  return { render, changed };
}

/** @param {Request} request @param {Refusal | undefined} refused @param {Deciding} doing */
function askView({ shown, digits, expiresAt }, refused, { approve, deny }) {
  const { request } = texts();
  const button = make("button", { class: "button main" }, symbol(...FINGERPRINT), request.approve);
  const decline = (/** @type {"not_me" | "changed_my_mind"} */ reason) => (/** @type {any} */ { currentTarget }) => busy(currentTarget, () => deny(reason));
  return [backLink(), make("h1", {}, request.title), make("p", { class: "lead" }, request.lead),
    facts(shown), countdown(localTime(expiresAt), expiresAt - shown.requested_at),
    make("form", { class: "stack", novalidate: true, onsubmit: (event) => { event.preventDefault(); busy(button, approve); } },
      digits > 0 && transferCode(digits),
      make("p", { class: "error", role: "alert" }, ...(refused ? explained(refused) : [])),
      make("div", { class: "pair" }, make("button", { type: "button", class: "button filled danger", id: "decline", onclick: decline("changed_my_mind") }, request.decline), button),
      make("div", { class: "tight" },
        make("button", { type: "button", class: "button danger wide", id: "not-me", "aria-describedby": "not-me-hint", onclick: decline("not_me") }, request.notMe),
        make("p", { class: "hint centre", id: "not-me-hint" }, request.notMeHint))),
    make("p", { class: "notice warn" }, request.warning)];
}

/** @param {import("../requests.js").Statement} shown */
function facts(shown) {
  const { request } = texts();
  const place = [shown.place, shown.ip].filter(Boolean).join(" · ");
  const rows = [
    [request.client, clientName(shown.client)], [request.origin, known(shown.origin)?.replace(/^https?:\/\//, "") ?? request.unknown], [request.account, shown.access_number],
    [request.browser, browserName(shown.browser, shown.os) ?? request.unknown],
    [request.place, place || request.unknown], [request.at, momentWords(localTime(shown.requested_at))],
  ];
  return make("dl", { class: "facts" }, ...rows.map(([term = "", value = ""]) => make("div", {}, make("dt", {}, term), make("dd", {}, value))));
}

/** @param {number} digits */
function transferCode(digits) {
  const { request } = texts();
  const scan = canScan() && make("button", { type: "button", class: "button", onclick: async () => {
    try {
      const code = await scanCode();
      const input = /** @type {HTMLInputElement | null} */ (document.getElementById("transfer_code"));
      if (code && input) { input.value = code; complain("transfer_code"); }
    } catch { complain("transfer_code", texts().request.noCamera); }
  } }, request.scan);
  return codeField({ id: "transfer_code", label: request.code, hint: request.codeHint, digits, autocomplete: "off", beside: scan });
}
