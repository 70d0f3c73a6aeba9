"""Vouchers: a login that a phone approved and its browser completed vouches for the source that it came from."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from smartident.accounts.account import AccountRow, read_profile
from smartident.accounts.password_attempts import is_held_until
from smartident.accounts.reset import cleared
from smartident.rate_limiting.client_address import forget_failure
from smartident.storage.table import Conflict, write_if

if TYPE_CHECKING:
    from smartident.logins.login import Login


def vouch(login: Login, *, now: int) -> None:
    """Forget the tries of a completed login's source, which UniformLogin goes on counting until then.

    What has held the source since the login began stays. Once they are forgotten, vouching again changes nothing.
    """
    row, source = read_profile(login.account_id), login.source
    if row is None or source not in row.tries.as_dict():
        return
    still_counted = AccountRow.tries[source].exists()
    with suppress(Conflict):
        write_if(row, cleared(row, source, now=now), still_counted & is_held_until(login.held_until, source))
        forget_failure(source, at=login.created_at)
