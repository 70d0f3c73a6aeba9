"""A lost phone: password and one recovery code let a new one in, and nothing else does."""

from __future__ import annotations

from typing import Any

import pytest

from register_key.step import NewKey, start_registration
from smartident.devices.device import read_device
from smartident.errors import (
    ApprovalInvalid,
    CoolingOff,
    DeviceRevoked,
    InvalidRequest,
    RecoveryRefused,
    RegistrationExpired,
    TooManyAttempts,
)
from smartident.recovery.authenticate import MAX_WRONG_CODES
from smartident_client.approval_keys import decision_payload
from smartident_client.recovery_codes import signed_recovery_codes
from tests.support.recovery import NO_CODE, codes, left, make, recover, recovered_phone, type_back
from tests.support.world import ABROAD, ELSEWHERE, NOW, PASSWORD, World

DAY = 24 * 3600


@pytest.mark.parametrize("kind", ["jwk", "webauthn"])
def test_a_code_and_the_password_let_a_new_phone_in_without_an_sms(world: World, kind: str) -> None:
    anna = world.account()
    old = world.phone(anna, kind)
    known = codes(world, old)
    sent = len(world.sms)
    new = world.new_phone()
    registered = recover(world, anna, new, known[3])
    assert (registered.confirm_by, registered.phone_hint, registered.pairing) == ("recovery", "", "")
    world.verify(registered, new)
    assert len(world.sms) == sent
    assert world.approve(new, world.start(anna)) == "approved"
    assert left(world, old) == {"left": 9, "made_at": NOW}


def test_it_works_too_once_every_device_is_gone(world: World) -> None:
    anna = world.account()
    old = world.phone(anna)
    known = codes(world, old)
    world.revoke(old, old.key.thumbprint)
    new = recovered_phone(world, anna, known[0])
    assert world.approve(new, world.start(anna)) == "approved"


def test_the_new_phone_cools_off_for_a_day(world: World) -> None:
    anna = world.account()
    old = world.phone(anna)
    new = recovered_phone(world, anna, codes(world, old)[0])
    device = read_device(anna.id, new.key.thumbprint)
    assert device is not None
    assert device.cool_off_until == NOW + DAY
    with pytest.raises(CoolingOff):
        make(world, new)
    with pytest.raises(CoolingOff):
        world.revoke(new, old.key.thumbprint)
    world.later(DAY)
    assert len(codes(world, new)) == 10
    world.revoke(new, old.key.thumbprint)


def test_each_code_lets_one_phone_in(world: World) -> None:
    anna = world.account()
    known = codes(world, world.phone(anna))
    recovered_phone(world, anna, known[0])
    with pytest.raises(RecoveryRefused):
        recover(world, anna, world.new_phone(), known[0])
    recovered_phone(world, anna, known[1])


def test_of_two_phones_with_one_code_the_first_to_finish_is_in(world: World) -> None:
    anna = world.account()
    known = codes(world, world.phone(anna))
    mine, theirs = world.new_phone(), world.new_phone()
    first, second = recover(world, anna, mine, known[0]), recover(world, anna, theirs, known[0])
    world.verify(second, theirs)
    with pytest.raises(RegistrationExpired):
        world.verify(first, mine)
    assert read_device(anna.id, mine.key.thumbprint) is None


def test_who_begins_and_never_finishes_loses_no_code(world: World) -> None:
    anna = world.account()
    old = world.phone(anna)
    known = codes(world, old)
    recover(world, anna, world.new_phone(), known[0])
    assert left(world, old)["left"] == 10
    recovered_phone(world, anna, known[0])


def test_a_lost_answer_asked_for_again_is_the_same(world: World) -> None:
    anna = world.account()
    old = world.phone(anna)
    known, new = codes(world, old), world.new_phone()
    request = new.new_key_request("/v1/keys", b"{}", now=world.now)
    registered = recover(world, anna, new, known[0], request=request)
    assert recover(world, anna, new, known[0], request=request) == registered
    assert world.verify(registered, new) == world.verify(registered, new)
    assert left(world, old)["left"] == 9


