"""How a login moves: pending, approved or denied, completed once. Every transition is one conditional write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smartident.crypto.random import digest
from smartident.errors import LoginDenied, LoginExpired, LoginNotFound, LoginPending
from smartident.logins.login import (
    APPROVED,
    CANCELLED,
    COMPLETED,
    DECOY,
    DENIED,
    PENDING,
    Login,
    LoginRow,
    login_of,
    read_own_login,
    row_key,
)
from smartident.logins.socket_tickets import earlier_tickets
from smartident.settings import settings
from smartident.storage.table import Conflict, write_if
from smartident.telemetry import log_event

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pynamodb.transactions import TransactWrite

REPEAT_WINDOW = 30


def mark_approved(login: Login, *, device_id: str, receipt: str, now: int) -> None:
    """Pending to approved, with the receipt of who decided what; completion is possible for a short while only.

    Raises Conflict if it is not pending any more, or if the device is barred from it.
    """
    actions: list[Any] = [
        LoginRow.state.set(APPROVED),
        LoginRow.complete_by.set(now + settings().completion_window),
        *_decided(device_id, now),
        LoginRow.receipt.set(receipt),
        # Of no use to anybody from here on; without it the row with its receipt is two write units, not three.
        LoginRow.transfer_code_mac.remove(),
    ]
    free = ~LoginRow.barred_device_ids.contains(device_id)
    write_if(row_key(login.id), actions=actions, condition=is_open(PENDING, now=now) & free)


def bar_device(transaction: TransactWrite, login: Login, *, device_id: str) -> None:
    """Keep a device that is being revoked from this pending login, whatever it read or signed before.

    The transaction's own condition on the account's log lets no two revocations write over each other.
    """
    bar: list[Any] = [LoginRow.barred_device_ids.set(f"{login.barred_device_ids} {device_id}".strip())]
    transaction.update(row_key(login.id), actions=bar, condition=LoginRow.state == PENDING)


def add_denial(
    transaction: TransactWrite, login: Login, *, device_id: str, reason: str, denial: str | None = None, now: int
) -> None:
    """pending, or approved and not completed, to denied: a denial wins until a session stands.

    `denial` is what the phone signed; a revoked device's approvals end without it, the revocation is on record.
    """
    actions: list[Any] = [LoginRow.state.set(DENIED), LoginRow.reason.set(reason), *_decided(device_id, now)]
    if denial is not None:
        actions.append(LoginRow.denial.set(denial))
    open_now = is_open(PENDING, now=now) | is_open(APPROVED, now=now)
    transaction.update(row_key(login.id), actions=actions, condition=open_now)


def is_open(state: str, *, now: int) -> Any:
    """The condition that a login is in this state and its time is not over; TTL decides nothing."""
    deadline = LoginRow.complete_by if state == APPROVED else LoginRow.expires_at
    return (LoginRow.state == state) & (deadline > now)


def complete_login(login_id: str, login_token: str, *, now: int) -> Login:
    """Approved to completed, once; the same token may hear the same outcome again for thirty seconds.

    Raises LoginNotFound, LoginPending, LoginDenied or LoginExpired.
    """
    row = row_key(login_id)
    own = LoginRow.token_hash == digest(login_token)
    try:
        write_if(
            row,
            actions=[LoginRow.state.set(COMPLETED), LoginRow.completed_at.set(now)],
            condition=own & is_open(APPROVED, now=now),
        )
    except Conflict:
        return _completed_before(read_own_login(login_id, login_token), now=now)
    log_event("login_completed", login_id=login_id, seconds=now - int(row.created_at))
    return login_of(row)


def _completed_before(login: Login, *, now: int) -> Login:
    told = login.browser_status(now)
    if told == PENDING:
        raise LoginPending
    if told == DENIED:
        raise LoginDenied
    if login.completed_at is None or login.completed_at + REPEAT_WINDOW <= now:
        log_event("login_expired", login_id=login.id)
        raise LoginExpired
    return login


def cancel_login(login_id: str, login_token: str, *, now: int) -> Login:
    """The browser's own end of a login that is neither completed nor over; asking again changes nothing."""
    row = row_key(login_id)
    open_now = is_open(PENDING, now=now) | is_open(APPROVED, now=now) | is_open(DECOY, now=now)
    try:
        write_if(
            row,
            actions=[LoginRow.state.set(LoginRow.state_if_cancelled | CANCELLED)],
            condition=(LoginRow.token_hash == digest(login_token)) & open_now,
        )
    except Conflict:
        return read_own_login(login_id, login_token)
    log_event("login_cancelled", login_id=login_id)
    return login_of(row)


def bind_connection(login_id: str, ticket: str, connection_id: str, *, now: int) -> Login:
    """Tie a WebSocket to the login that its ticket is for; each ticket opens one connection.

    Raises LoginNotFound for a ticket that is wrong, used, or later than the login's time.
    """
    row = row_key(login_id)
    alive = (LoginRow.expires_at > now) | (LoginRow.complete_by > now)
    try:
        write_if(
            row,
            actions=[LoginRow.ticket_hash.set(ticket), LoginRow.connection_id.set(connection_id)],
            condition=LoginRow.ticket_hash.is_in(*earlier_tickets(ticket)) & alive,
        )
    except Conflict:
        raise LoginNotFound from None
    return login_of(row)


def _decided(device_id: str, now: int) -> Sequence[Any]:
    return [LoginRow.decided_at.set(now), LoginRow.decided_by.set(device_id)]
