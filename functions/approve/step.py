"""Steps 7 and 8 of the story: the app lists what waits under "Freigabe", and the person decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from smartident.approvals.decide import TRANSFER_CODE, approve, check_open, deny
from smartident.approvals.evidence import verify_approval
from smartident.crypto.base64url import encode
from smartident.crypto.dpop import signed_request
from smartident.devices.authenticate import authenticate_device
from smartident.errors import LoginDecided, ServiceUnavailable, TransferCodeWrong
from smartident.logins.login import APPROVED, DENIED, Login
from smartident.settings import settings
from smartident.storage.table import MAX_CONFLICT_RETRIES, Conflict

if TYPE_CHECKING:
    from smartident.crypto.dpop import Request
    from smartident.devices.device import Device
    from smartident.notify.browser import Push


class Approve(Struct, forbid_unknown_fields=True, tag_field="decision", tag="approve"):
    """Yes, with what the approval key signed."""

    evidence: dict[str, Any]


class Deny(Struct, forbid_unknown_fields=True, tag_field="decision", tag="deny"):
    """No, and why."""

    reason: Literal["not_me", "changed_my_mind"]


def list_approvals(*, request: Request, now: int) -> dict[str, object]:
    """What waits for this phone's decision, newest first, as the very bytes that get signed.

    Devices that were registered since this one are named beside it: nobody else tells the person of them.
    """
    device, snapshot = authenticate_device(request, now=now)
    waiting = [_shown(login) for login in snapshot.pending(now)]
    newer = [_named(one) for one in snapshot.newer_devices(device)]
    return {"approvals": waiting, "newer_devices": newer} if newer else {"approvals": waiting}


def _shown(login: Login) -> dict[str, object]:
    return {
        "login_id": login.id,
        "statement": encode(login.statement.encode()),
        "expires_at": login.expires_at,
        "transfer_code_digits": settings().transfer_code_digits if login.transfer_code_mac else 0,
    }


def _named(device: Device) -> dict[str, object]:
    return {"device_id": device.id, "name": device.name, "registered_at": device.registered_at}


def decide_login(login_id: str, ask: Approve | Deny, *, request: Request, push: Push, now: int) -> str:
    """The status that the decision gave the login; the browser is told after it is written.

    A wrong transfer code denies the login and raises TransferCodeWrong: the first decision written is the only one,
    so however many codes are tried at once, one is looked at.
    """
    device, snapshot = authenticate_device(request, now=now)
    for _ in range(MAX_CONFLICT_RETRIES):
        login = snapshot.login(login_id)
        try:
            status, reason = _decide(login, ask, device, request=request, now=now)
        except Conflict:
            device, snapshot = authenticate_device(request, now=now)
            continue
        push.send(login.connection_id, {"status": status, "login_id": login.id})
        if reason == TRANSFER_CODE:
            raise TransferCodeWrong
        return status
    raise ServiceUnavailable("decision in the way of others", retry_after=1)


def _decide(login: Login, ask: Approve | Deny, device: Device, *, request: Request, now: int) -> tuple[str, str | None]:
    if isinstance(ask, Deny):
        if check_open(login, device, wish=DENIED, now=now):
            deny(login, device, reason=ask.reason, denial=signed_request(request), now=now)
        elif login.reason != ask.reason:
            # "Not me" after another denial holds no source: who says so must not believe that it did.
            raise LoginDecided
        return DENIED, ask.reason
    if login.state == DENIED and login.reason == TRANSFER_CODE and login.decided_by == device.id:
        return DENIED, TRANSFER_CODE
    if not check_open(login, device, wish=APPROVED, now=now):
        return APPROVED, None
    signed = verify_approval(ask.evidence, key=device.approval_key, statement=login.statement)
    if not login.is_transfer_code(signed.transfer_code):
        deny(login, device, reason=TRANSFER_CODE, denial=signed.receipt, now=now)
        return DENIED, TRANSFER_CODE
    approve(login, device, receipt=signed.receipt, now=now)
    return APPROVED, None
