"""Recovery codes as a person handles them: made on the phone, typed back, and used with a new phone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from msgspec import convert
from msgspec.json import encode

from recovery_codes.step import NewRecoveryCodes, TypedBack, confirm, show
from recovery_codes.step import make as make_codes
from register_key.step import NewKey, start_registration, to_response
from smartident_client.answers import Registration
from smartident_client.recovery_codes import signed_recovery_codes
from tests.support.world import HOME, PASSWORD

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.crypto.dpop import Request
    from smartident.devices.registration import Registration as Started
    from tests.support.world import Phone, World

PATH = "/v1/recovery-codes"
NO_CODE = "0000-0000-0000-0000"


def make(world: World, phone: Phone, ask: dict[str, Any] | None = None) -> dict[str, Any]:
    """Ten codes, shown; none of them counts yet."""
    signed = ask or signed_recovery_codes(phone.approval, phone.account_id, now=world.now)
    request = phone.request("POST", PATH, encode(signed), now=world.now)
    return make_codes(convert(signed, NewRecoveryCodes), request=request, now=world.now)


def type_back(world: World, phone: Phone, made: dict[str, Any], code: str | None = None) -> dict[str, Any]:
    """One of the codes is typed back: how many are left, and since when."""
    path, ask = f"{PATH}/{made['set_id']}/confirm", TypedBack(made["codes"][0] if code is None else code)
    request = phone.request("POST", path, encode(ask), now=world.now)
    return confirm(made["set_id"], ask, request=request, now=world.now)


def codes(world: World, phone: Phone) -> list[str]:
    """Ten codes that count."""
    made = make(world, phone)
    type_back(world, phone, made)
    told: list[str] = made["codes"]
    return told


def left(world: World, phone: Phone) -> dict[str, Any]:
    """What the app shows of the codes."""
    return show(request=phone.request("GET", PATH, now=world.now), now=world.now)


def begin(
    world: World,
    account: Account,
    phone: Phone,
    code: str,
    *,
    password: str = PASSWORD,
    client_address: str = HOME,
    request: Request | None = None,
) -> Started:
    """Step 3 with a code in place of the SMS."""
    return start_registration(
        NewKey(account.number, phone.key.public_jwk(), "Annas neues Telefon", "ios", password, recovery_code=code),
        request=request or phone.new_key_request("/v1/keys", b"{}", now=world.now),
        request_origin=replace(phone.here, address=client_address),
        sms=world.sms,
        now=world.now,
    )


def recover(world: World, account: Account, phone: Phone, code: str, **changes: Any) -> Registration:
    """The same as the phone hears it."""
    return convert(to_response(begin(world, account, phone, code, **changes)), Registration)


def recovered_phone(world: World, account: Account, code: str) -> Phone:
    """A new phone that is in by a code."""
    phone = world.new_phone()
    world.verify(recover(world, account, phone, code), phone)
    return phone
