// @ts-check
import { make } from "../../shared/elements.js";
import { safeAddress } from "../../shared/links.js";
import { isAndroid, isApple, isPhone } from "../../shared/platform.js";
import { qrPicture } from "../../shared/qr_picture.js";
import { steps, texts } from "../frame.js";

/** @typedef {"app_store" | "play_store" | "web"} Store */

/** Where the app is to be had: on a computer as codes for the phone's camera, on a phone as buttons.
 * @param {{ links: Partial<import("../../smartident.js").AppLinks>, checked: boolean, back: () => void }} shown */
export function installView({ links, checked, back }) {
  const { install } = texts();
  const stores = order().flatMap((store) => {
    const address = safeAddress(links[store]);
    return address ? [{ store, address }] : [];
  });
  const phone = isPhone();
  return [
    make("h1", {}, install.title),
    make("p", { class: "lead" }, checked ? install.lead : install.leadPlain),
    steps([phone ? install.getHere : install.getByCode, ...install.steps]),
    stores.length > 0 ? (phone ? buttons(stores) : codes(stores)) : make("p", { class: "notice warn" }, install.none),
    make("p", { class: "hint" }, install.browsers),
    make("button", { type: "button", class: "button", onclick: back }, install.back),
  ];
}

/** The store that fits this device first. @returns {Store[]} */
const order = () => (isAndroid() ? ["play_store", "web", "app_store"] : isApple() ? ["app_store", "web", "play_store"] : ["app_store", "play_store", "web"]);

/** @param {{ store: Store, address: string }[]} stores */
function buttons(stores) {
  const { install } = texts();
  return make("ul", { class: "store-buttons" }, ...stores.map(({ store, address }, at) => make("li", {},
    make("a", { class: `button wide ${at === 0 ? "main" : ""}`, href: address, target: "_blank", rel: "noopener noreferrer" }, make("span", { class: "named" }, install.stores[store], make("small", {}, install.storeHints[store]))))));
}

/** @param {{ store: Store, address: string }[]} stores */
function codes(stores) {
  const { install } = texts();
  return make("ul", { class: "stores" }, ...stores.map(({ store, address }) => make("li", {}, make("a", { href: address, target: "_blank", rel: "noopener noreferrer" },
    qrPicture(address, install.stores[store]), make("strong", {}, install.stores[store]), make("span", { class: "hint" }, install.storeHints[store])))));
}
