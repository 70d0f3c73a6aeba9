// @ts-check
import { draw, make, show } from "../shared/elements.js";
import { language, onLanguage, speak } from "../shared/language.js";
import { languages } from "../shared/pieces.js";
import { de } from "./language/de.js";
import { en } from "./language/en.js";

/**
 * A view: what it shows, drawn again whenever something changed, and what it ends when it is left.
 *
 * @typedef {import("../shared/elements.js").Child} Child
 * @typedef {{ render: () => Child[], changed?: () => void, leave?: () => void }} View
 * @typedef {{ requests: import("./requests.js").Requests, refresh: () => void, go: (path: string) => void }} App
 */

/** The app's texts in the page's language. */
export const texts = () => speak({ de, en });

/** Where the views go. */
export const root = /** @type {HTMLElement} */ (document.getElementById("view"));

/** Shows a view. @param {...Child} children */
export const open = (...children) => show(root, children, "smartIDENT");

/** A moment in words. @param {Date} moment */
export const momentWords = (moment) => {
  const today = moment.toDateString() === new Date().toDateString();
  return moment.toLocaleString(language(), today ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" });
};

/** The way back home. */
export const backLink = () => make("a", { class: "back", href: "#/" }, symbol("M15 5l-7 7 7 7"), texts().back);

/** A line drawing. @param {...string} paths */
export const symbol = (...paths) => draw("svg", { class: "symbol", viewBox: "0 0 24 24", "aria-hidden": "true" }, ...paths.map((d) => draw("path", { d })));

/** A large sign above a heading. @param {"good" | "bad" | "calm"} mood @param {...string} paths */
export const sign = (mood, ...paths) => make("div", { class: `sign ${mood}`, "aria-hidden": "true" }, symbol(...paths));

export const FINGERPRINT = ["M5 14v-3a7 7 0 0 1 12-5", "M19 10v5", "M8.500 19v-7.500a3.500 3.500 0 0 1 7 0V14", "M12 12v9", "M15.500 17.500v2"];
export const CHECK = ["M5 12.500l4.500 4.500L19 7.500"];
export const CROSS = ["M6.500 6.500l11 11", "M17.500 6.500l-11 11"];
export const PLUS = ["M12 5v14", "M5 12h14"];

/** Asks before something that cannot be taken back. @param {{ title: string, lead: string, yes: string, no: string }} words @returns {Promise<boolean>} */
export function confirmed({ title, lead, yes, no }) {
  return new Promise((resolve) => {
    const dialog = make("dialog", { "aria-labelledby": "ask", class: "ask" });
    const close = (/** @type {boolean} */ answer) => { dialog.close(); dialog.remove(); resolve(answer); };
    dialog.append(make("h2", { id: "ask" }, title), make("p", { class: "lead" }, lead), make("div", { class: "pair" },
      make("button", { type: "button", class: "button", onclick: () => close(false) }, no),
      make("button", { type: "button", class: "button danger", onclick: () => close(true) }, yes)));
    dialog.addEventListener("cancel", () => close(false));
    root.append(dialog);
    dialog.showModal();
  });
}

function frame() {
  const focused = document.activeElement?.id;
  document.getElementById("languages")?.replaceChildren(languages());
  if (focused?.startsWith("language-")) document.getElementById(focused)?.focus();
}

frame();
onLanguage(frame);
