// @ts-check
import { fromBase64urlJson } from "../shared/bytes.js";
import { Refusal, asRefusal, send } from "./service.js";
import { accounts, keepAccount } from "./vault.js";

/**
 * The requests that wait for a decision, of all accounts; looked for while somebody looks at the app.
 *
 * @typedef {import("./vault.js").Account} Account
 * @typedef {{ v: number, purpose: string, login_id: string, client: string, origin: string, access_number: string, ip: string,
 *   place: string | null, browser: string, os: string, requested_at: number, expires_at: number, log: string, nonce: string }} Statement
 * @typedef {{ account: Account, loginId: string, statement: string, shown: Statement, expiresAt: number, digits: number }} Request
 */

const EVERY = 2_000;
const IDLE_EVERY = 30_000;
const IDLE_AFTER = 10 * 60_000;

/** A device that can decide for an account and came after this one. @typedef {{ account: Account, id: string, name: string, since: number }} Newcomer */

/** Watches for requests; tells by `change` when there is something new to show. */
export class Requests extends EventTarget {
  /** @type {Account[]} */ accounts = [];
  /** @type {Request[]} */ open = [];
  /** Newer devices that the person has not said to know. @type {Newcomer[]} */ newcomers = [];
  /** @type {Refusal | undefined} */ refusal;
  /** Accounts whose device the service does not know any more. @type {Set<string>} */ unknown = new Set();
  /** Whether the service has been asked since the start. */ asked = false;
  /** @type {Set<string>} */ #decided = new Set();
  #touched = Date.now();
  #notBefore = 0;
  /** @type {Promise<void> | undefined} */ #looking;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;

  /** Looks at once and from now on; what is stored here is known when this is done. */
  async start() {
    for (const event of ["pointerdown", "keydown"]) addEventListener(event, () => { this.#touched = Date.now(); }, { passive: true });
    const wake = () => { this.#touched = Date.now(); this.look(); };
    for (const event of ["online", "offline", "pageshow", "focus"]) addEventListener(event, wake);
    document.addEventListener("visibilitychange", wake);
    this.accounts = await accounts();
    this.look();
  }

  /** A decided request is gone at once, whatever an answer still under way says. @param {string} loginId */
  decided(loginId) {
    this.#decided.add(loginId);
    this.open = this.open.filter((request) => request.loginId !== loginId);
  }

  /** The person knows this device, and is not asked again. @param {Newcomer} newcomer */
  async know({ account, id }) {
    const stored = (await accounts()).find(({ account_id }) => account_id === account.account_id);
    if (stored) await keepAccount({ ...stored, known: [...(stored.known ?? []), id] });
    this.newcomers = this.newcomers.filter((one) => one.id !== id);
    this.dispatchEvent(new Event("change"));
  }

  /** One look at all accounts; several callers share it. */
  look() {
    return (this.#looking ??= this.#look().finally(() => { this.#looking = undefined; this.#again(); }));
  }

  #again() {
    clearTimeout(this.#timer);
    if (document.visibilityState === "hidden") return;
    const pause = Date.now() - this.#touched > IDLE_AFTER ? IDLE_EVERY : EVERY;
    this.#timer = setTimeout(() => this.look(), Math.max(pause, this.#notBefore - Date.now()));
  }

  async #look() {
    const before = this.#seen();
    this.accounts = await accounts();
    const usable = this.accounts.filter(({ revoked }) => !revoked);
    if (!navigator.onLine) this.refusal = new Refusal("network_unavailable");
    else if (document.visibilityState === "visible" && Date.now() >= this.#notBefore) await this.#fetch(usable);
    if (!this.asked || this.#seen() !== before) { this.asked = true; this.dispatchEvent(new Event("change")); }
  }

  /** @param {Account[]} usable */
  async #fetch(usable) {
    const found = await Promise.allSettled(usable.map(pending));
    const refused = found.map((result) => (result.status === "rejected" ? asRefusal(result.reason) : undefined));
    const failed = refused.filter((refusal) => refusal !== undefined);
    this.unknown = new Set(usable.filter((_, at) => refused[at]?.code === "proof_invalid").map(({ account_id }) => account_id));
    const told = found.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    this.refusal = failed.find(({ code }) => code !== "device_revoked" && code !== "proof_invalid")
      ?? (told.some(({ unreadable }) => unreadable) ? new Refusal("request_unreadable") : undefined);
    this.#notBefore = Date.now() + (this.refusal?.retryAfter ?? 0) * 1000;
    this.newcomers = told.flatMap(({ newcomers }) => newcomers);
    this.open = told.flatMap(({ requests }) => requests)
      .filter(({ loginId }) => !this.#decided.has(loginId))
      .sort((one, other) => other.shown.requested_at - one.shown.requested_at);
    if (failed.some(({ code }) => code === "device_revoked")) this.accounts = await accounts();
  }

  #seen() {
    return JSON.stringify([this.open.map(({ loginId }) => loginId), this.accounts.map(({ account_id, revoked }) => [account_id, revoked]), [...this.unknown], this.refusal?.code, this.newcomers.map(({ id }) => id)]);
  }
}

/** Asks as an account's device; a revoked one is remembered as such. @param {Account} account
 * @param {string} method @param {string} path @param {unknown} [body] @param {string} [query] */
export async function asDevice(account, method, path, body, query = "") {
  try {
    return await send(method, path, { key: account.key, accountId: account.account_id, body, query });
  } catch (error) {
    if (error instanceof Refusal && error.code === "device_revoked") await keepAccount({ ...account, revoked: true });
    throw error;
  }
}

/** @param {Account} account @returns {Promise<{ requests: Request[], newcomers: Newcomer[], unreadable: boolean }>} */
async function pending(account) {
  const { approvals, newer_devices = [] } = await asDevice(account, "GET", "/v1/approvals");
  const requests = approvals.flatMap((/** @type {any} */ { login_id, statement, expires_at, transfer_code_digits }) => {
    const shown = read(statement, login_id, account);
    return shown ? [{ account, loginId: login_id, statement, shown, expiresAt: expires_at, digits: transfer_code_digits }] : [];
  });
  const newcomers = newer_devices.filter((/** @type {any} */ { device_id }) => !account.known?.includes(device_id))
    .map((/** @type {any} */ { device_id, name, registered_at }) => ({ account, id: device_id, name, since: registered_at }));
  return { requests, newcomers, unreadable: requests.length < approvals.length };
}

/** What is shown is decoded from the very bytes that get signed, and must speak of this login and this account. What does not,
 * or is about something that this version of the app does not know, is not shown: nothing unread gets signed.
 * @param {string} statement @param {string} loginId @param {Account} account @returns {Statement | undefined} */
function read(statement, loginId, account) {
  try {
    const shown = fromBase64urlJson(statement);
    const ours = shown.v === 1 && shown.purpose === "smartident-login" && shown.login_id === loginId && shown.access_number === account.access_number;
    return ours ? shown : undefined;
  } catch { return undefined; }
}
