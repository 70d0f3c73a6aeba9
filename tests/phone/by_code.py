"""Codes in the test vectors: a first phone by an enrolment code, and recovery codes, made, typed back and used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import convert

from smartident.enrolment.issue import issue_enrolment_code
from smartident_client.answers import Registration
from smartident_client.approval_keys import RawApprovalKey
from smartident_client.recovery_codes import signed_recovery_codes
from tests.phone.without_chance import fixed_key
from tests.support.world import PASSWORD, Phone

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.phone.recording import Recording

FIRST, RECOVERED, THIRD = "phone by a code", "recovered phone", "phone of a later day"
MAKE = "/v1/recovery-codes"
NO_CODE = "0000-0000-0000-0000"
OPERATOR = "arn:aws:iam::123456789012:user/petra"


def phone_of(name: str) -> Phone:
    """A phone with the keys of this name."""
    return Phone(fixed_key(name), RawApprovalKey(fixed_key(f"approval of the {name}")))


def ask_of(account: Account, phone: Phone, **proves: Any) -> dict[str, Any]:
    """What a phone asks first, with what proves whose account it is."""
    named = {"device_name": "Carlas Telefon", "platform": "android"}
    return {"identifier": account.number, **proves, "device_key": phone.key.public_jwk(), **named}


def finish(recording: Recording, name: str, phone: Phone, answer: Any, *, by: str) -> None:
    """The approval key ends the registration: no code goes with it."""
    registered = convert(answer, Registration)
    body = {"approval_key": phone.approval.prove(registered, device_key=phone.key)}
    path = f"/v1/keys/{registered.registration_id}/verify"
    phone.account_id = recording.send(name, phone, "POST", path, body, by=by)["account_id"]


def first_phone(recording: Recording, carla: Account) -> Phone:
    """Access number and enrolment code, without password and SMS; the code counts once."""
    code = issue_enrolment_code(carla.id, issued_by=OPERATOR, now=recording.world.now).code
    phone = phone_of(FIRST)
    ask = ask_of(carla, phone, enrolment_code=code)
    answer = recording.send("enrolment code: register the device key", phone, "POST", "/v1/keys", ask, by=FIRST)
    both = {**ask, "password": PASSWORD}
    recording.send("enrolment code: not beside a password", phone, "POST", "/v1/keys", both, by=FIRST)
    finish(recording, "enrolment code: finish without a code", phone, answer, by=FIRST)
    again = ask_of(carla, phone_of(RECOVERED), enrolment_code=code)
    recording.send("enrolment code: used before", phone_of(RECOVERED), "POST", "/v1/keys", again, by=RECOVERED)
    return phone


def recovery_codes(recording: Recording, phone: Phone) -> list[str]:
    """Ten codes, which count once one of them was typed back."""
    recording.send("recovery codes: none yet", phone, "GET", MAKE, by=FIRST)
    wrong = signed_recovery_codes(phone.approval, "a", now=recording.world.now)
    recording.send("recovery codes: signed for another account", phone, "POST", MAKE, wrong, by=FIRST)
    late = signed_recovery_codes(phone.approval, phone.account_id, now=recording.world.now - 400)
    recording.send("recovery codes: signed too long ago", phone, "POST", MAKE, late, by=FIRST)
    ask = signed_recovery_codes(phone.approval, phone.account_id, now=recording.world.now)
    recording.sign_statement("ten recovery codes", f"approval of the {FIRST}", ask)
    replaced = recording.send("recovery codes: make them", phone, "POST", MAKE, ask, by=FIRST)
    last = recording.send("recovery codes: make others", phone, "POST", MAKE, ask, by=FIRST)
    _type_back(recording, "recovery codes: of a set that others replaced", phone, replaced, replaced["codes"][0])
    _type_back(recording, "recovery codes: mistyped", phone, last, NO_CODE)
    _type_back(recording, "recovery codes: typed back", phone, last, last["codes"][2].lower().replace("-", " "))
    return [*last["codes"]]


def _type_back(recording: Recording, name: str, phone: Phone, made_codes: Any, code: str) -> None:
    path = f"{MAKE}/{made_codes['set_id']}/confirm"
    recording.send(name, phone, "POST", path, {"code": code}, by=FIRST)


def recovery(recording: Recording, carla: Account, old: Phone, codes: list[str]) -> Phone:
    """Password and one code let another phone in, which then cools off; the code counts once."""
    phone, third = phone_of(RECOVERED), phone_of(THIRD)
    ask = ask_of(carla, phone, password=PASSWORD, recovery_code=NO_CODE)
    recording.send("recovery: a code that is none", phone, "POST", "/v1/keys", ask, by=RECOVERED)
    ask = ask_of(carla, phone, password=PASSWORD, recovery_code=codes[0])
    answer = recording.send("recovery: password and a code", phone, "POST", "/v1/keys", ask, by=RECOVERED)
    finish(recording, "recovery: finish without a code", phone, answer, by=RECOVERED)
    ask = ask_of(carla, third, password=PASSWORD, recovery_code=codes[0])
    recording.send("recovery: used before", third, "POST", "/v1/keys", ask, by=THIRD)
    recording.send("recovery codes: nine are left", old, "GET", MAKE, by=FIRST)
    ask = signed_recovery_codes(phone.approval, phone.account_id, now=recording.world.now)
    recording.send("recovery codes: none for a phone in cool-off", phone, "POST", MAKE, ask, by=RECOVERED)
    return phone
