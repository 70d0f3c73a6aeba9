"""Refusals that concern recovery codes."""

from __future__ import annotations

from smartident.errors.accounts import InvalidCredentials
from smartident.errors.refusal import Refusal


class RecoveryRefused(InvalidCredentials):
    """Name, password and recovery code do not fit together; the refusal never says which."""

    code = "recovery_refused"


class RecoveryCodeWrong(Refusal):
    """The code that was typed back is none of the set that was just made."""

    code = "recovery_code_wrong"


class RecoveryCodesExpired(Refusal):
    """This set was replaced by another, or nobody typed a code of it back in time."""

    code = "recovery_codes_expired"


class RecoveryDelayed(Refusal):
    """Only passkeys log in; password and code are right, and `retry_after` says when phones are allowed again."""

    code = "recovery_delayed"


class RecoveryCodesNotAllowed(Refusal):
    """Only passkeys log in: what a phone makes alone must not loosen that."""

    code = "recovery_codes_not_allowed"
