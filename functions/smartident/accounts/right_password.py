"""Settlement: what the right password gives back, unless who sent it was blocked or the password replaced meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smartident.accounts.audit_log import remember
from smartident.accounts.item.mac import check_account
from smartident.accounts.item.row import AccountRow, account_key, block_of, item_in_the_way, read_item
from smartident.accounts.names import all_keys
from smartident.errors import ServiceUnavailable, TooManyAttempts
from smartident.rate_limiting.client_address import forget_failure, require_few_failures, too_many_failures
from smartident.rate_limiting.counters import CounterRow
from smartident.rate_limiting.lockout_time import hour_of
from smartident.rate_limiting.trusted_browser import is_browser
from smartident.storage.operations import Again, FailedConditions, Update, as_seen
from smartident.storage.table import DAY
from smartident.storage.writes import retry, write

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smartident.accounts.password_attempts import PasswordAttempt

MAX_TRUSTED_ADDRESSES = 10


def settle(attempt: PasswordAttempt, *, now: int) -> None:
    """Forget the attempts of this address or browser after the right password.

    Raises TooManyAttempts if it was blocked meanwhile or sent too many wrong passwords to other accounts,
    ServiceUnavailable if the password was replaced meanwhile.
    """
    retry(lambda item: _settle(attempt, item, now=now), attempt.item)


def settle_completed_login(account_id: str, pool: str, *, blocked_until: int | None, started_at: int, now: int) -> None:
    """Forget the attempts of a completed login's address or browser, which UniformLogin goes on counting until then.

    A block from after the login began stays. Once they are forgotten, settling again changes nothing.
    """
    item = read_item(account_id)
    if item is None or pool not in item.failed_attempts.as_dict():
        return
    actions = _forget(pool) + _trust(item, pool, now=now)
    failures = item.failures_by_hour.as_dict()
    actions += _give_back(key for key in all_keys(hour_of(pool, started_at)) if int(failures.get(key, 0)) > 0)
    block = AccountRow.blocked_until[pool]
    same_block = block.does_not_exist() if blocked_until is None else block == blocked_until
    still_counted = AccountRow.failed_attempts[pool].exists()
    update = Update(account_key(account_id), actions, still_counted & same_block)
    if write(update, on_conflict=lambda _: True) is None:
        forget_failure(pool, at=started_at)


def settlement_actions(attempt: PasswordAttempt, item: AccountRow, *, now: int) -> list[Any]:
    """Forget the attempts of this address or browser, and trust the address.

    Who settles first forgets the attempts of simultaneous requests too; each gives back only what it finds counted.
    """
    actions = _forget(attempt.pool) + _trust(item, attempt.pool, now=now)
    actions += remember(item, pool=attempt.pool, but=attempt.id)
    return actions + _give_back(attempt.hour_keys) if _is_counted(attempt, item) else actions


def settlement_condition(attempt: PasswordAttempt, item: AccountRow) -> Any:
    """That the pool is blocked as the attempt left it, and what is given back was not given back before."""
    condition = same_block(attempt)
    if _is_counted(attempt, item):
        condition &= AccountRow.failed_attempts[attempt.counted.told].contains(attempt.id)
    return condition


def same_block(attempt: PasswordAttempt) -> Any:
    """The condition that the pool is blocked as the attempt left it: "not me" outlasts a password on its way."""
    return AccountRow.pk.exists() & as_seen(attempt.item, "blocked_until", attempt.pool)


def check_still_stands(attempt: PasswordAttempt, item: AccountRow | None, *, now: int) -> AccountRow:
    """The item as it is by now; raises TooManyAttempts or ServiceUnavailable if the attempt lost its ground.

    That is so if the address was blocked meanwhile ("not me"), or the password or what logs in changed.
    """
    if item is None:
        raise ServiceUnavailable("the account is gone", retry_after=1)
    before = attempt.item
    if before.access_number and not check_account(item):
        raise ServiceUnavailable("the account's item does not fit its MAC", retry_after=1)
    until = block_of(item, attempt.pool)
    if until != block_of(before, attempt.pool):
        raise TooManyAttempts("address blocked", retry_after=max((until or 0) - now, 1))
    # Not the hash: a login that only renews it replaces no password.
    same_account = (item.credential_version, item.two_factor, item.account_login_policy)
    if same_account != (before.credential_version, before.two_factor, before.account_login_policy):
        raise ServiceUnavailable("password, two-factor or policy changed meanwhile", retry_after=1)
    return item


def _settle(attempt: PasswordAttempt, item: AccountRow, *, now: int) -> Again[AccountRow] | None:
    def on_conflict(conflict: FailedConditions) -> Again[AccountRow]:
        if conflict.failed_on(CounterRow):
            raise too_many_failures(attempt.pool, now=now)
        return Again(check_still_stands(attempt, item_in_the_way(conflict), now=now))

    same_password = AccountRow.credential_version == attempt.item.credential_version
    condition = settlement_condition(attempt, item) & same_password
    update = Update(AccountRow(item.pk, item.sk), settlement_actions(attempt, item, now=now), condition)
    checks = [] if attempt.is_trusted else [require_few_failures(attempt.pool, now=now)]
    return write(update, *checks, on_conflict=on_conflict)


def _is_counted(attempt: PasswordAttempt, item: AccountRow) -> bool:
    return attempt.id in item.failed_attempts.as_dict().get(attempt.counted.told, ())


def _forget(pool: str) -> list[Any]:
    held = (AccountRow.failed_attempts, AccountRow.locked_until, AccountRow.lockout_count)
    forgotten = [path[key].remove() for path in held for key in all_keys(pool)]
    return [*forgotten, AccountRow.blocked_until[pool].remove()]


def _give_back(hours: Iterable[str]) -> list[Any]:
    return [AccountRow.failures_by_hour[hour].set(AccountRow.failures_by_hour[hour] - 1) for hour in hours]


def _trust(item: AccountRow, pool: str, *, now: int) -> list[Any]:
    """Trust the address from now on, at most once a day, in place of the one that was used longest ago.

    A trusted browser makes no address trusted: on the move it would replace the one at home.
    """
    trusted = {name: int(at) for name, at in item.trusted_addresses.as_dict().items()}
    if is_browser(pool) or trusted.get(pool, 0) >= now - DAY:
        return []
    others = sorted((at, name) for name, at in trusted.items() if name != pool)
    surplus = others[: max(len(others) - MAX_TRUSTED_ADDRESSES + 1, 0)]
    return [AccountRow.trusted_addresses[pool].set(now)] + [
        AccountRow.trusted_addresses[name].remove() for _, name in surplus
    ]
