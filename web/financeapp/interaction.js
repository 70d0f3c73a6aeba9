// @ts-check
import { SmartIdent } from "../smartident.js";

/**
 * Another application sends its people here (OpenID Connect): what it asked for stands in the address, sealed by the service. The part
 * after `#` reaches no server, and stays over a reload.
 *
 * @typedef {{ client_id: string, name: string, host: string, login_hint: string | null, cancel_to: string }} Asker
 */

/** What the application asked for, as the service sealed it; nothing for FinanceApp's own login. */
export const interaction = new URLSearchParams(location.hash.slice(1)).get("interaction") ?? undefined;

/** Who asks. Throws a Refusal if the service does not know the interaction, or it is over. @param {string} apiUrl @param {string} language @returns {Promise<Asker>} */
export async function whoAsks(apiUrl, language) {
  const path = `/oauth2/interaction?interaction=${encodeURIComponent(interaction ?? "")}`;
  const { answer } = await new SmartIdent({ apiUrl, language }).ask(path, { known: true });
  return /** @type {Asker} */ (/** @type {unknown} */ (answer));
}
