"""The statement that asks for recovery codes."""

from __future__ import annotations

from typing import Literal

from smartident.statements.by_phone import PhoneStatement


class RecoveryCodesStatement(PhoneStatement, forbid_unknown_fields=True):
    """Which account is to get a new set of recovery codes."""

    v: Literal[2]
    purpose: Literal["smartident-recovery-codes"]
