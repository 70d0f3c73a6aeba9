"""Export: all that the table holds about an account, for the person it is about (GDPR articles 15 and 20)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.accounts import creation
from smartident.accounts.audit_log import AuditRecordRow
from smartident.accounts.limits.rings import RingsRow
from smartident.devices.device import DeviceRow
from smartident.devices.registration import RegistrationRow
from smartident.enrolment.enrolment_code import EnrolmentCodeRow
from smartident.logins.login import LoginRow, is_decoy
from smartident.lost_phone.delayed import DelayedRow
from smartident.notices.outbox import NoticeRow
from smartident.oauth.authorization import AuthorizationRow
from smartident.pairing.pairing import PairingRow
from smartident.passkeys.passkey import PasskeyRow
from smartident.pings.outbox import PingRow
from smartident.push.subscription import PushSubscriptionRow
from smartident.rate_limiting.counters import CounterRow
from smartident.recovery.code_set import RecoveryCodesRow
from smartident.sessions.logout_outbox import LogoutRow
from smartident.sessions.session import SessionRow
from smartident.storage import keys
from smartident.storage.table import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smartident.accounts.account import Account

# Secrets, what could be tried against them, and what only our own code can check: the person gains nothing by them.
WITHHELD = creation.WITHHELD | {
    "token_hash",
    "ticket_hash",
    "transfer_code_mac",
    "completion_mac",
    "grant_epoch",
    "account_epoch",
    "trust_epoch",
    "code_attempts",
    "code_mac",
    "claim",
    "claimed_until",
    # Who knows these may write to the phone in our name, or to its push service.
    "endpoint",
    "p256dh",
    "auth",
    # Of applications, and of a browser that stays signed in.
    *("access_token_hash", "authorization_mac", "code_challenge", "code_hash", "oidc_nonce"),
    *("secret_hash", "session_mac"),
    "code_macs",
    "recovery_code_mac",
    "recovery_codes_mac",
}
# A Query of the partition tells the kinds of items apart that it has heard of.
# Counters by phone number and client address are hashed, gone in two days, and shared: nobody's alone.
EXPORTED = (
    *(DeviceRow, LoginRow, AuditRecordRow, RegistrationRow, PairingRow, NoticeRow, CounterRow, PasskeyRow),
    EnrolmentCodeRow,
    PushSubscriptionRow,
    *(AuthorizationRow, SessionRow, LogoutRow, PingRow, RingsRow),
    *(RecoveryCodesRow, DelayedRow),
)


def export_account(account: Account) -> Iterator[dict[str, object]]:
    """Every item about an account, a page in memory at a time: lookups, itself, devices, logins, passkeys, records."""
    yield from (_plain(row) for row in creation.lookups_of(account))
    for partition in (account.id, keys.counters("sms-account", account.id)):
        rows = Row.query(partition, consistent_read=True)
        # What strangers tried under this name is nothing that the person did.
        yield from (_plain(row) for row in rows if not (isinstance(row, LoginRow) and is_decoy(row)))


def _plain(row: Row) -> dict[str, object]:
    # Sets, which JSON has none of, become lists.
    members: dict[str, object] = row.to_simple_dict(force=True)
    return {name: value for name, value in members.items() if name not in WITHHELD}
