"""A further phone by one that the account has: what the new one shows, and what the old one is asked."""

import re
from dataclasses import dataclass

import msgspec

from smartident_client import base64url
from smartident_client.answers import ApprovalRequest, Registration
from smartident_client.keys import Key
from smartident_client.keystore import Account
from smartident_client.typed_code import typed_code
from smartident_client.wire import NotAsPromised

BY_DEVICE, BY_ENROLMENT_CODE = "device", "enrolment_code"
NEW_DEVICE = "smartident-new-device"
"""The purpose of a statement about a phone that wants in."""
SCANNED = re.compile(r"SMARTIDENT-PAIRING:([\w-]{22})", re.ASCII)
"""What the QR code of a new phone says."""


@dataclass(frozen=True)
class Enrolment:
    """A registration under way: its device key and what the service answered."""

    device_key: Key
    registration: Registration

    @property
    def qr_text(self) -> str:
        """What this phone shows as a QR code, for the old one to scan."""
        return f"SMARTIDENT-PAIRING:{self.registration.pairing}"


class NewDeviceStatement(msgspec.Struct):
    """What the person decides about, decoded from the signed bytes: which phone wants in, and from where."""

    v: int
    purpose: str
    registration_id: str
    access_number: str
    device_name: str
    platform: str
    fingerprint: str
    ip: str
    place: str | None
    browser: str
    os: str
    requested_at: int
    expires_at: int
    asn: int | None = None


@dataclass(frozen=True)
class WaitingDevice:
    """A phone that wants in: to which account, what came, and what that says."""

    account: Account
    request: ApprovalRequest
    statement: NewDeviceStatement


def read_new_device(statement: str) -> NewDeviceStatement:
    """Decode a statement about a new phone; one that cannot be shown lets nobody in."""
    try:
        told = msgspec.json.decode(base64url.decode(statement), type=NewDeviceStatement)
    except (ValueError, msgspec.MsgspecError) as error:
        raise NotAsPromised(f"a statement that cannot be shown lets nobody in: {error}") from None
    if told.purpose != NEW_DEVICE:
        raise NotAsPromised(f"the statement about a new phone has the purpose {told.purpose}")
    return told


def shown_code(text: str) -> str:
    """What gets signed of what the new phone shows: the code that was scanned, or the digits that were typed."""
    scanned = SCANNED.fullmatch(text.strip())
    return scanned[1] if scanned else typed_code(text)
