"""External ids: the name by which a client knows an account. A client gives one name to one account.

A lookup grants nothing: the account that it leads to says itself by which name which client knows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pynamodb.attributes import UnicodeAttribute

from smartident.accounts.account import Account, read_account
from smartident.storage import client_keys
from smartident.storage.operations import Delete, Put
from smartident.storage.table import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smartident.accounts.item.row import AccountRow
    from smartident.storage.operations import FailedConditions, Operation

MAX_EXTERNAL_ID_LENGTH = 128
# The account's item is read at each login.
MAX_CLIENTS = 20
# No client's id contains it.
_BETWEEN = "="


class ExternalIdRow(Row, discriminator="external_id"):
    """`EXTERNAL#<client_id>` | `<external id>`: which account the client calls so."""

    account_id = UnicodeAttribute()


def is_external_id(text: str) -> bool:
    """Whether a client may call an account so."""
    return 0 < len(text) <= MAX_EXTERNAL_ID_LENGTH and text.isprintable() and text == text.strip()


def external_ids_in(item: AccountRow) -> dict[str, str]:
    """By which name each client knows the account, as its item says."""
    parts = (one.partition(_BETWEEN) for one in item.external_ids or ())
    return {client_id: external_id for client_id, _, external_id in parts}


def external_ids_of(account: Account) -> dict[str, str]:
    """By which name each client knows the account."""
    return external_ids_in(account.item)


def written_external_ids(names: dict[str, str]) -> set[str] | None:
    """These names as an account's item holds them."""
    return {f"{client_id}{_BETWEEN}{external_id}" for client_id, external_id in names.items()} or None


def lookup_of(client_id: str, external_id: str, account_id: str) -> Put:
    """The lookup of a name that nobody has yet."""
    return Put(ExternalIdRow(*client_keys.external_id(client_id, external_id), account_id=account_id))


def renamed(item: AccountRow, client_id: str, external_id: str | None) -> tuple[set[str] | None, list[Operation]]:
    """What the item holds once the client knows the account by another name or by none, and its lookups' writes."""
    lookups: list[Operation] = []
    names = external_ids_in(item)
    before = names.pop(client_id, None)
    if before is not None:
        lookups.append(Delete(ExternalIdRow(*client_keys.external_id(client_id, before))))
    if external_id is not None:
        names[client_id] = external_id
        lookups.append(lookup_of(client_id, external_id, item.pk))
    return written_external_ids(names), lookups


def is_taken(conflict: FailedConditions) -> bool:
    """Whether a name stood in the way."""
    return conflict.failed_on(ExternalIdRow)


def find_external_id(client_id: str, external_id: str) -> str | None:
    """The id of the account that the client calls so, or None; the account itself has to say so too."""
    try:
        return ExternalIdRow.get(*client_keys.external_id(client_id, external_id), consistent_read=True).account_id
    except ExternalIdRow.DoesNotExist:
        return None


def account_called(client_id: str, external_id: str) -> Account | None:
    """The account that the client calls so and that says so itself, or None."""
    found = find_external_id(client_id, external_id)
    account = read_account(found) if found is not None else None
    return account if account is not None and external_ids_of(account).get(client_id) == external_id else None


def names_of_client(client_id: str) -> Iterator[tuple[str, str]]:
    """Every name that the client gave, with the id of its account."""
    for row in ExternalIdRow.query(client_keys.external_id(client_id, "").pk, consistent_read=True):
        yield row.sk, row.account_id


def delete_external_id(client_id: str, external_id: str) -> None:
    """Free the name."""
    ExternalIdRow(*client_keys.external_id(client_id, external_id)).delete()
