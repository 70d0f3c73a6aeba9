"""What the statements that a phone writes have in common: it shows what each says and signs it by the approval key."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

from msgspec import DecodeError, Struct
from msgspec.json import decode

from smartident.errors import ApprovalInvalid

# So long a statement may be valid, by its own times.
MAX_SECONDS = 300


class PhoneStatement(Struct, forbid_unknown_fields=True):
    """Which account it is about, and for how long it is meant."""

    account_id: str
    requested_at: int
    expires_at: int

    def is_valid(self, *, now: int, skew: int) -> bool:
        """Whether it is meant now; a phone's clock may be off by `skew` seconds."""
        lasts = self.expires_at - self.requested_at
        return 0 < lasts <= MAX_SECONDS and self.requested_at - skew <= now < self.expires_at + skew


Written = TypeVar("Written", bound=PhoneStatement)


@dataclass(frozen=True)
class SignedStatement:
    """A statement with the receipt of its signature, as the audit record keeps them."""

    statement: str = field(repr=False)
    receipt: str = field(repr=False)


def read_statement(statement: bytes, kind: type[Written]) -> Written:
    """What a phone wrote; raises ApprovalInvalid for what is no statement of this kind."""
    try:
        return decode(statement, type=kind)
    except (DecodeError, UnicodeDecodeError):
        raise ApprovalInvalid(f"no {kind.__name__}") from None
