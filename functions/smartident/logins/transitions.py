"""How a login moves: pending, approved or denied, completed once. Every transition is one conditional write."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from smartident.accounts.item.grant_epoch import NO_EPOCH, Standing, read_standing
from smartident.crypto.item_mac import report_forged
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
    completion_mac,
    login_mac,
    login_of,
    row_key,
)
from smartident.logins.reading import login_in_the_way, own_login_in_the_way, session_of
from smartident.settings import settings
from smartident.storage.operations import Again, FailedConditions, Update
from smartident.storage.writes import retry, write
from smartident.telemetry import log_event

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from smartident.storage.operations import Operation

REPEAT_WINDOW = 30


def mark_approved(
    login: Login,
    *,
    device_id: str,
    receipt: str,
    also: Sequence[Operation] = (),
    now: int,
    on_conflict: Callable[[Login], Any],
) -> Any:
    """Pending to approved, with the receipt of who decided what; completion is possible for a short while only.

    If it is not pending any more, or the device is barred from it, `on_conflict` says what the login as it is means.
    """
    complete_by = now + settings().completion_window
    approved = replace(
        login, state=APPROVED, transfer_code_mac=None, complete_by=complete_by, decided_at=now, decided_by=device_id
    )
    actions: list[Any] = [
        LoginRow.state.set(APPROVED),
        LoginRow.complete_by.set(complete_by),
        *_decided(device_id, now),
        LoginRow.mac.set(login_mac(approved)),
        LoginRow.receipt.set(receipt),
        # Of no use to anybody from here on; without it the row with its receipt is two write units, not three.
        LoginRow.transfer_code_mac.remove(),
    ]
    free = ~LoginRow.barred_device_ids.contains(device_id) & (LoginRow.mac == login.mac)
    update = Update(row_key(login.id), actions, is_pending(now=now) & free)
    return write(update, *also, on_conflict=lambda conflict: on_conflict(login_in_the_way(conflict)))


def bar_device(login: Login, *, device_id: str, grant_epoch: int) -> Update:
    """Keep a device that is being revoked from this pending login, whatever it read or signed before.

    The transaction's own condition on the audit log lets no two revocations write over each other.
    """
    bar: list[Any] = [LoginRow.barred_device_ids.set(f"{login.barred_device_ids} {device_id}".strip())]
    return grant_login_again(login, grant_epoch=grant_epoch, also=bar)


def deny(login: Login, *, device_id: str, reason: str, evidence: str, now: int) -> Update:
    """Pending, or approved and not completed, to denied: a denial wins until a session stands.

    `evidence` is what the phone signed.
    """
    actions = [*_denied(device_id, reason, now), LoginRow.denial_evidence.set(evidence)]
    return Update(row_key(login.id), actions, is_pending(now=now) | is_approved(now=now))


def grant_login_again(login: Login, *, grant_epoch: int, also: Sequence[Any] = ()) -> Update:
    """Let an open login count in the next epoch of its account too, with what else is to be written of it."""
    renewed = replace(login, grant_epoch=grant_epoch)
    actions = [LoginRow.grant_epoch.set(grant_epoch), LoginRow.mac.set(login_mac(renewed)), *also]
    return Update(row_key(login.id), actions, LoginRow.state == login.state)


def take_back(login: Login, *, device_id: str, reason: str, now: int) -> Update:
    """To denied because its device is revoked, whatever its time says: the revocation is on record."""
    return Update(row_key(login.id), _denied(device_id, reason, now), LoginRow.state == login.state)


def end(login: Login) -> Update:
    """To cancelled because what it began with was replaced, whatever its time says."""
    return Update(row_key(login.id), [LoginRow.state.set(CANCELLED)], LoginRow.state == login.state)


def is_pending(*, now: int) -> Any:
    """The condition that a login waits for a decision and its time is not over; TTL decides nothing."""
    return (LoginRow.state == PENDING) & (LoginRow.expires_at > now)


def is_approved(*, now: int) -> Any:
    """The condition that a login waits for its completion and its time is not over."""
    return (LoginRow.state == APPROVED) & (LoginRow.complete_by > now)


def complete_login(login_id: str, login_token: str, *, now: int) -> tuple[Login, Standing]:
    """Approved to completed, once, and how its account stands; the same token may hear it again for thirty seconds.

    Raises LoginNotFound, LoginPending, LoginDenied or LoginExpired.
    """
    row_key(login_id)

    def attempt(_: None) -> tuple[Login, Standing] | Again[None]:
        # Read first: a later revocation grants the login again in its own epoch, which this write is not of.
        standing = read_standing(login_id.partition(".")[0])
        completed = _complete(login_id, login_token, epoch=standing.grant_epoch, now=now)
        return completed if isinstance(completed, Again) else (completed, standing)

    return retry(attempt, None)


def completion(row: LoginRow, login_id: str, *, epoch: int, by: Any, now: int) -> Update:
    """Approved to completed, in this epoch of its account and under the condition that says who may."""
    actions: list[Any] = [
        LoginRow.state.set(COMPLETED),
        LoginRow.completed_at.set(now),
        LoginRow.completion_mac.set(completion_mac(login_id, epoch, now)),
        # No page connects any more; without it the login with its receipt stays two write units.
        LoginRow.ticket_hash.remove(),
    ]
    return Update(row, actions, by & (LoginRow.grant_epoch == epoch) & is_approved(now=now))


def _complete(login_id: str, login_token: str, *, epoch: int, now: int) -> Login | Again[None]:
    row = row_key(login_id)

    def on_conflict(conflict: FailedConditions) -> Login | Again[None]:
        found = own_login_in_the_way(conflict, login_token)
        if found.status(now) == APPROVED and found.grant_epoch > epoch != NO_EPOCH:
            return Again(None)
        return _completed_before(found, now=now)

    update = completion(row, login_id, epoch=epoch, by=LoginRow.token_hash == digest(login_token), now=now)
    before = write(update, on_conflict=on_conflict)
    if before is not None:
        return before
    login = session_of(login_of(row))
    log_event("login_completed", login_id=login_id, seconds=now - login.created_at)
    return login


def cancel_login(login_id: str, login_token: str, *, now: int) -> Login:
    """The browser's own end of a login that is neither completed nor over; asking again changes nothing."""
    row = row_key(login_id)
    open_now = is_pending(now=now) | is_approved(now=now) | (LoginRow.state == DECOY) & (LoginRow.expires_at > now)
    actions: list[Any] = [LoginRow.state.set(LoginRow.state_if_cancelled | CANCELLED)]
    before = write(
        Update(row, actions, (LoginRow.token_hash == digest(login_token)) & open_now),
        on_conflict=lambda conflict: own_login_in_the_way(conflict, login_token),
    )
    if before is not None:
        return before
    log_event("login_cancelled", login_id=login_id)
    return login_of(row)


def _completed_before(login: Login, *, now: int) -> Login:
    status = login.browser_status(now)
    if status == PENDING:
        raise LoginPending
    if status == DENIED:
        raise LoginDenied
    if status == APPROVED and login.completed_at is None:
        # In time, and yet not of the account's present epoch: somebody put it back.
        report_forged("login")
        raise LoginNotFound("not granted")
    if login.completed_at is None or login.completed_at + REPEAT_WINDOW <= now:
        log_event("login_expired", login_id=login.id)
        raise LoginExpired
    return session_of(login)


def _denied(device_id: str, reason: str, now: int) -> list[Any]:
    return [LoginRow.state.set(DENIED), LoginRow.reason.set(reason), *_decided(device_id, now)]


def _decided(device_id: str, now: int) -> Sequence[Any]:
    return [LoginRow.decided_at.set(now), LoginRow.decided_by.set(device_id)]
