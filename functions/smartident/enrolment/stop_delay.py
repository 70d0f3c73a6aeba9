"""How a phone is stopped that waits in place of a lost one: by any device of the account, or by the operator."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from smartident.accounts.account import AccountNotFound, read_account
from smartident.accounts.account_change import change_of
from smartident.crypto.dpop import signed_request
from smartident.devices.device import DeviceRow, require_active
from smartident.errors import (
    DeviceRevoked,
    RegistrationDecided,
    RegistrationExpired,
    RegistrationNotFound,
)
from smartident.lost_phone.delayed import STOPPED, USED, Delayed, move_delayed, read_delayed
from smartident.notices.outbox import notice
from smartident.settings import settings
from smartident.statements.login import where_asked
from smartident.storage.operations import Again, FailedConditions
from smartident.storage.writes import retry, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident.accounts.account_change import AccountChange
    from smartident.crypto.dpop import Request
    from smartident.devices.device import Device

Compose: TypeAlias = "Callable[[AccountChange, Delayed], None]"


def stop_by_device(registration_id: str, device: Device, *, is_not_me: bool, request: Request, now: int) -> str:
    """Stop a waiting phone, by any device of the account; "not me" also blocks who asked. Nobody lets it in earlier."""

    def compose(change: AccountChange, delayed: Delayed) -> None:
        about = {"device_id": device.id, "detail": registration_id, "receipt": signed_request(request)}
        change.record("registration_stopped", now=now, **about)
        change.also([require_active(device)])
        if is_not_me:
            change.block_pool(delayed.client_address, until=now + settings().address_block)
            change.also([notice(device.account_id, "not_me", now=now, origin=where_asked(delayed.statement))])

    if not _stop(device.account_id, registration_id, compose, now=now):
        raise RegistrationNotFound
    return "denied"


def stop_by_operator(account_id: str, *, operator: str, now: int) -> bool:
    """Stop what waits, on record with the operator; whether anything did.

    Raises AccountNotFound, or RegistrationDecided if that phone is in by now.
    """

    def compose(change: AccountChange, delayed: Delayed) -> None:
        change.record("registration_stopped", now=now, detail=f"{delayed.registration_id} {operator}")

    try:
        return _stop(account_id, None, compose, now=now)
    except RegistrationExpired:
        # A freeze or a new password ended it before.
        return False


def _stop(account_id: str, registration_id: str | None, compose: Compose, *, now: int) -> bool:
    def attempt(_: None) -> bool | Again[None]:
        account, delayed = read_account(account_id), read_delayed(account_id)
        if account is None:
            raise AccountNotFound
        if delayed is None or registration_id not in {None, delayed.registration_id}:
            return False
        if delayed.state == STOPPED:
            return True
        if delayed.state == USED:
            raise RegistrationDecided
        # The operator's clock decides nothing: what still waits by its state may wait by the service's clock too.
        is_over = registration_id is not None and not delayed.is_listed(now=now)
        if is_over or not delayed.is_current(account):
            raise RegistrationExpired
        change = change_of(account)
        compose(change, delayed)
        change.also([move_delayed(delayed, STOPPED)])
        # Somebody who puts the wait back finds the account changed.
        change.end_registrations()
        return write(*change.operations(), on_conflict=_on_conflict) or True

    return retry(attempt, None)


def _on_conflict(conflict: FailedConditions) -> Again[None]:
    if conflict.failed_on(DeviceRow):
        raise DeviceRevoked
    return Again(None)
