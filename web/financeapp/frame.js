// @ts-check
import { make, show } from "../shared/elements.js";
import { onLanguage, speak } from "../shared/language.js";
import { legalLinks } from "../shared/links.js";
import { languages } from "../shared/pieces.js";
import { tellTrial } from "../shared/trial.js";
import { de } from "./language/de.js";
import { en } from "./language/en.js";

/** FinanceApp's texts in the page's language. */
export const texts = () => speak({ de, en });

/** Where the views go. */
export const view = /** @type {HTMLElement} */ (document.getElementById("view"));

/** Shows a view in the page. @param {...import("../shared/elements.js").Child} children */
export function open(...children) {
  show(view, children, "FinanceApp");
  // Where something comes late, nothing above it may move.
  for (const box of [view, view.parentElement]) box?.classList.toggle("late", view.querySelector(".doubt") !== null);
}

/** What stands around every view, in the page's language. */
function frame() {
  const { motto, mottoMore, footer } = texts();
  for (const [id, text] of Object.entries({ motto, "motto-more": mottoMore, footer })) {
    document.getElementById(id)?.replaceChildren(text);
  }
  document.getElementById("links")?.replaceChildren(...[legalLinks()].filter((links) => links !== false));
  tellTrial();
  const focused = document.activeElement?.id;
  document.getElementById("languages")?.replaceChildren(languages());
  if (focused?.startsWith("language-")) document.getElementById(focused)?.focus();
}

/** A list in numbered steps. @param {string[]} steps */
export const steps = (steps) => make("ol", { class: "steps" }, ...steps.map((step) => make("li", {}, step)));

frame();
onLanguage(frame);
