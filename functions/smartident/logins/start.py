"""Openings: how a login begins, with the secrets that only its browser gets, in one of its account's places."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from smartident.accounts.account import ACCOUNT, AccountRow, log_of, read_row, stands_at
from smartident.accounts.password_attempts import held_until, is_held_until, knows
from smartident.accounts.pending_logins import TooManyPendingLogins, places_of
from smartident.accounts.reset import check_as_proven, check_source, cleared
from smartident.crypto.hash_chain import after_login
from smartident.crypto.random import digest, new_login_token, random_digits, random_id
from smartident.errors import ServiceUnavailable
from smartident.logins.login import APPROVED, DECOY, PENDING, Login, LoginRow, login_of, transfer_code_mac
from smartident.logins.socket_tickets import first_ticket
from smartident.rate_limiting.client_address import require_quiet
from smartident.settings import settings
from smartident.statements.login import placed, write_statement
from smartident.storage.ids import newest_first
from smartident.storage.table import DAY, Conflict, Row, transact
from smartident.telemetry import log_event

if TYPE_CHECKING:
    from pynamodb.transactions import TransactWrite

    from smartident.accounts.account import Account
    from smartident.passwords.authenticate import Proven
    from smartident.statements.login import RequestOrigin

# So many starts of one account at the same moment all end well: one of them is written in each turn.
CLAIMS = 64


@dataclass(frozen=True)
class StartedLogin:
    """A login just begun, with the secrets that only its browser gets."""

    login: Login
    token: str = field(repr=False)
    transfer_code: str | None = field(repr=False)

    @property
    def ticket(self) -> str:
        """The first WebSocket ticket: it names the login and opens one connection."""
        return f"{self.login.id}.{first_ticket(self.token)}"


def open_login(proven: Proven, *, client: str, request_origin: RequestOrigin, now: int) -> StartedLogin:
    """Begin a login: one transaction puts it, forgets the password tries and claims one of the account's places.

    With two-factor off it is approved at once. Raises TooManyAttempts while there is no place, or for a source
    that has brought too many wrong passwords.
    """
    row, token, code = _new_login(proven, client=client, request_origin=request_origin, now=now)
    try:
        put_login(row, proven.row, now=now)
    except TooManyPendingLogins:
        if not _counts_on(row):
            # The password was right: this refusal is no failed try of it.
            proven.clear(now=now)
        raise
    return _begun(StartedLogin(login_of(row), token, code))


def put_login(row: LoginRow, before: AccountRow, *, now: int) -> None:
    """Put a login beside the guard that its credentials met, in a place if it needs one; raises as `open_login`."""
    guard: AccountRow | None = before
    for _ in range(CLAIMS):
        if guard is None:
            break
        pending = _pending_with(row, guard, now=now)
        try:
            transact(_opening(row, guard, pending, now=now))
        except Conflict:
            guard = read_row(before.pk)
            check_source(guard, row.source, before=before, now=now)
            check_as_proven(guard, before=before)
            continue
        return
    raise ServiceUnavailable("too many starts at once", retry_after=1)


def _pending_with(row: LoginRow, guard: AccountRow, *, now: int) -> dict[str, int]:
    if row.state == DECOY:
        return dict(guard.pending.as_dict())
    pending = places_of(guard, row.source, now=now)
    return {**pending, row.sk: int(row.expires_at)} if row.state == PENDING else pending


def _counts_on(row: LoginRow) -> bool:
    """Whether its try goes on counting until the login is completed, right or wrong (accounts/settle_completed.py)."""
    return row.state != APPROVED and settings().uniform()


def _begun(opened: StartedLogin) -> StartedLogin:
    login = opened.login
    log_event("login_started", login_id=login.id)
    if login.state == APPROVED:
        log_event("login_approved", login_id=login.id, reason="two_factor_off")
    return opened


def _new_login(
    proven: Proven, *, client: str, request_origin: RequestOrigin, now: int
) -> tuple[LoginRow, str, str | None]:
    limits, account, token = settings(), proven.account, new_login_token()
    part = newest_first(now) + random_id()
    login_id = f"{account.id}.{part}"
    digits = limits.transfer_code_digits if account.two_factor else 0
    code = random_digits(digits) if digits else None
    row = LoginRow(
        account.id,
        f"LOGIN#{part}",
        state=PENDING if account.two_factor else APPROVED,
        token_hash=digest(token),
        ticket_hash=digest(first_ticket(token)),
        client=client,
        # RFC 8176. Not `hwk`: nothing attests the hardware that a phone's keys are in.
        amr="pwd pop user mfa" if account.two_factor else "pwd",
        statement=_statement(account, login_id, client=client, request_origin=request_origin, now=now),
        source=proven.source,
        held_until=held_until(proven.row, proven.source) if settings().uniform() else None,
        transfer_code_mac=transfer_code_mac(login_id, code) if code else None,
        created_at=now,
        expires_at=now + limits.login_lifetime,
        complete_by=None if account.two_factor else now + limits.completion_window,
        ttl=now + limits.retention_days * DAY,
    )
    return row, token, code


def _statement(account: Account, login_id: str, *, client: str, request_origin: RequestOrigin, now: int) -> str:
    return write_statement(
        login_id=login_id,
        client=client,
        access_number=account.number,
        request_origin=request_origin,
        requested_at=now,
        expires_at=now + settings().login_lifetime,
        nonce=random_id(),
    )


def _opening(row: LoginRow, guard: AccountRow, pending: dict[str, int], *, now: int) -> Any:
    counts_on, held = _counts_on(row), held_until(guard, row.source)
    forgotten = [] if counts_on else cleared(guard, row.source, now=now)
    entered = [] if row.state == DECOY else _entered(row, guard)

    def compose(transaction: TransactWrite) -> None:
        transaction.save(row, condition=Row.pk.does_not_exist())
        transaction.update(
            AccountRow(guard.pk, ACCOUNT),
            actions=[*forgotten, AccountRow.pending.set(pending), *entered],
            # Whoever took a place since entered that into the log, but for the release before this one: it has none.
            condition=stands_at(log_of(guard))
            & (AccountRow.pending == guard.pending.as_dict())
            & is_held_until(held, row.source),
        )
        if not counts_on and not knows(guard, row.source):
            require_quiet(transaction, row.source, now=now)

    return compose


def _entered(row: LoginRow, guard: AccountRow) -> list[Any]:
    """The login's statement names its place in the log, which moves on to it; a decoy is in no log."""
    before = log_of(guard)
    row.statement = placed(row.statement, log=str(before))
    log = after_login(before, row.pk, row.sk.removeprefix("LOGIN#"), row.to_simple_dict())
    return [AccountRow.log.set(str(log))]
