"""Reading logins: one by its id, the browser's own, the latest of an account, and the one that stood in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smartident.accounts.limits.pending_logins import RECENT_SECONDS, RecentLogin
from smartident.crypto.item_mac import is_genuine, report_forged
from smartident.crypto.pepper import constant_time_equals
from smartident.crypto.random import digest
from smartident.errors import LoginNotFound
from smartident.logins.login import (
    APPROVED,
    CANCELLED,
    COMPLETED,
    DECOY,
    DECOY_CANCELLED,
    DENIED,
    PENDING,
    Login,
    LoginRow,
    completion_mac,
    is_decoy,
    login_mac,
    login_of,
    row_key,
)
from smartident.pairing.pairing import PairingRow, pairing_of
from smartident.pairing.recent import newest_of, recent_pairings
from smartident.storage import keys
from smartident.storage.table import Row

if TYPE_CHECKING:
    from collections.abc import Collection

    from smartident.storage.operations import FailedConditions


def read_login(login_id: str) -> Login:
    """The login in its present state; raises LoginNotFound."""
    key = row_key(login_id)
    try:
        return login_of(LoginRow.get(key.pk, key.sk, consistent_read=True))
    except LoginRow.DoesNotExist:
        raise LoginNotFound from None


def read_own_login(login_id: str, login_token: str) -> Login:
    """The login if the token is its own; raises LoginNotFound for a wrong token just as for a wrong id."""
    return check_own(read_login(login_id), login_token)


def own_login_in_the_way(conflict: FailedConditions, login_token: str) -> Login:
    """The login as a failed condition found it, if the token is its own; raises LoginNotFound."""
    return check_own(login_in_the_way(conflict), login_token)


def login_in_the_way(conflict: FailedConditions) -> Login:
    """The login as a failed condition found it; raises LoginNotFound if it is gone."""
    row = conflict.found(LoginRow)
    if row is None:
        raise LoginNotFound
    return login_of(row)


def check_own(login: Login, login_token: str) -> Login:
    """The login; raises LoginNotFound unless the token is its own."""
    if not constant_time_equals(digest(login_token), login.token_hash):
        raise LoginNotFound
    return login


def is_granted(login: Login, *, grant_epoch: int) -> bool:
    """Whether our own code has written what the login grants, in this epoch of its account."""
    return login.grant_epoch == grant_epoch and is_genuine(login.mac, login_mac(login))


def is_completed(login: Login) -> bool:
    """Whether our own code has completed the login, which it granted before."""
    proof = completion_mac(login.id, login.grant_epoch, login.completed_at or 0)
    return is_granted(login, grant_epoch=login.grant_epoch) and is_genuine(login.completion_mac, proof)


def session_of(login: Login) -> Login:
    """The completed login; raises LoginNotFound if our own code has not granted and completed it."""
    if not is_completed(login):
        report_forged("login")
        raise LoginNotFound("not granted")
    return login


def latest_logins(account_id: str, *, after: str, limit: int) -> list[Login]:
    """An account's logins without decoys, newest first, from after a cursor on."""
    rows = LoginRow.query(
        account_id,
        LoginRow.sk.between(*keys.logins_after(after)),
        filter_condition=~LoginRow.state.is_in(DECOY, DECOY_CANCELLED),
        consistent_read=True,
        limit=limit,
    )
    return [login_of(row) for row in rows]


def first_completion(account_id: str, *, device_id: str, since: int) -> int | None:
    """When the first login was completed that this device approved after then, or None."""
    rows = LoginRow.query(account_id, LoginRow.sk.between(*keys.logins_since(since)), consistent_read=True)
    logins = [login_of(row) for row in rows if (row.state, row.decided_by) == (COMPLETED, device_id)]
    return min((login.completed_at or 0 for login in logins if is_completed(login)), default=None)


def recent_logins(account_id: str, *, now: int) -> tuple[Login, ...]:
    """The logins of the last hour, newest first, decoys included."""
    since: Any = LoginRow.sk.between(*keys.logins_since(now - RECENT_SECONDS))
    return tuple(login_of(row) for row in LoginRow.query(account_id, since, consistent_read=True))


def final_logins(account_id: str, parts: Collection[str], *, now: int) -> dict[str, LoginRow]:
    """Those of these logins, by their parts, that nothing changes any more."""
    if not parts:
        return {}
    rows = LoginRow.query(account_id, LoginRow.sk.between(*keys.logins_between(parts)), consistent_read=True)
    ended = {keys.login_part(row.sk): row for row in rows if _is_final(row, now=now)}
    return {part: row for part, row in ended.items() if part in parts}


def _is_final(row: LoginRow, *, now: int) -> bool:
    """Whether nothing changes it any more: what ends open logins by their state sees those of the last hour alone."""
    return row.state in {COMPLETED, DENIED, CANCELLED} or row.expires_at <= now - RECENT_SECONDS


def read_recent(account_id: str, *, now: int) -> list[RecentLogin]:
    """What rang the account's phones within the last hour, newest first: logins and new phones, in one Query.

    What clients began by themselves is not among it: they have limits of their own (ciba/limits.py).
    """
    wanted = Row.sk.between(*keys.pairing_and_logins_since(now - RECENT_SECONDS))
    rows = list(Row.query(account_id, wanted, consistent_read=True))
    logins = [as_recent(login_of(row), now) for row in rows if isinstance(row, LoginRow) and _rang_for_a_page(row)]
    latest = next((pairing_of(row) for row in rows if isinstance(row, PairingRow)), None)
    return newest_of(logins, recent_pairings(latest, now=now))


def _rang_for_a_page(row: LoginRow) -> bool:
    return not row.delivery and not is_decoy(row)


def as_recent(login: Login, now: int) -> RecentLogin:
    """What of a login counts when the next one of its account wants to begin."""
    return RecentLogin(
        part=login.part,
        pool=login.pools[0],
        created_at=login.created_at,
        expires_at=login.expires_at,
        ended_at=login.expires_at if login.state in {PENDING, DECOY} else login.decided_at or login.created_at,
        is_pending=login.browser_status(now) == PENDING,
        was_approved=login.state in {APPROVED, COMPLETED},
    )


def is_decided_by_passkey(login: Login) -> bool:
    """Whether a passkey decided, and no phone."""
    return login.decided_by is not None and "swk" in login.amr


def is_decided_by_phone(login: Login) -> bool:
    """Whether a phone decided, after the right password."""
    return login.decided_by is not None and "pwd" in login.amr
