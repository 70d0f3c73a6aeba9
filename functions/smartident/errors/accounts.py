"""Refusals that concern passwords and accounts."""

from __future__ import annotations

from smartident.errors.refusal import Refusal


class InvalidCredentials(Refusal):
    """Unknown identifier or wrong password; the refusal never says which."""

    code = "invalid_credentials"


class EnrolmentCodeInvalid(InvalidCredentials):
    """Unknown identifier, or no code that counts for it; the refusal never says which."""

    code = "enrolment_code_invalid"


class AccessNumberRequired(Refusal):
    """Right password, but several accounts share the e-mail."""

    code = "access_number_required"


class KeyRegistrationRequired(Refusal):
    """Right password and two-factor on, but no active device."""

    code = "key_registration_required"


class AccountFrozen(Refusal):
    """The account is frozen; only a device of it hears so, browsers and new phones do not."""

    code = "account_frozen"


class TooManyAttempts(Refusal):
    """A limit is reached; `retry_after` says for how many seconds."""

    code = "too_many_attempts"


class SourceBlocked(TooManyAttempts):
    """The account's owner reported a login from this client address; `retry_after` says in seconds for how long."""

    code = "source_blocked"
