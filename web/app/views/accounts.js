// @ts-check
import { make } from "../../shared/elements.js";
import { language } from "../../shared/language.js";
import { legalLinks } from "../../shared/links.js";
import { busy } from "../../shared/pieces.js";
import { FINGERPRINT, PLUS, sign, symbol, texts } from "../frame.js";
import { canInstall, install } from "../install_offer.js";
import { lostKeys, troubleView } from "./lost.js";
import { pushSetting } from "./push.js";

/** @typedef {import("../frame.js").App} App */

/** "Zugänge": what is stored on this device. @param {App} app @returns {import("../frame.js").View} */
export function accountsView(app) {
  const render = () => {
    const { requests } = app;
    if (requests.trouble) return troubleView(app, requests.trouble);
    const around = [installButton(app), legalLinks()];
    if (requests.accounts.length > 0) return [make("h1", {}, texts().tabs.accounts), stored(requests), lostKeys(app, "h2"), add(false), pushSetting(), ...around];
    return requests.lost.length > 0 ? [lostKeys(app, "h1"), ...around] : [...emptyView(), ...around];
  };
  return { render, changed: app.refresh };
}

/** No account yet; or there was one, and not even the memory of it is left. @param {import("../frame.js").Child} [underWay] a setup that was begun */
export function emptyView(underWay) {
  const { empty } = texts();
  return [sign("calm", ...FINGERPRINT), make("h1", {}, empty.title), make("p", { class: "lead" }, empty.lead), underWay, add(true),
    make("details", { class: "notice" }, make("summary", {}, empty.before), make("p", {}, empty.beforeLead))];
}

/** @param {boolean} main */
const add = (main) => make("a", { class: `button wide ${main ? "main" : ""}`, href: "#/new", id: "add" }, symbol(...PLUS), texts().home.add);

/** @param {import("../requests.js").Requests} requests */
function stored({ accounts, unknown }) {
  const { home } = texts();
  const order = new Intl.Collator(language(), { numeric: true });
  const sorted = [...accounts].sort((one, other) => order.compare(one.display_name, other.display_name) || order.compare(one.access_number, other.access_number));
  return make("ul", { class: "tiles" }, ...sorted.map(({ account_id, display_name, access_number, revoked, retired }) => make("li", {},
    make("a", { class: "tile", href: `#/account/${encodeURIComponent(account_id)}` },
      make("strong", {}, display_name), make("span", { class: "hint" }, home.number(access_number)),
      (revoked || unknown.has(account_id)) && make("span", { class: retired ? "badge" : "badge bad" }, retired ? home.retired : revoked ? home.revoked : home.unknown)))));
}

/** The browser's offer to install the app, while there is one. @param {App} app */
export const installButton = (app) => canInstall() && make("button", { type: "button", class: "button quiet wide", id: "install",
  onclick: ({ currentTarget }) => busy(currentTarget, install).then(app.refresh) }, texts().install);
