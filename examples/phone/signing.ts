/** What a phone signs (docs/phone.md), with Web Crypto alone. A native app does the same in its Secure Enclave or Keystore. */

export type Jwk = { kty: string; crv: string; x: string; y?: string };
export type Key = { sign: (message: Uint8Array) => Promise<Uint8Array>; jwk: Jwk; algorithm: "ES256" | "EdDSA" };
export type Proof = { method: string; url: string; now: number; jti: string; body?: string; accountId?: string; showKey?: boolean };

const utf8 = new TextEncoder();
const P256 = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const ED25519 = { name: "Ed25519" };

export function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export function fromBase64url(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
}

async function sha256(text: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", utf8.encode(text))));
}

/** The members that a thumbprint is over, in their order, and no others (RFC 7638). */
export function thumbprintOf({ crv, kty, x, y }: Jwk): string {
  return JSON.stringify(kty === "EC" ? { crv, kty, x, y } : { crv, kty, x });
}

export function thumbprint(jwk: Jwk): Promise<string> {
  return sha256(thumbprintOf(jwk));
}

/** A key from its private JWK, as the test vectors show it; a real phone never has one. */
export async function importKey(jwk: Jwk & { d: string }): Promise<Key> {
  const algorithm = jwk.crv === "P-256" ? P256 : ED25519;
  return keyOf(await crypto.subtle.importKey("jwk", jwk, algorithm, true, ["sign"]), jwk);
}

export async function makeKey(): Promise<Key> {
  const pair = await crypto.subtle.generateKey(P256, true, ["sign", "verify"]);
  const exported = (await crypto.subtle.exportKey("jwk", pair.publicKey)) as Jwk;
  return keyOf(pair.privateKey, exported);
}

function keyOf(key: CryptoKey, { crv, kty, x, y }: Jwk): Key {
  // Web Crypto signs raw r||s, as JWS wants it. Secure Enclave and Keystore give DER: take it apart.
  const sign = async (message: Uint8Array) => new Uint8Array(await crypto.subtle.sign(crv === "P-256" ? P256 : ED25519, key, message as BufferSource));
  return { sign, jwk: { crv, kty, x, ...(y === undefined ? {} : { y }) }, algorithm: crv === "P-256" ? "ES256" : "EdDSA" };
}

export async function verifies(jwk: Jwk, message: string, signature: string): Promise<boolean> {
  const algorithm = jwk.crv === "P-256" ? P256 : ED25519;
  const { crv, kty, x, y } = jwk;
  const key = await crypto.subtle.importKey("jwk", { crv, kty, x, ...(y === undefined ? {} : { y }) }, algorithm, true, ["verify"]);
  return crypto.subtle.verify(algorithm, key, fromBase64url(signature) as BufferSource, utf8.encode(message));
}

async function compactJws(header: object, payload: string, key: Key): Promise<string> {
  const signed = `${base64url(utf8.encode(JSON.stringify({ alg: key.algorithm, ...header })))}.${base64url(utf8.encode(payload))}`;
  return `${signed}.${base64url(await key.sign(utf8.encode(signed)))}`;
}

/** The `DPoP` header of one request (RFC 9449): while enrolling without an account and with the key, afterwards with its name. */
export async function deviceProof(key: Key, { method, url, now, jti, body, accountId, showKey = accountId === undefined }: Proof): Promise<string> {
  const header = { typ: "dpop+jwt", ...(showKey ? { jwk: key.jwk } : { kid: await thumbprint(key.jwk) }) };
  const claims = {
    htm: method,
    htu: url.split("?")[0],
    iat: now,
    jti,
    ...(accountId === undefined ? {} : { sub: accountId }),
    ...(body ? { body_sha256: await sha256(body) } : {}),
  };
  return compactJws(header, JSON.stringify(claims), key);
}

/** What proves that the approval key belongs to this registration. */
export function approvalKeyMessage(registrationId: string, challenge: string, deviceId: string): string {
  return `smartident-approval-key:v1:${registrationId}:${challenge}:${deviceId}`;
}

export async function approvalKey(key: Key, message: string): Promise<object> {
  return { type: "jwk", jwk: key.jwk, signature: base64url(await key.sign(utf8.encode(message))) };
}

/** What the approval key signs: what was shown, what was typed and what was decided; and this phone's own id, if it leaves for the one that it lets in. */
export function decisionPayload(statement: string, transferCode: string, now: number, retireDevice?: string): string {
  const decision = { v: 1, purpose: "smartident-approval", decision: "approve", statement, transfer_code: transferCode, iat: now };
  return JSON.stringify(retireDevice === undefined ? decision : { ...decision, retire_device: retireDevice });
}

export async function evidence(key: Key, payload: string): Promise<{ type: "jws"; jws: string }> {
  const header = { typ: "smartident-approval+jws", kid: await thumbprint(key.jwk) };
  return { type: "jws", jws: await compactJws(header, payload, key) };
}

/** The challenge for an approval key that is a WebAuthn credential: its assertion is the evidence, beside `payload`. */
export async function passkeyChallenge(message: string): Promise<{ payload: string; challenge: string }> {
  const payload = base64url(utf8.encode(message));
  return { payload, challenge: await sha256(payload) };
}

/** The statement of a removal: written by the phone, shown by it, and signed. */
export function removalStatement(accountId: string, deviceId: string, deviceName: string, now: number): string {
  const statement = { v: 2, purpose: "smartident-revoke-device", account_id: accountId, device_id: deviceId, device_name: deviceName, requested_at: now, expires_at: now + 180 };
  return base64url(utf8.encode(JSON.stringify(statement)));
}

/** The statement that opens a frozen account: written by the phone and signed. */
export function openingStatement(accountId: string, frozenAt: number, now: number): string {
  const statement = { v: 2, purpose: "smartident-open-account", account_id: accountId, frozen_at: frozenAt, requested_at: now, expires_at: now + 180 };
  return base64url(utf8.encode(JSON.stringify(statement)));
}

/** The statement that asks for recovery codes: written by the phone and signed. */
export function recoveryCodesStatement(accountId: string, now: number): string {
  const statement = { v: 2, purpose: "smartident-recovery-codes", account_id: accountId, requested_at: now, expires_at: now + 180 };
  return base64url(utf8.encode(JSON.stringify(statement)));
}

/** What a new phone shows as a QR code, for the old one to scan. */
export function pairingQrCode(pairing: string): string {
  return `SMARTIDENT-PAIRING:${pairing}`;
}

/** The code in the QR code of a new phone; nothing for every other QR code. */
export function pairingIn(scanned: string): string | undefined {
  return /^SMARTIDENT-PAIRING:([A-Za-z0-9_-]{22})$/.exec(scanned)?.[1];
}

/** The transfer code in a QR code of the login page; nothing for every other QR code. */
export function transferCodeIn(scanned: string): string | undefined {
  return /^SMARTIDENT:([0-9]{4,10})$/.exec(scanned)?.[1];
}

/** Enrolment code and access number in a link or QR code of the operator, whatever its host; nothing for every other. */
export function enrolmentIn(link: string): { enrolmentCode: string; accessNumber: string } | undefined {
  const [, enrolmentCode, accessNumber] = /#\/enrolment-code\/([0-9A-Z-]{10,19})\.([^/#?\s]{1,250})$/.exec(link) ?? [];
  return enrolmentCode && accessNumber ? { enrolmentCode, accessNumber: decodeURIComponent(accessNumber) } : undefined;
}
