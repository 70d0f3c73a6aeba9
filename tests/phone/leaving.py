"""A phone that leaves for the one that it lets in, and the freeze and removals that others try, in the test vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import convert

from smartident_client import base64url
from smartident_client.answers import Device, Registration
from smartident_client.approval_keys import decision_payload, signed_opening, signed_revocation
from smartident_client.recovery_codes import signed_recovery_codes
from tests.phone.by_code import FIRST, MAKE, RECOVERED, THIRD, ask_of, finish, phone_of
from tests.support.world import PASSWORD, Phone

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.phone.recording import Recording


def cooling(recording: Recording, old: Phone, new: Phone) -> None:
    """A phone in cool-off removes no older one, and opens nothing that it froze."""
    world = recording.world
    shown = Device(old.key.thumbprint, "Carlas Telefon", "android", "active", world.now, None, False, "jwk")
    body = signed_revocation(new.approval, new.account_id, shown, now=world.now)
    path = f"/v1/devices/{shown.device_id}/revoke"
    recording.send("remove: an older device, in cool-off", new, "POST", path, body, by=RECOVERED)
    late = signed_revocation(old.approval, old.account_id, shown, now=world.now - 400)
    recording.send("remove: signed too long ago", old, "POST", path, late, by=FIRST)


def frozen(recording: Recording, old: Phone, new: Phone) -> None:
    """Any phone freezes; one that was there a day before opens, with its approval key, this very freeze."""
    world = recording.world
    open_it = ("POST", "/v1/account/open")
    recording.send("freeze: by the newest phone", new, "POST", "/v1/account/freeze", by=RECOVERED)
    recording.send("freeze: as the answer was lost", new, "POST", "/v1/account/freeze", by=RECOVERED)
    since = recording.send("freeze: it may not open", new, "GET", "/v1/approvals", by=RECOVERED)["frozen"]["frozen_at"]
    body = signed_opening(new.approval, new.account_id, since, now=world.now)
    recording.send("open: in cool-off", new, *open_it, body, by=RECOVERED)
    world.later(86_400)
    body = signed_opening(new.approval, new.account_id, since, now=world.now)
    recording.send("open: by a phone that came within a day of the freeze", new, *open_it, body, by=RECOVERED)
    for name, wrong in _no_openings(old, since, now=world.now).items():
        recording.send(f"open: {name}", old, *open_it, wrong, by=FIRST)
    ask = signed_recovery_codes(old.approval, old.account_id, now=world.now)
    recording.send("freeze: no recovery codes meanwhile", old, "POST", MAKE, ask, by=FIRST)
    body = signed_opening(old.approval, old.account_id, since, now=world.now)
    recording.send("open: by a phone that may", old, *open_it, body, by=FIRST)
    recording.send("open: as the answer was lost", old, *open_it, body, by=FIRST)


def _no_openings(old: Phone, since: int, *, now: int) -> dict[str, dict[str, Any]]:
    key, account_id = old.approval, old.account_id
    return {
        "signed for another freeze": signed_opening(key, account_id, since - 1, now=now),
        "signed for another account": signed_opening(key, "a", since, now=now),
        "signed too long ago": signed_opening(key, account_id, since, now=now - 400),
        "signed for recovery codes": signed_recovery_codes(key, account_id, now=now),
    }


def leaving(recording: Recording, carla: Account, old: Phone) -> None:
    """One signature lets the new phone in and says that this one leaves, once the new one has logged in."""
    world, new = recording.world, phone_of(THIRD)
    ask = ask_of(carla, new, password=PASSWORD)
    answer = recording.send("retire: a new phone asks", new, "POST", "/v1/keys", ask, by=THIRD)
    registered = convert(answer, Registration)
    waits = recording.send("retire: the old phone sees it", old, "GET", "/v1/approvals", by=FIRST)["approvals"][0]
    path = f"/v1/approvals/{registered.registration_id}"
    statement, code = waits["statement"], registered.pairing
    other = old.evidence(statement, code, retire=new.key.thumbprint, now=world.now)
    refused = {"decision": "approve", "evidence": other}
    recording.send("retire: signed for another device", old, "POST", path, refused, by=FIRST)
    own = old.key.thumbprint
    payload = decision_payload(statement=statement, transfer_code=code, retire_device=own, now=world.now)
    evidence = old.approval.evidence(payload)
    told = {"statement": base64url.decode(statement).decode(), "transfer_code": code, "evidence": evidence}
    recording.sign("a new phone, for which this one leaves", f"approval of the {FIRST}", payload, told)
    body = {"decision": "approve", "evidence": evidence}
    recording.send("retire: it is let in", old, "POST", path, body, by=FIRST)
    finish(recording, "retire: the new phone is in", new, answer, by=THIRD)
    recording.send("retire: the old one is still in", old, "GET", "/v1/approvals", by=FIRST)
    started = world.start(carla)
    world.approve(new, started)
    world.complete(started)
    recording.send("retire: the new one has logged in", new, "GET", "/v1/approvals", by=THIRD)
    recording.send("retire: the old one is out", old, "GET", "/v1/approvals", by=FIRST)
    recording.send("retire: it freezes nothing", old, "POST", "/v1/account/freeze", by=FIRST)
