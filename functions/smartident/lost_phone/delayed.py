"""Delayed registrations: a new phone with password and SMS code waits, so that the owner can stop it.

An account has one at a time. It counts in one grant epoch, and only while nothing of the account ended registrations.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from smartident.crypto.item_mac import grant_mac, is_genuine, report_forged
from smartident.storage.enrolment_keys import delayed_registration as key_of
from smartident.storage.operations import Put, Update
from smartident.storage.table import DAY, Row

if TYPE_CHECKING:
    from smartident.accounts.account import Account

WAITING, STOPPED, USED = "waiting", "stopped", "used"
# So long the person may take to finish once the wait is over.
FINISH_SECONDS = 7 * DAY


class DelayedRow(Row, discriminator="delayed_registration"):
    """`<account_id>` | `DELAYED_REGISTRATION`: the latest registration of the account that waits, or waited."""

    registration_id = UnicodeAttribute()
    state = UnicodeAttribute()
    statement = UnicodeAttribute()
    client_address = UnicodeAttribute()
    began_at = NumberAttribute()
    admits_at = NumberAttribute()
    # The account's grant epoch when the wait began, under a name that this function's role may set.
    account_epoch = NumberAttribute(default=0)
    credential_version = NumberAttribute(default=0)
    mac = UnicodeAttribute(null=True)


@dataclass(frozen=True)
class Delayed:
    """One delayed registration as it stood when it was read."""

    account_id: str
    registration_id: str
    state: str
    statement: str
    client_address: str
    began_at: int
    admits_at: int
    grant_epoch: int
    credential_version: int
    mac: str | None = field(default=None, compare=False, repr=False)

    @property
    def expires_at(self) -> int:
        """Until when the phone may finish."""
        return self.admits_at + FINISH_SECONDS

    def is_current(self, account: Account) -> bool:
        """Whether the account is as it was when the wait began."""
        began_in = (self.grant_epoch, self.credential_version)
        return began_in == (account.grant_epoch, account.credential_version)

    def waits(self, account: Account, *, now: int) -> bool:
        """Whether it may still become a device."""
        return self.is_listed(now=now) and self.is_current(account)

    def is_listed(self, *, now: int) -> bool:
        """Whether a device may still stop it, as far as the time says."""
        return self.state == WAITING and self.expires_at > now


def delayed_of(row: DelayedRow) -> Delayed:
    """The delayed registration that a row holds."""
    return Delayed(
        account_id=row.pk,
        registration_id=row.registration_id,
        state=row.state,
        statement=row.statement,
        client_address=row.client_address,
        began_at=int(row.began_at),
        admits_at=int(row.admits_at),
        grant_epoch=int(row.account_epoch),
        credential_version=int(row.credential_version),
        mac=row.mac,
    )


def delayed_mac(delayed: Delayed) -> str:
    """The MAC over all that its state lets in, in its epoch of the account."""
    epochs, times = (delayed.grant_epoch, delayed.credential_version), (delayed.began_at, delayed.admits_at)
    asked = (delayed.registration_id, delayed.state, delayed.statement, delayed.client_address)
    return grant_mac("delayed-registration", delayed.account_id, *epochs, *asked, *times)


def is_granted_delayed(delayed: Delayed) -> bool:
    """Whether our own code has written it."""
    return is_genuine(delayed.mac, delayed_mac(delayed))


def read_delayed(account_id: str) -> Delayed | None:
    """The account's delayed registration, whatever its state; None for none, or for one that is a forgery."""
    try:
        found = delayed_of(DelayedRow.get(*key_of(account_id), consistent_read=True))
    except DelayedRow.DoesNotExist:
        return None
    if not is_granted_delayed(found):
        report_forged("delayed_registration")
        return None
    return found


def put_delayed(delayed: Delayed, *, replaces: Delayed | None) -> Put:
    """Let a registration wait, in place of exactly the one that was read."""
    row = DelayedRow(
        *key_of(delayed.account_id),
        registration_id=delayed.registration_id,
        state=delayed.state,
        statement=delayed.statement,
        client_address=delayed.client_address,
        began_at=delayed.began_at,
        admits_at=delayed.admits_at,
        account_epoch=delayed.grant_epoch,
        credential_version=delayed.credential_version,
        mac=delayed_mac(delayed),
        ttl=delayed.expires_at + DAY,
    )
    return Put(row, replaces_if=None if replaces is None else DelayedRow.mac == replaces.mac)


def move_delayed(delayed: Delayed, state: str) -> Update:
    """Stop it or use it up, from exactly how it was read."""
    moved = replace(delayed, state=state)
    actions: list[Any] = [DelayedRow.state.set(state), DelayedRow.mac.set(delayed_mac(moved))]
    return Update(DelayedRow(*key_of(delayed.account_id)), actions, DelayedRow.mac == delayed.mac)
