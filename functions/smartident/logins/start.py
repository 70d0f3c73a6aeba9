"""How a login begins: with the secrets that only its browser gets, in one of its account's slots."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from smartident.accounts.account_change import AccountChange
from smartident.accounts.item.login_policy import is_passkey_only
from smartident.accounts.item.row import item_in_the_way
from smartident.accounts.limits.pending_logins import Caller, TooManyPendingLogins, free_slots
from smartident.accounts.right_password import check_still_stands, settle
from smartident.crypto.random import digest, new_login_token, random_id
from smartident.errors import KeyRegistrationRequired, PasskeyRequired
from smartident.logins.entry import enter, tell_place
from smartident.logins.login import APPROVED, PENDING, Login, LoginRow, is_decoy, login_of
from smartident.logins.reading import read_recent
from smartident.logins.socket_tickets import first_ticket
from smartident.logins.transfer_code import new_transfer_code, shown_digits, transfer_code_mac
from smartident.rate_limiting.client_address import too_many_failures
from smartident.rate_limiting.counters import CounterRow
from smartident.settings import settings
from smartident.statements.login import write_statement
from smartident.storage import keys
from smartident.storage.ids import newest_first
from smartident.storage.operations import Again, FailedConditions, Put
from smartident.storage.table import DAY
from smartident.storage.writes import retry, write
from smartident.telemetry import log_event

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.accounts.item.row import AccountRow
    from smartident.accounts.password_attempts import PasswordAttempt
    from smartident.clients.client import AuthenticationRequest
    from smartident.statements.login import RequestOrigin


@dataclass(frozen=True)
class StartedLogin:
    """A login just begun, with the secrets that only its browser gets."""

    login: Login
    token: str = field(repr=False)
    transfer_code: str | None = field(repr=False)

    @property
    def ticket(self) -> str:
        """The first socket ticket: it names the login and opens one connection."""
        return f"{self.login.id}.{first_ticket(self.token)}"


class AccountFor(Protocol):
    """Adds to a change of the account what becomes of a login's attempt, or raises why the login may not begin."""

    def __call__(self, change: AccountChange, attempt: PasswordAttempt, *, now: int) -> None:
        """Add it to the change, as often as the change is composed."""


@dataclass(frozen=True)
class NewLogin:
    """A login that is not written yet, and its secrets."""

    row: LoginRow
    token: str = field(repr=False)
    transfer_code: str | None = field(repr=False)

    def started(self) -> StartedLogin:
        """The login, once it is written."""
        has_code = bool(self.row.transfer_code_mac) or is_decoy(self.row)
        return StartedLogin(login_of(self.row), self.token, self.transfer_code if has_code else None)


def start_or_refuse(
    attempt: PasswordAttempt, *, asked: AuthenticationRequest, request_origin: RequestOrigin, now: int
) -> StartedLogin:
    """A login for the right password; raises a Refusal where there is nothing to wait for."""
    if not attempt.is_right or attempt.account is None:
        attempt.fail(now=now)
    if is_passkey_only(attempt.account, asked, now=now):
        settle(attempt, now=now)
        raise PasskeyRequired
    if attempt.account.needs_first_device:
        settle(attempt, now=now)
        raise KeyRegistrationRequired(app_links=settings().app_links())
    return create_login(attempt, attempt.account, asked=asked, request_origin=request_origin, now=now)


def create_login(
    attempt: PasswordAttempt, account: Account, *, asked: AuthenticationRequest, request_origin: RequestOrigin, now: int
) -> StartedLogin:
    """Begin a login: one transaction puts it, settles the attempt and claims one of the account's slots.

    With two-factor off it is approved at once. Raises TooManyAttempts while no further login may wait, or for a client
    address that sent too many wrong passwords.
    """
    new = new_login(attempt, account, asked=asked, request_origin=request_origin, now=now)
    try:
        put_login(new.row, attempt, _settle, now=now)
    except TooManyPendingLogins:
        # The password was right: this refusal is no failed try of it.
        settle(attempt, now=now)
        raise
    return announced(new.started())


