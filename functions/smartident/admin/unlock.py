"""How an operator lets somebody in again who was locked out."""

from __future__ import annotations

from smartident.accounts.account import AccountNotFound
from smartident.accounts.password_attempts import forget_attempts


def unlock(account_id: str) -> None:
    """Forget every attempt and lockout of an account; what it trusts stays trusted. Raises AccountNotFound."""
    if not forget_attempts(account_id):
        raise AccountNotFound
