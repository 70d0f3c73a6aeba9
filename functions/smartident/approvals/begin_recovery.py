"""How a registration begins that a recovery code confirms: no SMS, no other phone. Verifying it uses the code up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.devices.device_limit import check_device_limit
from smartident.devices.registration import (
    BY_RECOVERY,
    Registration,
    new_row,
    registration_in_the_way,
    registration_mac,
    registration_of,
)
from smartident.notices.outbox import notice
from smartident.rate_limiting.client_address import client_address_of
from smartident.recovery.authenticate import authenticate_by_code
from smartident.recovery.passkey_only import check_phones_allowed
from smartident.storage.operations import Put
from smartident.storage.writes import write
from smartident.telemetry import log_event

if TYPE_CHECKING:
    from smartident.crypto.dpop import NewKeyProof
    from smartident.statements.login import RequestOrigin


def begin_recovery(
    identifier: str,
    password: str,
    code: str,
    proof: NewKeyProof,
    *,
    named: tuple[str, str],
    request_origin: RequestOrigin,
    now: int,
) -> Registration:
    """Keep a registration that this code confirms; the same request come twice gives the same one.

    Raises RecoveryRefused, TooManyAttempts, DeviceLimitReached, or RecoveryDelayed where only passkeys log in.
    """
    where = {"client_address": client_address_of(request_origin.address), "origin": request_origin.where}
    account, code_mac = authenticate_by_code(identifier, password, code, **where, now=now)
    check_phones_allowed(account, origin=request_origin.where, now=now)
    check_device_limit(account)
    row = new_row(account, proof, named=named, confirm_by=BY_RECOVERY, now=now)
    row.recovery_code_mac = code_mac
    row.mac = registration_mac(registration_of(row))
    told = notice(account.id, "registration_waiting", now=now, origin=request_origin.where, device_name=named[0])
    before: Registration | None = write(
        Put(row), told, on_conflict=lambda conflict: registration_in_the_way(conflict, thumbprint=proof.thumbprint)
    )
    if before is None:
        log_event("recovery_started")
    return before or registration_of(row)
