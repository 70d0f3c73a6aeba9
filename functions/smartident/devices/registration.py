"""Registrations: a new phone's key, unconfirmed until the SMS code comes back with it (sms_verification.py)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from smartident.crypto.base64url import encode
from smartident.crypto.jwk import dump_public_key
from smartident.crypto.pepper import constant_time_equals, mac
from smartident.crypto.random import digest, random_id
from smartident.errors import RegistrationNotFound
from smartident.notify.sms import phone_hint
from smartident.settings import settings
from smartident.storage.ids import split_id
from smartident.storage.table import DAY, Row

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.crypto.dpop import NewKeyProof

PENDING, VERIFIED = "pending", "verified"


class RegistrationRow(Row, discriminator="registration"):
    """`<account_id>` | `REGISTRATION#<id>`: the code counts for this row and this device key only."""

    state = UnicodeAttribute()
    thumbprint = UnicodeAttribute()
    device_key = UnicodeAttribute()
    device_name = UnicodeAttribute()
    platform = UnicodeAttribute()
    challenge = UnicodeAttribute()
    phone_hint = UnicodeAttribute()
    code_mac = UnicodeAttribute()
    tries = NumberAttribute(default=0)
    sends = NumberAttribute(default=1)
    last_send = UnicodeAttribute()
    resend_at = NumberAttribute()
    created_at = NumberAttribute()
    expires_at = NumberAttribute()
    # How often the account's password or phone number had been set anew when this began; later ones end it.
    credential_version = NumberAttribute(default=0)


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
    resend_at: int
    expires_at: int
    tries: int
    sends: int
    credential_version: int
    device_key: str = field(repr=False)
    code_mac: str = field(repr=False)


def registration_of(row: RegistrationRow) -> Registration:
    """The registration that a row holds."""
    return Registration(
        account_id=row.pk,
        id=f"{row.pk}.{row.sk.removeprefix('REGISTRATION#')}",
        state=row.state,
        thumbprint=row.thumbprint,
        device_name=row.device_name,
        platform=row.platform,
        challenge=row.challenge,
        phone_hint=row.phone_hint,
        last_send=row.last_send,
        resend_at=int(row.resend_at),
        expires_at=int(row.expires_at),
        tries=int(row.tries),
        sends=int(row.sends),
        credential_version=int(row.credential_version),
        device_key=row.device_key,
        code_mac=row.code_mac,
    )


def row_key(registration_id: str) -> RegistrationRow:
    """The key of a registration's row; raises RegistrationNotFound for what is no registration id."""
    parts = split_id(registration_id)
    if parts is None:
        raise RegistrationNotFound
    return RegistrationRow(parts[0], f"REGISTRATION#{parts[1]}")


def read_registration(registration_id: str, *, thumbprint: str) -> Registration:
    """The registration, for the device key that began it; raises RegistrationNotFound for every other key."""
    key = row_key(registration_id)
    try:
        row = RegistrationRow.get(key.pk, key.sk, consistent_read=True)
    except RegistrationRow.DoesNotExist:
        raise RegistrationNotFound from None
    if not constant_time_equals(row.thumbprint, thumbprint):
        raise RegistrationNotFound
    return registration_of(row)


def code_mac(registration_id: str, thumbprint: str, code: str) -> str:
    """How an SMS code stands in the table: worth nothing for another registration or another key."""
    return mac("sms-code", registration_id, thumbprint, code)


def new_row(
    account: Account, proof: NewKeyProof, *, device_name: str, platform: str, phone: str, now: int
) -> RegistrationRow:
    """The row of a registration that begins now, all but its code.

    The same request come twice names the same registration: its random part is the phone's own jti.
    """
    limits = settings()
    return RegistrationRow(
        account.id,
        f"REGISTRATION#{digest(proof.thumbprint + '.' + proof.jti)}",
        state=PENDING,
        thumbprint=proof.thumbprint,
        device_key=dump_public_key(proof.key),
        device_name=device_name,
        platform=platform,
        challenge=encode(random_id().encode()),
        phone_hint=phone_hint(phone),
        last_send=digest(proof.jti),
        created_at=now,
        expires_at=now + limits.sms_code_lifetime,
        resend_at=now + limits.sms_resend_after,
        credential_version=account.credential_version,
        ttl=now + DAY,
    )
