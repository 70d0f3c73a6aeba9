// @ts-check
/**
 * smartIDENT in the browser: starts a login, waits for the phone, completes it. No dependencies.
 *
 *     import { SmartIdent } from "/smartident.js";
 *     const login = await new SmartIdent({ clientId: "financeapp" }).login(identifier, password);
 *     show(login.transferCode, login.expiresAt);
 *     const { id_token, redirect_to } = await login.completed;
 *
 * With a passkey instead: `const login = await new SmartIdent({ … }).loginWithPasskey()`.
 *
 * A page that is loaded anew goes on with its login: `sessionStorage.login = JSON.stringify(login)` before,
 * `new SmartIdent({ … }).resume(JSON.parse(sessionStorage.login))` after.
 *
 * @typedef {"pending" | "approved" | "denied" | "expired" | "cancelled"} Status
 * @typedef {"connecting" | "live" | "polling" | "offline"} Connection
 * A browser in which a phone has approved a login is known again: where page and API share a host by a cookie, elsewhere by a token in
 * `localStorage`. It spares the person the waits that strangers cause, and opens nothing.
 *
 * @typedef {{ id_token: string, token_type: "Bearer", expires_at: number, redirect_to: string }} Completed
 * @typedef {{ url: string, protocols: string[] }} Socket
 * @typedef {{ login_id: string, login_token: string, status: Status, transfer_code: string | null,
 *   expires_at: number, socket: Socket | null }} Started
 * @typedef {{ passkey_id: string, name: string, made_at: number, last_used_at: number | null, synced: boolean, aaguid: string }} Passkey
 * @typedef {"phone_or_passkey" | "phone" | "passkey_only"} LoginPolicy
 * @typedef {{ app_store: string, play_store: string, web: string }} AppLinks
 * @typedef {{ login_id: string, login_token: string, transfer_code: string | null, ends: number, socket_url: string | null, connections: number }} Kept
 * @typedef {{ status: CustomEvent<Status>, connection: CustomEvent<Connection> }} LoginEvents
 * @typedef {<Name extends keyof LoginEvents>(type: Name, listener: (event: LoginEvents[Name]) => void, options?: AddEventListenerOptions | boolean) => void} Listen
 * @typedef {Omit<EventTarget, "addEventListener" | "removeEventListener"> & { addEventListener: Listen, removeEventListener: Listen }} LoginEventTarget
 * @typedef {{ apiUrl?: string, clientId?: string, interaction?: string | undefined, language?: string }} Options
 * @typedef {{ method?: string, token?: string, body?: unknown, keepalive?: boolean, known?: boolean }} Ask
 */

const LINKS = 8;
// In milliseconds: how long a request may take, a socket may stay silent, and an answer on it; how often a page polls at first and at last.
const REQUEST_WITHIN = 20_000;
const HEARTBEAT = 45_000;
const ANSWER_WITHIN = 5_000;
const [POLL_FIRST, POLL_LAST] = [1_500, 6_000];
/** So long after its time a login that cannot be reached is still asked for, and an approval redeemed. */
const GRACE = 60_000;
const OFFLINE_AT_MOST = 30_000;
const ENDED = new Map([["denied", "login_denied"], ["expired", "login_expired"], ["cancelled", "login_cancelled"]]);
const KNOWN_AS = "smartident.trusted_browser:";
const SUBPROTOCOL = "smartident.v1";
const LATER = new Set(["network_unavailable", "too_many_attempts", "service_unavailable", "signing_unavailable", "internal_error", "unreadable_answer"]);

/** What the service refused: its stable `code`, and in `title` its sentence for the person. Without a `title` it was not the service:
 * `network_unavailable` when it could not be reached, `unreadable_answer` when something else answered. */
