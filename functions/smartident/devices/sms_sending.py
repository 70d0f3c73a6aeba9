"""How the SMS code of a registration is sent, and sent again: once per request, and never told before it went."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from smartident.crypto.random import random_id
from smartident.devices.registration import (
    BY_SMS,
    PENDING,
    Registration,
    RegistrationRow,
    has_attempts,
    is_open,
    new_row,
    registration_in_the_way,
    registration_mac,
    registration_of,
    row_key,
)
from smartident.errors import CodeExhausted, RegistrationExpired, TooManyAttempts
from smartident.notices.outbox import notice
from smartident.settings import settings
from smartident.storage.operations import FailedConditions, Put, Update
from smartident.storage.table import DAY
from smartident.storage.writes import try_write, write

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.crypto.dpop import NewKeyProof


# The last send of a registration whose SMS could not be sent.
UNSENT = ""


def begin(
    account: Account,
    proof: NewKeyProof,
    *,
    device_name: str,
    platform: str,
    phone: str,
    confirm_by: str = BY_SMS,
    origin: str = "",
    now: int,
) -> tuple[Registration, bool]:
    """Keep a new registration, and whether its code is to be sent now; the same request come twice sends none.

    Where the account had a device before, the person is told that another one is on its way in.
    """
    row = new_row(account, proof, named=(device_name, platform), confirm_by=confirm_by, phone=phone, now=now)
    told = [notice(account.id, "registration_waiting", now=now, origin=origin, device_name=device_name)]
    before = write(
        Put(row),
        *(told if account.had_device else ()),
        on_conflict=lambda conflict: registration_in_the_way(conflict, thumbprint=proof.thumbprint),
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
    claimed = replace(registration, code_number=number, expires_at=now + limits.sms_code_lifetime)
    actions: list[Any] = [
        RegistrationRow.mac.set(registration_mac(claimed)),
        RegistrationRow.code_number.set(number),
        RegistrationRow.sends.add(1),
        RegistrationRow.last_send.set(request),
        RegistrationRow.last_claim.set(claim),
        RegistrationRow.is_sent.set(False),
        RegistrationRow.resend_at.set(now + limits.sms_resend_after),
        RegistrationRow.expires_at.set(claimed.expires_at),
    ]
    condition = (
        is_open(now)
        & has_attempts()
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
    """The registration whose SMS was taken by SNS, kept so: the same request come again may now be told so.

    If that cannot be written, the SMS is on its way all the same; the request come again then waits for the next send.
    """
    actions: list[Any] = [RegistrationRow.is_sent.set(True)]
    try_write(Update(row_key(registration.id), actions, RegistrationRow.last_send == registration.last_send))
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


def keep_for(registration: Registration, *, until: int, now: int) -> Update:
    """Keep a registration whose code was right for so long; no other code is sent for it any more."""
    kept = replace(registration, expires_at=until)
    actions: list[Any] = [
        RegistrationRow.mac.set(registration_mac(kept)),
        RegistrationRow.expires_at.set(until),
        RegistrationRow.sends.set(settings().sms_per_registration),
        RegistrationRow.ttl.set(until + DAY),
    ]
    same_code = RegistrationRow.code_number == registration.code_number
    return Update(row_key(registration.id), actions, is_open(now) & same_code)


def _sent_before(conflict: FailedConditions, registration: Registration, *, request: str, now: int) -> Registration:
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
