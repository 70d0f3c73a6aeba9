// @ts-check
import { utf8 } from "../shared/bytes.js";
import { isApple, isInstalled } from "../shared/platform.js";
import { within } from "../shared/timeout.js";
import { makeDeviceKey } from "./device_key.js";
import { Refusal } from "./service.js";
import { keptForGood, storedAndRead } from "./vault.js";

/**
 * Whether this device can hold an account at all: asked before a password is typed and an SMS is spent.
 *
 * @typedef {{ refusal?: Refusal | undefined, tab: boolean, fleeting: boolean }} Ability `tab`: an iPhone's browser, which shares nothing
 *   with the home screen and forgets after seven days; `fleeting`: the browser may delete what is stored
 */

const ANSWER_WITHIN = 2_000;

/** What speaks against enrolling here. @returns {Promise<Ability>} */
export async function ability() {
  const tab = isApple() && !isInstalled();
  const [refusal, kept] = await Promise.all([obstacle(), within(keptForGood(), ANSWER_WITHIN)]);
  return { refusal, tab, fleeting: kept === false };
}

/** @returns {Promise<Refusal | undefined>} */
const obstacle = async () => ((await canVerifyUser()) ? keyObstacle() : new Refusal("passkey_unavailable"));

/** Face ID, fingerprint or screen lock; a browser that does not answer may still have them. */
async function canVerifyUser() {
  if (!("PublicKeyCredential" in globalThis) || !navigator.credentials) return false;
  try {
    return (await within(PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable(), ANSWER_WITHIN)) !== false;
  } catch { return false; }
}

/** A key that is made, stored and read again still signs. @returns {Promise<Refusal | undefined>} */
async function keyObstacle() {
  try {
    const found = await storedAndRead(await makeDeviceKey());
    await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, /** @type {CryptoKey} */ (found?.privateKey), utf8("trial"));
    return undefined;
  } catch (error) { return error instanceof Refusal ? error : new Refusal("keys_refused"); }
}
