"""Every refusal that a phone may meet, in the story of the test vectors."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from smartident_client import base64url
from smartident_client.approval_keys import RawApprovalKey
from tests.phone.without_chance import fixed_key
from tests.support import forged_evidence
from tests.support.forged_evidence import MISSING
from tests.support.world import Phone

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.logins.start import StartedLogin
    from smartident_client.answers import Registration
    from tests.phone.recording import Recording

PROOF_HEADERS: dict[str, dict[str, Any]] = {
    "typ is another": {"typ": "JWT"},
    "alg says none": {"alg": "none"},
    "alg is a symmetric one": {"alg": "HS256"},
    "neither kid nor jwk": {"kid": MISSING},
    "kid of another key": {"kid": fixed_key("stranger").thumbprint},
    "kid and jwk are two keys": {"jwk": fixed_key("stranger").public_jwk()},
    "jwk of a key that is not the device's": {"kid": MISSING, "jwk": fixed_key("stranger").public_jwk()},
    "jwk with its private half": {"kid": MISSING, "jwk": fixed_key("device").private_jwk()},
    "a member that the header does not have": {"nonce": "1"},
}
PROOF_CLAIMS: dict[str, dict[str, Any]] = {
    "htm is another": {"htm": "POST"},
    "htu with its query": {"htu": "https://api.example.test/v1/approvals?x=1"},
    "htu of another host": {"htu": "https://evil.example.test/v1/approvals"},
    "no jti": {"jti": MISSING},
    "jti too long": {"jti": "x" * 129},
    "no sub": {"sub": MISSING},
    "sub is another account": {"sub": "a"},
    "a body's digest without a body": {"body_sha256": base64url.encode(bytes(32))},
    "iat is a text": {"iat": "1800000900"},
}


def registrations(recording: Recording, anna: Account, phone: Phone) -> None:
    """What refuses step 3."""
    person = {"identifier": anna.number, "password": "falsch", "device_name": "Annas Telefon", "platform": "ios"}
    ask = {**person, "device_key": phone.key.public_jwk()}
    recording.send("register: wrong password", phone, "POST", "/v1/keys", ask)
    coded = {name: member for name, member in ask.items() if name != "password"} | {"enrolment_code": "0" * 16}
    recording.send("register: wrong enrolment code", phone, "POST", "/v1/keys", coded)
    other = {**ask, "device_key": fixed_key("stranger").public_jwk()}
    recording.send("register: proof by another key", phone, "POST", "/v1/keys", other)
    recording.send("register: a member too many", phone, "POST", "/v1/keys", {**ask, "colour": "green"})
    without = recording.world.account("71104226", display_name="Bea Blum", phone=None)
    ask = {**ask, "identifier": without.number, "password": "Vier-Esel-42"}
    recording.send("register: no number for an SMS", phone, "POST", "/v1/keys", ask)
    by_code = {member: ask[member] for member in ask if member != "password"}
    ask = {**by_code, "identifier": anna.number, "enrolment_code": "ABCD-EFGH-JKMN-PQRS"}
    recording.send("register: no such enrolment code", phone, "POST", "/v1/keys", ask)
    nobody = replace(phone.request("GET", "/v1/approvals", now=recording.world.now), proof="")
    recording.request("no proof at all", nobody, by="device")


def codes(recording: Recording, phone: Phone, registered: Registration) -> None:
    """What refuses step 4, and a second SMS too soon."""
    path = f"/v1/keys/{registered.registration_id}"
    recording.send("another SMS too soon", phone, "POST", f"{path}/resend")
    wrong = f"{(int(recording.sms_code()) + 1) % 1_000_000:06d}"
    proven = phone.approval.prove(registered, device_key=phone.key)
    recording.send("finish: wrong code", phone, "POST", f"{path}/verify", {"code": wrong, "approval_key": proven})
    same = RawApprovalKey(phone.key).prove(registered, device_key=phone.key)
    ask = {"code": recording.sms_code(), "approval_key": same}
    recording.send("finish: the device key as approval key", phone, "POST", f"{path}/verify", ask)
    stranger = Phone(fixed_key("stranger"), phone.approval)
    ask = {"code": recording.sms_code(), "approval_key": proven}
    recording.send("finish: another phone's registration", stranger, "POST", f"{path}/verify", ask, by="stranger")


def proofs(recording: Recording, phone: Phone) -> None:
    """What no proof may be; nothing else of these requests is wrong."""
    for name, header in PROOF_HEADERS.items():
        recording.spoiled(f"proof: {name}", phone, header=header)
    for name, claims in PROOF_CLAIMS.items():
        recording.spoiled(f"proof: {name}", phone, claims=claims)
    recording.spoiled("proof: another key signed it", phone, key=fixed_key("stranger"))
    body: dict[str, Any] = {
        "method": "POST",
        "path": "/v1/approvals/a.b",
        "body": b'{"decision":"deny","reason":"not_me"}',
    }
    recording.spoiled("proof: a body without its digest", phone, claims={"body_sha256": MISSING}, **body)
    recording.spoiled("proof: for another body", phone, claims={"body_sha256": base64url.encode(bytes(32))}, **body)
    for seconds in (-61, 61):
        recording.spoiled(f"proof: {seconds} seconds off", phone, claims={"iat": recording.world.now + seconds})


def evidence(recording: Recording, phone: Phone, started: StartedLogin) -> None:
    """What no evidence may be. The login stays as it is: each of these answers changes nothing."""
    statement = base64url.encode(started.login.statement.encode())
    say = forged_evidence.decision(statement, started.transfer_code or "", now=recording.world.now)
    other = base64url.encode(started.login.statement.replace("Anna", "Bea").encode() + b" ")
    made = {
        "over another statement": forged_evidence.evidence(phone, {**say, "statement": other}),
        "for another purpose": forged_evidence.evidence(phone, {**say, "purpose": "smartident-payment"}),
        "of another version": forged_evidence.evidence(phone, {**say, "v": 2}),
        "a member that it does not have": forged_evidence.evidence(phone, {**say, "note": ""}),
        "typ is another": forged_evidence.evidence(phone, say, header={"typ": "JWT"}),
        "no kid": forged_evidence.evidence(phone, say, header={"kid": MISSING}),
        "by the device key": forged_evidence.evidence(phone, say, key=phone.key),
        "of the other kind": {"type": "webauthn", "payload": "e30", "assertion": {}},
    }
    for name, forged in made.items():
        body = {"decision": "approve", "evidence": forged}
        recording.send(f"evidence: {name}", phone, "POST", f"/v1/approvals/{started.login.id}", body)
    body = {"decision": "deny", "reason": "changed_my_mind"}
    recording.send("it still waited", phone, "POST", f"/v1/approvals/{started.login.id}", body)


def decisions(recording: Recording, anna: Account, phone: Phone) -> None:
    """What refuses step 8."""
    world = recording.world
    mistyped, late = world.start(anna), world.start(anna)
    wrong = f"{(int(mistyped.transfer_code or '0') + 1) % 10 ** len(mistyped.transfer_code or ''):06d}"
    path, body = _approval(phone, mistyped, wrong[-len(mistyped.transfer_code or "") :], now=world.now)
    recording.send("approve: wrong transfer code", phone, "POST", path, body)
    path, body = _approval(phone, mistyped, mistyped.transfer_code or "", now=world.now)
    recording.send("approve: the right one after that", phone, "POST", path, body)
    recording.send("deny for two reasons", phone, "POST", path, {"decision": "deny", "reason": "not_me"})
    world.later(late.login.expires_at - world.now)
    path, body = _approval(phone, late, late.transfer_code or "", now=world.now)
    recording.send("approve: too late", phone, "POST", path, body)
    recording.send("approve: a login that is not there", phone, "POST", "/v1/approvals/a.b", body)
    recording.send("decide: neither yes nor no", phone, "POST", path, {"decision": "perhaps"})


def removals(recording: Recording, phone: Phone, other: Phone, body: dict[str, Any]) -> None:
    """What removes no device."""
    own, path = phone.key.thumbprint, f"/v1/devices/{other.key.thumbprint}"
    recording.send("remove another device without the fingerprint", phone, "DELETE", path)
    recording.send("remove: signed for another device", phone, "POST", f"/v1/devices/{own}/revoke", body)
    recording.send("remove: nobody's device", phone, "POST", f"/v1/devices/{'x' * 43}/revoke", body)


def _approval(phone: Phone, started: StartedLogin, code: str, *, now: int) -> tuple[str, dict[str, Any]]:
    statement = base64url.encode(started.login.statement.encode())
    body = {"decision": "approve", "evidence": phone.evidence(statement, code, now=now)}
    return f"/v1/approvals/{started.login.id}", json.loads(json.dumps(body))
