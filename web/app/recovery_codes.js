// @ts-check
import { base64urlJson } from "../shared/bytes.js";
import { correctedNow } from "./clock.js";
import { signApproval } from "./passkey.js";
import { asDevice } from "./requests.js";

/**
 * Recovery codes: on paper, for the day on which the phone is lost.
 *
 * @typedef {import("./vault.js").Account} Account
 * @typedef {{ left: number, made_at: number | null }} Left how many codes count, and since when
 * @typedef {{ set_id: string, codes: string[], expires_at: number }} Made ten new codes, which count once one of them is typed back
 */

/** So long the person's yes to new codes is meant, in seconds. */
const MEANT_FOR = 180;

/** @param {Account} account @returns {Promise<Left>} */
export const codesLeft = (account) => asDevice(account, "GET", "/v1/recovery-codes");

/** Ten new codes, after Face ID or fingerprint. @param {Account} account @returns {Promise<Made>} */
export async function makeCodes(account) {
  const now = correctedNow();
  const statement = base64urlJson({ v: 2, purpose: "smartident-recovery-codes", account_id: account.account_id, requested_at: now, expires_at: now + MEANT_FOR });
  const evidence = await signApproval(account.passkey, { statement, transferCode: "" });
  return asDevice(account, "POST", "/v1/recovery-codes", { statement, evidence });
}

/** From now on these codes count. @param {Account} account @param {string} setId @param {string} code @returns {Promise<Left>} */
export const confirmCodes = (account, setId, code) => asDevice(account, "POST", `/v1/recovery-codes/${setId}/confirm`, { code });
