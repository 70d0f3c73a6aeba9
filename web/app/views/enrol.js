// @ts-check
import { make, replace } from "../../shared/elements.js";
import { typedIdentifier } from "../../shared/digits.js";
import { shared } from "../../shared/language.js";
import { configuredLink } from "../../shared/links.js";
import { busy, complain, field, passwordField } from "../../shared/pieces.js";
import { explained } from "../../shared/refusals.js";
import { makeDeviceKey } from "../device_key.js";
import { texts } from "../frame.js";
import { pathOf } from "../registration.js";
import { asRefusal, send } from "../service.js";
import { keepRegistration } from "../vault.js";
import { ableView } from "./before_enrolling.js";
import { recoveryInput } from "./recovery_codes.js";

/** The refusals that speak about one field. */
const BESIDE = new Map([["invalid_credentials", "password"]]);
const LOST = "lost";
const FIELDS = ["identifier", "password", "device_name"];
/** The last part of the path of who has lost the phone and has a code. */
const BY_CODE = "recovery";

/** Access number or e-mail and password: step 3 of the story. @param {import("../frame.js").App} app
 * @param {string} way `recovery`: with a code, the old phone is lost; `lost`: it is, and no code is there @returns {import("../frame.js").View} */
export const enrolView = (app, way) => ableView(app, () => (way === BY_CODE ? texts().recovery.lost : texts().enrol.title), (name) => (way === BY_CODE
  ? [make("p", { class: "lead" }, texts().recovery.lostLead), form(app, name, way)]
  : [way === LOST && make("p", { class: "notice" }, texts().enrol.lostLead), form(app, name, way), make("a", { class: "button quiet wide", href: "#/enrolment-code", id: "by-code" }, texts().enrol.byCode)]));

/** @param {import("../frame.js").App} app @param {string} name @param {string} way */
function form(app, name, way) {
  const { enrol, recovery } = texts();
  const button = make("button", { class: "button main wide" }, enrol.submit);
  const refused = make("p", { class: "error", role: "alert" });
  return make("form", { class: "stack", novalidate: true, onsubmit: (event) => {
    event.preventDefault();
    busy(button, () => register(event.target, refused, name, way === LOST).then((path) => path && app.go(path)));
  } },
  field({ id: "identifier", label: enrol.identifier, hint: enrol.identifierHint,
    input: { autocomplete: "username", autocapitalize: "none", spellcheck: "false", maxlength: 254, required: true } }),
  passwordField(enrol.password, enrol.passwordHint), configuredLink("forgotPassword"),
  way === BY_CODE && field({ id: "recovery_code", label: recovery.code, hint: recovery.codeHint, input: recoveryInput() }),
  field({ id: "device_name", label: enrol.name, hint: enrol.nameHint, input: { autocomplete: "off", maxlength: 64, value: name, required: true } }),
  refused, button);
}

/** @param {HTMLFormElement} form @param {HTMLElement} refused @param {string} suggestion the name that nobody has chosen @param {boolean} lost
 * @returns {Promise<string>} where it goes on: by the code of an SMS, or by the old phone; nowhere when it was refused */
async function register(form, refused, suggestion, lost) {
  const { required } = shared();
  const entered = new FormData(form);
  const identifier = typedIdentifier(String(entered.get("identifier")));
  const password = String(entered.get("password"));
  const device_name = String(entered.get("device_name")).trim();
  refused.textContent = "";
  const recovery_code = entered.has("recovery_code") ? String(entered.get("recovery_code")).trim() : undefined;
  complain("device_name", !device_name && required.name);
  complain("recovery_code", recovery_code === "" && texts().recovery.codeRequired);
  complain("password", !password && required.password);
  complain("identifier", !identifier && required.identifier);
  if (!identifier || !password || !device_name || recovery_code === "") return "";
  try {
    const key = await makeDeviceKey();
    const body = { identifier, password, device_key: key.jwk, device_name, platform: "web", ...(recovery_code && { recovery_code }), ...(lost && { lost_phone: true }) };
    const answer = await send("POST", "/v1/keys", { key, body });
    await keepRegistration({ ...answer, key, device_name, suggested: device_name === suggestion });
    return pathOf(answer);
  } catch (error) {
    const refusal = asRefusal(error);
    const beside = BESIDE.get(refusal.code) ?? FIELDS.find((name) => name === refusal.field);
    if (beside) complain(beside, ...explained(refusal));
    else replace(refused, explained(refusal));
    return "";
  }
}
