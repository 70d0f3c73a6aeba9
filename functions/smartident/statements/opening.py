"""The statement of an opening ("Zugang wieder öffnen")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from smartident.statements.by_phone import PhoneStatement, SignedStatement


class OpeningStatement(PhoneStatement, forbid_unknown_fields=True):
    """Which account is to be opened again, after which freeze."""

    v: Literal[2]
    purpose: Literal["smartident-open-account"]
    frozen_at: int


@dataclass(frozen=True)
class SignedOpening(SignedStatement):
    """The statement of an opening that was signed, and after which freeze."""

    frozen_at: int
