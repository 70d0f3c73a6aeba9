"""What the caller sees of a refusal (RFC 9457)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """What the caller sees of a refusal: the status, and what to do now."""

    status: int
    de: str
    en: str
