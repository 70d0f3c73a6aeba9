// @ts-check
import { de } from "../language/de.js";
import { en } from "../language/en.js";

/** @typedef {"de" | "en"} Language */

const KEPT_AS = "language";
/** @type {Language} */ let spoken = remembered() ?? preferred();
/** @type {Set<() => void>} */ const listeners = new Set();
document.documentElement.lang = spoken;

/** The language of this page. */
export const language = () => spoken;

/** The texts of this page's language. @template T @param {{ de: T, en: T }} texts */
export const speak = (texts) => texts[spoken];

/** The texts that all pages share. */
export const shared = () => speak({ de, en });

/** Calls back after each change of language. @param {() => void} listener */
export const onLanguage = (listener) => { listeners.add(listener); };

/** Changes the language, here and at the next visit. @param {Language} next */
export function setLanguage(next) {
  spoken = next;
  document.documentElement.lang = next;
  try { localStorage.setItem(KEPT_AS, next); } catch { /* private mode: this visit only */ }
  for (const listener of listeners) listener();
}

/** @returns {Language | undefined} */
function remembered() {
  try {
    const kept = localStorage.getItem(KEPT_AS);
    return kept === "de" || kept === "en" ? kept : undefined;
  } catch { return undefined; }
}

/** The first of the browser's languages that we speak; German when there is none. @returns {Language} */
function preferred() {
  const known = navigator.languages.map((name) => name.slice(0, 2)).find((name) => name === "de" || name === "en");
  return known === "en" ? "en" : "de";
}
