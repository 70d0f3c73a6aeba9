// @ts-check
import { make } from "../../shared/elements.js";
import { loginMark } from "../../shared/login_mark.js";
import { busy, complain, countdown } from "../../shared/pieces.js";
import { explained } from "../../shared/refusals.js";
import { localTime } from "../clock.js";
import { codeField } from "../code_field.js";
import { CAMERA, FINGERPRINT, backLink, momentWords, symbol, texts } from "../frame.js";
import { LOGIN_CODE, canScan, scanCode } from "../scanner.js";
import { browserName, clientName, known, network } from "../words.js";

/**
 * @typedef {import("../requests.js").Statement} Statement
 * @typedef {{ others: number, blockMinutes: number, refused: import("../service.js").Refusal | undefined, keyGone: boolean, approve: () => Promise<unknown>,
 *   decline: (event: any) => unknown, notMe: (event: any) => unknown }} Asking
 */

/** What asks, and the two answers. On a small phone all of it is reachable without scrolling: the facts take two lines and unfold.
 * @param {import("../requests.js").Request} request @param {Asking} asking */
export function askView({ loginId, shown, digits, expiresAt }, { others, blockMinutes, refused, keyGone, approve, decline, notMe }) {
  const { request, lost } = texts();
  const button = make("button", { class: "button main", id: "approve" }, symbol(...FINGERPRINT), request.approve);
  return [make("div", { class: "headline" }, backLink(), make("h1", {}, request.title)),
    facts(loginId, shown), countdown(localTime(expiresAt), expiresAt - shown.requested_at),
    others > 0 && make("a", { class: "notice calm", href: "#/" }, request.others(others)),
    shown.new_country ? make("p", { class: "notice bad", id: "new-country" }, request.newCountry) : make("p", { class: "notice warn" }, request.warning),
    make("form", { class: "stack", novalidate: true, onsubmit: (event) => { event.preventDefault(); busy(button, approve); } },
      digits > 0 && transferCode(digits),
      refused && make("p", { class: "error", role: "alert" }, ...explained(refused)),
      keyGone && make("p", { class: "notice bad", role: "alert" }, request.keyGone, " ", make("a", { href: "#/new" }, lost.setUp)),
      make("div", { class: "pair" }, make("button", { type: "button", class: "button filled danger", id: "decline", onclick: decline }, request.decline), button),
      make("div", { class: "tight" },
        make("button", { type: "button", class: "button danger wide", id: "not-me", "aria-describedby": "not-me-hint", onclick: notMe }, request.notMe),
        make("p", { class: "hint centre", id: "not-me-hint" }, request.notMeHint(blockMinutes, shown.told_by_client ? clientName(shown) : undefined))))];
}

/** Who asks, from where and when, in two lines; all of it on a tap. @param {string} loginId @param {Statement} shown */
function facts(loginId, shown) {
  const { request } = texts();
  const at = momentWords(new Date(shown.requested_at * 1000), "medium");
  const place = known(shown.place);
  const browser = browserName(shown.browser, shown.os);
  const site = known(shown.origin)?.replace(/^https?:\/\//, "");
  // No network of ours has seen what a client tells.
  const said = (/** @type {string} */ told) => (shown.told_by_client ? request.saidBy(told, clientName(shown)) : told);
  const rows = [
    ...(shown.binding_message ? [[request.message, shown.binding_message]] : []),
    [request.place, said([place, network(shown.asn), known(shown.ip)].filter(Boolean).join(" · ") || request.unknown)],
    [request.client, [clientName(shown), shown.client_host].filter(Boolean).join(" · ")], [request.origin, site ?? request.unknown], [request.account, shown.access_number],
    [request.browser, said(browser ?? request.unknown)], [request.at, at],
  ];
  return make("details", { class: "facts" },
    make("summary", {}, make("strong", {}, clientName(shown), loginMark(loginId)), make("span", {}, [place ?? (shown.told_by_client ? undefined : shown.ip), shown.told_by_client ? undefined : browser, shown.binding_message, at].filter(Boolean).join(" · "))),
    make("dl", {}, ...rows.map(([term = "", value = ""]) => make("div", {}, make("dt", {}, term), make("dd", {}, value)))));
}

/** @param {number} digits */
function transferCode(digits) {
  const { request } = texts();
  const scan = canScan() && make("button", { type: "button", class: "button", id: "scan", onclick: async () => {
    try {
      const code = await scanCode(LOGIN_CODE, request.scanning);
      const input = /** @type {HTMLInputElement | null} */ (document.getElementById("transfer_code"));
      if (code && input) { input.value = code; complain("transfer_code"); }
    } catch { complain("transfer_code", texts().request.noCamera); }
  } }, symbol(...CAMERA), make("span", {}, request.scan));
  return codeField({ id: "transfer_code", label: request.code, hint: request.codeHint, digits, autocomplete: "off", beside: scan });
}
