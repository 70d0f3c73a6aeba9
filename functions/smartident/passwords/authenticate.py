"""Identifier and password, checked at the same work whether the name is known, unknown or shared."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from smartident.accounts.password_attempts import begin_attempt
from smartident.accounts.right_password import settle
from smartident.errors import AccessNumberRequired
from smartident.passwords.hashing import decoy_hash, hash_password, is_outdated, is_password

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.accounts.password_attempts import PasswordAttempt


def authenticate(identifier: str, password: str, *, client_address: str, now: int) -> Account:
    """The account whose password this is, its attempts forgotten; raises TooManyAttempts or InvalidCredentials."""
    attempt = check_password(begin_attempt(identifier, client_address, now=now), password, now=now)
    if not attempt.is_right or attempt.account is None:
        attempt.fail(now=now)
    settle(attempt, now=now)
    return attempt.account


def check_password(attempt: PasswordAttempt, password: str, *, now: int) -> PasswordAttempt:
    """The attempt, and whether its password is right; its try is still counted. Every name costs one hash.

    Raises AccessNumberRequired for the right password of the one account, among those that share the e-mail, that
    trusts the browser. To everybody else a shared e-mail is an unknown one.
    """
    matches = is_password(password, attempt.password_hash or decoy_hash())
    # In a frozen account the right password is a wrong one, at the same work and counted alike.
    if attempt.account is None or attempt.account.frozen or attempt.always_wrong or not matches:
        return attempt
    if attempt.is_shared_name:
        settle(attempt, now=now)
        raise AccessNumberRequired
    if is_outdated(attempt.password_hash or ""):
        attempt.replace_hash(hash_password(password))
    return replace(attempt, is_right=True)
