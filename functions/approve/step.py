"""Steps 7 and 8 of the story: the app lists what waits under "Freigabe", and the person decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from smartident.approvals.decide import TRANSFER_CODE, approve, check_open, deny
from smartident.approvals.evidence import verify_approval
from smartident.crypto.base64url import encode
from smartident.crypto.dpop import signed_request
from smartident.devices.authenticate import authenticate_device
from smartident.errors import LoginDecided, TransferCodeWrong
from smartident.logins.login import APPROVED, DENIED, Login
from smartident.settings import settings
from smartident.storage.writes import retry

if TYPE_CHECKING:
    from smartident.crypto.dpop import Request
    from smartident.devices.device import Device
    from smartident.notify.browser import Push
    from smartident.storage.operations import Again


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

    def attempt(login: Login) -> tuple[Login, str, str | None] | Again[Login]:
        return _decide(login, ask, device, request=request, now=now)

    login, status, reason = retry(attempt, snapshot.login(login_id))
    push.send(login.connection_id, {"status": status, "login_id": login.id})
    if reason == TRANSFER_CODE:
        raise TransferCodeWrong
    return status


def _decide(
    login: Login, ask: Approve | Deny, device: Device, *, request: Request, now: int
) -> tuple[Login, str, str | None] | Again[Login]:
    """The login, its status and the reason of a denial, or Again if it was decided meanwhile."""
    if isinstance(ask, Deny):
        if check_open(login, device, wish=DENIED, now=now):
            again = deny(login, device, reason=ask.reason, evidence=signed_request(request), now=now)
            return again or (login, DENIED, ask.reason)
        if login.reason != ask.reason:
            # "Not me" after another denial locks no address: who says so must not believe that it did.
            raise LoginDecided
        return login, DENIED, ask.reason
    if login.state == DENIED and login.reason == TRANSFER_CODE and login.decided_by == device.id:
        return login, DENIED, TRANSFER_CODE
    if not check_open(login, device, wish=APPROVED, now=now):
        return login, APPROVED, None
    signed = verify_approval(ask.evidence, key=device.approval_key, statement=login.statement)
    if not login.is_transfer_code(signed.transfer_code):
        again = deny(login, device, reason=TRANSFER_CODE, evidence=signed.receipt, now=now)
        return again or (login, DENIED, TRANSFER_CODE)
    return approve(login, device, receipt=signed.receipt, now=now) or (login, APPROVED, None)
