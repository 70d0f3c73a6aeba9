// @ts-check
/**
 * Keeps the app's own files, so that it opens without a connection. The network goes first: a new version is there at the
 * next start. What the service answers is never kept.
 */
const CACHE = "smartident-1";
const FILES = [
  "./", "main.js", "app.css", "manifest.webmanifest", "frame.js", "requests.js", "service.js", "vault.js", "passkey.js", "device_key.js", "clock.js",
  "code_field.js", "scanner.js", "words.js", "views/home.js", "views/enrol.js", "views/code.js", "views/request.js", "views/decided.js", "views/account.js",
  "views/devices.js", "views/events.js", "language/de.js", "language/en.js", "icons/icon.svg", "icons/icon-192.png", "../config.js", "../qr.js",
  "../language/de.js", "../language/en.js", "../shared/base.css", "../shared/bytes.js", "../shared/elements.js", "../shared/language.js", "../shared/refusals.js", "../shared/pieces.js",
];
const PATIENCE = 4_000;
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
  const kept = new Set(FILES.map((file) => new URL(file, worker.registration.scope).href));
  const url = request.url.replace(/[?#].*$/, "");
  if (request.method === "GET" && kept.has(url)) event.respondWith(freshOrKept(request, url));
});

/** @param {Request} request @param {string} url */
async function freshOrKept(request, url) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(url);
  try {
    const fresh = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    if (fresh.ok) await cache.put(url, fresh.clone());
    return fresh.ok || !kept ? fresh : kept;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}
