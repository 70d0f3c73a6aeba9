"""A further phone in the test vectors: what it asks, what the old one signs, and what keeps it out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from msgspec import convert

from smartident_client import base64url
from smartident_client.answers import Registration
from smartident_client.approval_keys import RawApprovalKey, decision_payload
from smartident_client.authenticator import Authenticator
from tests.phone.without_chance import fixed_key
from tests.support.world import ABROAD, PASSWORD, Phone

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.phone.recording import Recording

NEW, PASSKEY, STRANGER, COOLING = "new device", "passkey device", "stranger", "phone in cool-off"
APP_ORIGIN = "https://app.example.test"
CREDENTIAL_ID = bytes(range(32))


def further_phones(recording: Recording, anna: Account, old: Phone) -> Phone:
    """Those that stay outside, one that the old phone lets in by its code, and one by digits; the first of them."""
    stranger = Phone(fixed_key(STRANGER), RawApprovalKey(fixed_key("approval of the stranger")))
    new = Phone(fixed_key(NEW), RawApprovalKey(fixed_key("approval of the new device")))
    _declined(recording, anna, old, stranger, new)
    _let_in(recording, anna, old, new)
    _with_a_passkey(recording, anna, old)
    _too_late(recording, anna, old, stranger)
    _cooling_off(recording, anna, old, stranger)
    return new


def _declined(recording: Recording, anna: Account, old: Phone, stranger: Phone, second: Phone) -> None:
    registered = _registered(recording, "pair: a new phone asks", anna, stranger, by=STRANGER)
    recording.send("pair: a second one waits its turn", second, "POST", "/v1/keys", _ask(anna, second), by=NEW)
    _verify(recording, "pair: the new phone waits", stranger, registered, by=STRANGER)
    waits = recording.send("pair: the old phone sees it", old, "GET", "/v1/approvals")["approvals"][0]
    path = f"/v1/approvals/{registered.registration_id}"
    now = recording.world.now
    other = _yes(old, base64url.encode(b"{}"), registered.pairing, now=now)
    recording.send("pair: signed over another statement", old, "POST", path, other)
    wrong, right = (_yes(old, waits["statement"], code, now=now) for code in ("0" * 8, registered.pairing))
    recording.send("pair: wrong digits", old, "POST", path, wrong)
    recording.send("pair: the right code after that", old, "POST", path, right)
    _verify(recording, "pair: the new phone hears no", stranger, registered, by=STRANGER)


def _let_in(recording: Recording, anna: Account, old: Phone, new: Phone) -> None:
    waits = recording.send("pair: the next one comes too soon", new, "POST", "/v1/keys", _ask(anna, new), by=NEW)
    recording.world.later(waits["retry_after"])
    registered = _registered(recording, "pair: the next one asks", anna, new, by=NEW)
    waits = recording.send("pair: the old phone sees the next one", old, "GET", "/v1/approvals")["approvals"][0]
    payload = decision_payload(statement=waits["statement"], transfer_code=registered.pairing, now=recording.world.now)
    evidence = old.approval.evidence(payload)
    told = {"statement": base64url.decode(waits["statement"]).decode(), "transfer_code": registered.pairing}
    recording.sign("a new phone, by the code that was scanned", "approval", payload, {**told, "evidence": evidence})
    path, body = f"/v1/approvals/{registered.registration_id}", {"decision": "approve", "evidence": evidence}
    recording.send("pair: it is let in", old, "POST", path, body)
    recording.send("pair: it is let in, as the answer was lost", old, "POST", path, body)
    recording.send("pair: no after yes", old, "POST", path, {"decision": "deny", "reason": "not_me"})
    new.account_id = _verify(recording, "pair: the new phone is in", new, registered, by=NEW)["account_id"]
    recording.send("pair: its first request", new, "GET", "/v1/approvals", by=NEW)


def _with_a_passkey(recording: Recording, anna: Account, old: Phone) -> None:
    """A phone whose approval key is a WebAuthn credential: it is let in by the eight digits, and approves a login."""
    passkey = Authenticator(fixed_key("passkey"), APP_ORIGIN, credential_id=CREDENTIAL_ID)
    phone = Phone(fixed_key(PASSKEY), passkey)
    registered = _registered(recording, "passkey: a new phone asks", anna, phone, by=PASSKEY)
    waits = recording.send("passkey: the old phone sees it", old, "GET", "/v1/approvals")["approvals"][0]
    body = _yes(old, waits["statement"], registered.pairing_digits, now=recording.world.now)
    recording.send("passkey: let in by digits", old, "POST", f"/v1/approvals/{registered.registration_id}", body)
    phone.account_id = _verify(recording, "passkey: the phone is in", phone, registered, by=PASSKEY)["account_id"]
    started = recording.world.start(anna)
    waits = recording.send("passkey: a login waits", phone, "GET", "/v1/approvals", by=PASSKEY)["approvals"][0]
    code = started.transfer_code or ""
    payload = decision_payload(statement=waits["statement"], transfer_code=code, now=recording.world.now)
    evidence = passkey.evidence(payload)
    told = {"statement": base64url.decode(waits["statement"]).decode(), "transfer_code": code, "evidence": evidence}
    party = {"rp_id": passkey.rp_id, "origin": passkey.origin, "credential_id": base64url.encode(CREDENTIAL_ID)}
    recording.sign("approve a login by a passkey", "passkey", payload, {**told, **party})
    path = f"/v1/approvals/{started.login.id}"
    unverified = replace(passkey, verifies=False).evidence(payload)
    refused = {"decision": "approve", "evidence": unverified}
    recording.send("passkey: no fingerprint was asked", phone, "POST", path, refused, by=PASSKEY)
    body = {"decision": "approve", "evidence": evidence}
    recording.send("passkey: approve", phone, "POST", path, body, by=PASSKEY)


def _too_late(recording: Recording, anna: Account, old: Phone, stranger: Phone) -> None:
    registered = _registered(recording, "pair: nobody looks at this one", anna, stranger, by=STRANGER)
    statement = recording.world.listed(old)[0]["statement"]
    recording.world.later(300)
    _verify(recording, "pair: the new phone hears that it is over", stranger, registered, by=STRANGER)
    late = _yes(old, statement, registered.pairing, now=recording.world.now)
    recording.send("pair: the old phone is too late", old, "POST", f"/v1/approvals/{registered.registration_id}", late)


def _cooling_off(recording: Recording, anna: Account, old: Phone, stranger: Phone) -> None:
    """A phone that was let in from abroad lets nobody in for a day; and an address that was not the person's waits."""
    world, approval = recording.world, RawApprovalKey(fixed_key("approval of the phone in cool-off"))
    abroad = Phone(fixed_key(COOLING), approval, here=ABROAD)
    # What nobody answered delays the next.
    world.later(3600)
    admitted = world.register(anna, abroad)
    world.let_in(old, admitted)
    world.verify(admitted, abroad)
    registered = _registered(recording, "pair: one more asks", anna, stranger, by=STRANGER)
    path = f"/v1/approvals/{registered.registration_id}"
    (waits,) = world.listed(abroad)
    body = _yes(abroad, waits["statement"], registered.pairing, now=world.now)
    recording.send("pair: a phone in cool-off lets nobody in", abroad, "POST", path, body, by=COOLING)
    recording.send("pair: that was not me", old, "POST", path, {"decision": "deny", "reason": "not_me"})
    recording.send("pair: its address waits", stranger, "POST", "/v1/keys", _ask(anna, stranger), by=STRANGER)


def _ask(anna: Account, phone: Phone) -> dict[str, Any]:
    person = {"identifier": anna.number, "password": PASSWORD}
    return {**person, "device_key": phone.key.public_jwk(), "device_name": "Annas zweites Telefon", "platform": "ios"}


def _registered(recording: Recording, name: str, anna: Account, phone: Phone, *, by: str) -> Registration:
    return convert(recording.send(name, phone, "POST", "/v1/keys", _ask(anna, phone), by=by), Registration)


def _verify(recording: Recording, name: str, phone: Phone, registered: Registration, *, by: str) -> Any:
    body = {"approval_key": phone.approval.prove(registered, device_key=phone.key)}
    return recording.send(name, phone, "POST", f"/v1/keys/{registered.registration_id}/verify", body, by=by)


def _yes(old: Phone, statement: str, shown: str, *, now: int) -> dict[str, Any]:
    return {"decision": "approve", "evidence": old.evidence(statement, shown, now=now)}
