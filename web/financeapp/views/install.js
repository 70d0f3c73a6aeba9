// @ts-check
import { make } from "../../shared/elements.js";
import { qrPicture } from "../../shared/pieces.js";
import { steps, texts } from "../frame.js";

/** Where the app is to be had, as links and codes. @param {{ links: Partial<import("../../smartident.js").AppLinks>, checked: boolean, back: () => void }} shown */
export function installView({ links, checked, back }) {
  const { install } = texts();
  const stores = /** @type {const} */ (["app_store", "play_store", "web"]).filter((store) => links[store]);
  return [
    make("h1", {}, install.title),
    make("p", { class: "lead" }, checked ? install.lead : install.leadPlain),
    steps(install.steps),
    make("ul", { class: "stores" }, ...stores.map((store) => {
      const address = new URL(links[store] ?? "", location.href).href;
      const name = install.stores[store];
      return make("li", {}, make("a", { href: address, target: "_blank", rel: "noopener noreferrer" },
        qrPicture(address, name), make("strong", {}, name), make("span", { class: "hint" }, install.storeHints[store])));
    })),
    make("button", { type: "button", class: "button", onclick: back }, install.back),
  ];
}
