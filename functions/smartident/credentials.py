"""Credentials: identifier and password, proven at the same work whoever they name."""

from __future__ import annotations

from dataclasses import dataclass

from smartident.accesses import Access, AccessRow, access_of, find_accesses, normalised, read_row
from smartident.errors import AccessNumberRequired, InvalidCredentials
from smartident.guards import clear, raise_tries
from smartident.passwords import decoy_hash, hash_password, is_outdated, is_password
from smartident.pepper import seal
from smartident.sources import count_failure
from smartident.table import Conflict, write_if


@dataclass(frozen=True)
class Proven:
    """An access whose password was just proven, and from where. Its tries are still counted: clear them."""

    access: Access
    source: str
    row: AccessRow

    def clear(self, *, now: int) -> None:
        """Forget the tries of this source."""
        clear(self.row, self.source, now=now)


def prove_password(identifier: str, password: str, *, source: str, now: int) -> Proven:
    """The access whose password this is.

    Raises TooManyAttempts, InvalidCredentials (unknown and wrong alike), or AccessNumberRequired when the password is
    right for one of several accesses that share the e-mail: then nobody's own tries are touched.
    """
    found = find_accesses(identifier)
    only = found[0] if len(found) == 1 else None
    row = raise_tries(only or "UNKNOWN#" + seal("identifier", normalised(identifier)), source, now=now)
    shared = [] if only else [one for one in map(read_row, found) if one is not None]
    if not any(is_password(password, one.password_hash or decoy_hash()) for one in shared or [row]):
        count_failure(source, now=now)
        raise InvalidCredentials
    if only is None:
        clear(row, source, now=now)
        raise AccessNumberRequired
    _renew_hash(row, password)
    return Proven(access_of(row), source, row)


def _renew_hash(row: AccessRow, password: str) -> None:
    if not is_outdated(row.password_hash):
        return
    renewed = hash_password(password)
    try:
        write_if(row, [AccessRow.password_hash.set(renewed)], AccessRow.password_hash == row.password_hash)
    except Conflict:
        return
