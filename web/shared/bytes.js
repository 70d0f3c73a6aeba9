// @ts-check
/** Bytes as the wire writes them: base64url without padding. */

/** @param {ArrayBuffer | Uint8Array} data */
export const base64url = (data) =>
  btoa(String.fromCharCode(...new Uint8Array(data))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} */
export const fromBase64url = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (character) => character.charCodeAt(0));

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} */
export const utf8 = (text) => new TextEncoder().encode(text);

/** @param {unknown} value base64url of its JSON */
export const base64urlJson = (value) => base64url(utf8(JSON.stringify(value)));

/** @param {string} text base64url of JSON */
export const fromBase64urlJson = (text) => JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(fromBase64url(text)));

/** @param {string} text */
export const sha256 = (text) => crypto.subtle.digest("SHA-256", utf8(text));
