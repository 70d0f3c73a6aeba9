"""Login policies: what people may log in with, by the word of an account, of a client, or of both.

`passkey_only` is the strictest: no page in between can relay a passkey. Between the other two, `phone` allows less.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

PHONE_OR_PASSKEY, PHONE, PASSKEY_ONLY = "phone_or_passkey", "phone", "passkey_only"
# The loosest first.
LOGIN_POLICIES = (PHONE_OR_PASSKEY, PHONE, PASSKEY_ONLY)


def stricter(one: str, other: str) -> str:
    """The stricter of two policies, which holds where both have a say."""
    return max(one, other, key=LOGIN_POLICIES.index)


def allows(policy: str | None, amr: Collection[str]) -> bool:
    """Whether a policy lets in what logged in like this, which its `amr` says (RFC 8176); None has no say."""
    by_passkey = "swk" in amr
    return by_passkey if policy == PASSKEY_ONLY else not (by_passkey and policy == PHONE)
