// @ts-check
import { Refusal } from "./service.js";

/**
 * The database of this device. Browsers drop connections (iOS does so in the background), forbid storage, run out of it, or
 * never answer: whatever happens ends in an answer or in a Refusal, and a lost connection is opened anew.
 */

/** So long an answer may take, in milliseconds. */
const ANSWER_WITHIN = 4_000;
/** Trying again does not help with these. */
const LASTING = new Map([["SecurityError", "storage_forbidden"], ["QuotaExceededError", "storage_full"], ["DataCloneError", "keys_refused"]]);
/** @type {Promise<IDBDatabase> | undefined} */ let opened;

/** @typedef {"accounts" | "registrations"} StoreName */

/** Does one thing in one store. Throws a Refusal. @template Result @param {StoreName} name @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<Result>} action @returns {Promise<Result>} */
export async function inStore(name, mode, action) {
  try {
    return await once(name, mode, action);
  } catch (error) {
    opened = undefined;
    if (lasting(error)) throw refusalOf(error);
    return once(name, mode, action).catch((again) => { opened = undefined; throw refusalOf(again); });
  }
}

/** @template Result @param {StoreName} name @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest<Result>} action
 * @returns {Promise<Result>} */
async function once(name, mode, action) {
  const database = await (opened ??= open());
  return answered((resolve, reject) => {
    const transaction = database.transaction(name, mode);
    const request = action(transaction.objectStore(name));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error ?? request.error);
  });
}

/** @returns {Promise<IDBDatabase>} */
const open = () => answered((resolve, reject) => {
  if (!globalThis.indexedDB) throw new Refusal("storage_forbidden");
  const request = indexedDB.open("smartident", 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("accounts", { keyPath: "account_id" });
    request.result.createObjectStore("registrations");
  };
  request.onerror = () => reject(request.error);
  request.onsuccess = () => {
    const database = request.result;
    database.onclose = () => { opened = undefined; };
    database.onversionchange = () => { opened = undefined; database.close(); };
    resolve(database);
  };
});

/** @template Result @param {(resolve: (result: Result) => void, reject: (error: unknown) => void) => void} work @returns {Promise<Result>} */
const answered = (work) => new Promise((resolve, reject) => {
  const timer = setTimeout(() => reject(new Refusal("storage_silent")), ANSWER_WITHIN);
  const ended = (/** @type {(value: any) => void} */ how) => (/** @type {any} */ value) => { clearTimeout(timer); how(value); };
  try { work(ended(resolve), ended(reject)); } catch (error) { ended(reject)(error); }
});

/** @param {unknown} error */
const lasting = (error) => error instanceof Refusal || (error instanceof DOMException && LASTING.has(error.name));

/** @param {unknown} error */
function refusalOf(error) {
  if (error instanceof Refusal) return error;
  return new Refusal((error instanceof DOMException && LASTING.get(error.name)) || "storage_failed");
}
