// @ts-check
import { make } from "../../shared/elements.js";
import { shared } from "../../shared/language.js";
import { busy, countdown } from "../../shared/pieces.js";
import { explained } from "../../shared/refusals.js";
import { localTime } from "../clock.js";
import { codeField } from "../code_field.js";
import { CAMERA, CHECK, CROSS, FINGERPRINT, backLink, momentWords, sign, symbol, texts } from "../frame.js";
import { canScan } from "../scanner.js";
import { browserName, grouped, known, network } from "../words.js";

/**
 * What an old phone shows while it decides over a new one.
 *
 * @typedef {import("../requests.js").NewPhone} NewPhone
 * @typedef {import("../frame.js").Child} Child
 * @typedef {import("../service.js").Refusal} Refusal
 * @typedef {"approved" | "arrived" | "changed_my_mind" | "not_me" | "gone"} Outcome
 */

/** So many digits stand beside the QR code of a new phone. */
export const PAIRING_DIGITS = 8;

/** The question before all others. @param {NewPhone} phone @param {{ refused: Refusal | undefined, yes: () => void, notMe: (event: any) => unknown,
 *   blockMinutes: number }} asking */
export function questionView(phone, { refused, yes, notMe, blockMinutes }) {
  const { newPhone } = texts();
  return [make("div", { class: "headline" }, backLink(), make("h1", {}, newPhone.question)), make("p", { class: "notice warn" }, newPhone.warning), elsewhere(phone), facts(phone),
    countdown(localTime(phone.expiresAt), phone.expiresAt - phone.shown.requested_at), failure(refused),
    make("div", { class: "pair" }, make("button", { type: "button", class: "button filled danger", id: "not-me", "aria-describedby": "not-me-hint", onclick: notMe }, newPhone.no),
      make("button", { type: "button", class: "button main", id: "in-hand", onclick: yes }, newPhone.yes)),
    make("p", { class: "hint centre", id: "not-me-hint" }, newPhone.noHint(blockMinutes))];
}

/** The code of the new phone, then the fingerprint. @param {NewPhone} phone @param {{ scanned: string, typing: boolean, retires: boolean, keyGone: boolean,
 *   refused: Refusal | undefined, retire: (event: any) => void, scan: () => Promise<unknown>, type: () => void, approve: () => Promise<unknown>, decline: (event: any) => unknown }} asking */
export function scanView(phone, { scanned, typing, retires, keyGone, refused, retire, scan, type, approve, decline }) {
  const { newPhone, request, lost } = texts();
  const types = !scanned && (typing || !canScan());
  const button = make("button", { class: "button main", id: "approve" }, symbol(...FINGERPRINT), newPhone.approve);
  const scanner = canScan() && make("button", { type: "button", class: `button wide ${types || scanned ? "" : "main"}`, id: "scan", onclick: () => scan() }, symbol(...CAMERA), request.scan);
  return [backLink(), make("h1", {}, scanned ? newPhone.read : newPhone.title), make("p", { class: "lead" }, scanned ? newPhone.readLead : types ? newPhone.typeLead : newPhone.lead),
    make("p", { class: "same-phone" }, make("strong", {}, phone.shown.device_name), make("span", { class: "hint" }, newPhone.fingerprint, " ", make("strong", { class: "digits" }, grouped(phone.shown.fingerprint)))),
    make("form", { class: "stack", novalidate: true, onsubmit: (event) => { event.preventDefault(); busy(button, approve); } },
      !scanned && scanner, types && codeField({ id: "pairing_digits", label: newPhone.digits, hint: newPhone.digitsHint, digits: PAIRING_DIGITS, autocomplete: "off" }),
      !scanned && !types && make("button", { type: "button", class: "button quiet wide", id: "type", onclick: type }, newPhone.type),
      (scanned || types) && retirement(retires, retire), failure(refused), keyGone && make("p", { class: "notice bad", role: "alert" }, request.keyGone, " ", make("a", { href: "#/new" }, lost.setUp)),
      make("div", { class: "pair" }, make("button", { type: "button", class: "button danger", id: "decline", onclick: decline }, request.decline), (scanned || types) && button)),
    countdown(localTime(phone.expiresAt), phone.expiresAt - phone.shown.requested_at), make("p", { class: "notice warn" }, newPhone.source)];
}

