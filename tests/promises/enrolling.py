"""Steps 3 to 5 of the journey: a first phone by an SMS, a further one by the phone that is there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from msgspec import convert

from smartident.enrolment.issue import confirm_issued_code, issue_enrolment_code
from smartident_client.answers import Registration
from smartident_client.approval_keys import decision_payload
from tests.support.enrolment import code_id
from tests.support.world import PASSWORD

if TYPE_CHECKING:
    from tests.promises.journey import Journey
    from tests.support.world import Phone

PHONE = "+491709876543"
EMAIL = "erika@person.example"
WRONG_CODE = "000000"


def texted(journey: Journey) -> str:
    """The code of the last SMS, as SNS was asked to send it."""
    published = [call.ask for call in journey.world.aws.calls if call.operation == "Publish"][-1]
    assert published["PhoneNumber"] == PHONE
    found = re.search(r"\b\d{6}\b", published["Message"])
    assert found
    return journey.keep("SMS code", found[0])


def register(journey: Journey, phone: Phone, *, platform: str = "ios") -> Registration:
    """Step 3; what a new phone shows to an old one is a secret."""
    ask = {"identifier": EMAIL, "password": PASSWORD, "device_key": phone.key.public_jwk()}
    ask |= {"device_name": "Erikas Telefon", "platform": platform}
    registered = convert(journey.send(202, phone, "POST", "/v1/keys", ask), Registration)
    if registered.confirm_by != "sms":
        journey.keep("pairing", registered.pairing)
        journey.keep("pairing digits", registered.pairing_digits)
    return registered


def enrol(journey: Journey, phone: Phone) -> str:
    """Steps 3 to 5: the device_id of a first phone; its person asks for a second SMS and mistypes its code."""
    registered = register(journey, phone)
    path = f"/v1/keys/{registered.registration_id}"
    texted(journey)
    journey.send(202, phone, "POST", f"{path}/resend")
    code = texted(journey)
    proof = proven(journey, registered, phone)
    journey.send(422, phone, "POST", f"{path}/verify", {"code": WRONG_CODE, "approval_key": proof})
    for _ in range(2):
        stored = journey.send(201, phone, "POST", f"{path}/verify", {"code": code, "approval_key": proof})
    phone.account_id = stored["account_id"]
    return str(stored["device_id"])


def enrol_by_code(journey: Journey) -> None:
    """A further phone by the operator's code, which two operators stand for; it signs itself out again."""
    anna, now, phone = journey.account, journey.world.now, journey.world.new_phone()
    issued = issue_enrolment_code(anna.id, issued_by="petra", two_operators=True, now=now)
    confirm_issued_code(anna.id, code_id(anna), confirmed_by="otto", now=now)
    ask: dict[str, object] = {"identifier": anna.number}
    ask["enrolment_code"] = journey.keep("enrolment code", issued.code)
    ask |= {"device_key": phone.key.public_jwk(), "device_name": "Erikas Tablet", "platform": "web"}
    journey.send(401, phone, "POST", "/v1/keys", ask | {"enrolment_code": journey.keep("wrong code", "0" * 16)})
    registered = convert(journey.send(202, phone, "POST", "/v1/keys", ask), Registration)
    path, proof = f"/v1/keys/{registered.registration_id}/verify", proven(journey, registered, phone)
    stored = journey.send(201, phone, "POST", path, {"approval_key": proof})
    phone.account_id = stored["account_id"]
    journey.send(204, phone, "DELETE", f"/v1/devices/{stored['device_id']}")


def replace_a_lost_phone(journey: Journey) -> None:
    """A phone in place of a lost one: its wait begins, and the old one stops it."""
    phone = journey.world.new_phone()
    ask = {"identifier": EMAIL, "password": PASSWORD, "device_key": phone.key.public_jwk(), "lost_phone": True}
    ask |= {"device_name": "Erikas Ersatz", "platform": "web"}
    registered = convert(journey.send(202, phone, "POST", "/v1/keys", ask), Registration)
    proof = proven(journey, registered, phone)
    path = f"/v1/keys/{registered.registration_id}/verify"
    journey.send(409, phone, "POST", path, {"code": texted(journey), "approval_key": proof})
    journey.send(200, journey.phone, "GET", "/v1/approvals")
    decline(journey, registered, "changed_my_mind")


def pair(journey: Journey, phone: Phone, *, platform: str = "ios", retire: bool = False) -> str:
    """The device_id of a further phone, which the first one lets in."""
    registered = register(journey, phone, platform=platform)
    path, proof = f"/v1/keys/{registered.registration_id}/verify", proven(journey, registered, phone)
    journey.send(409, phone, "POST", path, {"approval_key": proof})
    let_in(journey, registered, retire=retire)
    stored = journey.send(201, phone, "POST", path, {"approval_key": proof})
    phone.account_id = stored["account_id"]
    return str(stored["device_id"])


def proven(journey: Journey, registered: Registration, phone: Phone) -> dict[str, Any]:
    """The proof of the approval key, which is a secret where it is a signature."""
    proof = phone.approval.prove(registered, device_key=phone.key)
    if "signature" in proof:
        journey.keep("proof of the approval key", proof["signature"])
    return proof


def let_in(journey: Journey, registered: Registration, *, retire: bool = False) -> None:
    """The first phone signs for what the new one shows."""
    shown = journey.send(200, journey.phone, "GET", "/v1/approvals")["approvals"][0]
    assert shown["registration_id"] == registered.registration_id
    code = registered.pairing
    leaves, now = journey.phone.key.thumbprint if retire else None, journey.world.now
    payload = decision_payload(statement=shown["statement"], transfer_code=code, retire_device=leaves, now=now)
    evidence = journey.phone.approval.evidence(payload)
    journey.keep("evidence", evidence["jws"])
    ask = {"decision": "approve", "evidence": evidence}
    journey.send(200, journey.phone, "POST", f"/v1/approvals/{registered.registration_id}", ask)


def decline(journey: Journey, registered: Registration, reason: str) -> None:
    """The first phone keeps a new one out."""
    ask = {"decision": "deny", "reason": reason}
    journey.send(200, journey.phone, "POST", f"/v1/approvals/{registered.registration_id}", ask)
