// @ts-check
import { begun, remembered } from "./memory.js";
import { makePasskey } from "./passkey.js";
import { asDevice } from "./requests.js";
import { send } from "./service.js";
import { accounts, forgetRegistration, keepAccount, keepRegistration } from "./vault.js";

/**
 * The end of a registration: the approval key, then the account.
 *
 * @typedef {import("./vault.js").Registration} Registration
 * @typedef {import("./vault.js").Account} Account
 * @typedef {import("./views/stored.js").Dead} Dead
 */

/** Whether a device of the account lets this phone in, instead of a code by SMS. @param {Registration} registration */
export const isByDevice = ({ confirm_by }) => confirm_by === "device";

/** Whether the enrolment code that it began with confirms it. @param {Registration} registration */
export const isByCode = ({ confirm_by }) => confirm_by === "enrolment_code";

/** Where a registration goes on. @param {Registration} registration */
export const pathOf = (registration) => (registration.waits_until ? "/waiting" : isByDevice(registration) ? "/pairing" : isByCode(registration) ? "/enrolment-code" : registration.confirm_by === "recovery" ? "/recovery" : "/code");

/** The approval key of a registration; once made it serves every further try. @param {Registration} registration */
export async function approvalKeyOf(registration) {
  const credential = registration.credential ?? (await makePasskey(registration.webauthn));
  if (!registration.credential) await keepRegistration(Object.assign(registration, { credential }));
  return credential;
}

/** Keeps a registration whose code was right, and that waits so long; the person may finish it within a week after. @param {Registration} registration @param {string} code @param {number} waitsUntil */
export const keepWaiting = (registration, code, waitsUntil) => keepRegistration({ ...registration, code, waits_until: waitsUntil, expires_at: waitsUntil + 7 * 86_400 });

/** Sends the approval key, with the code where the service sent one; the account is kept. @param {Registration} registration @param {string} [code]
 * @returns {Promise<{ account: Account, dead: Dead | undefined }>} */
export async function finishRegistration(registration, code) {
  const credential = await approvalKeyOf(registration);
  const { registration_id, key } = registration;
  const body = { ...(code !== undefined && { code }), approval_key: { type: "webauthn", credential: credential.response } };
  const answer = await send("POST", `/v1/keys/${registration_id}/verify`, { key, body });
  /** @type {Account} */ const account = { ...answer, key, passkey: credential.passkey, device_name: registration.device_name, begun: begun() };
  const same = (/** @type {{ account_id: string }} */ { account_id }) => account_id === account.account_id;
  const before = (await accounts()).find(same);
  const once = remembered().find(same);
  await keepAccount(account);
  await forgetRegistration();
  if (before) await retire(before);
  if (registration.suggested) await tellApart(account).catch(() => {});
  return { account, dead: before || !once || once.device_id === account.device_id ? undefined : { id: once.device_id, name: once.device_name } };
}

/** A second device of the same kind gets a number, so that the list tells them apart. @param {Account} account */
async function tellApart(account) {
  const { devices } = await asDevice(account, "GET", "/v1/devices");
  const taken = new Set(devices.filter((/** @type {any} */ { current, state }) => !current && state === "active").map((/** @type {any} */ { name }) => name));
  let name = account.device_name ?? "";
  for (let number = 2; taken.has(name); number++) name = `${account.device_name} ${number}`;
  if (name === account.device_name) return;
  await asDevice(account, "PATCH", `/v1/devices/${account.device_id}`, { name });
  await keepAccount({ ...account, device_name: name });
}

/** The key that this device had for the account before is worth nothing any more. @param {Account} before */
const retire = ({ key, account_id, device_id }) => send("DELETE", `/v1/devices/${device_id}`, { key, accountId: account_id }).catch(() => {});
