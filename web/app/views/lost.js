// @ts-check
import { make } from "../../shared/elements.js";
import { language } from "../../shared/language.js";
import { busy } from "../../shared/pieces.js";
import { explained } from "../../shared/refusals.js";
import { CHECK, CROSS, sign, texts } from "../frame.js";
import { forgetMemory } from "../memory.js";

/**
 * What a person sees where this device cannot decide, and the way on.
 *
 * @typedef {import("../frame.js").App} App
 */

/** Begins a setup. */
export const setUp = () => make("a", { class: "button main wide", href: "#/new" }, texts().lost.setUp);

/** Begins the same with a recovery code, where no other phone is at hand. */
const byCode = () => make("a", { class: "button wide", href: "#/new/recovery" }, texts().pairing.byCode);

/** This device's storage does not work. @param {App} app @param {import("../service.js").Refusal} refusal */
export const troubleView = (app, refusal) => [sign("bad", ...CROSS), make("h1", {}, texts().lost.storage), make("p", { class: "lead", role: "alert" }, ...explained(refusal)),
  make("button", { type: "button", class: "button wide", onclick: ({ currentTarget }) => busy(currentTarget, () => app.requests.look()) }, texts().account.retry)];

/** Accounts whose keys are gone from this device: by deleting website data, or by a browser that did it by itself.
 * @param {App} app @param {"h1" | "h2"} heading */
export function lostKeys({ requests }, heading) {
  const { lost } = texts();
  if (requests.lost.length === 0) return undefined;
  const list = (/** @type {string[]} */ names) => new Intl.ListFormat(language()).format(names);
  const accounts = list(requests.lost.map(({ access_number, display_name }) => `${access_number} (${display_name})`));
  const devices = list([...new Set(requests.lost.map(({ device_name }) => device_name).filter(Boolean))].map((name) => lost.quoted(name)));
  const forget = async () => { for (const { account_id } of requests.lost) forgetMemory(account_id); await requests.look(); };
  return make("section", { class: "notice bad lost", "aria-label": lost.title }, make(heading, {}, lost.title),
    make("p", {}, lost.lead(accounts, requests.lost.length)), make("p", {}, lost.wayBack(devices)), setUp(), byCode(),
    make("button", { type: "button", class: "button quiet", onclick: forget }, lost.forget));
}

/** Every account on this device is blocked, or the one account has left for a new phone, as its owner wished. @param {App} app */
export function unusableView(app) {
  const { lost } = texts();
  const [first] = app.requests.accounts;
  const more = app.requests.accounts.length > 1;
  if (!more && first?.retired) return retiredView(first);
  return [sign("bad", ...CROSS), make("h1", {}, more ? lost.blockedAll : first?.revoked ? lost.blocked : lost.invalid),
    make("p", { class: "lead", role: "status" }, more || !first ? lost.blockedAllLead : lost.blockedLead(first.display_name, first.access_number)), setUp(),
    make("a", { class: "button wide", href: more || !first ? "#/accounts" : `#/account/${encodeURIComponent(first.account_id)}` }, more ? texts().tabs.accounts : lost.look)];
}

/** Nothing is wrong: the owner let a new phone in and ticked that this one leaves. @param {import("../vault.js").Account} account */
function retiredView({ account_id, display_name, access_number, revoked_by }) {
  const { lost } = texts();
  return [sign("calm", ...CHECK), make("h1", {}, lost.retired), make("p", { class: "lead", role: "status" }, lost.retiredLead(display_name, access_number, revoked_by ?? "")),
    make("a", { class: "button main wide", href: `#/account/${encodeURIComponent(account_id)}` }, lost.look), make("a", { class: "button wide", href: "#/new" }, lost.setUp)];
}

/** The page on this device asked for an account that is not here. */
export const elsewhereView = () => [sign("calm", ...CROSS), make("h1", {}, texts().lost.title), make("p", { class: "lead", role: "status" }, texts().lost.elsewhere),
  setUp(), make("a", { class: "button wide", href: "#/" }, texts().decided.done)];
