"""Passkeys: credentials of a browser or its phone that log in on the login page, each bound to that page's domain.

What a passkey grants has a MAC in the account's passkey epoch, which rises with each removal.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from smartident.accounts.account import read_account
from smartident.crypto.base64url import encode
from smartident.crypto.item_mac import grant_mac, is_genuine, report_forged
from smartident.crypto.pepper import mac_bytes
from smartident.crypto.random import digest
from smartident.settings import settings
from smartident.storage import passkey_keys
from smartident.storage.table import Row

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident.accounts.account import Account

ACTIVE, REMOVED = "active", "removed"
MAX_PASSKEYS = 10
HOUR = 3600


class PasskeyRow(Row, discriminator="passkey"):
    """`<account_id>` | `PASSKEY#<passkey_id>`: the id is the hash of the credential's id."""

    state = UnicodeAttribute()
    name = UnicodeAttribute()
    credential_id = UnicodeAttribute()
    public_key = UnicodeAttribute()
    rp_id = UnicodeAttribute()
    aaguid = UnicodeAttribute()
    transports = UnicodeAttribute()
    backup_eligible = BooleanAttribute()
    made_at = NumberAttribute()
    # The phone that approved the login in which it was made.
    made_by = UnicodeAttribute()
    # What the authenticator said last: signals for people, which grant nothing.
    backed_up = BooleanAttribute()
    sign_count = NumberAttribute()
    last_used_at = NumberAttribute(null=True)
    removed_at = NumberAttribute(null=True)
    mac = UnicodeAttribute()


class CredentialRow(Row, discriminator="credential"):
    """`CREDENTIAL#<passkey_id>` | `LOOKUP`: whose it is. It grants nothing: the passkey's MAC names the account."""

    account_id = UnicodeAttribute()


@dataclass(frozen=True)
class Passkey:
    """One passkey of one account as it stood when it was read."""

    account_id: str
    id: str
    name: str
    credential_id: str
    public_key: str = field(repr=False)
    rp_id: str
    aaguid: str
    transports: tuple[str, ...]
    backup_eligible: bool
    made_at: int
    made_by: str
    backed_up: bool = False
    sign_count: int = 0
    last_used_at: int | None = None
    mac: str = field(default="", compare=False, repr=False)


def passkey_id_of(credential_id: str) -> str:
    """What a passkey goes by: credential ids are too long for keys."""
    return digest(credential_id)


def demanded_from(passkey: Passkey) -> int:
    """From when a client takes it that demands a passkey: a phone's approval is enough to make one elsewhere."""
    return passkey.made_at + settings().cool_off_hours * HOUR


def user_handle(account_id: str) -> str:
    """The account's user handle (WebAuthn level 3, 14.6.1): 32 bytes that tell nothing and stay the same."""
    return encode(mac_bytes("user-handle", account_id))


def passkey_of(row: PasskeyRow) -> Passkey:
    """The passkey that a row holds."""
    return Passkey(
        account_id=row.pk,
        id=passkey_keys.passkey_id(row.sk),
        name=row.name,
        credential_id=row.credential_id,
        public_key=row.public_key,
        rp_id=row.rp_id,
        aaguid=row.aaguid,
        transports=tuple(row.transports.split()),
        backup_eligible=bool(row.backup_eligible),
        made_at=int(row.made_at),
        made_by=row.made_by,
        backed_up=bool(row.backed_up),
        sign_count=int(row.sign_count),
        last_used_at=None if row.last_used_at is None else int(row.last_used_at),
        mac=row.mac,
    )


def row_of(passkey: Passkey, *, epoch: int) -> PasskeyRow:
    """The row that keeps a passkey, granted in this passkey epoch of its account."""
    return PasskeyRow(
        *passkey_keys.passkey(passkey.account_id, passkey.id),
        state=ACTIVE,
        name=passkey.name,
        credential_id=passkey.credential_id,
        public_key=passkey.public_key,
        rp_id=passkey.rp_id,
        aaguid=passkey.aaguid,
        transports=" ".join(passkey.transports),
        backup_eligible=passkey.backup_eligible,
        made_at=passkey.made_at,
        made_by=passkey.made_by,
        backed_up=passkey.backed_up,
        sign_count=passkey.sign_count,
        last_used_at=passkey.last_used_at,
        mac=passkey_mac(passkey, epoch=epoch),
    )


def passkey_mac(passkey: Passkey, *, epoch: int) -> str:
    """The MAC of an active passkey over all that it grants. Its name and what it said last grant nothing."""
    key = (passkey.credential_id, passkey.public_key, passkey.rp_id, passkey.aaguid, passkey.backup_eligible)
    return grant_mac("passkey", passkey.account_id, passkey.id, *key, passkey.made_at, passkey.made_by, epoch)


def read_passkey(account: Account, passkey_id: str) -> Passkey | None:
    """The passkey, or None for one that is not there, that is removed, or that our own code has not granted."""

    def read() -> list[PasskeyRow]:
        try:
            return [PasskeyRow.get(*passkey_keys.passkey(account.id, passkey_id), consistent_read=True)]
        except PasskeyRow.DoesNotExist:
            return []

    return next(iter(_granted(account, read)), None)


def read_passkeys(account: Account) -> list[Passkey]:
    """All passkeys that the account has, the oldest first."""

    def read() -> list[PasskeyRow]:
        return list(PasskeyRow.query(account.id, PasskeyRow.sk.between(*passkey_keys.passkeys()), consistent_read=True))

    return sorted(_granted(account, read), key=lambda passkey: (passkey.made_at, passkey.id))


def account_of_credential(passkey_id: str) -> str | None:
    """The account whose passkey this is, or None."""
    try:
        return CredentialRow.get(*passkey_keys.credential(passkey_id), consistent_read=True).account_id
    except CredentialRow.DoesNotExist:
        return None


def _granted(account: Account, read: Callable[[], list[PasskeyRow]]) -> list[Passkey]:
    """The active passkeys that our own code has granted; any other rings the alarm."""
    found, epoch = _active(read()), account.passkey_epoch
    if not all(_is_genuine(one, epoch) for one in found):
        # A removal writes the account and its passkeys at once, and they are read one after the other.
        current = read_account(account.id)
        found, epoch = _active(read()), epoch if current is None else current.passkey_epoch
    for one in found:
        if not _is_genuine(one, epoch):
            report_forged("passkey")
    return [one for one in found if _is_genuine(one, epoch)]


def _active(rows: list[PasskeyRow]) -> list[Passkey]:
    return [passkey_of(row) for row in rows if row.state == ACTIVE]


def _is_genuine(passkey: Passkey, epoch: int) -> bool:
    return is_genuine(passkey.mac, passkey_mac(passkey, epoch=epoch))
