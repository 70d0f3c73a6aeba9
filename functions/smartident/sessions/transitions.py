"""How a session moves: begun or renewed by a login, used by the next client, ended once. Each is part of one write."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from smartident.crypto.pepper import constant_time_equals, mac
from smartident.crypto.random import digest
from smartident.sessions.logout_outbox import session_ended
from smartident.sessions.session import (
    ACTIVE,
    ENDED,
    Session,
    SessionRow,
    counts,
    read_session,
    session_key,
    session_mac,
    signed_in,
)
from smartident.settings import session_settings
from smartident.storage.operations import Again, Put, Update
from smartident.storage.table import DAY
from smartident.storage.writes import retry, write
from smartident.telemetry import log_event

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from smartident.logins.login import Login
    from smartident.storage.operations import Operation


class Begun(NamedTuple):
    """The session that a login leads to, the cookie for it, and what has to be written."""

    session_id: str
    cookie: str
    operations: Sequence[Operation]


def begin(login: Login, *, cookie: str, now: int) -> Begun | None:
    """The session of a browser in which somebody has just logged in; None where the operator wants no sessions.

    `cookie` is what the browser had before. The same person goes on in the same session, under a new secret; the
    session of anybody else ends. The secret follows from the login, so that a page that asks again gets the same one.
    """
    if not session_settings().session_lifetime:
        return None
    before = _present(cookie, login)
    if before is None:
        return Begun(login.id, _cookie(login.id, login.id), [_new(login)])
    if before.account_id != login.account_id:
        ended = end(before, now=now) if counts(before) else ()
        return Begun(login.id, _cookie(login.id, login.id), [_new(login), *ended])
    renewal = [_renewed(before, login)] if before.login_id != login.id else []
    return Begun(before.id, _cookie(before.id, login.id), renewal)


def use(session: Session, *, client_id: str, now: int) -> Update:
    """Let one more client know the session, which is as it was read."""
    clients = session.clients | {client_id}
    used = replace(session, clients=clients, used_at=now)
    actions: list[Any] = [
        SessionRow.clients.set(set(clients)),
        SessionRow.used_at.set(now),
        SessionRow.session_mac.set(session_mac(used)),
    ]
    written = session_mac(used)
    return _as_read(session, actions, is_own=lambda found: found.session_mac == written)


def end(session: Session, *, now: int) -> tuple[Operation, ...]:
    """To ended, with the news for its clients."""
    ended = replace(session, state=ENDED)
    actions: list[Any] = [SessionRow.state.set(ENDED), SessionRow.session_mac.set(session_mac(ended))]
    update = _as_read(session, actions, is_own=lambda found: found.state == ENDED)
    return update, session_ended(session.account_id, session.part, now=now)


def end_at_once(session: Session, cookie: str, *, now: int) -> None:
    """End the session of a cookie, as it was read or as it is by now; if somebody else was faster, all is done."""

    def attempt(as_read: Session | None) -> Again[Session | None] | None:
        if as_read is None:
            return None
        again = write(*end(as_read, now=now), on_conflict=lambda _: Again(signed_in(cookie)))
        if again is None:
            log_event("session_ended", login_id=as_read.id)
        return again

    retry(attempt, session)


def _present(cookie: str, login: Login) -> Session | None:
    """The session that the browser was in, or into which this very login has brought it."""
    session_id, _, secret = cookie.rpartition(".")
    found = read_session(session_id)
    if found is None or found.state != ACTIVE:
        return None
    if found.account_id == login.account_id and found.grant_epoch != login.grant_epoch:
        return None
    is_own = found.login_id == login.id or constant_time_equals(digest(secret), found.secret_hash)
    return found if is_own else None


def _new(login: Login) -> Put:
    authenticated_at = login.decided_at or login.created_at
    new = Session(
        id=login.id,
        state=ACTIVE,
        login_id=login.id,
        amr=login.amr,
        auth_time=authenticated_at,
        used_at=authenticated_at,
        clients=frozenset({login.client}),
        grant_epoch=login.grant_epoch,
        secret_hash=digest(_secret(login.id, login.id)),
    )
    row = session_key(new)
    row.state, row.secret_hash, row.login, row.amr = new.state, new.secret_hash, new.login_id, " ".join(new.amr)
    row.auth_time, row.used_at, row.clients = new.auth_time, new.used_at, set(new.clients)
    row.grant_epoch, row.session_mac, row.ttl = new.grant_epoch, session_mac(new), _ttl(new)
    return Put(row, is_own=lambda found: found.secret_hash == new.secret_hash)


def _renewed(session: Session, login: Login) -> Update:
    authenticated_at = login.decided_at or login.created_at
    secret_hash, clients = digest(_secret(session.id, login.id)), session.clients | {login.client}
    renewed = replace(
        session,
        login_id=login.id,
        amr=login.amr,
        auth_time=authenticated_at,
        used_at=authenticated_at,
        clients=clients,
        secret_hash=secret_hash,
    )
    actions: list[Any] = [
        SessionRow.secret_hash.set(secret_hash),
        SessionRow.login.set(login.id),
        SessionRow.amr.set(" ".join(login.amr)),
        SessionRow.auth_time.set(authenticated_at),
        SessionRow.used_at.set(authenticated_at),
        SessionRow.clients.set(set(clients)),
        SessionRow.session_mac.set(session_mac(renewed)),
        SessionRow.ttl.set(_ttl(renewed)),
    ]
    return _as_read(session, actions, is_own=lambda found: found.secret_hash == secret_hash)


def _as_read(session: Session, actions: list[Any], *, is_own: Callable[[Any], bool]) -> Update:
    return Update(session_key(session), actions, SessionRow.session_mac == session_mac(session), is_own=is_own)


def _cookie(session_id: str, login_id: str) -> str:
    return f"{session_id}.{_secret(session_id, login_id)}"


def _secret(session_id: str, login_id: str) -> str:
    return mac("oidc-session", session_id, login_id)


def _ttl(session: Session) -> int:
    return session.auth_time + session_settings().session_lifetime + DAY
