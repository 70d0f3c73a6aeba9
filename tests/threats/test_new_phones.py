"""Threats against an account that has a phone: password and SIM get nothing but a request on that phone."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from smartident.admin.change import change_password
from smartident.approvals.decide import Approve
from smartident.errors import (
    ApprovalInvalid,
    DeviceRevoked,
    InvalidCredentials,
    InvalidRequest,
    LoginNotFound,
    PairingCodeWrong,
    Refusal,
    RegistrationDecided,
    RegistrationDeclined,
    RegistrationExpired,
    RegistrationNotFound,
    RegistrationPending,
)
from smartident.freeze.freeze import freeze_account
from smartident.pairing.pairing import PairingRow, pairing_mac, pairing_of
from smartident_client import base64url
from tests.support.concurrency import at_once, codes
from tests.support.enrolment import active, finish
from tests.support.scenarios import CHANGED_MY_MIND
from tests.support.world import ELSEWHERE, PASSWORD, Phone, World

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident.accounts.account import Account

NEW_PASSWORD = "Fünf-Igel-53"


def signed(world: World, old: Phone, shown: str, **changes: Any) -> Approve:
    """What the old phone signs over the one new device that it lists, `changes` made to what it says."""
    waits = next(one for one in world.listed(old) if "registration_id" in one)
    written = {**json.loads(base64url.decode(waits["statement"])), **changes}
    statement = json.dumps(written, separators=(",", ":"), ensure_ascii=False).encode()
    return Approve(old.evidence(base64url.encode(statement), shown, now=world.now))


def test_password_and_sim_swap_with_the_phone_in_the_owners_hand_let_nobody_in(world: World) -> None:
    anna = world.account()
    own, sent = world.phone(anna), len(world.sms)
    code = world.sms.code()
    stranger = world.new_phone()
    registered = world.register(anna, stranger, client_address=ELSEWHERE)
    assert len(world.sms) == sent
    with pytest.raises(InvalidRequest):
        finish(world, registered, stranger, world.confirmation(registered, stranger, code))
    with pytest.raises(RegistrationPending):
        world.verify(registered, stranger)
    world.later(31)
    with pytest.raises(RegistrationExpired):
        world.resend(registered, stranger)
    assert len(world.sms) == sent
    assert active(anna) == {own.key.thumbprint}
    (waits,) = world.listed(own)
    assert json.loads(base64url.decode(waits["statement"]))["ip"] == ELSEWHERE


def test_an_sms_code_from_before_the_first_phone_is_worth_nothing_after_it(world: World) -> None:
    anna, own, stranger = world.account(), world.new_phone(), world.new_phone()
    thiefs, owners = world.register(anna, stranger), world.register(anna, own)
    stolen = world.sms.sent[0][1][:6]
    world.verify(owners, own)
    with pytest.raises(RegistrationExpired):
        world.verify(thiefs, stranger, stolen)
    with pytest.raises(RegistrationExpired):
        world.resend(thiefs, stranger)
    assert active(anna) == {own.key.thumbprint}


def test_an_sms_code_beside_the_first_phone_makes_one_of_them_a_device(world: World) -> None:
    anna, own, stranger = world.account(), world.new_phone(), world.new_phone()
    thiefs, owners = world.register(anna, stranger), world.register(anna, own)
    stolen = world.sms.sent[0][1][:6]
    world.aws.before("TransactWriteItems", lambda: world.verify(owners, own))
    with pytest.raises(RegistrationExpired):
        world.verify(thiefs, stranger, stolen)
    assert active(anna) == {own.key.thumbprint}


def test_two_new_phones_at_once_never_cross(world: World) -> None:
    """Each account's phone signs for its own new phone alone, whatever code it is shown."""
    anna, bert = world.account(), world.account()
    annas, berts = world.phone(anna), world.phone(bert)
    mine, theirs = world.new_phone(), world.new_phone()
    one, other = world.register(anna, mine), world.register(bert, theirs)
    with pytest.raises(LoginNotFound):
        world.decide(annas, other.registration_id, signed(world, annas, other.pairing))
    with pytest.raises(PairingCodeWrong):
        world.decide(annas, one.registration_id, signed(world, annas, other.pairing))
    with pytest.raises(RegistrationDeclined):
        world.verify(one, mine)
    with pytest.raises(RegistrationPending):
        world.verify(other, theirs)
    assert world.let_in(berts, other) == "approved"
    with pytest.raises(RegistrationNotFound):
        world.verify(replace_id(one, other), mine)


def replace_id(registered: Any, other: Any) -> Any:
    """One registration under the id of another."""
    registered.registration_id, registered.challenge = other.registration_id, other.challenge
    return registered


def test_the_code_of_an_earlier_new_phone_lets_no_later_one_in(world: World) -> None:
    anna = world.account()
    own, first, second = world.phone(anna), world.new_phone(), world.new_phone()
    earlier = world.register(anna, first)
    world.later(300)
    later = world.register(anna, second)
    with pytest.raises(PairingCodeWrong):
        world.decide(own, later.registration_id, signed(world, own, earlier.pairing))
    for registered, phone in ((earlier, first), (later, second)):
        with pytest.raises(Refusal):
            world.verify(registered, phone)
    assert active(anna) == {own.key.thumbprint}


