"""Logins: one attempt to sign in each, from its start to its end. start.py begins it, transitions.py moves it on."""

from __future__ import annotations

from dataclasses import dataclass, field

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from smartident.crypto.item_mac import grant_mac
from smartident.errors import LoginNotFound
from smartident.logins.transfer_code import is_transfer_code
from smartident.rate_limiting.trusted_browser import pool_of
from smartident.storage import keys
from smartident.storage.table import Row

PENDING, APPROVED, COMPLETED = "pending", "approved", "completed"
DENIED, CANCELLED, EXPIRED = "denied", "cancelled", "expired"
# Logins that no phone ever sees (decoys.py) have states of their own: no approval and no completion fits them.
DECOY, DECOY_CANCELLED = "decoy", "decoy_cancelled"
# What the browser hears of a state; the rest of the story is between the phone and the table.
BROWSER_STATUS = {COMPLETED: APPROVED, CANCELLED: DENIED, DECOY: PENDING, DECOY_CANCELLED: DENIED}
# The one reason of a denial that the browser is told: the person may log in again and type the next code right.
MISTYPED = "transfer_code"


class LoginRow(Row, discriminator="login"):
    """`<account_id>` | `LOGIN#<newest first><id>`: one login and, once decided, its receipt."""

    state = UnicodeAttribute()
    token_hash = UnicodeAttribute()
    ticket_hash = UnicodeAttribute(null=True)
    connection_id = UnicodeAttribute(null=True)
    client = UnicodeAttribute()
    delivery = UnicodeAttribute(null=True)  # only if its client began it, not a browser: how it hears of the outcome
    nonce = UnicodeAttribute(null=True)
    amr = UnicodeAttribute()
    statement = UnicodeAttribute()
    client_address = UnicodeAttribute()
    # The trusted browser that it began in, if it did, and what a token that it earns is worth: tries, nothing else.
    trusted_browser = UnicodeAttribute(null=True)
    trust_epoch = NumberAttribute(null=True)
    transfer_code_mac = UnicodeAttribute(null=True)
    created_at = NumberAttribute()
    expires_at = NumberAttribute()
    complete_by = NumberAttribute(null=True)
    decided_at = NumberAttribute(null=True)
    decided_by = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    receipt = UnicodeAttribute(null=True)
    completed_at = NumberAttribute(null=True)
    denial_evidence = UnicodeAttribute(null=True)
    # What became of the logins before it that no entry covered yet (hash_chain.py).
    outcomes = UnicodeAttribute(null=True)
    barred_device_ids = UnicodeAttribute(null=True)
    # Only with UniformLogin: what a decoy is once cancelled, and until when its address was blocked when it began.
    state_if_cancelled = UnicodeAttribute(null=True)
    address_blocked_until = NumberAttribute(null=True)
    # The account's epoch that the login counts in, and the MAC over what it grants in its state.
    grant_epoch = NumberAttribute(default=0)
    mac = UnicodeAttribute(null=True)
    completion_mac = UnicodeAttribute(null=True)


