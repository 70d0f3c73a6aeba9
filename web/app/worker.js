// @ts-check
/**
 * Keeps the app's own files, so that it opens without a connection. The network goes first: a new version is there at the
 * next start, whether it can be kept or not. What the service answers is never kept.
 */
const CACHE = "smartident-1";
const FILES = [
  "./", "main.js", "app.css", "manifest.webmanifest", "frame.js", "requests.js", "service.js", "database.js", "vault.js", "memory.js", "ability.js",
  "passkey.js", "registration.js", "revocation.js", "recovery_codes.js", "device_key.js", "doubt.js", "clock.js", "code_field.js", "scanner.js", "words.js", "install_offer.js", "push.js", "views/push.js", "views/home.js", "views/accounts.js",
  "views/lost.js", "views/enrol.js", "views/before_enrolling.js", "views/enrolment_code.js", "views/waiting.js", "views/delayed.js", "views/code.js", "views/pairing.js", "views/recovery.js", "views/recovery_codes.js", "views/new_phone.js", "views/let_in.js", "views/stored.js", "views/request.js", "views/ask.js", "views/sign_out.js",
  "views/decided.js", "views/account.js", "views/devices.js", "views/events.js", "views/freeze.js", "language/de.js", "language/en.js", "icons/icon.svg",
  "icons/icon-192.png", "../config.js", "../language/de.js", "../language/en.js", "../shared/base.css", "../shared/bytes.js", "../shared/digits.js",
  "../shared/elements.js", "../shared/language.js", "../shared/links.js", "../shared/login_mark.js", "../shared/own.js", "../shared/pieces.js",
  "../shared/platform.js", "../shared/refusals.js", "../shared/supported.js", "../shared/timeout.js",
  "../shared/trial.js",
];
/** Kept once they were asked for: who never scans never loads them. */
const WHEN_ASKED_FOR = ["../shared/qr_picture.js", "../vendor/qr/decode.js", "../vendor/qr/index.js"];
/** So long the network and the cache may take, in milliseconds. */
const PATIENCE = 4_000;
const CACHE_WITHIN = 1_000;
const worker = /** @type {any} */ (globalThis);

worker.addEventListener("install", (/** @type {any} */ event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)).then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (/** @type {any} */ event) => {
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter((name) => name.startsWith("smartident-") && name !== CACHE).map((name) => caches.delete(name))))
    .then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  const ours = new Set([...FILES, ...WHEN_ASKED_FOR].map((file) => new URL(file, worker.registration.scope).href));
  const url = request.url.replace(/[?#].*$/, "");
  if (request.method === "GET" && ours.has(url)) event.respondWith(freshOrKept(event, url));
});

/** A push message: it says that something waits. Browsers demand that it is shown, even while the app is open. */
worker.addEventListener("push", (/** @type {any} */ event) => {
  const { title = "smartIDENT", body, lang, tag = "request", navigate } = told(event);
  const words = body ?? "Bitte öffnen Sie die App. Please open the app.";
  const options = { body: words, lang, tag, renotify: true, icon: "icons/icon-192.png", badge: "icons/icon-192.png", data: pageOf(navigate) };
  event.waitUntil(Promise.all([worker.registration.showNotification(title, options), tell({})]));
});

/** A tap leads to what waits: in a window that is open, or in a new one. */
worker.addEventListener("notificationclick", (/** @type {any} */ event) => {
  event.notification.close();
  event.waitUntil(show(event.notification.data ?? "#/"));
});

/** The browser changed its subscription; the app tells the service, at the latest when it is opened. */
worker.addEventListener("pushsubscriptionchange", (/** @type {any} */ event) => {
  const { options } = event.oldSubscription ?? {};
  const again = event.newSubscription || !options ? Promise.resolve() : worker.registration.pushManager.subscribe(options);
  event.waitUntil(again.catch(() => {}).then(() => tell({ resubscribed: true })));
});

/** What the message says; of an unreadable one nothing. @param {any} event @returns {any} */
function told(event) {
  try { return event.data.json().notification ?? {}; } catch { return {}; }
}

/** The page of the app that a message leads to; it leads to no other site. @param {unknown} navigate */
const pageOf = (navigate) => (/#\/[a-z-]*$/.exec(String(navigate))?.[0] ?? "#/");

/** The app's open windows. @returns {Promise<any[]>} */
const windows = async () => (await worker.clients.matchAll({ type: "window", includeUncontrolled: true }))
  .filter((/** @type {any} */ { url }) => url.startsWith(worker.registration.scope));

/** @param {object} message */
const tell = async (message) => { for (const one of await windows()) one.postMessage(message); };

/** @param {string} page */
async function show(page) {
  const [open] = await windows();
  if (!open) return worker.clients.openWindow(worker.registration.scope + page);
  open.postMessage({ go: page.slice(1) });
  return open.focus();
}

/** What the network answers, whatever the cache is up to; what is kept, where the network does not answer soon or well.
 * @param {any} event @param {string} url @returns {Promise<Response>} */
async function freshOrKept(event, url) {
  const coming = fetch(event.request);
  const fresh = await Promise.race([coming.catch(() => undefined), pause(PATIENCE)]);
  if (fresh?.ok) {
    event.waitUntil(keep(url, fresh.clone()));
    return fresh;
  }
  return (await Promise.race([kept(url), pause(CACHE_WITHIN)])) ?? coming;
}

/** @param {string} url @param {Response} fresh */
const keep = (url, fresh) => caches.open(CACHE).then((cache) => cache.put(url, fresh)).catch(() => {});

/** @param {string} url */
const kept = (url) => caches.open(CACHE).then((cache) => cache.match(url)).catch(() => undefined);

/** @param {number} milliseconds @returns {Promise<undefined>} */
const pause = (milliseconds) => new Promise((resolve) => { setTimeout(() => resolve(undefined), milliseconds); });
