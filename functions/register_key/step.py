"""Step 3 of the story, "Schlüssel registrieren": a phone's new key waits for the code of an SMS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from msgspec import Meta, Struct

from smartident.accounts.account import read_account
from smartident.accounts.item.login_policy import check_password_allowed
from smartident.approvals.begin_pairing import begin_pairing
from smartident.crypto.base64url import encode
from smartident.crypto.dpop import NewKeyProof, Request, verify_new_key
from smartident.crypto.jwk import public_key
from smartident.crypto.random import digest
from smartident.devices.device import DeviceName  # noqa: TC001  msgspec reads it at run time
from smartident.devices.device_limit import check_device_limit
from smartident.devices.registration import BY_DELAY, BY_DEVICE, BY_SMS, Registration, read_registration
from smartident.devices.sms_sending import begin, claim_resend, give_send_back, mark_sent
from smartident.devices.sms_verification import check_credentials_unchanged, sms_code
from smartident.enrolment.authenticate import authenticate_by_code
from smartident.enrolment.begin import begin_by_code
from smartident.enrolment.delay import check_may_wait
from smartident.errors import InvalidRequest, RegistrationExpired, RegistrationNotFound, SmsUnavailable, TooManyAttempts
from smartident.logins.uniform_login import login_flow
from smartident.notify.sms import Sms, check_country, code_text, send_counted
from smartident.pairing.shown_code import fingerprint_of, pairing_code, pairing_digits
from smartident.passwords.authenticate import authenticate
from smartident.rate_limiting.client_address import client_address_of
from smartident.rate_limiting.sms_limits import count_send
from smartident.settings import settings

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.statements.login import RequestOrigin


class NewKey(Struct, forbid_unknown_fields=True):
    """What the app sends to register its key."""

    identifier: Annotated[str, Meta(min_length=1, max_length=254)]
    device_key: dict[str, Any]
    device_name: DeviceName
    platform: Literal["ios", "android", "web", "other"]
    # One of these proves whose account it is.
    password: Annotated[str, Meta(min_length=1, max_length=1024)] | None = None
    enrolment_code: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    # With the password: it spares the SMS and every other phone.
    recovery_code: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    # No device is at hand that could let this one in: an SMS, and a wait where the operator offers one.
    lost_phone: bool = False


def start_registration(
    ask: NewKey, *, request: Request, request_origin: RequestOrigin, sms: Sms, now: int
) -> Registration:
    """A registration whose code is on its way; the same request come twice sends no second SMS."""
    proof = verify_new_key(request, now=now)
    if public_key(ask.device_key, field="device_key").thumbprint() != proof.thumbprint:
        raise InvalidRequest("proof by another key", field="device_key")
    client_address = client_address_of(request_origin.address)
    named = {"device_name": ask.device_name, "platform": ask.platform}
    if ask.recovery_code is not None:
        return _begin_by_recovery(ask, ask.recovery_code, proof, request_origin=request_origin, now=now)
    if ask.enrolment_code is not None and ask.password is None:
        account, code = authenticate_by_code(ask.identifier, ask.enrolment_code, client_address=client_address, now=now)
        check_device_limit(account)
        return begin_by_code(account, code, proof, **named, now=now)
    if ask.password is None or ask.enrolment_code is not None:
        raise InvalidRequest("a password or an enrolment code, and not both", field="password")
    account = authenticate(ask.identifier, ask.password, client_address=client_address, now=now)
    check_password_allowed(account, now=now)
    check_device_limit(account)
    if account.active_devices and ask.lost_phone:
        check_may_wait(account)
        return _begin_by_sms(account, ask, proof, request_origin=request_origin, sms=sms, now=now)
    if account.active_devices:
        # From now on only a device lets another one in: no SMS is sent.
        return begin_pairing(account, proof, **named, request_origin=request_origin, now=now)
    return _begin_by_sms(account, ask, proof, request_origin=request_origin, sms=sms, now=now)


def _begin_by_recovery(
    ask: NewKey, code: str, proof: NewKeyProof, *, request_origin: RequestOrigin, now: int
) -> Registration:
    from smartident.approvals.begin_recovery import begin_recovery  # noqa: PLC0415  no other registration pays it

    if ask.password is None or ask.enrolment_code is not None:
        raise InvalidRequest("a recovery code counts with the password alone", field="password")
    named = (ask.device_name, ask.platform)
    return begin_recovery(
        ask.identifier, ask.password, code, proof, named=named, request_origin=request_origin, now=now
    )


def _begin_by_sms(
    account: Account, ask: NewKey, proof: NewKeyProof, *, request_origin: RequestOrigin, sms: Sms, now: int
) -> Registration:
    phone = check_country(account.phone)
    registration, is_due = begin(
        account,
        proof,
        device_name=ask.device_name,
        platform=ask.platform,
        phone=phone,
        confirm_by=BY_DELAY if account.active_devices else BY_SMS,
        origin=request_origin.where,
        now=now,
    )
    if not is_due and not registration.is_sent:
        registration, is_due = claim_resend(registration, request=digest(proof.jti), now=now)
    if not is_due:
        return registration
    return _sent(registration, account, phone=phone, language=request_origin.language, sms=sms, now=now)


def resend_code(registration_id: str, *, request: Request, language: str = "de", sms: Sms, now: int) -> Registration:
    """A new code for the same registration; the old one is worth nothing from then on."""
    proof = verify_new_key(request, now=now)
    registration = read_registration(registration_id, thumbprint=proof.thumbprint)
    account = read_account(registration.account_id)
    if account is None:
        raise RegistrationNotFound
    check_credentials_unchanged(registration, account)
    if registration.confirm_by != (BY_DELAY if account.active_devices else BY_SMS):
        raise RegistrationExpired
    phone = check_country(account.phone)
    registration, is_due = claim_resend(registration, request=digest(proof.jti), now=now)
    if not is_due:
        return registration
    return _sent(registration, account, phone=phone, language=language, sms=sms, now=now)


def answers_at_fixed_time(refusal: BaseException | None) -> bool:
    """Whether this answer leaves at one fixed time after its request."""
    return login_flow().answers_at_fixed_time(refusal)


def to_response(registration: Registration) -> dict[str, object]:
    """What the app gets: where the code went, until when it counts, and how to make its approval key."""
    told: dict[str, object] = {
        "registration_id": registration.id,
        "challenge": registration.challenge,
        "confirm_by": registration.confirm_by,
        "expires_at": registration.expires_at,
        "webauthn": creation_options(registration),
    }
    if registration.confirm_by == BY_DEVICE:
        shown = {"pairing": pairing_code(registration.id), "pairing_digits": pairing_digits(registration.id)}
        return {**told, **shown, "fingerprint": fingerprint_of(registration.thumbprint)}
    if registration.confirm_by not in {BY_SMS, BY_DELAY}:
        return told
    return {**told, "phone_hint": registration.phone_hint, "resend_at": registration.resend_at}


def creation_options(registration: Registration) -> dict[str, object]:
    """PublicKeyCredentialCreationOptionsJSON (WebAuthn level 3, 5.1.8): this platform, user verification required."""
    return {
        "rp": {"id": settings().webauthn_rp_id, "name": "smartIDENT"},
        "user": {
            "id": encode(f"{registration.account_id}.{registration.thumbprint}"[:64].encode()),
            "name": registration.device_name,
            "displayName": registration.device_name,
        },
        "challenge": registration.challenge,
        "pubKeyCredParams": [{"type": "public-key", "alg": -7}, {"type": "public-key", "alg": -8}],
        "timeout": settings().sms_code_lifetime * 1000,
        "excludeCredentials": [],
        "authenticatorSelection": {
            "authenticatorAttachment": "platform",
            "residentKey": "discouraged",
            "requireResidentKey": False,
            "userVerification": "required",
        },
        "attestation": "none",
    }


def _sent(
    registration: Registration, account: Account, *, phone: str, language: str, sms: Sms, now: int
) -> Registration:
    try:
        used = count_send(account.id, phone, had_device=account.had_device, now=now)
        text = code_text(sms_code(registration), language)
        send_counted(sms, phone=phone, text=text, account_id=registration.account_id, used=used, now=now)
    except (SmsUnavailable, TooManyAttempts):
        give_send_back(registration, now=now)
        raise
    return mark_sent(registration)
