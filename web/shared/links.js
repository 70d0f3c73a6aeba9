// @ts-check
import { config } from "../config.js";
import { make } from "./elements.js";
import { shared } from "./language.js";

/** @typedef {"help" | "contact" | "imprint" | "privacy" | "forgotPassword"} LinkName */

const SCHEMES = new Set(["https:", "http:", "mailto:", "tel:", "itms-apps:", "market:"]);

/** An address that a page may lead to; nothing for what is none, or would run as a script. @param {string | undefined} address */
export function safeAddress(address) {
  try {
    const { href, protocol } = new URL(address ?? "", location.href);
    return address?.trim() && SCHEMES.has(protocol) ? href : undefined;
  } catch { return undefined; }
}

/** A link that the operator has set; nothing where there is none. @param {LinkName} name */
export function configuredLink(name) {
  const address = safeAddress(config.links[name]);
  return address && make("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, shared().links[name]);
}

/** Help, contact, imprint and privacy, as far as the operator has set them. */
export function legalLinks() {
  const links = /** @type {const} */ (["help", "contact", "imprint", "privacy"]).map(configuredLink).filter((link) => link !== undefined);
  return links.length > 0 && make("ul", { class: "links" }, ...links.map((link) => make("li", {}, link)));
}
