"""Retirement: a phone that let a new one in, and signed that it leaves for it, is out once the new one has logged in.

From that login on it is refused (devices/authenticate.py). The new phone's next question writes it down, as a
revocation that a freeze undoes for a day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.accounts.account import read_account
from smartident.devices.revoke import take_back_in_advance, write_revocation
from smartident.devices.snapshot import read_snapshot, retired_at
from smartident.storage.writes import retry

if TYPE_CHECKING:
    from smartident.devices.device import Device
    from smartident.devices.snapshot import AccountSnapshot
    from smartident.storage.operations import Again


def retire_if_due(new: Device, snapshot: AccountSnapshot, *, origin: str = "", now: int) -> AccountSnapshot:
    """Take out the phone that left for this one, if its time has come, and give the account as it is then.

    The person is told. Asking again changes nothing, and a freeze meanwhile keeps it.
    """
    if _due(new.id, snapshot) is None:
        return snapshot

    def attempt(_: None) -> Again[None] | None:
        # The account is read first: a freeze after it moves the audit log on, and the transaction then fails.
        account, current = read_account(new.account_id), read_snapshot(new.account_id, now=now)
        old = _due(new.id, current)
        if account is None or old is None:
            return None
        by = current.devices[new.id]
        return take_back_in_advance(current, old.id, now=now) or write_revocation(
            account, current, old.id, by=by, retires=True, origin=origin, now=now
        )

    retry(attempt, None)
    return read_snapshot(new.account_id, now=now)


def _due(new_id: str, snapshot: AccountSnapshot) -> Device | None:
    """The active device that this one retires now."""
    new = snapshot.devices.get(new_id)
    old = None if new is None or new.retires is None or not new.active else snapshot.devices.get(new.retires)
    if old is None or not old.active or retired_at(old, snapshot) is None:
        return None
    return old
