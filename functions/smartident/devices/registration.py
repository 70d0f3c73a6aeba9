"""Registrations: a new phone's key, unconfirmed until the SMS code comes back with it (sms_verification.py)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.expressions.condition import size

from smartident.crypto.base64url import encode
from smartident.crypto.item_mac import grant_mac, is_genuine, report_forged
from smartident.crypto.jwk import dump_public_key
from smartident.crypto.pepper import constant_time_equals
from smartident.crypto.random import digest, random_id
from smartident.errors import RegistrationNotFound
from smartident.notify.sms import phone_hint
from smartident.settings import settings
from smartident.storage import keys
from smartident.storage.table import DAY, Row

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.crypto.dpop import NewKeyProof
    from smartident.storage.operations import FailedConditions

PENDING, VERIFIED = "pending", "verified"
BY_SMS, BY_DEVICE, BY_ENROLMENT_CODE, BY_RECOVERY = "sms", "device", "enrolment_code", "recovery"
BY_DELAY = "sms_delayed"  # an SMS and a wait; approvals/admission.py says how each of these confirms a registration


class RegistrationRow(Row, discriminator="registration"):
    """`<account_id>` | `REGISTRATION#<id>`: the code counts for this row and this device key only."""

    state = UnicodeAttribute()
    thumbprint = UnicodeAttribute()
    device_key = UnicodeAttribute()
    device_name = UnicodeAttribute()
    platform = UnicodeAttribute()
    challenge = UnicodeAttribute()
    phone_hint = UnicodeAttribute()
    code_number = NumberAttribute(default=1)  # which code counts: the last that was made
    code_attempts = UnicodeSetAttribute(null=True)  # a MAC of each: the same code sent again is the same try
    sends = NumberAttribute(default=1)
    last_send = UnicodeAttribute()
    last_claim = UnicodeAttribute(null=True)
    is_sent = BooleanAttribute(default=False)  # until SNS took the SMS, nobody is told that it is on its way
    resend_at = NumberAttribute()
    created_at = NumberAttribute()
    expires_at = NumberAttribute()
    credential_version = NumberAttribute(default=0)  # of the account when this began: a later change ends it
    confirm_by = UnicodeAttribute(default=BY_SMS)
    enrolment_code_id = UnicodeAttribute(null=True)  # which code it began with, and uses up
    recovery_code_mac = UnicodeAttribute(null=True)  # of the recovery code that it uses up
    mac = UnicodeAttribute(null=True)


@dataclass(frozen=True)
class Registration:
    """One registration as it stood when it was read."""

    account_id: str
    id: str
    state: str
    thumbprint: str
    device_name: str
    platform: str
    challenge: str
    phone_hint: str
    last_send: str
    is_sent: bool
    resend_at: int
    expires_at: int
    code_attempts: int
    sends: int
    code_number: int
    credential_version: int
    confirm_by: str
    enrolment_code_id: str | None
    recovery_code_mac: str | None
    device_key: str = field(repr=False)
    mac: str | None = field(compare=False, repr=False)


def registration_of(row: RegistrationRow) -> Registration:
    """The registration that a row holds."""
    return Registration(
        account_id=row.pk,
        id=keys.item_id(row.pk, row.sk),
        state=row.state,
        thumbprint=row.thumbprint,
        device_name=row.device_name,
        platform=row.platform,
        challenge=row.challenge,
        phone_hint=row.phone_hint,
        last_send=row.last_send,
        is_sent=bool(row.is_sent),
        resend_at=int(row.resend_at),
        expires_at=int(row.expires_at),
        code_attempts=len(row.code_attempts or ()),
        sends=int(row.sends),
        code_number=int(row.code_number),
        credential_version=int(row.credential_version),
        confirm_by=row.confirm_by,
        enrolment_code_id=row.enrolment_code_id,
        recovery_code_mac=row.recovery_code_mac,
        device_key=row.device_key,
        mac=row.mac,
    )


def registration_mac(registration: Registration) -> str:
    """The MAC of a registration in this state, over all that becomes of it once its code comes back."""
    began = (registration.credential_version, registration.confirm_by, registration.challenge)
    device = (registration.thumbprint, registration.device_key, registration.device_name, registration.platform)
    waits = (registration.state, registration.code_number, registration.expires_at)
    by_code = filter(None, [registration.enrolment_code_id, registration.recovery_code_mac])
    return grant_mac("registration", registration.id, *began, *device, *waits, *by_code)


def written_registration(row: RegistrationRow) -> Registration:
    """The registration that a row holds; raises RegistrationNotFound unless our own code has written it."""
    registration = registration_of(row)
    if not is_genuine(registration.mac, registration_mac(registration)):
        report_forged("registration")
        raise RegistrationNotFound
    return registration


def row_key(registration_id: str) -> RegistrationRow:
    """The row of a registration by its key alone, for a write; raises RegistrationNotFound for what is no id of one."""
    key = keys.registration(registration_id)
    if key is None:
        raise RegistrationNotFound
    return RegistrationRow(*key)


def read_registration(registration_id: str, *, thumbprint: str) -> Registration:
    """The registration, for the device key that began it; raises RegistrationNotFound for every other key."""
    key = row_key(registration_id)
    try:
        row = RegistrationRow.get(key.pk, key.sk, consistent_read=True)
    except RegistrationRow.DoesNotExist:
        raise RegistrationNotFound from None
    return check_own(written_registration(row), thumbprint)


def registration_in_the_way(conflict: FailedConditions, *, thumbprint: str) -> Registration:
    """The registration as a failed condition found it, for the device key that began it."""
    row = conflict.found(RegistrationRow)
    if row is None:
        raise RegistrationNotFound
    return check_own(written_registration(row), thumbprint)


def check_own(registration: Registration, thumbprint: str) -> Registration:
    """The registration; raises RegistrationNotFound unless this device key began it."""
    if not constant_time_equals(registration.thumbprint, thumbprint):
        raise RegistrationNotFound
    return registration


def new_row(
    account: Account, proof: NewKeyProof, *, named: tuple[str, str], confirm_by: str, phone: str = "", now: int
) -> RegistrationRow:
    """The row of a registration that begins now, by the phone's name and platform; a `phone` gets an SMS.

    The same request come twice names the same registration: its random part is the phone's own jti.
    """
    limits = settings()
    row = RegistrationRow(
        *keys.new_registration(account.id, digest(proof.thumbprint + "." + proof.jti)),
        state=PENDING,
        thumbprint=proof.thumbprint,
        device_key=dump_public_key(proof.key),
        device_name=named[0],
        platform=named[1],
        challenge=encode(random_id().encode()),
        phone_hint=phone_hint(phone) if phone else "",
        confirm_by=confirm_by,
        last_send=digest(proof.jti),
        created_at=now,
        expires_at=now + limits.sms_code_lifetime,
        resend_at=now + limits.sms_resend_after,
        credential_version=account.credential_version,
        ttl=now + DAY,
    )
    row.mac = registration_mac(registration_of(row))
    return row


def is_open(now: int) -> Any:
    """The condition that a registration still waits for its code; TTL decides nothing."""
    return (RegistrationRow.state == PENDING) & (RegistrationRow.expires_at > now)


def has_attempts() -> Any:
    """The condition that one more code may be tried."""
    attempts: Any = RegistrationRow.code_attempts
    return attempts.does_not_exist() | (size(attempts) < settings().sms_code_tries)
