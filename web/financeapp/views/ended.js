// @ts-check
import { make } from "../../shared/elements.js";
import { explain } from "../../shared/language.js";
import { texts } from "../frame.js";

/** How a login ended that did not succeed. @param {{ code: string, again: () => void }} shown */
export function endedView({ code, again }) {
  const { ended } = texts();
  const known = ended[/** @type {"login_denied" | "login_expired" | "login_cancelled"} */ (code)] ?? { title: ended.failed, lead: explain({ code }) };
  return [
    make("span", { class: `sign ${code === "login_denied" ? "bad" : ""}`, "aria-hidden": "true" }, code === "login_denied" ? "×" : "–"),
    make("h1", {}, known.title),
    make("p", { class: "lead" }, known.lead),
    code === "login_denied" && make("p", { class: "notice warn" }, ended.notYou),
    make("button", { type: "button", class: "button main", onclick: again }, ended.again),
  ];
}
