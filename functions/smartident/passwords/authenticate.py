"""Credentials: identifier and password, proven at the same work whoever they name."""

from __future__ import annotations

from dataclasses import dataclass

from smartident.accounts.account import Account, AccountRow, account_of, find_accounts, normalised, read_row
from smartident.accounts.password_attempts import raise_tries
from smartident.accounts.reset import clear
from smartident.crypto.pepper import derived_id, mac
from smartident.errors import AccessNumberRequired, InvalidCredentials
from smartident.passwords.hashing import decoy_hash, hash_password, is_outdated, is_password
from smartident.rate_limiting.client_address import count_failure
from smartident.storage.table import Conflict, write_if


@dataclass(frozen=True)
class Proven:
    """An account whose password was just proven, and from where. Its tries are still counted: clear them."""

    account: Account
    source: str
    row: AccountRow

    @property
    def account_id(self) -> str:
        """Whose partition its login lies in."""
        return self.account.id

    @property
    def waits(self) -> bool:
        """Whether its login waits for a phone."""
        return self.account.two_factor and self.account.devices > 0

    def clear(self, *, now: int) -> None:
        """Forget the tries of this source."""
        clear(self.row, self.source, now=now)


@dataclass(frozen=True)
class Unproven:
    """Credentials that are not right: whose partition their login would lie in, from where, and the guard they met.

    An identifier that stands for nobody has a partition too, always the same and empty but for decoys.
    """

    account_id: str
    source: str
    row: AccountRow
    waits = True


def prove_password(identifier: str, password: str, *, source: str, now: int) -> Proven:
    """The account whose password this is; raises what its two halves raise."""
    return proven(try_password(identifier, password, source=source, now=now), now=now)


def proven(tried: Proven | Unproven, *, now: int) -> Proven:
    """The account, if the password was right.

    Raises InvalidCredentials, unknown and wrong alike, or TooManyAttempts once the source was told so too often.
    """
    if isinstance(tried, Unproven):
        count_failure(tried.source, now=now)
        raise InvalidCredentials
    return tried


def try_password(identifier: str, password: str, *, source: str, now: int) -> Proven | Unproven:
    """The account whose password this is, or what is left of a wrong one.

    Raises TooManyAttempts, or AccessNumberRequired when the password is right for one of several accounts that share
    the e-mail: then nobody's own tries are touched.
    """
    found = find_accounts(identifier)
    only = found[0] if len(found) == 1 else None
    row = raise_tries(only or "UNKNOWN#" + mac("identifier", normalised(identifier)), source, now=now)
    shared = [] if only else [one for one in map(read_row, found) if one is not None]
    if not any(is_password(password, one.password_hash or decoy_hash()) for one in shared or [row]):
        return Unproven(only or derived_id("nobody", normalised(identifier)), source, row)
    if only is None:
        clear(row, source, now=now)
        raise AccessNumberRequired
    _renew_hash(row, password)
    return Proven(account_of(row), source, row)


def _renew_hash(row: AccountRow, password: str) -> None:
    if not is_outdated(row.password_hash):
        return
    renewed = hash_password(password)
    try:
        write_if(row, [AccountRow.password_hash.set(renewed)], AccountRow.password_hash == row.password_hash)
    except Conflict:
        return
