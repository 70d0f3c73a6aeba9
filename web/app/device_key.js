// @ts-check
import { base64url, base64urlJson, sha256, utf8 } from "../shared/bytes.js";
import { correctedNow } from "./clock.js";

/**
 * The device key: P-256, made here, kept by the browser, never to be read out again.
 *
 * @typedef {{ kty: string, crv: string, x: string, y: string }} PublicJwk
 * @typedef {{ privateKey: CryptoKey, jwk: PublicJwk, thumbprint: string }} DeviceKey
 */

const CURVE = { name: "ECDSA", namedCurve: "P-256" };

/** @returns {Promise<DeviceKey>} */
export async function makeDeviceKey() {
  const pair = await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
  const { kty = "", crv = "", x = "", y = "" } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const thumbprint = base64url(await sha256(JSON.stringify({ crv, kty, x, y })));
  return { privateKey: pair.privateKey, jwk: { kty, crv, x, y }, thumbprint };
}

/** A device proof after RFC 9449 for one request; before the account is known it carries the key itself.
 * @param {DeviceKey} key @param {{ method: string, url: string, body: string | undefined, accountId: string | undefined }} request */
export async function deviceProof(key, { method, url, body, accountId }) {
  const header = { typ: "dpop+jwt", alg: "ES256", ...(accountId ? { kid: key.thumbprint } : { jwk: key.jwk }) };
  const claims = {
    htm: method, htu: url, iat: correctedNow(), jti: base64url(crypto.getRandomValues(new Uint8Array(16))),
    ...(accountId && { sub: accountId }),
    ...(body !== undefined && { body_sha256: base64url(await sha256(body)) }),
  };
  const signed = `${base64urlJson(header)}.${base64urlJson(claims)}`;
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key.privateKey, utf8(signed));
  return `${signed}.${base64url(signature)}`;
}
