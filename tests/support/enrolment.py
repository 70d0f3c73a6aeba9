"""Steps 3 and 4 in parts, for tests that spoil one of them."""

from __future__ import annotations

from typing import Any

from register_key.step import NewKey, start_registration
from smartident.accounts.account import Account
from smartident.crypto.dpop import Request
from smartident.devices.device import ACTIVE, DeviceRow
from smartident.devices.registration import Registration, RegistrationRow
from smartident.enrolment.enrolment_code import read_enrolment_code
from smartident.statements.login import RequestOrigin
from smartident_client.answers import Registration as Registered
from tests.support.world import AGENT, HOME, PASSWORD, Phone, World
from verify_sms.step import Confirmation, finish_registration


def start(world: World, account: Account, phone: Phone, request: Request, **changes: Any) -> Registration:
    ask = {"identifier": account.number, "password": PASSWORD, "device_key": phone.key.public_jwk()}
    return start_registration(
        NewKey(**{**ask, "device_name": "Annas Telefon", "platform": "ios", **changes}),
        request=request,
        request_origin=RequestOrigin(HOME, AGENT, ""),
        sms=world.sms,
        now=world.now,
    )


def registrations(account: Account) -> list[RegistrationRow]:
    return list(RegistrationRow.query(account.id, RegistrationRow.sk.startswith("REGISTRATION#")))


def other_code(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def finish(world: World, registered: Registered, phone: Phone, ask: Confirmation) -> str:
    request = phone.new_key_request(f"/v1/keys/{registered.registration_id}/verify", b"{}", now=world.now)
    return finish_registration(registered.registration_id, ask, request=request, now=world.now)[1].id


def devices(account_id: str) -> list[DeviceRow]:
    return list(DeviceRow.query(account_id, DeviceRow.sk.startswith("DEVICE#")))


def active(account: Account) -> set[str]:
    return {row.sk.removeprefix("DEVICE#") for row in devices(account.id) if row.state == ACTIVE}


def events_of(world: World, account_id: str, phone: Phone) -> list[dict[str, Any]]:
    phone.account_id = account_id
    events: list[dict[str, Any]] = world.events(phone)["events"]
    return events


def code_id(account: Account) -> str:
    """Which enrolment code the account has now, as a second operator is shown it."""
    code = read_enrolment_code(account.id)
    return code.id if code is not None else ""
