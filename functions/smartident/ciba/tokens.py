"""One approval, one token: the login is completed and its tokens are written in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from smartident.accounts.item.grant_epoch import NO_EPOCH, read_standing
from smartident.ciba.poll import check_approved, login_of_request
from smartident.crypto.item_mac import report_forged
from smartident.crypto.random import digest, new_login_token
from smartident.logins.login import LoginRow, row_key
from smartident.logins.reading import is_granted, login_in_the_way
from smartident.logins.transitions import completion
from smartident.oauth.authorization import (
    ACTIVE,
    Authorization,
    AuthorizationRow,
    authorization_mac,
    authorization_of,
)
from smartident.oauth.codes import ACCESS_LIFETIME
from smartident.oauth.oauth_errors import InvalidGrant, OAuthError
from smartident.oauth.refresh_tokens import first_refresh
from smartident.storage import client_keys
from smartident.storage.operations import Again, FailedConditions, Put
from smartident.storage.table import DAY
from smartident.storage.writes import retry, write
from smartident.telemetry import log_event

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident.accounts.item.grant_epoch import Standing
    from smartident.ciba.kept_request import BackchannelRequestRow
    from smartident.logins.login import Login


class Given(NamedTuple):
    """The tokens of one approval."""

    access_token: str
    id_token: str
    authorization: Authorization


def give(
    request: BackchannelRequestRow,
    auth_req_id: str,
    *,
    dpop_jkt: str | None,
    sign: Callable[[Authorization, Standing], str],
    now: int,
) -> Given:
    """The tokens of an approved login, once; raises OAuthError for one that is not approved, or not any more.

    The signature comes before the write: when KMS fails, the approval is still good and the client asks again.
    """
    check_approved(login_of_request(request), now=now)

    def attempt(_: None) -> Given | Again[None]:
        # Read first: a later revocation grants the login again in its own epoch.
        standing = read_standing(request.login_id.partition(".")[0])
        login = login_of_request(request)
        check_approved(login, now=now)
        if login.grant_epoch > standing.grant_epoch != NO_EPOCH:
            return Again(None)
        _check_granted(login, request, standing)
        token = f"{login.id}.{new_login_token()}"
        row = _authorization(login, request.scope, digest(auth_req_id), digest(token), dpop_jkt, now=now)
        id_token = sign(authorization_of(row), standing)
        return _complete(login, row, now=now) or Given(token, id_token, authorization_of(row))

    return retry(attempt, None)


def _check_granted(login: Login, request: BackchannelRequestRow, standing: Standing) -> None:
    if not is_granted(login, grant_epoch=standing.grant_epoch):
        report_forged("login")
        raise InvalidGrant("not granted")
    if request.client not in standing.known_as:
        raise OAuthError("access_denied", "the account is not bound to this client any more")


def _complete(login: Login, row: AuthorizationRow, *, now: int) -> Again[None] | None:
    """Write the tokens and complete the login; whatever stood in the way is told in its own words."""

    def on_conflict(conflict: FailedConditions) -> Again[None]:
        check_approved(login_in_the_way(conflict), now=now)
        return Again(None)

    same = LoginRow.token_hash == login.token_hash
    done = completion(row_key(login.id), login.id, epoch=login.grant_epoch, by=same, now=now)
    put = Put(row, is_own=lambda found: found.access_token_hash == row.access_token_hash)
    again: Again[None] | None = write(done, put, on_conflict=on_conflict)
    if again is None:
        log_event("login_completed", login_id=login.id, seconds=now - login.created_at)
    return again


def _authorization(
    login: Login, scope: str, code_hash: str, token_hash: str, dpop_jkt: str | None, *, now: int
) -> AuthorizationRow:
    """The authorization of a login that no browser was part of: no code, and nowhere to go back to."""
    row = AuthorizationRow(
        *client_keys.new_authorization(login.account_id, login.part),
        state=ACTIVE,
        client=login.client,
        redirect_uri="",
        scope=scope,
        amr=" ".join(login.amr),
        auth_time=login.decided_at or login.created_at,
        code_hash=code_hash,
        code_challenge="",
        code_expires_at=now,
        access_token_hash=token_hash,
        access_expires_at=now + ACCESS_LIFETIME,
        dpop_jkt=dpop_jkt,
        grant_epoch=login.grant_epoch,
        ttl=now + DAY,
    )
    for name, value in first_refresh(authorization_of(row), now=now).items():
        setattr(row, name, value)
    row.ttl = row.refresh_until or row.ttl
    row.authorization_mac = authorization_mac(authorization_of(row))
    return row
