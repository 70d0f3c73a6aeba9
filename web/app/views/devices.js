// @ts-check
import { make, replace } from "../../shared/elements.js";
import { shared } from "../../shared/language.js";
import { complain, field } from "../../shared/pieces.js";
import { explained } from "../../shared/refusals.js";
import { localTime } from "../clock.js";
import { confirmed, momentWords, texts } from "../frame.js";
import { asDevice } from "../requests.js";
import { revokeDevice } from "../revocation.js";
import { asRefusal } from "../service.js";

/**
 * @typedef {{ device_id: string, name: string, platform: string, state: "active" | "revoked", registered_at: number,
 *   last_used_at: number | null, current: boolean, approval_key: string }} Device
 */

/** The devices of an account: rename, block. @param {import("../vault.js").Account} account @param {Device[]} devices @param {() => Promise<unknown>} again */
export function devicesSection(account, devices, again) {
  const { account: words } = texts();
  return make("section", { class: "tight", "aria-labelledby": "devices" }, make("h2", { id: "devices" }, words.devices),
    make("ul", { class: "tiles" }, ...devices.map((device) => make("li", { class: "tile" }, ...tile(device),
      device.state === "active" && make("div", { class: "pair small" }, renaming(account, device, again), !device.current && revoking(account, device, again))))));
}

/** @param {Device} device */
function tile({ name, current, state, last_used_at, registered_at }) {
  const { account: words } = texts();
  return [
    make("strong", {}, name, current && make("span", { class: "badge" }, words.current), state === "revoked" && make("span", { class: "badge bad" }, words.revokedDevice)),
    make("span", { class: "hint" }, last_used_at ? words.used(momentWords(localTime(last_used_at))) : words.never),
    make("span", { class: "hint" }, words.since(momentWords(localTime(registered_at)))),
  ];
}

/** @param {import("../vault.js").Account} account @param {Device} device @param {() => Promise<unknown>} again */
function renaming(account, { device_id, name }, again) {
  const { account: words } = texts();
  const id = `name-${device_id}`;
  const form = make("form", { class: "stack", novalidate: true, onsubmit: async (event) => {
    event.preventDefault();
    const typed = String(new FormData(form).get(id)).trim();
    if (!typed) return complain(id, shared().required.name);
    try { await asDevice(account, "PATCH", `/v1/devices/${device_id}`, { name: typed }); await again(); } catch (error) { complain(id, ...explained(asRefusal(error))); }
  } }, field({ id, label: words.name, input: { value: name, maxlength: 64, autocomplete: "off", required: true } }), make("button", { class: "button" }, words.save));
  return make("details", { class: "rename" }, make("summary", { class: "button quiet", "aria-label": words.renameOf(name) }, words.rename), form);
}

/** @param {import("../vault.js").Account} account @param {Device} device @param {() => Promise<unknown>} again */
function revoking(account, { device_id, name }, again) {
  const { account: words } = texts();
  const refused = make("p", { class: "error", role: "alert" });
  return make("div", {}, make("button", { type: "button", class: "button danger", "aria-label": words.revokeOf(name), onclick: async () => {
    if (!(await confirmed({ title: words.revokeAsk(name), lead: words.revokeLead, yes: words.revoke, no: words.keep }))) return;
    try { await revokeDevice(account, { device_id, name }); await again(); } catch (error) { replace(refused, explained(asRefusal(error))); }
  } }, words.revoke), refused);
}
