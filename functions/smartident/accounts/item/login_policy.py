"""What an account may be logged in with. A looser policy that the operator set holds only after the cool-off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.clients.login_policy import PASSKEY_ONLY, PHONE_OR_PASSKEY, stricter
from smartident.errors import PasskeyNotAllowed, PasskeyRequired

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.accounts.account_change import AccountChange
    from smartident.clients.client import AuthenticationRequest

# What the item has of a policy that holds from a time on: the policy, this, and the time.
_FROM = " from "


def login_policy_of(account: Account, *, now: int) -> str:
    """The policy of the account alone, which holds at every client."""
    return policy_in(account.item.account_login_policy, now=now)


def policy_in(kept: str | None, *, now: int) -> str:
    """The policy that an account's item holds."""
    policy, starts_at = _kept(kept)
    return policy if starts_at <= now else PASSKEY_ONLY


def looser_from(account: Account, *, now: int) -> int | None:
    """From when a looser policy holds that the operator set, if it does not hold yet."""
    starts_at = _kept(account.item.account_login_policy)[1]
    return starts_at if starts_at > now else None


def is_passkey_only(account: Account, asked: AuthenticationRequest | None = None, *, now: int) -> bool:
    """Whether only a passkey logs in: to this client, or to any."""
    return _held(account, asked, now=now) == PASSKEY_ONLY


def check_passkey_allowed(account: Account, asked: AuthenticationRequest | None = None, *, now: int) -> None:
    """Raise PasskeyNotAllowed where only the phone logs in: to this client, or to any."""
    if _held(account, asked, now=now) not in {PASSKEY_ONLY, PHONE_OR_PASSKEY}:
        raise PasskeyNotAllowed


def check_password_allowed(account: Account, *, now: int) -> None:
    """Raise PasskeyRequired where password and phone, or a code of any kind, change nothing about who gets in."""
    if is_passkey_only(account, now=now):
        raise PasskeyRequired


def set_login_policy(change: AccountChange, policy: str, *, starts_at: int | None = None) -> None:
    """Let this policy hold from now on, or let `passkey_only` hold until then."""
    change.grant("account_login_policy", policy if starts_at is None else f"{policy}{_FROM}{starts_at}")


def stay_passkey_only(change: AccountChange, *, now: int) -> bool:
    """Let a looser policy that does not hold yet come to nothing; False if none waits."""
    waits = _kept(change.item.account_login_policy)[1] > now
    if waits:
        set_login_policy(change, PASSKEY_ONLY)
    return waits


def _kept(kept: str | None) -> tuple[str, int]:
    policy, _, starts_at = (kept or PHONE_OR_PASSKEY).partition(_FROM)
    return policy, int(starts_at or 0)


def _held(account: Account, asked: AuthenticationRequest | None, *, now: int) -> str:
    own = login_policy_of(account, now=now)
    return own if asked is None else stricter(own, asked.login_policy)
