"""Identifier and enrolment code, counted exactly like identifier and password, alike for every name."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from smartident.accounts.password_attempts import begin_attempt
from smartident.accounts.right_password import settle
from smartident.enrolment.enrolment_code import read_enrolment_code
from smartident.errors import EnrolmentCodeInvalid, InvalidCredentials
from smartident.settings import EnrolmentSettings, settings_of

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.enrolment.enrolment_code import EnrolmentCode


def authenticate_by_code(
    identifier: str, typed: str, *, client_address: str, now: int
) -> tuple[Account, EnrolmentCode]:
    """The account whose enrolment code this is, its attempts forgotten; raises TooManyAttempts or EnrolmentCodeInvalid.

    To a frozen account, and beyond the limits of attempts, every code is wrong. An unknown name costs the same calls.
    """
    attempt = begin_attempt(identifier, client_address, now=now)
    code, account = read_enrolment_code(attempt.account_id), attempt.account
    is_right = code is not None and code.is_typed(typed)
    is_out = account is None or account.frozen or attempt.always_wrong
    if account is None or code is None or is_out or not is_right or not _counts(code, account, now=now):
        with suppress(InvalidCredentials):
            attempt.fail(now=now)
        raise EnrolmentCodeInvalid
    settle(attempt, now=now)
    return account, code


def _counts(code: EnrolmentCode, account: Account, *, now: int) -> bool:
    too_few = settings_of(EnrolmentSettings).enrolment_code_operators > 1 and code.is_of_one_operator
    return code.counts(account, now=now) and not too_few