/** Whether this phone leaves for the new one: in the same signature, and off until somebody wishes it. @param {boolean} retires @param {(event: any) => void} retire */
const retirement = (retires, retire) => make("div", { class: "choice" },
  make("label", {}, make("input", { type: "checkbox", id: "retire", checked: retires, "aria-describedby": "retire-hint", onchange: retire }), " ", texts().newPhone.retire),
  make("p", { class: "hint", id: "retire-hint" }, texts().newPhone.retireHint));

/** How it ended. @param {Outcome} outcome
 * @param {{ refused?: Refusal | undefined, name?: string | undefined, blockMinutes?: number, retires?: boolean }} about */
export function endView(outcome, { refused, name = "", blockMinutes = 0, retires = false }) {
  const { newPhone, decided } = texts();
  const good = !refused && (outcome === "approved" || outcome === "arrived");
  const said = newPhone.ends[outcome];
  const lead = refused ? explained(refused) : [good && retires ? newPhone.retires(name) : said.lead(name), outcome === "not_me" && blockMinutes > 0 && ` ${newPhone.blocked(shared().duration(blockMinutes * 60))}`];
  return [sign(good ? "good" : outcome === "gone" && !refused ? "calm" : "bad", ...(good ? CHECK : CROSS)), make("h1", {}, refused ? newPhone.refused : said.title),
    make("p", { class: "lead", role: "status" }, ...lead), make("a", { class: "button main wide", href: "#/" }, decided.done)];
}

/** @param {Refusal | undefined} refused */
const failure = (refused) => make("p", { class: "error", role: "alert" }, ...(refused ? explained(refused) : []));

/** Place and network as far as the service could tell. @param {{ place?: string | null | undefined, asn?: number | null | undefined }} where */
const whereabouts = ({ place, asn }) => [known(place ?? null), network(asn)].filter(Boolean).join(" · ");

/** Both places in red, where they differ. @param {NewPhone} phone */
function elsewhere({ shown, here, differs }) {
  const { newPhone, request } = texts();
  return differs && make("div", { class: "notice bad", id: "elsewhere" }, make("strong", {}, newPhone.elsewhere),
    make("p", {}, newPhone.there(whereabouts(shown) || request.unknown)), make("p", {}, newPhone.here(whereabouts(here) || request.unknown)), make("p", {}, newPhone.elsewhereLead));
}

/** What is known of the new phone in three lines; all of it on a tap. @param {NewPhone} phone */
function facts({ shown, differs }) {
  const { newPhone, request } = texts();
  const [where, browser, at] = [whereabouts(shown), browserName(shown.browser, shown.os), momentWords(new Date(shown.requested_at * 1000), "medium")];
  const fingerprint = () => make("strong", { class: "digits" }, grouped(shown.fingerprint));
  /** @type {[string, Child, boolean?][]} */ const rows = [
    [newPhone.name, shown.device_name], [request.browser, browser ?? request.unknown], [request.account, shown.access_number],
    [request.place, [where, shown.ip].filter(Boolean).join(" · "), differs], [request.at, at], [newPhone.fingerprint, fingerprint()],
  ];
  return make("details", { class: "facts" },
    make("summary", {}, make("strong", {}, shown.device_name), make("span", {}, [where || shown.ip, browser, at].filter(Boolean).join(" · ")),
      make("span", {}, newPhone.fingerprint, " ", fingerprint())),
    make("dl", {}, ...rows.map(([term, value, bad]) => make("div", { class: bad ? "bad" : "" }, make("dt", {}, term), make("dd", {}, value)))));
}
