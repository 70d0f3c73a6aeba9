"""Provers: the device behind a request, proven by its signature over the overview that decisions rest on.

Apart from the overviews, so that a login, which reads one too, never loads what verifies signatures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.crypto.dpop import Request, claim_of, verify_proof
from smartident.crypto.jwk import loaded
from smartident.devices.snapshot import Overview, read_overview
from smartident.errors import ProofInvalid

if TYPE_CHECKING:
    from smartident.devices.device import Device


def prove_device(request: Request, *, now: int) -> tuple[Device, Overview]:
    """The active device that made this request, and its account's overview; raises the refusals of crypto/dpop.py."""
    claim = claim_of(request)
    overview = read_overview(claim.account_id, now=now)
    device = overview.devices.get(claim.device_id)
    if device is None:
        raise ProofInvalid("no such device")
    verify_proof(request, key=loaded(device.device_key), active=device.active, now=now)
    return device, overview
