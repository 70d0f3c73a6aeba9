"""Where the person must begin again or ask somebody: no try is left, no place, or passkeys alone count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import convert

from smartident_client.answers import Registration
from smartident_client.approval_keys import RawApprovalKey
from smartident_client.recovery_codes import signed_recovery_codes
from tests.phone.by_code import MAKE, NO_CODE, THIRD, ask_of, phone_of
from tests.phone.without_chance import fixed_key
from tests.support.login_passkey import made, signed_in
from tests.support.passkey_policy import choose
from tests.support.recovery import codes
from tests.support.world import PASSWORD, Phone

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident_client.keys import Curve
    from tests.phone.recording import Recording

SMS_CODE_TRIES, DEVICES = 3, 10
# Dora's phone has the other kind of keys.
DEVICE = "device ed25519"
ED25519: Curve = "Ed25519"


def exhausted(recording: Recording) -> None:
    """Dora's phones: what each hears that comes too often, too many, or where only passkeys log in."""
    world = recording.world
    dora = world.account("71104228", display_name="Dora Adler")
    phone = Phone(fixed_key(DEVICE, ED25519), RawApprovalKey(fixed_key("approval ed25519", ED25519)))
    _no_try_left(recording, dora, phone)
    world.later(3600)
    world.verify(world.register(dora, phone), phone)
    world.set(DEVICES_PER_ACCOUNT=1)
    _asks(recording, "exhausted: as many devices as there may be", dora, password=PASSWORD)
    world.set(DEVICES_PER_ACCOUNT=DEVICES)
    _passkeys_only(recording, dora, phone)


def _asks(recording: Recording, name: str, dora: Account, **proves: Any) -> None:
    phone = phone_of(THIRD)
    recording.send(name, phone, "POST", "/v1/keys", ask_of(dora, phone, **proves), by=THIRD)


def _no_try_left(recording: Recording, dora: Account, phone: Phone) -> None:
    ask = ask_of(dora, phone, password=PASSWORD)
    answer = recording.send("exhausted: register", phone, "POST", "/v1/keys", ask, by=DEVICE)
    registered = convert(answer, Registration)
    right = recording.sms_code()
    proven = phone.approval.prove(registered, device_key=phone.key)
    path = f"/v1/keys/{registered.registration_id}/verify"
    for attempt in range(1, SMS_CODE_TRIES + 1):
        body = {"code": f"{(int(right) + attempt) % 1_000_000:06d}", "approval_key": proven}
        recording.send(f"exhausted: wrong code {attempt}", phone, "POST", path, body, by=DEVICE)
    body = {"code": right, "approval_key": proven}
    recording.send("exhausted: the right one after that", phone, "POST", path, body, by=DEVICE)


def _passkeys_only(recording: Recording, dora: Account, phone: Phone) -> None:
    world = recording.world
    kept = codes(world, phone)
    session = signed_in(world, phone, world.start(dora))
    made(world, session)
    made(world, session)
    choose(world, session)
    ask = signed_recovery_codes(phone.approval, phone.account_id, now=world.now)
    recording.send("passkeys only: no recovery codes by a phone", phone, "POST", MAKE, ask, by=DEVICE)
    _asks(recording, "passkeys only: no phone by a password", dora, password=PASSWORD)
    for name, code in {"no such recovery code": NO_CODE, "a recovery code begins a wait": kept[0]}.items():
        _asks(recording, f"passkeys only: {name}", dora, password=PASSWORD, recovery_code=code)
