// @ts-check
const DIGIT = /^\p{Nd}$/u;

/** Digits of any script as 0 to 9: Unicode keeps each script's digits together, from its zero on, in runs of ten.
 * @param {string} text */
const westernDigits = (text) => text.replace(/\p{Nd}/gu, (digit) => String(valueOf(digit.codePointAt(0) ?? 0)));

/** @param {number} point */
function valueOf(point) {
  let first = point;
  while (DIGIT.test(String.fromCodePoint(first - 1))) first--;
  return (point - first) % 10;
}

/** The digits of what was typed or pasted, whatever stands between them. @param {string} text */
export const onlyDigits = (text) => westernDigits(text).replace(/\D/g, "");

/** An identifier as it was meant: without marks that nobody sees, an access number in digits that everybody reads. @param {string} text */
export function typedIdentifier(text) {
  const seen = text.replace(/[\p{Cf}\p{Cc}]/gu, "").trim();
  return seen.includes("@") ? seen : westernDigits(seen);
}
