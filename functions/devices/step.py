"""After the story: the phones of an account and what happened to it, seen and managed from a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from smartident.approvals.revocation import verify_revocation
from smartident.devices.authenticate import authenticate_device
from smartident.devices.device import Device, DeviceName, check_cooled_off
from smartident.devices.rename import rename_device
from smartident.devices.revoke import revoke
from smartident.errors import ApprovalRequired, DeviceNotFound
from smartident.history.events import read_page
from smartident.logins.reading import latest_logins
from smartident.retirement.retire import retire_if_due
from smartident.sign_out.everywhere import sign_out_everywhere

if TYPE_CHECKING:
    from smartident.crypto.dpop import Request

# The last use of a device is read from so many of the latest logins.
RECENT = 50


class NewName(Struct, forbid_unknown_fields=True):
    """A device's new name."""

    name: DeviceName


class Revocation(Struct, forbid_unknown_fields=True):
    """The removal of a device: what the person was shown, and what the approval key signed."""

    statement: str
    evidence: dict[str, Any]


def list_devices(*, request: Request, now: int) -> list[dict[str, object]]:
    """All devices of this phone's account, those revoked or retired included, oldest first."""
    asking, snapshot = authenticate_device(request, now=now)
    snapshot = retire_if_due(asking, snapshot, now=now)
    used = last_uses(asking.account_id)
    ordered = sorted(snapshot.devices.values(), key=lambda device: (device.registered_at, device.id))
    return [to_response(device, asking=asking, used=used) for device in ordered]


def rename(device_id: str, ask: NewName, *, request: Request, now: int) -> dict[str, object]:
    """The device under its new name; raises DeviceNotFound."""
    asking, _ = authenticate_device(request, now=now)
    renamed = rename_device(asking.account_id, device_id, name=ask.name, now=now)
    return to_response(renamed, asking=asking, used=last_uses(asking.account_id))


def sign_out(device_id: str, *, request: Request, origin: str = "", now: int) -> None:
    """Revoke this phone itself, at once; raises ApprovalRequired for any other."""
    asking, _ = authenticate_device(request, now=now)
    if device_id != asking.id:
        raise ApprovalRequired
    revoke(asking.account_id, device_id, by=asking, origin=origin, now=now)


def revoke_device(device_id: str, ask: Revocation, *, request: Request, origin: str = "", now: int) -> None:
    """Revoke a device of this phone's account, at once, as its approval key signed; raises DeviceNotFound."""
    asking, snapshot = authenticate_device(request, now=now)
    device = snapshot.devices.get(device_id)
    if device is None:
        raise DeviceNotFound
    if device.registered_at <= asking.registered_at:
        check_cooled_off(asking, now=now)
    signed = verify_revocation(ask.statement, ask.evidence, device=device, by=asking, now=now)
    revoke(asking.account_id, device_id, by=asking, signed=signed, origin=origin, now=now)


def end_sessions(*, request: Request, now: int) -> None:
    """End every session of this phone's account, in whatever browser and at whatever client."""
    asking, _ = authenticate_device(request, now=now)
    sign_out_everywhere(asking.account_id, by=asking, now=now)


def list_events(before: str | None, *, request: Request, now: int) -> dict[str, object]:
    """What happened to this phone's account, newest first, a page at a time."""
    asking, _ = authenticate_device(request, now=now)
    return read_page(asking.account_id, before=before, now=now)


def last_uses(account_id: str) -> dict[str, int]:
    """When each device last decided over a login, as far as the latest logins tell."""
    used: dict[str, int] = {}
    for login in latest_logins(account_id, after="", limit=RECENT):
        if login.decided_by and login.decided_at:
            used[login.decided_by] = max(login.decided_at, used.get(login.decided_by, 0))
    return used


def to_response(device: Device, *, asking: Device, used: dict[str, int]) -> dict[str, object]:
    """A device as the app shows it."""
    return {
        "device_id": device.id,
        "name": device.name,
        "platform": device.platform,
        "state": device.state,
        "registered_at": device.registered_at,
        "last_used_at": used.get(device.id),
        "current": device.id == asking.id,
        "approval_key": device.approval_key.kind,
    }
