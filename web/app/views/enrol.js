// @ts-check
import { make, replace } from "../../shared/elements.js";
import { shared } from "../../shared/language.js";
import { busy, complain, field, passwordField } from "../../shared/pieces.js";
import { explained } from "../../shared/refusals.js";
import { makeDeviceKey } from "../device_key.js";
import { backLink, texts } from "../frame.js";
import { hasPasskeys } from "../passkey.js";
import { Refusal, asRefusal, send } from "../service.js";
import { keepRegistration } from "../vault.js";

const BESIDE = new Map([["access_number_required", "identifier"], ["invalid_credentials", "password"]]);
const FIELDS = ["identifier", "password", "device_name"];

/** Access number or e-mail and password: step 3 of the story. @param {import("../frame.js").App} app @returns {import("../frame.js").View} */
export function enrolView(app) {
  const render = () => {
    const { enrol } = texts();
    const button = make("button", { class: "button main wide" }, enrol.submit);
    const refused = make("p", { class: "error", role: "alert" });
    return [backLink(), make("h1", {}, enrol.title), make("form", { class: "stack", novalidate: true, onsubmit: (event) => {
      event.preventDefault();
      busy(button, () => register(event.target, refused).then((done) => done && app.go("/code")));
    } },
    field({ id: "identifier", label: enrol.identifier, hint: enrol.identifierHint,
      input: { autocomplete: "username", autocapitalize: "none", spellcheck: "false", maxlength: 254, required: true } }),
    passwordField(enrol.password, enrol.passwordHint),
    field({ id: "device_name", label: enrol.name, hint: enrol.nameHint, input: { autocomplete: "off", maxlength: 64, value: enrol.device(system()), required: true } }),
    refused, button)];
  };
  return { render };
}

/** @param {HTMLFormElement} form @param {HTMLElement} refused @returns {Promise<boolean>} whether the SMS is on its way */
async function register(form, refused) {
  const { required } = shared();
  const entered = new FormData(form);
  const said = Object.fromEntries(FIELDS.map((name) => [name, String(entered.get(name))]));
  const { identifier = "", password = "", device_name = "" } = { ...said, identifier: said.identifier?.trim(), device_name: said.device_name?.trim() };
  refused.textContent = "";
  complain("device_name", device_name ? "" : required.name);
  complain("password", password ? "" : required.password);
  complain("identifier", identifier ? "" : required.identifier);
  if (!identifier || !password || !device_name) return false;
  try {
    if (!hasPasskeys()) throw new Refusal("passkey_unavailable");
    const key = await makeDeviceKey();
    const body = { identifier, password, device_key: key.jwk, device_name, platform: "web" };
    await keepRegistration({ ...(await send("POST", "/v1/keys", { key, body })), key });
    return true;
  } catch (error) {
    const refusal = asRefusal(error);
    const beside = BESIDE.get(refusal.code) ?? FIELDS.find((name) => name === refusal.field);
    if (beside) complain(beside, ...explained(refusal));
    else replace(refused, explained(refusal));
    return false;
  }
}

/** The operating system, for the device's first name. */
function system() {
  const known = [["iPhone", /iPhone/], ["iPad", /iPad/], ["Android", /Android/], ["Windows", /Windows/], ["Mac", /Mac OS X/], ["Linux", /Linux/]];
  return String(known.find(([, mark]) => /** @type {RegExp} */ (mark).test(navigator.userAgent))?.[0] ?? "Browser");
}