@pytest.mark.parametrize(
    "typed", ["{0}", " {0} ", "{1}", "{2}", "{3}"], ids=["shown", "spaces", "small", "bare", "alike"]
)
def test_a_code_is_read_as_people_copy_it(world: World, typed: str) -> None:
    anna = world.account()
    code = codes(world, world.phone(anna))[0]
    alike = code.replace("1", "l").replace("0", "o")
    recovered_phone(world, anna, typed.format(code, code.lower(), code.replace("-", ""), alike))


def test_a_set_counts_only_once_a_code_of_it_was_typed_back(world: World) -> None:
    anna = world.account()
    old = world.phone(anna)
    before = codes(world, old)
    made = make(world, old)
    with pytest.raises(RecoveryRefused):
        recover(world, anna, world.new_phone(), made["codes"][0])
    recovered_phone(world, anna, before[0])
    assert type_back(world, old, made, made["codes"][9]) == {"left": 10, "made_at": NOW}
    with pytest.raises(RecoveryRefused):
        recover(world, anna, world.new_phone(), before[1])
    recovered_phone(world, anna, made["codes"][9])


def test_a_registration_of_a_replaced_set_ends(world: World) -> None:
    anna = world.account()
    old = world.phone(anna)
    new = world.new_phone()
    registered = recover(world, anna, new, codes(world, old)[0])
    codes(world, old)
    with pytest.raises(RegistrationExpired):
        world.verify(registered, new)


def test_whatever_is_wrong_is_refused_alike(world: World) -> None:
    anna, ben = world.account(), world.account()
    known = codes(world, world.phone(anna))
    others = codes(world, world.phone(ben))
    clara = world.account()
    refused = [
        (anna, NO_CODE, PASSWORD),
        (anna, others[0], PASSWORD),
        (anna, known[0], "falsch"),
        (clara, known[0], PASSWORD),
        (clara, known[0], "falsch"),
    ]
    told = []
    for account, code, password in refused:
        with pytest.raises(RecoveryRefused) as one:
            recover(world, account, world.new_phone(), code, password=password)
        told.append((one.value.code, one.value.details))
    assert told == [("recovery_refused", {})] * len(refused)


def test_an_unknown_name_a_wrong_password_and_a_wrong_code_make_the_same_calls(world: World) -> None:
    """Once each has been tried: the first attempt makes the item that counts an unknown name."""
    anna, phone = world.account(), world.new_phone()
    codes(world, world.phone(anna))
    made = []
    for number, password in (("999999999", PASSWORD), (anna.number, "wrong"), (anna.number, PASSWORD)):
        for _ in range(2):
            world.aws.clear()
            ask = NewKey(number, phone.key.public_jwk(), "Annas Telefon", "ios", password, recovery_code=NO_CODE)
            request = phone.new_key_request("/v1/keys", b"{}", now=world.now)
            with pytest.raises(RecoveryRefused) as refused:
                start_registration(ask, request=request, request_origin=phone.here, sms=world.sms, now=world.now)
        made.append((world.aws.operations(), refused.value.code, refused.value.details))
        world.later(3600)
    assert made[0] == made[1] == made[2]


def test_wrong_codes_lock_as_wrong_passwords_do(world: World) -> None:
    world.set(PASSWORD_TRIES=3)
    anna = world.account()
    known = codes(world, world.phone(anna))
    for _ in range(3):
        with pytest.raises(RecoveryRefused):
            recover(world, anna, world.new_phone(), NO_CODE, client_address=ELSEWHERE)
    with pytest.raises(TooManyAttempts):
        recover(world, anna, world.new_phone(), known[0], client_address=ELSEWHERE)


def test_beyond_ten_wrong_codes_a_day_every_code_is_wrong_until_tomorrow(world: World) -> None:
    world.set(PASSWORD_TRIES=50, FAILURES_PER_HOUR=50, ADDRESS_FAILURES=50)
    anna = world.account()
    old = world.phone(anna)
    known = codes(world, old)
    for _ in range(MAX_WRONG_CODES):
        with pytest.raises(RecoveryRefused):
            recover(world, anna, world.new_phone(), NO_CODE)
    with pytest.raises(RecoveryRefused):
        recover(world, anna, world.new_phone(), known[0])
    blocked = [event for event in world.events(old)["events"] if event["type"] == "recovery_codes_blocked"]
    assert len(blocked) == 1
    world.later(DAY)
    recovered_phone(world, anna, known[0])


