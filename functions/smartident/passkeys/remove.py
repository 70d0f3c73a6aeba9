"""Removing a passkey: it is out at once, and with it what began by it: logins that it approved, sessions, tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.accounts.account import Account, read_account
from smartident.accounts.account_change import change_of
from smartident.accounts.item.grant_epoch import raise_passkey_epoch
from smartident.accounts.item.login_policy import is_passkey_only
from smartident.devices.grant_epoch import begin_next_epoch
from smartident.devices.snapshot import read_snapshot
from smartident.errors import FreshLoginRequired, LastPasskey, LoginNotFound
from smartident.logins.login import APPROVED
from smartident.logins.transitions import take_back
from smartident.notices.outbox import notice
from smartident.passkeys.fresh_login import check_may_remove
from smartident.passkeys.passkey import ACTIVE, REMOVED, Passkey, PasskeyRow, passkey_mac, read_passkeys
from smartident.passkeys.relying_party import usable
from smartident.storage import passkey_keys
from smartident.storage.operations import Again, FailedConditions, Operation, Update
from smartident.storage.writes import retry, write

if TYPE_CHECKING:
    from smartident.accounts.account_change import AccountChange
    from smartident.logins.login import Login

PASSKEY_REMOVED = "passkey_removed"
# So many logins of one passkey are taken back; the epoch ends the others, which are over within a minute.
MAX_LOGINS = 25


def remove_passkey(login: Login, passkey_id: str, *, where: str = "", now: int) -> None:
    """Remove a passkey of the login's account, at once; asking again changes nothing.

    One that was used ends all sessions and tokens with it, and what this login may change. Raises LastPasskey, or
    FreshLoginRequired for a login of another epoch, or as `check_may_remove` does.
    """

    def attempt(_: None) -> Again[None] | None:
        # The account is read first: what begins after it moves the audit log on, and the transaction then fails.
        account = read_account(login.account_id)
        if account is None:
            raise LoginNotFound("account removed")
        own = read_passkeys(account)
        gone = next((one for one in own if one.id == passkey_id), None)
        if gone is None and _was_removed(account, passkey_id):
            return None
        if login.grant_epoch != account.grant_epoch:
            raise FreshLoginRequired("completed in another epoch")
        check_may_remove(login, account, now=now)
        others = [one for one in own if one is not gone]
        return None if gone is None else _write(login, account, gone, others, where=where, now=now)

    retry(attempt, None)


def _write(
    login: Login, account: Account, gone: Passkey, others: list[Passkey], *, where: str, now: int
) -> Again[None] | None:
    if not usable(others) and is_passkey_only(account, now=now):
        raise LastPasskey
    change = change_of(account)
    epoch = raise_passkey_epoch(change)
    change.record("passkey_removed", now=now, device_id=login.decided_by, detail=gone.id)
    change.also([notice(account.id, "passkey_removed", now=now, origin=where, device_name=gone.name)])
    operations: list[Operation] = [_remove(gone, now=now), *(_grant_again(one, epoch=epoch) for one in others)]
    if gone.last_used_at is not None:
        operations += _end_what_it_began(change, gone, now=now)
    return write(*operations, *change.operations(), on_conflict=_look_again)


def _look_again(_: FailedConditions) -> Again[None]:
    return Again(None)


def _end_what_it_began(change: AccountChange, gone: Passkey, *, now: int) -> list[Operation]:
    """Begin the next grant epoch, as without a phone; the logins that it approved are taken back by their state."""
    snapshot = read_snapshot(gone.account_id, now=now)
    approved = [one for one in snapshot.open_logins() if one.state == APPROVED and one.decided_by == gone.id]
    begin_next_epoch(change, snapshot, ended={one.id for one in approved})
    taken = approved[:MAX_LOGINS]
    return [take_back(one, device_id=gone.id, reason=PASSKEY_REMOVED, now=now) for one in taken]


def _was_removed(account: Account, passkey_id: str) -> bool:
    """Whether this is asked again: the answer was lost."""
    rows = PasskeyRow.query(account.id, PasskeyRow.sk.between(*passkey_keys.passkeys()), consistent_read=True)
    return any(row.state == REMOVED and passkey_keys.passkey_id(row.sk) == passkey_id for row in rows)


def _remove(passkey: Passkey, *, now: int) -> Update:
    """By its state: its item and its lookup stay, so that the same credential never comes back."""
    row = PasskeyRow(*passkey_keys.passkey(passkey.account_id, passkey.id))
    actions = [PasskeyRow.state.set(REMOVED), PasskeyRow.removed_at.set(now)]
    return Update(row, actions, PasskeyRow.state == ACTIVE)


def _grant_again(passkey: Passkey, *, epoch: int) -> Update:
    row, renewed = PasskeyRow(*passkey_keys.passkey(passkey.account_id, passkey.id)), passkey_mac(passkey, epoch=epoch)
    return Update(row, [PasskeyRow.mac.set(renewed)], PasskeyRow.state == ACTIVE)
