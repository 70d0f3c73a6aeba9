"""The recovery codes of an account: a set of ten. The account's own item names the MAC of the set that counts.

So a set that was replaced, or one with a code that is used up, grants nothing when somebody puts it back.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from smartident.accounts.account import read_account
from smartident.crypto.item_mac import grant_mac, is_genuine, report_forged
from smartident.crypto.pepper import constant_time_equals
from smartident.storage import keys
from smartident.storage.table import Row

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.storage.keys import Key

# A set waits until a code of it is typed back, and is then valid.
WAITING, CONFIRMED, VALID = "waiting", "confirmed", "valid"


class RecoveryCodesRow(Row, discriminator="recovery_codes"):
    """`<account_id>` | `RECOVERY#<which>`: the set that counts (`VALID`), and the one that was made last (`MADE`)."""

    set_id = UnicodeAttribute()
    state = UnicodeAttribute()
    # The MACs of the codes that are left, in one text.
    code_macs = UnicodeAttribute()
    made_at = NumberAttribute()
    made_by = UnicodeAttribute()
    grant_epoch = NumberAttribute()
    # Until then a code has to be typed back; 0 for the valid set.
    expires_at = NumberAttribute(default=0)
    # What the approval key signed to have them made.
    statement = UnicodeAttribute(null=True)
    receipt = UnicodeAttribute(null=True)
    mac = UnicodeAttribute()


@dataclass(frozen=True)
class RecoveryCodes:
    """One set as it stood when it was read."""

    account_id: str
    id: str
    state: str
    code_macs: tuple[str, ...] = field(repr=False)
    made_at: int
    made_by: str
    # The epoch of the account in which it was made: what ends that epoch ends a set that nobody has confirmed.
    grant_epoch: int
    expires_at: int = 0
    statement: str | None = field(default=None, compare=False, repr=False)
    receipt: str | None = field(default=None, compare=False, repr=False)
    mac: str = field(default="", compare=False, repr=False)

    def has(self, mac: str) -> bool:
        """Whether this is the MAC of a code that is left; each is compared, so the time tells none apart."""
        return True in [constant_time_equals(mac, one) for one in self.code_macs]

    def without(self, mac: str) -> RecoveryCodes:
        """The set once this code is used up."""
        return replace(self, code_macs=tuple(one for one in self.code_macs if one != mac))


def set_mac(codes: RecoveryCodes) -> str:
    """The MAC of a set over all that it grants in its state."""
    made = (codes.made_at, codes.made_by, codes.grant_epoch, codes.expires_at, codes.statement, codes.receipt)
    return grant_mac("recovery-codes", codes.account_id, codes.id, codes.state, codes.code_macs, *made)


def codes_of(row: RecoveryCodesRow) -> RecoveryCodes:
    """The set that a row holds."""
    return RecoveryCodes(
        account_id=row.pk,
        id=row.set_id,
        state=row.state,
        code_macs=tuple(row.code_macs.split()),
        made_at=int(row.made_at),
        made_by=row.made_by,
        grant_epoch=int(row.grant_epoch),
        expires_at=int(row.expires_at),
        statement=row.statement,
        receipt=row.receipt,
        mac=row.mac,
    )


def row_of(codes: RecoveryCodes) -> RecoveryCodesRow:
    """The row that keeps a set."""
    key = keys.valid_recovery_codes if codes.state == VALID else keys.made_recovery_codes
    return RecoveryCodesRow(
        *key(codes.account_id),
        set_id=codes.id,
        state=codes.state,
        code_macs=" ".join(codes.code_macs),
        made_at=codes.made_at,
        made_by=codes.made_by,
        grant_epoch=codes.grant_epoch,
        expires_at=codes.expires_at,
        statement=codes.statement,
        receipt=codes.receipt,
        mac=set_mac(codes),
    )


def read_made_codes(account: Account) -> RecoveryCodes | None:
    """The set that was made last, whatever became of it; None if our own code has made none."""
    found = _read(keys.made_recovery_codes(account.id))
    return found if found is None or _is_genuine(found) else None


def read_valid_codes(account: Account) -> RecoveryCodes | None:
    """The set that lets the owner in, or None; one that the account does not name rings the alarm."""
    found = read_codes(account.id)
    if found is None or account.recovery_codes_mac is None:
        return None
    if found.mac != account.recovery_codes_mac:
        # A new set writes the account and the set at once, and they are read one after the other.
        current, found = read_account(account.id), read_codes(account.id) or found
        if current is None or found.mac != current.recovery_codes_mac:
            report_forged("recovery_codes")
            return None
    return found


def read_valid_codes_of(account_id: str) -> RecoveryCodes | None:
    """The set that lets the owner of this account in, or None."""
    account = read_account(account_id)
    return None if account is None else read_valid_codes(account)


def read_codes(account_id: str) -> RecoveryCodes | None:
    """The set that lay last where the valid one lies; the account decides whether it counts."""
    found = _read(keys.valid_recovery_codes(account_id))
    return found if found is None or _is_genuine(found) else None


def _read(key: Key) -> RecoveryCodes | None:
    try:
        return codes_of(RecoveryCodesRow.get(*key, consistent_read=True))
    except RecoveryCodesRow.DoesNotExist:
        return None


def _is_genuine(codes: RecoveryCodes) -> bool:
    if is_genuine(codes.mac, set_mac(codes)):
        return True
    report_forged("recovery_codes")
    return False
