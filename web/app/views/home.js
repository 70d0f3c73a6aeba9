// @ts-check
import { make } from "../../shared/elements.js";
import { loginMark } from "../../shared/login_mark.js";
import { busy } from "../../shared/pieces.js";
import { explained } from "../../shared/refusals.js";
import { correctedNow, localTime } from "../clock.js";
import { FINGERPRINT, PHONE, momentWords, sign, symbol, texts } from "../frame.js";
import { isByCode, isByDevice, pathOf } from "../registration.js";
import { registrationUnderWay } from "../vault.js";
import { browserName, clientName, known } from "../words.js";
import { emptyView } from "./accounts.js";
import { frozenNotice } from "./freeze.js";
import { lostKeys, troubleView, unusableView } from "./lost.js";

/** @typedef {import("../frame.js").App} App */

/** "Freigabe": what waits for a decision. @param {App} app @returns {import("../frame.js").View} */
export function homeView(app) {
  const underWay = registrationTile(app);
  const render = () => {
    const { requests } = app;
    if (requests.trouble) return troubleView(app, requests.trouble);
    if (requests.accounts.length === 0 && requests.lost.length === 0) return emptyView(underWay());
    if (requests.accounts.length === 0) return [lostKeys(app, "h1"), underWay()];
    const waits = requests.usable.length > 0 ? waiting(requests) : unusableView(app);
    const frozen = requests.usable.filter(({ account_id }) => requests.frozen.has(account_id));
    return [...frozen.map(frozenNotice), ...waits, ...requests.newcomers.map((one) => newcomer(requests, one)), underWay(), lostKeys(app, "h2")];
  };
  return { render, changed: app.refresh };
}

/** The setup that somebody began and did not finish, once it is known. @param {App} app */
function registrationTile(app) {
  /** @type {import("../vault.js").Registration | undefined} */ let found;
  registrationUnderWay().then((registration) => {
    if (!registration || registration.expires_at <= correctedNow()) return;
    found = registration;
    app.refresh();
  }).catch(() => {});
  return () => {
    const { home } = texts();
    const lead = found && (found.waits_until ? home.goOnWaiting : isByDevice(found) ? home.goOnPairing : isByCode(found) ? home.goOnCode : found.confirm_by === "recovery" ? home.goOnRecovery : home.goOnLead(found.phone_hint));
    return found && make("a", { class: "tile", href: `#${pathOf(found)}` }, make("strong", {}, home.goOn), make("span", { class: "hint" }, lead));
  };
}

/** @param {import("../requests.js").Requests} requests */
function waiting({ open, newPhones, delayed, refusal, asked, usable, frozen }) {
  const { home, offline, trouble } = texts();
  const offlineNow = refusal?.code === "network_unavailable";
  const news = refusal && make("p", { class: "notice warn", role: "status" }, ...(offlineNow ? [offline] : [`${trouble} `, ...explained(refusal)]));
  return [
    make("h1", {}, home.title), news,
    make("div", { "aria-live": "polite", class: "tight" }, ...delayed.map(delayedPhone), ...newPhones.map(newPhone), open.length > 0 && make("ul", { class: "tiles" }, ...open.map(tile))),
    open.length + newPhones.length + delayed.length === 0 && asked && !refusal && make("div", { class: "nothing" }, sign("calm", ...FINGERPRINT),
      make("p", {}, make("strong", {}, home.nothing)), !usable.every(({ account_id }) => frozen.has(account_id)) && make("p", { class: "hint" }, home.nothingLead)),
  ];
}

/** @param {import("../requests.js").Request} request */
function tile({ loginId, shown }) {
  const { home } = texts();
  const facts = [known(shown.place), shown.told_by_client ? undefined : browserName(shown.browser, shown.os), momentWords(new Date(shown.requested_at * 1000), "medium")];
  return make("li", {}, make("a", { class: "tile request", href: `#/request/${encodeURIComponent(loginId)}` },
    make("strong", {}, home.request(clientName(shown)), loginMark(loginId)),
    make("span", { class: "hint" }, facts.filter(Boolean).join(" · ")),
    make("span", { class: "hint" }, home.number(shown.access_number))));
}

/** A phone that wants to be let in stands apart from logins. @param {import("../requests.js").NewPhone} phone */
function newPhone({ id, shown }) {
  const { home } = texts();
  const facts = [known(shown.place), browserName(shown.browser, shown.os), momentWords(new Date(shown.requested_at * 1000), "medium")];
  return make("a", { class: "tile request new-phone", href: `#/new-phone/${encodeURIComponent(id)}` }, symbol(...PHONE),
    make("span", { class: "badge warn" }, home.newPhone), make("strong", {}, home.newPhoneAsk),
    make("span", {}, shown.device_name), make("span", { class: "hint" }, facts.filter(Boolean).join(" · ")),
    make("span", { class: "hint" }, home.number(shown.access_number)));
}

/** A phone that comes in by itself unless somebody stops it. @param {import("../requests.js").DelayedPhone} phone */
function delayedPhone({ id, shown, admitsAt }) {
  const { home } = texts();
  return make("a", { class: "tile request new-phone", href: `#/delayed/${encodeURIComponent(id)}` }, symbol(...PHONE),
    make("span", { class: "badge warn" }, home.newPhone), make("strong", {}, home.delayedAsk(momentWords(localTime(admitsAt)))),
    make("span", {}, shown.device_name), make("span", { class: "hint" }, home.number(shown.access_number)));
}

/** Another device: the person's own, or somebody's who knows the password and reads the SMS.
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
