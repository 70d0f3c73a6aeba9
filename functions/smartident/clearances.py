"""Clearances: what the right password gives back, if the source may use it and the password still stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smartident.accesses import ACCESS, AccessRow, read_row
from smartident.errors import ServiceUnavailable
from smartident.guards import held_until, is_held_until, knows, pool_is_over, refused
from smartident.sources import check_quiet, require_quiet
from smartident.table import DAY, ROUNDS, Conflict, transact, write_if

if TYPE_CHECKING:
    from pynamodb.transactions import TransactWrite

MOST_KNOWN = 10


def cleared(row: AccessRow, source: str, *, now: int) -> list[Any]:
    """The actions that forget this source's tries after the right password, to be written with what follows it."""
    actions: list[Any] = [
        AccessRow.tries[source].remove(),
        AccessRow.held[source].remove(),
        AccessRow.holds[source].remove(),
    ]
    if pool_is_over(row, now):
        actions += [AccessRow.pool.set(0), AccessRow.pool_since.set(now)]
    else:
        actions.append(AccessRow.pool.add(-1))
    known = row.known.as_dict()
    if int(known.get(source, 0)) < now - DAY:
        newest = sorted(((int(at), name) for name, at in known.items() if name != source), reverse=True)
        actions.append(AccessRow.known.set({name: at for at, name in [(now, source), *newest][:MOST_KNOWN]}))
    return actions


def clear(row: AccessRow, source: str, *, now: int) -> None:
    """Forget this source's tries after the right password; raises TooManyAttempts if it may not use it just now."""
    condition = AccessRow.pk.exists() & is_held_until(held_until(row, source), source)
    if row.password_hash is not None:
        condition &= AccessRow.password_hash == row.password_hash
    current: AccessRow | None = row
    for _ in range(ROUNDS):
        if current is None:
            break
        try:
            _clear(current, source, condition, now=now)
        except Conflict:
            current = read_row(row.pk)
            check_source(current, source, before=row, now=now)
            check_as_proven(current, before=row)
        else:
            return
    raise ServiceUnavailable("clearing in the way of others", retry_after=1)


def check_source(row: AccessRow | None, source: str, *, before: AccessRow, now: int) -> None:
    """Raise TooManyAttempts if the source was held between two readings, or has failed too often on all accesses."""
    if row is not None and held_until(row, source) != held_until(before, source):
        raise refused(row, source, now=now)
    if not knows(before, source):
        check_quiet(source, now=now)


def check_as_proven(row: AccessRow | None, *, before: AccessRow) -> None:
    """Raise ServiceUnavailable if the password, or what it is enough for, was set anew between two readings."""
    if row is not None and (row.password_hash, row.two_factor) != (before.password_hash, before.two_factor):
        raise ServiceUnavailable("password or two-factor set anew meanwhile", retry_after=1)


def _clear(row: AccessRow, source: str, condition: Any, *, now: int) -> None:
    actions = cleared(row, source, now=now)
    if knows(row, source):
        return write_if(row, actions=actions, condition=condition)

    def compose(transaction: TransactWrite) -> None:
        transaction.update(AccessRow(row.pk, ACCESS), actions=actions, condition=condition)
        require_quiet(transaction, source, now=now)

    return transact(compose)
