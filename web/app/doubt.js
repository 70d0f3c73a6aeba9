// @ts-check
import { accounts, keepAccount } from "./vault.js";

/** So often in a row a finger may be refused before the app thinks of a key that is gone: browsers answer both alike. */
const DOUBT_AFTER = 3;

/** Whether the approval key of an account is probably gone. @param {import("./vault.js").Account} account */
export const isKeyDoubted = ({ unconfirmed = 0 }) => unconfirmed >= DOUBT_AFTER;

/** How often in a row the approval key did not answer, kept for the next time. @param {import("./vault.js").Account} account @param {import("./service.js").Refusal | undefined} refused */
export async function countUnconfirmed({ account_id, unconfirmed = 0 }, refused) {
  const now = refused?.code === "fingerprint_refused" ? unconfirmed + 1 : refused ? unconfirmed : 0;
  if (now === unconfirmed) return now;
  const stored = (await accounts().catch(() => [])).find((one) => one.account_id === account_id);
  if (stored) await keepAccount({ ...stored, unconfirmed: now }).catch(() => {});
  return now;
}
