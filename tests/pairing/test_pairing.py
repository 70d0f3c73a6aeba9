"""A new phone by an old one: while a device is active, password and SMS never let another one in."""

from __future__ import annotations

import json

import pytest

from smartident.accounts.item.row import AccountRow
from smartident.approvals.decide import Approve, Deny
from smartident.errors import (
    ApprovalInvalid,
    InvalidRequest,
    LoginNotFound,
    PairingCodeWrong,
    RegistrationDecided,
    RegistrationDeclined,
    RegistrationExpired,
    RegistrationPending,
    ServiceUnavailable,
    SourceBlocked,
)
from smartident.pairing.pairing import PairingRow
from smartident_client import base64url
from tests.support.enrolment import active, finish
from tests.support.scenarios import CHANGED_MY_MIND, NOT_ME
from tests.support.world import AGENT, HOME, NOW, Phone, World


def statement_of(world: World, old: Phone) -> dict[str, object]:
    (waits,) = world.listed(old)
    told: dict[str, object] = json.loads(base64url.decode(waits["statement"]))
    return told


def test_a_new_phone_is_let_in_by_the_old_one_and_no_sms_is_sent(world: World) -> None:
    anna = world.account()
    old, new, sent = world.phone(anna), world.new_phone(), len(world.sms)
    registered = world.register(anna, new)
    assert (registered.confirm_by, len(registered.pairing), len(registered.pairing_digits)) == ("device", 22, 8)
    with pytest.raises(RegistrationPending):
        world.verify(registered, new)
    assert world.let_in(old, registered) == "approved"
    assert world.verify(registered, new) == world.verify(registered, new) == new.key.thumbprint
    assert active(anna) == {old.key.thumbprint, new.key.thumbprint}
    assert len(world.sms) == sent
    assert world.listed(old) == []


def test_the_old_phone_shows_what_it_lets_in(world: World) -> None:
    anna = world.account()
    old, new = world.phone(anna), world.new_phone()
    registered = world.register(anna, new)
    assert statement_of(world, old) == {
        "v": 2,
        "purpose": "smartident-new-device",
        "registration_id": registered.registration_id,
        "access_number": anna.number,
        "device_name": "Annas Telefon",
        "platform": "ios",
        "device_id": new.key.thumbprint,
        "fingerprint": base64url.decode(new.key.thumbprint)[:4].hex(),
        "ip": HOME,
        "place": "Frankfurt, DE",
        "asn": 3320,
        "browser": "Chrome",
        "os": "Windows",
        "requested_at": NOW,
        "expires_at": NOW + 300,
    }
    assert registered.fingerprint == statement_of(world, old)["fingerprint"]
    assert "Windows" in AGENT


def test_new_phones_stand_before_logins(world: World) -> None:
    anna = world.account()
    old = world.phone(anna)
    world.start(anna)
    world.register(anna, world.new_phone())
    assert [one["purpose"] for one in world.listed(old)] == ["smartident-new-device", "smartident-login"]
    assert world.shown(old)["address_block"] == 3600


def test_the_digits_do_where_there_is_no_camera(world: World) -> None:
    anna = world.account()
    old, new = world.phone(anna), world.new_phone()
    registered = world.register(anna, new)
    assert world.let_in(old, registered, registered.pairing_digits) == "approved"
    assert world.verify(registered, new)


def test_a_wrong_code_declines_the_pairing_at_once(world: World) -> None:
    anna = world.account()
    old, new = world.phone(anna), world.new_phone()
    registered = world.register(anna, new)
    (waits,) = world.listed(old)
    wrong, right = (
        Approve(old.evidence(waits["statement"], code, now=world.now)) for code in ("00000000", registered.pairing)
    )
    for said in (wrong, wrong, right):
        with pytest.raises(PairingCodeWrong):
            world.decide(old, registered.registration_id, said)
    with pytest.raises(RegistrationDeclined):
        world.verify(registered, new)
    assert active(anna) == {old.key.thumbprint}


