"""Changes of an account: one write of its item, said in sentences, with the audit record of what happened.

Nobody outside this package names what the item holds. A change goes into the caller's transaction by its operations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smartident.accounts.audit_log import record_of, remember
from smartident.accounts.external_ids import renamed
from smartident.accounts.item.mac import account_mac, granted_of, password_mac
from smartident.accounts.item.row import AccountRow
from smartident.accounts.limits import wrong_sms_codes_of_day
from smartident.accounts.limits.pending_logins import open_outcomes
from smartident.accounts.names import EmailRow, may_share
from smartident.accounts.right_password import same_block, settlement_actions, settlement_condition
from smartident.rate_limiting.client_address import require_few_failures
from smartident.storage import keys
from smartident.storage.operations import Delete, Operation, Put, Update, as_seen

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from smartident.accounts.account import Account
    from smartident.accounts.password_attempts import PasswordAttempt
    from smartident.crypto.hash_chain import Head
    from smartident.places.countries import Countries


class AccountChange:
    """What one request changes about an account, as it stood when it was read."""

    def __init__(self, item: AccountRow) -> None:
        self._item = item
        self._actions: list[Any] = []
        self._condition: Any = AccountRow.pk.exists()
        self._others: list[Operation] = []
        self._granted: dict[str, object] = {}
        self._head: Head | None = None

    @property
    def item(self) -> AccountRow:
        """The account's item as it was read, opaque to everybody outside."""
        return self._item

    def operations(self) -> list[Operation]:
        """The write of the account's item, and what has to be written with it."""
        row, actions, condition = AccountRow(self._item.pk, self._item.sk), list(self._actions), self._condition
        if self._granted:
            now_granted = {**granted_of(self._item), **self._granted}
            actions.append(AccountRow.account_mac.set(account_mac(row.pk, now_granted)))
            condition &= AccountRow.account_mac == self._item.account_mac
        if self._head is not None:
            actions.append(AccountRow.audit_log_head.set(str(self._head)))
            condition &= self._same_log()
        return [Update(row, actions, condition), *self._others]

    def also(self, operations: Iterable[Operation]) -> None:
        """Write these with the change: all stand or none."""
        self._others += operations

    def settle(self, attempt: PasswordAttempt, *, now: int) -> None:
        """Forget the attempts of the right password's address or browser: not blocked, trusted or rarely wrong."""
        self._actions += settlement_actions(attempt, self._item, now=now)
        self._condition &= settlement_condition(attempt, self._item)
        if not attempt.is_trusted:
            self._others.append(require_few_failures(attempt.pool, now=now))

    def require_same_block(self, pool: str) -> None:
        """Let the change hold only while the pool is blocked, or not, as the item was read."""
        self._condition &= as_seen(self._item, "blocked_until", pool)

    def count_uniform_start(self, attempt: PasswordAttempt) -> None:
        """Count a login or decoy whose attempt goes on counting, if none began since the item was read."""
        self._actions.append(AccountRow.uniform_starts.add(1))
        self._condition &= same_block(attempt) & (AccountRow.uniform_starts == self._item.uniform_starts)

    def move_audit_log(self, head: Head) -> None:
        """Enter what the caller writes into the audit log: its head moves from where it was read."""
        self._head = head

    def enter_login(self, part: str, head: Head, *, covers: AbstractSet[str], countries: Countries) -> None:
        """Enter a login into the audit log, its outcome open; that of those which its entry covers is open no more."""
        self._actions.append(AccountRow.open_outcomes.set({*open_outcomes(self._item) - covers, part}))
        if str(countries) != (self._item.countries or ""):
            self._actions.append(AccountRow.countries.set(str(countries)))
        self.move_audit_log(head)

    def claim_login_slot(self, part: str, *, expires_at: int, free: Iterable[str]) -> None:
        """Let one more login wait, in place of those that hold a slot no more."""
        slots = AccountRow.pending_logins
        self._actions += [slots[other].remove() for other in free]
        self._actions.append(slots[part].set(expires_at))

    def free_login_slots(self, free: Iterable[str]) -> None:
        """Forget logins that hold a slot no more."""
        self._actions += [AccountRow.pending_logins[other].remove() for other in free]

    def record(self, event: str, *, now: int, **members: str | None) -> None:
        """Enter an event into the audit log, after what was entered before, with the change that it is about."""
        row, head = record_of(self._item, event, before=self._head, now=now, **members)
        self._others.append(Put(row))
        self.move_audit_log(head)

    def block_pool(self, pool: str, *, until: int) -> None:
        """Keep a client address from the account until then, by every name and with any password."""
        self._actions.append(AccountRow.blocked_until[pool].set(until))

    def add_device(self, *, limit: int, now: int) -> None:
        """Count one more active device, within the limit and while SMS codes may still be tried today."""
        self.grant("active_devices", int(self._item.active_devices) + 1)
        self.grant("first_device_at", int(self._item.first_device_at or now))
        self._condition &= (AccountRow.active_devices < limit) & wrong_sms_codes_of_day.may_try(now)

    def remove_device(self) -> None:
        """Count one active device less."""
        self.grant("active_devices", int(self._item.active_devices) - 1)

    def add_restored_devices(self, count: int) -> None:
        """Count devices that are active again, whatever the limit."""
        self.grant("active_devices", int(self._item.active_devices) + count)

    def raise_grant_epoch(self) -> int:
        """End all that was granted before, but for what the caller grants again in the epoch that this returns."""
        self.grant("grant_epoch", epoch := int(self._item.grant_epoch) + 1)
        return epoch

    def unlock(self, *, now: int) -> None:
        """Forget all that keeps anybody waiting: attempts, lockouts, blocks, SMS codes, logins that nobody approved."""
        nothing: dict[str, int] = {}
        attempts = ("failed_attempts", "locked_until", "lockout_count", "blocked_until", "failures_by_hour")
        self._actions += [getattr(AccountRow, held).set(nothing) for held in (*attempts, "pending_logins")]
        self._actions += [*remember(self._item), AccountRow.wrong_sms_codes.remove(), AccountRow.unlocked_at.set(now)]

    def set_password_hash(self, password_hash: str) -> None:
        """Replace the password: registrations that began with the old one end, and no browser is trusted any more."""
        self._actions.append(AccountRow.password_hash.set(password_hash))
        self.forget_browsers()
        self.grant("password_mac", password_mac(self._item.pk, password_hash))
        self.end_registrations()

    def forget_browsers(self) -> None:
        """Trust no browser any more that was trusted until now."""
        self._actions.append(AccountRow.trust_epoch.add(1))

    def set_phone(self, phone: str | None) -> None:
        """Replace the phone number (E.164), or remove it: registrations whose code went elsewhere end."""
        self.grant("phone", phone)
        self.end_registrations()

    def end_registrations(self) -> None:
        """End every registration that began before."""
        self.grant("credential_version", int(self._item.credential_version) + 1)

    def set_email(self, email: str | None) -> None:
        """Replace the e-mail (normalised) that the account is found by, or remove it, with its lookup."""
        self.grant("email", email or None)
        if self._item.email:
            self._others.append(Delete(EmailRow(*keys.email(self._item.email, self._item.pk))))
        if email and may_share(email):
            self._others.append(Put(EmailRow(*keys.email(email, self._item.pk)), replaces=True))

    def set_external_id(self, client_id: str, external_id: str | None) -> None:
        """Replace the name by which a client knows the account, or remove it, with its lookup."""
        names, lookups = renamed(self._item, client_id, external_id)
        self.grant("external_ids", names)
        self._others += lookups

    def set_language(self, language: str) -> None:
        """Replace what the person is told in."""
        self._actions.append(AccountRow.language.set(language))

    def set_two_factor(self, *, on: bool) -> None:
        """Have logins wait for a phone, or let the password alone be enough."""
        self.grant("two_factor", on)

    def grant(self, name: str, value: object) -> None:
        """Set or remove a member that the account's MAC covers."""
        held: Any = getattr(AccountRow, name)
        self._actions.append(held.remove() if value is None else held.set(value))
        self._granted[name] = value

    def _same_log(self) -> Any:
        head = AccountRow.audit_log_head
        return head == self._item.audit_log_head if self._item.audit_log_head else head.does_not_exist()


def change_of(account: Account) -> AccountChange:
    """A change of the account as it was read."""
    return AccountChange(account.item)
