"""The outbox of logouts: which sessions ended, written in the transaction that ends them, and told once it stands.

The table's stream has `back_channel_logout` tell it. One worker at a time holds the claim; after a crash it runs out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute

from smartident.crypto.random import random_id
from smartident.storage import client_keys, keys
from smartident.storage.ids import newest_first
from smartident.storage.operations import FailedConditions, Put, Update
from smartident.storage.table import DAY, Row
from smartident.storage.writes import write
from smartident.telemetry import log_event

if TYPE_CHECKING:
    from collections.abc import Iterable

PENDING, TOLD = "pending", "told"
# Longer than the function may run: a worker that is still at it is never overtaken.
CLAIM_SECONDS = 60


class LogoutRow(Row, discriminator="logout"):
    """`<account_id>` | `LOGOUT#<newest first><id>`: which sessions ended, and which clients have heard of it."""

    at = NumberAttribute()
    # One session, or all that were granted in an epoch of the account.
    session = UnicodeAttribute(null=True)
    ended_epoch = NumberAttribute(null=True)
    state = UnicodeAttribute()
    claim = UnicodeAttribute(null=True)
    claimed_until = NumberAttribute(null=True)
    # `<session's part>/<client>`: who has heard, and who cannot be told.
    told = UnicodeSetAttribute(null=True)
    untold = UnicodeSetAttribute(null=True)


@dataclass(frozen=True)
class Logout:
    """What ended, and by which claim it is being told."""

    account_id: str
    part: str
    session: str | None
    ended_epoch: int | None
    done: frozenset[str]
    claim: str | None


class LogoutClaimed(Exception):  # noqa: N818  named as a refusal is; only the stream hears it
    """Another worker is at it, or has died at it: ask again later."""


def session_ended(account_id: str, session: str, *, now: int) -> Put:
    """The news that one session ended: one more item of the transaction in which it does."""
    return _put(account_id, now, session=session)


def sessions_ended(account_id: str, *, grant_epoch: int, now: int) -> Put:
    """The news that an epoch of the account ended, and all its sessions with it."""
    return _put(account_id, now, ended_epoch=grant_epoch)


def claim(account_id: str, sort_key: str, *, now: int) -> Logout | None:
    """The news, if it is still to be told; from now on nobody else tells it. Raises LogoutClaimed."""

    def on_conflict(conflict: FailedConditions) -> bool:
        found = conflict.found(LogoutRow)
        if found is not None and found.state == PENDING:
            raise LogoutClaimed
        return True

    name, row = random_id(), LogoutRow(account_id, sort_key)
    free = LogoutRow.claimed_until.does_not_exist() | (LogoutRow.claimed_until <= now)
    actions = [LogoutRow.claim.set(name), LogoutRow.claimed_until.set(now + CLAIM_SECONDS)]
    update = Update(row, actions, (LogoutRow.state == PENDING) & free, is_own=lambda found: found.claim == name)
    return _logout_of(row) if write(update, on_conflict=on_conflict) is None else None


def give_back(logout: Logout) -> None:
    """Let the next worker begin at once, because this one could not tell everybody."""
    _write_claimed(logout, [LogoutRow.claimed_until.set(0)])


def mark(logout: Logout, *, told: Iterable[str] = (), untold: Iterable[str] = (), state: str = PENDING) -> None:
    """Keep who has heard by now, or never will; raises LogoutClaimed if the claim was lost."""
    actions: list[Any] = [LogoutRow.state.set(state)]
    actions += [LogoutRow.told.add(set(told))] if told else []
    actions += [LogoutRow.untold.add(set(untold))] if untold else []
    _write_claimed(logout, actions)
    for name in told:
        log_event("logout_sent", login_id=name.partition("/")[0])
    for name in untold:
        log_event("logout_failed", login_id=name.partition("/")[0])


def _put(account_id: str, now: int, **ended: Any) -> Put:
    key = client_keys.logout(account_id, newest_first(now) + random_id())
    row = LogoutRow(*key, at=now, state=PENDING, ttl=now + DAY, **ended)
    # It may be told before its own writer hears that it stands.
    return Put(row, is_own=lambda found: int(found.at) == now)


def _write_claimed(logout: Logout, actions: list[Any]) -> None:
    def lost(_: FailedConditions) -> None:
        raise LogoutClaimed

    row = LogoutRow(*client_keys.logout(logout.account_id, logout.part))
    write(Update(row, actions, LogoutRow.claim == logout.claim), on_conflict=lost)


def _logout_of(row: LogoutRow) -> Logout:
    return Logout(
        account_id=row.pk,
        part=keys.part_of(row.sk),
        session=row.session,
        ended_epoch=None if row.ended_epoch is None else int(row.ended_epoch),
        done=frozenset(row.told or ()) | frozenset(row.untold or ()),
        claim=row.claim,
    )
