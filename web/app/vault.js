// @ts-check
import { inStore } from "./database.js";
import { forgetMemory, remember, rememberBegun } from "./memory.js";

/**
 * What this device keeps: its accounts and a registration under way. Private keys are non-extractable: the browser signs with
 * them, nobody reads them. Everything here may throw a Refusal (database.js).
 *
 * @typedef {import("./device_key.js").DeviceKey} DeviceKey
 * @typedef {{ id: string, rpId: string }} Passkey
 * @typedef {{ account_id: string, access_number: string, display_name: string, device_id: string, device_name?: string, key: DeviceKey,
 *   passkey: Passkey, revoked?: boolean, revoked_by?: string | undefined, revoked_at?: number | undefined, retired?: boolean, history?: any[], known?: string[], begun?: string[], unconfirmed?: number }} Account
 * @typedef {{ registration_id: string, challenge: string, confirm_by?: "sms" | "device" | "enrolment_code" | "recovery" | "sms_delayed", waits_until?: number, code?: string, phone_hint: string, resend_at: number, pairing: string,
 *   pairing_digits: string, fingerprint: string, expires_at: number, webauthn: any, key: DeviceKey, device_name?: string, suggested?: boolean, credential?: { response: any, passkey: Passkey } }} Registration
 */

const UNDER_WAY = "under-way";
const TRIAL = "trial";

/** @returns {Promise<Account[]>} */
export const accounts = () => inStore("accounts", "readonly", (store) => store.getAll());

/** Keeps an account, and in mind that it is here. @param {Account} account */
export async function keepAccount(account) {
  await inStore("accounts", "readwrite", (store) => store.put(account));
  remember([account]);
}

/** @param {string} accountId */
export async function forgetAccount(accountId) {
  await inStore("accounts", "readwrite", (store) => store.delete(accountId));
  forgetMemory(accountId);
}

/** @returns {Promise<Registration | undefined>} */
export const registrationUnderWay = () => inStore("registrations", "readonly", (store) => store.get(UNDER_WAY));

/** @param {Registration} registration */
export async function keepRegistration(registration) {
  await inStore("registrations", "readwrite", (store) => store.put(registration, UNDER_WAY));
  rememberBegun(registration.registration_id);
}

export const forgetRegistration = () => inStore("registrations", "readwrite", (store) => store.delete(UNDER_WAY));

/** What comes back of a key that is stored and read again: some browsers refuse keys, or lose them. @param {DeviceKey} key
 * @returns {Promise<DeviceKey | undefined>} */
export async function storedAndRead(key) {
  await inStore("registrations", "readwrite", (store) => store.put(key, TRIAL));
  const found = await inStore("registrations", "readonly", (store) => store.get(TRIAL));
  await inStore("registrations", "readwrite", (store) => store.delete(TRIAL));
  return found;
}

/** Whether the browser promises to keep what is stored until the person deletes it; nothing where it does not say.
 * @returns {Promise<boolean | undefined>} */
export async function keptForGood() {
  try {
    return (await navigator.storage.persisted()) || (await navigator.storage.persist());
  } catch { return undefined; }
}
