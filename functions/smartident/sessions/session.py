"""Sessions: a browser that stays signed in at the provider, so that the next client needs no login.

A session has the name of the login that began it. Its cookie holds that name and 256 bits; the table has their digest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute

from smartident.accounts.item.grant_epoch import read_standing
from smartident.accounts.item.login_policy import policy_in
from smartident.clients.login_policy import allows, stricter
from smartident.crypto.item_mac import grant_mac, is_genuine, report_forged
from smartident.crypto.pepper import constant_time_equals
from smartident.crypto.random import digest
from smartident.settings import session_settings
from smartident.storage import client_keys, keys
from smartident.storage.table import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smartident.storage.keys import Key

ACTIVE, ENDED = "active", "ended"


class SessionRow(Row, discriminator="session"):
    """`<account_id>` | `SESSION#<newest first><id>`: who is signed in, by what, since when, and at which clients."""

    state = UnicodeAttribute()
    secret_hash = UnicodeAttribute()
    # The login that authenticated last, what it used, and when its phone approved.
    login = UnicodeAttribute()
    amr = UnicodeAttribute()
    auth_time = NumberAttribute()
    used_at = NumberAttribute()
    clients = UnicodeSetAttribute()
    # The account's epoch that it counts in, and the MAC over all of it in its state.
    grant_epoch = NumberAttribute()
    session_mac = UnicodeAttribute()


@dataclass(frozen=True)
class Session:
    """One session as it stood when it was read."""

    id: str
    state: str
    login_id: str
    amr: tuple[str, ...]
    auth_time: int
    used_at: int
    clients: frozenset[str]
    grant_epoch: int
    secret_hash: str = field(repr=False)

    @property
    def account_id(self) -> str:
        """Who is signed in."""
        return self.id.partition(".")[0]

    @property
    def part(self) -> str:
        """What its id adds to its account's."""
        return self.id.partition(".")[2]

    def is_over(self, now: int) -> bool:
        """Whether too long ago somebody logged in, or used it, for it to count."""
        life = session_settings()
        idle = life.session_idle or life.session_lifetime
        return self.auth_time + life.session_lifetime <= now or self.used_at + idle <= now


def session_mac(session: Session) -> str:
    """The MAC of a session over all that it grants in its state."""
    by = (session.login_id, " ".join(session.amr), session.auth_time, session.used_at)
    told = (sorted(session.clients), session.grant_epoch, session.secret_hash)
    return grant_mac("session", session.id, session.state, *by, *told)


def session_of(row: SessionRow) -> Session:
    """The session that a row holds."""
    return Session(
        id=keys.item_id(row.pk, row.sk),
        state=row.state,
        login_id=row.login,
        amr=tuple(row.amr.split()),
        auth_time=int(row.auth_time),
        used_at=int(row.used_at),
        clients=frozenset(row.clients),
        grant_epoch=int(row.grant_epoch),
        secret_hash=row.secret_hash,
    )


def session_key(session: Session) -> SessionRow:
    """The row of a session by its key alone, for a write."""
    return SessionRow(*client_keys.new_session(session.account_id, session.part))


def find_session(cookie: str, *, policy: str, now: int) -> Session | None:
    """The session that a browser's cookie opens now, or None: in time, and in its account's present epoch.

    It must have begun by what the `policy` of the client and the account's own allow now.
    """
    found = signed_in(cookie) if session_settings().session_lifetime else None
    if found is None or found.is_over(now):
        return None
    account = read_standing(found.account_id)
    held = stricter(policy, policy_in(account.login_policy, now=now))
    return found if account.grant_epoch == found.grant_epoch and allows(held, found.amr) else None


def signed_in(cookie: str) -> Session | None:
    """The active session of a cookie, whatever its time and epoch say, or None."""
    session_id, _, secret = cookie.rpartition(".")
    found = read_session(session_id)
    if found is None or not constant_time_equals(digest(secret), found.secret_hash):
        return None
    return found if found.state == ACTIVE else None


def counts(session: Session) -> bool:
    """Whether what the account granted when the session began still holds."""
    return read_standing(session.account_id).grant_epoch == session.grant_epoch


def read_session(session_id: str) -> Session | None:
    """The session as it stands now; None for one that is not there or that our own code has not written."""
    key = client_keys.session(session_id)
    return None if key is None else _read(key)


def sessions_of(account_id: str) -> Iterator[Session]:
    """All sessions of an account that our own code has written, the ended ones included."""
    wanted = SessionRow.sk.between(*client_keys.sessions())
    for row in SessionRow.query(account_id, wanted, consistent_read=True):
        found = _genuine(row)
        if found is not None:
            yield found


def _read(key: Key) -> Session | None:
    try:
        return _genuine(SessionRow.get(*key, consistent_read=True))
    except SessionRow.DoesNotExist:
        return None


def _genuine(row: SessionRow) -> Session | None:
    found = session_of(row)
    if is_genuine(row.session_mac, session_mac(found)):
        return found
    report_forged("session")
    return None
