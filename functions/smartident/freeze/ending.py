"""A change of an account that ends logins: both are written together, composed as the account is by then."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from smartident.accounts.account import Account, AccountNotFound, read_account
from smartident.devices.snapshot import read_snapshot
from smartident.errors import DeviceRevoked
from smartident.logins.login import CANCELLED
from smartident.logins.transitions import end
from smartident.storage.operations import Again, FailedConditions
from smartident.storage.writes import retry, write

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from smartident.accounts.account_change import AccountChange
    from smartident.devices.device import Device
    from smartident.devices.snapshot import AccountSnapshot
    from smartident.logins.login import Login

# So many logins end in the transaction itself, which holds a hundred items, devices among them; what is beyond ends
# just before.
MAX_LOGINS_PER_TRANSACTION = 25


def change_account(
    account_id: str, compose: Callable[[Account], tuple[AccountChange, Sequence[Login]] | None]
) -> Sequence[Login]:
    """Change an account as it is; composed again if something of it went on meanwhile. The logins that it ended.

    `compose` gives None where nothing is to change. Raises AccountNotFound.
    """

    def attempt(_: None) -> Again[None] | Sequence[Login]:
        # Read first: whatever begins after it moves the audit log on, and the transaction then fails.
        account = read_account(account_id)
        if account is None:
            raise AccountNotFound
        composed = compose(account)
        if composed is None:
            return ()
        return write_and_end(*composed) or [replace(login, state=CANCELLED) for login in composed[1]]

    return retry(attempt, None)


def change_by_device(
    device: Device,
    compose: Callable[[Account, AccountSnapshot], tuple[AccountChange, Sequence[Login]] | None],
    *,
    now: int,
) -> Sequence[Login]:
    """The same for a device of the account, as long as it is active; raises DeviceRevoked."""

    def active(account: Account) -> tuple[AccountChange, Sequence[Login]] | None:
        # Read after the account: a revocation in between moves the audit log on, and the transaction then fails.
        snapshot = read_snapshot(account.id, now=now)
        if device.id not in {one.id for one in snapshot.active_devices()}:
            raise DeviceRevoked
        return compose(account, snapshot)

    try:
        return change_account(device.account_id, active)
    except AccountNotFound:
        raise DeviceRevoked("its account is gone") from None


def write_and_end(change: AccountChange, logins: Sequence[Login] = ()) -> Again[None] | None:
    """Write the change and end these logins with it; Again if anything of it moved on."""
    for login in logins[MAX_LOGINS_PER_TRANSACTION:]:
        again = write(end(login), on_conflict=_look_again)
        if again is not None:
            return again
    ended = [end(login) for login in logins[:MAX_LOGINS_PER_TRANSACTION]]
    return write(*change.operations(), *ended, on_conflict=_look_again)


def _look_again(_: FailedConditions) -> Again[None]:
    """A login that moved on, or an entry of the audit log: both are read again and composed as they are by then."""
    return Again(None)