def test_wrong_passwords_keep_no_code_from_counting(world: World) -> None:
    world.set(PASSWORD_TRIES=50, FAILURES_PER_HOUR=50, ADDRESS_FAILURES=50)
    anna = world.account()
    known = codes(world, world.phone(anna))
    for _ in range(MAX_WRONG_CODES + 1):
        with pytest.raises(RecoveryRefused):
            recover(world, anna, world.new_phone(), NO_CODE, password="falsch")
    recovered_phone(world, anna, known[0])


def test_making_codes_wants_the_approval_key_over_this_account(world: World) -> None:
    anna, ben = world.account(), world.account()
    phone, other = world.phone(anna), world.phone(ben)
    theirs = signed_recovery_codes(other.approval, ben.id, now=world.now)
    forged = signed_recovery_codes(other.approval, anna.id, now=world.now)
    late = signed_recovery_codes(phone.approval, anna.id, now=world.now - 3600)
    revocation = world.revocation(phone, phone.key.thumbprint)
    another = {"statement": revocation.statement, "evidence": revocation.evidence}
    right = signed_recovery_codes(phone.approval, anna.id, now=world.now)["statement"]
    payload = decision_payload(statement=right, transfer_code="123456", now=world.now)
    typed = {"statement": right, "evidence": phone.approval.evidence(payload)}
    for ask in (theirs, forged, late, another, typed):
        with pytest.raises(ApprovalInvalid):
            make(world, phone, ask)


@pytest.mark.parametrize("ask", [{"password": None}, {"enrolment_code": "AAAA-BBBB-CCCC-DDDD"}], ids=str)
def test_a_recovery_code_counts_with_the_password_alone(world: World, ask: dict[str, Any]) -> None:
    anna = world.account()
    (code, *_), phone = codes(world, world.phone(anna)), world.new_phone()
    members: dict[str, Any] = {"password": PASSWORD, "recovery_code": code, **ask}
    with pytest.raises(InvalidRequest) as refused:
        start_registration(
            NewKey(anna.number, phone.key.public_jwk(), "Annas neues Telefon", "ios", **members),
            request=phone.new_key_request("/v1/keys", b"{}", now=world.now),
            request_origin=phone.here,
            sms=world.sms,
            now=world.now,
        )
    assert refused.value.details == {"field": "password"}


def test_the_last_code_leaves_none(world: World) -> None:
    world.set(DEVICES_PER_ACCOUNT=12)
    anna = world.account()
    old = world.phone(anna)
    for code in codes(world, old):
        recovered_phone(world, anna, code)
    assert left(world, old) == {"left": 0, "made_at": None}


def test_a_phone_that_was_removed_confirms_nothing(world: World) -> None:
    anna = world.account()
    old = world.phone(anna)
    new = world.paired_phone(old, anna)
    made = make(world, new)
    world.revoke(old, new.key.thumbprint)
    with pytest.raises(DeviceRevoked):
        type_back(world, new, made)


def test_codes_go_with_the_phone_that_showed_them_if_another_removes_it(world: World) -> None:
    anna = world.account()
    old = world.phone(anna)
    new = world.paired_phone(old, anna)
    known = codes(world, new)
    world.revoke(old, new.key.thumbprint)
    assert left(world, old)["left"] == 0
    ended = next(event for event in world.events(old)["events"] if event["type"] == "recovery_codes_revoked")
    assert (ended["by"], ended["device_id"]) == (None, old.key.thumbprint)
    with pytest.raises(RecoveryRefused):
        recover(world, anna, world.new_phone(), known[0])


def test_codes_stay_if_another_phone_is_removed(world: World) -> None:
    anna = world.account()
    old = world.phone(anna)
    new = world.paired_phone(old, anna, here=ABROAD)
    known = codes(world, old)
    world.revoke(old, new.key.thumbprint)
    recovered_phone(world, anna, known[0])
