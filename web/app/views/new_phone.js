// @ts-check
import { fromBase64url } from "../../shared/bytes.js";
import { busy, complain } from "../../shared/pieces.js";
import { typedCode } from "../code_field.js";
import { countUnconfirmed, isKeyDoubted } from "../doubt.js";
import { confirmed, loading, texts } from "../frame.js";
import { signApproval } from "../passkey.js";
import { asDevice } from "../requests.js";
import { PAIRING_CODE, scanCode } from "../scanner.js";
import { asRefusal } from "../service.js";
import { PAIRING_DIGITS, endView, questionView, scanView } from "./let_in.js";
import { elsewhereView, troubleView } from "./lost.js";

/**
 * @typedef {import("../requests.js").NewPhone} NewPhone
 * @typedef {import("../service.js").Refusal} Refusal
 * @typedef {import("./let_in.js").Outcome} Outcome
 */

/** After these there is nothing left to decide; a wrong code is one strike. */
const OVER = new Set(["pairing_code_wrong", "registration_expired", "registration_not_found", "registration_decided", "registration_declined",
  "login_expired", "login_not_found", "login_decided", "device_revoked"]);

/** A phone that wants in, as an old phone sees it: first the question, then the code of the new phone, then the signature.
 * @param {import("../frame.js").App} app @param {string} id the registration's @returns {import("../frame.js").View} */
export function newPhoneView(app, id) {
  const find = () => app.requests.newPhones.find((one) => one.id === id);
  let phone = find();
  /** @type {{ outcome: Outcome, refused?: Refusal } | undefined} */ let end;
  /** @type {Refusal | undefined} */ let refused;
  let [inHand, typing, deciding, retires, scanned] = [false, false, false, false, ""];

  const decide = async (/** @type {Outcome} */ outcome, /** @type {(phone: NewPhone) => Promise<unknown>} */ body) => {
    const asked = phone;
    if (!asked) return;
    [deciding, refused] = [true, undefined];
    try {
      await asDevice(asked.account, "POST", `/v1/approvals/${encodeURIComponent(id)}`, await body(asked));
      end = { outcome };
    } catch (error) {
      refused = asRefusal(error);
      if (OVER.has(refused.code)) end = { outcome: "gone", refused };
    }
    if (outcome === "approved") asked.account.unconfirmed = await countUnconfirmed(asked.account, refused);
    if (end) app.requests.decided(id);
    [deciding, view.task] = [false, !end];
    app.refresh();
  };
  const approve = async () => {
    const transferCode = scanned || typedCode("pairing_digits");
    if (!scanned && transferCode.length !== PAIRING_DIGITS) return complain("pairing_digits", texts().newPhone.digitsRequired);
    if (!scanned) complain("pairing_digits");
    return decide("approved", async ({ account, statement }) => ({ decision: "approve", evidence: await signApproval(account.passkey, { statement, transferCode, retireDevice: retires ? account.device_id : undefined }) }));
  };
  const decline = (/** @type {any} */ { currentTarget }) => busy(currentTarget, () => decide("changed_my_mind", async () => ({ decision: "deny", reason: "changed_my_mind" })));
  const notMe = async (/** @type {any} */ { currentTarget }) => {
    const { newPhone, request, account } = texts();
    const lead = newPhone.notMeLead(app.requests.blockMinutes);
    if (!(await confirmed({ title: request.notMeAsk, lead, yes: request.notMeDo, no: account.keep }))) return;
    await busy(currentTarget, () => decide("not_me", async () => ({ decision: "deny", reason: "not_me" })));
  };
  const type = () => { typing = true; app.refresh(); document.getElementById("pairing_digits")?.focus(); };
  const scan = async () => {
    try { scanned = (await scanCode(PAIRING_CODE, texts().newPhone.scanning)) ?? ""; } catch { type(); return complain("pairing_digits", texts().newPhone.noCamera); }
    if (scanned) { app.refresh(); document.getElementById("approve")?.focus(); }
    return undefined;
  };
  const retire = (/** @type {any} */ { currentTarget }) => { retires = currentTarget.checked; };
  const yes = () => { inHand = true; app.refresh(); scrollTo(0, 0); };
  const render = () => {
    if (end) return endView(end.outcome, { refused: end.refused, retires, name: phone?.shown.device_name, blockMinutes: app.requests.blockMinutes });
    if (phone) return inHand ? scanView(phone, { scanned, typing, retires, retire, refused, keyGone: isKeyDoubted(phone.account), scan, type, approve, decline }) : questionView(phone, { refused, yes, notMe, blockMinutes: app.requests.blockMinutes });
    if (app.requests.trouble) return troubleView(app, app.requests.trouble);
    if (!app.requests.asked) return [loading()];
    return app.requests.accounts.some(({ account_id }) => id.startsWith(`${account_id}.`)) ? endView("gone", {}) : elsewhereView();
  };
  /** Once the new phone is in, this one says so, and does not ask who that is. */
  const arrived = () => {
    const came = phone && app.requests.newcomers.find((one) => one.account.account_id === phone?.account.account_id && fingerprintOf(one.id) === phone.shown.fingerprint);
    if (!came || end?.outcome !== "approved") return;
    end = { outcome: "arrived" };
    app.requests.know(came).catch(() => {});
    app.refresh();
  };
  const changed = () => {
    if (end) return arrived();
    if (deciding) return undefined;
    const now = find();
    if ((now && phone && now.differs === phone.differs) || (!now && phone && app.requests.refusal)) return undefined;
    phone = now;
    view.task = Boolean(phone);
    return app.refresh();
  };
  /** @type {import("../frame.js").View} */ const view = { render, changed, task: Boolean(phone) };
  return view;
}

/** What both phones show of a device key: a device's id is its thumbprint. @param {string} deviceId */
function fingerprintOf(deviceId) {
  try { return [...fromBase64url(deviceId).slice(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join(""); } catch { return ""; }
}