export class Refusal extends Error {
  /** @param {string} code @param {Record<string, any>} [problem] */
  constructor(code, problem = {}) {
    super(problem.title ?? code);
    this.name = "Refusal";
    this.code = code;
    this.title = /** @type {string | undefined} */ (problem.title);
    /** What the helpdesk finds the request by. */
    this.requestId = /** @type {string | undefined} */ (problem.request_id);
    this.status = /** @type {number} */ (problem.status ?? 0);
    this.retryAfter = /** @type {number | undefined} */ (problem.retry_after);
    /** Why a login was denied: `transfer_code` when a wrong one was typed on the phone. */
    this.reason = /** @type {string | undefined} */ (problem.reason);
    this.field = /** @type {string | undefined} */ (problem.field);
    this.appLinks = /** @type {AppLinks | undefined} */ (problem.app_links);
  }
}

/** Aborts after so long; Safari has `AbortSignal.timeout` since 16 only. @param {number} ms */
function timeout(ms) {
  if ("timeout" in AbortSignal) return AbortSignal.timeout(ms);
  const controller = new AbortController();
  setTimeout(() => controller.abort(), ms);
  return controller.signal;
}

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param {string} text base64url of its SHA-256 */
async function digest(text) {
  return base64url(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

/** The ticket of the nth connection: the chain is walked backwards, so a seen ticket opens no later one.
 * @param {string} token @param {number} nth */
async function ticket(token, nth) {
  let link = await digest(`smartident-ticket:v1:${token}`);
  for (let at = LINKS; at > nth; at--) link = await digest(link);
  return link;
}

/** @param {ArrayBuffer} data */
const base64url = (data) => btoa(String.fromCharCode(...new Uint8Array(data))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
/** @param {string} text @returns {Uint8Array<ArrayBuffer>} */
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (character) => character.charCodeAt(0));

/** What the browser has of the person, or nothing if the person wants none now. @param {() => Promise<Credential | null>} prompt */
async function chosen(prompt) {
  try { return /** @type {PublicKeyCredential | null} */ (await prompt()) ?? undefined; } catch (error) {
    const name = error instanceof DOMException ? error.name : "";
    if (name === "AbortError" || name === "NotAllowedError") return undefined;
    // InvalidStateError: the person agreed, and this device has one already.
    throw new Refusal(name === "InvalidStateError" ? "passkey_known" : "passkey_unavailable");
  }
}

/** Tells the browser which passkeys are left. Of WebAuthn level 3: one that does not know it goes on suggesting what is gone.
 * @param {{ accepted: object, details: object }} answer */
async function told({ accepted, details }) {
  const known = /** @type {any} */ (globalThis.PublicKeyCredential);
  await known?.signalAllAcceptedCredentials?.(accepted)?.catch(() => {});
  await known?.signalCurrentUserDetails?.(details)?.catch(() => {});
}

/** A credential as the service reads it: `response` in base64url. @param {PublicKeyCredential} made @param {object} response */
const written = (made, response) => ({ id: made.id, rawId: base64url(made.rawId), type: made.type, response });

/** Starts logins at one smartIDENT service. */
export class SmartIdent {
  /** @param {Options} [options] `apiUrl` without trailing slash; empty is the page's own origin. `interaction`: only for the provider's own login
   * page, which completes a login for another application: then there is no `id_token`, and `redirect_to` holds the application's code */
  constructor({ apiUrl = "", clientId, interaction, language } = {}) {
    this.apiUrl = apiUrl;
    this.clientId = clientId;
    this.interaction = interaction;
    this.language = language;
  }

  /** Checks the password and starts waiting for the phone. Throws a Refusal.
   * @param {string} identifier access number or e-mail @param {string} password
   * @param {{ nonce?: string }} [options] `nonce`: what the back end made for this browser; it comes back in the `id_token` */
  async login(identifier, password, { nonce } = {}) {
    const known = this.#known();
    const body = { identifier, password, ...(this.clientId && { client_id: this.clientId }), ...(known && { trusted_browser: known }), ...(nonce !== undefined && { nonce }) };
    const { answer, now } = await this.ask("/v1/logins", { method: "POST", body, known: true });
    return new Login(this, /** @type {Started} */ (answer), now);
  }

  /** Logs in with a passkey of this page's domain; no phone is asked. Undefined if the person chose none. Throws a Refusal.
   * `conditional`: wait among what the browser suggests at a field with `autocomplete="username webauthn"`. A browser asks for one passkey at a
   * time: abort the `signal` of the one before. Ask anew before five minutes are over. What fails before the person chooses is no Refusal then.
   * @param {{ conditional?: boolean, signal?: AbortSignal, nonce?: string }} [options] `nonce`: as of `login` */
  async loginWithPasskey({ conditional = false, signal, nonce } = {}) {
    const made = await this.#asked(conditional, signal).catch((error) => { if (!conditional) throw error; });
    if (!made) return undefined;
    const { clientDataJSON, authenticatorData, signature, userHandle } = /** @type {AuthenticatorAssertionResponse} */ (made.response);
    const assertion = written(made, { clientDataJSON: base64url(clientDataJSON), authenticatorData: base64url(authenticatorData),
      signature: base64url(signature), userHandle: userHandle && base64url(userHandle) });
    const body = { assertion, ...(this.clientId && { client_id: this.clientId }), ...(nonce !== undefined && { nonce }) };
    const { answer, now } = await this.ask("/v1/passkeys/login", { method: "POST", body });
    return new Login(this, /** @type {Started} */ (answer), now);
  }

  /** What the browser has of the person for a challenge of the service. @param {boolean} conditional @param {AbortSignal} [signal] */
  async #asked(conditional, signal) {
    const { answer: { public_key: asked } } = await this.ask("/v1/passkeys/options", { method: "POST", body: {} });
    const options = /** @type {any} */ ({ publicKey: { ...asked, challenge: bytes(asked.challenge) }, ...(signal && { signal }), ...(conditional && { mediation: "conditional" }) });
    return chosen(() => navigator.credentials.get(options));
  }

  /** Goes on with a login that this page had started before it was loaded anew. @param {Kept} kept what `JSON.stringify(login)` gave */
  resume({ ends, socket_url, connections, ...kept }) {
    const socket = socket_url === null ? null : { url: socket_url, protocols: [] };
    return new Login(this, { ...kept, status: "pending", expires_at: ends / 1000, socket }, Date.now(), connections);
  }

  /** By this the service knows the browser again. A browser that keeps nothing is a new one each time. */
  #known() {
    try { return localStorage.getItem(KNOWN_AS + this.apiUrl)?.slice(0, 128); } catch { return undefined; }
  }

  /** Takes out of a completed login what only this browser keeps. @param {Completed & { trusted_browser?: string }} answer @returns {Completed} */
  keepKnown({ trusted_browser, ...completed }) {
    if (trusted_browser) try { localStorage.setItem(KNOWN_AS + this.apiUrl, trusted_browser); } catch { /* then it is a new one next time */ }
    return completed;
  }

  /** One request to the service: its answer and the service's clock. @param {string} path @param {Ask} [options] `known`: with the browser's cookie */
  async ask(path, { method = "GET", token, body, keepalive = false, known = false } = {}) {
    const headers = { ...(this.language && { "Accept-Language": this.language }),
      ...(token && { Authorization: `Bearer ${token}` }), ...(body !== undefined && { "Content-Type": "application/json" }) };
    const response = await fetch(this.apiUrl + path, { method, headers, keepalive, cache: "no-store", credentials: known ? "same-origin" : "omit",
      referrerPolicy: "no-referrer", signal: timeout(REQUEST_WITHIN), ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch(() => { throw new Refusal("network_unavailable"); });
    const answer = response.status === 204 ? {} : await response.json().catch(() => undefined);
    if (!response.ok || !answer) {
      throw new Refusal(answer?.code ?? "unreadable_answer", { status: response.status, request_id: response.headers.get("X-Request-Id") ?? undefined, ...answer });
    }
    return { answer, now: Date.parse(response.headers.get("Date") ?? "") || Date.now() };
  }
}

const TypedEventTarget = /** @type {new () => LoginEventTarget} */ (EventTarget);

/** A login that waits for its phone. Events: `status` (detail: Status) and `connection` (detail: Connection). */
export class Login extends TypedEventTarget {
  #service; #token; #stop = new AbortController(); #connections; #socketUrl;
  /** @type {WebSocket | undefined} */ #socket;
  /** @type {Promise<void> | undefined} */ #checking;
  /** @type {Promise<void> | undefined} */ #completing;
  /** @type {(result: Completed) => void} */ #resolve = () => {};
  /** @type {(reason: Refusal) => void} */ #reject = () => {};

  /** @param {SmartIdent} service @param {Started} started @param {number} now the service's clock in ms
   * @param {number} [connections] how many sockets it has had */
  constructor(service, started, now, connections = 0) {
    super();
    this.#service = service;
    this.#token = started.login_token;
    this.#connections = connections;
    this.#socketUrl = started.socket?.url ?? null;
    this.id = started.login_id;
    this.transferCode = started.transfer_code;
    /** When the login ends, by this machine's own clock. @type {Date} */
    this.expiresAt = new Date(Date.now() + Math.max(started.expires_at * 1000 - now, 0));
    this.status = /** @type {Status} */ ("pending");
    this.connection = /** @type {Connection} */ ("connecting");
    /** The one outcome: the tokens, or a Refusal. @type {Promise<Completed>} */
    this.completed = new Promise((resolve, reject) => { this.#resolve = resolve; this.#reject = reject; });
    this.completed.catch(() => {});
    if (started.status === "approved") this.#hear(started);
    else this.#wait(started.socket);
  }

  /** Ends the login everywhere; the phone no longer sees it. @param {{ keepalive?: boolean }} [options] */
  async cancel({ keepalive = false } = {}) {
    if (this.#stop.signal.aborted) return;
    this.#end("cancelled");
    await this.#ask("", { method: "DELETE", keepalive }).catch(() => {});
  }

  /** What `resume` needs. It holds the login's token: keep it for this tab alone, and no longer than the login. @returns {Kept} */
  toJSON() {
    return { login_id: this.id, login_token: this.#token, transfer_code: this.transferCode, ends: this.expiresAt.getTime(),
      socket_url: this.#socketUrl, connections: this.#connections };
  }

  /** @param {string} path @param {Ask} [options] */
  #ask(path, options) { return this.#service.ask(`/v1/logins/${encodeURIComponent(this.id)}${path}`, { token: this.#token, ...options }); }

  /** @param {Socket | null} socket */
  #wait(socket) {
    const signal = this.#stop.signal;
    const wake = () => document.visibilityState === "visible" && this.#look();
    document.addEventListener("visibilitychange", wake, { signal });
    // "offline" is a hint: whether the service can be reached, only a request tells.
    for (const event of ["online", "offline", "pageshow", "focus"]) addEventListener(event, wake, { signal });
    this.#keepConnected(socket);
    this.#poll();
  }

  /** A socket while there is one to have: eight times at most, with growing pauses. @param {Socket | null} socket */
  async #keepConnected(socket) {
    while (socket && !this.#stop.signal.aborted && this.#connections < LINKS) {
      const nth = ++this.#connections;
      const protocols = nth === 1 ? socket.protocols : [SUBPROTOCOL, `${this.id}.${await ticket(this.#token, nth)}`];
      await this.#connect(socket.url, protocols);
      await pause(Math.min(500 * 2 ** nth, 10_000) * (0.5 + Math.random() / 2));
      // Without a connection a socket would be tried in vain, and there are but eight.
      for (let waited = 0; this.connection === "offline" && waited < OFFLINE_AT_MOST && !this.#stop.signal.aborted; waited += 500) await pause(500);
    }
  }

  /** Resolves when the connection is over. @param {string} url @param {string[]} protocols @returns {Promise<void>} */
  #connect(url, protocols) {
    return new Promise((over) => {
      /** @type {WebSocket} */ let socket;
      try { socket = new WebSocket(url, protocols); } catch { return over(); }
      /** @type {number} */ let deadline;
      const ask = () => { socket.send(JSON.stringify({ action: "status", login_id: this.id })); expect(); };
      const expect = () => { clearTimeout(deadline); deadline = setTimeout(leave, ANSWER_WITHIN); };
      const leave = () => {
        clearTimeout(deadline);
        clearInterval(beat);
        socket.onmessage = socket.onclose = null;
        socket.close();
        if (this.#socket === socket) { this.#socket = undefined; this.#look(); }
        over();
      };
      const beat = setInterval(() => this.#socket === socket && ask(), HEARTBEAT);
      socket.onopen = ask;
      socket.onclose = leave;
      socket.onmessage = ({ data }) => {
        clearTimeout(deadline);
        this.#socket = socket;
        this.#tell("connection", "live");
        try { this.#hear(JSON.parse(data)); } catch { /* not for us */ }
      };
      this.#stop.signal.addEventListener("abort", leave, { once: true });
      expect();
    });
  }

  /** Asks over HTTPS as long as no socket speaks, ever more slowly, and once when time is up. */
  async #poll() {
    for (let wait = POLL_FIRST; !this.#stop.signal.aborted; wait = Math.min(wait * 1.3, POLL_LAST)) {
      await pause(Math.max(Math.min(wait, this.expiresAt.getTime() - Date.now() + 250), 1_000));
      if (!this.#socket || Date.now() >= this.expiresAt.getTime()) await this.#look();
      else wait = POLL_FIRST;
    }
  }

  /** One look at the login's status; several callers share it. */
  #look() {
    if (this.#stop.signal.aborted || this.#completing) return this.#completing;
    return this.#checking ??= this.#ask("").then(
      ({ answer }) => { this.#tell("connection", this.#socket ? "live" : "polling"); this.#hear(answer); },
      (refusal) => this.#missed(refusal),
    ).finally(() => { this.#checking = undefined; });
  }

  /** @param {Refusal} refusal */
  #missed(refusal) {
    if (!LATER.has(refusal.code)) return this.#hear({ status: "expired" });
    if (refusal.code === "network_unavailable") this.#tell("connection", "offline");
    if (Date.now() > this.expiresAt.getTime() + GRACE) this.#hear({ status: "expired" });
  }

  /** @param {{ status: Status, reason?: string }} news */
  #hear({ status, reason }) {
    if (this.#stop.signal.aborted || this.#completing) return;
    if (status === "approved") { this.#tell("status", status); this.#completing = this.#complete(); }
    else if (ENDED.has(status)) this.#end(status, reason);
  }

  /** Redeems the approval once; only an answer that got lost is asked for again. */
  async #complete() {
    for (let left = GRACE, wait = 500; ; left -= wait, wait *= 2) {
      try {
        const { answer } = await this.#finish();
        this.#stop.abort();
        return this.#resolve(this.#service.keepKnown(answer));
      } catch (error) {
        const refusal = /** @type {Refusal} */ (error);
        if (this.#stop.signal.aborted) return undefined;
        if (refusal.code === "login_pending") { this.#completing = undefined; return undefined; }
        if (!LATER.has(refusal.code) || left <= 0) return this.#end(refusal.code === "login_denied" ? "denied" : "expired", refusal.reason);
        await pause(wait = Math.max(wait, (refusal.retryAfter ?? 0) * 1_000));
      }
    }
  }

  #finish() {
    const { interaction } = this.#service;
    if (!interaction) return this.#ask("/complete", { method: "POST", known: true });
    return this.#service.ask("/oauth2/interaction", { method: "POST", token: this.#token, known: true, body: { interaction, login_id: this.id } });
  }

  /** @param {Status} status @param {string} [reason] */
  #end(status, reason) {
    this.#stop.abort();
    this.#tell("status", status);
    this.#reject(new Refusal(/** @type {string} */ (ENDED.get(status)), { reason }));
  }

  /** @param {"status" | "connection"} what @param {any} news */
  #tell(what, news) {
    if (this[what] === news) return;
    /** @type {any} */ (this)[what] = news;
    this.dispatchEvent(new CustomEvent(what, { detail: news }));
  }
}

/** The passkeys of who logged in, for five minutes after a login that a phone or a passkey approved:
 * `new Passkeys(service, login.toJSON())`. Each change is told to the browser, which then suggests no passkey that is gone. */
export class Passkeys {
  #service; #token;

  /** @param {SmartIdent} service @param {{ login_id: string, login_token: string }} login */
  constructor(service, { login_id, login_token }) {
    this.#service = service;
    this.#token = `${login_id}.${login_token}`;
  }

  /** The passkeys, oldest first, whether this login may make one more, what the account may be logged in with, and from when a looser policy
   * holds that the operator or a recovery code ordered; and whether the phone may make recovery codes and there are none. Throws a Refusal.
   * @returns {Promise<{ passkeys: Passkey[], mayMake: boolean, loginPolicy: LoginPolicy, looserFrom: Date | undefined, lacksRecoveryCodes: boolean }>} */
  async list() {
    const { passkeys, creation, login_policy: loginPolicy, looser_from: from, lacks_recovery_codes: lacksRecoveryCodes } = await this.#read();
    return { passkeys, mayMake: creation !== null, loginPolicy, looserFrom: from === null ? undefined : new Date(from * 1000), lacksRecoveryCodes };
  }

  /** Chooses what the account may be logged in with. `passkey_only` wants two passkeys, or one and recovery codes, and ends what this login may do about passkeys;
   * only a login that a passkey approved allows the phone again. Throws a Refusal.
   * @param {"phone_or_passkey" | "passkey_only"} policy */
  async choosePolicy(policy) {
    await this.#service.ask("/v1/passkeys", { method: "PATCH", token: this.#token, body: { login_policy: policy } });
  }

  /** Makes a passkey in this browser. False if the person made none. Throws a Refusal: `passkey_known` where this device has one already.
   * @param {string} name what the person will know it by */
  async make(name) {
    const { creation } = await this.#read();
    if (!creation) return false;
    const excludeCredentials = creation.excludeCredentials.map((/** @type {any} */ one) => ({ ...one, id: bytes(one.id) }));
    const publicKey = { ...creation, challenge: bytes(creation.challenge), user: { ...creation.user, id: bytes(creation.user.id) }, excludeCredentials };
    const made = await chosen(() => navigator.credentials.create({ publicKey }));
    if (!made) return false;
    const response = /** @type {AuthenticatorAttestationResponse} */ (made.response);
    const credential = written(made, { clientDataJSON: base64url(response.clientDataJSON), attestationObject: base64url(response.attestationObject),
      transports: response.getTransports?.() ?? [] });
    await this.#service.ask("/v1/passkeys", { method: "POST", token: this.#token, body: { credential, name } });
    return true;
  }

  /** Removes a passkey, at once. One that was used ends the account's sessions at every client, and what this login may do about passkeys.
   * Throws a Refusal. @param {string} id its `passkey_id` */
  async remove(id) {
    const { passkeys, accepted, details } = await this.#read();
    await this.#service.ask(`/v1/passkeys/${encodeURIComponent(id)}`, { method: "DELETE", token: this.#token });
    const gone = passkeys.findIndex((/** @type {Passkey} */ one) => one.passkey_id === id);
    const left = accepted.allAcceptedCredentialIds.filter((/** @type {string} */ _, /** @type {number} */ nth) => nth !== gone);
    await told({ accepted: { ...accepted, allAcceptedCredentialIds: left }, details });
  }

  async #read() {
    const { answer } = await this.#service.ask("/v1/passkeys", { token: this.#token });
    await told(answer);
    return answer;
  }
}
