"""Password attempts: counted before the password is looked at, by the one write that also reads the account.

Each client address has PASSWORD_TRIES tries, then one try per lockout, and lockouts double. All addresses together
have FAILURES_PER_HOUR failures per hour; an address that the account trusts is not bound by that, so a stranger who
knows the access number cannot lock its owner out.

What a caller is told (429, retry_after) follows the name that was typed: an unknown name is counted exactly like a
known one. What counts is the account: an attempt beyond its limits is muted, which means that every password is wrong.
So two names of one account neither double the tries nor tell that they belong together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NoReturn

from smartident.accounts import names
from smartident.accounts.account import (
    Account,
    AccountRow,
    account_mac,
    account_of,
    as_seen,
    block_of,
    check_account,
    granted_of,
    password_mac,
    read_item,
)
from smartident.accounts.audit_log import surplus
from smartident.accounts.lockout import HOUR, MAX_LOCKOUT, AttemptToCount, attempt_time, count_attempt, new_attempt_id
from smartident.crypto.grant import is_genuine, report_forged
from smartident.crypto.pepper import derived_id, mac
from smartident.errors import InvalidCredentials
from smartident.rate_limiting.client_address import count_failure
from smartident.storage import keys
from smartident.storage.operations import Update
from smartident.storage.writes import write

# Beyond these an item forgets what is stale, so many keys a time: expressions of DynamoDB have their bounds.
MAX_STALE_HOUR_KEYS = 16
MAX_COUNTED_KEYS = 100
MAX_FORGOTTEN = 30


@dataclass(frozen=True)
class PasswordAttempt:
    """One counted try of a password. An unknown name gives an attempt like any other, with no account behind it."""

    id: str
    name: str = field(repr=False)
    client_address: str
    started_at: int
    item: AccountRow = field(repr=False)
    # Beyond the account's limits: every password is wrong.
    always_wrong: bool
    # The only account that goes by the name.
    account: Account | None = field(repr=False)
    # What the password may match: one hash, or those of all accounts that share the e-mail; None for a name of nobody.
    password_hashes: tuple[str | None, ...] = field(repr=False)
    is_right: bool = False

    @property
    def account_id(self) -> str:
        """The partition that a login of this attempt belongs to; an unknown name has one too, always the same."""
        return self.account.id if self.account is not None else derived_id("nobody", self.name)

    @property
    def told_key(self) -> str:
        """Under which key the maps of the item count what callers of this name and address are told."""
        return f"{names.kind_of(self.name)}:{self.client_address}"

    @property
    def hour_keys(self) -> tuple[str, str]:
        """Under which keys this attempt counts as a failure of its hour, until it is settled."""
        hour = str(self.started_at // HOUR)
        return f"{names.kind_of(self.name)}:{hour}", hour

    @property
    def is_trusted(self) -> bool:
        """Whether the account trusts the client address."""
        return self.client_address in self.item.trusted_addresses.as_dict()

    @property
    def waits_for_phone(self) -> bool:
        """Whether its login waits for a phone, as far as the caller may know: for a wrong password, always."""
        return not self.is_right or self.account is None or self.account.waits_for_phone

    @property
    def blocked_until(self) -> int | None:
        """Until when the address was blocked as of this attempt, which is over, or None."""
        return block_of(self.item, self.client_address)

    def fail(self, *, now: int) -> NoReturn:
        """Raise InvalidCredentials, unknown and wrong alike, or TooManyAttempts if the address heard that too often."""
        count_failure(self.client_address, now=now)
        raise InvalidCredentials

    def replace_hash(self, renewed: str) -> None:
        """Keep the same password under a new hash, unless it was replaced meanwhile."""
        item, renewed_mac = self.item, password_mac(self.item.pk, renewed)
        renewals = [
            AccountRow.password_hash.set(renewed),
            AccountRow.password_mac.set(renewed_mac),
            AccountRow.account_mac.set(account_mac(item.pk, {**granted_of(item), "password_mac": renewed_mac})),
        ]
        write(
            Update(
                item,
                renewals,
                (AccountRow.password_hash == item.password_hash) & (AccountRow.account_mac == item.account_mac),
                is_own=lambda found: found.password_hash == renewed,
            ),
            on_conflict=lambda _: None,
        )


def begin_attempt(identifier: str, client_address: str, *, now: int) -> PasswordAttempt:
    """Count one more attempt and read the account; raises TooManyAttempts with a true retry_after."""
    name = names.normalised(identifier)
    found = names.find_accounts(identifier)
    only = found[0] if len(found) == 1 else None
    key = keys.account(only) if only else keys.unknown_name(mac("identifier", name))
    one = AttemptToCount(names.kind_of(name), client_address, new_attempt_id(now), now)
    item, always_wrong = count_attempt(key, one)
    _forget_stale(item, now=now)
    shared = [] if only else [row for row in map(_read_with_hash, found) if row is not None and _is_named(row, name)]
    account = account_of(item) if only and item.access_number and _is_named(item, name) else None
    hashes = tuple(row.password_hash for row in shared or [item]) if shared or account else (None,)
    return PasswordAttempt(one.id, name, client_address, now, item, always_wrong, account, hashes)


def forget_shared_name(identifier: str) -> None:
    """Forget what is counted under a name that stands for no account, or for several."""
    AccountRow(*keys.unknown_name(mac("identifier", names.normalised(identifier)))).delete()


def _is_named(item: AccountRow, name: str) -> bool:
    """Whether this is an account of our own making, password and all, that itself says that it goes by the name."""
    own = item.access_number if names.kind_of(name) == names.NUMBER else item.email
    if not check_account(item):
        return False
    if own is None or names.normalised(own) != name:
        report_forged("lookup")
        return False
    if not is_genuine(item.password_mac, password_mac(item.pk, item.password_hash)):
        report_forged("password")
        return False
    return True


def _read_with_hash(account_id: str) -> AccountRow | None:
    return read_item(account_id, with_password_hash=True)


def _forget_stale(item: AccountRow, *, now: int) -> None:
    """Keep the item small under attack: old hours and addresses that are quiet for an hour count no more."""
    if past := surplus(item):
        _write_if_there(item, [AccountRow.past_failures.delete(past)])
    hours = [hour for hour in item.failures_by_hour.as_dict() if int(hour.rpartition(":")[2]) < now // HOUR - 1]
    addresses = [key for key in item.failed_attempts.as_dict() if _is_stale(item, key, now=now)]
    if len(hours) <= MAX_STALE_HOUR_KEYS and len(item.failed_attempts.as_dict()) <= MAX_COUNTED_KEYS:
        return
    actions: list[Any] = [AccountRow.failures_by_hour[hour].remove() for hour in hours[:MAX_FORGOTTEN]]
    condition = AccountRow.pk.exists()
    for key in addresses[:MAX_FORGOTTEN]:
        actions += [held[key].remove() for held in (AccountRow.failed_attempts, AccountRow.lockout_count)]
        actions.append(AccountRow.locked_until[key].remove())
        condition &= as_seen(item, "failed_attempts", key) & as_seen(item, "locked_until", key)
    if actions:
        # Whatever happens to one of these addresses meanwhile wins; a later attempt forgets the rest.
        write(Update(AccountRow(item.pk, item.sk), actions, condition), on_conflict=lambda _: None)


def _write_if_there(item: AccountRow, actions: list[Any]) -> None:
    write(Update(AccountRow(item.pk, item.sk), actions, AccountRow.pk.exists()), on_conflict=lambda _: None)


def _is_stale(item: AccountRow, key: str, *, now: int) -> bool:
    last = max((attempt_time(attempt) for attempt in item.failed_attempts.as_dict()[key]), default=0)
    return last <= now - HOUR and int(item.locked_until.as_dict().get(key, 0)) <= now - MAX_LOCKOUT
