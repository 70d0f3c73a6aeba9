// @ts-check
import { make } from "../../shared/elements.js";
import { legalLinks } from "../../shared/links.js";
import { busy } from "../../shared/pieces.js";
import { deviceKind, deviceModel } from "../../shared/platform.js";
import { explained } from "../../shared/refusals.js";
import { ability } from "../ability.js";
import { backLink, texts } from "../frame.js";
import { installButton } from "./accounts.js";

/** A form for a device that can hold an account; first it is asked whether this one can at all.
 * @param {import("../frame.js").App} app @param {() => string} title @param {(name: string) => import("../frame.js").Child[]} form with the name that is suggested
 * @returns {import("../frame.js").View} */
export function ableView(app, title, form) {
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
    const head = [backLink(), make("h1", {}, title())];
    if (!able) return [...head, make("p", { class: "hint", role: "status" }, enrol.checking)];
    if (able.tab && !inTab) return homeScreenView(stay);
    if (able.refusal) return unableView(able.refusal, look);
    return [...head, able.fleeting && make("div", { class: "notice warn" }, make("p", {}, enrol.fleeting), installButton(app)), ...form(name)];
  };
  look();
  return { render, task: true };
}

/** An iPhone's browser: its tabs share no storage with the home screen, and Safari empties them after seven days without a visit.
 * @param {() => void} stay */
function homeScreenView(stay) {
  const { homeScreen } = texts();
  return [backLink(), make("h1", {}, homeScreen.title), make("p", { class: "lead" }, homeScreen.lead),
    make("ol", { class: "steps" }, ...homeScreen.steps.map((step) => make("li", {}, step))),
    make("p", { class: "notice warn" }, homeScreen.why),
    make("button", { type: "button", class: "button quiet wide", id: "stay", onclick: stay }, homeScreen.stay)];
}

/** This device cannot hold an account. @param {import("../service.js").Refusal} refusal @param {() => Promise<unknown>} again */
const unableView = (refusal, again) => [backLink(), make("h1", {}, texts().enrol.unable), make("p", { class: "notice bad", role: "alert" }, ...explained(refusal)),
  make("button", { type: "button", class: "button wide", onclick: ({ currentTarget }) => busy(currentTarget, again) }, texts().enrol.checkAgain), legalLinks()];
