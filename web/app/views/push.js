// @ts-check
import { make, replace } from "../../shared/elements.js";
import { own } from "../../shared/own.js";
import { busy } from "../../shared/pieces.js";
import { explained } from "../../shared/refusals.js";
import { texts } from "../frame.js";
import { askLater, pushState, switchOff, switchOn, wasAsked } from "../push.js";
import { asRefusal } from "../service.js";

/** After the first account, or the first approval: asks once whether to be told of requests, and why. */
export const pushOffer = () => !wasAsked() && pushState() === "off" && section("offer");

/** The setting. */
export const pushSetting = () => section("setting");

/** @param {"offer" | "setting"} kind */
function section(kind) {
  const shown = make("section", { class: "notice", id: "push" });
  draw(shown, kind);
  return shown;
}

/** @param {HTMLElement} shown @param {"offer" | "setting"} kind @param {import("../service.js").Refusal} [refused] */
function draw(shown, kind, refused) {
  const { push } = texts();
  const state = pushState();
  const act = (/** @type {string} */ id, /** @type {string} */ words, /** @type {() => Promise<unknown>} */ work, quiet = false) => {
    const button = make("button", { type: "button", class: `button wide ${quiet ? "quiet" : ""}`, id, onclick: () => busy(button, async () => {
      try { await work(); draw(shown, kind); } catch (error) { draw(shown, kind, asRefusal(error)); }
    }) }, words);
    return button;
  };
  const later = make("button", { type: "button", class: "button quiet wide", id: "push-later", onclick: () => { askLater(); shown.remove(); } }, push.later);
  replace(shown, [
    make("strong", {}, push.title), make("p", { role: "status" }, own(push, state)),
    state === "off" && make("p", { class: "hint" }, push.opaque),
    refused && make("p", { class: "error", role: "alert" }, ...explained(refused)),
    state === "off" && act("push-on", push.switchOn, switchOn),
    state === "off" && kind === "offer" && later,
    state === "on" && kind === "setting" && act("push-off", push.switchOff, switchOff, true),
  ]);
}
