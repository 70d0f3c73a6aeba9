// @ts-check
import { make } from "../../shared/elements.js";
import { steps, texts } from "../frame.js";

/** Points to the app for recovery codes, which only the phone makes. @param {() => void} later */
export function recoveryOffer(later) {
  const words = texts().recoveryOffer;
  return make("section", { class: "notice", id: "recovery-offer", "aria-labelledby": "recovery-offer-title" },
    make("h2", { id: "recovery-offer-title" }, words.title), make("p", {}, words.lead),
    steps(words.steps),
    make("button", { type: "button", class: "button quiet", id: "recovery-later", onclick: later }, words.later));
}
