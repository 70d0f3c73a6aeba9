"""Changing what an account may be logged in with: stricter at once, looser by a passkey or after the cool-off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.accounts.account import Account, AccountNotFound, read_account
from smartident.accounts.account_change import AccountChange, change_of
from smartident.accounts.item.login_policy import (
    check_passkey_allowed,
    is_passkey_only,
    login_policy_of,
    looser_from,
    set_login_policy,
)
from smartident.clients.login_policy import PASSKEY_ONLY, PHONE, PHONE_OR_PASSKEY, stricter
from smartident.devices.grant_epoch import begin_next_epoch
from smartident.devices.snapshot import read_snapshot
from smartident.errors import FreshLoginRequired, LoginNotFound, PasskeyRequired, TwoPasskeysRequired
from smartident.logins.reading import is_decided_by_passkey
from smartident.logins.transitions import end
from smartident.notices.outbox import OPERATOR, notice
from smartident.passkeys.fresh_login import check_phone
from smartident.passkeys.passkey import read_passkeys
from smartident.passkeys.relying_party import usable
from smartident.recovery.code_set import read_valid_codes
from smartident.settings import settings
from smartident.storage.operations import Again, FailedConditions
from smartident.storage.writes import retry, write

if TYPE_CHECKING:
    from smartident.logins.login import Login
    from smartident.notices.event_types import Event

MIN_PASSKEYS = 2
# What the person is told.
EVENTS: dict[str, Event] = {
    PASSKEY_ONLY: "passkey_only_on",
    PHONE: "phone_only_on",
    PHONE_OR_PASSKEY: "phone_or_passkey_on",
}
HOUR = 3600
# So many logins end in the transaction; with the epoch, the others come to nothing.
MAX_LOGINS = 25


def choose_login_policy(login: Login, policy: str, *, where: str | None = None, now: int) -> None:
    """What the owner chose in this fresh login holds at once; the same again changes nothing.

    Raises PasskeyRequired for a looser policy that no passkey asked for, PasskeyNotAllowed where the operator wants the
    phone, TwoPasskeysRequired, CoolingOff, and FreshLoginRequired for a login of another epoch.
    """

    def attempt(_: None) -> Again[None] | None:
        account = read_account(login.account_id)
        if account is None:
            raise LoginNotFound("account removed")
        if _is_set(account, policy, now=now):
            return None
        check_passkey_allowed(account, now=now)
        if login.grant_epoch != account.grant_epoch:
            raise FreshLoginRequired("completed in another epoch")
        if is_passkey_only(account, now=now) and not is_decided_by_passkey(login):
            raise PasskeyRequired
        check_phone(login, account, now=now)
        change = change_of(account)
        set_login_policy(change, policy)
        change.record("login_policy_changed", now=now, device_id=login.decided_by, detail=policy)
        return _write(change, account, policy, where=where, now=now)

    retry(attempt, None)


def order_login_policy(account_id: str, policy: str, *, now: int) -> int:
    """What the operator orders holds at once, but what is looser than `passkey_only` only after the cool-off.

    Gives the time from which it holds; the same again changes nothing. Raises AccountNotFound or TwoPasskeysRequired.
    """

    def attempt(_: None) -> Again[None] | int:
        account = read_account(account_id)
        if account is None:
            raise AccountNotFound
        starts_at = now
        if is_passkey_only(account, now=now) and policy != PASSKEY_ONLY:
            starts_at = looser_from(account, now=now) or now + settings().cool_off_hours * HOUR
        if _is_set(account, policy, now=starts_at):
            return starts_at
        change = change_of(account)
        set_login_policy(change, policy, starts_at=None if starts_at == now else starts_at)
        change.record("login_policy_ordered", now=now, detail=policy)
        again = _write(change, account, policy, by=OPERATOR, now=now)
        return starts_at if again is None else Again(None)

    return retry(attempt, None)


def _is_set(account: Account, policy: str, *, now: int) -> bool:
    return login_policy_of(account, now=now) == policy and looser_from(account, now=now) is None


def _write(
    change: AccountChange, account: Account, policy: str, *, by: str | None = None, where: str | None = None, now: int
) -> Again[None] | None:
    # What the account has is read after it: whatever ends in between moves its audit log on.
    if policy == PASSKEY_ONLY and not _has_second_way(account):
        raise TwoPasskeysRequired
    change.also([notice(account.id, EVENTS[policy], now=now, origin=where, by=by)])
    # A wait is ended as if it were over: by another clock it is, and what it let begin ends by its state.
    before = login_policy_of(account, now=now if policy != PASSKEY_ONLY else looser_from(account, now=now) or now)
    is_stricter = policy != before and stricter(policy, before) == policy
    ended = _end_what_is_barred(change, account, policy, now=now) if is_stricter else []
    return write(*change.operations(), *map(end, ended), on_conflict=_look_again)


def _has_second_way(account: Account) -> bool:
    """Whether one passkey may be lost: by another, or by recovery codes (recovery/passkey_only.py)."""
    passkeys = len(usable(read_passkeys(account)))
    return passkeys >= MIN_PASSKEYS or (passkeys > 0 and read_valid_codes(account) is not None)


def _end_what_is_barred(change: AccountChange, account: Account, policy: str, *, now: int) -> list[Login]:
    """The open logins that the stricter policy does not allow; sessions that can be refreshed end with the epoch."""
    change.end_registrations()
    snapshot = read_snapshot(account.id, now=now)
    barred = [one for one in snapshot.open_logins() if is_decided_by_passkey(one) == (policy == PHONE)]
    begin_next_epoch(change, snapshot, ended={login.id for login in barred})
    return barred[:MAX_LOGINS]


def _look_again(_: FailedConditions) -> Again[None]:
    return Again(None)
