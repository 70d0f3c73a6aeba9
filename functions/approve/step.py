"""Steps 7 and 8 of the story: the app lists what waits under "Freigabe", and the person decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from smartident.approvals.decide import NOT_ME, TRANSFER_CODE, Approve, Deny, decide
from smartident.approvals.new_device import decide_new_device, is_elsewhere
from smartident.crypto.base64url import encode
from smartident.devices.authenticate import authenticate_device
from smartident.enrolment.stop_delay import stop_by_device
from smartident.errors import ApprovalInvalid, TransferCodeWrong
from smartident.freeze.opening import may_open
from smartident.logins.transfer_code import shown_digits
from smartident.retirement.retire import retire_if_due
from smartident.settings import settings
from smartident.statements.login import PURPOSE as LOGIN
from smartident.statements.new_device import DELAYED_DEVICE
from smartident.statements.new_device import PURPOSE as NEW_DEVICE
from smartident.storage.writes import retry

if TYPE_CHECKING:
    from smartident.crypto.dpop import Request
    from smartident.devices.device import Device
    from smartident.logins.login import Login
    from smartident.lost_phone.delayed import Delayed
    from smartident.notify.browser import Push
    from smartident.pairing.pairing import Pairing
    from smartident.statements.login import RequestOrigin
    from smartident.storage.operations import Again


# What the phone sends.
Decision: TypeAlias = Approve | Deny


def list_approvals(*, request: Request, here: RequestOrigin, now: int) -> dict[str, object]:
    """What waits for this phone's decision, newest first, as the very bytes that get signed.

    The account's other devices are named beside it: the app asks once about each that the person has not said to know.
    A phone that left for another one is taken out.
    """
    device, snapshot = authenticate_device(request, now=now)
    snapshot = retire_if_due(device, snapshot, origin=here.where, now=now)
    waiting = [_shown(login) for login in snapshot.pending(now)]
    if snapshot.pairing is not None and snapshot.pairing.waits(now):
        waiting.insert(0, _shown_pairing(snapshot.pairing, here))
    if snapshot.delayed is not None and snapshot.delayed.is_listed(now=now):
        waiting.insert(0, _shown_delayed(snapshot.delayed))
    others = [_named(one) for one in snapshot.other_devices(device)]
    told: dict[str, object] = {"approvals": waiting}
    if waiting:
        # So long "that was not me" blocks an address: the person hears it before deciding.
        told["address_block"] = settings().address_block
    if others:
        told["other_devices"] = others
    if snapshot.frozen_at:
        told["frozen"] = {"frozen_at": snapshot.frozen_at, "may_open": may_open(device, snapshot.frozen_at, now=now)}
    return told


def _shown(login: Login) -> dict[str, object]:
    return {
        "login_id": login.id,
        "purpose": LOGIN,
        "statement": encode(login.statement.encode()),
        "expires_at": login.expires_at,
        "transfer_code_digits": shown_digits() if login.transfer_code_mac else 0,
    }


def _shown_pairing(pairing: Pairing, here: RequestOrigin) -> dict[str, object]:
    return {
        "registration_id": pairing.registration_id,
        "purpose": NEW_DEVICE,
        "statement": encode(pairing.statement.encode()),
        "expires_at": pairing.expires_at,
        "here": {"place": here.place, "asn": here.asn},
        "differs": is_elsewhere(pairing, here),
    }


def _shown_delayed(delayed: Delayed) -> dict[str, object]:
    return {
        "registration_id": delayed.registration_id,
        "purpose": DELAYED_DEVICE,
        "statement": encode(delayed.statement.encode()),
        "admits_at": delayed.admits_at,
        "expires_at": delayed.expires_at,
    }


def _named(device: Device) -> dict[str, object]:
    return {"device_id": device.id, "name": device.name, "registered_at": device.registered_at}


def decide_login(login_id: str, ask: Decision, *, request: Request, here: RequestOrigin, push: Push, now: int) -> str:
    """The status that the decision gave the login; the browser is told after it is written.

    A wrong transfer code denies the login and raises TransferCodeWrong: the first decision written is the only one,
    so however many codes are tried at once, one is looked at.
    """
    device, snapshot = authenticate_device(request, now=now)

    if snapshot.pairing is not None and snapshot.pairing.registration_id == login_id:
        return decide_new_device(login_id, ask, device, request=request, here=here, now=now)

    if snapshot.delayed is not None and snapshot.delayed.registration_id == login_id:
        if not isinstance(ask, Deny):
            raise ApprovalInvalid("a wait can be stopped only")
        return stop_by_device(login_id, device, is_not_me=ask.reason == NOT_ME, request=request, now=now)

    def attempt(login: Login) -> tuple[Login, str, str | None] | Again[Login]:
        return decide(login, ask, device, request=request, now=now)

    login, status, reason = retry(attempt, snapshot.login(login_id))
    message = {"status": status, "login_id": login.id}
    if reason == TRANSFER_CODE:
        push.send(login.connection_id, {**message, "reason": reason})
        raise TransferCodeWrong
    push.send(login.connection_id, message)
    return status
