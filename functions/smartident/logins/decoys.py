"""UniformLogin: a wrong password begins a login too, a decoy that no phone sees (RTS 2018/389 art. 4(3)(a)).

Only a phone's decision tells a caller whether the password was right. A decoy lies where the login of the right
password would lie, and is read and written by the same code. Its state fits no approval and no completion.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from smartident.accounts.item.login_policy import is_passkey_only
from smartident.accounts.limits.pending_logins import TooManyPendingLogins, check_wait, open_outcomes
from smartident.accounts.right_password import settle_completed_login
from smartident.crypto.random import digest, new_login_token, random_id
from smartident.errors import LoginNotFound, TooManyAttempts
from smartident.logins.login import DECOY, DECOY_CANCELLED, LoginRow, login_of
from smartident.logins.ordinary import LoginFlow
from smartident.logins.reading import as_recent, final_logins, is_decided_by_phone, recent_logins
from smartident.logins.socket_tickets import first_ticket
from smartident.logins.start import NewLogin, StartedLogin, announced, new_login, put_login
from smartident.logins.transfer_code import new_transfer_code, shown_digits
from smartident.rate_limiting.client_address import count_failure
from smartident.settings import settings
from smartident.storage import keys
from smartident.storage.ids import newest_first, time_of
from smartident.telemetry import log_event

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.accounts.account_change import AccountChange
    from smartident.accounts.password_attempts import PasswordAttempt
    from smartident.clients.client import AuthenticationRequest
    from smartident.logins.login import Login
    from smartident.logins.ordinary import Start
    from smartident.statements.login import RequestOrigin

# Logins and decoys stay visible to the browser for this long after they start; after that DynamoDB may delete decoys.
VISIBLE_SECONDS = 3600


class MustWaitForOwnLogins(TooManyAttempts):
    """This client address has to wait for its own logins and decoys, right password or wrong."""


class UniformFlow(LoginFlow):
    """Right and wrong passwords are answered alike wherever the login waits for a phone."""

    def start(
        self,
        attempt: PasswordAttempt,
        ordinary: Start,
        *,
        asked: AuthenticationRequest,
        request_origin: RequestOrigin,
        now: int,
    ) -> StartedLogin:
        """A login, or a decoy: for a wrong password, where a passkey is required, and while no slot is free.

        Raises TooManyAttempts by what this client address did, never by whether it was right or by what others do.
        """
        right = attempt.account if attempt.is_right else None
        needs_passkey = right is not None and is_passkey_only(right, asked, now=now)
        if not attempt.waits_for_phone and not needs_passkey:
            return ordinary(attempt, asked=asked, request_origin=request_origin, now=now)
        _count_start(attempt, now=now)
        if right is not None and not needs_passkey:
            with suppress(TooManyPendingLogins):
                return _start_counted(attempt, right, asked=asked, request_origin=request_origin, now=now)
        return start_decoy(attempt, client=asked.client_id, now=now)

    def check_visible(self, login_id: str, *, now: int) -> None:
        """A login is not found any more once a decoy of its age may be gone."""
        if time_of(login_id.partition(".")[2]) + VISIBLE_SECONDS <= now:
            raise LoginNotFound("long ago")

    def after_completion(self, login: Login, *, now: int) -> None:
        """Settle what was counted when the login began: a phone approved it, so the password was right.

        A passkey's login counted nothing, and gives nothing back.
        """
        if is_decided_by_phone(login):
            settle_completed_login(
                login.account_id,
                login.pools[0],
                blocked_until=login.address_blocked_until,
                started_at=login.created_at,
                now=now,
            )

    def answers_at_fixed_time(self, refusal: BaseException | None) -> bool:  # noqa: ARG002  all answers alike
        """Every answer leaves at one time."""
        return True


def start_decoy(attempt: PasswordAttempt, *, client: str, now: int) -> StartedLogin:
    """Begin a login that no phone sees: it takes no slot and holds only what its browser's requests read."""
    limits, token = settings(), new_login_token()
    row = LoginRow(
        *keys.new_login(attempt.account_id, newest_first(now) + random_id()),
        state=DECOY,
        state_if_cancelled=DECOY_CANCELLED,
        token_hash=digest(token),
        ticket_hash=digest(first_ticket(token)),
        client=client,
        amr="",
        statement="",
        client_address=attempt.client_address,
        trusted_browser=attempt.browser.id if attempt.browser else None,
        created_at=now,
        expires_at=now + limits.login_lifetime,
        ttl=now + 2 * VISIBLE_SECONDS,
    )
    put_login(row, attempt, _count_decoy_on, now=now)
    log_event("login_decoyed", login_id=login_of(row).id)
    return NewLogin(row, token, new_transfer_code(shown_digits())).started()


def _start_counted(
    attempt: PasswordAttempt, account: Account, *, asked: AuthenticationRequest, request_origin: RequestOrigin, now: int
) -> StartedLogin:
    """Begin a login whose attempt goes on counting, right or wrong, until the login is completed."""
    new = new_login(attempt, account, asked=asked, request_origin=request_origin, now=now)
    new.row.address_blocked_until = attempt.blocked_until
    put_login(new.row, attempt, _count_login_on, now=now)
    return announced(new.started())


def _count_start(attempt: PasswordAttempt, *, now: int) -> None:
    """Count the start as a wrong password of its address, whatever it was, until a completed login gives it back."""
    try:
        count_failure(attempt.pool, now=now)
    except TooManyAttempts:
        if not attempt.is_trusted:
            raise


def _count_on(change: AccountChange, attempt: PasswordAttempt, *, now: int) -> None:
    """Let the attempt go on counting, if this address has not too many logins or decoys of its own.

    The logins are read after the item, and the item says whether one began since: simultaneous starts of one address
    are answered as if one came after the other. Raises MustWaitForOwnLogins by the logins of this address alone:
    strangers' decoys take none of the owner's slots, and the owner's logins show in no stranger's answer.
    """
    logins = recent_logins(attempt.account_id, now=now)
    own = [as_recent(login, now) for login in logins if login.pools[0] == attempt.pool]
    try:
        check_wait(change.item, attempt.caller, own, now=now)
    except TooManyPendingLogins as wait:
        raise MustWaitForOwnLogins(str(wait), **wait.details) from None
    change.count_uniform_start(attempt)


def _count_login_on(change: AccountChange, attempt: PasswordAttempt, *, now: int) -> None:
    """The same of a login: where no outcome is open that its entry reads, it reads as much."""
    _count_on(change, attempt, now=now)
    if not open_outcomes(change.item):
        _read_as_a_login(attempt, now=now)


def _count_decoy_on(change: AccountChange, attempt: PasswordAttempt, *, now: int) -> None:
    """The same of a decoy, which has no entry: it reads what that of a login would."""
    _count_on(change, attempt, now=now)
    _read_as_a_login(attempt, now=now)


def _read_as_a_login(attempt: PasswordAttempt, *, now: int) -> None:
    final_logins(attempt.account_id, {newest_first(now)}, now=now)
