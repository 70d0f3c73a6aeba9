"""Confirmations: how the SMS code of a registration is made, made anew, tried, and turns a key into a device."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smartident.accounts.account import Account, AccountRow
from smartident.accounts.audit_log import add_record
from smartident.accounts.sms_code_attempts import count_guess, may_guess
from smartident.crypto.pepper import constant_time_equals
from smartident.crypto.random import random_digits
from smartident.devices.device import ACTIVE, ApprovalKey, Device, keys_digest, row_of
from smartident.devices.registration import (
    PENDING,
    VERIFIED,
    Registration,
    RegistrationRow,
    code_mac,
    new_row,
    read_registration,
    registration_of,
    row_key,
)
from smartident.errors import CodeExhausted, CodeWrong, RegistrationExpired, TooManyAttempts
from smartident.settings import settings
from smartident.storage.table import Conflict, Row, put_new, transact, write_if
from smartident.telemetry import log_event

if TYPE_CHECKING:
    from pynamodb.transactions import TransactWrite

    from smartident.crypto.dpop import NewKeyProof

CODE_DIGITS = 6
# The last send of a registration whose SMS could not be sent.
UNSENT = ""


def begin(
    account: Account, proof: NewKeyProof, *, device_name: str, platform: str, phone: str, now: int
) -> tuple[Registration, str | None]:
    """Keep a new registration and make its code; the same request come twice finds the first and gets no code."""
    row = new_row(account, proof, device_name=device_name, platform=platform, phone=phone, now=now)
    code = random_digits(CODE_DIGITS)
    registration_id = f"{row.pk}.{row.sk.removeprefix('REGISTRATION#')}"
    row.code_mac = code_mac(registration_id, row.thumbprint, code)
    try:
        put_new(row)
    except Conflict:
        return read_registration(registration_id, thumbprint=row.thumbprint), None
    return registration_of(row), code


def claim_resend(registration: Registration, *, request: str, now: int) -> tuple[Registration, str | None]:
    """Make a new code if it is time for one; the same request come twice gets no second.

    Raises TooManyAttempts with the seconds until a resend is possible, or RegistrationExpired.
    """
    if registration.last_send == request:
        return registration, None
    limits, code, row = settings(), random_digits(CODE_DIGITS), row_key(registration.id)
    try:
        write_if(
            row,
            actions=[
                RegistrationRow.code_mac.set(code_mac(registration.id, registration.thumbprint, code)),
                RegistrationRow.sends.add(1),
                RegistrationRow.last_send.set(request),
                RegistrationRow.resend_at.set(now + limits.sms_resend_after),
                RegistrationRow.expires_at.set(now + limits.sms_code_lifetime),
            ],
            condition=_is_open(now)
            & (RegistrationRow.tries < limits.sms_code_tries)
            & (RegistrationRow.sends < limits.sms_per_registration)
            & (RegistrationRow.resend_at <= now),
        )
    except Conflict:
        return _resent_before(registration, request=request, now=now)
    return registration_of(row), code


def give_send_back(registration: Registration, *, now: int) -> None:
    """Allow the next send at once, even by the same request come again, because the last one failed."""
    row = row_key(registration.id)
    actions = [RegistrationRow.resend_at.set(now), RegistrationRow.sends.add(-1), RegistrationRow.last_send.set(UNSENT)]
    try:
        write_if(row, actions=actions, condition=RegistrationRow.last_send == registration.last_send)
    except Conflict:
        return


def raise_tries(registration: Registration, *, now: int) -> Registration:
    """Count one more try of the code before it is looked at; raises CodeExhausted or RegistrationExpired."""
    row = row_key(registration.id)
    try:
        write_if(
            row,
            actions=[RegistrationRow.tries.add(1)],
            condition=_is_open(now) & (RegistrationRow.tries < settings().sms_code_tries),
        )
    except Conflict:
        current = read_registration(registration.id, thumbprint=registration.thumbprint)
        if current.state == VERIFIED:
            return current
        if current.expires_at <= now:
            raise RegistrationExpired from None
        raise CodeExhausted(attempts_left=0) from None
    return registration_of(row)


def check_code(registration: Registration, code: str, *, now: int) -> None:
    """Raise CodeWrong, or CodeExhausted after the last try, unless this is the code of the SMS.

    A wrong one is counted on the account before it is told, and raises TooManyAttempts if there were too many today.
    """
    typed = code_mac(registration.id, registration.thumbprint, code)
    if constant_time_equals(typed, registration.code_mac):
        return
    if registration.state != VERIFIED:
        count_guess(registration.account_id, now=now)
    left = settings().sms_code_tries - registration.tries
    if left <= 0 or registration.state == VERIFIED:
        raise CodeExhausted(attempts_left=0)
    raise CodeWrong(attempts_left=left)


def check_stands(registration: Registration, account: Account) -> None:
    """Raise RegistrationExpired if the account's password or phone number was set anew since the registration began.

    Whatever is set anew later moves the account's log on, which `verify` does not let pass.
    """
    if registration.credential_version != account.credential_version:
        raise RegistrationExpired


def verify(registration: Registration, approval_key: ApprovalKey, *, account: Account, now: int) -> Device:
    """Pending to verified, and with it, in one transaction, the device; raises Conflict if one of the two cannot be."""
    device = _device_of(registration, approval_key, now=now)

    def compose(transaction: TransactWrite) -> None:
        state: list[Any] = [RegistrationRow.state.set(VERIFIED)]
        same_code = RegistrationRow.code_mac == registration.code_mac
        transaction.update(row_key(registration.id), actions=state, condition=_is_open(now) & same_code)
        transaction.save(row_of(device), condition=Row.pk.does_not_exist())
        add_record(
            transaction,
            account,
            "device_registered",
            device_id=device.id,
            detail=keys_digest(device),
            actions=[AccountRow.devices.add(1)],
            condition=(AccountRow.devices < settings().devices_per_account) & may_guess(now),
            now=now,
        )

    transact(compose)
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


def _is_open(now: int) -> Any:
    return (RegistrationRow.state == PENDING) & (RegistrationRow.expires_at > now)


def _resent_before(registration: Registration, *, request: str, now: int) -> tuple[Registration, None]:
    current = read_registration(registration.id, thumbprint=registration.thumbprint)
    limits = settings()
    if current.last_send == request:
        return current, None
    if current.state != PENDING or current.expires_at <= now:
        raise RegistrationExpired
    if current.tries >= limits.sms_code_tries:
        raise CodeExhausted(attempts_left=0)
    if current.sends >= limits.sms_per_registration:
        raise TooManyAttempts("sends of a registration", retry_after=current.expires_at - now)
    raise TooManyAttempts("resend too early", retry_after=max(current.resend_at - now, 1))
