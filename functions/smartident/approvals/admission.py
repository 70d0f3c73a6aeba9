"""Admission: what has to be true when a registration becomes a device. While one is active, only it lets others in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.devices.registration import BY_DEVICE
from smartident.errors import RegistrationDeclined, RegistrationExpired, RegistrationPending
from smartident.pairing.pairing import APPROVED, DECLINED, WAITING, read_pairing_of

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.devices.registration import Registration
    from smartident.errors import Refusal
    from smartident.pairing.pairing import Pairing


def admission_of(registration: Registration, account: Account, *, now: int) -> Pairing | Refusal | None:
    """The pairing that the device uses up, None for an account's first device, or why it stays outside.

    An SMS code of a registration that began before the first device is worth nothing after it: `verify` writes only
    while the account is as it was read here.
    """
    if registration.confirm_by != BY_DEVICE:
        return RegistrationExpired() if account.active_devices else None
    pairing = read_pairing_of(registration.id, account_id=account.id, grant_epoch=account.grant_epoch)
    if pairing is None or pairing.expires_at <= now:
        return RegistrationExpired()
    if pairing.state == WAITING:
        return RegistrationPending()
    if pairing.state == DECLINED:
        return RegistrationDeclined()
    return pairing if pairing.state == APPROVED else RegistrationExpired()
