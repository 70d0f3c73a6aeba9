"""Decisions of a phone: approve or deny. Each is one write or transaction that only an active device can make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from smartident.accounts.item.row import block_pools
from smartident.approvals.signed_decision import verify_approval
from smartident.crypto.dpop import signed_request
from smartident.devices.device import Device, DeviceRow, require_active
from smartident.errors import DeviceRevoked, LoginDecided, LoginExpired
from smartident.logins import transitions
from smartident.logins.login import APPROVED, COMPLETED, DENIED, EXPIRED, MISTYPED, PENDING, Login
from smartident.logins.reading import login_in_the_way
from smartident.notices.outbox import notice
from smartident.pings.outbox import pings_of
from smartident.settings import settings
from smartident.statements.login import where_asked
from smartident.storage.operations import Again, FailedConditions, Operation
from smartident.storage.writes import write
from smartident.telemetry import log_event

if TYPE_CHECKING:
    from smartident.crypto.dpop import Request

NOT_ME = "not_me"
TRANSFER_CODE = MISTYPED


class Approve(Struct, forbid_unknown_fields=True, tag_field="decision", tag="approve"):
    """Yes, with what the approval key signed."""

    evidence: dict[str, Any]


class Deny(Struct, forbid_unknown_fields=True, tag_field="decision", tag="deny"):
    """No, and why."""

    reason: Literal["not_me", "changed_my_mind"]


def decide(
    login: Login, ask: Approve | Deny, device: Device, *, request: Request, now: int
) -> tuple[Login, str, str | None] | Again[Login]:
    """The login, its status and the reason of a denial, or Again if it was decided meanwhile.

    A wrong transfer code denies at once: one login allows one try.
    """
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


def check_open(login: Login, device: Device, *, wish: str, now: int) -> bool:
    """True while the login may still become what is wished, False if this device already made it so.

    Raises LoginExpired or LoginDecided otherwise. A denial also ends an approval that is not completed.
    """
    status = login.status(now)
    made = {COMPLETED: APPROVED}.get(login.state, login.state)
    if made == wish and login.decided_by == device.id:
        return False
    if status == EXPIRED:
        log_event("login_expired", login_id=login.id)
        raise LoginExpired
    if status == PENDING or (status == APPROVED and wish == DENIED):
        return True
    raise LoginDecided


def approve(login: Login, device: Device, *, receipt: str, now: int) -> Again[Login] | None:
    """Pending to approved by an active device; Again with the login as it is, if that changed meanwhile.

    One write of one item, and of the ping that a client may wait for: a revocation bars its device from all that waits,
    so that nothing else need be asked here.
    Raises DeviceRevoked if it was barred.
    """

    def on_conflict(found: Login) -> Again[Login]:
        if device.id in found.barred_device_ids.split():
            raise DeviceRevoked
        return Again(found)

    again: Again[Login] | None = transitions.mark_approved(
        login,
        device_id=device.id,
        receipt=receipt,
        also=pings_of(login, outcome=APPROVED, now=now),
        now=now,
        on_conflict=on_conflict,
    )
    if again is None:
        log_event("login_approved", login_id=login.id, seconds=now - login.created_at)
    return again


def deny(login: Login, device: Device, *, reason: str, evidence: str, now: int) -> Again[Login] | None:
    """To denied by an active device; `not_me` also locks who asked out of this account, and the person is told of it.

    Again with the login as it is, if that changed meanwhile. Raises DeviceRevoked.
    """

    def on_conflict(conflict: FailedConditions) -> Again[Login]:
        if conflict.failed_on(DeviceRow):
            raise DeviceRevoked
        return Again(login_in_the_way(conflict))

    operations: list[Operation] = [
        transitions.deny(login, device_id=device.id, reason=reason, evidence=evidence, now=now),
        require_active(device),
        *pings_of(login, outcome=DENIED, now=now),
    ]
    if reason == NOT_ME:
        until = now + settings().address_block
        operations.append(block_pools(login.account_id, login.pools, until=until))
        operations.append(notice(login.account_id, "not_me", now=now, origin=where_asked(login.statement)))
    again = write(*operations, on_conflict=on_conflict)
    if again is None:
        log_event("login_denied", login_id=login.id, reason=reason, seconds=now - login.created_at)
    return again
