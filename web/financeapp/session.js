// @ts-check
import { fromBase64url, fromBase64urlJson, utf8 } from "../shared/bytes.js";

/**
 * What FinanceApp does with a completed login: hands it once to the signed-in page, which takes it out of storage at once
 * and checks the service's signature. A front end with a server of its own would send the token there instead.
 *
 * @typedef {{ iss: string, sub: string, aud: string, iat: number, exp: number, auth_time: number, jti: string, amr: string[], acr: string, sid: string }} Claims
 */

const HANDED_AS = "financeapp.session";
/** @typedef {{ login_id: string, login_token: string }} Fresh what lets the person look after passkeys for five minutes */
/** @typedef {{ token: string, received: number, fresh: Fresh }} Handed `received` by this computer's clock, in milliseconds */

/** Moves on to where the service says. @param {import("../smartident.js").Completed} completed @param {import("../smartident.js").Login} login */
export function handOver(completed, login) {
  const next = new URL(completed.redirect_to, location.href);
  const { login_id, login_token } = login.toJSON();
  const handed = { token: completed.id_token, received: Date.now(), fresh: { login_id, login_token } };
  // An application that asked by OpenID Connect gets a code in the address, and its own server fetches the token.
  if (next.origin === location.origin && completed.id_token) sessionStorage.setItem(HANDED_AS, JSON.stringify(handed));
  location.replace(next);
}

/** The token that was handed over; it is gone from storage afterwards. @returns {Handed | undefined} */
export function takeOver() {
  try {
    const handed = JSON.parse(sessionStorage.getItem(HANDED_AS) ?? "null");
    sessionStorage.removeItem(HANDED_AS);
    return handed ?? undefined;
  } catch { return undefined; }
}

/** The claims of a token that the service really signed for us. Throws when it did not. How old it is follows from when it came:
 * the clock of this computer may be wrong, but it came fresh from the service.
 * @param {Handed} handed @param {{ apiUrl: string, clientId: string }} config @returns {Promise<Claims>} */
export async function verified({ token, received }, { apiUrl, clientId }) {
  const [header = "", payload = "", signature = ""] = token.split(".");
  const { kid, alg } = fromBase64urlJson(header);
  // The keys are kept for an hour; one that came since is asked for.
  const jwk = (await signingKey(apiUrl, kid, "default")) ?? (await signingKey(apiUrl, kid, "reload"));
  if (alg !== "ES256" || !jwk) throw new Error("unknown signing key");
  const curve = { name: "ECDSA", namedCurve: "P-256" };
  const key = await crypto.subtle.importKey("jwk", { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y }, curve, false, ["verify"]);
  const signed = utf8(`${header}.${payload}`);
  const holds = await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, fromBase64url(signature), signed);
  const claims = fromBase64urlJson(payload);
  const ours = claims.iss === (apiUrl || location.origin) && claims.aud === clientId;
  const over = Date.now() - received > (claims.exp - claims.iat) * 1000;
  if (!holds || !ours || over) throw new Error("token does not hold");
  return claims;
}

/** @param {string} apiUrl @param {string} kid @param {RequestCache} cache @returns {Promise<{ kty: string, crv: string, x: string, y: string } | undefined>} */
async function signingKey(apiUrl, kid, cache) {
  const answer = await fetch(`${apiUrl}/.well-known/jwks.json`, { credentials: "omit", cache });
  const { keys } = await answer.json();
  return keys.find((/** @type {{ kid: string }} */ key) => key.kid === kid);
}
