"""A lost phone: password and SMS code let a new one in after a wait, of which the owner is told and can stop it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from smartident.accounts.account import read_account
from smartident.accounts.account_change import change_of
from smartident.accounts.item.login_policy import is_passkey_only
from smartident.devices.registration import RegistrationRow, registration_in_the_way
from smartident.devices.sms_sending import keep_for
from smartident.devices.sms_verification import Admission, check_credentials_unchanged
from smartident.errors import (
    CodeWrong,
    LostPhoneRefused,
    RegistrationExpired,
    RegistrationWaiting,
    TooManyAttempts,
)
from smartident.lost_phone.delayed import USED, WAITING, Delayed, move_delayed, put_delayed, read_delayed
from smartident.notices.outbox import notice
from smartident.pairing.shown_code import fingerprint_of
from smartident.rate_limiting.client_address import client_address_of
from smartident.rate_limiting.lockout_time import HOUR
from smartident.settings import lost_phone_settings, settings
from smartident.statements.login import where_asked
from smartident.statements.new_device import DELAYED_DEVICE, write_new_device
from smartident.storage.operations import Again, FailedConditions
from smartident.storage.writes import retry, write

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.devices.registration import Registration
    from smartident.errors import Refusal
    from smartident.statements.login import RequestOrigin

# Whom a wait can reach: an e-mail, or a second device.
MIN_DEVICES = 2


def check_may_wait(account: Account) -> None:
    """Raise LostPhoneRefused unless the operator offers a wait, and the owner would hear of it somewhere else."""
    is_told = bool(account.email) or account.active_devices >= MIN_DEVICES
    if lost_phone_settings().lost_phone_delay == 0 or account.phone is None or not is_told:
        raise LostPhoneRefused


def begin_delay(registration: Registration, account: Account, *, request_origin: RequestOrigin, now: int) -> None:
    """Let the wait of a registration begin whose SMS code was right; once begun, it goes on as it is.

    Raises TooManyAttempts while another one waits, LostPhoneRefused, or RegistrationExpired.
    """

    def attempt(current: Account | None) -> Again[Account | None] | None:
        before = read_delayed(registration.account_id)
        if before is not None and before.registration_id == registration.id:
            return None
        if current is None or is_passkey_only(current, now=now):
            raise RegistrationExpired
        check_credentials_unchanged(registration, current)
        check_may_wait(current)
        if before is not None and before.waits(current, now=now):
            raise TooManyAttempts("another new phone waits", retry_after=max(before.expires_at - now, 1))
        delayed = _delayed(registration, current, request_origin, now=now)
        return _begin(registration, delayed, current, before, now=now)

    retry(attempt, account)


def _begin(
    registration: Registration, delayed: Delayed, account: Account, before: Delayed | None, *, now: int
) -> Again[Account | None] | None:
    change, name = change_of(account), registration.device_name
    change.record("registration_delayed", now=now, device_id=registration.thumbprint, detail=registration.id)
    change.also([put_delayed(delayed, replaces=before), keep_for(registration, until=delayed.expires_at, now=now)])
    origin = where_asked(delayed.statement)
    change.also([notice(account.id, "registration_delayed", now=now, origin=origin, device_name=name)])

    def on_conflict(conflict: FailedConditions) -> Again[Account | None]:
        if conflict.failed_on(RegistrationRow):
            found = registration_in_the_way(conflict, thumbprint=registration.thumbprint)
            # It was open a moment ago, so another code was sent meanwhile.
            raise CodeWrong(attempts_left=max(settings().sms_code_tries - found.code_attempts, 0))
        return Again(read_account(account.id))

    return write(*change.operations(), on_conflict=on_conflict)


def admission_after_delay(registration: Registration, account: Account, *, now: int) -> Admission | Refusal:
    """By a wait that is over and that nobody stopped; such a phone cools off."""
    delayed = read_delayed(account.id)
    if delayed is None or delayed.registration_id != registration.id or not delayed.waits(account, now=now):
        return RegistrationExpired()
    if delayed.admits_at > now:
        return RegistrationWaiting(retry_after=delayed.admits_at - now)
    return Admission(lambda change: change.also([move_delayed(delayed, USED)]), cools_off=True)


def _delayed(registration: Registration, account: Account, request_origin: RequestOrigin, *, now: int) -> Delayed:
    admits_at = now + lost_phone_settings().lost_phone_delay * HOUR
    delayed = Delayed(
        account_id=account.id,
        registration_id=registration.id,
        state=WAITING,
        statement="",
        client_address=client_address_of(request_origin.address),
        began_at=now,
        admits_at=admits_at,
        grant_epoch=account.grant_epoch,
        credential_version=account.credential_version,
    )
    statement = write_new_device(
        purpose=DELAYED_DEVICE,
        registration_id=registration.id,
        access_number=account.number,
        device_name=registration.device_name,
        platform=registration.platform,
        device_id=registration.thumbprint,
        fingerprint=fingerprint_of(registration.thumbprint),
        request_origin=request_origin,
        requested_at=now,
        expires_at=delayed.expires_at,
    )
    return replace(delayed, statement=statement)
