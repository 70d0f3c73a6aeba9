"""Authorization codes (RFC 6749 4.1.2, RFC 7636): issued once a login, redeemed once, each by one conditional write."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from smartident.accounts.item.grant_epoch import Standing, read_standing
from smartident.crypto.base64url import encode
from smartident.crypto.pepper import constant_time_equals, mac
from smartident.crypto.random import digest, new_login_token, random_id
from smartident.errors import LoginNotFound
from smartident.oauth.authorization import (
    ACTIVE,
    CODE,
    Authorization,
    AuthorizationRow,
    authorization_key,
    authorization_mac,
    authorization_of,
    key_actions,
    named_by,
    read_authorization,
)
from smartident.oauth.oauth_errors import InvalidGrant
from smartident.oauth.refresh_tokens import first_refresh, refresh_actions
from smartident.oauth.revocation import revoke
from smartident.sessions.session import SessionRow
from smartident.sessions.transitions import use
from smartident.storage import client_keys
from smartident.storage.ids import newest_first
from smartident.storage.operations import Again, FailedConditions, Put, Update
from smartident.storage.table import DAY
from smartident.storage.writes import write
from smartident.telemetry import log_event

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartident.logins.login import Login
    from smartident.sessions.session import Session
    from smartident.sessions.transitions import Begun
    from smartident.storage.operations import Operation

CODE_LIFETIME = 60
ACCESS_LIFETIME = 300
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


class Grant(NamedTuple):
    """What the code is bound to: whatever it is asked for with must be the same."""

    redirect_uri: str
    scope: str
    nonce: str | None
    code_challenge: str
    dpop_jkt: str | None


def issue_code(
    login: Login, granted: Grant, *, session: Begun | None = None, also: Sequence[Operation] = (), now: int
) -> str | Again[None]:
    """The code of a completed login: the same one if the page asks again, with what `also` says is used up by it.

    It begins or renews the session too, and is to be tried again if that was used meanwhile. Raises LoginNotFound if
    the login gave another code, or if what it uses up was used before.
    """
    parts = (login.client, granted.redirect_uri, granted.scope, granted.nonce or "", granted.code_challenge)
    code = f"{login.id}.{mac('oauth-code', login.id, *parts, granted.dpop_jkt or '')}"
    by = _By(login.client, login.amr, login.decided_at or login.created_at, login.grant_epoch)
    row = _code_row(login.id, code, granted, by, issued_at=login.completed_at or now)
    if session is not None:
        row.session = session.session_id
    return _put(code, row, [*also, *(session.operations if session is not None else ())])


def issue_code_silently(
    session: Session, granted: Grant, *, client_id: str, also: Sequence[Operation] = (), now: int
) -> str | Again[None]:
    """A code for who is signed in already; to be tried again if the session is another by now.

    Raises LoginNotFound if what it uses up was used before.
    """
    name = f"{session.account_id}.{newest_first(now)}{random_id()}"
    code = f"{name}.{new_login_token()}"
    row = _code_row(
        name, code, granted, _By(client_id, session.amr, session.auth_time, session.grant_epoch), issued_at=now
    )
    row.session = session.id
    return _put(code, row, [*also, use(session, client_id=client_id, now=now)])


class _By(NamedTuple):
    """For whom, and by what kind of login."""

    client_id: str
    amr: tuple[str, ...]
    auth_time: int
    grant_epoch: int


def _code_row(name: str, code: str, granted: Grant, by: _By, *, issued_at: int) -> AuthorizationRow:
    account_id, _, part = name.partition(".")
    return AuthorizationRow(
        *client_keys.new_authorization(account_id, part),
        state=CODE,
        client=by.client_id,
        redirect_uri=granted.redirect_uri,
        scope=granted.scope,
        oidc_nonce=granted.nonce,
        dpop_jkt=granted.dpop_jkt,
        amr=" ".join(by.amr),
        auth_time=by.auth_time,
        code_hash=digest(code),
        code_challenge=granted.code_challenge,
        code_expires_at=issued_at + CODE_LIFETIME,
        grant_epoch=by.grant_epoch,
        ttl=issued_at + DAY,
    )


def _put(code: str, row: AuthorizationRow, also: Sequence[Operation]) -> str | Again[None]:
    row.authorization_mac = authorization_mac(authorization_of(row))

    def on_conflict(conflict: FailedConditions) -> Again[None]:
        if conflict.failed_on(AuthorizationRow) or not conflict.failed_on(SessionRow):
            raise LoginNotFound("this login gave another code")
        return Again(None)

    put = Put(row, is_own=lambda found: found.code_hash == row.code_hash)
    return write(put, *also, on_conflict=on_conflict) or code


def check_code(
    code: str, *, client_id: str, redirect_uri: str, code_verifier: str, now: int
) -> tuple[Authorization, Standing]:
    """The authorization whose code this client may redeem now, and how its account stands; raises InvalidGrant.

    A code that was redeemed before ends what it gave: one of the two who had it is a thief.
    """
    key = named_by(code)
    found = read_authorization(key) if key is not None else None
    if found is None or not found.is_code(code) or found.client_id != client_id:
        raise InvalidGrant("no such code of this client")
    if found.state != CODE:
        if found.state == ACTIVE:
            revoke(found)
        raise InvalidGrant("the code was redeemed before")
    if found.code_expires_at <= now:
        raise InvalidGrant("the code is over")
    if redirect_uri != found.redirect_uri:
        raise InvalidGrant("redirect_uri is another than at the authorization")
    if not _is_verifier(code_verifier, found.code_challenge):
        raise InvalidGrant("code_verifier does not fit the code_challenge")
    account = read_standing(found.account_id)
    if account.grant_epoch != found.grant_epoch:
        raise InvalidGrant("what the account granted has ended")
    return found, account


def redeem(authorization: Authorization, *, dpop_jkt: str | None, now: int) -> tuple[str, Authorization]:
    """The access token, bound to a key if there is one, once: code to active.

    Raises InvalidGrant for who comes second, and ends what the first got.
    """
    token = f"{authorization.id}.{new_login_token()}"
    token_hash, expires_at = digest(token), now + ACCESS_LIFETIME
    refresh = first_refresh(authorization, now=now)
    given: dict[str, Any] = {"access_token_hash": token_hash, "access_expires_at": expires_at, "dpop_jkt": dpop_jkt}
    active = replace(authorization, state=ACTIVE, **given, **refresh)
    actions: list[Any] = [
        AuthorizationRow.state.set(ACTIVE),
        AuthorizationRow.access_token_hash.set(token_hash),
        AuthorizationRow.access_expires_at.set(expires_at),
        AuthorizationRow.authorization_mac.set(authorization_mac(active)),
        *key_actions(active),
        *refresh_actions(active),
    ]
    still = (AuthorizationRow.state == CODE) & (AuthorizationRow.code_expires_at > now)

    def on_conflict(_: FailedConditions) -> None:
        revoke(authorization)
        raise InvalidGrant("the code was redeemed before")

    update = Update(
        authorization_key(authorization), actions, still, is_own=lambda found: found.access_token_hash == token_hash
    )
    write(update, on_conflict=on_conflict)
    log_event("code_redeemed", login_id=authorization.id)
    return token, active


def _is_verifier(verifier: str, challenge: str) -> bool:
    hashed = encode(hashlib.sha256(verifier.encode()).digest())
    return _VERIFIER.fullmatch(verifier) is not None and constant_time_equals(hashed, challenge)
