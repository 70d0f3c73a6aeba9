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
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from pynamodb.expressions.condition import size

from smartident.accounts import names
from smartident.accounts.account import Account, account_of
from smartident.accounts.item import AccountRow, account_key, read_item
from smartident.crypto.pepper import derived_id, mac
from smartident.crypto.random import random_id
from smartident.errors import InvalidCredentials, TooManyAttempts
from smartident.rate_limiting.client_address import count_failure
from smartident.settings import settings
from smartident.storage import keys
from smartident.storage.table import DAY
from smartident.storage.writes import Again, Put, Update, retry, write
from smartident.telemetry import log_event

if TYPE_CHECKING:
    from collections.abc import Mapping

FIRST_LOCKOUT = 30
MAX_LOCKOUT = 3600
HOUR = 3600
# Real accounts keep failed attempts forever, so counters for unknown names must outlive any observation, or their
# expiry would reveal that the name is unknown.
UNKNOWN_NAME_DAYS = 90
_ATTEMPT_ID_LENGTH = 8


@dataclass(frozen=True)
class PasswordAttempt:
    """One counted try of a password. An unknown name gives an attempt like any other, with no account behind it."""

    id: str
    name: str = field(repr=False)
    client_address: str
    started_at: int
    item: AccountRow = field(repr=False)
    # Beyond the account's limits: every password is wrong.
    muted: bool
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
    def locked_until(self) -> int | None:
        """Until when the address is locked as of this attempt, which may be over."""
        return lock_of(self.item, self.client_address)

    def fail(self, *, now: int) -> NoReturn:
        """Raise InvalidCredentials, unknown and wrong alike, or TooManyAttempts if the address heard that too often."""
        count_failure(self.client_address, now=now)
        raise InvalidCredentials

    def replace_hash(self, renewed: str) -> None:
        """Keep the same password under a new hash, unless it was replaced meanwhile."""
        before = self.item.password_hash
        write(
            Update(
                self.item,
                [AccountRow.password_hash.set(renewed)],
                AccountRow.password_hash == before,
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
    one = _Try(names.kind_of(name), client_address, random_id()[:_ATTEMPT_ID_LENGTH], now)
    unseen: _Seen = _Unseen()

    def count(state: _Seen) -> tuple[AccountRow, bool] | Again[_Seen]:
        return _count(key, one, state)

    item, muted = retry(count, unseen)
    shared = [] if only else [row for row in map(_read_with_hash, found) if row is not None]
    account = account_of(item) if only and item.access_number else None
    hashes = tuple(row.password_hash for row in shared or [item])
    return PasswordAttempt(one.id, name, client_address, now, item, muted, account, hashes)


def forget_attempts(account_id: str) -> bool:
    """Forget every attempt, lockout and wrong SMS code of an account; False if there is no such account."""
    nothing: dict[str, int] = {}
    actions: list[Any] = [
        AccountRow.failed_attempts.set(nothing),
        AccountRow.locked_until.set(nothing),
        AccountRow.lockout_count.set(nothing),
        AccountRow.failures_by_hour.set(nothing),
        AccountRow.wrong_sms_codes.remove(),
    ]
    update = Update(account_key(account_id), actions, AccountRow.access_number.exists())
    return write(update, on_conflict=lambda _: True) is None


def lock_of(item: AccountRow, key: str) -> int | None:
    """Until when an address is locked under one of its keys, which may be over, or None."""
    until = _map(item.locked_until).get(key)
    return None if until is None else int(until)


def all_keys(what: str) -> tuple[str, str, str]:
    """All keys under which an item counts one address or hour: by access number, by e-mail, and for the account."""
    return f"{names.NUMBER}:{what}", f"{names.EMAIL}:{what}", what


class _Unseen:
    """The item was not looked at yet: the first write assumes that no limit is near."""


# What is known of an item: nothing yet, that there is none, or how it stood in the way.
_Seen: TypeAlias = AccountRow | _Unseen | None


@dataclass(frozen=True)
class _Outcome:
    """What one more attempt changes: whether it is muted, and which keys it locks until when."""

    muted: bool
    locks: Mapping[str, int]


@dataclass(frozen=True)
class _Try:
    """One try from one address, under one kind of name."""

    kind: str
    address: str
    id: str
    now: int

    @property
    def told(self) -> str:
        return f"{self.kind}:{self.address}"

    @property
    def hour(self) -> str:
        return str(self.now // HOUR)

    @property
    def told_hour(self) -> str:
        return f"{self.kind}:{self.hour}"

    def outcome(self, item: AccountRow) -> _Outcome:
        """What this try does to the item; raises TooManyAttempts by what was counted under the typed name."""
        locked, failures = _map(item.locked_until), _map(item.failures_by_hour)
        most, trusted = settings().failures_per_hour, self.address in _map(item.trusted_addresses)
        wait = int(locked.get(self.told, 0)) - self.now
        if wait > 0:
            raise TooManyAttempts("address locked", retry_after=wait)
        if not trusted and int(failures.get(self.told_hour, 0)) >= most:
            raise TooManyAttempts("failures of this hour", retry_after=HOUR - self.now % HOUR)
        exhausted = not trusted and int(failures.get(self.hour, 0)) >= most
        muted = exhausted or int(locked.get(self.address, 0)) > self.now
        counted = [self.told] if muted else [self.told, self.address]
        return _Outcome(muted, {key: self._lock(item, key) for key in counted if self._is_last(item, key)})

    def _is_last(self, item: AccountRow, key: str) -> bool:
        return len(_map(item.failed_attempts).get(key, ())) + 1 >= settings().password_tries

    def _lock(self, item: AccountRow, key: str) -> int:
        count = int(_map(item.lockout_count).get(key, 0))
        return self.now + min(FIRST_LOCKOUT << min(count, 16), MAX_LOCKOUT)


def _count(key: keys.Key, one: _Try, state: _Seen) -> tuple[AccountRow, bool] | Again[_Seen]:
    """Count a try on the item as it was seen: not yet, not there, or as it stood in the way."""
    row = AccountRow(*key)
    operation: Put | Update
    if isinstance(state, _Unseen):
        outcome = _Outcome(muted=False, locks={})
        operation = Update(row, *_far_from_limits(one), is_own=_is_own(one))
    elif state is None:
        outcome = one.outcome(row)
        operation = _first(row, one, outcome)
    else:
        outcome = one.outcome(state)
        operation = Update(row, *_as_seen(one, state, outcome), is_own=_is_own(one))
    again = write(operation, on_conflict=lambda conflict: Again(conflict.found(AccountRow)))
    if again is not None:
        return again
    if one.told in outcome.locks:
        log_event("address_locked", seconds=outcome.locks[one.told] - one.now)
    return row, outcome.muted


def _far_from_limits(one: _Try) -> tuple[list[Any], Any]:
    """One more attempt where neither a lockout nor the limit of the hour is near."""
    failed, failures, most = AccountRow.failed_attempts, AccountRow.failures_by_hour, settings().failures_per_hour
    actions = [failed[key].set((failed[key] | []).append([one.id])) for key in (one.told, one.address)]
    actions += [failures[hour].set((failures[hour] | 0) + 1) for hour in (one.told_hour, one.hour)]
    condition = AccountRow.pk.exists() & ~failed[one.told].contains(one.id)
    for key in (one.told, one.address):
        condition &= AccountRow.locked_until[key].does_not_exist() | (AccountRow.locked_until[key] <= one.now)
        few = size(failed[key]) < settings().password_tries - 1
        condition &= failed[key].does_not_exist() | few if settings().password_tries > 1 else few
    room = AccountRow.trusted_addresses[one.address].exists()
    within = [failures[hour].does_not_exist() | (failures[hour] < most) for hour in (one.told_hour, one.hour)]
    return actions, condition & (room | (within[0] & within[1]))


def _as_seen(one: _Try, item: AccountRow, outcome: _Outcome) -> tuple[list[Any], Any]:
    """One more attempt with all that follows from it, while what it was decided by is as it was seen."""
    failed, failures = AccountRow.failed_attempts, AccountRow.failures_by_hour
    counted = [one.told] if outcome.muted else [one.told, one.address]
    hours = [one.told_hour] if outcome.muted else [one.told_hour, one.hour]
    most = settings().failures_per_hour
    trusted = one.address in _map(item.trusted_addresses)
    actions: list[Any] = [failed[key].set(_longer(item, key, one.id)) for key in counted]
    actions += [failures[hour].set((failures[hour] | 0) + 1) for hour in hours]
    for key, until in outcome.locks.items():
        actions.append(AccountRow.locked_until[key].set(until))
        actions.append(AccountRow.lockout_count[key].set(int(_map(item.lockout_count).get(key, 0)) + 1))
    condition = AccountRow.pk.exists()
    for key in (one.told, one.address):
        for held in ("failed_attempts", "locked_until", "lockout_count"):
            condition &= as_seen(item, held, key)
    for hour in () if trusted else hours:
        condition &= failures[hour].does_not_exist() | (failures[hour] < most)
    return actions, condition


def _first(row: AccountRow, one: _Try, outcome: _Outcome) -> Put:
    """The item that counts an unknown name from its first attempt on."""
    row.created_at, row.ttl = one.now, one.now + UNKNOWN_NAME_DAYS * DAY
    row.failed_attempts = {key: [one.id] for key in (one.told, one.address)}
    row.failures_by_hour = dict.fromkeys((one.told_hour, one.hour), 1)
    row.locked_until = dict(outcome.locks)
    row.lockout_count = dict.fromkeys(outcome.locks, 1)
    return Put(row, is_own=_is_own(one))


def as_seen(item: AccountRow, held: str, key: str) -> Any:
    """The condition that one key of a map is as the item says."""
    path = getattr(AccountRow, held)[key]
    value = _map(getattr(item, held)).get(key)
    return path.does_not_exist() if value is None else path == value


def _longer(item: AccountRow, key: str, attempt_id: str) -> list[str]:
    # Once an address is at its limit every attempt locks it: more ids than that say nothing more.
    return [*_map(item.failed_attempts).get(key, ()), attempt_id][-settings().password_tries :]


def _is_own(one: _Try) -> Any:
    return lambda found: one.id in _map(found.failed_attempts).get(one.told, ())


def _read_with_hash(account_id: str) -> AccountRow | None:
    return read_item(account_id, with_password_hash=True)


def _map(held: Any) -> Mapping[str, Any]:
    plain: Mapping[str, Any] = held.as_dict()
    return plain
