"""Removing a passkey: it is out at once, and with it every login that it approved and no session came of yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.accounts.account import Account, read_account
from smartident.accounts.account_change import change_of
from smartident.accounts.item.grant_epoch import raise_passkey_epoch
from smartident.accounts.item.login_policy import is_passkey_only
from smartident.errors import LastPasskey, LoginNotFound
from smartident.logins.login import APPROVED
from smartident.logins.reading import recent_logins
from smartident.logins.transitions import take_back
from smartident.notices.outbox import notice
from smartident.passkeys.passkey import ACTIVE, REMOVED, Passkey, PasskeyRow, passkey_mac, read_passkeys
from smartident.passkeys.relying_party import usable
from smartident.storage import passkey_keys
from smartident.storage.operations import Again, FailedConditions, Operation, Update
from smartident.storage.writes import retry, write

if TYPE_CHECKING:
    from smartident.logins.login import Login

PASSKEY_REMOVED = "passkey_removed"
# So many logins of one passkey are taken back; they are over within a minute, and the passkey's epoch ends with it.
MAX_LOGINS = 25


def remove_passkey(login: Login, account: Account, passkey_id: str, *, where: str = "", now: int) -> None:
    """Remove a passkey of the account, at once; asking again changes nothing. Raises LastPasskey."""

    def attempt(account: Account) -> Again[Account] | None:
        own = read_passkeys(account)
        gone = next((one for one in own if one.id == passkey_id), None)
        if gone is None:
            return None
        return _write(login, account, gone, [one for one in own if one is not gone], where=where, now=now)

    retry(attempt, account)


def _write(
    login: Login, account: Account, gone: Passkey, others: list[Passkey], *, where: str, now: int
) -> Again[Account] | None:
    def on_conflict(_: FailedConditions) -> Again[Account]:
        current = read_account(account.id)
        if current is None:
            raise LoginNotFound("account removed")
        return Again(current)

    if not usable(others) and is_passkey_only(account, now=now):
        raise LastPasskey
    change = change_of(account)
    epoch = raise_passkey_epoch(change)
    change.record("passkey_removed", now=now, device_id=login.decided_by, detail=gone.id)
    told = notice(account.id, "passkey_removed", now=now, origin=where, device_name=gone.name)
    operations: list[Operation] = [
        told,
        _remove(gone, now=now),
        *(_grant_again(one, epoch=epoch) for one in others),
        *(take_back(one, device_id=gone.id, reason=PASSKEY_REMOVED, now=now) for one in _approved(gone, now=now)),
    ]
    return write(*operations, *change.operations(), on_conflict=on_conflict)


def _remove(passkey: Passkey, *, now: int) -> Update:
    """By its state: its item and its lookup stay, so that the same credential never comes back."""
    row = PasskeyRow(*passkey_keys.passkey(passkey.account_id, passkey.id))
    actions = [PasskeyRow.state.set(REMOVED), PasskeyRow.removed_at.set(now)]
    return Update(row, actions, PasskeyRow.state == ACTIVE)


def _grant_again(passkey: Passkey, *, epoch: int) -> Update:
    row, renewed = PasskeyRow(*passkey_keys.passkey(passkey.account_id, passkey.id)), passkey_mac(passkey, epoch=epoch)
    return Update(row, [PasskeyRow.mac.set(renewed)], PasskeyRow.state == ACTIVE)


def _approved(passkey: Passkey, *, now: int) -> list[Login]:
    logins = recent_logins(passkey.account_id, now=now)
    return [one for one in logins if one.state == APPROVED and one.decided_by == passkey.id][:MAX_LOGINS]
