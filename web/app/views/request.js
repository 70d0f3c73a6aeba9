// @ts-check
import { busy, complain } from "../../shared/pieces.js";
import { typedCode } from "../code_field.js";
import { countUnconfirmed, isKeyDoubted } from "../doubt.js";
import { confirmed, loading, texts } from "../frame.js";
import { signApproval } from "../passkey.js";
import { asDevice } from "../requests.js";
import { asRefusal } from "../service.js";
import { askView } from "./ask.js";
import { decidedView } from "./decided.js";
import { elsewhereView, troubleView } from "./lost.js";
import { clientName } from "../words.js";

/**
 * @typedef {import("../requests.js").Request} Request
 * @typedef {import("../service.js").Refusal} Refusal
 * @typedef {import("./decided.js").Outcome} Outcome
 */

/** After these there is nothing left to decide; a wrong transfer code is one strike. */
const OVER = new Set(["transfer_code_wrong", "login_expired", "login_not_found", "login_decided", "login_denied", "device_revoked"]);

/** One request, to approve or to decline: steps 7 and 8. @param {import("../frame.js").App} app @param {string} loginId @returns {import("../frame.js").View} */
export function requestView(app, loginId) {
  const find = () => app.requests.open.find((request) => request.loginId === loginId);
  let request = find();
  /** @type {{ outcome: Outcome, refused?: Refusal } | undefined} */ let end;
  /** @type {Refusal | undefined} */ let refused;
  let [deciding, others] = [false, 0];

  const decide = async (/** @type {Outcome} */ outcome, /** @type {(request: Request) => Promise<unknown>} */ body) => {
    const asked = request;
    if (!asked) return;
    [deciding, refused] = [true, undefined];
    try {
      await asDevice(asked.account, "POST", `/v1/approvals/${encodeURIComponent(loginId)}`, await body(asked));
      end = { outcome };
    } catch (error) {
      refused = asRefusal(error);
      if (OVER.has(refused.code)) end = { outcome: "gone", refused };
    }
    if (outcome === "approved") asked.account.unconfirmed = await countUnconfirmed(asked.account, refused);
    if (end) app.requests.decided(loginId);
    [deciding, view.task] = [false, !end];
    app.refresh();
  };
  const approve = async () => {
    const { digits } = /** @type {Request} */ (request);
    const transferCode = digits ? typedCode("transfer_code") : "";
    if (transferCode.length !== digits) return complain("transfer_code", texts().request.codeRequired(digits));
    complain("transfer_code");
    return decide("approved", async ({ account, statement }) => ({ decision: "approve", evidence: await signApproval(account.passkey, { statement, transferCode }) }));
  };
  const decline = (/** @type {any} */ { currentTarget }) => busy(currentTarget, () => decide("changed_my_mind", async () => ({ decision: "deny", reason: "changed_my_mind" })));
  const notMe = async (/** @type {any} */ { currentTarget }) => {
    const { request: words, account } = texts();
    const { shown } = /** @type {Request} */ (request);
    const minutes = app.requests.blockMinutes;
    const lead = shown.told_by_client ? words.notMeLeadClient(minutes, clientName(shown)) : words.notMeLead(minutes);
    if (!(await confirmed({ title: words.notMeAsk, lead, yes: words.notMeDo, no: account.keep }))) return;
    await busy(currentTarget, () => decide("not_me", async () => ({ decision: "deny", reason: "not_me" })));
  };
  const render = () => {
    others = app.requests.open.length;
    if (end) return decidedView(end.outcome, end.refused, app.requests.blockMinutes);
    if (request) return askView(request, { others: others - 1, blockMinutes: app.requests.blockMinutes, refused, keyGone: isKeyDoubted(request.account), approve, decline, notMe });
    if (app.requests.trouble) return troubleView(app, app.requests.trouble);
    if (app.requests.asked && !here(app.requests.accounts, loginId)) return elsewhereView();
    return app.requests.asked ? decidedView("gone") : [loading()];
  };
  const changed = () => {
    if (deciding || end) return;
    const now = find();
    if (now && request && others === app.requests.open.length) return;
    if (!now && request && app.requests.refusal) return;
    request = now;
    view.task = Boolean(request);
    app.refresh();
  };
  /** @type {import("../frame.js").View} */ const view = { render, changed, task: Boolean(request) };
  return view;
}

/** Whether the account of a login is on this device: a login's id begins with its account's. @param {{ account_id: string }[]} accounts @param {string} loginId */
const here = (accounts, loginId) => accounts.some(({ account_id }) => loginId.startsWith(`${account_id}.`));
