// @ts-check
import { make } from "../../shared/elements.js";
import { legalLinks } from "../../shared/links.js";
import { busy } from "../../shared/pieces.js";
import { explained } from "../../shared/refusals.js";
import { backLink, texts } from "../frame.js";

/** An iPhone's browser: its tabs share no storage with the home screen, and Safari empties them after seven days without a visit.
 * @param {() => void} stay */
export function homeScreenView(stay) {
  const { homeScreen } = texts();
  return [backLink(), make("h1", {}, homeScreen.title), make("p", { class: "lead" }, homeScreen.lead),
    make("ol", { class: "steps" }, ...homeScreen.steps.map((step) => make("li", {}, step))),
    make("p", { class: "notice warn" }, homeScreen.why),
    make("button", { type: "button", class: "button quiet wide", id: "stay", onclick: stay }, homeScreen.stay)];
}

/** This device cannot hold an account. @param {import("../service.js").Refusal} refusal @param {() => Promise<unknown>} again */
export const unableView = (refusal, again) => [backLink(), make("h1", {}, texts().enrol.unable), make("p", { class: "notice bad", role: "alert" }, ...explained(refusal)),
  make("button", { type: "button", class: "button wide", onclick: ({ currentTarget }) => busy(currentTarget, again) }, texts().enrol.checkAgain), legalLinks()];
