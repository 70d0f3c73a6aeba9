"""Retirement: a phone that let a new one in, and signed that it leaves for it, is out once the new one has logged in.

From that login on it is refused (devices/authenticate.py). The next question of any phone of the account writes it
down, as a revocation that a freeze undoes for a day; so does what removes the new phone (devices/revoke.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.accounts.account import read_account
from smartident.devices.revoke import retire_before
from smartident.devices.snapshot import leaves_for, read_snapshot
from smartident.storage.writes import retry

if TYPE_CHECKING:
    from smartident.devices.device import Device
    from smartident.devices.snapshot import AccountSnapshot
    from smartident.storage.operations import Again


def retire_if_due(asking: Device, snapshot: AccountSnapshot, *, origin: str = "", now: int) -> AccountSnapshot:
    """Take out each phone that left for another one, if its time has come, and give the account as it is then.

    The person is told, and from where (`origin`) if the new phone itself asks. Asking again changes nothing, and a
    freeze meanwhile keeps it.
    """
    due = [new for new in snapshot.active_devices() if leaves_for(new.id, snapshot) is not None]
    for new in due:
        _retire_for(new, origin=origin if new.id == asking.id else "", now=now)
    return read_snapshot(asking.account_id, now=now) if due else snapshot


def _retire_for(new: Device, *, origin: str, now: int) -> None:
    def attempt(_: None) -> Again[None] | None:
        # The account is read first: a freeze after it moves the audit log on, and the transaction then fails.
        account, current = read_account(new.account_id), read_snapshot(new.account_id, now=now)
        return None if account is None else retire_before(account, current, new.id, origin=origin, now=now)

    retry(attempt, None)
