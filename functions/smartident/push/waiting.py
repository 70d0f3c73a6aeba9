"""Which change of the table wakes phones: what waits for a decision now, and what a person is told of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.notices.addressees import REGISTRATION_WAITING
from smartident.notices.outbox import event_of
from smartident.push.message import NEWS, REQUEST
from smartident.storage import keys
from smartident.storage.ids import time_of

if TYPE_CHECKING:
    from smartident.devices.snapshot import AccountSnapshot


def topic_of(snapshot: AccountSnapshot, sort_key: str, *, now: int) -> str | None:
    """What to say of the item that changed; None says nothing, as of a decoy, which no snapshot has."""
    if event := event_of(sort_key):
        # The pairing itself wakes the phones that may let the new one in.
        return None if event == REGISTRATION_WAITING else NEWS
    pairing = snapshot.pairing
    if sort_key == keys.pairing(snapshot.account_id).sk:
        return REQUEST if pairing is not None and pairing.waits(now) else None
    waiting = {key.sk for login in snapshot.pending(now) if (key := keys.login(login.id))}
    return REQUEST if sort_key in waiting else None


def concerned(snapshot: AccountSnapshot, sort_key: str) -> set[str]:
    """The devices to wake: all that may decide, and of what happened those that were there before."""
    active = snapshot.active_devices()
    if event_of(sort_key) is None:
        return {device.id for device in active}
    at = time_of(keys.part_of(sort_key))
    return {device.id for device in active if device.registered_at < at}
