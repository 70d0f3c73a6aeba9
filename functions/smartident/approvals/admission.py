"""Admission: what has to be true when a registration becomes a device. While one is active, only it lets others in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.accounts.item.login_policy import is_passkey_only
from smartident.devices.registration import BY_DELAY, BY_DEVICE, BY_ENROLMENT_CODE, BY_RECOVERY
from smartident.devices.sms_verification import BY_SMS_CODE, Admission
from smartident.enrolment.delay import admission_after_delay
from smartident.enrolment.enrolment_code import read_enrolment_code, use_enrolment_code
from smartident.errors import RegistrationDeclined, RegistrationExpired, RegistrationPending
from smartident.pairing.decision import use_pairing
from smartident.pairing.pairing import APPROVED, DECLINED, WAITING, read_pairing_of

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.accounts.account_change import AccountChange
    from smartident.devices.registration import Registration
    from smartident.errors import Refusal


def admission_of(registration: Registration, account: Account, *, now: int) -> Admission | Refusal:
    """How the registration comes in, by what confirms it, or why it stays outside.

    `verify` writes only while the account is as it was read here.
    """
    if registration.confirm_by == BY_ENROLMENT_CODE:
        # The operator's code, with its cool-off, is the way in where a passkey was the only one.
        return _by_enrolment_code(registration, account, now=now)
    if is_passkey_only(account, now=now):
        # Whatever else confirms it: no way in that forgets to ask at its beginning gets further than here.
        return RegistrationExpired()
    if registration.confirm_by == BY_DEVICE:
        return _by_device(registration, account, now=now)
    if registration.confirm_by == BY_RECOVERY:
        return _by_recovery(registration, account, now=now)
    if registration.confirm_by == BY_DELAY:
        return admission_after_delay(registration, account, now=now)
    # A code of a registration that began before the first device is worth nothing after it.
    return RegistrationExpired() if account.active_devices else BY_SMS_CODE


def _by_device(registration: Registration, account: Account, *, now: int) -> Admission | Refusal:
    pairing = read_pairing_of(registration.id, account_id=account.id, grant_epoch=account.grant_epoch)
    if pairing is None or pairing.expires_at <= now:
        return RegistrationExpired()
    if pairing.state == WAITING:
        return RegistrationPending()
    if pairing.state == DECLINED:
        return RegistrationDeclined()
    if pairing.state != APPROVED:
        return RegistrationExpired()
    return Admission(
        lambda change: change.also([use_pairing(pairing, now=now)]),
        cools_off=pairing.cools_off,
        retires=pairing.decided_by if pairing.retires else None,
    )


def _by_enrolment_code(registration: Registration, account: Account, *, now: int) -> Admission | Refusal:
    """By the very code that the registration began with, while it counts; a phone after others cools off."""
    code = read_enrolment_code(account.id)
    if code is None or code.id != registration.enrolment_code_id or not code.counts(account, now=now):
        return RegistrationExpired()

    def use(change: AccountChange) -> None:
        change.record("enrolment_code_used", now=now, device_id=registration.thumbprint)
        change.also([use_enrolment_code(code, now=now)])
        # Somebody who puts the code back finds the account changed.
        change.end_registrations()

    return Admission(use, cools_off=account.had_device, told="device_registered_by_code")


def _by_recovery(registration: Registration, account: Account, *, now: int) -> Admission | Refusal:
    from smartident.recovery.changes import use  # noqa: PLC0415  no other registration pays it
    from smartident.recovery.code_set import read_valid_codes  # noqa: PLC0415

    codes, code = read_valid_codes(account), registration.recovery_code_mac or ""
    if codes is None or not codes.has(code):
        # Used up by another phone, or the set was replaced or ended.
        return RegistrationExpired()
    about = {"device_id": registration.thumbprint, "for_what": registration.id}
    return Admission(lambda change: use(change, codes, code, **about, now=now), cools_off=True, told="recovery_used")
