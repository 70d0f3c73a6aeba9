// @ts-check
import { make, replace } from "../../shared/elements.js";
import { typedIdentifier } from "../../shared/digits.js";
import { shared } from "../../shared/language.js";
import { configuredLink } from "../../shared/links.js";
import { busy, complain, field, passwordField } from "../../shared/pieces.js";
import { deviceKind, deviceModel } from "../../shared/platform.js";
import { explained } from "../../shared/refusals.js";
import { ability } from "../ability.js";
import { makeDeviceKey } from "../device_key.js";
import { backLink, texts } from "../frame.js";
import { isByDevice } from "../registration.js";
import { asRefusal, send } from "../service.js";
import { keepRegistration } from "../vault.js";
import { installButton } from "./accounts.js";
import { homeScreenView, unableView } from "./before_enrolling.js";

/** The refusals that speak about one field. */
const BESIDE = new Map([["invalid_credentials", "password"]]);
const FIELDS = ["identifier", "password", "device_name"];

/** Access number or e-mail and password: step 3 of the story. First it is asked whether this device can hold an account at all.
 * @param {import("../frame.js").App} app @returns {import("../frame.js").View} */
export function enrolView(app) {
  /** @type {import("../ability.js").Ability | undefined} */ let able;
  let name = "";
  let inTab = false;
  const look = async () => {
    const model = await deviceModel();
    const { enrol } = texts();
    name = model ? enrol.model(model) : enrol.devices[deviceKind() ?? "other"];
    able = await ability();
    app.refresh();
  };
  const stay = () => { inTab = true; app.refresh(); };
  const render = () => {
    const { enrol } = texts();
    const head = [backLink(), make("h1", {}, enrol.title)];
    if (!able) return [...head, make("p", { class: "hint", role: "status" }, enrol.checking)];
    if (able.tab && !inTab) return homeScreenView(stay);
    if (able.refusal) return unableView(able.refusal, look);
    return [...head, able.fleeting && make("div", { class: "notice warn" }, make("p", {}, enrol.fleeting), installButton(app)), form(app, name)];
  };
  look();
  return { render, task: true };
}

/** @param {import("../frame.js").App} app @param {string} name */
function form(app, name) {
  const { enrol } = texts();
  const button = make("button", { class: "button main wide" }, enrol.submit);
  const refused = make("p", { class: "error", role: "alert" });
  return make("form", { class: "stack", novalidate: true, onsubmit: (event) => {
    event.preventDefault();
    busy(button, () => register(event.target, refused, name).then((path) => path && app.go(path)));
  } },
  field({ id: "identifier", label: enrol.identifier, hint: enrol.identifierHint,
    input: { autocomplete: "username", autocapitalize: "none", spellcheck: "false", maxlength: 254, required: true } }),
  passwordField(enrol.password, enrol.passwordHint), configuredLink("forgotPassword"),
  field({ id: "device_name", label: enrol.name, hint: enrol.nameHint, input: { autocomplete: "off", maxlength: 64, value: name, required: true } }),
  refused, button);
}

/** @param {HTMLFormElement} form @param {HTMLElement} refused @param {string} suggestion the name that nobody has chosen
 * @returns {Promise<string>} where it goes on: by the code of an SMS, or by the old phone; nowhere when it was refused */
async function register(form, refused, suggestion) {
  const { required } = shared();
  const entered = new FormData(form);
  const identifier = typedIdentifier(String(entered.get("identifier")));
  const password = String(entered.get("password"));
  const device_name = String(entered.get("device_name")).trim();
  refused.textContent = "";
  complain("device_name", !device_name && required.name);
  complain("password", !password && required.password);
  complain("identifier", !identifier && required.identifier);
  if (!identifier || !password || !device_name) return "";
  try {
    const key = await makeDeviceKey();
    const body = { identifier, password, device_key: key.jwk, device_name, platform: "web" };
    const answer = await send("POST", "/v1/keys", { key, body });
    await keepRegistration({ ...answer, key, device_name, suggested: device_name === suggestion });
    return isByDevice(answer) ? "/pairing" : "/code";
  } catch (error) {
    const refusal = asRefusal(error);
    const beside = BESIDE.get(refusal.code) ?? FIELDS.find((name) => name === refusal.field);
    if (beside) complain(beside, ...explained(refusal));
    else replace(refused, explained(refusal));
    return "";
  }
}
