"""Password attempts: counted before the password is looked at, by the one write that also reads the account.

Each client address has PASSWORD_TRIES tries, then one try per lockout, and lockouts double. All addresses together
have FAILURES_PER_HOUR failures per hour; an address that the account trusts is not bound by that, so a stranger who
knows the access number cannot lock its owner out. A trusted browser has the same limits in a pool of its own.

What a caller is told (429, retry_after) follows the name that was typed: an unknown name is counted exactly like a
known one. What counts is the account: an attempt beyond its limits is muted, which means that every password is wrong.
So two names of one account neither double the tries nor tell that they belong together. An e-mail that several
accounts share stands for none of them: no password is right under it, and no attempt counts for any.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import NoReturn

from smartident.accounts import names
from smartident.accounts.account import Account, account_of
from smartident.accounts.item.mac import account_mac, check_account, granted_of, password_mac
from smartident.accounts.item.row import AccountRow, block_of
from smartident.accounts.limits.attempt_counter import AttemptToCount, BrowserForgotten, count_attempt
from smartident.accounts.limits.pending_logins import Caller, caller_of
from smartident.accounts.limits.stale_attempts import forget_stale
from smartident.crypto.item_mac import is_genuine, report_forged
from smartident.crypto.pepper import derived_id, mac
from smartident.errors import InvalidCredentials
from smartident.rate_limiting.client_address import count_failure
from smartident.rate_limiting.lockout_time import new_attempt_id
from smartident.rate_limiting.trusted_browser import TrustedBrowser, read_token
from smartident.storage import keys
from smartident.storage.operations import Update
from smartident.storage.writes import write


@dataclass(frozen=True)
class PasswordAttempt:
    """One counted try of a password. An unknown name gives an attempt like any other, with no account behind it."""

    counted: AttemptToCount
    name: str = field(repr=False)
    client_address: str
    item: AccountRow = field(repr=False)
    # Beyond the account's limits: every password is wrong.
    always_wrong: bool
    # The only account that goes by the name, or the one of those that trusts the browser.
    account: Account | None = field(repr=False)
    is_shared_name: bool
    browser: TrustedBrowser | None = None
    is_right: bool = False

    @property
    def id(self) -> str:
        """What it is counted as."""
        return self.counted.id

    @property
    def pool(self) -> str:
        """Among whose tries it counts: the trusted browser's, else the client address's."""
        return self.counted.pool

    @property
    def account_id(self) -> str:
        """The partition that a login of this attempt belongs to; an unknown name has one too, always the same."""
        return self.account.id if self.account is not None else derived_id("nobody", self.name)

    @property
    def password_hash(self) -> str | None:
        """What the password has to match; None for a name that stands for no account, or for several."""
        return self.item.password_hash if self.account is not None else None

    @property
    def hour_keys(self) -> tuple[str, str]:
        """Under which keys this attempt counts as a failure of its hour, until it is settled."""
        return self.counted.told_hour, self.counted.hour

    @property
    def caller(self) -> Caller:
        """Who tries, and since when the account trusts it."""
        if self.browser is not None:
            return Caller(self.pool, self.browser.trusted_since)
        return caller_of(self.item, self.pool)

    @property
    def is_trusted(self) -> bool:
        """Whether the account trusts the browser or the client address."""
        return self.caller.trusted_since is not None

    @property
    def waits_for_phone(self) -> bool:
        """Whether its login waits for a phone, as far as the caller may know: for a wrong password, always."""
        return not self.is_right or self.account is None or self.account.waits_for_phone

    @property
    def blocked_until(self) -> int | None:
        """Until when the pool was blocked as of this attempt, which is over, or None."""
        return block_of(self.item, self.pool)

    def fail(self, *, now: int) -> NoReturn:
        """Raise InvalidCredentials, unknown and wrong alike, or TooManyAttempts if the pool heard that too often."""
        count_failure(self.pool, now=now)
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


def begin_attempt(identifier: str, client_address: str, *, token: str = "", now: int) -> PasswordAttempt:
    """Count one more attempt and read the account; raises TooManyAttempts with a true retry_after.

    `token` is a trusted browser's; one that does not fit changes nothing.
    """
    name, found = names.normalised(identifier), names.find_accounts(identifier)
    shared = len(found) > 1
    for account_id in found:
        browser = read_token(token, account_id, now=now)
        if browser is not None:
            one = AttemptToCount(names.kind_of(name), browser.pool, new_attempt_id(now), now, browser.trust_epoch)
            with suppress(BrowserForgotten):
                return _begin(one, name, client_address, account_id, browser, is_shared_name=shared)
    one = AttemptToCount(names.kind_of(name), client_address, new_attempt_id(now), now)
    return _begin(one, name, client_address, found[0] if len(found) == 1 else None, is_shared_name=shared)


def _begin(
    one: AttemptToCount,
    name: str,
    client_address: str,
    account_id: str | None,
    browser: TrustedBrowser | None = None,
    *,
    is_shared_name: bool,
) -> PasswordAttempt:
    key = keys.account(account_id) if account_id else keys.unknown_name(mac("identifier", name))
    item, always_wrong = count_attempt(key, one)
    forget_stale(item, one.kind, now=one.now)
    account = account_of(item) if account_id and item.access_number and _is_named(item, name) else None
    return PasswordAttempt(one, name, client_address, item, always_wrong, account, is_shared_name, browser)


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
