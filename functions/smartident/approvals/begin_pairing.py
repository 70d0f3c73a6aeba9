"""How a pairing begins: a registration that a device of the account confirms, in one of the slots that logins share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.accounts.account import account_of
from smartident.accounts.account_change import AccountChange
from smartident.accounts.item.mac import check_account
from smartident.accounts.item.row import item_in_the_way
from smartident.accounts.limits.pending_logins import caller_of, free_slots
from smartident.devices.registration import (
    BY_DEVICE,
    Registration,
    RegistrationRow,
    new_row,
    read_registration,
    registration_in_the_way,
    registration_of,
)
from smartident.errors import AnotherPhoneWaits, ServiceUnavailable
from smartident.logins.reading import read_recent
from smartident.notices.outbox import notice
from smartident.pairing.pairing import Pairing, PairingRow, pairing_in_the_way, put_pairing, read_pairing
from smartident.pairing.recent import earlier_of, recent_pairings
from smartident.pairing.shown_code import fingerprint_of
from smartident.rate_limiting.client_address import client_address_of
from smartident.statements.login import where_asked
from smartident.statements.new_device import write_new_device
from smartident.storage.operations import Again, FailedConditions, Put
from smartident.storage.writes import retry, write
from smartident.telemetry import log_event

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.crypto.dpop import NewKeyProof
    from smartident.statements.login import RequestOrigin


def begin_pairing(
    account: Account, proof: NewKeyProof, *, device_name: str, platform: str, request_origin: RequestOrigin, now: int
) -> Registration:
    """Keep a registration that a device of the account confirms; a phone that waits already gets the same one.

    Raises AnotherPhoneWaits, or TooManyAttempts after too many logins and new phones that nobody approved.
    """
    row = new_row(account, proof, named=(device_name, platform), confirm_by=BY_DEVICE, now=now)
    registration = registration_of(row)
    before = read_pairing(account.id)
    if before is not None and _is_its_own(before, registration, now=now):
        return read_registration(before.registration_id, thumbprint=proof.thumbprint)

    def attempt(now_found: Account) -> Registration | Again[Account]:
        _check_unchanged(now_found, account)
        pairing = _pairing(now_found, registration, request_origin, before=before, now=now)
        return _put(row, pairing, now_found, before, now=now) or registration

    started = retry(attempt, account)
    log_event("pairing_started")
    return started


def _is_its_own(before: Pairing, registration: Registration, *, now: int) -> bool:
    """Whether the phone waits already: by the same request, or by one whose answer it never heard."""
    return before.registration_id == registration.id or (
        before.waits(now) and before.device_id == registration.thumbprint
    )


def _check_unchanged(found: Account, account: Account) -> None:
    """Raise ServiceUnavailable if the password, the devices or a freeze changed the account meanwhile."""
    changed = found.credential_version != account.credential_version or found.frozen
    if changed or not found.active_devices or not check_account(found.item):
        raise ServiceUnavailable("the account changed meanwhile", retry_after=1)


def _put(
    row: RegistrationRow, pairing: Pairing, account: Account, before: Pairing | None, *, now: int
) -> Registration | Again[Account] | None:
    def on_conflict(conflict: FailedConditions) -> Registration | Again[Account]:
        if conflict.failed_on(RegistrationRow):
            return registration_in_the_way(conflict, thumbprint=row.thumbprint)
        if conflict.failed_on(PairingRow):
            raise _another_waits(pairing_in_the_way(conflict), now=now)
        item = item_in_the_way(conflict)
        if item is None:
            raise ServiceUnavailable("the account is gone", retry_after=1)
        return Again(account_of(item))

    if before is not None and before.grant_epoch == account.grant_epoch and before.is_open and before.expires_at > now:
        raise _another_waits(before, now=now)
    caller = caller_of(account.item, pairing.client_address)
    free = free_slots(account.item, caller, lambda: read_recent(account.id, now=now), now=now)
    change = AccountChange(account.item)
    change.claim_login_slot(pairing.part, expires_at=pairing.expires_at, free=free)
    change.record("pairing_started", now=now, detail=pairing.registration_id)
    origin, name = where_asked(pairing.statement), row.device_name
    change.also([notice(account.id, "registration_waiting", now=now, origin=origin, device_name=name)])
    return write(Put(row), put_pairing(pairing, now=now), *change.operations(), on_conflict=on_conflict)


def _another_waits(found: Pairing | None, *, now: int) -> AnotherPhoneWaits:
    until = now if found is None else found.expires_at
    return AnotherPhoneWaits(retry_after=max(until - now, 1))


def _pairing(
    account: Account, registration: Registration, request_origin: RequestOrigin, *, before: Pairing | None, now: int
) -> Pairing:
    return Pairing(
        account_id=account.id,
        registration_id=registration.id,
        client_address=client_address_of(request_origin.address),
        country=request_origin.country,
        asn=request_origin.asn,
        created_at=now,
        expires_at=registration.expires_at,
        grant_epoch=account.grant_epoch,
        earlier=earlier_of(recent_pairings(before, now=now)),
        statement=write_new_device(
            registration_id=registration.id,
            access_number=account.number,
            device_name=registration.device_name,
            platform=registration.platform,
            device_id=registration.thumbprint,
            fingerprint=fingerprint_of(registration.thumbprint),
            request_origin=request_origin,
            requested_at=now,
            expires_at=registration.expires_at,
        ),
    )
