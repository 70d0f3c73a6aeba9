"""How often a client rang one account: a count that lets simultaneous requests begin one after the other.

Somebody whom nobody knows has one too, so that a limit is reached there as it is anywhere.
"""

from __future__ import annotations

from pynamodb.attributes import NumberAttribute

from smartident.accounts.limits.pending_logins import RECENT_SECONDS
from smartident.storage import ciba_keys
from smartident.storage.operations import Update
from smartident.storage.table import Row


class RingsRow(Row, discriminator="rings"):
    """`<account_id>` | `RINGS#<client_id>`: how many requests of the client have begun."""

    times = NumberAttribute(default=0)


def rings_of(account_id: str, client_id: str) -> int:
    """How many requests have begun by now."""
    try:
        return int(RingsRow.get(*ciba_keys.rings(account_id, client_id), consistent_read=True).times)
    except RingsRow.DoesNotExist:
        return 0


def one_more(account_id: str, client_id: str, *, after: int, now: int) -> Update:
    """Count one more, if none began since so many were counted."""
    row = RingsRow(*ciba_keys.rings(account_id, client_id))
    actions = [
        RingsRow.times.set(after + 1),
        RingsRow.kind.set(RingsRow),
        # Once its last request is history, the count says nothing more.
        RingsRow.ttl.set(now + 2 * RECENT_SECONDS),
    ]
    seen = (RingsRow.times == after) if after else RingsRow.times.does_not_exist()
    return Update(row, actions, seen)
