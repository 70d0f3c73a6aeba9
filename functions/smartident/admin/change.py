"""Amendments: what an operator sets anew about an account, each on its record; what was begun before ends with it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from smartident.accounts.account import Account, AccountRow, EmailRow, read_account
from smartident.accounts.audit_log import add_record
from smartident.devices.snapshot import read_snapshot
from smartident.logins.login import APPROVED, CANCELLED, PENDING, Login, LoginRow, row_key
from smartident.passwords.hashing import hash_password
from smartident.storage.table import MAX_CONFLICT_RETRIES, Conflict, transact, write_if

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pynamodb.transactions import TransactWrite

# So many logins end in the transaction itself, which holds a hundred rows; what is beyond ends just before.
MAX_TRANSACTION_ITEMS = 90


def change_password(account_id: str, password: str, *, now: int) -> None:
    """A new password, on record: logins and registrations begun with the old one end; tries and holds stay.

    Raises Conflict if the account is gone, or never at rest.
    """
    actions: list[Any] = [AccountRow.password_hash.set(hash_password(password)), AccountRow.credential_version.add(1)]

    def amend(account: Account) -> None:
        logins = read_snapshot(account_id, now=now).logins
        waiting = [login for login in logins if login.status(now) in {PENDING, APPROVED}]
        write_and_end(lambda write: add_record(write, account, "password_changed", actions=actions, now=now), waiting)

    insist(account_id, amend)


def change_phone(account_id: str, phone: str, *, now: int) -> None:
    """Where SMS go from now on (E.164), on record: registrations whose code went elsewhere end.

    As it is already, nothing changes. Raises Conflict if the account is gone, or never at rest.
    """
    actions: list[Any] = [AccountRow.phone.set(phone), AccountRow.credential_version.add(1)]

    def amend(account: Account) -> None:
        if account.phone != phone:
            write_and_end(lambda write: add_record(write, account, "phone_changed", actions=actions, now=now))

    insist(account_id, amend)


def change_email(account_id: str, email: str | None, *, now: int) -> None:
    """The e-mail that the account is found by (in its normal form) or none, on record, with its lookup.

    As it is already, nothing changes. Raises Conflict if the account is gone or its e-mail was changed meanwhile.
    """
    account = read_account(account_id)
    if account is None:
        raise Conflict
    before = account.email
    if before == email:
        return
    actions: list[Any] = [AccountRow.email.set(email) if email else AccountRow.email.remove()]

    def compose(transaction: TransactWrite) -> None:
        add_record(transaction, account, "email_changed", actions=actions, now=now)
        if before:
            transaction.delete(EmailRow(f"EMAIL#{before}", account_id))
        if email:
            transaction.save(EmailRow(f"EMAIL#{email}", account_id))

    transact(compose)


def insist(account_id: str, amend: Callable[[Account], None]) -> None:
    """Amend an account as it stands; when something of it went on meanwhile, look again and amend it as it stands then.

    Raises Conflict if it is gone, or if something went on each time.
    """
    for _ in range(MAX_CONFLICT_RETRIES):
        # Read first: whatever begins after it moves the log on, and the transaction then fails.
        account = read_account(account_id)
        if account is None:
            break
        with suppress(Conflict):
            return amend(account)
    raise Conflict


def write_and_end(compose: Callable[[TransactWrite], None], logins: Sequence[Login] = ()) -> None:
    """Write what `compose` adds and end these logins with it; raises Conflict if anything of it moved on."""
    over: list[Any] = [LoginRow.state.set(CANCELLED)]
    for login in logins[MAX_TRANSACTION_ITEMS:]:
        write_if(row_key(login.id), over, LoginRow.state == login.state)

    def whole(transaction: TransactWrite) -> None:
        compose(transaction)
        for login in logins[:MAX_TRANSACTION_ITEMS]:
            transaction.update(row_key(login.id), actions=over, condition=LoginRow.state == login.state)

    transact(whole)
