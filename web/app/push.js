// @ts-check
import { base64url, fromBase64url, sha256 } from "../shared/bytes.js";
import { language } from "../shared/language.js";
import { isApple, isInstalled } from "../shared/platform.js";
import { within } from "../shared/timeout.js";
import { asDevice } from "./requests.js";
import { Refusal } from "./service.js";
import { accounts as stored } from "./vault.js";

/**
 * Push messages: they say that something waits, so that the person need not know when to open the app. The app works without.
 *
 * @typedef {import("./vault.js").Account} Account
 * @typedef {"on" | "off" | "denied" | "homeScreen" | "unsupported"} PushState `homeScreen`: an iPhone's browser, which has push
 *   messages only for apps on the home screen
 * @typedef {{ wish?: "on" | "off" | "later", mark?: string, key?: string, at?: number }} Kept what was chosen, and what the service was told last
 */

const KEPT_AS = "smartident.push";
const DAY = 86_400_000;
/** A browser without a connection to its push service never answers, in milliseconds. */
const ANSWER_WITHIN = 20_000;
/** @type {Promise<void> | undefined} */ let renewing;

/** How it stands here. @returns {PushState} */
export function pushState() {
  if (isApple() && !isInstalled()) return "homeScreen";
  if (!("PushManager" in globalThis && "Notification" in globalThis && navigator.serviceWorker)) return "unsupported";
  if (Notification.permission === "denied") return "denied";
  return Notification.permission === "granted" && kept().wish === "on" ? "on" : "off";
}

/** Whether the person was asked before, and answered. */
export const wasAsked = () => kept().wish !== undefined;

/** The person does not want to be asked now; the setting stays. */
export const askLater = () => keep({ ...kept(), wish: "later" });

/** Has the browser ask, and the service wake this device; to be called on a tap. Throws a Refusal. */
export async function switchOn() {
  if ((await Notification.requestPermission()) !== "granted") throw new Refusal("push_denied");
  await tell((await stored()).filter(({ revoked }) => !revoked), true);
}

/** From now on nobody wakes this device. A service that cannot be reached hears it of the push service. */
export async function switchOff() {
  keep({ wish: "off" });
  const { pushManager } = await worker();
  await (await pushManager.getSubscription())?.unsubscribe();
  await Promise.allSettled((await stored()).map((account) => asDevice(account, "DELETE", path(account))));
}

/** Tells the service what changed: another endpoint of the browser, another language, another account, or its own new key.
 * @param {Account[]} accounts @param {boolean} anew whether the browser says that it changed something */
export async function keepSubscribed(accounts, anew = false) {
  if (pushState() !== "on" || accounts.length === 0) return;
  renewing ??= tell(accounts, anew).catch(() => {}).finally(() => { renewing = undefined; });
  await renewing;
}

/** @param {Account[]} accounts @param {boolean} anew */
async function tell(accounts, anew) {
  const before = await (await worker()).pushManager.getSubscription();
  const { mark, at = 0 } = kept();
  const same = !anew && mark === markOf(before, accounts);
  if (same && Date.now() - at < DAY) return;
  /** @type {PushSubscription | undefined} */ let made;
  let key = "";
  for (const account of accounts) {
    const told = await asDevice(account, "GET", path(account));
    key = told.application_server_key;
    made = await subscription(key);
    if (!same || told.endpoint_sha256 !== base64url(await sha256(made.endpoint))) await asDevice(account, "PUT", path(account), body(made, key));
  }
  keep({ wish: "on", mark: markOf(made, accounts), key, at: Date.now() });
}

/** The browser's subscription to this key of the service. @param {string | null} key @returns {Promise<PushSubscription>} */
async function subscription(key) {
  if (!key) throw new Refusal("push_unavailable");
  const { pushManager } = await worker();
  const before = await pushManager.getSubscription();
  // Some browsers do not say which key it was.
  const own = before?.options.applicationServerKey ? base64url(before.options.applicationServerKey) : kept().key;
  if (before && own === key) return before;
  await before?.unsubscribe();
  const asked = pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: fromBase64url(key) });
  const made = await within(asked.catch(() => undefined), ANSWER_WITHIN);
  if (!made) throw new Refusal("push_unavailable");
  return made;
}

/** @param {PushSubscription} made @param {string} key */
const body = (made, key) => ({ type: "web_push", endpoint: made.endpoint, keys: { p256dh: keyOf(made, "p256dh"), auth: keyOf(made, "auth") }, application_server_key: key });

/** @param {PushSubscription} made @param {PushEncryptionKeyName} name */
const keyOf = (made, name) => base64url(made.getKey(name) ?? new ArrayBuffer(0));

/** What the service knows of it. @param {PushSubscription | null | undefined} made @param {Account[]} accounts */
const markOf = (made, accounts) => JSON.stringify([made?.endpoint, language(), ...accounts.map(({ account_id }) => account_id).sort()]);

/** @param {Account} account */
const path = ({ device_id }) => `/v1/devices/${device_id}/push`;

/** The worker that shows the messages. @returns {Promise<ServiceWorkerRegistration>} */
async function worker() {
  const ready = await within(navigator.serviceWorker.ready, ANSWER_WITHIN);
  if (!ready) throw new Refusal("push_unavailable");
  return ready;
}

/** @returns {Kept} */
function kept() {
  try { return JSON.parse(localStorage.getItem(KEPT_AS) ?? "{}") ?? {}; } catch { return {}; }
}

/** @param {Kept} what */
function keep(what) {
  try { localStorage.setItem(KEPT_AS, JSON.stringify(what)); } catch { /* then it is asked again */ }
}
