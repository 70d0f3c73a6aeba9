"""The statement that asks for recovery codes: the phone writes it, shows what it says, signs it by the approval key."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from msgspec import DecodeError, Struct
from msgspec.json import decode

from smartident.errors import ApprovalInvalid

# So long a statement may be valid, by its own times.
MAX_SECONDS = 300


class RecoveryCodesStatement(Struct, forbid_unknown_fields=True):
    """Which account is to get a new set of recovery codes, and for how long that is meant."""

    v: Literal[2]
    purpose: Literal["smartident-recovery-codes"]
    account_id: str
    requested_at: int
    expires_at: int

    def is_valid(self, *, now: int, skew: int) -> bool:
        """Whether it is meant now; a phone's clock may be off by `skew` seconds."""
        lasts = self.expires_at - self.requested_at
        return 0 < lasts <= MAX_SECONDS and self.requested_at - skew <= now < self.expires_at + skew


@dataclass(frozen=True)
class SignedRecoveryCodes:
    """A statement with the receipt of its signature, as the audit record keeps them."""

    statement: str = field(repr=False)
    receipt: str = field(repr=False)


def read_recovery_codes(statement: bytes) -> RecoveryCodesStatement:
    """What a phone wrote; raises ApprovalInvalid for what is no such statement."""
    try:
        return decode(statement, type=RecoveryCodesStatement)
    except (DecodeError, UnicodeDecodeError):
        raise ApprovalInvalid("no statement that asks for recovery codes") from None
