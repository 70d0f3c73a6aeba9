"""A lost phone in a person's whole way: codes of a second phone, a new one in by a code, and the second removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import convert, to_builtins

from smartident.clients.login_policy import PASSKEY_ONLY
from smartident.passkeys.change_policy import order_login_policy
from smartident_client.answers import Registration
from smartident_client.recovery_codes import signed_recovery_codes
from tests.promises.enrolling import EMAIL, pair, proven
from tests.support.recovery import NO_CODE
from tests.support.world import PASSWORD

if TYPE_CHECKING:
    from tests.promises.journey import Journey
    from tests.support.world import Phone

PATH = "/v1/recovery-codes"


def use_recovery_codes(journey: Journey) -> None:
    """Every route of recovery codes, a code that is none, and the end of a set with the phone that showed it."""
    second, new = journey.world.new_phone(), journey.world.new_phone()
    device_id = pair(journey, second)
    ask = signed_recovery_codes(second.approval, second.account_id, now=journey.world.now)
    journey.keep("signed wish for codes", ask["evidence"]["jws"])
    made = journey.send(201, second, "POST", PATH, ask)
    codes = [journey.keep("recovery code", code) for code in made["codes"]]
    for code in codes:
        journey.keep("bare recovery code", code.replace("-", ""))
    journey.send(422, second, "POST", f"{PATH}/{made['set_id']}/confirm", {"code": NO_CODE})
    for _ in range(2):
        journey.send(200, second, "POST", f"{PATH}/{made['set_id']}/confirm", {"code": codes[0]})
    journey.send(200, second, "GET", PATH)
    journey.send(401, new, "POST", "/v1/keys", _new_key(new, NO_CODE))
    registered = convert(journey.send(202, new, "POST", "/v1/keys", _new_key(new, codes[0])), Registration)
    path, proof = f"/v1/keys/{registered.registration_id}/verify", proven(journey, registered, new)
    new.account_id = journey.send(201, new, "POST", path, {"approval_key": proof})["account_id"]
    journey.send(403, new, "POST", PATH, ask)
    removal = to_builtins(journey.world.revocation(journey.phone, device_id))
    journey.keep("signed removal", removal["evidence"]["jws"])
    journey.send(204, journey.phone, "POST", f"/v1/devices/{device_id}/revoke", removal)
    journey.send(204, new, "DELETE", f"/v1/devices/{new.key.thumbprint}")


def lose_the_passkeys(journey: Journey) -> None:
    """Only passkeys log in: password and code begin the wait for the phone, which a freeze ends."""
    phone, new = journey.phone, journey.world.new_phone()
    ask = signed_recovery_codes(phone.approval, phone.account_id, now=journey.world.now)
    made = journey.send(201, phone, "POST", PATH, ask)
    code = {"code": journey.keep("recovery code", made["codes"][0])}
    journey.send(200, phone, "POST", f"{PATH}/{made['set_id']}/confirm", code)
    order_login_policy(journey.account.id, PASSKEY_ONLY, now=journey.world.now)
    for _ in range(2):
        journey.send(403, new, "POST", "/v1/keys", _new_key(new, code["code"]))
    journey.send(204, phone, "POST", "/v1/account/freeze")


def _new_key(phone: Phone, code: str) -> dict[str, Any]:
    ask = {"identifier": EMAIL, "password": PASSWORD, "device_key": phone.key.public_jwk(), "recovery_code": code}
    return ask | {"device_name": "Erikas neues Telefon", "platform": "ios"}
