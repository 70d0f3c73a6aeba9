"""A lost phone with `LostPhoneDelay`: password and SMS let a new one in after the wait, unless somebody stops it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartident.accounts.account import AccountNotFound, read_account
from smartident.accounts.account_change import change_of
from smartident.accounts.audit_log import AuditRecordRow
from smartident.accounts.item.login_policy import set_login_policy
from smartident.admin.change import change_email, change_password, change_phone
from smartident.approvals.decide import Approve
from smartident.clients.login_policy import PASSKEY_ONLY
from smartident.devices.device import read_device
from smartident.devices.registration import read_registration
from smartident.enrolment.delay import admission_after_delay
from smartident.enrolment.stop_delay import stop_by_device, stop_by_operator
from smartident.errors import (
    ApprovalInvalid,
    CodeWrong,
    DeviceRevoked,
    LoginNotFound,
    LostPhoneRefused,
    RegistrationDecided,
    RegistrationDeclined,
    RegistrationExpired,
    RegistrationNotFound,
    RegistrationWaiting,
    ServiceUnavailable,
    SourceBlocked,
    TooManyAttempts,
)
from smartident.freeze.freeze import freeze_account
from smartident.lost_phone.delayed import FINISH_SECONDS, STOPPED, DelayedRow, read_delayed
from smartident.notices.outbox import recent_notices
from smartident.storage.writes import write
from tests.support.enrolment import active
from tests.support.scenarios import CHANGED_MY_MIND, NOT_ME
from tests.support.world import World
from verify_sms.step import finish_registration

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident_client.answers import Registration
    from tests.support.world import Phone

HOUR, DELAY = 3600, 48 * 3600


@pytest.fixture
def anna(world: World) -> Account:
    world.set(LOST_PHONE_DELAY=48)
    return world.account(email="anna@example.test")


@pytest.fixture
def old(world: World, anna: Account) -> Phone:
    return world.phone(anna)


def begun(world: World, anna: Account) -> tuple[Registration, Phone, str]:
    """A new phone whose wait has begun, and the code that began it."""
    new = world.new_phone()
    registered = world.register(anna, new, lost_phone=True)
    code = world.sms.code()
    ask = world.confirmation(registered, new, code)
    request = new.new_key_request(f"/v1/keys/{registered.registration_id}/verify", b"{}", now=world.now)
    with pytest.raises(RegistrationWaiting):
        finish_registration(registered.registration_id, ask, request=request, request_origin=new.here, now=world.now)
    return registered, new, code


@pytest.mark.usefixtures("old")
def test_the_phone_comes_in_after_the_wait_and_cools_off(world: World, anna: Account) -> None:
    new = world.new_phone()
    registered = world.register(anna, new, lost_phone=True)
    assert registered.confirm_by == "sms_delayed"
    code = world.sms.code()
    for later in (0, 1, DELAY - 2):
        world.later(later)
        with pytest.raises(RegistrationWaiting) as refused:
            world.verify(registered, new, code)
    assert refused.value.details == {"retry_after": 1}
    world.later(1)
    for _ in range(2):
        assert world.verify(registered, new, code) == new.key.thumbprint
    device = read_device(anna.id, new.key.thumbprint)
    assert device is not None
    assert device.cool_off_until == world.now + 24 * HOUR
    assert world.approve(new, world.start(anna)) == "approved"


def test_off_by_default_it_is_refused(world: World) -> None:
    anna = world.account(email="anna@example.test")
    world.phone(anna)
    with pytest.raises(LostPhoneRefused):
        world.register(anna, world.new_phone(), lost_phone=True)
    assert len(world.sms) == 1


def test_who_would_not_hear_of_it_is_refused(world: World) -> None:
    world.set(LOST_PHONE_DELAY=48)
    anna = world.account()
    old = world.phone(anna)
    with pytest.raises(LostPhoneRefused):
        world.register(anna, world.new_phone(), lost_phone=True)
    world.paired_phone(old, anna)
    assert world.register(anna, world.new_phone(), lost_phone=True).confirm_by == "sms_delayed"


def test_without_a_number_it_is_refused(world: World, anna: Account) -> None:
    world.phone(anna)
    change_phone(anna.id, None, now=world.now)
    with pytest.raises(LostPhoneRefused):
        world.register(anna, world.new_phone(), lost_phone=True)


def test_who_loses_the_last_address_before_the_code_is_refused(world: World, anna: Account, old: Phone) -> None:
    new = world.new_phone()
    registered = world.register(anna, new, lost_phone=True)
    change_email(anna.id, None, now=world.now)
    with pytest.raises(LostPhoneRefused):
        world.verify(registered, new)
    assert active(anna) == {old.key.thumbprint}


def test_where_only_passkeys_count_by_now_no_wait_begins(world: World, anna: Account, old: Phone) -> None:
    new = world.new_phone()
    registered = world.register(anna, new, lost_phone=True)
    account = read_account(anna.id)
    assert account is not None
    change = change_of(account)
    set_login_policy(change, PASSKEY_ONLY)
    write(*change.operations(), on_conflict=lambda _: pytest.fail("in the way"))
    with pytest.raises(RegistrationExpired):
        world.verify(registered, new)
    assert read_delayed(anna.id) is None
    assert active(anna) == {old.key.thumbprint}


def test_an_account_without_a_phone_needs_no_wait(world: World, anna: Account) -> None:
    new = world.new_phone()
    registered = world.register(anna, new, lost_phone=True)
    assert registered.confirm_by == "sms"
    assert world.verify(registered, new) == new.key.thumbprint


def test_every_device_sees_it_and_each_can_stop_it(world: World, anna: Account, old: Phone) -> None:
    registered, new, code = begun(world, anna)
    (waits,) = world.listed(old)
    assert waits["purpose"] == "smartident-delayed-device"
    assert waits["admits_at"] == world.now + DELAY
    for _ in range(2):
        assert world.decide(old, registered.registration_id, CHANGED_MY_MIND) == "denied"
    assert world.listed(old) == []
    world.later(DELAY)
    with pytest.raises((RegistrationDeclined, RegistrationExpired)):
        world.verify(registered, new, code)
    assert active(anna) == {old.key.thumbprint}


def test_not_me_blocks_who_asked_and_is_told(world: World, anna: Account, old: Phone) -> None:
    registered, _, _ = begun(world, anna)
    world.decide(old, registered.registration_id, NOT_ME)
    with pytest.raises(SourceBlocked):
        world.register(anna, world.new_phone(), lost_phone=True)
    assert "not_me" in [one.event for one in recent_notices(anna.id, since=0)]


def test_nobody_lets_it_in_earlier(world: World, anna: Account, old: Phone) -> None:
    registered, new, code = begun(world, anna)
    (waits,) = world.listed(old)
    evidence = old.evidence(waits["statement"], code, now=world.now)
    with pytest.raises(ApprovalInvalid):
        world.decide(old, registered.registration_id, Approve(evidence))
    with pytest.raises(RegistrationWaiting):
        world.verify(registered, new, code)


def test_the_owner_is_told_when_the_wait_begins(world: World, anna: Account, old: Phone) -> None:
    world.later(1)
    begun(world, anna)
    told = [one.event for one in recent_notices(anna.id, since=0)]
    assert sorted(told) == ["device_registered", "registration_delayed", "registration_waiting"]
    assert [one["type"] for one in world.events(old)["events"]] == ["registration_delayed", "device_registered"]


@pytest.mark.usefixtures("old")
def test_one_waits_at_a_time(world: World, anna: Account) -> None:
    begun(world, anna)
    other = world.new_phone()
    registered = world.register(anna, other, lost_phone=True)
    with pytest.raises(TooManyAttempts):
        world.verify(registered, other)


@pytest.mark.usefixtures("old")
def test_a_wait_that_nobody_finished_makes_room(world: World, anna: Account) -> None:
    registered, new, code = begun(world, anna)
    world.later(DELAY + FINISH_SECONDS)
    with pytest.raises(RegistrationExpired):
        world.verify(registered, new, code)
    registered, new, code = begun(world, anna)
    world.later(DELAY)
    assert world.verify(registered, new, code) == new.key.thumbprint


@pytest.mark.parametrize("ends", ["password", "phone", "freeze", "revocation"])
def test_what_ends_registrations_ends_the_wait(world: World, anna: Account, old: Phone, ends: str) -> None:
    other = world.paired_phone(old, anna)
    registered, new, code = begun(world, anna)
    if ends == "password":
        change_password(anna.id, "another right password", now=world.now)
    elif ends == "phone":
        change_phone(anna.id, "+491701239999", now=world.now)
    elif ends == "freeze":
        freeze_account(anna.id, operator="petra", now=world.now)
    else:
        world.revoke(old, other.key.thumbprint)
    world.later(DELAY)
    with pytest.raises(RegistrationExpired):
        world.verify(registered, new, code)
    with pytest.raises((RegistrationExpired, LoginNotFound)):
        world.decide(old, registered.registration_id, CHANGED_MY_MIND)


@pytest.mark.usefixtures("old")
def test_no_other_code_is_sent_while_it_waits(world: World, anna: Account) -> None:
    registered, new, _ = begun(world, anna)
    world.later(60)
    with pytest.raises(TooManyAttempts):
        world.resend(registered, new)


@pytest.mark.usefixtures("old")
def test_before_the_wait_a_code_is_sent_again_and_the_old_one_begins_nothing(world: World, anna: Account) -> None:
    new = world.new_phone()
    registered = world.register(anna, new, lost_phone=True)
    former = world.sms.code()
    world.later(31)
    world.resend(registered, new)
    with pytest.raises(CodeWrong):
        world.verify(registered, new, former)
    assert read_delayed(anna.id) is None
    with pytest.raises(RegistrationWaiting):
        world.verify(registered, new)


@pytest.mark.usefixtures("old")
def test_a_code_sent_again_meanwhile_begins_no_wait_by_the_old_one(world: World, anna: Account) -> None:
    new = world.new_phone()
    registered = world.register(anna, new, lost_phone=True)
    code = world.sms.code()
    world.later(31)
    world.aws.before("TransactWriteItems", lambda: world.resend(registered, new))
    with pytest.raises(CodeWrong):
        world.verify(registered, new, code)


def test_the_operator_stops_it_on_record(world: World, anna: Account, old: Phone) -> None:
    assert not stop_by_operator(anna.id, operator="petra", now=world.now)
    registered, new, code = begun(world, anna)
    for _ in range(2):
        assert stop_by_operator(anna.id, operator="petra", now=world.now)
    world.later(DELAY)
    with pytest.raises(RegistrationExpired):
        world.verify(registered, new, code)
    rows = AuditRecordRow.query(anna.id, AuditRecordRow.sk.startswith("RECORD#"))
    assert [row.detail for row in rows if row.type == "registration_stopped"] == [f"{registered.registration_id} petra"]
    assert old.key.thumbprint in active(anna)
    with pytest.raises(AccountNotFound):
        stop_by_operator("nobody", operator="petra", now=world.now)


@pytest.mark.parametrize("ahead", [-300, 0, 1, 300])
def test_whatever_the_operators_clock_says_of_it_a_wait_is_stopped(world: World, anna: Account, ahead: int) -> None:
    world.phone(anna)
    registered, new, code = begun(world, anna)
    world.later(DELAY + FINISH_SECONDS - 1)
    assert stop_by_operator(anna.id, operator="petra", now=world.now + ahead)
    with pytest.raises(RegistrationExpired):
        world.verify(registered, new, code)


def test_a_phone_that_is_in_is_stopped_no_more(world: World, anna: Account, old: Phone) -> None:
    registered, new, code = begun(world, anna)
    world.later(DELAY)
    world.verify(registered, new, code)
    with pytest.raises(RegistrationDecided):
        world.decide(old, registered.registration_id, CHANGED_MY_MIND)


def test_a_revoked_device_stops_nothing(world: World, anna: Account, old: Phone) -> None:
    other = world.paired_phone(old, anna)
    registered, _, _ = begun(world, anna)
    world.aws.before("TransactWriteItems", lambda: world.revoke(old, other.key.thumbprint))
    with pytest.raises((DeviceRevoked, RegistrationExpired)):
        world.decide(other, registered.registration_id, CHANGED_MY_MIND)


def test_a_wait_is_stopped_although_the_account_changes_meanwhile(world: World, anna: Account, old: Phone) -> None:
    registered, _, _ = begun(world, anna)
    world.aws.before("TransactWriteItems", lambda: change_email(anna.id, "neu@example.test", now=world.now))
    world.decide(old, registered.registration_id, CHANGED_MY_MIND)
    delayed = read_delayed(anna.id)
    assert delayed is not None
    assert delayed.state == STOPPED


def test_what_no_longer_waits_is_not_found(world: World, anna: Account, old: Phone) -> None:
    device = read_device(anna.id, old.key.thumbprint)
    assert device is not None
    request = old.request("GET", "/v1/approvals", now=world.now)
    with pytest.raises(RegistrationNotFound):
        stop_by_device("a.b", device, is_not_me=False, request=request, now=world.now)


@pytest.mark.usefixtures("old")
def test_after_its_time_a_wait_lets_nobody_in(world: World, anna: Account) -> None:
    registered, new, _ = begun(world, anna)
    registration = read_registration(registered.registration_id, thumbprint=new.key.thumbprint)
    over = world.now + DELAY + FINISH_SECONDS
    assert isinstance(admission_after_delay(registration, anna, now=over), RegistrationExpired)


def test_a_wait_that_somebody_wrote_or_shortened_lets_nobody_in(world: World, anna: Account, old: Phone) -> None:
    registered, new, code = begun(world, anna)
    row = DelayedRow.get(anna.id, "DELAYED_REGISTRATION")
    row.admits_at = world.now
    row.save()
    assert read_delayed(anna.id) is None
    assert world.listed(old) == []
    assert active(anna) == {old.key.thumbprint}
    with pytest.raises(ServiceUnavailable):
        world.verify(registered, new, code)
    assert active(anna) == {old.key.thumbprint}


@pytest.mark.usefixtures("old")
def test_a_password_set_anew_while_a_wait_begins_begins_none(world: World, anna: Account) -> None:
    """Else a phone that began with the old password would come in after the wait."""
    new = world.new_phone()
    registered = world.register(anna, new, lost_phone=True)
    world.aws.before("TransactWriteItems", lambda: change_password(anna.id, "Neu-Neun-Neffen-9", now=world.now))
    with pytest.raises(RegistrationExpired):
        world.verify(registered, new)
    assert read_delayed(anna.id) is None
