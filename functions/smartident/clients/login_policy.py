"""Login policies: what people may log in with, by the word of an account, of a client, or of both.

`passkey_only` is the strictest: no page in between can relay a passkey. Between the other two, `phone` allows less.
"""

from __future__ import annotations

PHONE_OR_PASSKEY, PHONE, PASSKEY_ONLY = "phone_or_passkey", "phone", "passkey_only"
# The loosest first.
LOGIN_POLICIES = (PHONE_OR_PASSKEY, PHONE, PASSKEY_ONLY)


def stricter(one: str, other: str) -> str:
    """The stricter of two policies, which holds where both have a say."""
    return max(one, other, key=LOGIN_POLICIES.index)