def frozen(world: World, anna: Account, _: Phone) -> None:
    freeze_account(anna.id, operator="erika", now=world.now)


def new_password(world: World, anna: Account, _: Phone) -> None:
    change_password(anna.id, NEW_PASSWORD, now=world.now)


def revoked(world: World, anna: Account, own: Phone) -> None:
    world.revoke(own, own.key.thumbprint)


ENDS: list[Callable[[World, Account, Phone], None]] = [frozen, new_password, revoked]


@pytest.mark.parametrize("end", ENDS, ids=["freeze", "new password", "revocation"])
@pytest.mark.parametrize("later", [0, 299], ids=["at once", "in its last second"])
def test_what_ends_an_account_ends_a_new_phone_that_was_let_in(
    world: World, end: Callable[[World, Account, Phone], None], later: int
) -> None:
    anna = world.account()
    own = world.phone(anna)
    other, new = world.paired_phone(own, anna), world.new_phone()
    registered = world.register(anna, new)
    world.let_in(own, registered)
    end(world, anna, own)
    world.later(later)
    with pytest.raises(RegistrationExpired):
        world.verify(registered, new)
    assert new.key.thumbprint not in active(anna)
    assert world.listed(other) == []


@pytest.mark.parametrize("end", ENDS, ids=["freeze", "new password", "revocation"])
def test_what_ends_an_account_wins_over_a_new_phone_on_its_way(
    world: World, end: Callable[[World, Account, Phone], None]
) -> None:
    anna = world.account()
    own = world.phone(anna)
    world.paired_phone(own, anna)
    new = world.new_phone()
    registered = world.register(anna, new)
    world.let_in(own, registered)
    world.aws.before("TransactWriteItems", lambda: end(world, anna, own))
    with pytest.raises(RegistrationExpired):
        world.verify(registered, new)
    assert new.key.thumbprint not in active(anna)


@pytest.mark.parametrize("end", ENDS, ids=["freeze", "new password", "revocation"])
def test_what_ends_an_account_wins_over_the_decision_on_its_way(
    world: World, end: Callable[[World, Account, Phone], None]
) -> None:
    anna = world.account()
    own = world.phone(anna)
    world.paired_phone(own, anna)
    registered = world.register(anna, world.new_phone())
    said = signed(world, own, registered.pairing)
    world.aws.before("TransactWriteItems", lambda: end(world, anna, own))
    with pytest.raises((RegistrationNotFound, DeviceRevoked)):
        world.decide(own, registered.registration_id, said)


def test_a_password_changed_while_a_new_phone_begins_begins_none(world: World) -> None:
    anna = world.account()
    own = world.phone(anna)
    world.aws.before("TransactWriteItems", lambda: change_password(anna.id, NEW_PASSWORD, now=world.now))
    with pytest.raises(Refusal) as refused:
        world.register(anna, world.new_phone())
    assert refused.value.code == "service_unavailable"
    assert world.listed(own) == []


def test_a_frozen_account_begins_no_new_phone(world: World) -> None:
    anna = world.account()
    world.phone(anna)
    freeze_account(anna.id, operator="erika", now=world.now)
    with pytest.raises(InvalidCredentials):
        world.register(anna, world.new_phone(), password=PASSWORD)


def test_an_approval_replayed_for_another_new_phone_is_invalid(world: World) -> None:
    anna = world.account()
    own, first, second = world.phone(anna), world.new_phone(), world.new_phone()
    registered = world.register(anna, first)
    overheard = signed(world, own, registered.pairing)
    assert world.decide(own, registered.registration_id, overheard) == "approved"
    world.verify(registered, first)
    later = world.register(anna, second)
    with pytest.raises(ApprovalInvalid):
        world.decide(own, later.registration_id, overheard)
    with pytest.raises(RegistrationPending):
        world.verify(later, second)


def test_an_approval_replayed_after_its_use_lets_nobody_in_again(world: World) -> None:
    anna = world.account()
    own, new = world.phone(anna), world.new_phone()
    registered = world.register(anna, new)
    overheard = signed(world, own, registered.pairing)
    world.decide(own, registered.registration_id, overheard)
    world.verify(registered, new)
    world.revoke(own, new.key.thumbprint)
    with pytest.raises(Refusal):
        world.decide(own, registered.registration_id, overheard)
    with pytest.raises(DeviceRevoked):
        world.verify(registered, new)
    assert active(anna) == {own.key.thumbprint}


