"""How an account comes into the table and leaves it again: its item and the lookups that it is found by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from smartident.accounts.account import Account, account_of
from smartident.accounts.external_ids import (
    ExternalIdRow,
    delete_external_id,
    external_ids_of,
    is_taken,
    lookup_of,
    written_external_ids,
)
from smartident.accounts.item.mac import account_mac, granted_of, password_mac
from smartident.accounts.item.row import AccountRow, account_key
from smartident.accounts.names import MAX_SHARED_EMAIL, AccessNumberRow, EmailRow, find_accounts, may_share
from smartident.storage import client_keys, keys
from smartident.storage.operations import Put
from smartident.storage.table import Row
from smartident.storage.writes import write

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from smartident.storage.operations import FailedConditions

# Secrets that the person gains nothing by, and a thief of the export might.
WITHHELD = {"password_hash", "wrong_sms_codes", "account_mac", "password_mac", "mac"}


@dataclass(frozen=True)
class NewAccount:
    """A new account, all of it checked and normalised; `password_hash` is as the table keeps it, `phone` is E.164."""

    number: str = field(repr=False)
    display_name: str = field(repr=False)
    email: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    two_factor: bool
    password_hash: str = field(repr=False)
    language: str | None = None
    # By which name each client knows it.
    external_ids: Mapping[str, str] = field(default_factory=dict, repr=False)

    def item(self, account_id: str, *, now: int) -> AccountRow:
        """The item that the account is kept in."""
        item = AccountRow(
            *keys.account(account_id),
            access_number=self.number,
            email=self.email,
            display_name=self.display_name,
            phone=self.phone,
            language=self.language,
            external_ids=written_external_ids(dict(self.external_ids)),
            two_factor=self.two_factor,
            password_hash=self.password_hash,
            password_mac=password_mac(account_id, self.password_hash),
            created_at=now,
        )
        item.account_mac = account_mac(account_id, granted_of(item))
        return item


class NameTaken(Exception):  # noqa: N818  what is the matter is named
    """The number, or with `is_external` a client's name for the account, is another account's."""

    def __init__(self, *, is_external: bool) -> None:
        super().__init__()
        self.is_external = is_external


def create(new: NewAccount, account_id: str, *, now: int) -> Account:
    """The account with its lookups; raises NameTaken."""
    item = new.item(account_id, now=now)
    operations = [Put(AccessNumberRow(*keys.access_number(new.number), account_id=account_id)), Put(item)]
    operations += [lookup_of(client_id, name, account_id) for client_id, name in new.external_ids.items()]
    if new.email and may_share(new.email):
        operations.append(Put(EmailRow(*keys.email(new.email, account_id)), replaces=True))

    def on_conflict(conflict: FailedConditions) -> None:
        raise NameTaken(is_external=is_taken(conflict) and not conflict.failed_on(AccessNumberRow))

    write(*operations, on_conflict=on_conflict)
    return account_of(item)


def put_items(new: Mapping[str, NewAccount], *, now: int) -> None:
    """Write the items of accounts that nobody finds yet, by their ids."""
    with Row.batch_write() as batch:
        for account_id, one in new.items():
            batch.save(one.item(account_id, now=now))


def share_emails(emails: Sequence[tuple[str, str]]) -> set[str]:
    """Let accounts be found by their e-mails: pairs of account id and normalised e-mail.

    The ids of those that go by their number only: an e-mail of several accounts stands for none of them.
    """
    found = {email: set(find_accounts(email)) for email in {email for _, email in emails}}
    with Row.batch_write() as batch:
        for account_id, email in emails:
            if account_id in found[email] or len(found[email]) < MAX_SHARED_EMAIL:
                found[email].add(account_id)
                batch.save(EmailRow(*keys.email(email, account_id)))
    return {account_id for account_id, email in emails if found[email] != {account_id}}


def owners_of(numbers: Iterable[str]) -> dict[str, str]:
    """The account ids behind those of the numbers that are taken."""
    wanted = [tuple(keys.access_number(number)) for number in set(numbers)]
    found = AccessNumberRow.batch_get(wanted, consistent_read=True)
    return {keys.number_of(keys.Key(row.pk, row.sk)): row.account_id for row in found}


def claim_numbers(claims: Sequence[tuple[str, str]]) -> bool:
    """Give each account its number, all or none: pairs of number and account id. Says whether they are given."""
    puts = [Put(AccessNumberRow(*keys.access_number(number), account_id=owner)) for number, owner in claims]
    return write(*puts, on_conflict=lambda _: True) is None


def delete_item(account_id: str) -> None:
    """Remove the account's own item: nobody logs in any more."""
    account_key(account_id).delete()


def delete_email_lookup(email: str, account_id: str) -> None:
    """Let the account be found by this e-mail no more."""
    EmailRow(*keys.email(email, account_id)).delete()


def delete_external_ids(account: Account) -> int:
    """Let no client know the account by any name; says how many names are free now."""
    names = external_ids_of(account)
    for client_id, name in names.items():
        delete_external_id(client_id, name)
    return len(names)


def delete_number_lookup(number: str) -> None:
    """Free the access number."""
    AccessNumberRow(*keys.access_number(number)).delete()


def lookups_of(account: Account) -> Iterator[Row]:
    """The items that the account is found by."""
    wanted: list[tuple[type[Row], keys.Key]] = [(AccessNumberRow, keys.access_number(account.number))]
    if account.email:
        wanted.append((EmailRow, keys.email(account.email, account.id)))
    wanted += [(ExternalIdRow, client_keys.external_id(*name)) for name in external_ids_of(account).items()]
    for kind, key in wanted:
        yield from kind.query(key.pk, kind.sk == key.sk, consistent_read=True)
