// Makes again what docs/api/vectors.json shows: node check_vectors.mjs vectors.json
// It prints what it signed, so that the service's own code can verify it.
import assert from "node:assert/strict";
import { createHash, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { Refused, shown } from "./phone.js";
import * as signing from "./signing.js";

const vectors = JSON.parse(readFileSync(process.argv[2], "utf8"));
const keys = new Map(vectors.keys.map((key) => [key.name, key]));
const keyOf = async (name) => signing.importKey(keys.get(name).jwk);
const parts = (jws) => jws.split(".").slice(0, 2).map((part) => JSON.parse(new TextDecoder().decode(signing.fromBase64url(part))));
const made = { proofs: [], evidence: [] };

async function verified(jws, name) {
  const at = jws.lastIndexOf(".");
  assert(await signing.verifies(keys.get(name).jwk, jws.slice(0, at), jws.slice(at + 1)), name);
}

for (const { jwk, thumbprint, thumbprint_of } of vectors.keys) {
  assert.equal(signing.thumbprintOf(jwk), thumbprint_of);
  assert.equal(await signing.thumbprint(jwk), thumbprint);
}

for (const { name, key, now, method, url, body, proof, status, answer } of vectors.exchanges) {
  if (status >= 400) {
    const { problem } = new Refused(answer);
    assert(problem.code && problem.title && problem.status === status, name);
    continue;
  }
  const { iat, jti, sub } = proof.claims;
  const asked = { method, url, now: iat, jti, showKey: "jwk" in proof.header, ...(body === null ? {} : { body }), ...(sub === undefined ? {} : { accountId: sub }) };
  const own = await signing.deviceProof(await keyOf(key), asked);
  const [header, claims] = parts(own);
  // Both name and key are allowed too; this phone never sends both.
  const { kid, ...others } = proof.header;
  assert.deepEqual(header, "jwk" in proof.header ? others : { kid, ...others }, name);
  assert.deepEqual(claims, proof.claims, name);
  await verified(proof.compact, key);
  await verified(own, key);
  made.proofs.push({ method, url, body, now, key, proof: own });
}

/** What a passkey signed: the challenge is over the decision, and the person was verified. */
async function passkeyVerified({ name, key, message, evidence, rp_id, origin, credential_id }) {
  const { payload, challenge } = await signing.passkeyChallenge(message);
  assert.equal(evidence.payload, payload, name);
  assert.equal(evidence.assertion.id, credential_id, name);
  const { clientDataJSON, authenticatorData, signature } = evidence.assertion.response;
  const said = JSON.parse(new TextDecoder().decode(signing.fromBase64url(clientDataJSON)));
  assert.deepEqual([said.type, said.challenge, said.origin], ["webauthn.get", challenge, origin], name);
  const seen = Buffer.from(authenticatorData, "base64url");
  assert.deepEqual(seen.subarray(0, 32), createHash("sha256").update(rp_id).digest(), name);
  assert.equal(seen[32] & 0x05, 0x05, `${name}: present and verified`);
  const signed = Buffer.concat([seen, createHash("sha256").update(Buffer.from(clientDataJSON, "base64url")).digest()]);
  const { d, ...jwk } = keys.get(key).jwk;
  assert(verify("sha256", signed, createPublicKey({ key: jwk, format: "jwk" }), Buffer.from(signature, "base64url")), name);
}

for (const vector of vectors.signatures) {
  const { name, key, message, signature, evidence, statement, transfer_code } = vector;
  if (evidence?.type === "webauthn") {
    assert.deepEqual(shown(JSON.parse(message).statement), JSON.parse(statement), name);
    await passkeyVerified(vector);
    continue;
  }
  const signer = await keyOf(key);
  if (signature) {
    assert(await signing.verifies(signer.jwk, message, signature), name);
    made.evidence.push({ key, message, signature: (await signing.approvalKey(signer, message)).signature });
    continue;
  }
  const said = JSON.parse(message);
  const told = shown(said.statement);
  if (statement) assert.deepEqual(told, JSON.parse(statement), name);
  if (told.purpose === "smartident-revoke-device") {
    const { account_id, device_id, device_name, requested_at } = told;
    assert.equal(signing.removalStatement(account_id, device_id, device_name, requested_at), said.statement, name);
  }
  if (told.purpose === "smartident-open-account") {
    assert.equal(signing.openingStatement(told.account_id, told.frozen_at, told.requested_at), said.statement, name);
  }
  if (told.purpose === "smartident-recovery-codes") {
    assert.equal(signing.recoveryCodesStatement(told.account_id, told.requested_at), said.statement, name);
  }
  assert.equal(signing.decisionPayload(said.statement, transfer_code, said.iat, said.retire_device), message, name);
  const own = await signing.evidence(signer, message);
  assert.deepEqual(parts(own.jws), parts(evidence.jws), name);
  await verified(evidence.jws, key);
  made.evidence.push({ key, message, evidence: own });
}

for (const { text, transfer_code, pairing } of vectors.qr_codes) {
  assert.deepEqual([signing.transferCodeIn(text) ?? null, signing.pairingIn(text) ?? null], [transfer_code, pairing], text);
  if (pairing) assert.equal(signing.pairingQrCode(pairing), text);
}

for (const { text, enrolment_code, access_number } of vectors.enrolment_links) {
  const { enrolmentCode = null, accessNumber = null } = signing.enrolmentIn(text) ?? {};
  assert.deepEqual([enrolmentCode, accessNumber], [enrolment_code, access_number], text);
}

console.log(JSON.stringify(made));
