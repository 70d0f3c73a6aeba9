"""The token of a trusted browser, as a login earns it; rate_limiting/trusted_browser.py says how old it gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.rate_limiting.trusted_browser import TrustedBrowser, new_browser_id, token_of

if TYPE_CHECKING:
    from smartident.logins.login import Login


def earned_token(login: Login) -> str:
    """The token by which the login's browser is known again; the same one if the answer is repeated."""
    browser_id = login.trusted_browser or new_browser_id(login.id)
    return token_of(TrustedBrowser(browser_id, login.created_at, login.trust_epoch or 0), login.account_id)
