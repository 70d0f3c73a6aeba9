"""The statement of an opening ("Zugang wieder öffnen"): the phone writes it, and signs it with the approval key."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from msgspec import DecodeError, Struct
from msgspec.json import decode

from smartident.errors import ApprovalInvalid

# So long a statement may be valid, by its own times.
MAX_SECONDS = 300


class OpeningStatement(Struct, forbid_unknown_fields=True):
    """Which account is to be opened again, after which freeze, and for how long that is meant."""

    v: Literal[2]
    purpose: Literal["smartident-open-account"]
    account_id: str
    frozen_at: int
    requested_at: int
    expires_at: int

    def is_valid(self, *, now: int, skew: int) -> bool:
        """Whether it is meant now; a phone's clock may be off by `skew` seconds."""
        lasts = self.expires_at - self.requested_at
        return 0 < lasts <= MAX_SECONDS and self.requested_at - skew <= now < self.expires_at + skew


@dataclass(frozen=True)
class SignedOpening:
    """A statement with the receipt of its signature, as the audit record keeps them."""

    frozen_at: int
    statement: str = field(repr=False)
    receipt: str = field(repr=False)


def read_opening(statement: bytes) -> OpeningStatement:
    """What a phone wrote; raises ApprovalInvalid for what is no such statement."""
    try:
        return decode(statement, type=OpeningStatement)
    except (DecodeError, UnicodeDecodeError):
        raise ApprovalInvalid("no statement of an opening") from None
