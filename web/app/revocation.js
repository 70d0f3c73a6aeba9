// @ts-check
import { base64urlJson } from "../shared/bytes.js";
import { correctedNow } from "./clock.js";
import { signApproval } from "./passkey.js";
import { asDevice } from "./requests.js";

/** So long the person's yes to a removal is meant, in seconds. */
const MEANT_FOR = 180;

/** Removes another device after Face ID or fingerprint: what was shown of it is what gets signed.
 * @param {import("./vault.js").Account} account @param {{ device_id: string, name: string }} device */
export async function revokeDevice(account, { device_id, name }) {
  const now = correctedNow();
  const statement = base64urlJson({ v: 2, purpose: "smartident-revoke-device", account_id: account.account_id, device_id, device_name: name,
    requested_at: now, expires_at: now + MEANT_FOR });
  const evidence = await signApproval(account.passkey, { statement, transferCode: "" });
  await asDevice(account, "POST", `/v1/devices/${device_id}/revoke`, { statement, evidence });
}
