"""Refusals: what the service declines. problems/ has their statuses and sentences.

The message of a refusal goes to the log only. The caller gets its code, its title and its details.
"""

from smartident.errors.accounts import (
    AccessNumberRequired,
    InvalidCredentials,
    KeyRegistrationRequired,
    SourceBlocked,
    TooManyAttempts,
)
from smartident.errors.devices import (
    CodeExhausted,
    CodeWrong,
    CoolingOff,
    DeviceLimitReached,
    DeviceNotFound,
    DeviceRevoked,
    PairingCodeWrong,
    PhoneNumberUnusable,
    RegistrationDecided,
    RegistrationDeclined,
    RegistrationExpired,
    RegistrationNotFound,
    RegistrationPending,
    SmsUnavailable,
)
from smartident.errors.logins import (
    ApprovalInvalid,
    ApprovalRequired,
    LoginDecided,
    LoginDenied,
    LoginExpired,
    LoginNotFound,
    LoginPending,
    TransferCodeWrong,
)
from smartident.errors.passkeys import FreshLoginRequired, PasskeyLimitReached, PasskeyRefused
from smartident.errors.refusal import Refusal
from smartident.errors.requests import (
    InvalidRequest,
    OriginRefused,
    ProofInvalid,
    ProofStale,
    PublicUrlRequired,
    ServiceUnavailable,
    SigningUnavailable,
)

__all__ = [
    "AccessNumberRequired",
    "ApprovalInvalid",
    "ApprovalRequired",
    "CodeExhausted",
    "CodeWrong",
    "CoolingOff",
    "DeviceLimitReached",
    "DeviceNotFound",
    "DeviceRevoked",
    "FreshLoginRequired",
    "InvalidCredentials",
    "InvalidRequest",
    "KeyRegistrationRequired",
    "LoginDecided",
    "LoginDenied",
    "LoginExpired",
    "LoginNotFound",
    "LoginPending",
    "OriginRefused",
    "PairingCodeWrong",
    "PasskeyLimitReached",
    "PasskeyRefused",
    "PhoneNumberUnusable",
    "ProofInvalid",
    "ProofStale",
    "PublicUrlRequired",
    "Refusal",
    "RegistrationDecided",
    "RegistrationDeclined",
    "RegistrationExpired",
    "RegistrationNotFound",
    "RegistrationPending",
    "ServiceUnavailable",
    "SigningUnavailable",
    "SmsUnavailable",
    "SourceBlocked",
    "TooManyAttempts",
    "TransferCodeWrong",
]
