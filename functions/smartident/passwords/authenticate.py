"""Identifier and password, checked at the same work whether the name is known, unknown or shared."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from smartident.accounts.password_attempts import begin_attempt
from smartident.accounts.settlement import settle
from smartident.errors import AccessNumberRequired
from smartident.passwords.hashing import decoy_hash, hash_password, is_outdated, is_password

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.accounts.password_attempts import PasswordAttempt


def authenticate(identifier: str, password: str, *, client_address: str, now: int) -> Account:
    """The account whose password this is, its attempts forgotten.

    Raises TooManyAttempts, InvalidCredentials, or AccessNumberRequired for an e-mail that several accounts share.
    """
    attempt = check_password(begin_attempt(identifier, client_address, now=now), password, now=now)
    if not attempt.is_right or attempt.account is None:
        attempt.fail(now=now)
    settle(attempt, now=now)
    return attempt.account


def check_password(attempt: PasswordAttempt, password: str, *, now: int) -> PasswordAttempt:
    """The attempt, and whether its password is right; its try is still counted.

    Raises AccessNumberRequired if the password is right for one of several accounts that share the e-mail.
    """
    matches = [is_password(password, one or decoy_hash()) for one in attempt.password_hashes]
    if attempt.always_wrong or not any(matches):
        return attempt
    if attempt.account is None:
        settle(attempt, now=now)
        raise AccessNumberRequired
    if is_outdated(attempt.password_hashes[0] or ""):
        attempt.replace_hash(hash_password(password))
    return replace(attempt, is_right=True)
