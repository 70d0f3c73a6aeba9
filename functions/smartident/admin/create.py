"""How an operator makes an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.accounts.creation import NameTaken, NewAccount, create
from smartident.accounts.names import normalised_email, normalised_number
from smartident.crypto.random import random_id
from smartident.errors import InvalidRequest
from smartident.passwords.hashing import hash_password

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smartident.accounts.account import Account


def create_account(
    number: str,
    password: str,
    *,
    display_name: str,
    email: str | None,
    phone: str | None,
    two_factor: bool,
    language: str | None = None,
    external_ids: Mapping[str, str] | None = None,
    now: int,
) -> Account:
    """A new account; raises InvalidRequest if its number, or a client's name for it, is taken. `phone` is E.164."""
    new = NewAccount(
        number=normalised_number(number),
        display_name=display_name,
        email=normalised_email(email) if email else None,
        phone=phone,
        two_factor=two_factor,
        password_hash=hash_password(password),
        language=language,
        external_ids=external_ids or {},
    )
    try:
        return create(new, random_id(), now=now)
    except NameTaken as taken:
        raise InvalidRequest(field="external_id" if taken.is_external else "access_number") from None
