"""SMS verification: how the code of a registration is sent, sent again and tried, and turns a key into a device."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pynamodb.expressions.condition import size

from smartident.accounts.change import change_of
from smartident.accounts.sms_code_attempts import count_wrong_sms_code
from smartident.crypto.pepper import constant_time_equals
from smartident.crypto.random import random_id
from smartident.devices.device import ACTIVE, ApprovalKey, Device, keys_digest, row_of
from smartident.devices.registration import (
    PENDING,
    VERIFIED,
    Registration,
    RegistrationRow,
    code_attempt_id,
    new_row,
    registration_in_the_way,
    registration_of,
    row_key,
    sms_code,
)
from smartident.errors import CodeExhausted, CodeWrong, RegistrationExpired, TooManyAttempts
from smartident.settings import settings
from smartident.storage.operations import Again, Conflict, Put, Update
from smartident.storage.writes import write
from smartident.telemetry import log_event

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.crypto.dpop import NewKeyProof
    from smartident.errors import Refusal

# The last send of a registration whose SMS could not be sent.
UNSENT = ""


def begin(
    account: Account, proof: NewKeyProof, *, device_name: str, platform: str, phone: str, now: int
) -> tuple[Registration, bool]:
    """Keep a new registration, and whether its code is to be sent now; the same request come twice sends none."""
    row = new_row(account, proof, device_name=device_name, platform=platform, phone=phone, now=now)
    before = write(
        Put(row), on_conflict=lambda conflict: registration_in_the_way(conflict, thumbprint=proof.thumbprint)
    )
    return (registration_of(row), True) if before is None else (before, False)


def claim_resend(registration: Registration, *, request: str, now: int) -> tuple[Registration, bool]:
    """Claim one more send if it is time for one; the same request come twice gets no second.

    It sends a new code, or the same one where the last send failed. Raises TooManyAttempts with the seconds until a
    resend is possible, CodeExhausted or RegistrationExpired.
    """
    if registration.last_send == request and registration.is_sent:
        return registration, False
    limits, row, claim = settings(), row_key(registration.id), random_id()
    # An SMS that may not have arrived is sent again with the same code.
    number = registration.code_number + registration.is_sent
    actions: list[Any] = [
        RegistrationRow.code_number.set(number),
        RegistrationRow.sends.add(1),
        RegistrationRow.last_send.set(request),
        RegistrationRow.last_claim.set(claim),
        RegistrationRow.is_sent.set(False),
        RegistrationRow.resend_at.set(now + limits.sms_resend_after),
        RegistrationRow.expires_at.set(now + limits.sms_code_lifetime),
    ]
    condition = (
        _is_open(now)
        & _has_attempts()
        & (RegistrationRow.sends < limits.sms_per_registration)
        & (RegistrationRow.resend_at <= now)
        & (RegistrationRow.code_number == registration.code_number)
    )
    before = write(
        Update(row, actions, condition, is_own=lambda found: found.last_claim == claim),
        on_conflict=lambda conflict: _sent_before(conflict, registration, request=request, now=now),
    )
    return (registration_of(row), True) if before is None else (before, False)


def mark_sent(registration: Registration) -> Registration:
    """The registration whose SMS was taken by SNS, kept so: the same request come again may now be told so."""
    actions: list[Any] = [RegistrationRow.is_sent.set(True)]
    condition = RegistrationRow.last_send == registration.last_send
    # Another send was claimed since, and will be marked itself.
    write(Update(row_key(registration.id), actions, condition), on_conflict=lambda _: None)
    return replace(registration, is_sent=True)


def give_send_back(registration: Registration, *, now: int) -> None:
    """Allow the next send at once, even by the same request come again, because the last one failed."""
    actions: list[Any] = [
        RegistrationRow.resend_at.set(now),
        RegistrationRow.sends.add(-1),
        RegistrationRow.last_send.set(UNSENT),
    ]
    condition = RegistrationRow.last_send == registration.last_send
    # Another send was claimed since, or this very write has given it back before: there is nothing to give back.
    write(Update(row_key(registration.id), actions, condition), on_conflict=lambda _: None)


def count_code_attempt(registration: Registration, code: str, *, now: int) -> Registration:
    """Count a try of this code before it is looked at; raises CodeExhausted or RegistrationExpired."""

    def on_conflict(conflict: Conflict) -> Registration:
        found = registration_in_the_way(conflict, thumbprint=registration.thumbprint)
        if found.state == VERIFIED:
            return found
        if found.expires_at <= now:
            raise RegistrationExpired
        raise CodeExhausted(attempts_left=0)

    row, attempt = row_key(registration.id), code_attempt_id(registration, code)
    attempts: Any = RegistrationRow.code_attempts
    condition = _is_open(now) & (_has_attempts() | attempts.contains(attempt))
    before = write(Update(row, [attempts.add({attempt})], condition), on_conflict=on_conflict)
    return registration_of(row) if before is None else before


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
    registration: Registration, approval_key: ApprovalKey, *, account: Account, now: int
) -> Device | Again[None]:
    """Pending to verified, and with it, in one transaction, the device; Again if one of the two cannot be.

    Raises CodeWrong or CodeExhausted if another code was sent meanwhile.
    """

    def on_conflict(conflict: Conflict) -> Again[None]:
        if conflict.failed_on(RegistrationRow):
            found = registration_in_the_way(conflict, thumbprint=registration.thumbprint)
            if found.state == PENDING and found.code_number != registration.code_number:
                raise _wrong(found)
        return Again(None)

    device = _device_of(registration, approval_key, now=now)
    verified: list[Any] = [RegistrationRow.state.set(VERIFIED)]
    same_code = RegistrationRow.code_number == registration.code_number
    change = change_of(account)
    change.add_device(limit=settings().devices_per_account, now=now)
    change.record("device_registered", now=now, device_id=device.id, detail=keys_digest(device))
    again = write(
        Update(row_key(registration.id), verified, _is_open(now) & same_code),
        Put(row_of(device)),
        *change.operations(),
        on_conflict=on_conflict,
    )
    if again is not None:
        return again
    log_event("device_registered")
    return device


def _device_of(registration: Registration, approval_key: ApprovalKey, *, now: int) -> Device:
    return Device(
        account_id=registration.account_id,
        id=registration.thumbprint,
        name=registration.device_name,
        platform=registration.platform,
        state=ACTIVE,
        registered_at=now,
        device_key=registration.device_key,
        approval_key=approval_key,
    )


def _wrong(registration: Registration) -> Refusal:
    left = settings().sms_code_tries - registration.code_attempts
    if left <= 0 or registration.state == VERIFIED:
        return CodeExhausted(attempts_left=0)
    return CodeWrong(attempts_left=left)


def _is_open(now: int) -> Any:
    return (RegistrationRow.state == PENDING) & (RegistrationRow.expires_at > now)


def _has_attempts() -> Any:
    attempts: Any = RegistrationRow.code_attempts
    return attempts.does_not_exist() | (size(attempts) < settings().sms_code_tries)


def _sent_before(conflict: Conflict, registration: Registration, *, request: str, now: int) -> Registration:
    found = registration_in_the_way(conflict, thumbprint=registration.thumbprint)
    limits = settings()
    if found.last_send == request and found.is_sent:
        return found
    if found.state != PENDING or found.expires_at <= now:
        raise RegistrationExpired
    if found.code_attempts >= limits.sms_code_tries:
        raise CodeExhausted(attempts_left=0)
    if found.sends >= limits.sms_per_registration:
        raise TooManyAttempts("sends of a registration", retry_after=found.expires_at - now)
    raise TooManyAttempts("resend too early", retry_after=max(found.resend_at - now, 1))
