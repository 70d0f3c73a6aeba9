// @ts-check
import { make } from "../../shared/elements.js";
import { own } from "../../shared/own.js";
import { explained } from "../../shared/refusals.js";
import { texts } from "../frame.js";

/** How a login ended that did not succeed. @param {{ refusal: import("../../smartident.js").Refusal, again: () => void }} shown */
export function endedView({ refusal, again }) {
  const { ended } = texts();
  const mistyped = refusal.reason === "transfer_code";
  const denied = refusal.code === "login_denied" && !mistyped;
  const way = mistyped ? ended.mistyped : own(ended.ways, refusal.code);
  return [
    make("span", { class: `sign ${denied ? "bad" : ""}`, "aria-hidden": "true" }, denied ? "×" : "–"),
    make("h1", {}, way ? way.title : ended.failed),
    make("p", { class: "lead" }, ...(way ? [way.lead] : explained(refusal))),
    denied && make("p", { class: "notice warn" }, ended.notYou),
    make("button", { type: "button", class: "button main", onclick: again }, ended.again),
  ];
}
