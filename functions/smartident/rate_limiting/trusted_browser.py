"""Trusted browsers: one that completed a login which a phone approved has tries of its own, wherever it is.

Its token is stateless: a MAC under the pepper over the account, the browser's random id, when the login began that
earned it, and the account's trust epoch. It only says which tries count. It replaces neither password nor phone, and
a token that does not fit changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from smartident.crypto.pepper import constant_time_equals, derived_id, mac
from smartident.storage.table import DAY

# As long as browsers keep a cookie at most (RFC 6265bis).
MAX_AGE = 400 * DAY
MAX_TOKEN_LENGTH = 128
_PURPOSE = "trusted-browser"
_POOL = "browser/"
_PARTS = 4


@dataclass(frozen=True)
class TrustedBrowser:
    """A browser that one account trusts, as its token says."""

    id: str
    trusted_since: int
    trust_epoch: int

    @property
    def pool(self) -> str:
        """Under which key its tries count: no client address is like it."""
        return pool_of(self.id)


def pool_of(browser_id: str) -> str:
    """The pool of tries of a browser."""
    return _POOL + browser_id


def is_browser(pool: str) -> bool:
    """Whether a pool of tries is a trusted browser's, and no client address."""
    return pool.startswith(_POOL)


def new_browser_id(login_id: str) -> str:
    """The id of a browser that had none before this login; the same again when the login's answer is repeated."""
    return derived_id(_PURPOSE, login_id)


def token_of(browser: TrustedBrowser, account_id: str) -> str:
    """The token by which the browser is known again; it names no account."""
    content = (browser.id, str(browser.trusted_since), str(browser.trust_epoch))
    return ".".join((*content, mac(_PURPOSE, account_id, *content)))


def read_token(token: str, account_id: str, *, now: int) -> TrustedBrowser | None:
    """The browser that this account trusts by the token, if its trust epoch is still the account's; or None."""
    *content, seal = token.split(".")
    if len(content) != _PARTS - 1 or not constant_time_equals(seal, mac(_PURPOSE, account_id, *content)):
        return None
    browser = TrustedBrowser(content[0], int(content[1]), int(content[2]))
    return browser if browser.trusted_since > now - MAX_AGE else None
