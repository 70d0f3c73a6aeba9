"""Step 4 of the story, "Schlüsselregistrierung abschließen": code and approval key make the phone a device."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct

from smartident.accounts.account import Account, read_account
from smartident.accounts.limits.wrong_sms_codes_of_day import check_wrong_sms_codes
from smartident.approvals.admission import admission_of
from smartident.approvals.approval_key import verify_jwk_key, verify_webauthn_key
from smartident.crypto.dpop import Request, verify_new_key
from smartident.devices.device import ApprovalKey, Device, read_device
from smartident.devices.device_limit import check_device_limit
from smartident.devices.registration import BY_DELAY, BY_SMS, PENDING, Registration, read_registration
from smartident.devices.sms_verification import check_code, check_credentials_unchanged, count_code_attempt, verify
from smartident.enrolment.delay import begin_delay
from smartident.errors import (
    DeviceRevoked,
    InvalidRequest,
    Refusal,
    RegistrationExpired,
    RegistrationNotFound,
)
from smartident.statements.login import RequestOrigin
from smartident.storage.operations import Again
from smartident.storage.writes import retry

# Where nobody knows from where a request came.
NOWHERE = RequestOrigin("", "", "")


class RawKey(Struct, forbid_unknown_fields=True, tag="jwk"):
    """An approval key of the platform's keystore, with its signature over the challenge."""

    jwk: dict[str, Any]
    signature: Annotated[str, Meta(max_length=128)]


class WebAuthnKey(Struct, forbid_unknown_fields=True, tag="webauthn"):
    """An approval key as a WebAuthn credential."""

    credential: dict[str, Any]


class Confirmation(Struct, forbid_unknown_fields=True):
    """What the app sends to finish: the code of the SMS and its approval key."""

    approval_key: RawKey | WebAuthnKey
    # Only where an SMS confirms (`confirm_by`).
    code: Annotated[str, Meta(pattern=r"^[0-9]{6}\Z")] | None = None


def finish_registration(
    registration_id: str, ask: Confirmation, *, request: Request, request_origin: RequestOrigin = NOWHERE, now: int
) -> tuple[Account, Device]:
    """The device that the registration becomes, of which the person is told; a second such request answers the same."""
    proof = verify_new_key(request, now=now)
    registration = read_registration(registration_id, thumbprint=proof.thumbprint)
    approval_key = verify_approval_key(ask.approval_key, registration)
    if (ask.code is None) != (registration.confirm_by not in {BY_SMS, BY_DELAY}):
        raise InvalidRequest("a code where no SMS confirms, or none where one does", field="code")
    if ask.code is not None:
        registration = count_code_attempt(registration, ask.code, now=now)
    account = _account(registration)
    if registration.state == PENDING:
        check_credentials_unchanged(registration, account)
        check_wrong_sms_codes(account, now=now)
    if ask.code is not None:
        check_code(registration, ask.code, now=now)
    if registration.confirm_by == BY_DELAY and registration.state == PENDING:
        begin_delay(registration, account, request_origin=request_origin, now=now)
    return _verified(registration, approval_key, account, origin=request_origin.where, now=now)


def verify_approval_key(key: RawKey | WebAuthnKey, registration: Registration) -> ApprovalKey:
    """The approval key, proven for this registration; raises ApprovalInvalid. Tells nothing of the code."""
    if isinstance(key, WebAuthnKey):
        return verify_webauthn_key(key.credential, challenge=registration.challenge, thumbprint=registration.thumbprint)
    return verify_jwk_key(
        key.jwk,
        key.signature,
        registration_id=registration.id,
        challenge=registration.challenge,
        thumbprint=registration.thumbprint,
    )


def to_response(account: Account, device: Device) -> dict[str, object]:
    """What the app stores and shows of the new account."""
    return {
        "account_id": account.id,
        "access_number": account.number,
        "device_id": device.id,
        "display_name": account.display_name,
    }


def _account(registration: Registration) -> Account:
    account = read_account(registration.account_id)
    if account is None:
        raise RegistrationNotFound
    return account


def _verified(
    registration: Registration, approval_key: ApprovalKey, account: Account, *, origin: str, now: int
) -> tuple[Account, Device]:
    def attempt(account: Account) -> tuple[Account, Device] | Again[Account]:
        admission = admission_of(registration, account, now=now)
        if isinstance(admission, Refusal):
            # The same confirmation may have come before: it answers the same.
            current = _account(registration)
            before = _verified_before(registration, approval_key, current, now=now)
            if before is None:
                raise admission
            return current, before
        device = verify(registration, approval_key, account=account, admission=admission, origin=origin, now=now)
        if not isinstance(device, Again):
            return account, device
        current = _account(registration)
        before = _verified_before(registration, approval_key, current, now=now)
        return Again(current) if before is None else (current, before)

    return retry(attempt, account)


def _verified_before(
    registration: Registration, approval_key: ApprovalKey, account: Account, *, now: int
) -> Device | None:
    device = read_device(registration.account_id, registration.thumbprint)
    if device is not None and not device.active:
        raise DeviceRevoked
    if device is not None and device.approval_key != approval_key:
        # The first one stays, and a phone that holds another must not believe that it can approve.
        raise RegistrationExpired
    if device is None:
        check_device_limit(account)
        check_credentials_unchanged(registration, account)
        check_wrong_sms_codes(account, now=now)
    return device
