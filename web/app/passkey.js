// @ts-check
import { base64url, base64urlJson, fromBase64url, sha256 } from "../shared/bytes.js";
import { correctedNow } from "./clock.js";
import { Refusal } from "./service.js";

/**
 * The approval key: a passkey of this device, usable only after Face ID, fingerprint or screen lock.
 *
 * @typedef {import("./vault.js").Passkey} Passkey
 */

/** Makes the approval key of a registration. @param {any} options PublicKeyCredentialCreationOptionsJSON
 * @returns {Promise<{ response: any, passkey: Passkey }>} RegistrationResponseJSON and how to find the key again */
export async function makePasskey(options) {
  const publicKey = {
    ...options,
    challenge: fromBase64url(options.challenge),
    user: { ...options.user, id: fromBase64url(options.user.id) },
    excludeCredentials: (options.excludeCredentials ?? []).map((/** @type {any} */ known) => ({ ...known, id: fromBase64url(known.id) })),
  };
  const made = await prompted(() => navigator.credentials.create({ publicKey }));
  const answer = /** @type {AuthenticatorAttestationResponse} */ (made.response);
  const response = {
    id: made.id, rawId: base64url(made.rawId), type: made.type, clientExtensionResults: made.getClientExtensionResults(),
    ...(made.authenticatorAttachment && { authenticatorAttachment: made.authenticatorAttachment }),
    response: { clientDataJSON: base64url(answer.clientDataJSON), attestationObject: base64url(answer.attestationObject),
      transports: answer.getTransports?.() ?? [] },
  };
  return { response, passkey: { id: made.id, rpId: options.rp.id ?? location.hostname } };
}

/** Signs a decision: what was shown, what was typed and what was decided, and whether this device leaves, in one signature.
 * @param {Passkey} passkey @param {{ statement: string, transferCode: string, retireDevice?: string | undefined }} decided */
export async function signApproval({ id, rpId }, { statement, transferCode, retireDevice }) {
  const payload = base64urlJson({ v: 1, purpose: "smartident-approval", decision: "approve", statement,
    transfer_code: transferCode, iat: correctedNow(), ...(retireDevice && { retire_device: retireDevice }) });
  const publicKey = /** @type {PublicKeyCredentialRequestOptions} */ ({ challenge: await sha256(payload), rpId, userVerification: "required",
    timeout: 120_000, allowCredentials: [{ type: "public-key", id: fromBase64url(id) }] });
  const made = await prompted(() => navigator.credentials.get({ publicKey }));
  const answer = /** @type {AuthenticatorAssertionResponse} */ (made.response);
  const assertion = {
    id: made.id, rawId: base64url(made.rawId), type: made.type, clientExtensionResults: made.getClientExtensionResults(),
    ...(made.authenticatorAttachment && { authenticatorAttachment: made.authenticatorAttachment }),
    response: { clientDataJSON: base64url(answer.clientDataJSON), authenticatorData: base64url(answer.authenticatorData),
      signature: base64url(answer.signature), ...(answer.userHandle && { userHandle: base64url(answer.userHandle) }) },
  };
  return { type: "webauthn", payload, assertion };
}

/** @param {() => Promise<Credential | null>} prompt @returns {Promise<PublicKeyCredential>} */
async function prompted(prompt) {
  if (!("PublicKeyCredential" in globalThis)) throw new Refusal("passkey_unavailable");
  try {
    return /** @type {PublicKeyCredential} */ (await prompt());
  } catch (error) {
    const name = error instanceof DOMException ? error.name : "";
    throw new Refusal(name === "NotAllowedError" || name === "AbortError" ? "fingerprint_refused" : "passkey_unavailable");
  }
}
