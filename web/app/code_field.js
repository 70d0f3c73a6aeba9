// @ts-check
import { onlyDigits } from "../shared/digits.js";
import { field } from "../shared/pieces.js";

/** A field for digits of any script: takes pasted spaces and dashes, keeps digits only. @param {{ id: string, label: string, hint?: string,
 * digits: number, autocomplete: string, beside?: import("../shared/elements.js").Child }} asked */
export const codeField = ({ id, label, hint, digits, autocomplete, beside }) => field({ id, label, hint, beside, input: {
  class: "digits", inputmode: "numeric", autocomplete, spellcheck: "false", maxlength: digits * 4, required: true,
  oninput: ({ target, isComposing }) => {
    const typed = onlyDigits(target.value).slice(0, digits);
    if (!isComposing && target.value !== typed) target.value = typed;
  },
} });

/** What stands in a code field. @param {string} id */
export const typedCode = (id) => onlyDigits(/** @type {HTMLInputElement | null} */ (document.getElementById(id))?.value ?? "");
