"""Pairings: a new phone that waits until a device of the account lets it in. An account has one at a time."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from smartident.crypto.item_mac import grant_mac, is_genuine, report_forged
from smartident.storage import keys
from smartident.storage.operations import Put
from smartident.storage.table import DAY, Row

if TYPE_CHECKING:
    from smartident.storage.operations import FailedConditions

WAITING, APPROVED, DECLINED, USED = "waiting", "approved", "declined", "used"


class PairingRow(Row, discriminator="pairing"):
    """`<account_id>` | `DEVICE_PAIRING`: the latest pairing of the account."""

    registration_id = UnicodeAttribute()
    state = UnicodeAttribute()
    statement = UnicodeAttribute()
    client_address = UnicodeAttribute()
    country = UnicodeAttribute(null=True)
    asn = NumberAttribute(null=True)
    created_at = NumberAttribute()
    expires_at = NumberAttribute()
    decided_at = NumberAttribute(null=True)
    decided_by = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    # Whether the device that let it in was in another country or network.
    cools_off = BooleanAttribute(default=False)
    # Whether the device that let it in signed its own retirement with that.
    retires = BooleanAttribute(null=True)
    # The account's epoch that it counts in: a revocation, a new password or a freeze ends it.
    grant_epoch = NumberAttribute(default=0)
    # What counts of those before it: they grant nothing.
    earlier = UnicodeAttribute(null=True)
    mac = UnicodeAttribute(null=True)


@dataclass(frozen=True)
class Pairing:
    """One pairing as it stood when it was read."""

    account_id: str
    registration_id: str
    client_address: str
    created_at: int
    expires_at: int
    grant_epoch: int
    statement: str
    country: str | None = None
    asn: int | None = None
    state: str = WAITING
    decided_at: int | None = None
    decided_by: str | None = None
    reason: str | None = None
    cools_off: bool = False
    retires: bool = False
    earlier: str | None = field(default=None, compare=False)
    mac: str | None = field(default=None, compare=False, repr=False)

    @property
    def part(self) -> str:
        """What its registration's id adds to the account's: the name of its slot."""
        return self.registration_id.partition(".")[2]

    @property
    def device_id(self) -> str:
        """The thumbprint of the new phone's device key."""
        return str(json.loads(self.statement)["device_id"])

    @property
    def is_open(self) -> bool:
        """Whether its state may still let a phone in, whatever its time says."""
        return self.state in {WAITING, APPROVED}

    def waits(self, now: int) -> bool:
        """Whether a device may still decide it."""
        return self.state == WAITING and self.expires_at > now


def pairing_of(row: PairingRow) -> Pairing:
    """The pairing that a row holds."""
    return Pairing(
        account_id=row.pk,
        registration_id=row.registration_id,
        client_address=row.client_address,
        created_at=int(row.created_at),
        expires_at=int(row.expires_at),
        grant_epoch=int(row.grant_epoch),
        statement=row.statement,
        country=row.country,
        asn=_whole(row.asn),
        state=row.state,
        decided_at=_whole(row.decided_at),
        decided_by=row.decided_by,
        reason=row.reason,
        cools_off=bool(row.cools_off),
        retires=bool(row.retires),
        earlier=row.earlier,
        mac=row.mac,
    )


def pairing_mac(pairing: Pairing) -> str:
    """The MAC of a pairing over all that its state lets in, in its epoch of the account."""
    asked = (pairing.registration_id, pairing.statement, pairing.client_address, pairing.country, pairing.asn)
    times = (pairing.created_at, pairing.expires_at, pairing.decided_at)
    decided = (pairing.state, pairing.decided_by, pairing.reason, pairing.cools_off, pairing.retires)
    return grant_mac("pairing", pairing.account_id, pairing.grant_epoch, *asked, *times, *decided)


def is_granted_pairing(pairing: Pairing) -> bool:
    """Whether our own code has written it, in whatever epoch."""
    return is_genuine(pairing.mac, pairing_mac(pairing))


def read_pairing(account_id: str) -> Pairing | None:
    """The pairing of the account as it stands, or None if our own code wrote none."""
    try:
        row = PairingRow.get(*keys.pairing(account_id), consistent_read=True)
    except PairingRow.DoesNotExist:
        return None
    found = pairing_of(row)
    if is_granted_pairing(found):
        return found
    report_forged("pairing")
    return None


def read_pairing_of(registration_id: str, *, account_id: str, grant_epoch: int) -> Pairing | None:
    """The pairing of this registration in the account's epoch of now: what ends an epoch ends the pairing."""
    pairing = read_pairing(account_id)
    if pairing is None or (pairing.registration_id, pairing.grant_epoch) != (registration_id, grant_epoch):
        return None
    return pairing


def pairing_in_the_way(conflict: FailedConditions) -> Pairing | None:
    """The pairing as a failed condition found it, or None if it is gone."""
    row = conflict.found(PairingRow)
    return None if row is None else pairing_of(row)


def put_pairing(pairing: Pairing, *, now: int) -> Put:
    """Let a pairing wait, in place of one that waits no more: an account has one at a time."""
    row = PairingRow(
        *keys.pairing(pairing.account_id),
        registration_id=pairing.registration_id,
        state=pairing.state,
        statement=pairing.statement,
        client_address=pairing.client_address,
        country=pairing.country,
        asn=pairing.asn,
        created_at=pairing.created_at,
        expires_at=pairing.expires_at,
        grant_epoch=pairing.grant_epoch,
        earlier=pairing.earlier,
        mac=pairing_mac(pairing),
        ttl=pairing.expires_at + DAY,
    )
    over = (PairingRow.expires_at <= now) | PairingRow.state.is_in(DECLINED, USED)
    # One of an epoch before is dead, whatever its time says.
    return Put(row, replaces_if=over | (PairingRow.grant_epoch < pairing.grant_epoch))


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)
