// @ts-check
import { make } from "./elements.js";
import { shared } from "./language.js";

/**
 * Each login has a colour of its own, made of its id: the page and the phone show the same one, so that a person with two
 * requests sees which is on the screen. It proves nothing and replaces no transfer code.
 */
const COLOURS = /** @type {const} */ (["blue", "green", "orange", "violet", "turquoise", "pink", "yellow", "brown"]);

/** The colour of a login. @param {string} loginId */
function colourOf(loginId) {
  let mixed = 2_166_136_261;
  for (const character of loginId) mixed = Math.imul(mixed ^ (character.codePointAt(0) ?? 0), 16_777_619) >>> 0;
  return /** @type {typeof COLOURS[number]} */ (COLOURS[((mixed ^ (mixed >>> 15)) >>> 0) % COLOURS.length]);
}

/** The mark of a login: a dot of its colour and the colour's name. @param {string} loginId */
export function loginMark(loginId) {
  const colour = colourOf(loginId);
  return make("span", { class: `login-mark ${colour}` }, shared().colours[colour]);
}
