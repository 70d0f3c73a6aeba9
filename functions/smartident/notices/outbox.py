"""The outbox: what a person is to be told, written in the transaction of what happened and told once it stands.

The table's stream has `notify` tell it. One worker at a time holds the claim; after a crash the claim runs out.
What it says has a MAC: who can only write the table has nobody told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute

from smartident.crypto.item_mac import grant_mac, is_genuine, report_forged
from smartident.crypto.random import random_id
from smartident.storage import keys
from smartident.storage.ids import newest_first
from smartident.storage.operations import FailedConditions, Put, Update
from smartident.storage.table import DAY, Row
from smartident.storage.writes import write
from smartident.telemetry import log_event

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smartident.notices.event_types import Event

# Merged: the same was told a moment ago.
PENDING, SENT, MERGED, FAILED = "pending", "sent", "merged", "failed"
# Who asked, if it was neither a device: the operator, or the link of an earlier notice.
OPERATOR, NOTICE = "operator", "notice"
KEPT_DAYS = 30  # so long the helpdesk and the person's own export can say who was told what
CLAIM_SECONDS = 60  # longer than the function may run: a worker that is still at it is never overtaken


class NoticeRow(Row, discriminator="notice"):
    """`<account_id>` | `NOTICE#<newest first><id>`: what happened, and who has been told."""

    event = UnicodeAttribute()
    at = NumberAttribute()
    # Where it was asked for: a place and an address, or by whom.
    origin = UnicodeAttribute(null=True)
    by = UnicodeAttribute(null=True)
    device_name = UnicodeAttribute(null=True)
    client = UnicodeAttribute(null=True)  # whose name for the account it was
    former_email = UnicodeAttribute(null=True)  # what was replaced is told too
    former_phone = UnicodeAttribute(null=True)
    state = UnicodeAttribute()
    claim = UnicodeAttribute(null=True)
    claimed_until = NumberAttribute(null=True)
    told = UnicodeSetAttribute(null=True)
    untold = UnicodeSetAttribute(null=True)
    # When its link froze the account: it counts once (freeze_link.py).
    link_used_at = NumberAttribute(null=True)
    published_at = NumberAttribute(null=True)  # when the operator's own programs heard of it
    mac = UnicodeAttribute(null=True)


@dataclass(frozen=True)
class Notice:
    """One thing to be told, and by which claim."""

    account_id: str
    part: str
    event: str
    at: int
    origin: str | None
    by: str | None
    device_name: str | None
    former_email: str | None
    former_phone: str | None
    told: frozenset[str]
    untold: frozenset[str]
    claim: str | None = None
    is_link_used: bool = False


class NoticeClaimed(Exception):  # noqa: N818  named as a refusal is; only the stream hears it
    """Another worker is at it, or has died at it: ask again later."""


def notice(
    account_id: str,
    event: Event,
    *,
    now: int,
    origin: str | None = None,
    by: str | None = None,
    device_name: str | None = None,
    client_id: str | None = None,
    former_email: str | None = None,
    former_phone: str | None = None,
) -> Put:
    """What has the person told of an event: one more item of the transaction in which it happens."""
    row = NoticeRow(
        *keys.notice(account_id, f"{newest_first(now)}{random_id()}-{event}"),
        event=event,
        at=now,
        origin=origin or None,
        by=by,
        device_name=device_name,
        client=client_id,
        former_email=former_email,
        former_phone=former_phone,
        state=PENDING,
        ttl=now + KEPT_DAYS * DAY,
    )
    row.mac = _mac(row)
    # It may be told before its own writer hears that it stands.
    return Put(row, is_own=lambda found: (found.event, int(found.at)) == (event, now))


def event_of(sort_key: str) -> str | None:
    """The event of the notice that a sort key names; None for what is no notice."""
    if not sort_key.startswith(keys.notice("", "").sk):
        return None
    return keys.part_of(sort_key).partition("-")[2]


def claim(account_id: str, sort_key: str, *, now: int) -> Notice | None:
    """The notice, if it is still to be told; from now on nobody else tells it. Raises NoticeClaimed."""

    def on_conflict(conflict: FailedConditions) -> bool:
        found = conflict.found(NoticeRow)
        if found is not None and found.state == PENDING:
            raise NoticeClaimed
        return True

    name, row = random_id(), NoticeRow(account_id, sort_key)
    free = NoticeRow.claimed_until.does_not_exist() | (NoticeRow.claimed_until <= now)
    actions = [NoticeRow.claim.set(name), NoticeRow.claimed_until.set(now + CLAIM_SECONDS)]
    update = Update(row, actions, (NoticeRow.state == PENDING) & free, is_own=lambda found: found.claim == name)
    return notice_of(row) if write(update, on_conflict=on_conflict) is None and is_ours(row) else None


def give_back(told: Notice) -> None:
    """Let the next worker begin at once, because this one could not tell it."""
    _write_claimed(told, [NoticeRow.claimed_until.set(0)])


def mark(told: Notice, *, reached: Iterable[str] = (), unreachable: Iterable[str] = (), state: str = PENDING) -> str:
    """Keep who has been told by now, or cannot be, and return the state; raises NoticeClaimed if the claim was lost."""
    actions: list[Any] = [NoticeRow.state.set(state)]
    actions += [NoticeRow.told.add(set(reached))] if reached else []
    actions += [NoticeRow.untold.add(set(unreachable))] if unreachable else []
    _write_claimed(told, actions)
    if reached:
        log_event("notice_sent", reason=told.event)
    if unreachable or state == FAILED:
        log_event("notice_failed", reason=told.event)
    return state


def recent_notices(account_id: str, *, since: int) -> list[Notice]:
    """What the person was to be told since then, newest first."""
    wanted = NoticeRow.sk.between(*keys.notices_since(since))
    return [notice_of(row) for row in NoticeRow.query(account_id, wanted, consistent_read=True) if is_ours(row)]


def is_ours(row: NoticeRow) -> bool:
    """Whether our own code has written what the notice says; anything else rings the alarm."""
    if is_genuine(row.mac, _mac(row)):
        return True
    report_forged("notice")
    return False


def _write_claimed(told: Notice, actions: list[Any]) -> None:
    def lost(_: FailedConditions) -> None:
        raise NoticeClaimed

    write(Update(_row(told), actions, NoticeRow.claim == told.claim), on_conflict=lost)


def _mac(row: NoticeRow) -> str:
    said = (row.event, int(row.at), row.origin, row.by, row.device_name, row.client)
    return grant_mac("notice", row.pk, row.sk, *said, row.former_email, row.former_phone)


def _row(told: Notice) -> NoticeRow:
    return NoticeRow(*keys.notice(told.account_id, told.part))


def notice_of(row: NoticeRow) -> Notice:
    """The notice that a row holds."""
    return Notice(
        account_id=row.pk,
        part=keys.part_of(row.sk),
        event=row.event,
        at=int(row.at),
        origin=row.origin,
        by=row.by,
        device_name=row.device_name,
        former_email=row.former_email,
        former_phone=row.former_phone,
        told=frozenset(row.told or ()),
        untold=frozenset(row.untold or ()),
        claim=row.claim,
        is_link_used=row.link_used_at is not None,
    )
