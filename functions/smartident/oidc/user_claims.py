"""What a scope tells of a person (OpenID Connect Core 5.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smartident.accounts.account import Account


def user_claims(account: Account, scope: str) -> dict[str, str]:
    """The claims of the scopes that were granted; `sub` is the same as in the id_token."""
    claims, granted = {"sub": account.id}, scope.split()
    if "profile" in granted:
        claims |= {"name": account.display_name, "preferred_username": account.number}
    if "email" in granted and account.email:
        claims["email"] = account.email
    return claims