@pytest.mark.parametrize("said", [NOT_ME, CHANGED_MY_MIND], ids=["not me", "changed my mind"])
def test_declined_is_declined(world: World, said: Deny) -> None:
    anna = world.account()
    old, new = world.phone(anna), world.new_phone()
    registered = world.register(anna, new)
    (waits,) = world.listed(old)
    evidence = Approve(old.evidence(waits["statement"], registered.pairing, now=world.now))
    assert [world.decide(old, registered.registration_id, said) for _ in range(2)] == ["denied", "denied"]
    with pytest.raises(RegistrationDeclined):
        world.verify(registered, new)
    with pytest.raises(RegistrationDecided):
        world.decide(old, registered.registration_id, evidence)


def test_the_same_decision_come_twice_is_one(world: World) -> None:
    anna = world.account()
    old = world.phone(anna)
    registered = world.register(anna, world.new_phone())
    (waits,) = world.listed(old)
    said = Approve(old.evidence(waits["statement"], registered.pairing, now=world.now))
    assert [world.decide(old, registered.registration_id, said) for _ in range(2)] == ["approved", "approved"]
    assert [event["type"] for event in world.events(old)["events"]].count("pairing_approved") == 1


def test_another_phone_hears_that_it_is_decided(world: World) -> None:
    anna = world.account()
    old = world.phone(anna)
    other, registered = world.paired_phone(old, anna), world.register(anna, world.new_phone())
    world.decide(old, registered.registration_id, CHANGED_MY_MIND)
    with pytest.raises(RegistrationDecided):
        world.decide(other, registered.registration_id, CHANGED_MY_MIND)


def test_not_me_locks_the_address_out_in_the_same_write(world: World) -> None:
    anna = world.account()
    old, new = world.phone(anna), world.new_phone()
    registered = world.register(anna, new)
    world.aws.clear()
    world.decide(old, registered.registration_id, NOT_ME)
    assert [call.operation for call in world.aws.calls].count("TransactWriteItems") == 1
    assert world.aws.calls[-1].operation == "TransactWriteItems"
    with pytest.raises(SourceBlocked):
        world.register(anna, world.new_phone())


def test_a_resend_sends_nothing(world: World) -> None:
    anna = world.account()
    world.phone(anna)
    new, sent = world.new_phone(), len(world.sms)
    registered = world.register(anna, new)
    world.later(60)
    with pytest.raises(RegistrationExpired):
        world.resend(registered, new)
    assert len(world.sms) == sent


def test_a_code_is_sent_where_an_sms_confirms_and_nowhere_else(world: World) -> None:
    anna, first, new = world.account(), world.new_phone(), world.new_phone()
    by_sms = world.register(anna, first)
    with pytest.raises(InvalidRequest):
        finish(world, by_sms, first, world.confirmation(by_sms, first, None))
    world.verify(by_sms, first)
    by_device = world.register(anna, new)
    with pytest.raises(InvalidRequest):
        finish(world, by_device, new, world.confirmation(by_device, new, world.sms.code()))


def test_what_is_over_is_not_decided(world: World) -> None:
    anna = world.account()
    old, new = world.phone(anna), world.new_phone()
    registered = world.register(anna, new)
    (waits,) = world.listed(old)
    world.later(300)
    evidence = Approve(old.evidence(waits["statement"], registered.pairing, now=world.now))
    with pytest.raises(RegistrationExpired):
        world.decide(old, registered.registration_id, evidence)
    assert world.listed(old) == []


def test_an_approved_phone_that_comes_too_late_stays_outside(world: World) -> None:
    anna = world.account()
    old, new = world.phone(anna), world.new_phone()
    registered = world.register(anna, new)
    world.let_in(old, registered)
    world.later(300)
    with pytest.raises(RegistrationExpired):
        world.verify(registered, new)


