// @ts-check
import { make } from "../../shared/elements.js";
import { explained } from "../../shared/refusals.js";
import { texts } from "../frame.js";

/** The refusals that say that the application's request is over, or began elsewhere. */
const GONE = new Set(["login_expired", "login_not_found"]);

/** What an application asked for is no longer there to be done. @param {{ refusal: import("../../smartident.js").Refusal }} shown */
export function strandedView({ refusal }) {
  const { stranded } = texts();
  return [
    make("span", { class: "sign", "aria-hidden": "true" }, "–"),
    make("h1", {}, stranded.title),
    make("p", { class: "lead" }, ...(GONE.has(refusal.code) ? [stranded.lead] : explained(refusal))),
  ];
}
