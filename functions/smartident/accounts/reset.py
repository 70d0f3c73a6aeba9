"""Clearances: what the right password gives back, if the source may use it and the password still stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smartident.accounts.account import ACCOUNT, AccountRow, read_row
from smartident.accounts.password_attempts import held_until, is_held_until, knows, pool_is_over, refused
from smartident.errors import ServiceUnavailable
from smartident.rate_limiting.client_address import check_quiet, require_quiet
from smartident.storage.table import DAY, MAX_CONFLICT_RETRIES, Conflict, transact, write_if

if TYPE_CHECKING:
    from pynamodb.transactions import TransactWrite

MAX_TRUSTED_ADDRESSES = 10


def cleared(row: AccountRow, source: str, *, now: int) -> list[Any]:
    """The actions that forget this source's tries after the right password, to be written with what follows it."""
    actions: list[Any] = [
        AccountRow.tries[source].remove(),
        AccountRow.held[source].remove(),
        AccountRow.holds[source].remove(),
    ]
    if pool_is_over(row, now):
        actions += [AccountRow.pool.set(0), AccountRow.pool_since.set(now)]
    else:
        actions.append(AccountRow.pool.add(-1))
    known = row.known.as_dict()
    if int(known.get(source, 0)) < now - DAY:
        newest = sorted(((int(at), name) for name, at in known.items() if name != source), reverse=True)
        actions.append(
            AccountRow.known.set({name: at for at, name in [(now, source), *newest][:MAX_TRUSTED_ADDRESSES]})
        )
    return actions


def clear(row: AccountRow, source: str, *, now: int) -> None:
    """Forget this source's tries after the right password; raises TooManyAttempts if it may not use it just now."""
    condition = AccountRow.pk.exists() & is_held_until(held_until(row, source), source)
    if row.password_hash is not None:
        condition &= AccountRow.password_hash == row.password_hash
    current: AccountRow | None = row
    for _ in range(MAX_CONFLICT_RETRIES):
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


def check_source(row: AccountRow | None, source: str, *, before: AccountRow, now: int) -> None:
    """Raise TooManyAttempts if the source was held between two readings, or has failed too often on all accounts."""
    if row is not None and held_until(row, source) != held_until(before, source):
        raise refused(row, source, now=now)
    if not knows(before, source):
        check_quiet(source, now=now)


def check_as_proven(row: AccountRow | None, *, before: AccountRow) -> None:
    """Raise ServiceUnavailable if the password, or what it is enough for, was set anew between two readings."""
    if row is not None and (row.password_hash, row.two_factor) != (before.password_hash, before.two_factor):
        raise ServiceUnavailable("password or two-factor set anew meanwhile", retry_after=1)


def _clear(row: AccountRow, source: str, condition: Any, *, now: int) -> None:
    actions = cleared(row, source, now=now)
    if knows(row, source):
        return write_if(row, actions=actions, condition=condition)

    def compose(transaction: TransactWrite) -> None:
        transaction.update(AccountRow(row.pk, ACCOUNT), actions=actions, condition=condition)
        require_quiet(transaction, source, now=now)

    return transact(compose)
