"""Logins: what a login is, and reading it. start.py begins it, transitions.py moves it on."""

from __future__ import annotations

from dataclasses import dataclass, field

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from smartident.crypto.pepper import constant_time_equals, mac
from smartident.crypto.random import digest
from smartident.errors import LoginNotFound
from smartident.settings import settings
from smartident.storage.ids import split_id, time_of
from smartident.storage.table import Row

PENDING, APPROVED, COMPLETED = "pending", "approved", "completed"
DENIED, CANCELLED, EXPIRED = "denied", "cancelled", "expired"
# Logins that no phone ever sees (uniform.py) have states of their own: no approval and no completion fits them.
DECOY, DECOY_CANCELLED = "decoy", "decoy_cancelled"
# So long after its beginning a login, decoy or not, is none to its browser any more: the table then forgets decoys.
REMEMBERED = 3600
# What the browser is told; the rest of the story is between the phone and the table.
HINTS = {COMPLETED: APPROVED, CANCELLED: DENIED, DECOY: PENDING, DECOY_CANCELLED: DENIED}


class LoginRow(Row, discriminator="login"):
    """`<account_id>` | `LOGIN#<newest first><id>`: one login and, once decided, its receipt."""

    state = UnicodeAttribute()
    token_hash = UnicodeAttribute()
    ticket_hash = UnicodeAttribute(null=True)
    connection_id = UnicodeAttribute(null=True)
    client = UnicodeAttribute()
    amr = UnicodeAttribute()
    statement = UnicodeAttribute()
    source = UnicodeAttribute()
    transfer_code_mac = UnicodeAttribute(null=True)
    created_at = NumberAttribute()
    expires_at = NumberAttribute()
    complete_by = NumberAttribute(null=True)
    decided_at = NumberAttribute(null=True)
    decided_by = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    receipt = UnicodeAttribute(null=True)
    completed_at = NumberAttribute(null=True)
    denial = UnicodeAttribute(null=True)
    barred_device_ids = UnicodeAttribute(null=True)
    # Only with UniformLogin: what a decoy is once cancelled, and how long its source was held when it began.
    state_if_cancelled = UnicodeAttribute(null=True)
    held_until = NumberAttribute(null=True)


@dataclass(frozen=True)
class Login:
    """One login as it stood when it was read."""

    account_id: str
    id: str
    state: str
    client: str
    amr: tuple[str, ...]
    statement: str
    source: str
    created_at: int
    expires_at: int
    complete_by: int | None
    decided_at: int | None
    decided_by: str | None
    reason: str | None
    completed_at: int | None
    connection_id: str | None
    barred_device_ids: str
    held_until: int | None
    token_hash: str = field(repr=False)
    transfer_code_mac: str | None = field(repr=False)

    def status(self, now: int) -> str:
        """Where the login stands at this moment, whatever the table still says."""
        over = {PENDING: self.expires_at, DECOY: self.expires_at, APPROVED: self.complete_by}.get(self.state)
        return EXPIRED if over is not None and over <= now else self.state

    def status_message(self, now: int) -> dict[str, str]:
        """What a browser may know: a status and whose, never a secret."""
        return {"status": self.browser_status(now), "login_id": self.id}

    def browser_status(self, now: int) -> str:
        """The status in the browser's words, in which a decoy is like any other login."""
        status = self.status(now)
        return HINTS.get(status, status)

    def is_transfer_code(self, typed: str) -> bool:
        """Whether this is the code that the page shows; compared as seals, in constant time."""
        if self.transfer_code_mac is None:
            return typed == ""
        return constant_time_equals(transfer_code_mac(self.id, typed), self.transfer_code_mac)


def login_of(row: LoginRow) -> Login:
    """The login that a row holds."""
    return Login(
        account_id=row.pk,
        id=f"{row.pk}.{row.sk.removeprefix('LOGIN#')}",
        state=row.state,
        client=row.client,
        amr=tuple(row.amr.split()),
        statement=row.statement,
        source=row.source,
        created_at=int(row.created_at),
        expires_at=int(row.expires_at),
        complete_by=_whole(row.complete_by),
        decided_at=_whole(row.decided_at),
        decided_by=row.decided_by,
        reason=row.reason,
        completed_at=_whole(row.completed_at),
        connection_id=row.connection_id,
        barred_device_ids=row.barred_device_ids or "",
        held_until=_whole(row.held_until),
        token_hash=row.token_hash,
        transfer_code_mac=row.transfer_code_mac,
    )


def transfer_code_mac(login_id: str, code: str) -> str:
    """How the transfer code of a login stands in the table."""
    return mac("transfer-code", login_id, code)


def row_key(login_id: str) -> LoginRow:
    """The key of a login's row, found from the id alone; raises LoginNotFound for what is no login id."""
    parts = split_id(login_id)
    if parts is None:
        raise LoginNotFound
    return LoginRow(parts[0], f"LOGIN#{parts[1]}")


def read_login(login_id: str) -> Login:
    """The login as it stands now; raises LoginNotFound."""
    key = row_key(login_id)
    try:
        return login_of(LoginRow.get(key.pk, key.sk, consistent_read=True))
    except LoginRow.DoesNotExist:
        raise LoginNotFound from None


def read_own_login(login_id: str, login_token: str) -> Login:
    """The login if the token is its own; raises LoginNotFound for a wrong token just as for a wrong id."""
    login = read_login(login_id)
    if not constant_time_equals(digest(login_token), login.token_hash):
        raise LoginNotFound
    return login


def check_remembered(login_id: str, *, now: int) -> None:
    """With UniformLogin, raise LoginNotFound for a login so old that a decoy of its age is gone."""
    if settings().uniform() and time_of(login_id.partition(".")[2]) + REMEMBERED <= now:
        raise LoginNotFound("long ago")


def latest_logins(account_id: str, *, after: str, most: int) -> list[Login]:
    """An account's logins, newest first, from after a cursor on; decoys are none of them."""
    rows = LoginRow.query(
        account_id,
        LoginRow.sk.between(f"LOGIN#{after}", "LOGIN#~"),
        filter_condition=~LoginRow.state.is_in(DECOY, DECOY_CANCELLED),
        consistent_read=True,
        limit=most,
    )
    return [login_of(row) for row in rows]


def is_decoy(row: LoginRow) -> bool:
    """Whether no phone may ever see it."""
    return row.state in {DECOY, DECOY_CANCELLED}


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)
