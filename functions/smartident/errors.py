"""Refusals: what the service declines. http/problems.py has their statuses and sentences.

The message of a refusal goes to the log only. The caller gets its code, its title and its details.
"""

from __future__ import annotations

from typing import ClassVar


class Refusal(Exception):  # noqa: N818  a refusal is an answer, not a fault of the program
    """A request that we decline, with a stable code and details that help the caller."""

    code: ClassVar[str] = "internal_error"

    def __init__(self, message: str = "", **details: object) -> None:
        super().__init__(message or self.code)
        self.details = details


class InvalidRequest(Refusal):
    """The request is malformed; the refusal names the field, never its value."""

    code = "invalid_request"


class OriginRefused(Refusal):
    """The page is not on the operator's list."""

    code = "origin_refused"


class PublicUrlRequired(Refusal):
    """The request reached the API past CloudFront, which stands in front."""

    code = "public_url_required"


class InvalidCredentials(Refusal):
    """Unknown identifier or wrong password; the refusal never says which."""

    code = "invalid_credentials"


class AccessNumberRequired(Refusal):
    """Right password, but several accounts share the e-mail."""

    code = "access_number_required"


class KeyRegistrationRequired(Refusal):
    """Right password and two-factor on, but no active device."""

    code = "key_registration_required"


class TooManyAttempts(Refusal):
    """A limit is reached; `retry_after` says for how many seconds."""

    code = "too_many_attempts"


class SourceBlocked(TooManyAttempts):
    """The account's owner reported a login from this client address; `retry_after` says in seconds for how long."""

    code = "source_blocked"


class PhoneNumberUnusable(Refusal):
    """The password is right, but the account has no phone number that an SMS may go to; asking again does not help."""

    code = "phone_number_unusable"


class RegistrationNotFound(Refusal):
    """No such registration, or another device key started it."""

    code = "registration_not_found"


class RegistrationExpired(Refusal):
    """The registration has expired, or the password or phone number changed since its start."""

    code = "registration_expired"


class CodeWrong(Refusal):
    """The SMS code is wrong; `attempts_left` says how many attempts remain."""

    code = "code_wrong"


class CodeExhausted(Refusal):
    """The SMS code was tried too often; the person must start a new registration."""

    code = "code_exhausted"


class SmsUnavailable(Refusal):
    """The SMS could not be sent; asking again may work."""

    code = "sms_unavailable"


class ProofInvalid(Refusal):
    """The device proof (RFC 9449) is invalid."""

    code = "proof_invalid"


class ProofStale(Refusal):
    """The device proof's time is wrong; `server_time` lets the app correct itself."""

    code = "proof_stale"


class DeviceRevoked(Refusal):
    """The device is revoked; the person must enrol it again."""

    code = "device_revoked"


class DeviceNotFound(Refusal):
    """No such device in this account."""

    code = "device_not_found"


class DeviceLimitReached(Refusal):
    """The account has reached its limit of active devices."""

    code = "device_limit_reached"


class LoginNotFound(Refusal):
    """No such login, or it is not the caller's."""

    code = "login_not_found"


class LoginExpired(Refusal):
    """The login has expired."""

    code = "login_expired"


class LoginDecided(Refusal):
    """The login is already decided differently."""

    code = "login_decided"


class TransferCodeWrong(Refusal):
    """The transfer code is wrong; the login is now denied."""

    code = "transfer_code_wrong"


class ApprovalInvalid(Refusal):
    """Signature, statement or user verification is invalid."""

    code = "approval_invalid"


class ApprovalRequired(Refusal):
    """Only a decision of the approval key may do this; the device key alone is not enough."""

    code = "approval_required"


class LoginPending(Refusal):
    """The login is not decided yet."""

    code = "login_pending"


class LoginDenied(Refusal):
    """The login was denied or cancelled."""

    code = "login_denied"


class SigningUnavailable(Refusal):
    """KMS did not sign the session; asking again within the repeat window works."""

    code = "signing_unavailable"


class ServiceUnavailable(Refusal):
    """A part of the service is busy or unavailable; nothing was lost and asking again works."""

    code = "service_unavailable"
