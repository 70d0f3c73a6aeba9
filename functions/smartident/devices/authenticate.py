"""The device behind a request, authenticated by its proof over the snapshot that decisions rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smartident.crypto.dpop import Request, claim_of, verify_proof
from smartident.crypto.jwk import load_public_key
from smartident.devices.snapshot import AccountSnapshot, read_snapshot, retired_at
from smartident.errors import DeviceRevoked, ProofInvalid

if TYPE_CHECKING:
    from smartident.devices.device import Device


def authenticate_device(request: Request, *, now: int) -> tuple[Device, AccountSnapshot]:
    """The active device that made this request, and its account's snapshot; raises the refusals of crypto/dpop.py.

    A removed device hears who removed it. One that signed its retirement is out before that is written (retirement/).
    """
    claim = claim_of(request)
    snapshot = read_snapshot(claim.account_id, now=now)
    device = snapshot.devices.get(claim.device_id)
    if device is None:
        raise ProofInvalid("no such device")
    try:
        verify_proof(request, key=load_public_key(device.device_key), active=device.active, now=now)
    except DeviceRevoked:
        left: dict[str, Any] = {} if device.retired_by is None else {"retired": True}
        raise DeviceRevoked(revoked_at=device.revoked_at, revoked_by=device.revoked_by, **left) from None
    retired = retired_at(device, snapshot)
    if retired is not None:
        at, new = retired
        raise DeviceRevoked(revoked_at=at, revoked_by=new.name, retired=True)
    return device, snapshot
