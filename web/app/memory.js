// @ts-check
/**
 * What this device once had, kept apart from the keys: when the keys are gone the app can say whose they were, and which device
 * of the list is dead. Nothing secret; lost with the keys when everything is deleted.
 *
 * @typedef {{ account_id: string, access_number: string, display_name: string, device_id: string, device_name: string }} Remembered
 * @typedef {import("./vault.js").Account} Account
 */

const KEPT_AS = "smartident.accounts";
const BEGUN_AS = "smartident.begun";
const MAX_BEGUN = 8;

/** Whose keys were here. @returns {Remembered[]} */
export function remembered() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT_AS) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one?.account_id === "string" && typeof one.access_number === "string") : [];
  } catch { return []; }
}

/** @param {Account[]} accounts */
export function remember(accounts) {
  const told = accounts.map(({ account_id, access_number, display_name, device_id, device_name = "" }) =>
    ({ account_id, access_number, display_name, device_id, device_name }));
  write([...remembered().filter(({ account_id }) => told.every((one) => one.account_id !== account_id)), ...told]);
}

/** @param {string} accountId */
export const forgetMemory = (accountId) => write(remembered().filter(({ account_id }) => account_id !== accountId));

/** Whose keys are gone. @param {Account[]} accounts that are here */
export const missing = (accounts) => remembered().filter((one) => accounts.every(({ account_id }) => account_id !== one.account_id));

/** The registrations that this device began last: one that it gave up waits on for minutes. @returns {string[]} */
export function begun() {
  try {
    const kept = JSON.parse(localStorage.getItem(BEGUN_AS) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
  } catch { return []; }
}

/** @param {string} id a registration's */
export function rememberBegun(id) {
  const kept = [...begun().filter((one) => one !== id), id].slice(-MAX_BEGUN);
  try { localStorage.setItem(BEGUN_AS, JSON.stringify(kept)); } catch { /* then the account asks about it, as about anybody's */ }
}

/** @param {Remembered[]} kept */
function write(kept) {
  const text = JSON.stringify(kept);
  try { if (text !== localStorage.getItem(KEPT_AS)) localStorage.setItem(KEPT_AS, text); } catch { /* then it is not remembered */ }
}
