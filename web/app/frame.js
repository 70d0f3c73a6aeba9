// @ts-check
import { draw, make, show } from "../shared/elements.js";
import { language, onLanguage, speak } from "../shared/language.js";
import { languages } from "../shared/pieces.js";
import { tellTrial } from "../shared/trial.js";
import { de } from "./language/de.js";
import { en } from "./language/en.js";

/**
 * A view: what it shows, drawn again whenever something changed, and what it ends when it is left. A task (`task`) fills the
 * screen: there is a way back, and no tabs.
 *
 * @typedef {import("../shared/elements.js").Child} Child
 * @typedef {{ render: () => Child[], changed?: () => void, leave?: () => void, task?: boolean }} View
 * @typedef {{ requests: import("./requests.js").Requests, refresh: () => void, go: (path: string) => void }} App
 */

/** The app's texts in the page's language. */
export const texts = () => speak({ de, en });

/** Where the views go. */
export const root = /** @type {HTMLElement} */ (document.getElementById("view"));

/** Shows a view. @param {...Child} children */
export const open = (...children) => show(root, children, "smartIDENT");

/** What stands there until there is something to show. */
export const loading = () => make("p", { class: "hint" }, texts().account.loading);

/** A moment in words; with seconds where two may lie close together. @param {Date} moment @param {"short" | "medium"} [timeStyle] */
export const momentWords = (moment, timeStyle = "short") => {
  const today = moment.toDateString() === new Date().toDateString();
  return moment.toLocaleString(language(), today ? { timeStyle } : { dateStyle: "medium", timeStyle });
};

/** The way back. @param {string} [where] */
export const backLink = (where = "#/") => make("a", { class: "back", href: where }, symbol("M15 5l-7 7 7 7"), make("span", {}, texts().back));

/** A line drawing. @param {...string} paths */
export const symbol = (...paths) => draw("svg", { class: "symbol", viewBox: "0 0 24 24", "aria-hidden": "true" }, ...paths.map((d) => draw("path", { d })));

/** A large sign above a heading. @param {"good" | "bad" | "calm"} mood @param {...string} paths */
export const sign = (mood, ...paths) => make("div", { class: `sign ${mood}`, "aria-hidden": "true" }, symbol(...paths));

export const FINGERPRINT = ["M5 14v-3a7 7 0 0 1 12-5", "M19 10v5", "M8.500 19v-7.500a3.500 3.500 0 0 1 7 0V14", "M12 12v9", "M15.500 17.500v2"];
export const CHECK = ["M5 12.500l4.500 4.500L19 7.500"];
export const CROSS = ["M6.500 6.500l11 11", "M17.500 6.500l-11 11"];
export const PLUS = ["M12 5v14", "M5 12h14"];
export const CAMERA = ["M4 8V5a1 1 0 0 1 1-1h3", "M16 4h3a1 1 0 0 1 1 1v3", "M20 16v3a1 1 0 0 1-1 1h-3", "M8 20H5a1 1 0 0 1-1-1v-3", "M8 8h3v3H8z", "M13 8h3v3h-3z", "M8 13h3v3H8z", "M13.500 13.500v2.500h2.500"];
export const PHONE = ["M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1z", "M11 18h2"];
const PEOPLE = ["M4 6h16v12H4z", "M8 10h5", "M8 14h8"];

/** Asks before something that cannot be taken back. @param {{ title: string, lead: string, yes: string, no: string }} words @returns {Promise<boolean>} */
export function confirmed({ title, lead, yes, no }) {
  return new Promise((resolve) => {
    const dialog = make("dialog", { "aria-labelledby": "ask", class: "ask" });
    const close = (/** @type {boolean} */ answer) => { dialog.close(); dialog.remove(); resolve(answer); };
    dialog.append(make("h2", { id: "ask" }, title), make("p", { class: "lead" }, lead), make("div", { class: "pair" },
      make("button", { type: "button", class: "button", onclick: () => close(false) }, no),
      make("button", { type: "button", class: "button danger", onclick: () => close(true) }, yes)));
    openDialog(dialog, () => close(false));
  });
}

/** Opens a dialog above the view; `left` when the person closes it by a key or goes elsewhere.
 * @param {HTMLDialogElement} dialog @param {() => void} left */
export function openDialog(dialog, left) {
  dialog.addEventListener("cancel", left);
  addEventListener("hashchange", () => dialog.isConnected && left(), { once: true });
  document.body.append(dialog);
  dialog.showModal();
}

/** The tabs at the bottom: where one is, and how much waits. @param {{ task: boolean, waiting: number }} shown */
export function drawTabs({ task, waiting }) {
  const { tabs } = texts();
  const here = location.hash.split("/")[1] ?? "";
  const count = waiting > 0 && make("span", { class: "count" }, make("span", { "aria-hidden": "true" }, waiting), make("span", { class: "unseen" }, tabs.waiting(waiting)));
  const tab = (/** @type {string} */ path, /** @type {string[]} */ names, /** @type {string[]} */ paths, /** @type {string} */ words, /** @type {Child} */ more = undefined) =>
    make("a", { class: "tab", href: `#/${path}`, id: `tab-${path || "approvals"}`, "aria-current": names.includes(here) ? "page" : undefined }, symbol(...paths), make("span", {}, words, more));
  const nav = /** @type {HTMLElement} */ (document.getElementById("tabs"));
  const focused = document.activeElement?.id;
  document.body.classList.toggle("task", task);
  document.body.classList.toggle("deciding", root.querySelector(".headline") !== null);
  nav.hidden = task;
  nav.setAttribute("aria-label", tabs.label);
  nav.replaceChildren(tab("", ["", "request", "new-phone"], FINGERPRINT, tabs.approvals, count), tab("accounts", ["accounts", "account", "new", "code", "pairing", "recovery", "recovery-codes"], PEOPLE, tabs.accounts));
  if (focused?.startsWith("tab-")) document.getElementById(focused)?.focus();
}

function frame() {
  tellTrial();
  const focused = document.activeElement?.id;
  const plus = document.getElementById("plus");
  plus?.setAttribute("aria-label", texts().home.add);
  plus?.setAttribute("title", texts().home.add);
  plus?.replaceChildren(symbol(...PLUS));
  document.getElementById("languages")?.replaceChildren(languages());
  if (focused?.startsWith("language-")) document.getElementById(focused)?.focus();
}

frame();
onLanguage(frame);