@dataclass(frozen=True)
class Login:
    """One login as it stood when it was read."""

    account_id: str
    id: str
    state: str
    client: str
    delivery: str | None
    nonce: str | None
    amr: tuple[str, ...]
    statement: str
    client_address: str
    created_at: int
    expires_at: int
    complete_by: int | None
    decided_at: int | None
    decided_by: str | None
    reason: str | None
    completed_at: int | None
    connection_id: str | None
    barred_device_ids: str
    address_blocked_until: int | None
    trusted_browser: str | None
    trust_epoch: int | None
    grant_epoch: int
    token_hash: str = field(repr=False)
    transfer_code_mac: str | None = field(repr=False)
    mac: str | None = field(compare=False, repr=False)
    completion_mac: str | None = field(compare=False, repr=False)

    @property
    def part(self) -> str:
        """What the id adds to the account's."""
        return self.id.partition(".")[2]

    @property
    def is_open(self) -> bool:
        """Whether its state may still lead to a session, whatever its time says: what ends it asks for this."""
        return self.state in {PENDING, APPROVED}

    @property
    def password_alone(self) -> bool:
        """Whether no phone had a say: it was approved because two-factor was off."""
        return self.state == APPROVED and self.decided_by is None

    @property
    def pools(self) -> tuple[str, ...]:
        """Whose tries and logins it counts among, first of all: its trusted browser's, and its client address's."""
        browser = () if self.trusted_browser is None else (pool_of(self.trusted_browser),)
        return (*browser, self.client_address)

    def status(self, now: int) -> str:
        """What the login is at this moment: its state, or expired."""
        over = {PENDING: self.expires_at, DECOY: self.expires_at, APPROVED: self.complete_by}.get(self.state)
        return EXPIRED if over is not None and over <= now else self.state

    def status_message(self, now: int) -> dict[str, str]:
        """What a browser may know: a status and whose, never a secret."""
        told = {"status": self.browser_status(now), "login_id": self.id}
        return {**told, "reason": MISTYPED} if self.state == DENIED and self.reason == MISTYPED else told

    def browser_status(self, now: int) -> str:
        """The status in the browser's words, in which a decoy is like any other login."""
        status = self.status(now)
        return BROWSER_STATUS.get(status, status)

    def is_transfer_code(self, typed: str) -> bool:
        """Whether this is the code that the page shows, compared in constant time."""
        return is_transfer_code(typed, login_id=self.id, kept=self.transfer_code_mac)


def login_of(row: LoginRow) -> Login:
    """The login that a row holds."""
    return Login(
        account_id=row.pk,
        id=keys.login_id(row.pk, row.sk),
        state=row.state,
        client=row.client,
        delivery=row.delivery,
        nonce=row.nonce,
        amr=tuple(row.amr.split()),
        statement=row.statement,
        client_address=row.client_address,
        created_at=int(row.created_at),
        expires_at=int(row.expires_at),
        complete_by=_whole(row.complete_by),
        decided_at=_whole(row.decided_at),
        decided_by=row.decided_by,
        reason=row.reason,
        completed_at=_whole(row.completed_at),
        connection_id=row.connection_id,
        barred_device_ids=row.barred_device_ids or "",
        address_blocked_until=_whole(row.address_blocked_until),
        trusted_browser=row.trusted_browser,
        trust_epoch=_whole(row.trust_epoch),
        grant_epoch=int(row.grant_epoch),
        token_hash=row.token_hash,
        transfer_code_mac=row.transfer_code_mac,
        mac=row.mac,
        completion_mac=row.completion_mac,
    )


def login_mac(login: Login) -> str:
    """The MAC of a login over all that its state grants, in its epoch of the account.

    A completed one keeps that of its approval: its completion is proven by `completion_mac`.
    """
    asked = (login.client, " ".join(login.amr), login.statement, login.client_address, login.transfer_code_mac)
    times = (login.created_at, login.expires_at, login.complete_by, login.decided_at)
    by = (login.decided_by, login.token_hash, login.nonce)
    state = APPROVED if login.state == COMPLETED else login.state
    return grant_mac("login", login.id, login.grant_epoch, state, *asked, *times, *by)


def completion_mac(login_id: str, grant_epoch: int, completed_at: int) -> str:
    """What proves that a login of this epoch was completed then, in the same epoch of its account."""
    return grant_mac("completion", login_id, grant_epoch, completed_at)


def row_key(login_id: str) -> LoginRow:
    """The row of a login by its key alone, for a write; raises LoginNotFound for what is no login id."""
    key = keys.login(login_id)
    if key is None:
        raise LoginNotFound
    return LoginRow(*key)


def is_decoy(login: Login | LoginRow) -> bool:
    """Whether no phone may ever see it."""
    return login.state in {DECOY, DECOY_CANCELLED}


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)
