"""What an operator replaces about an account, each on record. What was begun before ends with it, by its state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.accounts.account import Account, AccountNotFound
from smartident.accounts.account_change import AccountChange, change_of
from smartident.accounts.external_ids import (
    MAX_CLIENTS,
    delete_external_id,
    external_ids_of,
    find_external_id,
    names_of_client,
)
from smartident.devices.grant_epoch import begin_next_epoch
from smartident.devices.snapshot import read_snapshot
from smartident.freeze.ending import change_account
from smartident.notices.outbox import OPERATOR, notice
from smartident.passwords.hashing import hash_password

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartident.logins.login import Login


def change_password(account_id: str, password: str, *, now: int) -> None:
    """A new password, on record: logins and registrations begun with the old one end; attempts and lockouts stay.

    Raises AccountNotFound.
    """
    password_hash = hash_password(password)

    def compose(account: Account) -> tuple[AccountChange, Sequence[Login]]:
        change = change_of(account)
        change.set_password_hash(password_hash)
        change.record("password_changed", now=now)
        change.also([notice(account_id, "password_changed", now=now, by=OPERATOR)])
        snapshot = read_snapshot(account_id, now=now)
        ended = snapshot.open_logins()
        begin_next_epoch(change, snapshot, ended={login.id for login in ended})
        return change, ended

    change_account(account_id, compose)


def change_phone(account_id: str, phone: str | None, *, now: int) -> None:
    """Where SMS go from now on (E.164), or None, on record: registrations whose code went elsewhere end.

    The same number again changes nothing. Raises AccountNotFound.
    """

    def compose(account: Account) -> tuple[AccountChange, Sequence[Login]] | None:
        if account.phone == phone:
            return None
        change = change_of(account)
        change.set_phone(phone)
        change.record("phone_changed", now=now)
        change.also([notice(account_id, "phone_changed", now=now, by=OPERATOR, former_phone=account.phone)])
        return change, ()

    change_account(account_id, compose)


def change_email(account_id: str, email: str | None, *, now: int) -> None:
    """The e-mail (normalised) that the account is found by, or None, on record, with its lookup.

    The same e-mail again changes nothing. Raises AccountNotFound.
    """

    def compose(account: Account) -> tuple[AccountChange, Sequence[Login]] | None:
        if account.email == email:
            return None
        change = change_of(account)
        change.set_email(email)
        change.record("email_changed", now=now)
        change.also([notice(account_id, "email_changed", now=now, by=OPERATOR, former_email=account.email)])
        return change, ()

    change_account(account_id, compose)


class ExternalIdTaken(Exception):  # noqa: N818  what is the matter is named
    """The client calls another account so, or the account has as many such names as it may have."""


def change_external_id(account_id: str, client_id: str, external_id: str | None, *, now: int) -> None:
    """The name by which a client knows the account, or None, on record; it stands in that client's tokens only.

    The same name again changes nothing. Raises AccountNotFound or ExternalIdTaken.
    """

    def compose(account: Account) -> tuple[AccountChange, Sequence[Login]] | None:
        names = external_ids_of(account)
        if names.get(client_id) == external_id:
            return None
        if external_id is not None and (
            len({*names, client_id}) > MAX_CLIENTS or find_external_id(client_id, external_id) is not None
        ):
            raise ExternalIdTaken
        change = change_of(account)
        change.set_external_id(client_id, external_id)
        change.record("external_id_changed", now=now, detail=client_id)
        change.also([notice(account_id, "external_id_changed", now=now, by=OPERATOR, client_id=client_id)])
        return change, ()

    change_account(account_id, compose)


def forget_names_of_client(client_id: str, *, now: int) -> int:
    """Let a client know no account by any name, so that a later client of the same id begins without; how many."""
    names = list(names_of_client(client_id))
    for external_id, account_id in names:
        try:
            change_external_id(account_id, client_id, None, now=now)
        except AccountNotFound:
            delete_external_id(client_id, external_id)
    return len(names)


def change_language(account_id: str, language: str) -> None:
    """What the person is told in from now on. The same again changes nothing. Raises AccountNotFound."""

    def compose(account: Account) -> tuple[AccountChange, Sequence[Login]] | None:
        if account.language == language:
            return None
        change = change_of(account)
        change.set_language(language)
        return change, ()

    change_account(account_id, compose)
