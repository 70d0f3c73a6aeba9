// @ts-check
import { make, replace } from "../../shared/elements.js";
import { busy } from "../../shared/pieces.js";
import { explained } from "../../shared/refusals.js";
import { CHECK, sign, texts } from "../frame.js";
import { asDevice } from "../requests.js";
import { revokeDevice } from "../revocation.js";
import { asRefusal } from "../service.js";
import { pushOffer } from "./push.js";

/**
 * @typedef {import("../vault.js").Account} Account
 * @typedef {{ id: string, name: string }} Dead this phone as it was before it lost its keys: still in the list, and of no use to anybody
 */

/** The account is stored: step 5. @param {Account} account @param {Dead | undefined} dead */
export function storedView(account, dead) {
  const { stored } = texts();
  return [sign("good", ...CHECK), make("h1", {}, stored.title), make("p", { class: "lead" }, stored.lead(account.display_name, account.access_number)),
    dead && deadDevice(account, dead), pushOffer(), make("a", { class: "button main wide", href: "#/" }, stored.done)];
}

/** @param {Account} account @param {Dead} dead */
function deadDevice(account, { id, name }) {
  const { stored } = texts();
  const news = make("p", { role: "status" });
  const revoke = make("button", { type: "button", class: "button", onclick: () => busy(revoke, async () => {
    try {
      const { devices } = await asDevice(account, "GET", "/v1/devices");
      const listed = devices.find((/** @type {{ device_id: string }} */ { device_id }) => device_id === id);
      if (listed) await revokeDevice(account, listed);
      news.textContent = stored.deadGone;
      revoke.remove();
    } catch (error) { replace(news, explained(asRefusal(error))); }
  }) }, stored.deadRevoke);
  return make("section", { class: "notice warn", "aria-label": stored.dead(name) }, make("p", {}, stored.dead(name)), news, revoke);
}
