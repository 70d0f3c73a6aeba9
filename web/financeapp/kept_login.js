// @ts-check
/**
 * The login that waits, kept over a reload, Back and the logo: in this tab alone, and for its three minutes. It holds the
 * login's token, with which nobody gets in without the phone; the password is never kept.
 *
 * @typedef {import("../smartident.js").Kept} Kept
 * @typedef {{ kept: Kept, interaction: string | undefined, identifier: string, lifetime: number, since: number }} KeptLogin
 */

const KEPT_AS = "financeapp.login";

/** @param {KeptLogin} login */
export function keepLogin(login) {
  try { sessionStorage.setItem(KEPT_AS, JSON.stringify(login)); } catch { /* then a reload begins anew */ }
}

export function forgetLogin() {
  try { sessionStorage.removeItem(KEPT_AS); } catch { /* nothing was kept */ }
}

/** The login that this tab waits for; nothing once its time is over, and none of another application's.
 * @param {string | undefined} interaction @returns {KeptLogin | undefined} */
export function keptLogin(interaction) {
  try {
    const found = /** @type {KeptLogin | null} */ (JSON.parse(sessionStorage.getItem(KEPT_AS) ?? "null"));
    if (found && found.kept.ends > Date.now() && found.interaction === interaction) return found;
  } catch { /* not ours */ }
  forgetLogin();
  return undefined;
}
