// @ts-check
import { make, replace } from "../../shared/elements.js";
import { typedIdentifier } from "../../shared/digits.js";
import { shared } from "../../shared/language.js";
import { busy, complain, field } from "../../shared/pieces.js";
import { explained } from "../../shared/refusals.js";
import { correctedNow } from "../clock.js";
import { makeDeviceKey } from "../device_key.js";
import { CAMERA, FINGERPRINT, backLink, symbol, texts } from "../frame.js";
import { finishRegistration, isByCode } from "../registration.js";
import { ENROLMENT_LINK, canScan, scanCode } from "../scanner.js";
import { asRefusal, send } from "../service.js";
import { forgetRegistration, keepRegistration, registrationUnderWay } from "../vault.js";
import { ableView } from "./before_enrolling.js";
import { storedView } from "./stored.js";

/**
 * @typedef {import("../vault.js").Registration} Registration
 * @typedef {import("../service.js").Refusal} Refusal
 * @typedef {import("../frame.js").App} App
 * @typedef {{ identifier: string, code: string }} Given
 */

/** The refusals that speak about one field. */
const BESIDE = new Map([["enrolment_code_invalid", "enrolment_code"]]);
const FIELDS = ["identifier", "enrolment_code", "device_name"];

/** Access number and enrolment code in place of the password, typed, scanned or from a link; then the approval key.
 * @param {App} app @param {string} linked what the link says behind #/enrolment-code/ @returns {import("../frame.js").View} */
export function enrolmentCodeView(app, linked) {
  /** @type {Registration | undefined} */ let registration;
  /** @type {Awaited<ReturnType<typeof finishRegistration>> | undefined} */ let done;
  /** @type {Refusal | undefined} */ let refused;
  const given = read(linked);
  // A secret does not stay in the address.
  if (linked) history.replaceState(null, "", "#/enrolment-code");
  const begun = (/** @type {Registration} */ answer) => { registration = answer; app.refresh(); };
  const entry = ableView(app, () => texts().enrolmentCode.title, (name) => form(name, given, begun));
  registrationUnderWay().then((found) => { if (!linked && found && isByCode(found) && found.expires_at > correctedNow()) begun(found); }).catch(() => {});
  const finish = async (/** @type {Registration} */ asked) => {
    refused = undefined;
    try { done = await finishRegistration(asked); view.task = false; await app.requests.look(); } catch (error) { refused = asRefusal(error); }
    app.refresh();
  };
  const cancel = async () => { await forgetRegistration().catch(() => {}); app.go("/"); };
  const render = () => {
    if (done) return storedView(done.account, done.dead);
    return registration ? finishView(registration, { refused, finish, cancel }) : entry.render();
  };
  /** @type {import("../frame.js").View} */ const view = { render, task: true };
  return view;
}

/** What a link says: the code, then the access number. @param {string} text @returns {Given} */
function read(text) {
  const [code = "", ...number] = text.split(".");
  return { identifier: number.join("."), code };
}

/** @param {string} name @param {Given} given @param {(answer: Registration) => void} begun */
function form(name, given, begun) {
  const { enrolmentCode, enrol, request } = texts();
  const button = make("button", { class: "button main wide" }, enrol.submit);
  const refused = make("p", { class: "error", role: "alert" });
  const scan = async () => {
    try {
      const text = await scanCode(ENROLMENT_LINK, enrolmentCode.scanning);
      if (text) fill(read(decoded(text)));
    } catch { complain("enrolment_code", texts().request.noCamera); }
  };
  const scanner = canScan() && make("button", { type: "button", class: "button wide", id: "scan", onclick: ({ currentTarget }) => busy(currentTarget, scan) }, symbol(...CAMERA), request.scan);
  return [make("p", { class: "lead" }, enrolmentCode.lead), make("form", { class: "stack", novalidate: true, onsubmit: (event) => {
    event.preventDefault();
    busy(button, () => register(event.target, refused, name).then((answer) => answer && begun(answer)));
  } },
  scanner,
  field({ id: "identifier", label: enrolmentCode.number,
    input: { autocomplete: "username", autocapitalize: "none", spellcheck: "false", maxlength: 254, value: given.identifier, required: true } }),
  field({ id: "enrolment_code", label: enrolmentCode.code, hint: enrolmentCode.codeHint,
    input: { autocomplete: "off", autocapitalize: "characters", spellcheck: "false", maxlength: 64, value: given.code, required: true } }),
  field({ id: "device_name", label: enrol.name, hint: enrol.nameHint, input: { autocomplete: "off", maxlength: 64, value: name, required: true } }),
  make("p", { class: "notice" }, enrolmentCode.warning), refused, button)];
}

/** What a person typed stays when the view is drawn again; so what was scanned goes into the fields themselves. @param {Given} scanned */
function fill({ identifier, code }) {
  for (const [id, value] of [["identifier", identifier], ["enrolment_code", code]]) {
    const input = /** @type {HTMLInputElement | null} */ (document.getElementById(String(id)));
    if (input) input.value = String(value);
  }
}

/** The access number of a link is written for links. @param {string} text */
function decoded(text) {
  try { return decodeURIComponent(text); } catch { return ""; }
}

/** @param {HTMLFormElement} form @param {HTMLElement} refused @param {string} suggestion the name that nobody has chosen
 * @returns {Promise<Registration | undefined>} */
async function register(form, refused, suggestion) {
  const { required } = shared();
  const entered = new FormData(form);
  const [identifier, enrolment_code, device_name] = [typedIdentifier(String(entered.get("identifier"))), String(entered.get("enrolment_code")).trim(), String(entered.get("device_name")).trim()];
  refused.textContent = "";
  complain("device_name", !device_name && required.name);
  complain("enrolment_code", !enrolment_code && required.code);
  complain("identifier", !identifier && required.identifier);
  if (!identifier || !enrolment_code || !device_name) return undefined;
  try {
    const key = await makeDeviceKey();
    const answer = await send("POST", "/v1/keys", { key, body: { identifier, enrolment_code, device_key: key.jwk, device_name, platform: "web" } });
    /** @type {Registration} */ const registration = { ...answer, key, device_name, suggested: device_name === suggestion };
    await keepRegistration(registration);
    return registration;
  } catch (error) {
    const refusal = asRefusal(error);
    const beside = BESIDE.get(refusal.code) ?? FIELDS.find((name) => name === refusal.field);
    if (beside) complain(beside, ...explained(refusal));
    else replace(refused, explained(refusal));
    return undefined;
  }
}

/** The code was right: only the approval key is missing. @param {Registration} registration @param {{ refused: Refusal | undefined,
 *   finish: (registration: Registration) => Promise<unknown>, cancel: () => Promise<void> }} shown */
function finishView(registration, { refused, finish, cancel }) {
  const { enrolmentCode, code } = texts();
  return [backLink(), make("h1", {}, enrolmentCode.right), make("p", { class: "lead" }, code.prompt),
    make("p", { class: "error", role: "alert" }, ...(refused ? explained(refused) : [])),
    make("button", { type: "button", class: "button main wide", id: "finish", onclick: ({ currentTarget }) => busy(currentTarget, () => finish(registration)) }, symbol(...FINGERPRINT), code.submit),
    make("button", { type: "button", class: "button quiet wide", onclick: cancel }, code.cancel)];
}
