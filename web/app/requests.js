// @ts-check
import { fromBase64urlJson } from "../shared/bytes.js";
import { own } from "../shared/own.js";
import { missing, remember } from "./memory.js";
import { Refusal, asRefusal, send } from "./service.js";
import { accounts, keepAccount } from "./vault.js";

/**
 * The requests that wait for a decision, of all accounts; looked for while somebody looks at the app.
 *
 * @typedef {import("./vault.js").Account} Account
 * @typedef {import("./memory.js").Remembered} Remembered
 * @typedef {{ v: number, purpose: string, login_id: string, client: string, client_name?: string, client_host?: string, told_by_client?: boolean, binding_message?: string, origin: string, access_number: string, ip: string,
 *   place: string | null, asn?: number, new_country?: boolean, browser: string, os: string, requested_at: number, expires_at: number, nonce: string }} Statement
 * @typedef {{ account: Account, loginId: string, statement: string, shown: Statement, expiresAt: number, digits: number }} Request
 * @typedef {{ v: number, purpose: string, registration_id: string, access_number: string, device_name: string, platform: string, fingerprint: string,
 *   ip: string, place: string | null, asn?: number, browser: string, os: string, requested_at: number, expires_at: number }} NewPhoneStatement
 * @typedef {{ account: Account, id: string, statement: string, shown: NewPhoneStatement, expiresAt: number, differs: boolean,
 *   here: { place?: string | null, asn?: number | null } }} NewPhone a phone that wants to be let in; `here` is where this one is
 */

const EVERY = 2_000;
const IDLE_EVERY = 30_000;
const IDLE_AFTER = 10 * 60_000;
/** A phone that left for a new one asks so often whether a freeze has brought it back. */
const RETIRED_EVERY = 60_000;
/** Version 1 is what a service of the release before this one still writes. */
const VERSIONS = new Set([2]);
const [LOGIN, NEW_DEVICE, DELAYED_DEVICE] = ["smartident-login", "smartident-new-device", "smartident-delayed-device"];
/** The service will not know this device again. */
const BANNED = new Set(["device_revoked", "proof_invalid"]);

/** A phone in place of a lost one, which comes in at `admitsAt` unless it is stopped. @typedef {{ account: Account, id: string, shown: NewPhoneStatement, admitsAt: number }} DelayedPhone */

/** Another device that can decide for an account. @typedef {{ account: Account, id: string, name: string, since: number }} Newcomer */

/** Watches for requests; tells by `change` when there is something new to show. */
export class Requests extends EventTarget {
  /** @type {Account[]} */ accounts = [];
  /** Accounts that were here, and whose keys are gone. @type {Remembered[]} */ lost = [];
  /** @type {Request[]} */ open = [];
  /** Phones that wait to be let in. @type {NewPhone[]} */ newPhones = [];
  /** Phones that come in by themselves. @type {DelayedPhone[]} */ delayed = [];
  /** Other devices that the person has not said to know. @type {Newcomer[]} */ newcomers = [];
  /** @type {Refusal | undefined} */ refusal;
  /** What is wrong with this device's storage. @type {Refusal | undefined} */ trouble;
  /** Accounts whose device the service does not know any more. @type {Set<string>} */ unknown = new Set();
  /** Whether the service has been asked since the start. */ asked = false;
  /** Accounts that are frozen, by id. @type {Map<string, import("./views/freeze.js").Frozen>} */ frozen = new Map();
  /** So long "that was not me" blocks who asked; the service says it. */ blockMinutes = 60;
  /** @type {Set<string>} */ #decided = new Set();
  #touched = Date.now();
  #notBefore = 0;
  #retiredAsked = 0;
  /** @type {Promise<void> | undefined} */ #looking;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;

