// @ts-check
import { draw, make, replace } from "./elements.js";
import { language, setLanguage, shared } from "./language.js";

/** @typedef {import("./elements.js").Child} Child */

/** A labelled input with its hint and the place for its refusal. @param {{ id: string, label: string, hint?: string | undefined,
 * type?: string, input?: Record<string, import("./elements.js").Value>, beside?: Child }} field */
export function field({ id, label, hint, type = "text", input = {}, beside }) {
  return make("div", { class: "field" },
    make("label", { for: id }, label),
    make("div", { class: beside && type === "password" ? "entry peeked" : "entry" },
      make("input", { id, name: id, type, "aria-describedby": `${hint ? `${id}-hint ` : ""}${id}-error`, ...input }), beside),
    hint && make("p", { class: "hint", id: `${id}-hint` }, hint),
    make("p", { class: "error", id: `${id}-error`, role: "alert" }));
}

/** A password field that can be shown. @param {string} label @param {string} [hint] */
export function passwordField(label, hint) {
  const texts = shared();
  const toggle = make("button", { type: "button", class: "peek", "aria-pressed": "false", "aria-label": texts.showPassword, onclick: () => {
    const input = /** @type {HTMLInputElement} */ (document.getElementById("password"));
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    toggle.setAttribute("aria-pressed", String(shown));
    toggle.setAttribute("aria-label", shown ? texts.hidePassword : texts.showPassword);
  } }, eye());
  return field({ id: "password", label, hint, type: "password",
    input: { autocomplete: "current-password", maxlength: 1024, required: true }, beside: toggle });
}

/** Says beside a field what is wrong with it, and goes there; without words the field is fine. @param {string} id @param {...Child} words */
export function complain(id, ...words) {
  const input = document.getElementById(id);
  const error = document.getElementById(`${id}-error`);
  if (!input || !error) return;
  const said = words.filter(Boolean);
  replace(error, said);
  if (said.length > 0) { input.setAttribute("aria-invalid", "true"); input.focus(); }
  else input.removeAttribute("aria-invalid");
}

/** A button that says it is busy while its work runs, and cannot be pressed twice.
 * @param {HTMLButtonElement} button @param {() => Promise<unknown>} work */
export async function busy(button, work) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  button.classList.add("busy");
  try { await work(); } finally {
    button.removeAttribute("aria-disabled");
    button.classList.remove("busy");
  }
}

/** Minutes and seconds until a moment. @param {number} seconds */
export const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

/** The time left as text and bar; stops by itself once it is gone from the page. @param {Date} end @param {number} lifetime in seconds */
export function countdown(end, lifetime) {
  const words = make("p", { class: "left" });
  const bar = make("progress", { max: lifetime, "aria-hidden": "true" });
  const announced = make("p", { class: "unseen", role: "status" });
  const tick = () => {
    const seconds = Math.max(0, Math.floor((end.getTime() - Date.now()) / 1000));
    words.textContent = shared().timeLeft(clock(seconds));
    bar.value = seconds;
    bar.classList.toggle("short", seconds <= 30);
    if (seconds === 30) announced.textContent = shared().halfMinute;
  };
  const timer = setInterval(() => (words.isConnected ? tick() : clearInterval(timer)), 1000);
  tick();
  return make("div", { class: "countdown" }, words, bar, announced);
}

/** The two languages as buttons. */
export function languages() {
  const texts = shared();
  return make("div", { class: "languages", role: "group", "aria-label": texts.language },
    ...(/** @type {const} */ (["de", "en"])).map((name) => make("button", {
      type: "button", id: `language-${name}`, lang: name, "aria-pressed": String(language() === name), onclick: () => setLanguage(name),
    }, make("span", { class: "unseen" }, texts.other[name]), make("span", { "aria-hidden": "true" }, name.toUpperCase()))));
}

function eye() {
  return draw("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" },
    draw("path", { d: "M2 12s3.6-6.5 10-6.5S22 12 22 12s-3.6 6.5-10 6.5S2 12 2 12Z" }), draw("circle", { cx: 12, cy: 12, r: 3 }));
}
