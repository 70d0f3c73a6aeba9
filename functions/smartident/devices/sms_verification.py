"""SMS verification: how the code of a registration is tried, and turns a key into a device."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from smartident.accounts.account_change import change_of
from smartident.accounts.limits.wrong_sms_codes_of_day import count_wrong_sms_code
from smartident.crypto.pepper import constant_time_equals, derived_digits, mac
from smartident.devices.device import ACTIVE, ApprovalKey, Device, keys_digest, row_of
from smartident.devices.device_limit import add_device
from smartident.devices.registration import (
    PENDING,
    VERIFIED,
    Registration,
    RegistrationRow,
    has_attempts,
    is_open,
    registration_in_the_way,
    registration_mac,
    row_key,
    written_registration,
)
from smartident.errors import CodeExhausted, CodeWrong, RegistrationExpired
from smartident.notices.outbox import notice
from smartident.rate_limiting.lockout_time import HOUR
from smartident.settings import settings
from smartident.storage.operations import Again, FailedConditions, Put, Update
from smartident.storage.writes import write
from smartident.telemetry import log_event

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident.accounts.account import Account
    from smartident.accounts.account_change import AccountChange
    from smartident.errors import Refusal
    from smartident.notices.event_types import Event

CODE_DIGITS = 6


@dataclass(frozen=True)
class Admission:
    """How a new phone comes in: by an SMS code, or by what the transaction that makes the device uses up (`use`)."""

    use: Callable[[AccountChange], None] | None = None
    cools_off: bool = False
    # The device that it retires, which signed that.
    retires: str | None = None
    told: Event = "device_registered"


BY_SMS_CODE = Admission()


def sms_code(registration: Registration) -> str:
    """The code that counts for this registration and this device key.

    It derives from the pepper, so that an SMS that nobody knows to have arrived is sent again with the same code.
    """
    number = str(registration.code_number)
    return derived_digits(CODE_DIGITS, "sms-code", registration.id, registration.thumbprint, number)


def code_attempt_id(registration: Registration, code: str) -> str:
    """What a try of this code is counted as: the same code sent again is the same try."""
    return mac("sms-code-attempt", registration.id, code)[:16]


def count_code_attempt(registration: Registration, code: str, *, now: int) -> Registration:
    """Count a try of this code before it is looked at; raises CodeExhausted or RegistrationExpired."""

    def on_conflict(conflict: FailedConditions) -> Registration:
        found = registration_in_the_way(conflict, thumbprint=registration.thumbprint)
        if found.state == VERIFIED:
            return found
        if found.expires_at <= now:
            raise RegistrationExpired
        raise CodeExhausted(attempts_left=0)

    row, attempt = row_key(registration.id), code_attempt_id(registration, code)
    attempts: Any = RegistrationRow.code_attempts
    condition = is_open(now) & (has_attempts() | attempts.contains(attempt))
    before = write(Update(row, [attempts.add({attempt})], condition), on_conflict=on_conflict)
    return written_registration(row) if before is None else before


def check_code(registration: Registration, code: str, *, now: int) -> None:
    """Raise CodeWrong, or CodeExhausted after the last try, unless this is the code of the SMS.

    A wrong one is counted on the account before it is told, and raises TooManyAttempts if there were too many today.
    """
    if constant_time_equals(code, sms_code(registration)):
        return
    if registration.state != VERIFIED:
        count_wrong_sms_code(registration.account_id, code_attempt_id(registration, code), now=now)
    raise _wrong(registration)


def check_credentials_unchanged(registration: Registration, account: Account) -> None:
    """Raise RegistrationExpired if the account's password or phone number was replaced since the registration began.

    A later replacement moves the account's audit log on, which `verify` does not let pass.
    """
    if registration.credential_version != account.credential_version:
        raise RegistrationExpired


def verify(
    registration: Registration,
    approval_key: ApprovalKey,
    *,
    account: Account,
    admission: Admission = BY_SMS_CODE,
    origin: str = "",
    now: int,
) -> Device | Again[None]:
    """Pending to verified, and with it, in one transaction, the device; Again if one of these cannot be.

    The person is told of it, and from where (`origin`) it came; what admits it is used up. Raises CodeWrong or
    CodeExhausted if another code was sent meanwhile.
    """

    def on_conflict(conflict: FailedConditions) -> Again[None]:
        if conflict.failed_on(RegistrationRow):
            found = registration_in_the_way(conflict, thumbprint=registration.thumbprint)
            if found.state == PENDING and found.code_number != registration.code_number:
                raise _wrong(found)
        return Again(None)

    device = _device_of(registration, approval_key, admission, now=now)
    change = change_of(account)
    add_device(change, now=now)
    if admission.use is not None:
        admission.use(change)
    change.record("device_registered", now=now, device_id=device.id, detail=keys_digest(device))
    change.also([notice(account.id, admission.told, now=now, origin=origin, device_name=device.name)])
    change.also([_to_verified(registration, now=now), Put(row_of(device, grant_epoch=account.grant_epoch))])
    again = write(*change.operations(), on_conflict=on_conflict)
    if again is not None:
        return again
    log_event("device_registered")
    return device


def _to_verified(registration: Registration, *, now: int) -> Update:
    verified = replace(registration, state=VERIFIED)
    actions: list[Any] = [
        RegistrationRow.state.set(VERIFIED),
        # As the MAC has it, though the same code was sent once more meanwhile.
        RegistrationRow.expires_at.set(verified.expires_at),
        RegistrationRow.mac.set(registration_mac(verified)),
    ]
    same_code = RegistrationRow.code_number == registration.code_number
    return Update(row_key(registration.id), actions, is_open(now) & same_code)


def _device_of(registration: Registration, approval_key: ApprovalKey, admission: Admission, *, now: int) -> Device:
    return Device(
        account_id=registration.account_id,
        id=registration.thumbprint,
        name=registration.device_name,
        platform=registration.platform,
        state=ACTIVE,
        registered_at=now,
        device_key=registration.device_key,
        approval_key=approval_key,
        cool_off_until=now + settings().cool_off_hours * HOUR if admission.cools_off else None,
        retires=admission.retires,
    )


def _wrong(registration: Registration) -> Refusal:
    left = settings().sms_code_tries - registration.code_attempts
    if left <= 0 or registration.state == VERIFIED:
        return CodeExhausted(attempts_left=0)
    return CodeWrong(attempts_left=left)
