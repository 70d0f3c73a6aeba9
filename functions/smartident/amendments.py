"""Amendments: what an operator sets anew about an access, each on its record; what was begun before ends with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smartident.accesses import ACCESS, AccessRow, EmailRow, read_profile
from smartident.logins import APPROVED, CANCELLED, PENDING, Login, LoginRow, row_key
from smartident.overviews import read_overview
from smartident.passwords import hash_password
from smartident.records import add_record
from smartident.registrations import PENDING as UNCONFIRMED
from smartident.registrations import RegistrationRow
from smartident.table import Conflict, transact

if TYPE_CHECKING:
    from pynamodb.transactions import TransactWrite


def change_password(access_id: str, password: str, *, now: int) -> None:
    """A new password, on record: logins and registrations begun with the old one end; tries and holds stay.

    Raises Conflict if the access is gone, or something of it that ends here went on meanwhile.
    """
    guard = _guard(access_id)
    actions: list[Any] = [AccessRow.password_hash.set(hash_password(password))]
    overview, begun = read_overview(access_id, now=now), _unconfirmed(access_id)
    waiting = [login for login in overview.logins if login.status(now) in {PENDING, APPROVED}]

    def compose(transaction: TransactWrite) -> None:
        # A login begun since the guard was read has changed it; of an access that is gone nothing is equal to it.
        unchanged = AccessRow.pending == guard.pending.as_dict()
        transaction.update(AccessRow(access_id, ACCESS), actions=actions, condition=unchanged)
        add_record(transaction, access_id, "password_changed", now=now)
        _end_logins(transaction, waiting)
        _end_registrations(transaction, begun, now=now)

    transact(compose)


def change_phone(access_id: str, phone: str, *, now: int) -> None:
    """Where SMS go from now on (E.164), on record: registrations whose code went elsewhere end.

    As it is already, nothing changes. Raises Conflict if the access is gone, or a registration was verified meanwhile.
    """
    if _guard(access_id).phone == phone:
        return
    actions: list[Any] = [AccessRow.phone.set(phone)]
    begun = _unconfirmed(access_id)

    def compose(transaction: TransactWrite) -> None:
        there = AccessRow.access_number.exists()
        transaction.update(AccessRow(access_id, ACCESS), actions=actions, condition=there)
        add_record(transaction, access_id, "phone_changed", now=now)
        _end_registrations(transaction, begun, now=now)

    transact(compose)


def change_email(access_id: str, email: str | None, *, now: int) -> None:
    """The e-mail that the access is found by (in its normal form) or none, on record, with its lookup.

    As it is already, nothing changes. Raises Conflict if the access is gone or its e-mail was changed meanwhile.
    """
    before = _guard(access_id).email
    if before == email:
        return
    actions: list[Any] = [AccessRow.email.set(email) if email else AccessRow.email.remove()]
    unchanged = AccessRow.email == before if before else AccessRow.email.does_not_exist()

    def compose(transaction: TransactWrite) -> None:
        condition = AccessRow.access_number.exists() & unchanged
        transaction.update(AccessRow(access_id, ACCESS), actions=actions, condition=condition)
        add_record(transaction, access_id, "email_changed", now=now)
        if before:
            transaction.delete(EmailRow(f"EMAIL#{before}", access_id))
        if email:
            transaction.save(EmailRow(f"EMAIL#{email}", access_id))

    transact(compose)


def _guard(access_id: str) -> AccessRow:
    row = read_profile(access_id)
    if row is None:
        raise Conflict
    return row


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