def new_login(
    attempt: PasswordAttempt, account: Account, *, asked: AuthenticationRequest, request_origin: RequestOrigin, now: int
) -> NewLogin:
    """A login of this account, not written yet."""
    limits, token, part = settings(), new_login_token(), newest_first(now) + random_id()
    key = keys.new_login(account.id, part)
    login_id = keys.item_id(*key)
    code = new_transfer_code(shown_digits()) if account.two_factor else None
    row = LoginRow(
        *key,
        state=PENDING if account.two_factor else APPROVED,
        token_hash=digest(token),
        ticket_hash=digest(first_ticket(token)),
        client=asked.client_id,
        nonce=asked.nonce,
        # RFC 8176. Not `hwk`: nothing attests the hardware that a phone's keys are in.
        amr="pwd pop user mfa" if account.two_factor else "pwd",
        statement=_statement(account, login_id, asked, request_origin, now),
        client_address=attempt.client_address,
        trusted_browser=attempt.browser.id if attempt.browser else None,
        trust_epoch=account.trust_epoch,
        transfer_code_mac=transfer_code_mac(login_id, code) if code else None,
        created_at=now,
        expires_at=now + limits.login_lifetime,
        complete_by=None if account.two_factor else now + limits.completion_window,
        ttl=now + limits.retention_days * DAY,
    )
    return NewLogin(row, token, code)


def put_login(row: LoginRow, attempt: PasswordAttempt, account_for: AccountFor, *, now: int) -> None:
    """Put a login, in a slot if it waits for a phone, with what `account_for` does about its attempt."""
    code_mac = row.transfer_code_mac

    def put(item: AccountRow) -> Again[AccountRow] | None:
        # Another try knows more countries: it decides again whether the login has a code.
        row.transfer_code_mac = code_mac
        return _put(row, attempt, item, account_for, now=now)

    retry(put, attempt.item)


def announced(started: StartedLogin) -> StartedLogin:
    """The login, told to the operator's log."""
    login = started.login
    log_event("login_started", login_id=login.id)
    if login.state == APPROVED:
        log_event("login_approved", login_id=login.id, reason="two_factor_off")
    return started


def _put(
    row: LoginRow, attempt: PasswordAttempt, item: AccountRow, account_for: AccountFor, *, now: int
) -> Again[AccountRow] | None:
    def on_conflict(conflict: FailedConditions) -> Again[AccountRow]:
        if conflict.failed_on(CounterRow):
            raise too_many_failures(attempt.pool, now=now)
        return Again(check_still_stands(attempt, item_in_the_way(conflict), now=now))

    change = AccountChange(item)
    account_for(change, attempt, now=now)
    if not is_decoy(row):
        _claim_slot(change, row, item, attempt.caller, now=now)
        countries = enter(change, row, now=now)
    # A login token is random: who finds it kept has found this very login.
    put = Put(row, is_own=lambda found: found.token_hash == row.token_hash)
    again: Again[AccountRow] | None = write(put, *change.operations(), on_conflict=on_conflict)
    if again is None and not is_decoy(row):
        tell_place(row, countries, now=now)
    return again


def _settle(change: AccountChange, attempt: PasswordAttempt, *, now: int) -> None:
    change.settle(attempt, now=now)


def _claim_slot(change: AccountChange, row: LoginRow, item: AccountRow, caller: Caller, *, now: int) -> None:
    free = free_slots(item, caller, lambda: read_recent(item.pk, now=now), now=now)
    if row.state == PENDING:
        change.claim_login_slot(keys.login_part(row.sk), expires_at=int(row.expires_at), free=free)
    else:
        change.free_login_slots(free)


def _statement(account: Account, login_id: str, asked: AuthenticationRequest, origin: RequestOrigin, now: int) -> str:
    return write_statement(
        login_id=login_id,
        asked=asked,
        access_number=account.number,
        request_origin=origin,
        requested_at=now,
        expires_at=now + settings().login_lifetime,
        nonce=random_id(),
    )
