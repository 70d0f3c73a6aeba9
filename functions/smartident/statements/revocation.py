"""The statement of a removal: the phone writes it, shows what it says, and signs it with the approval key."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from msgspec import DecodeError, Struct
from msgspec.json import decode

from smartident.errors import ApprovalInvalid

# So long a statement may be valid, by its own times.
MAX_SECONDS = 300


class RevocationStatement(Struct, forbid_unknown_fields=True):
    """Which device of which account is to be removed, under which name it was shown, and for how long that is meant."""

    v: Literal[2]
    purpose: Literal["smartident-revoke-device"]
    account_id: str
    device_id: str
    device_name: str
    requested_at: int
    expires_at: int

    def is_valid(self, *, now: int, skew: int) -> bool:
        """Whether it is meant now; a phone's clock may be off by `skew` seconds."""
        lasts = self.expires_at - self.requested_at
        return 0 < lasts <= MAX_SECONDS and self.requested_at - skew <= now < self.expires_at + skew


@dataclass(frozen=True)
class SignedRevocation:
    """A statement with the receipt of its signature, as the audit record keeps them."""

    statement: str = field(repr=False)
    receipt: str = field(repr=False)


def read_revocation(statement: bytes) -> RevocationStatement:
    """What a phone wrote; raises ApprovalInvalid for what is no such statement."""
    try:
        return decode(statement, type=RevocationStatement)
    except (DecodeError, UnicodeDecodeError):
        raise ApprovalInvalid("no statement of a removal") from None
