"""Threats against the list of phones: who holds a phone's device key, and not its owner's finger, removes no other."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import to_builtins

from devices.step import NewName, Revocation, rename, revoke_device, sign_out
from smartident.accounts.audit_log import AuditRecordRow
from smartident.errors import ApprovalInvalid, ApprovalRequired, DeviceNotFound, InvalidRequest
from smartident_client import base64url
from smartident_client.approval_keys import RawApprovalKey, decision_payload
from tests.support.world import NOW, Phone, World

if TYPE_CHECKING:
    from smartident.accounts.account import Account


@dataclass
class Two:
    """A person with two phones; the first was stolen, unlocked or copied, without its approval key."""

    world: World
    anna: Account
    stolen: Phone
    other: Phone

    def ask(self, revocation: Revocation, *, phone: Phone | None = None, device_id: str = "") -> None:
        """What reaches the service."""
        phone, device_id = phone or self.stolen, device_id or self.other.key.thumbprint
        body = json.dumps(to_builtins(revocation)).encode()
        request = phone.request("POST", f"/v1/devices/{device_id}/revoke", body, now=self.world.now)
        revoke_device(device_id, revocation, request=request, now=self.world.now)

    def states(self) -> set[str]:
        return {one["state"] for one in self.world.devices(self.other)}


@pytest.fixture
def two(world: World) -> Two:
    anna = world.account()
    stolen = world.phone(anna)
    return Two(world, anna, stolen, world.paired_phone(stolen, anna, "webauthn"))


def test_a_stolen_device_key_alone_removes_no_other_phone(two: Two) -> None:
    world, victim = two.world, two.other.key.thumbprint
    request = two.stolen.request("DELETE", f"/v1/devices/{victim}", now=world.now)
    with pytest.raises(ApprovalRequired):
        sign_out(victim, request=request, now=world.now)
    unsigned = world.revocation(two.stolen, victim)
    by_device_key = replace_evidence(unsigned, RawApprovalKey(two.stolen.key), world)
    for spoiled in (by_device_key, Revocation(unsigned.statement, {}), Revocation(unsigned.statement, {"type": "jws"})):
        with pytest.raises(ApprovalInvalid):
            two.ask(spoiled)
    assert two.states() == {"active"}


def replace_evidence(revocation: Revocation, key: RawApprovalKey, world: World, code: str = "") -> Revocation:
    payload = decision_payload(statement=revocation.statement, transfer_code=code, now=world.now)
    return Revocation(revocation.statement, key.evidence(payload))


def test_a_phone_signs_itself_out_without_a_fingerprint(two: Two) -> None:
    two.world.revoke(two.stolen, two.stolen.key.thumbprint)
    assert two.states() == {"active", "revoked"}


def test_no_phone_signs_for_another(two: Two) -> None:
    """What the second phone's approval key signed serves the second phone's device key alone."""
    signed = two.world.revocation(two.other, two.other.key.thumbprint)
    with pytest.raises(ApprovalInvalid):
        two.ask(signed)
    assert two.states() == {"active"}


@pytest.mark.parametrize(
    "changes",
    [
        {"purpose": "smartident-login"},
        {"v": 1},
        {"account_id": "k3v7q2xw5m6n4p2rz7aybcdefg"},
        {"device_id": "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U"},
        {"requested_at": NOW - 240, "expires_at": NOW - 60},
        {"requested_at": NOW + 61, "expires_at": NOW + 120},
        {"requested_at": NOW - 10, "expires_at": NOW - 10},
        {"requested_at": NOW, "expires_at": NOW + 301},
        {"requested_at": float(NOW)},
        {"comment": "beside it"},
    ],
    ids=["login", "old version", "account", "device", "over", "to come", "never", "for long", "type", "more"],
)
def test_what_was_signed_for_something_else_removes_nothing(two: Two, changes: dict[str, Any]) -> None:
    with pytest.raises(ApprovalInvalid):
        two.ask(two.world.revocation(two.stolen, two.other.key.thumbprint, **changes))
    assert two.states() == {"active"}


@pytest.mark.parametrize("statement", [b"", b"{", b"\xff", b"[]"], ids=["empty", "half", "no text", "a list"])
def test_what_is_no_statement_is_no_approval(two: Two, statement: bytes) -> None:
    text = base64url.encode(statement)
    with pytest.raises(ApprovalInvalid):
        two.ask(Revocation(text, two.stolen.evidence(text, "", now=NOW)))


def test_a_statement_in_no_base64url_is_refused(two: Two) -> None:
    with pytest.raises(InvalidRequest):
        two.ask(Revocation("=", {}))


def test_the_approval_of_a_login_removes_nothing(two: Two) -> None:
    started = two.world.start(two.anna)
    statement = base64url.encode(started.login.statement.encode())
    signed = two.stolen.evidence(statement, started.transfer_code or "", now=NOW)
    with pytest.raises(ApprovalInvalid):
        two.ask(Revocation(statement, signed))
    removal = two.world.revocation(two.stolen, two.other.key.thumbprint)
    with pytest.raises(ApprovalInvalid):
        two.ask(Revocation(removal.statement, signed))


def test_a_removal_has_no_transfer_code(two: Two) -> None:
    removal = two.world.revocation(two.stolen, two.other.key.thumbprint)
    key = two.stolen.approval
    assert isinstance(key, RawApprovalKey)
    with pytest.raises(ApprovalInvalid):
        two.ask(replace_evidence(removal, key, two.world, code="123456"))


def test_a_removal_that_was_overheard_counts_once(two: Two) -> None:
    """The phone is gone for good: the same again, from the same phone, finds it done."""
    world, removal = two.world, two.world.revocation(two.other, two.stolen.key.thumbprint)
    for _ in range(2):
        two.ask(removal, phone=two.other, device_id=two.stolen.key.thumbprint)
    third = world.paired_phone(two.other, two.anna)
    with pytest.raises(ApprovalInvalid):
        two.ask(removal, phone=two.other, device_id=third.key.thumbprint)
    assert [one["type"] for one in world.events(two.other)["events"]].count("device_revoked") == 1
    world.later(241)
    with pytest.raises(ApprovalInvalid):
        two.ask(removal, phone=two.other, device_id=two.stolen.key.thumbprint)


def test_nobody_escapes_a_removal_by_a_new_name(two: Two) -> None:
    removal = two.world.revocation(two.other, two.stolen.key.thumbprint)
    request = two.stolen.request("PATCH", f"/v1/devices/{two.stolen.key.thumbprint}", b"{}", now=two.world.now)
    rename(two.stolen.key.thumbprint, NewName("Anders"), request=request, now=two.world.now)
    two.ask(removal, phone=two.other, device_id=two.stolen.key.thumbprint)
    assert two.states() == {"active", "revoked"}


def test_a_phone_that_is_not_listed_is_not_removed(two: Two) -> None:
    with pytest.raises(DeviceNotFound):
        two.ask(two.world.revocation(two.stolen, "nobody's"), device_id="nobody's")


def test_what_was_signed_stays_on_record(two: Two) -> None:
    removal = two.world.revocation(two.other, two.stolen.key.thumbprint)
    two.ask(removal, phone=two.other, device_id=two.stolen.key.thumbprint)
    rows = list(AuditRecordRow.query(two.anna.id, AuditRecordRow.sk.startswith("RECORD#")))
    (record,) = [row for row in rows if row.type == "device_revoked"]
    assert record.statement == base64url.decode(removal.statement).decode()
    assert json.loads(record.receipt)["payload"] == removal.evidence["payload"]
