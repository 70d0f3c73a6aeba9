"""Refusals that concern registrations and devices."""

from __future__ import annotations

from smartident.errors.accounts import TooManyAttempts
from smartident.errors.refusal import Refusal


class PhoneNumberUnusable(Refusal):
    """The password is right, but the account has no phone number that an SMS may go to; asking again does not help."""

    code = "phone_number_unusable"


class RegistrationNotFound(Refusal):
    """No such registration, or another device key started it."""

    code = "registration_not_found"


class RegistrationExpired(Refusal):
    """The registration has expired, or the password or phone number changed since its start."""

    code = "registration_expired"


class RegistrationPending(Refusal):
    """No device of the account has let the new phone in yet."""

    code = "registration_pending"


class RegistrationWaiting(Refusal):
    """The wait of the new phone is not over; `retry_after` says for how many seconds."""

    code = "registration_waiting"


class LostPhoneRefused(Refusal):
    """Password and SMS let no phone in beside others: the operator offers no wait, or nobody would hear of it."""

    code = "lost_phone_refused"


class RegistrationDeclined(Refusal):
    """A device of the account declined the new phone."""

    code = "registration_declined"


class RegistrationDecided(Refusal):
    """A device of the account has decided over the new phone differently."""

    code = "registration_decided"


class AnotherPhoneWaits(TooManyAttempts):
    """Another new phone waits for the account already; `retry_after` says how long at most, in seconds."""

    code = "another_phone_waits"


class PairingCodeWrong(Refusal):
    """The new phone shows another code; its registration is now declined."""

    code = "pairing_code_wrong"


class CoolingOff(Refusal):
    """The device is too new to let others in or to remove older ones; `retry_after` says for how many seconds."""

    code = "cooling_off"


class CodeWrong(Refusal):
    """The SMS code is wrong; `attempts_left` says how many attempts remain."""

    code = "code_wrong"


class CodeExhausted(Refusal):
    """The SMS code was tried too often; the person must start a new registration."""

    code = "code_exhausted"


class SmsUnavailable(Refusal):
    """The SMS could not be sent; asking again may work."""

    code = "sms_unavailable"


class DeviceRevoked(Refusal):
    """The device is revoked; the person must enrol it again."""

    code = "device_revoked"


class DeviceNotFound(Refusal):
    """No such device in this account."""

    code = "device_not_found"


class DeviceLimitReached(Refusal):
    """The account has reached its limit of active devices."""

    code = "device_limit_reached"


class PushEndpointRefused(Refusal):
    """The browser's push service is not one that the operator allows, or push messages are switched off."""

    code = "push_endpoint_refused"
