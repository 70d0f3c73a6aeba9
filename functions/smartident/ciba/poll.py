"""Polls (CIBA Core 10.1): what became of a client's request, and when it may ask again. The first may come at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from smartident.ciba.kept_request import BackchannelRequestRow, is_own, row_of
from smartident.errors import LoginNotFound
from smartident.logins.login import APPROVED, COMPLETED, DENIED, EXPIRED
from smartident.logins.reading import read_login
from smartident.oauth.authorization import read_authorization
from smartident.oauth.oauth_errors import InvalidGrant, OAuthError
from smartident.oauth.revocation import revoke
from smartident.storage import client_keys
from smartident.storage.operations import Update
from smartident.storage.writes import write

if TYPE_CHECKING:
    from smartident.logins.login import Login
    from smartident.storage.operations import FailedConditions

# Shorter than the time in which an approval can be used: nobody is slowed beyond it.
SLOWER_BY, MAX_INTERVAL = 5, 30


def take_turn(auth_req_id: str, *, client_id: str, now: int) -> BackchannelRequestRow:
    """The request of this client, whose next poll may come one interval later; raises OAuthError.

    Who comes too early is told to slow down. Who comes once more after the tokens is a thief, or their owner is.
    """
    too_early = False

    def on_conflict(conflict: FailedConditions) -> BackchannelRequestRow:
        nonlocal too_early
        found: BackchannelRequestRow | None = conflict.found(BackchannelRequestRow)
        if found is None or found.client != client_id:
            raise InvalidGrant("no such auth_req_id of this client")
        too_early = True
        return found

    row = row_of(auth_req_id)
    theirs = BackchannelRequestRow.client == client_id
    next_turn = BackchannelRequestRow.next_poll_at.set(BackchannelRequestRow.interval + now)
    update = Update(row, [next_turn], theirs & (BackchannelRequestRow.next_poll_at <= now))
    request = write(update, on_conflict=on_conflict) or row
    if not is_own(request):
        raise InvalidGrant("no such auth_req_id of this client")
    if too_early:
        _slow_down(request, now=now)
    return request


def check_approved(login: Login, *, now: int) -> None:
    """Raise OAuthError, in its own words for each state, unless the phone approved and nobody was here before."""
    if login.state == COMPLETED:
        end_reused(login)
    status = login.browser_status(now)
    if status == DENIED:
        raise OAuthError("access_denied", "the person or the account's own rules declined")
    if status == EXPIRED:
        raise OAuthError("expired_token", "nobody decided in time, or nobody asked in time")
    if status != APPROVED:
        raise OAuthError("authorization_pending", "nobody has decided yet")


def login_of_request(request: BackchannelRequestRow) -> Login:
    """The login that the request began; raises InvalidGrant once it is gone."""
    try:
        return read_login(request.login_id)
    except LoginNotFound:
        raise InvalidGrant("the request is over") from None


def end_reused(login: Login) -> NoReturn:
    """Revoke what an auth_req_id that comes again gave before, and raise InvalidGrant."""
    key = client_keys.authorization(login.id)
    found = read_authorization(key) if key is not None else None
    if found is not None:
        revoke(found)
    raise InvalidGrant("the auth_req_id was used before")


def _slow_down(request: BackchannelRequestRow, *, now: int) -> None:
    """Five seconds more from now on, up to a bound: a request outlives its client's hurry."""
    login = login_of_request(request)
    if login.state == COMPLETED:
        end_reused(login)
    interval = min(int(request.interval) + SLOWER_BY, MAX_INTERVAL)
    slower = [BackchannelRequestRow.interval.set(interval), BackchannelRequestRow.next_poll_at.set(now + interval)]
    unchanged = BackchannelRequestRow.interval == request.interval
    row = BackchannelRequestRow(request.pk, request.sk)
    write(Update(row, slower, unchanged), on_conflict=lambda _: None)
    raise OAuthError("slow_down", f"one poll in {interval} seconds")
