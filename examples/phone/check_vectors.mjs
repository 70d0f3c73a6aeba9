// Makes again what docs/api/vectors.json shows: node check_vectors.mjs vectors.json
// It prints what it signed, so that the service's own code can verify it.
import assert from "node:assert/strict";
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

for (const { name, key, message, signature, evidence, statement, transfer_code } of vectors.signatures) {
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
  assert.equal(signing.decisionPayload(said.statement, transfer_code, said.iat), message, name);
  const own = await signing.evidence(signer, message);
  assert.deepEqual(parts(own.jws), parts(evidence.jws), name);
  await verified(evidence.jws, key);
  made.evidence.push({ key, message, evidence: own });
}

for (const { text, transfer_code } of vectors.qr_codes) assert.equal(signing.transferCodeIn(text) ?? null, transfer_code, text);

console.log(JSON.stringify(made));
