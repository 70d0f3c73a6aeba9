"""Refusals: what the service declines, as nouns. Statuses and sentences stand in http/problems.py.

The message of a refusal is for the log and never leaves; only its code, its title and its details do.
"""

from __future__ import annotations

from typing import ClassVar


class Refusal(Exception):  # noqa: N818  a refusal is an answer, not a fault of the program
    """A request that we decline, with a stable code and what helps the caller go on."""

    code: ClassVar[str] = "internal_error"

    def __init__(self, message: str = "", **details: object) -> None:
        super().__init__(message or self.code)
        self.details = details


class InvalidRequest(Refusal):
    """The request is malformed; names the field, never echoes its value."""

    code = "invalid_request"


class OriginRefused(Refusal):
    """The page that asks is not one of the operator's."""

    code = "origin_refused"


class InvalidCredentials(Refusal):
    """Unknown identifier or wrong password: which of them is never said."""

    code = "invalid_credentials"


class AccessNumberRequired(Refusal):
    """Right password, but the e-mail stands for several accounts."""

    code = "access_number_required"


class KeyRegistrationRequired(Refusal):
    """Right password and two-factor on, but no active device."""

    code = "key_registration_required"


class TooManyAttempts(Refusal):
    """A limit is reached; bears retry_after in seconds."""

    code = "too_many_attempts"


class RegistrationNotFound(Refusal):
    """No such registration, or another device key asks for it."""

    code = "registration_not_found"


class RegistrationExpired(Refusal):
    """The registration's time is over, or what it began with was set anew."""

    code = "registration_expired"


class CodeWrong(Refusal):
    """The SMS code is wrong; bears attempts_left."""

    code = "code_wrong"


class CodeExhausted(Refusal):
    """The SMS code was tried too often; a new registration is needed."""

    code = "code_exhausted"


class SmsUnavailable(Refusal):
    """The SMS could not be sent; asking again works."""

    code = "sms_unavailable"


class ProofInvalid(Refusal):
    """The device proof (RFC 9449) does not hold."""

    code = "proof_invalid"


class ProofStale(Refusal):
    """The device proof's time is off; bears server_time so that the app can correct itself."""

    code = "proof_stale"


class DeviceRevoked(Refusal):
    """The device was revoked and has to be registered anew."""

    code = "device_revoked"


class DeviceNotFound(Refusal):
    """No such device in this account."""

    code = "device_not_found"


class DeviceLimitReached(Refusal):
    """The account has as many active devices as it may have."""

    code = "device_limit_reached"


class LoginNotFound(Refusal):
    """No such login, or not this caller's."""

    code = "login_not_found"


class LoginExpired(Refusal):
    """The login's time is over."""

    code = "login_expired"


class LoginDecided(Refusal):
    """The login is decided already, and otherwise than asked."""

    code = "login_decided"


class TransferCodeWrong(Refusal):
    """The transfer code is not the one shown; the login is denied."""

    code = "transfer_code_wrong"


class ApprovalInvalid(Refusal):
    """Signature, statement or user verification does not hold."""

    code = "approval_invalid"


class LoginPending(Refusal):
    """The login is not decided yet."""

    code = "login_pending"


class LoginDenied(Refusal):
    """The login was denied or cancelled."""

    code = "login_denied"


class SigningUnavailable(Refusal):
    """The session could not be signed; asking again within the repeat window works."""

    code = "signing_unavailable"


class ServiceUnavailable(Refusal):
    """A part of the service is busy or away; nothing was lost and asking again works."""

    code = "service_unavailable"
