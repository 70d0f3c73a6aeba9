// @ts-check
import { config } from "../config.js";
import { language } from "../shared/language.js";
import { timeout } from "../shared/timeout.js";
import { correctClock } from "./clock.js";
import { deviceProof } from "./device_key.js";

/**
 * The service, as the phone speaks to it: every request bears a device proof.
 *
 * @typedef {import("./device_key.js").DeviceKey} DeviceKey
 * @typedef {{ key: DeviceKey, accountId?: string | undefined, body?: unknown, query?: string }} Ask
 */

/** In milliseconds. */
const REQUEST_WITHIN = 20_000;

/** What the service refused, or this device did, by its code. */
export class Refusal extends Error {
  /** @param {string} code @param {Record<string, any>} [problem] */
  constructor(code, problem = {}) {
    super(problem.title ?? code);
    this.name = "Refusal";
    this.code = code;
    this.title = /** @type {string | undefined} */ (problem.title);
    this.requestId = /** @type {string | undefined} */ (problem.request_id);
    this.field = /** @type {string | undefined} */ (problem.field);
    this.retryAfter = /** @type {number | undefined} */ (problem.retry_after);
    this.attemptsLeft = /** @type {number | undefined} */ (problem.attempts_left);
    this.revokedBy = /** @type {string | undefined} */ (problem.revoked_by);
    this.retired = problem.retired === true;
    this.revokedAt = /** @type {number | undefined} */ (problem.revoked_at);
    this.serverTime = /** @type {number | undefined} */ (problem.server_time);
  }
}

/** Asks the service; a clock that was wrong is put right and the request repeated. Throws a Refusal.
 * @param {string} method @param {string} path @param {Ask} ask */
export async function send(method, path, ask) {
  try {
    return await once(method, path, ask);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== "proof_stale" || error.serverTime === undefined) throw error;
    correctClock(error.serverTime);
    return once(method, path, ask);
  }
}

/** @param {string} method @param {string} path @param {Ask} ask */
async function once(method, path, { key, accountId, body, query = "" }) {
  const url = (config.apiUrl || location.origin) + path;
  const text = body === undefined ? undefined : JSON.stringify(body);
  const proof = await deviceProof(key, { method, url, body: text, accountId });
  const headers = { DPoP: proof, "Accept-Language": language(), ...(text !== undefined && { "Content-Type": "application/json" }) };
  const response = await fetch(url + query, { method, headers, cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer",
    signal: timeout(REQUEST_WITHIN), ...(text !== undefined && { body: text }),
  }).catch(() => { throw new Refusal("network_unavailable"); });
  const date = Date.parse(response.headers.get("Date") ?? "");
  if (date) correctClock(Math.floor(date / 1000));
  // A hotel's or a proxy's page comes with 200 too.
  const answer = response.status === 204 ? {} : await response.json().catch(() => undefined);
  if (response.ok && answer) return answer;
  throw new Refusal(answer?.code ?? "unreadable_answer", { request_id: response.headers.get("X-Request-Id") ?? undefined, ...answer });
}

/** Any error as a Refusal. @param {unknown} error */
export const asRefusal = (error) => (error instanceof Refusal ? error : new Refusal("page_failed"));
