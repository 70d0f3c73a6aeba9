// @ts-check
import { config } from "../config.js";
import { focusHeading, make, show } from "../shared/elements.js";
import { language, onLanguage, speak } from "../shared/language.js";
import { legalLinks } from "../shared/links.js";
import { busy, languages } from "../shared/pieces.js";
import { explained } from "../shared/refusals.js";
import { timeout } from "../shared/timeout.js";
import { de } from "./language/de.js";
import { en } from "./language/en.js";

/**
 * The page behind the link of a notice. Opening it changes nothing: programs that read mail open links too. The token stands
 * in the fragment of the address, which no browser sends along, and goes out at the press of the button.
 *
 * @typedef {{ code: string, title?: string | undefined, requestId?: string | undefined, retryAfter?: number | undefined }} Refused
 */

/** In milliseconds. */
const REQUEST_WITHIN = 20_000;
const root = /** @type {HTMLElement} */ (document.getElementById("view"));
/** @type {"missing" | "asks" | "frozen"} */ let state = location.hash.length > 1 ? "asks" : "missing";
/** @type {Refused | undefined} */ let refused;

const texts = () => speak({ de, en });

function render() {
  document.getElementById("languages")?.replaceChildren(languages());
  const { asks, frozen, missing } = texts();
  if (state !== "asks") return show(root, said(state === "frozen" ? frozen : missing), "smartIDENT");
  show(root, [
    make("h1", {}, asks.title), make("p", { class: "lead" }, asks.lead),
    make("ul", { class: "points" }, ...asks.what.map((line) => make("li", {}, line))),
    make("p", { id: "refused", class: "error", role: "alert" }, ...(refused ? explained(refused) : [])),
    make("button", { type: "button", id: "freeze", class: "button danger wide", onclick: ({ currentTarget }) => busy(currentTarget, freeze) }, asks.freeze),
    make("p", { class: "hint" }, asks.otherwise), legalLinks(),
  ], "smartIDENT");
}

/** @param {{ title: string, lead: string, next: string[] }} words */
const said = ({ title, lead, next }) => [
  make("h1", {}, title), make("p", { class: "lead", role: "status" }, lead), make("ul", { class: "points" }, ...next.map((line) => make("li", {}, line))), legalLinks(),
];

async function freeze() {
  refused = await asked(location.hash.slice(1));
  if (!refused) state = "frozen";
  render();
  focusHeading(root);
}

/** Why the service did not freeze the account; nothing if it did. @param {string} token @returns {Promise<Refused | undefined>} */
async function asked(token) {
  const response = await fetch(`${config.apiUrl || location.origin}/v1/notices/freeze`, {
    method: "POST", headers: { "Content-Type": "application/json", "Accept-Language": language() }, body: JSON.stringify({ token }),
    cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer", signal: timeout(REQUEST_WITHIN),
  }).catch(() => undefined);
  if (!response) return { code: "network_unavailable" };
  if (response.status === 204) return undefined;
  const problem = await response.json().catch(() => ({}));
  return { code: problem.code ?? "unreadable_answer", title: problem.title, requestId: problem.request_id, retryAfter: problem.retry_after };
}

onLanguage(render);
render();
