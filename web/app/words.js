// @ts-check
import { own } from "../shared/own.js";
import { texts } from "./frame.js";

/** What the service writes where it could not tell. */
const UNTOLD = "?";

/** What a client is called. @param {import("./requests.js").Statement} shown */
export const clientName = ({ client, client_name }) => own(texts().request.clients, client) ?? client_name ?? client;

/** What the service could tell, or nothing. @param {string | null} told */
export const known = (told) => (told && told !== UNTOLD ? told : undefined);

/** With what somebody asks, as far as the service could tell. @param {string | null} browser @param {string | null} system */
export function browserName(browser, system) {
  const [first, second] = [known(browser), known(system)].filter(Boolean);
  return first && second ? texts().request.on(first, second) : first;
}

/** The network's number as registries write it (RFC 5396). @param {number | null | undefined} asn */
export const network = (asn) => (asn ? `AS${asn}` : undefined);

/** Digits in groups of four, as people read them out. @param {string} digits */
export const grouped = (digits) => digits.replace(/.{4}(?=.)/g, "$& ");
