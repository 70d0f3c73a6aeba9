"""Accounts: who may log in, found by access number or e-mail, each the aggregate of its devices and logins."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pynamodb.attributes import BooleanAttribute, MapAttribute, NumberAttribute, UnicodeAttribute

from smartident.crypto.hash_chain import Position, read_position, root
from smartident.crypto.random import random_id
from smartident.errors import InvalidRequest
from smartident.passwords.hashing import hash_password
from smartident.storage.table import Conflict, Row, transact

if TYPE_CHECKING:
    from pynamodb.transactions import TransactWrite

LOOKUP = "LOOKUP"
ACCOUNT = "ACCOUNT"
# An e-mail shared by more accounts than this is somebody's mistake; the access number is asked for in any case.
MAX_SHARED_EMAIL = 5
# Nobody is called longer than this; NFKC can make eighteen letters of one, and DynamoDB takes no key above 2048 bytes.
MAX_NAME_LENGTH = 254


class NumberRow(Row, discriminator="number"):
    """`NUMBER#<access number>` | `LOOKUP`: which account a number stands for."""

    account_id = UnicodeAttribute()


class EmailRow(Row, discriminator="email"):
    """`EMAIL#<normalised e-mail>` | `<account_id>`: one item per account, so several mean ambiguous."""


class AccountRow(Row, discriminator="account"):
    """`<account_id>` | `ACCOUNT`: the profile, and what password_attempts.py counts."""

    access_number = UnicodeAttribute(null=True)
    email = UnicodeAttribute(null=True)
    display_name = UnicodeAttribute(null=True)
    phone = UnicodeAttribute(null=True)
    two_factor = BooleanAttribute(null=True)
    password_hash = UnicodeAttribute(null=True)
    created_at = NumberAttribute()
    tries: Any = MapAttribute(default=dict)
    held: Any = MapAttribute(default=dict)
    holds: Any = MapAttribute(default=dict)
    known: Any = MapAttribute(default=dict)
    pending: Any = MapAttribute(default=dict)
    devices = NumberAttribute(default=0)
    credential_version = NumberAttribute(default=0)
    wrong_sms_codes = NumberAttribute(default=0)
    wrong_sms_codes_day = NumberAttribute(default=0)
    pool = NumberAttribute(default=0)
    pool_since = NumberAttribute(default=0)
    log = UnicodeAttribute(null=True)


@dataclass(frozen=True)
class Account:
    """One account as the steps see it, with how many active devices it has; what is secret stays out of its repr."""

    id: str
    number: str = field(repr=False)
    display_name: str = field(repr=False)
    email: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    two_factor: bool
    devices: int
    credential_version: int = field(compare=False)
    wrong_sms_codes: int = field(compare=False)
    wrong_sms_codes_day: int = field(compare=False)
    log: Position = field(compare=False, repr=False)


def normalised_email(email: str) -> str:
    """One spelling per mailbox as people understand it: NFKC, folded, without blanks around it."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def normalised_number(number: str) -> str:
    """The access number without the blanks that people group it with."""
    return "".join(unicodedata.normalize("NFKC", number).split())


def normalised(identifier: str) -> str:
    """The identifier as it is looked up; an e-mail has an @, an access number has none."""
    return normalised_email(identifier) if "@" in identifier else normalised_number(identifier)


def find_accounts(identifier: str) -> list[str]:
    """The ids of the accounts that the identifier stands for: none, one, or several for a shared e-mail."""
    name = normalised(identifier)
    if len(name) > MAX_NAME_LENGTH:
        return []
    if "@" in name:
        found = EmailRow.query(f"EMAIL#{name}", consistent_read=True, limit=MAX_SHARED_EMAIL)
        return [row.sk for row in found]
    try:
        return [NumberRow.get(f"NUMBER#{name}", LOOKUP, consistent_read=True).account_id]
    except NumberRow.DoesNotExist:
        return []


def read_row(account_id: str) -> AccountRow | None:
    """The row of an account, or none."""
    try:
        return AccountRow.get(account_id, ACCOUNT, consistent_read=True)
    except AccountRow.DoesNotExist:
        return None


def read_profile(account_id: str) -> AccountRow | None:
    """The row of an account without its password hash, which only the check of a password reads."""
    wanted = [name for name in AccountRow.get_attributes() if name != "password_hash"]
    try:
        return AccountRow.get(account_id, ACCOUNT, consistent_read=True, attributes_to_get=wanted)
    except AccountRow.DoesNotExist:
        return None


def account_of(row: AccountRow) -> Account:
    """The account that a row holds."""
    return Account(
        id=row.pk,
        number=row.access_number,
        display_name=row.display_name,
        email=row.email,
        phone=row.phone,
        two_factor=bool(row.two_factor),
        devices=int(row.devices),
        credential_version=int(row.credential_version),
        wrong_sms_codes=int(row.wrong_sms_codes),
        wrong_sms_codes_day=int(row.wrong_sms_codes_day),
        log=log_of(row),
    )


def log_of(row: AccountRow) -> Position:
    """Where the log of the row's account stands."""
    return read_position(row.log) if row.log else root(row.pk)


def stands_at(log: Position) -> Any:
    """The condition that the account is there, and that nothing was entered into its log since."""
    return AccountRow.log == str(log) if log.number else AccountRow.log.does_not_exist() & AccountRow.pk.exists()


def read_account(account_id: str) -> Account | None:
    """The account as it stands now, or none."""
    row = read_profile(account_id)
    return None if row is None else account_of(row)


def create_account(
    number: str, password: str, *, display_name: str, email: str | None, phone: str | None, two_factor: bool, now: int
) -> Account:
    """A new account; raises InvalidRequest if its number is taken. `phone` is E.164."""
    row = AccountRow(
        random_id(),
        ACCOUNT,
        access_number=normalised_number(number),
        email=normalised_email(email) if email else None,
        display_name=display_name,
        phone=phone,
        two_factor=two_factor,
        password_hash=hash_password(password),
        created_at=now,
    )

    def compose(transaction: TransactWrite) -> None:
        number_row = NumberRow(f"NUMBER#{row.access_number}", LOOKUP, account_id=row.pk)
        transaction.save(number_row, condition=Row.pk.does_not_exist())
        transaction.save(row, condition=Row.pk.does_not_exist())
        if row.email:
            transaction.save(EmailRow(f"EMAIL#{row.email}", row.pk))

    try:
        transact(compose)
    except Conflict:
        raise InvalidRequest(field="access_number") from None
    return account_of(row)