def test_an_approval_by_the_phone_of_another_account_is_none(world: World) -> None:
    anna, thief = world.account(), world.account()
    own, thiefs, new = world.phone(anna), world.phone(thief), world.new_phone()
    registered = world.register(anna, new)
    (waits,) = world.listed(own)
    evidence = Approve(thiefs.evidence(waits["statement"], registered.pairing, now=world.now))
    with pytest.raises(LoginNotFound):
        world.decide(thiefs, registered.registration_id, evidence)
    with pytest.raises(ApprovalInvalid):
        world.decide(own, registered.registration_id, evidence)
    with pytest.raises(RegistrationPending):
        world.verify(registered, new)


@pytest.mark.parametrize(
    "changes",
    [{"fingerprint": "00000000"}, {"device_id": "x"}, {"device_name": "Annas neues Telefon"}, {"place": "Kassel, DE"}],
    ids=["fingerprint", "key", "name", "place"],
)
def test_a_tampered_statement_lets_nobody_in(world: World, changes: dict[str, Any]) -> None:
    """What the old phone was made to show is what it signs: it is not what waits."""
    anna = world.account()
    own, new = world.phone(anna), world.new_phone()
    registered = world.register(anna, new)
    with pytest.raises(ApprovalInvalid):
        world.decide(own, registered.registration_id, signed(world, own, registered.pairing, **changes))
    with pytest.raises(RegistrationPending):
        world.verify(registered, new)


def test_the_approval_of_a_new_phone_approves_no_login_and_the_other_way_round(world: World) -> None:
    anna = world.account()
    own = world.phone(anna)
    started = world.start(anna)
    registered = world.register(anna, world.new_phone())
    with pytest.raises(ApprovalInvalid):
        world.decide(own, started.login.id, signed(world, own, registered.pairing))
    login = base64url.encode(started.login.statement.encode())
    evidence = own.evidence(login, registered.pairing, now=world.now)
    with pytest.raises(ApprovalInvalid):
        world.decide(own, registered.registration_id, Approve(evidence))


def test_a_stolen_device_key_alone_lets_nobody_in(world: World) -> None:
    """The approval key behind the fingerprint signs, and no other key counts."""
    anna = world.account()
    own, thief = world.phone(anna), world.new_phone()
    registered = world.register(anna, world.new_phone())
    stolen = replace(own, approval=thief.approval)
    with pytest.raises(ApprovalInvalid):
        world.decide(stolen, registered.registration_id, signed(world, stolen, registered.pairing))


def test_of_many_guesses_at_once_one_is_looked_at(world: World) -> None:
    anna = world.account()
    own, new = world.phone(anna), world.new_phone()
    registered = world.register(anna, new)
    wrong = {f"{number:08d}" for number in range(8)} - {registered.pairing_digits}
    guesses = [signed(world, own, code) for code in wrong]
    asks = [lambda said=said: world.decide(own, registered.registration_id, said) for said in guesses]
    assert set(codes(at_once(*asks))) == {"pairing_code_wrong"}
    with pytest.raises(PairingCodeWrong):
        world.decide(own, registered.registration_id, signed_over(world, registered, own))
    with pytest.raises(RegistrationDeclined):
        world.verify(registered, new)


def signed_over(world: World, registered: Any, own: Phone) -> Approve:
    """The right code, after the wrong ones."""
    row = PairingRow.get(own.account_id, "DEVICE_PAIRING", consistent_read=True)
    return Approve(own.evidence(base64url.encode(row.statement.encode()), registered.pairing, now=world.now))


def test_of_approval_and_denial_at_once_one_stands(world: World) -> None:
    anna = world.account()
    own = world.phone(anna)
    other, new = world.paired_phone(own, anna), world.new_phone()
    registered = world.register(anna, new)
    said = signed(world, own, registered.pairing)
    world.aws.before("TransactWriteItems", lambda: world.decide(other, registered.registration_id, CHANGED_MY_MIND))
    with pytest.raises(RegistrationDecided):
        world.decide(own, registered.registration_id, said)
    with pytest.raises(RegistrationDeclined):
        world.verify(registered, new)


def test_who_can_only_write_the_table_lets_nobody_in(world: World) -> None:
    """No member of a pairing is altered, and none of an earlier epoch is put back."""
    anna = world.account()
    own, new = world.phone(anna), world.new_phone()
    registered = world.register(anna, new)
    waiting = PairingRow.get(anna.id, "DEVICE_PAIRING", consistent_read=True)
    for change in (
        PairingRow.state.set("approved"),
        PairingRow.statement.set("{}"),
        PairingRow.expires_at.set(world.now + 10**6),
        PairingRow.country.set("AT"),
        PairingRow.grant_epoch.set(7),
    ):
        PairingRow(anna.id, "DEVICE_PAIRING").update([change])
        with pytest.raises(RegistrationExpired):
            world.verify(registered, new)
        assert world.listed(own) == []
        waiting.save()
    world.let_in(own, registered)
    approved = PairingRow.get(anna.id, "DEVICE_PAIRING", consistent_read=True)
    assert approved.mac == pairing_mac(pairing_of(approved))
    change_password(anna.id, NEW_PASSWORD, now=world.now)
    approved.save()
    with pytest.raises(RegistrationExpired):
        world.verify(registered, new)
    assert active(anna) == {own.key.thumbprint}
