// @ts-check
import { make } from "../../shared/elements.js";
import { busy } from "../../shared/pieces.js";
import { explained } from "../../shared/refusals.js";
import { correctedNow, localTime } from "../clock.js";
import { FINGERPRINT, PLUS, momentWords, sign, symbol, texts } from "../frame.js";
import { registrationUnderWay } from "../vault.js";
import { browserName, clientName } from "../words.js";

/** @typedef {import("../frame.js").App} App */

/** The browser's offer to install the app. @type {any} */ let offer;
addEventListener("beforeinstallprompt", (event) => { event.preventDefault(); offer = event; });

/** What waits for a decision, and the stored accounts. @param {App} app @returns {import("../frame.js").View} */
export function homeView(app) {
  /** @type {import("../vault.js").Registration | undefined} */ let underWay;
  registrationUnderWay().then((found) => {
    if (!found || found.expires_at <= correctedNow()) return;
    underWay = found;
    app.refresh();
  });
  const render = () => {
    const { requests } = app;
    const goOn = underWay && resume(underWay.phone_hint);
    return requests.accounts.length ? [...waiting(requests), ...requests.newcomers.map((one) => newcomer(requests, one)), goOn, stored(requests), add(false), install()] : [...empty(), goOn, add(true), install()];
  };
  return { render, changed: app.refresh };
}

function empty() {
  const { empty } = texts();
  return [sign("calm", ...FINGERPRINT), make("h1", {}, empty.title), make("p", { class: "lead" }, empty.lead)];
}

/** @param {import("../requests.js").Requests} requests */
function waiting({ open, refusal, asked }) {
  const { home, offline, trouble } = texts();
  const offlineNow = refusal?.code === "network_unavailable";
  const news = refusal && make("p", { class: "notice warn", role: "status" }, ...(offlineNow ? [offline] : [`${trouble} `, ...explained(refusal)]));
  const list = open.map((request) => make("li", {}, make("a", { class: "tile request", href: `#/request/${encodeURIComponent(request.loginId)}` },
    make("strong", {}, home.request(clientName(request.shown.client))),
    make("span", { class: "hint" }, [browserName(request.shown.browser, request.shown.os), momentWords(localTime(request.shown.requested_at))].filter(Boolean).join(" · ")),
    make("span", { class: "hint" }, home.number(request.shown.access_number)))));
  return [
    make("h1", {}, home.title), news,
    make("div", { "aria-live": "polite", class: "tight" }, list.length > 0 && make("ul", { class: "tiles" }, ...list)),
    list.length === 0 && asked && !refusal && make("div", { class: "nothing" }, sign("calm", ...FINGERPRINT),
      make("p", {}, make("strong", {}, home.nothing)), make("p", { class: "hint" }, home.nothingLead)),
  ];
}

/** A device that came after this one: the person's own, or somebody's who knows the password and reads the SMS.
 * @param {import("../requests.js").Requests} requests @param {import("../requests.js").Newcomer} newcomer */
function newcomer(requests, newcomer) {
  const { newer } = texts().home;
  const { account, name, since } = newcomer;
  return make("section", { class: "notice warn", "aria-label": newer.title },
    make("h2", {}, newer.title), make("p", {}, newer.lead(name, account.access_number, momentWords(localTime(since)))), make("p", {}, newer.warning),
    make("div", { class: "pair small" },
      make("button", { type: "button", class: "button", onclick: ({ currentTarget }) => busy(currentTarget, () => requests.know(newcomer)) }, newer.mine),
      make("a", { class: "button", href: `#/account/${encodeURIComponent(account.account_id)}` }, newer.look)));
}

/** @param {import("../requests.js").Requests} requests */
function stored({ accounts, unknown }) {
  const { home } = texts();
  return make("section", { class: "tight", "aria-labelledby": "stored" }, make("h2", { id: "stored" }, home.accounts),
    make("ul", { class: "tiles" }, ...accounts.map(({ account_id, display_name, access_number, revoked }) => make("li", {},
      make("a", { class: "tile", href: `#/account/${encodeURIComponent(account_id)}` },
        make("strong", {}, display_name), make("span", { class: "hint" }, home.number(access_number)),
        (revoked || unknown.has(account_id)) && make("span", { class: "badge bad" }, revoked ? home.revoked : home.unknown))))));
}

/** @param {string} phone */
function resume(phone) {
  const { home } = texts();
  return make("a", { class: "tile", href: "#/code" }, make("strong", {}, home.goOn), make("span", { class: "hint" }, home.goOnLead(phone)));
}

/** @param {boolean} main */
const add = (main) => make("a", { class: `button wide ${main ? "main" : ""}`, href: "#/new", id: "add" }, symbol(...PLUS), texts().home.add);

const install = () => offer && make("button", { type: "button", class: "button quiet wide", onclick: () => offer.prompt() }, texts().install);
