"""A new device by an old one: the new phone shows a code, a device of the account scans it and signs, or declines."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from smartident.accounts.account import read_account
from smartident.accounts.account_change import change_of
from smartident.accounts.item.grant_epoch import NO_EPOCH
from smartident.approvals.decide import NOT_ME, TRANSFER_CODE, Approve, Deny
from smartident.approvals.signed_decision import MAX_PAIRING_CODE_LENGTH, verify_approval
from smartident.crypto.dpop import signed_request
from smartident.devices.device import DeviceRow, check_cooled_off, require_active
from smartident.errors import (
    DeviceRevoked,
    PairingCodeWrong,
    RegistrationDecided,
    RegistrationExpired,
    RegistrationNotFound,
)
from smartident.notices.outbox import notice
from smartident.pairing.decision import decide_pairing
from smartident.pairing.pairing import APPROVED, DECLINED, USED, WAITING, Pairing, read_pairing_of
from smartident.pairing.shown_code import is_shown
from smartident.settings import settings
from smartident.statements.login import where_asked
from smartident.storage.operations import Again, FailedConditions
from smartident.storage.writes import retry, write
from smartident.telemetry import log_event

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.accounts.account_change import AccountChange
    from smartident.crypto.dpop import Request
    from smartident.devices.device import Device
    from smartident.statements.login import RequestOrigin


@dataclass(frozen=True)
class Verdict:
    """What a decision leads to: the pairing's state, why, what proves it, and whether the deciding device leaves."""

    state: str
    reason: str | None
    receipt: str = field(repr=False)
    retires: bool = False


STATUS = {APPROVED: "approved", USED: "approved", DECLINED: "denied"}


def is_elsewhere(pairing: Pairing, here: RequestOrigin) -> bool:
    """Whether the new phone is in another country or network than `here`. What nobody knows differs from nothing."""
    countries, networks = (pairing.country, here.country), (pairing.asn, here.asn)
    return any(None not in both and both[0] != both[1] for both in (countries, networks))


def decide_new_device(
    registration_id: str, ask: Approve | Deny, device: Device, *, request: Request, here: RequestOrigin, now: int
) -> str:
    """The status that the decision gave the pairing; a wrong code declines it and raises PairingCodeWrong.

    Of however many codes that are tried at once, one is looked at: the first decision written is the only one.
    """
    if isinstance(ask, Approve):
        check_cooled_off(device, now=now)

    def attempt(_: None) -> tuple[str, str | None] | Again[None]:
        account, pairing = _read(registration_id, device.account_id)
        if not pairing.waits(now):
            return _decided_before(pairing, ask, device)
        verdict = _verdict(pairing, ask, device, request=request)
        again = _write(pairing, verdict, device, account, here=here, now=now)
        return again or (STATUS[verdict.state], verdict.reason)

    status, reason = retry(attempt, None)
    if reason == TRANSFER_CODE:
        raise PairingCodeWrong
    return status


def _read(registration_id: str, account_id: str) -> tuple[Account, Pairing]:
    account = read_account(account_id)
    epoch = NO_EPOCH if account is None else account.grant_epoch
    pairing = read_pairing_of(registration_id, account_id=account_id, grant_epoch=epoch)
    if account is None or pairing is None:
        raise RegistrationNotFound
    return account, pairing


def _verdict(pairing: Pairing, ask: Approve | Deny, device: Device, *, request: Request) -> Verdict:
    if isinstance(ask, Deny):
        return Verdict(DECLINED, ask.reason, signed_request(request))
    signed = verify_approval(
        ask.evidence,
        key=device.approval_key,
        statement=pairing.statement,
        max_code_length=MAX_PAIRING_CODE_LENGTH,
        may_retire=device.id,
    )
    if not is_shown(signed.transfer_code, registration_id=pairing.registration_id):
        return Verdict(DECLINED, TRANSFER_CODE, signed.receipt)
    return Verdict(APPROVED, None, signed.receipt, signed.retires)


def _decided_before(pairing: Pairing, ask: Approve | Deny, device: Device) -> tuple[str, str | None]:
    """The same decision come again gets the same answer, and every other one RegistrationDecided."""
    if pairing.state == WAITING:
        raise RegistrationExpired
    mistyped = pairing.state == DECLINED and pairing.reason == TRANSFER_CODE
    said = ask.reason if isinstance(ask, Deny) else TRANSFER_CODE if mistyped else None
    wish = ("approved" if said is None else "denied", said)
    if pairing.decided_by != device.id or (STATUS[pairing.state], pairing.reason) != wish:
        raise RegistrationDecided
    return wish


def _write(
    pairing: Pairing, verdict: Verdict, device: Device, account: Account, *, here: RequestOrigin, now: int
) -> Again[None] | None:
    def on_conflict(conflict: FailedConditions) -> Again[None]:
        if conflict.failed_on(DeviceRow):
            raise DeviceRevoked
        return Again(None)

    change, state, reason = change_of(account), verdict.state, verdict.reason
    _record(change, pairing, device, reason=reason, receipt=verdict.receipt, now=now)
    if reason == NOT_ME:
        change.block_pool(pairing.client_address, until=now + settings().address_block)
        change.also([notice(account.id, "not_me", now=now, origin=where_asked(pairing.statement))])
    cools_off = state == APPROVED and is_elsewhere(pairing, here)
    how = {"cools_off": cools_off, "retires": verdict.retires}
    decided = decide_pairing(pairing, state, by=device.id, reason=reason, **how, now=now)
    # `account` was read before: a revocation or a new password since then has moved its audit log on.
    again = write(decided, require_active(device), *change.operations(), on_conflict=on_conflict)
    if again is None:
        log_event("pairing_decided", reason=reason or state, seconds=now - pairing.created_at)
    return again


def _record(
    change: AccountChange, pairing: Pairing, device: Device, *, reason: str | None, receipt: str, now: int
) -> None:
    """On record with what proves it: what was signed over the statement, or the request that declined it."""
    about = {"device_id": device.id, "detail": pairing.registration_id, "receipt": receipt}
    if reason is None:
        change.record("pairing_approved", now=now, statement=pairing.statement, **about)
    elif reason == TRANSFER_CODE:
        change.record("pairing_declined", now=now, statement=pairing.statement, **about)
    else:
        change.record("pairing_declined", now=now, **about)
