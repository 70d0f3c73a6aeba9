/** The smartIDENT app without its screens: every request that a native app makes (docs/phone.md). */
import {
  approvalKey, approvalKeyMessage, decisionPayload, deviceProof, evidence, fromBase64url, makeKey, openingStatement, pairingIn, recoveryCodesStatement,
  removalStatement, thumbprint, type Key,
} from "./signing.js";

/** By `sms` a code is on its way; by `device` this phone shows `pairing` as a QR code and `pairing_digits` below it; by a code of its own it verifies at once. */
export type Registration = { registration_id: string; challenge: string; expires_at: number } & (
  | { confirm_by: "sms"; phone_hint: string; resend_at: number }
  | { confirm_by: "device"; pairing: string; pairing_digits: string; fingerprint: string }
  | { confirm_by: "enrolment_code" | "recovery" }
);
/** What proves whose account it is: the password, with a recovery code where the phone is lost; or an enrolment code alone. */
export type Proof = { password: string; recovery_code?: string } | { enrolment_code: string };
export type RecoveryCodes = { set_id: string; codes: string[]; expires_at: number };
export type CodesLeft = { left: number; made_at: number | null };
/** A subscription to Web Push: the endpoint, and the keys that messages are encrypted for (RFC 8291), in base64url. */
export type Subscription = { endpoint: string; keys: { p256dh: string; auth: string }; application_server_key: string };
export type PushSettings = { application_server_key: string | null; endpoint_sha256: string | null };
export type Account = { account_id: string; access_number: string; device_id: string; display_name: string };
export type Approval = { login_id: string; statement: string; expires_at: number; transfer_code_digits: number };
/** A phone that wants in. Show `place` of the statement and `here` in red where `differs` is true. */
export type NewDevice = { registration_id: string; statement: string; expires_at: number; here: { place: string | null }; differs: boolean };
export type Frozen = { frozen_at: number; may_open: boolean };
type Listed = { approvals: { statement: string }[]; frozen?: Frozen };
export type Device = { device_id: string; name: string; state: "active" | "revoked"; current: boolean };
export type Events = { events: { event_id: string; type: string; at: number }[]; next: string | null };
export type Problem = { code: string; title: string; status: number; server_time?: number; retry_after?: number; attempts_left?: number };

/** The kinds of statements that this phone shows and approves; every other waits for a newer app. */
const [LOGIN, NEW_DEVICE] = ["smartident-login", "smartident-new-device"];
/** So long a new phone waits between two questions, in milliseconds. */
const PAUSE = 3000;

/** The service said no: `code` is stable, `title` is for the person. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title);
  }
}

/** One phone with one account. Its clock follows the service's, where that says so. */
export class Phone {
  #clockCorrection = 0;
  account: Account | undefined;

  private constructor(readonly url: string, readonly language: string, readonly deviceKey: Key, readonly signingKey: Key, readonly clock: () => number) {}

  /** A new phone: it makes its two keys. */
  static async make(url: string, { language = "de", clock = () => Date.now() / 1000 } = {}): Promise<Phone> {
    return new Phone(url, language, await makeKey(), await makeKey(), clock);
  }

  /** Step 3: the service sends an SMS. With a code in place of the SMS, `verify` comes next, without a code. */
  register(identifier: string, proof: string | Proof, deviceName: string): Promise<Registration> {
    const proves = typeof proof === "string" ? { password: proof } : proof;
    return this.#send("POST", "/v1/keys", { identifier, ...proves, device_key: this.deviceKey.jwk, device_name: deviceName, platform: "other" });
  }

  /** Step 4: the approval key, and the code of the SMS unless an old phone lets this one in. */
  async verify({ registration_id, challenge }: Registration, code?: string): Promise<Account> {
    const message = approvalKeyMessage(registration_id, challenge, await thumbprint(this.deviceKey.jwk));
    const body = { ...(code === undefined ? {} : { code }), approval_key: await approvalKey(this.signingKey, message) };
    this.account = await this.#send<Account>("POST", `/v1/keys/${registration_id}/verify`, body);
    return this.account;
  }

