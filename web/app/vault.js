// @ts-check
/**
 * What this device keeps, in IndexedDB: its accounts and a registration under way. Private keys are non-extractable:
 * the browser signs with them, nobody reads them.
 *
 * @typedef {import("./device_key.js").DeviceKey} DeviceKey
 * @typedef {{ id: string, rpId: string }} Passkey
 * @typedef {{ account_id: string, access_number: string, display_name: string, device_id: string, key: DeviceKey,
 *   passkey: Passkey, revoked?: boolean, known?: string[] }} Account
 * @typedef {{ registration_id: string, challenge: string, phone_hint: string, expires_at: number, resend_at: number,
 *   webauthn: any, key: DeviceKey, credential?: { response: any, passkey: Passkey } }} Registration
 */

const UNDER_WAY = "under-way";
/** @type {Promise<IDBDatabase> | undefined} */ let opened;

/** @returns {Promise<IDBDatabase>} */
const database = () => (opened ??= new Promise((resolve, reject) => {
  const request = indexedDB.open("smartident", 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("accounts", { keyPath: "account_id" });
    request.result.createObjectStore("registrations");
  };
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
}));

/** @template Result @param {"accounts" | "registrations"} name @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<Result>} action @returns {Promise<Result>} */
async function within(name, mode, action) {
  const transaction = (await database()).transaction(name, mode);
  const request = action(transaction.objectStore(name));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

/** @returns {Promise<Account[]>} */
export const accounts = () => within("accounts", "readonly", (store) => store.getAll());

/** Keeps an account, and asks the browser not to clear it when space runs short. @param {Account} account */
export async function keepAccount(account) {
  await within("accounts", "readwrite", (store) => store.put(account));
  await navigator.storage?.persist?.().catch(() => false);
}

/** @param {string} accountId */
export const forgetAccount = (accountId) => within("accounts", "readwrite", (store) => store.delete(accountId));

/** @returns {Promise<Registration | undefined>} */
export const registrationUnderWay = () => within("registrations", "readonly", (store) => store.get(UNDER_WAY));

/** @param {Registration} registration */
export const keepRegistration = (registration) => within("registrations", "readwrite", (store) => store.put(registration, UNDER_WAY));

export const forgetRegistration = () => within("registrations", "readwrite", (store) => store.delete(UNDER_WAY));
