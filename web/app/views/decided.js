// @ts-check
import { make } from "../../shared/elements.js";
import { shared } from "../../shared/language.js";
import { explained } from "../../shared/refusals.js";
import { CHECK, CROSS, sign, texts } from "../frame.js";
import { pushOffer } from "./push.js";

/** @typedef {"approved" | "changed_my_mind" | "not_me" | "gone"} Outcome */

/** How a request ended. @param {Outcome} outcome @param {import("../service.js").Refusal} [refused] why it was not approved
 * @param {number} [blockMinutes] how long "that was not me" blocks where it came from */
export function decidedView(outcome, refused, blockMinutes) {
  const { decided } = texts();
  const title = refused ? decided.refused : decided[outcome].title;
  const lead = refused ? explained(refused) : [decided[outcome].lead, outcome === "not_me" && blockMinutes && ` ${decided.blocked(shared().duration(blockMinutes * 60))}`];
  const good = outcome === "approved" && !refused;
  return [sign(good ? "good" : outcome === "gone" && !refused ? "calm" : "bad", ...(good ? CHECK : CROSS)),
    make("h1", {}, title), make("p", { class: "lead", role: "status" }, ...lead), good && pushOffer(), make("a", { class: "button main wide", href: "#/" }, decided.done)];
}
