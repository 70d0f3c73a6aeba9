"""Amendments: what an operator sets anew about an access, each on its record; what was begun before ends with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smartident.accesses import AccessRow, EmailRow, read_access
from smartident.logins import APPROVED, CANCELLED, PENDING, Login, LoginRow, row_key
from smartident.overviews import read_overview
from smartident.passwords import hash_password
from smartident.records import add_record
from smartident.registrations import PENDING as UNCONFIRMED
from smartident.registrations import RegistrationRow
from smartident.table import Conflict, transact

if TYPE_CHECKING:
    from pynamodb.transactions import TransactWrite

    from smartident.accesses import Access


def change_password(access_id: str, password: str, *, now: int) -> None:
    """A new password, on record: logins and registrations begun with the old one end; tries and holds stay.

    Raises Conflict if the access is gone, or something of it that ends here went on meanwhile.
    """
    # Read first: whatever begins after it moves the log on, and the transaction then fails.
    access = _access(access_id)
    actions: list[Any] = [AccessRow.password_hash.set(hash_password(password))]
    overview, begun = read_overview(access_id, now=now), _unconfirmed(access_id)
    waiting = [login for login in overview.logins if login.status(now) in {PENDING, APPROVED}]

    def compose(transaction: TransactWrite) -> None:
        add_record(transaction, access, "password_changed", actions=actions, now=now)
        _end_logins(transaction, waiting)
        _end_registrations(transaction, begun, now=now)

    transact(compose)


def change_phone(access_id: str, phone: str, *, now: int) -> None:
    """Where SMS go from now on (E.164), on record: registrations whose code went elsewhere end.

    As it is already, nothing changes. Raises Conflict if the access is gone, or a registration was verified meanwhile.
    """
    access = _access(access_id)
    if access.phone == phone:
        return
    actions: list[Any] = [AccessRow.phone.set(phone)]
    begun = _unconfirmed(access_id)

    def compose(transaction: TransactWrite) -> None:
        add_record(transaction, access, "phone_changed", actions=actions, now=now)
        _end_registrations(transaction, begun, now=now)

    transact(compose)


def change_email(access_id: str, email: str | None, *, now: int) -> None:
    """The e-mail that the access is found by (in its normal form) or none, on record, with its lookup.

    As it is already, nothing changes. Raises Conflict if the access is gone or its e-mail was changed meanwhile.
    """
    access = _access(access_id)
    before = access.email
    if before == email:
        return
    actions: list[Any] = [AccessRow.email.set(email) if email else AccessRow.email.remove()]

    def compose(transaction: TransactWrite) -> None:
        add_record(transaction, access, "email_changed", actions=actions, now=now)
        if before:
            transaction.delete(EmailRow(f"EMAIL#{before}", access_id))
        if email:
            transaction.save(EmailRow(f"EMAIL#{email}", access_id))

    transact(compose)


def _access(access_id: str) -> Access:
    access = read_access(access_id)
    if access is None:
        raise Conflict
    return access


def _unconfirmed(access_id: str) -> list[RegistrationRow]:
    rows = RegistrationRow.query(access_id, RegistrationRow.sk.startswith("REGISTRATION#"), consistent_read=True)
    return [row for row in rows if row.state == UNCONFIRMED]


def _end_logins(transaction: TransactWrite, logins: list[Login]) -> None:
    for login in logins:
        ended: list[Any] = [LoginRow.state.set(CANCELLED)]
        transaction.update(row_key(login.id), actions=ended, condition=LoginRow.state == login.state)


def _end_registrations(transaction: TransactWrite, rows: list[RegistrationRow], *, now: int) -> None:
    for row in rows:
        ended: list[Any] = [RegistrationRow.expires_at.set(now)]
        key = RegistrationRow(row.pk, row.sk)
        transaction.update(key, actions=ended, condition=RegistrationRow.state == UNCONFIRMED)