def test_the_same_request_come_twice_is_one_registration(world: World) -> None:
    anna = world.account()
    old, new = world.phone(anna), world.new_phone()
    request = new.new_key_request("/v1/keys", b"{}", now=world.now)
    first, again = (world.register(anna, new, request=request) for _ in range(2))
    assert first == again
    assert len(world.listed(old)) == 1


def test_a_phone_that_never_heard_the_answer_begins_no_second_registration(world: World) -> None:
    anna = world.account()
    old, new = world.phone(anna), world.new_phone()
    assert world.register(anna, new) == world.register(anna, new)
    assert len(world.listed(old)) == 1


def test_the_same_request_beside_itself_is_one_registration(world: World) -> None:
    anna = world.account()
    old, new = world.phone(anna), world.new_phone()
    request = new.new_key_request("/v1/keys", b"{}", now=world.now)
    others: list[object] = []
    world.aws.before("TransactWriteItems", lambda: others.append(world.register(anna, new, request=request)))
    assert [world.register(anna, new, request=request)] == others
    assert len(world.listed(old)) == 1


def test_a_pairing_begins_beside_a_login(world: World) -> None:
    anna = world.account()
    old = world.phone(anna)
    world.aws.before("TransactWriteItems", lambda: world.start(anna))
    world.register(anna, world.new_phone())
    assert len(world.listed(old)) == 2


def test_a_pairing_beside_the_last_phones_revocation_asks_to_come_back(world: World) -> None:
    anna = world.account()
    old, new = world.phone(anna), world.new_phone()
    world.aws.before("TransactWriteItems", lambda: world.revoke(old, old.key.thumbprint))
    with pytest.raises(ServiceUnavailable):
        world.register(anna, new)
    assert world.register(anna, new).confirm_by == "sms"


def test_a_pairing_of_an_account_that_is_gone_asks_to_come_back(world: World) -> None:
    anna = world.account()
    world.phone(anna)
    item = AccountRow.get(anna.id, "ACCOUNT", consistent_read=True)
    world.aws.before("TransactWriteItems", item.delete)
    with pytest.raises(ServiceUnavailable):
        world.register(anna, world.new_phone())


def test_a_decision_beside_a_login_stands(world: World) -> None:
    anna = world.account()
    old = world.phone(anna)
    registered = world.register(anna, world.new_phone())
    world.aws.before("TransactWriteItems", lambda: world.start(anna))
    assert world.let_in(old, registered) == "approved"


def test_an_id_that_nobody_has_tells_nothing(world: World) -> None:
    old = world.phone(world.account())
    with pytest.raises(LoginNotFound):
        world.decide(old, "nobody.nothing", CHANGED_MY_MIND)


def test_a_signature_over_another_statement_lets_nobody_in(world: World) -> None:
    anna = world.account()
    old = world.phone(anna)
    registered = world.register(anna, world.new_phone())
    evidence = Approve(old.evidence(base64url.encode(b"{}"), registered.pairing, now=world.now))
    with pytest.raises(ApprovalInvalid):
        world.decide(old, registered.registration_id, evidence)
    assert len(world.listed(old)) == 1


def test_a_pairing_that_is_gone_lets_nobody_in(world: World) -> None:
    anna = world.account()
    old, new = world.phone(anna), world.new_phone()
    registered = world.register(anna, new)
    PairingRow(anna.id, "DEVICE_PAIRING").delete()
    with pytest.raises(RegistrationExpired):
        world.verify(registered, new)
    assert world.listed(old) == []


def test_the_history_names_the_new_phone_and_who_let_it_in(world: World) -> None:
    anna = world.account()
    old = world.phone(anna)
    new = world.paired_phone(old, anna)
    told = [(event["type"], event["device_id"]) for event in world.events(old)["events"]]
    assert {*told} == {
        ("device_registered", old.key.thumbprint),
        ("pairing_started", None),
        ("pairing_approved", old.key.thumbprint),
        ("device_registered", new.key.thumbprint),
    }
