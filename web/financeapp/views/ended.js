// @ts-check
import { make } from "../../shared/elements.js";
import { explained } from "../../shared/refusals.js";
import { texts } from "../frame.js";

/** How a login ended that did not succeed. @param {{ refusal: import("../../smartident.js").Refusal, again: () => void }} shown */
export function endedView({ refusal, again }) {
  const { ended } = texts();
  const { code } = refusal;
  const ways = new Map(Object.entries(ended.ways));
  const known = ways.get(code);
  return [
    make("span", { class: `sign ${code === "login_denied" ? "bad" : ""}`, "aria-hidden": "true" }, code === "login_denied" ? "×" : "–"),
    make("h1", {}, known ? known.title : ended.failed),
    make("p", { class: "lead" }, ...(known ? [known.lead] : explained(refusal))),
    code === "login_denied" && make("p", { class: "notice warn" }, ended.notYou),
    make("button", { type: "button", class: "button main", onclick: again }, ended.again),
  ];
}
