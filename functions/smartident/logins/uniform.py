"""Decoys: with UniformLogin a wrong password begins a login too, one that no phone sees (RTS 2018/389 art. 4(3)(a)).

Whoever starts a login learns whether the password was right from a phone's decision alone. A decoy lies where the login
of the right password would lie, is read and written by the same code, and is none to everybody but its browser: its
state fits no approval and no completion.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from smartident.accounts.password_attempts import knows
from smartident.accounts.pending_logins import TooManyPendingLogins, check_wait
from smartident.crypto.random import digest, new_login_token, random_digits, random_id
from smartident.errors import TooManyAttempts
from smartident.logins.login import DECOY, DECOY_CANCELLED, REMEMBERED, LoginRow, login_of
from smartident.logins.socket_tickets import first_ticket
from smartident.logins.start import StartedLogin, open_login, put_login
from smartident.passwords.authenticate import Proven
from smartident.rate_limiting.client_address import count_failure
from smartident.settings import settings
from smartident.storage.ids import newest_first
from smartident.telemetry import log_event

if TYPE_CHECKING:
    from smartident.passwords.authenticate import Unproven
    from smartident.statements.login import RequestOrigin


def open_alike(tried: Proven | Unproven, *, client: str, request_origin: RequestOrigin, now: int) -> StartedLogin:
    """Begin a login, or a decoy for a wrong password and while the account has no place for another login.

    Raises TooManyAttempts by what this source did, never by whether it was right or by what others do.
    """
    _count(tried, now=now)
    _check_places(tried, now=now)
    if isinstance(tried, Proven):
        with suppress(TooManyPendingLogins):
            return open_login(tried, client=client, request_origin=request_origin, now=now)
    return open_decoy(tried, client=client, now=now)


def open_decoy(tried: Proven | Unproven, *, client: str, now: int) -> StartedLogin:
    """Begin a login that no phone sees: it takes no place and holds what its browser's requests read, nothing else."""
    limits, token = settings(), new_login_token()
    digits = limits.transfer_code_digits
    row = LoginRow(
        tried.account_id,
        f"LOGIN#{newest_first(now)}{random_id()}",
        state=DECOY,
        state_if_cancelled=DECOY_CANCELLED,
        token_hash=digest(token),
        ticket_hash=digest(first_ticket(token)),
        client=client,
        amr="",
        statement="",
        source=tried.source,
        created_at=now,
        expires_at=now + limits.login_lifetime,
        ttl=now + 2 * REMEMBERED,
    )
    put_login(row, tried.row, now=now)
    opened = StartedLogin(login_of(row), token, random_digits(digits) if digits else None)
    log_event("login_decoyed", login_id=opened.login.id)
    return opened


def _count(tried: Proven | Unproven, *, now: int) -> None:
    """Count the start as a wrong password of its source, whatever it was, until a completed login gives it back."""
    try:
        count_failure(tried.source, now=now)
    except TooManyAttempts:
        if not knows(tried.row, tried.source):
            raise


def _check_places(tried: Proven | Unproven, *, now: int) -> None:
    """Raise PlacesTaken by the logins of this source alone, decoys or not.

    Strangers' decoys take none of the owner's places, and the owner's logins show in no stranger's answer.
    """
    oldest = f"LOGIN#{newest_first(now - REMEMBERED)}~"
    rows = LoginRow.query(tried.account_id, LoginRow.sk.between("LOGIN#", oldest), consistent_read=True)
    own = tuple(login_of(row) for row in rows if row.source == tried.source)
    check_wait(tried.row, tried.source, own, now=now)
