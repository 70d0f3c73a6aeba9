"""Password and recovery code, tried together: what is wrong of them nobody learns, and both tries are one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from smartident.accounts.account import read_account
from smartident.accounts.account_change import change_of
from smartident.accounts.password_attempts import begin_attempt
from smartident.accounts.right_password import settle
from smartident.errors import InvalidCredentials, RecoveryRefused, TooManyAttempts
from smartident.notices.outbox import notice
from smartident.passwords.authenticate import check_password
from smartident.rate_limiting.counters import RateLimit
from smartident.recovery.code_set import read_codes, read_valid_codes
from smartident.recovery.codes import code_mac
from smartident.storage.operations import Again
from smartident.storage.writes import retry, write

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.accounts.password_attempts import PasswordAttempt

# So many wrong codes an account takes a day, each with the right password; beyond them every code is wrong.
MAX_WRONG_CODES = 10
# Wrong passwords count elsewhere: strangers must not keep the owner's codes from counting.
_STRANGERS = "recovery-stranger"
_UNLIMITED = 2**31


def authenticate_by_code(
    identifier: str, password: str, code: str, *, client_address: str, origin: str = "", now: int
) -> tuple[Account, str]:
    """The account whose password and recovery code these are, and the code's MAC; nothing is used up.

    Counted as a password is, and by account too, before the code is looked at. Raises TooManyAttempts, or
    RecoveryRefused for whatever is wrong.
    """
    attempt = check_password(begin_attempt(identifier, client_address, now=now), password, now=now)
    limit = wrong_codes_of_day(attempt.account_id) if attempt.is_right else _strangers(attempt.account_id)
    try:
        tries = limit.count_one(now=now)
    except TooManyAttempts:
        tries = MAX_WRONG_CODES + 1
    mac = code_mac(attempt.account_id, code)
    if not _is_left(attempt, mac) or attempt.account is None or tries > MAX_WRONG_CODES:
        if attempt.account is not None and attempt.is_right and tries == MAX_WRONG_CODES:
            _tell(attempt.account, origin=origin, now=now)
        _refuse(attempt, now=now)
    limit.give_back(now=now)
    settle(attempt, now=now)
    return attempt.account, mac


def wrong_codes_of_day(account_id: str) -> RateLimit:
    """The limit of a day on wrong codes of one account."""
    return RateLimit("recovery-code", account_id, max=MAX_WRONG_CODES)


def _strangers(account_id: str) -> RateLimit:
    return RateLimit(_STRANGERS, account_id, max=_UNLIMITED)


def _is_left(attempt: PasswordAttempt, mac: str) -> bool:
    """Whether the password is right and the code one of the account's; every name costs the same reads."""
    if attempt.account is None or not attempt.is_right:
        read_codes(attempt.account_id)
        return False
    codes = read_valid_codes(attempt.account)
    return codes is not None and codes.has(mac)


def _refuse(attempt: PasswordAttempt, *, now: int) -> NoReturn:
    try:
        attempt.fail(now=now)
    except InvalidCredentials:
        raise RecoveryRefused from None


def _tell(account: Account, *, origin: str, now: int) -> None:
    """Tell the owner that somebody has the password and has tried as many codes as a day allows."""

    def attempt(found: Account | None) -> Again[Account | None] | None:
        if found is None:
            return None
        change = change_of(found)
        change.record("recovery_codes_blocked", now=now)
        change.also([notice(account.id, "recovery_codes_blocked", now=now, origin=origin)])
        return write(*change.operations(), on_conflict=lambda _: Again(read_account(account.id)))

    retry(attempt, account)
