// @ts-check
import { make } from "../../shared/elements.js";
import { busy } from "../../shared/pieces.js";
import { explained } from "../../shared/refusals.js";
import { localTime } from "../clock.js";
import { backLink, confirmed, loading, momentWords, texts } from "../frame.js";
import { asDevice } from "../requests.js";
import { asRefusal } from "../service.js";
import { accounts, forgetAccount, keepAccount } from "../vault.js";
import { devicesSection } from "./devices.js";
import { eventsSection } from "./events.js";
import { freezeSection } from "./freeze.js";
import { setUp, troubleView } from "./lost.js";
import { signOutSection } from "./sign_out.js";
import { codesLeft } from "../recovery_codes.js";
import { recoverySection } from "./recovery_codes.js";

const OPERATOR = "operator";
/** So many of the latest events a device keeps. */
const KEPT_EVENTS = 20;
const GONE = new Set(["proof_invalid", "device_revoked", "device_not_found"]);

/** One stored account: its devices, its events, and how to remove it. @param {import("../frame.js").App} app @param {string} accountId @returns {import("../frame.js").View} */
export function accountView(app, accountId) {
  const find = () => app.requests.accounts.find(({ account_id }) => account_id === accountId);
  /** @type {import("./devices.js").Device[] | undefined} */ let devices;
  /** @type {import("./events.js").Event[]} */ let events = [];
  /** @type {string | null} */ let next = null;
  /** @type {import("../recovery_codes.js").Left | undefined} */ let left;
  /** @type {import("../service.js").Refusal | undefined} */ let refused;
  let signedOut = false;

  const page = async (/** @type {string} */ query) => {
    const account = find();
    if (!account) return;
    const answer = await asDevice(account, "GET", "/v1/events", undefined, query);
    events = query ? [...events, ...answer.events] : answer.events;
    next = answer.next;
    // Once this device is removed, it can ask no more: what it heard last is what it shows.
    if (!query) await keepHistory(accountId, answer.events);
  };
  const attempt = async (/** @type {() => Promise<unknown>} */ work) => {
    refused = undefined;
    try { await work(); } catch (error) { refused = asRefusal(error); await app.requests.look(); }
    app.refresh();
  };
  const load = () => attempt(async () => {
    const account = find();
    if (!account || account.revoked) return;
    [{ devices }, left] = await Promise.all([asDevice(account, "GET", "/v1/devices"), codesLeft(account), page("")]);
    const name = devices?.find(({ current }) => current)?.name;
    // Once the keys are gone, this is how the person finds the dead device in the list.
    if (name && name !== account.device_name) await keepAccount({ ...account, history: events.slice(0, KEPT_EVENTS), device_name: name });
  });
  const signOut = () => attempt(async () => {
    const account = find();
    if (!account) return;
    await asDevice(account, "DELETE", "/v1/sessions");
    signedOut = true;
    await page("");
  });
  const remove = async (/** @type {boolean} */ revoked) => {
    const account = find();
    const { account: words } = texts();
    if (!account || (!revoked && !(await confirmed({ title: words.removeAsk, lead: words.removeLead, yes: words.removeDo, no: words.keep })))) return;
    await attempt(async () => {
      if (!revoked) await revokeSelf(account);
      await forgetAccount(accountId);
      await app.requests.look();
      app.go("/accounts");
    });
  };

  const freezing = (/** @type {import("../vault.js").Account} */ account) => freezeSection(account, app.requests.frozen.get(accountId), async () => { await app.requests.look(); await load(); });

  const render = () => {
    const { account: words, home } = texts();
    const account = find();
    if (app.requests.trouble) return troubleView(app, app.requests.trouble);
    if (!account) return [backLink("#/accounts"), make("h1", {}, words.missing)];
    const removal = make("button", { type: "button", class: "button danger wide", id: "remove", onclick: ({ currentTarget }) => busy(currentTarget, () => remove(Boolean(account.revoked))) }, words.remove);
    const head = [backLink("#/accounts"), make("h1", {}, account.display_name), make("p", { class: "lead" }, home.number(account.access_number))];
    if (account.revoked) return [...head, make("p", { class: account.retired ? "notice" : "notice bad" }, account.retired ? words.retiredLead : words.revokedLead), removedBy(account), setUp(), eventsSection(account.history ?? [], undefined), removal];
    if (refused && !devices) return [...head, make("p", { class: "notice warn", role: "alert" }, ...explained(refused)), GONE.has(refused.code) ? setUp() : make("button", { type: "button", class: "button", onclick: load }, words.retry), removal];
    if (!devices) return [...head, loading()];
    const more = next ? () => attempt(() => page(`?before=${encodeURIComponent(next ?? "")}`)) : undefined;
    return [...head, refused && make("p", { class: "notice warn", role: "alert" }, ...explained(refused)), freezing(account), devicesSection(account, devices, load),
      left && recoverySection(account, left), signOutSection(signedOut, signOut), eventsSection(events, more), removal];
  };
  let gone = Boolean(find()?.revoked);
  /** A freeze has brought this phone back: only now there is something to load. */
  const changed = () => {
    const back = gone && !find()?.revoked;
    gone = Boolean(find()?.revoked);
    if (back) load(); else app.refresh();
  };
  load();
  return { render, changed };
}

/** Who removed this device, if the service said. @param {import("../vault.js").Account} account */
function removedBy({ revoked_by, revoked_at, retired }) {
  const { account: words } = texts();
  if (!revoked_by || !revoked_at) return undefined;
  const moment = momentWords(localTime(revoked_at));
  if (retired) return make("p", { class: "notice warn", id: "removed-by" }, words.retiredFor(revoked_by, moment));
  return make("p", { class: "notice warn", id: "removed-by" }, revoked_by === OPERATOR ? words.removedByOperator(moment) : words.removedBy(revoked_by, moment));
}

/** @param {string} accountId @param {import("./events.js").Event[]} events */
async function keepHistory(accountId, events) {
  const stored = (await accounts()).find(({ account_id }) => account_id === accountId);
  if (stored) await keepAccount({ ...stored, history: events.slice(0, KEPT_EVENTS) });
}

/** Takes this device its rights; a service that does not know it any more has nothing to take. @param {import("../vault.js").Account} account */
async function revokeSelf(account) {
  try { await asDevice(account, "DELETE", `/v1/devices/${account.device_id}`); } catch (error) {
    if (!GONE.has(asRefusal(error).code)) throw error;
  }
}
