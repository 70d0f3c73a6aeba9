"""The story that docs/api/vectors.json tells: a phone is enrolled, decides over logins, and is removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import convert, to_builtins

from smartident.admin.change import change_email
from smartident_client import base64url
from smartident_client.answers import Device, Registration
from smartident_client.approval_keys import (
    RawApprovalKey,
    decision_payload,
    signed_opening,
    signed_revocation,
)
from tests.phone import by_code, exhausted, leaving, pairing, refused, waking
from tests.phone.recording import Recording, keys_of
from tests.phone.without_chance import NOW, fixed_key, leave_nothing_to_chance
from tests.support import forged_evidence
from tests.support.forged_evidence import MISSING
from tests.support.world import PASSWORD, URL, Phone

if TYPE_CHECKING:
    import pytest

    from smartident.accounts.account import Account
    from smartident.logins.start import StartedLogin
    from tests.support.world import World

ABOUT = (
    "What phones send and what the service answers: docs/phone.md explains every member. The keys are known to "
    "everybody and guard nothing. `make vectors` writes this file."
)
KEYS = (
    "device",
    "approval",
    "device ed25519",
    "approval ed25519",
    "stranger",
    "approval of the stranger",
    "new device",
    "approval of the new device",
    "passkey device",
    "passkey",
    "phone in cool-off",
    "approval of the phone in cool-off",
    by_code.FIRST,
    f"approval of the {by_code.FIRST}",
    by_code.RECOVERED,
    f"approval of the {by_code.RECOVERED}",
    by_code.THIRD,
    f"approval of the {by_code.THIRD}",
)


def vectors(world: World, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """All of the file."""
    leave_nothing_to_chance(world, monkeypatch)
    recording = Recording(world)
    anna = world.account("71104225", display_name="Anna Berger")
    phone = Phone(fixed_key("device"), RawApprovalKey(fixed_key("approval")))
    refused.registrations(recording, anna, phone)
    enrolment(recording, anna, phone)
    listings(recording, phone)
    decisions(recording, anna, phone)
    refused.proofs(recording, phone)
    refused.evidence(recording, phone, world.start(anna))
    refused.decisions(recording, anna, phone)
    lost_phone(recording, anna, phone)
    other = pairing.further_phones(recording, anna, phone)
    freeze(recording, anna, phone)
    removal(recording, anna, phone, other)
    carlas_phones(recording)
    exhausted.exhausted(recording)
    return {
        "about": ABOUT,
        "version": 1,
        "url": URL,
        "now": NOW,
        "keys": keys_of(*KEYS),
        "exchanges": recording.exchanges,
        "signatures": recording.signatures,
        "qr_codes": qr_codes(),
        "enrolment_links": enrolment_links(),
    }


def enrolment(recording: Recording, anna: Account, phone: Phone) -> None:
    """Steps 3 to 5."""
    ask = new_key(anna, phone)
    answer = recording.send("register the device key", phone, "POST", "/v1/keys", ask)
    registered = convert(answer, Registration)
    path = f"/v1/keys/{registered.registration_id}"
    refused.codes(recording, phone, registered)
    recording.world.later(30)
    recording.send("ask for another SMS", phone, "POST", f"{path}/resend")
    proven = phone.approval.prove(registered, device_key=phone.key)
    bound = f"{registered.registration_id}:{registered.challenge}:{phone.key.thumbprint}"
    message = f"smartident-approval-key:v1:{bound}".encode()
    recording.sign("the approval key is this registration's", "approval", message, {"signature": proven["signature"]})
    confirmation = {"code": recording.sms_code(), "approval_key": proven}
    answer = recording.send("finish with the code of the SMS", phone, "POST", f"{path}/verify", confirmation)
    phone.account_id = answer["account_id"]


def new_key(account: Account, phone: Phone) -> dict[str, object]:
    """What a phone sends first."""
    person = {"identifier": account.number, "password": PASSWORD}
    return {**person, "device_key": phone.key.public_jwk(), "device_name": "Annas Telefon", "platform": "ios"}


def listings(recording: Recording, phone: Phone) -> None:
    """What a phone may ask at any time."""
    recording.send("nothing waits", phone, "GET", "/v1/approvals")
    shown = {"kid": MISSING, "jwk": phone.key.public_jwk()}
    recording.spoiled("the key itself instead of its name (RFC 9449)", phone, header=shown)
    recording.spoiled("both the key and its name", phone, header={"jwk": phone.key.public_jwk()})
    recording.spoiled("a clock a minute behind", phone, claims={"iat": recording.world.now - 60})
    recording.send("the query is no part of htu", phone, "GET", "/v1/events?before=9")
    recording.send("the devices", phone, "GET", "/v1/devices")
    name = {"name": "Annas grünes Telefon"}
    recording.send("another name", phone, "PATCH", f"/v1/devices/{phone.key.thumbprint}", name)


def decisions(recording: Recording, anna: Account, phone: Phone) -> None:
    """Steps 7 and 8: each decision, and the same once more, which answers the same."""
    started = recording.world.start(anna)
    listed = recording.send("a login waits", phone, "GET", "/v1/approvals")
    approved = approval(recording, phone, listed["approvals"][0]["statement"], started)
    path = f"/v1/approvals/{started.login.id}"
    recording.send("approve", phone, "POST", path, approved)
    recording.send("approve once more, as the answer was lost", phone, "POST", path, approved)
    recording.send("nothing waits any more", phone, "GET", "/v1/approvals")
    path = f"/v1/approvals/{recording.world.start(anna).login.id}"
    recording.send("deny", phone, "POST", path, {"decision": "deny", "reason": "changed_my_mind"})


def approval(recording: Recording, phone: Phone, statement: str, started: StartedLogin) -> dict[str, object]:
    """The body of an approval; what was signed goes into the vectors."""
    code = started.transfer_code or ""
    payload = decision_payload(statement=statement, transfer_code=code, now=recording.world.now)
    evidence = phone.approval.evidence(payload)
    told = {"statement": base64url.decode(statement).decode(), "transfer_code": code, "evidence": evidence}
    recording.sign("approve a login", "approval", payload, told)
    ed25519 = RawApprovalKey(fixed_key("approval ed25519", "Ed25519"))
    told = {"transfer_code": code, "evidence": ed25519.evidence(payload)}
    recording.sign("the same by an Ed25519 key", "approval ed25519", payload, told)
    return {"decision": "approve", "evidence": evidence}


def lost_phone(recording: Recording, anna: Account, phone: Phone) -> None:
    """A phone in place of a lost one: its wait begins where the operator offers one, and the old phone stops it."""
    new = Phone(fixed_key("stranger"), RawApprovalKey(fixed_key("its approval")))
    ask = {**new_key(anna, new), "lost_phone": True}
    recording.send("lost phone: no wait is offered", new, "POST", "/v1/keys", ask, by="stranger")
    recording.world.set(LOST_PHONE_DELAY=48)
    change_email(anna.id, "anna@example.test", now=recording.world.now)
    registered = convert(
        recording.send("lost phone: an SMS goes out", new, "POST", "/v1/keys", ask, by="stranger"), Registration
    )
    confirmation = {"code": recording.sms_code(), "approval_key": new.approval.prove(registered, device_key=new.key)}
    path = f"/v1/keys/{registered.registration_id}/verify"
    recording.send("lost phone: the wait begins", new, "POST", path, confirmation, by="stranger")
    recording.send("the old phone sees who waits", phone, "GET", "/v1/approvals")
    decision = {"decision": "deny", "reason": "changed_my_mind"}
    recording.send("the old phone stops it", phone, "POST", f"/v1/approvals/{registered.registration_id}", decision)


def removal(recording: Recording, anna: Account, phone: Phone, other: Phone) -> None:
    """Another device is removed with the fingerprint, this one without."""
    path = f"/v1/approvals/{recording.world.start(anna).login.id}"
    recording.send("that was not me", phone, "POST", path, {"decision": "deny", "reason": "not_me"})
    shown = Device(
        other.key.thumbprint, "Annas zweites Telefon", "ios", "active", NOW, None, current=False, approval_key="jwk"
    )
    body = signed_revocation(phone.approval, anna.id, shown, now=recording.world.now)
    recording.sign_statement("the removal of another device", "approval", body)
    refused.removals(recording, phone, other, body)
    recording.send("remove another device", phone, "POST", f"/v1/devices/{shown.device_id}/revoke", body)
    recording.send("sign this device out", phone, "DELETE", f"/v1/devices/{phone.key.thumbprint}")
    recording.send("it is out", phone, "GET", "/v1/approvals")
    made = forged_evidence.proof(phone, now=recording.world.now, key=fixed_key("stranger"))
    recording.request("a stranger is not told so", made, by="stranger")


def freeze(recording: Recording, anna: Account, phone: Phone) -> None:
    """A day later the account is frozen without the fingerprint, and opened with it."""
    recording.world.later(86_400)
    recording.send("freeze the account", phone, "POST", "/v1/account/freeze")
    frozen = recording.send("the account is frozen", phone, "GET", "/v1/approvals")["frozen"]
    body = signed_opening(phone.approval, anna.id, frozen["frozen_at"], now=recording.world.now)
    recording.sign_statement("the opening of a frozen account", "approval", body)
    recording.send("open the account again", phone, "POST", "/v1/account/open", body)


def carlas_phones(recording: Recording) -> None:
    """Phones that come in by codes, are woken, freeze, and leave."""
    carla = recording.world.account("71104227", display_name="Carla Moser", phone=None)
    first = by_code.first_phone(recording, carla)
    codes = by_code.recovery_codes(recording, first)
    recording.world.later(86_400)
    recovered = by_code.recovery(recording, carla, first, codes)
    waking.waking(recording, first, recovered)
    leaving.cooling(recording, first, recovered)
    leaving.frozen(recording, first, recovered)
    leaving.leaving(recording, carla, first)


def enrolment_links() -> list[dict[str, Any]]:
    """What a camera or the system hands over, and the enrolment code and access number in it, if they are there."""
    app = "https://app.example.test/app/"
    seen: dict[str, tuple[str, str] | None] = {
        f"{app}#/enrolment-code/5HZK8QW27N0VMD4T.71104227": ("5HZK8QW27N0VMD4T", "71104227"),
        f"{app}#/enrolment-code/5HZK-8QW2-7N0V-MD4T.71104227": ("5HZK-8QW2-7N0V-MD4T", "71104227"),
        f"{app}#/enrolment-code/5HZK8QW27N.71104227": ("5HZK8QW27N", "71104227"),
        f"{app}#/enrolment-code/5HZK8QW27N0VMD4T.AB%2F12.7": ("5HZK8QW27N0VMD4T", "AB/12.7"),
        f"{app}#/enrolment-code/5HZK8QW27N0VMD4T": None,
        f"{app}#/enrolment-code/5HZK8QW27N0VMD4T.": None,
        f"{app}#/enrolment-code/5hzk8qw27n0vmd4t.71104227": None,
        f"{app}#/enrolment-code/5HZK.71104227": None,
        f"{app}#/request/5HZK8QW27N0VMD4T.71104227": None,
        f"{app}?/enrolment-code/5HZK8QW27N0VMD4T.71104227": None,
    }
    named = ("enrolment_code", "access_number")
    return [{"text": text, **dict(zip(named, found or (None, None), strict=True))} for text, found in seen.items()]


def qr_codes() -> list[dict[str, Any]]:
    """What a camera may see, and the transfer code or the pairing code in it, if that is one."""
    seen = {
        "SMARTIDENT:271828": ("271828", None),
        "SMARTIDENT:42": (None, None),
        "SMARTIDENT:27182818284": (None, None),
        "smartident:271828": (None, None),
        "SMARTIDENT:271828\n": (None, None),
        "https://example.test/SMARTIDENT:271828": (None, None),
        "SMARTIDENT-PAIRING:pX0mS2cVbYtq3Kd9LwRz8A": (None, "pX0mS2cVbYtq3Kd9LwRz8A"),
        "SMARTIDENT-PAIRING:pX0mS2cVbYtq3Kd9LwRz8": (None, None),
        "SMARTIDENT-PAIRING:pX0mS2cVbYtq3Kd9LwRz8AA": (None, None),
        "SMARTIDENT:pX0mS2cVbYtq3Kd9LwRz8A": (None, None),
        "smartident-pairing:pX0mS2cVbYtq3Kd9LwRz8A": (None, None),
        "SMARTIDENT-PAIRING:48120937": (None, None),
    }
    return [to_builtins({"text": text, "transfer_code": code, "pairing": pair}) for text, (code, pair) in seen.items()]
