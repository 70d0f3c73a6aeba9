"""The statement of a new device: which phone wants in, from where; a device that the person has signs it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from smartident.statements.login import VERSION, seen_of

if TYPE_CHECKING:
    from smartident.statements.login import RequestOrigin

PURPOSE = "smartident-new-device"
# Of a phone that comes in by itself after a wait: it can be stopped, and nothing is signed.
DELAYED_DEVICE = "smartident-delayed-device"


def write_new_device(
    *,
    registration_id: str,
    access_number: str,
    device_name: str,
    platform: str,
    device_id: str,
    fingerprint: str,
    request_origin: RequestOrigin,
    requested_at: int,
    expires_at: int,
    purpose: str = PURPOSE,
) -> str:
    """The statement of a new device, JSON; both phones show the `fingerprint` of the key whose thumbprint it names."""
    return json.dumps(
        {
            "v": VERSION,
            "purpose": purpose,
            "registration_id": registration_id,
            "access_number": access_number,
            "device_name": device_name,
            "platform": platform,
            "device_id": device_id,
            "fingerprint": fingerprint,
            **seen_of(request_origin),
            "requested_at": requested_at,
            "expires_at": expires_at,
        },
        separators=(",", ":"),
        ensure_ascii=False,
    )
