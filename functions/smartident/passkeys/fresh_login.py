"""The login that lets a browser look after passkeys: its own, completed within the last five minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.accounts.account import Account, read_account
from smartident.accounts.item.login_policy import check_passkey_allowed, is_passkey_only
from smartident.devices.device import check_cooled_off, is_granted_device, read_device
from smartident.errors import FreshLoginRequired, LoginNotFound, PasskeyRequired
from smartident.logins.reading import is_completed, is_decided_by_passkey, is_decided_by_phone, read_own_login

if TYPE_CHECKING:
    from smartident.logins.login import Login

FRESH_SECONDS = 300


def read_fresh_login(bearer: str, *, of_any_epoch: bool = False, now: int) -> tuple[Login, Account]:
    """The login that `<login_id>.<login_token>` names, and its account.

    Raises LoginNotFound for a wrong token, and FreshLoginRequired for a login that is not completed, that is older
    than five minutes or than the account's last revocation or new password, or that neither phone nor passkey approved.
    """
    login_id, _, token = bearer.rpartition(".")
    login = read_own_login(login_id, token)
    account = read_account(login.account_id)
    if account is None or account.frozen:
        raise LoginNotFound("account removed or frozen")
    if login.completed_at is None or not login.completed_at <= now < login.completed_at + FRESH_SECONDS:
        raise FreshLoginRequired("not completed just now")
    if not is_completed(login):
        raise FreshLoginRequired("not completed by us")
    # A revocation begins another epoch: what the revoked phone approved before counts no more.
    if login.grant_epoch != account.grant_epoch and not of_any_epoch:
        raise FreshLoginRequired("completed in another epoch")
    if login.decided_by is None:
        raise FreshLoginRequired("neither phone nor passkey approved it")
    return login, account


def check_may_make(login: Login, account: Account, *, now: int) -> None:
    """Raise if this login may make no passkey: a phone has to have approved it, or a passkey where only those log in.

    Raises FreshLoginRequired, PasskeyRequired, PasskeyNotAllowed or CoolingOff.
    """
    check_may_ever_make(login, account, now=now)
    check_may_remove(login, account, now=now)


def check_may_ever_make(login: Login, account: Account, *, now: int) -> None:
    """The same, however new the phone is: nothing is read."""
    check_passkey_allowed(account, now=now)
    if not is_passkey_only(account, now=now) and not is_decided_by_phone(login):
        raise FreshLoginRequired("no phone approved it")


def check_may_remove(login: Login, account: Account, *, now: int) -> None:
    """Raise PasskeyRequired where only passkeys log in and none approved this login, or as `check_phone` does."""
    if is_passkey_only(account, now=now) and not is_decided_by_passkey(login):
        raise PasskeyRequired
    check_phone(login, account, now=now)


def check_phone(login: Login, account: Account, *, now: int) -> None:
    """Raise CoolingOff if a phone approved the login that is too new to change who gets in.

    Raises FreshLoginRequired for a phone that our own code no longer lets in.
    """
    if not is_decided_by_phone(login):
        return
    device = read_device(account.id, login.decided_by or "")
    if device is None or not is_granted_device(device, grant_epoch=account.grant_epoch):
        raise FreshLoginRequired("the phone is not granted")
    check_cooled_off(device, now=now)