  /** A further phone waits for the old one, with the same approval key; a refusal other than `registration_pending` is the end. */
  async waitUntilLetIn(registration: Registration, pause = PAUSE): Promise<Account> {
    for (;;) {
      try {
        return await this.verify(registration);
      } catch (error) {
        if (!(error instanceof Refused) || error.problem.code !== "registration_pending") throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  /** Step 7: what waits. A statement that cannot be shown cannot be approved. */
  async approvals(): Promise<Approval[]> {
    return this.#waiting<Approval>(LOGIN);
  }

  /** Phones that want in. First ask whether the person holds the new phone; "no" is `not_me`. */
  async newDevices(): Promise<NewDevice[]> {
    return this.#waiting<NewDevice>(NEW_DEVICE);
  }

  async #waiting<Kind extends { statement: string }>(purpose: string | undefined): Promise<Kind[]> {
    const { approvals } = await this.#send<Listed>("GET", "/v1/approvals");
    return approvals.filter(({ statement }) => shown(statement)["purpose"] === purpose) as Kind[];
  }

  /** After Face ID or fingerprint: lets a new phone in by what it shows, scanned or typed. There is one try. `leave`: this phone goes once the new one has logged in. */
  async letIn({ registration_id, statement }: NewDevice, scannedOrTyped: string, { leave = false } = {}): Promise<{ status: string }> {
    const code = pairingIn(scannedOrTyped) ?? scannedOrTyped.replace(/[^0-9]/g, "");
    return this.#approve(registration_id, statement, code, leave ? this.account?.device_id : undefined);
  }

  /** After Face ID or fingerprint: ten recovery codes, shown once. They count when `typedBack` has one of them. */
  async makeRecoveryCodes(): Promise<RecoveryCodes> {
    return this.#send("POST", "/v1/recovery-codes", await this.#signed(recoveryCodesStatement(this.account?.account_id ?? "", this.now())));
  }

  typedBack({ set_id }: RecoveryCodes, code: string): Promise<CodesLeft> {
    return this.#send("POST", `/v1/recovery-codes/${set_id}/confirm`, { code });
  }

  recoveryCodesLeft(): Promise<CodesLeft> {
    return this.#send("GET", "/v1/recovery-codes");
  }

  pushSettings(): Promise<PushSettings> {
    return this.#send("GET", this.#push);
  }

  /** Wakes this phone from now on, through a push service that the operator allows. */
  subscribe(subscription: Subscription): Promise<void> {
    return this.#send("PUT", this.#push, { type: "web_push", ...subscription });
  }

  unsubscribe(): Promise<void> {
    return this.#send("DELETE", this.#push);
  }

  get #push(): string {
    return `/v1/devices/${this.account?.device_id}/push`;
  }

  /** Anybody who holds the phone may freeze the account; no fingerprint is asked. */
  async freeze(): Promise<void> {
    await this.#send("POST", "/v1/account/freeze");
  }

  async frozen(): Promise<Frozen | undefined> {
    return (await this.#send<Listed>("GET", "/v1/approvals")).frozen;
  }

  /** After Face ID or fingerprint, by a phone that was there a day before the freeze. */
  async open({ frozen_at }: Frozen): Promise<void> {
    await this.#send("POST", "/v1/account/open", await this.#signed(openingStatement(this.account?.account_id ?? "", frozen_at, this.now())));
  }

  /** Step 8, after Face ID or fingerprint. A page may show the code in groups: digits alone are signed. */
  async approve({ login_id, statement }: Approval, transferCode: string): Promise<{ status: string }> {
    return this.#approve(login_id, statement, transferCode.replace(/[^0-9]/g, ""));
  }

  /** A statement that this phone wrote itself, signed. */
  async #signed(statement: string): Promise<object> {
    return { statement, evidence: await evidence(this.signingKey, decisionPayload(statement, "", this.now())) };
  }

  async #approve(id: string, statement: string, code: string, leaving?: string): Promise<{ status: string }> {
    const signed = await evidence(this.signingKey, decisionPayload(statement, code, this.now(), leaving));
    return this.#send("POST", `/v1/approvals/${id}`, { decision: "approve", evidence: signed });
  }

  deny(waiting: Approval | NewDevice, reason: "not_me" | "changed_my_mind"): Promise<{ status: string }> {
    const id = "login_id" in waiting ? waiting.login_id : waiting.registration_id;
    return this.#send("POST", `/v1/approvals/${id}`, { decision: "deny", reason });
  }

  async devices(): Promise<Device[]> {
    return (await this.#send<{ devices: Device[] }>("GET", "/v1/devices")).devices;
  }

  rename({ device_id }: Device, name: string): Promise<Device> {
    return this.#send("PATCH", `/v1/devices/${device_id}`, { name });
  }

  /** What happened to the account, newest first; `before` is `next` of the page before. */
  events(before?: string): Promise<Events> {
    return this.#send("GET", `/v1/events${before === undefined ? "" : `?before=${encodeURIComponent(before)}`}`);
  }

  /** Signs the person out of every application, at once; phones stay. */
  async endSessions(): Promise<void> {
    await this.#send("DELETE", "/v1/sessions");
  }

  /** Removes another device, after Face ID or fingerprint. */
  async remove({ device_id, name }: Device): Promise<void> {
    await this.#send("POST", `/v1/devices/${device_id}/revoke`, await this.#signed(removalStatement(this.account?.account_id ?? "", device_id, name, this.now())));
  }

  /** Removes this device; the app then deletes its keys. */
  signOut(): Promise<unknown> {
    return this.#send("DELETE", `/v1/devices/${this.account?.device_id}`);
  }

  now(): number {
    return Math.floor(this.clock()) + this.#clockCorrection;
  }

  async #send<Answer>(method: string, path: string, content?: object): Promise<Answer> {
    try {
      return await this.#once<Answer>(method, path, content);
    } catch (error) {
      if (!(error instanceof Refused) || error.problem.code !== "proof_stale" || error.problem.server_time === undefined) throw error;
      this.#clockCorrection = error.problem.server_time - Math.floor(this.clock());
      return this.#once<Answer>(method, path, content);
    }
  }

  async #once<Answer>(method: string, path: string, content?: object): Promise<Answer> {
    const body = content && JSON.stringify(content);
    const url = this.url + path;
    const who = this.account ? { accountId: this.account.account_id } : {};
    const proof = await deviceProof(this.deviceKey, { method, url, now: this.now(), jti: crypto.randomUUID(), ...(body ? { body } : {}), ...who });
    const headers = { DPoP: proof, "Accept-Language": this.language, ...(body ? { "Content-Type": "application/json" } : {}) };
    const answer = await fetch(url, { method, headers, redirect: "error", ...(body ? { body } : {}) });
    if (!answer.ok) throw new Refused((await answer.json()) as Problem);
    return (answer.status === 204 ? undefined : await answer.json()) as Answer;
  }
}

/** A statement as it is shown: decoded from the very text that is signed. */
export function shown(statement: string): Record<string, unknown> {
  return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(fromBase64url(statement)));
}