  /** Looks at once and from now on; what is stored here is known when this is done, or why it is not. */
  async start() {
    for (const event of ["pointerdown", "keydown"]) addEventListener(event, () => { this.#touched = Date.now(); }, { passive: true });
    const wake = () => { this.#touched = Date.now(); this.#retiredAsked = 0; this.look(); };
    for (const event of ["online", "offline", "pageshow", "focus"]) addEventListener(event, wake);
    document.addEventListener("visibilitychange", wake);
    await this.#readStored();
    this.look();
  }

  /** The accounts that can decide something. */
  get usable() { return this.accounts.filter(({ account_id, revoked }) => !revoked && !this.unknown.has(account_id)); }

  /** A decided request is gone at once, whatever an answer still under way says. @param {string} id a login's, or a registration's */
  decided(id) {
    this.#decided.add(id);
    this.open = this.open.filter(({ loginId }) => loginId !== id);
    this.newPhones = this.newPhones.filter((one) => one.id !== id);
    this.delayed = this.delayed.filter((one) => one.id !== id);
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
    await this.#readStored();
    // Whether there is a connection only the request tells: browsers say "offline" behind some VPNs, too.
    if (document.visibilityState === "visible" && Date.now() >= this.#notBefore) await this.#fetch(this.#mayAsk());
    if (!this.asked || this.#seen() !== before) { this.asked = true; this.dispatchEvent(new Event("change")); }
  }

  /** The accounts of this device; a removed one never counts again, one that its owner signed out may. */
  #mayAsk() {
    const due = Date.now() - this.#retiredAsked > RETIRED_EVERY;
    if (due) this.#retiredAsked = Date.now();
    return this.accounts.filter(({ revoked, retired }) => !revoked || (retired && due));
  }

  async #readStored() {
    try {
      this.accounts = await accounts();
      this.trouble = undefined;
      remember(this.accounts);
      this.lost = missing(this.accounts);
    } catch (error) { this.trouble = asRefusal(error); }
  }

  /** @param {Account[]} asking */
  async #fetch(asking) {
    const found = await Promise.allSettled(asking.map((account) => this.#pending(account)));
    const refused = found.map((result) => (result.status === "rejected" ? asRefusal(result.reason) : undefined));
    const told = found.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    this.unknown = new Set(asking.filter((_, at) => refused[at]?.code === "proof_invalid").map(({ account_id }) => account_id));
    this.refusal = refused.find((refusal) => refusal && !BANNED.has(refusal.code))
      ?? (told.some(({ unreadable }) => unreadable) ? new Refusal("request_unreadable") : undefined);
    this.#notBefore = Date.now() + (this.refusal?.retryAfter ?? 0) * 1000;
    this.newcomers = told.flatMap(({ newcomers }) => newcomers);
    this.frozen = new Map(told.flatMap(({ id, frozen }) => (frozen ? [[id, frozen]] : [])));
    this.open = told.flatMap(({ requests }) => requests)
      .filter(({ loginId }) => !this.#decided.has(loginId))
      .sort((one, other) => other.shown.requested_at - one.shown.requested_at);
    // A setup that this phone gave up for another way in is no stranger: "no" would block its own internet connection.
    this.newPhones = told.flatMap(({ newPhones }) => newPhones).filter(({ id, account }) => !this.#decided.has(id) && !account.begun?.includes(id));
    this.delayed = told.flatMap(({ delayed }) => delayed).filter(({ id }) => !this.#decided.has(id));
    if (asking.some(({ revoked }) => revoked) || refused.some((refusal) => refusal?.code === "device_revoked")) await this.#readStored();
  }

  /** @param {Account} account @returns {Promise<{ requests: Request[], newPhones: NewPhone[], delayed: DelayedPhone[], newcomers: Newcomer[], unreadable: boolean, id: string,
   * frozen: import("./views/freeze.js").Frozen | undefined }>} */
  async #pending(account) {
    const { approvals = [], other_devices = [], address_block, frozen } = await asDevice(account, "GET", "/v1/approvals");
    if (account.revoked) await keepAccount(account = { ...account, revoked: false, revoked_by: undefined, revoked_at: undefined, retired: false });
    if (Number.isInteger(address_block)) this.blockMinutes = Math.max(1, Math.ceil(address_block / 60));
    const requests = approvals.flatMap((/** @type {any} */ { login_id, statement, expires_at, transfer_code_digits }) => {
      const shown = read(statement, account, { purpose: LOGIN, login_id });
      return shown ? [{ account, loginId: login_id, statement, shown, expiresAt: expires_at, digits: transfer_code_digits }] : [];
    });
    const newPhones = approvals.flatMap((/** @type {any} */ { registration_id, statement, expires_at, here, differs }) => {
      const shown = read(statement, account, { purpose: NEW_DEVICE, registration_id });
      return shown ? [{ account, id: registration_id, statement, shown, expiresAt: expires_at, here: here ?? {}, differs: Boolean(differs) }] : [];
    });
    const delayed = approvals.flatMap((/** @type {any} */ { registration_id, statement, admits_at }) => {
      const shown = read(statement, account, { purpose: DELAYED_DEVICE, registration_id });
      return shown ? [{ account, id: registration_id, shown, admitsAt: admits_at }] : [];
    });
    const newcomers = other_devices.filter((/** @type {any} */ { device_id }) => !account.known?.includes(device_id))
      .map((/** @type {any} */ { device_id, name, registered_at }) => ({ account, id: device_id, name, since: registered_at }));
    return { requests, newPhones, delayed, newcomers, id: account.account_id, frozen, unreadable: requests.length + newPhones.length + delayed.length < approvals.length };
  }

  #seen() {
    return JSON.stringify([this.open.map(({ loginId }) => loginId), this.newPhones.map(({ id, differs }) => [id, differs]), this.delayed.map(({ id }) => id), this.accounts.map(({ account_id, revoked }) => [account_id, revoked]), [...this.unknown], this.refusal?.code,
      this.trouble?.code, this.lost, this.newcomers.map(({ id }) => id), [...this.frozen]]);
  }
}

/** Asks as an account's device; a revoked one is remembered as such. @param {Account} account
 * @param {string} method @param {string} path @param {unknown} [body] @param {string} [query] */
export async function asDevice(account, method, path, body, query = "") {
  try {
    return await send(method, path, { key: account.key, accountId: account.account_id, body, query });
  } catch (error) {
    if (error instanceof Refusal && error.code === "device_revoked") await keepAccount({ ...account, revoked: true, revoked_by: error.revokedBy, revoked_at: error.revokedAt, retired: error.retired });
    throw error;
  }
}

/** What is shown is decoded from the very bytes that get signed, and must speak of what was asked about and of this account. What does
 * not, or is about something that this version of the app does not know, is not shown: nothing unread gets signed.
 * @param {string} statement @param {Account} account @param {Record<string, string | undefined>} about @returns {any} */
function read(statement, account, about) {
  try {
    const shown = fromBase64urlJson(statement);
    const asked = Object.entries({ ...about, access_number: account.access_number });
    return VERSIONS.has(shown.v) && asked.every(([name, value]) => value !== undefined && own(shown, name) === value) ? shown : undefined;
  } catch { return undefined; }
}
