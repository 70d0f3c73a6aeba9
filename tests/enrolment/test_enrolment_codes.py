"""Enrolment codes: with its access number, a code lets one phone in, once, without password and without SMS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from smartident.accounts.account import AccountNotFound
from smartident.admin.change import change_email, change_password
from smartident.devices.device import read_device
from smartident.enrolment.enrolment_code import EnrolmentCodeRow, read_enrolment_code
from smartident.enrolment.issue import (
    LETTER_DAYS,
    QR_DAYS,
    EnrolmentCodeGone,
    SameOperator,
    confirm_issued_code,
    issue_enrolment_code,
)
from smartident.enrolment.spelling import as_made, grouped
from smartident.errors import (
    CoolingOff,
    DeviceLimitReached,
    InvalidCredentials,
    InvalidRequest,
    RegistrationExpired,
    TooManyAttempts,
)
from smartident.freeze.freeze import freeze_account
from smartident.notices.outbox import recent_notices
from tests.support.concurrency import at_once
from tests.support.enrolment import active, code_id, start
from tests.support.world import PASSWORD, World

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident_client.answers import Registration as Registered
    from tests.support.world import Phone

DAY = 86_400
PETRA, OTTO = "arn:aws:iam::123456789012:user/petra", "arn:aws:iam::123456789012:user/otto"


def issue(world: World, account: Account, **how: Any) -> str:
    """A code for the account, as an operator hands it over."""
    return issue_enrolment_code(account.id, issued_by=PETRA, **how, now=world.now).code


def told(account: Account) -> list[str]:
    return sorted(one.event for one in recent_notices(account.id, since=0))


def enrolled(world: World, account: Account, code: str) -> Phone:
    phone = world.new_phone()
    world.verify(world.enrol(account, phone, code), phone)
    return phone


def test_a_first_phone_comes_in_without_password_number_and_sms(world: World) -> None:
    anna = world.account(phone=None)
    phone = world.new_phone()
    registered = world.enrol(anna, phone, issue(world, anna))
    assert (registered.confirm_by, registered.phone_hint) == ("enrolment_code", "")
    world.verify(registered, phone)
    assert len(world.sms) == 0
    assert world.approve(phone, world.start(anna)) == "approved"


def test_a_first_phone_does_not_cool_off_and_is_told_once(world: World) -> None:
    anna = world.account()
    phone = enrolled(world, anna, issue(world, anna))
    device = read_device(anna.id, phone.key.thumbprint)
    assert device is not None
    assert device.cool_off_until is None
    assert told(anna) == ["device_registered_by_code"]


def test_a_phone_beside_others_is_told_at_issue_and_use_and_cools_off(world: World) -> None:
    anna = world.account()
    old = world.phone(anna)
    code = issue(world, anna)
    assert told(anna) == ["device_registered", "enrolment_code_issued"]
    new = enrolled(world, anna, code)
    assert told(anna) == ["device_registered", "device_registered_by_code", "enrolment_code_issued"]
    assert world.approve(new, world.start(anna)) == "approved"
    with pytest.raises(CoolingOff):
        world.revoke(new, old.key.thumbprint)


def test_who_lost_every_phone_cools_off_too(world: World) -> None:
    anna = world.account()
    old = world.phone(anna)
    world.revoke(old, old.key.thumbprint)
    phone = enrolled(world, anna, issue(world, anna))
    device = read_device(anna.id, phone.key.thumbprint)
    assert device is not None
    assert device.cool_off_until == world.now + DAY


@pytest.mark.parametrize(("for_letter", "letters", "days"), [(False, 16, QR_DAYS), (True, 10, LETTER_DAYS)])
def test_a_code_by_letter_is_shorter_and_lasts_longer(
    world: World, *, for_letter: bool, letters: int, days: int
) -> None:
    anna = world.account()
    issued = issue_enrolment_code(anna.id, issued_by=PETRA, for_letter=for_letter, now=world.now)
    assert (len(issued.code), issued.expires_at) == (letters, world.now + days * DAY)
    world.later(days * DAY - 1)
    enrolled(world, anna, issued.code)


def test_a_code_is_over_when_its_time_is(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    code = issue(world, anna)
    world.later(QR_DAYS * DAY - 10)
    registered = world.enrol(anna, phone, code)
    world.later(10)
    with pytest.raises(InvalidCredentials):
        world.enrol(anna, world.new_phone(), code)
    with pytest.raises(RegistrationExpired):
        world.verify(registered, phone)


def test_a_code_lets_one_phone_in(world: World) -> None:
    anna = world.account()
    code = issue(world, anna)
    phones = [world.new_phone() for _ in range(4)]
    waiting = [(world.enrol(anna, phone, code), phone) for phone in phones]

    def verify(registered: Registered, phone: Phone) -> str:
        try:
            return world.verify(registered, phone)
        except RegistrationExpired:
            return "out"

    answers = at_once(*[lambda one=one: verify(*one) for one in waiting])
    assert answers.count("out") == len(phones) - 1
    assert len(active(anna)) == 1
    with pytest.raises(InvalidCredentials):
        world.enrol(anna, world.new_phone(), code)


def test_a_new_code_replaces_the_one_before_even_half_way(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.enrol(anna, phone, former := issue(world, anna))
    latest = issue(world, anna)
    with pytest.raises(RegistrationExpired):
        world.verify(registered, phone)
    with pytest.raises(InvalidCredentials):
        world.enrol(anna, phone, former)
    enrolled(world, anna, latest)


@pytest.mark.parametrize("ends", ["password", "freeze"])
def test_a_new_password_and_a_freeze_end_a_code(world: World, ends: str) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.enrol(anna, phone, code := issue(world, anna))
    if ends == "password":
        change_password(anna.id, "another right password", now=world.now)
    else:
        freeze_account(anna.id, operator=PETRA, now=world.now)
    with pytest.raises(InvalidCredentials):
        world.enrol(anna, world.new_phone(), code)
    with pytest.raises(RegistrationExpired):
        world.verify(registered, phone)


def test_a_frozen_account_takes_no_new_code_either(world: World) -> None:
    anna = world.account()
    freeze_account(anna.id, operator=PETRA, now=world.now)
    with pytest.raises(InvalidCredentials):
        world.enrol(anna, world.new_phone(), issue(world, anna))


def test_a_code_is_read_as_people_type_it(world: World) -> None:
    anna = world.account()
    code = issue(world, anna, for_letter=True)
    typed = f" {grouped(code).lower().replace('0', 'o').replace('1', 'l')} "
    assert as_made(typed) == code
    enrolled(world, anna, typed)


def test_one_accounts_code_is_nothing_at_another(world: World) -> None:
    anna, bert = world.account(), world.account()
    code = issue(world, anna)
    issue(world, bert)
    with pytest.raises(InvalidCredentials):
        world.enrol(bert, world.new_phone(), code)


def test_an_unknown_name_and_a_wrong_code_cost_the_same_calls_and_say_the_same(world: World) -> None:
    anna = world.account()
    issue(world, anna)
    costs = []
    for number in (anna.number, "999999999"):
        for _ in range(2):
            # The item that counts an unknown name is made by its first attempt.
            world.aws.clear()
            with pytest.raises(InvalidCredentials):
                world.enrol(anna, world.new_phone(), "0000-0000-0000-0000", identifier=number)
        costs.append(world.aws.operations())
    assert costs[0] == costs[1]


def test_wrong_codes_are_counted_like_wrong_passwords_and_with_them(world: World) -> None:
    anna = world.account()
    code = issue(world, anna)
    for wrong in ("0" * 16, "1" * 16):
        with pytest.raises(InvalidCredentials):
            world.enrol(anna, world.new_phone(), wrong)
    for _ in range(3):
        with pytest.raises(InvalidCredentials):
            world.register(anna, world.new_phone(), password="wrong")
    with pytest.raises(TooManyAttempts):
        world.enrol(anna, world.new_phone(), code)


def test_an_address_that_guessed_at_many_accounts_hears_no_more(world: World) -> None:
    world.set(ADDRESS_FAILURES=2)
    for refusal in (InvalidCredentials, InvalidCredentials, TooManyAttempts):
        with pytest.raises(refusal):
            world.enrol(world.account(), world.new_phone(), "0" * 16)


def test_beyond_the_failures_of_an_hour_the_right_code_is_wrong(world: World) -> None:
    """By whichever of its names the account was guessed at."""
    world.set(FAILURES_PER_HOUR=2, PASSWORD_TRIES=100)
    anna = world.account(email="anna@example.org")
    code = issue(world, anna)
    for name, tried in (("anna@example.org", "0" * 16), ("anna@example.org", "1" * 16), (anna.number, code)):
        with pytest.raises(InvalidCredentials):
            world.enrol(anna, world.new_phone(), tried, identifier=name)
    world.later(3600)
    enrolled(world, anna, code)


def test_a_right_code_forgets_the_wrong_ones_before(world: World) -> None:
    anna = world.account()
    code = issue(world, anna)
    for _ in range(4):
        with pytest.raises(InvalidCredentials):
            world.enrol(anna, world.new_phone(), "0" * 16)
    enrolled(world, anna, code)
    again = issue(world, anna)
    for _ in range(4):
        with pytest.raises(InvalidCredentials):
            world.enrol(anna, world.new_phone(), "0" * 16)
    enrolled(world, anna, again)


@pytest.mark.parametrize("given", [{"password": PASSWORD, "enrolment_code": "0" * 16}, {"password": None}])
def test_a_phone_sends_a_password_or_a_code(world: World, given: dict[str, str | None]) -> None:
    anna, phone = world.account(), world.new_phone()
    request = phone.new_key_request("/v1/keys", b"{}", now=world.now)
    with pytest.raises(InvalidRequest):
        start(world, anna, phone, request, **given)


def test_an_account_full_of_devices_takes_none_by_a_code(world: World) -> None:
    world.set(DEVICES_PER_ACCOUNT=1)
    anna = world.account()
    world.phone(anna)
    with pytest.raises(DeviceLimitReached):
        world.enrol(anna, world.new_phone(), issue(world, anna))


def test_the_same_request_come_twice_is_one_registration(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    code = issue(world, anna)
    request = phone.new_key_request("/v1/keys", b"{}", now=world.now)
    ask = {"password": None, "enrolment_code": code}
    first, second = (start(world, anna, phone, request, **ask) for _ in range(2))
    assert first == second


def test_with_two_operators_a_code_counts_once_another_one_confirmed_it(world: World) -> None:
    anna = world.account()
    issued = issue_enrolment_code(anna.id, issued_by=PETRA, two_operators=True, now=world.now)
    assert not issued.is_confirmed
    with pytest.raises(InvalidCredentials):
        world.enrol(anna, world.new_phone(), issued.code)
    with pytest.raises(SameOperator):
        confirm_issued_code(anna.id, code_id(anna), confirmed_by=PETRA, now=world.now)
    for _ in range(2):
        assert confirm_issued_code(anna.id, code_id(anna), confirmed_by=OTTO, now=world.now) == issued.expires_at
    enrolled(world, anna, issued.code)


def test_where_the_stack_demands_two_operators_one_alone_lets_nobody_in(world: World) -> None:
    world.set(ENROLMENT_CODE_OPERATORS=2)
    anna, bert = world.account(), world.account()
    with pytest.raises(InvalidCredentials):
        world.enrol(anna, world.new_phone(), issue(world, anna))
    code = issue(world, anna, two_operators=True)
    confirm_issued_code(anna.id, code_id(anna), confirmed_by=OTTO, now=world.now)
    enrolled(world, anna, code)
    enrolled(world, bert, issue_enrolment_code(bert.id, issued_by="client:shop", now=world.now).code)


def test_a_second_operator_confirms_the_code_that_was_shown_and_no_other(world: World) -> None:
    anna = world.account()
    issue_enrolment_code(anna.id, issued_by=PETRA, two_operators=True, now=world.now)
    shown = code_id(anna)
    replaced = issue_enrolment_code(anna.id, issued_by="mallory", two_operators=True, now=world.now)
    with pytest.raises(EnrolmentCodeGone):
        confirm_issued_code(anna.id, shown, confirmed_by=OTTO, now=world.now)
    with pytest.raises(InvalidCredentials):
        world.enrol(anna, world.new_phone(), replaced.code)


@pytest.mark.parametrize("state", ["none", "open", "late", "ended"])
def test_what_waits_for_no_second_operator_cannot_be_confirmed(world: World, state: str) -> None:
    anna = world.account()
    if state != "none":
        issue(world, anna, two_operators=state != "open")
    if state == "late":
        world.later(QR_DAYS * DAY)
    if state == "ended":
        change_password(anna.id, "another right password", now=world.now)
    with pytest.raises(EnrolmentCodeGone):
        confirm_issued_code(anna.id, code_id(anna), confirmed_by=OTTO, now=world.now)


def test_operators_issue_no_code_for_nobody(world: World) -> None:
    with pytest.raises(AccountNotFound):
        issue_enrolment_code("nobody", issued_by=PETRA, now=world.now)


def test_an_issue_and_a_confirmation_stand_whatever_else_goes_on(world: World) -> None:
    """The account's audit log moved on meanwhile: both look again."""
    anna = world.account()
    world.aws.before("TransactWriteItems", lambda: change_password(anna.id, "another right password", now=world.now))
    code = issue(world, anna, two_operators=True)
    world.aws.before("TransactWriteItems", lambda: change_email(anna.id, "anna@example.test", now=world.now))
    confirm_issued_code(anna.id, code_id(anna), confirmed_by=OTTO, now=world.now)
    enrolled(world, anna, code)


def test_a_confirmation_does_not_pass_to_the_code_that_comes_meanwhile(world: World) -> None:
    anna = world.account()
    issue(world, anna, two_operators=True)
    later: list[str] = []
    world.aws.before("TransactWriteItems", lambda: later.append(issue(world, anna, two_operators=True)))
    with pytest.raises(EnrolmentCodeGone):
        confirm_issued_code(anna.id, code_id(anna), confirmed_by=OTTO, now=world.now)
    with pytest.raises(InvalidCredentials):
        world.enrol(anna, world.new_phone(), *later)


def test_both_operators_are_on_record_and_the_owner_reads_by_the_operator(world: World) -> None:
    anna = world.account()
    issued = issue_enrolment_code(anna.id, issued_by=PETRA, two_operators=True, now=world.now)
    confirm_issued_code(anna.id, code_id(anna), confirmed_by=OTTO, now=world.now)
    phone = enrolled(world, anna, issued.code)
    events = world.events(phone)["events"]
    assert {one["type"]: (one["by"], one["detail"]) for one in events} == {
        "enrolment_code_issued": ("operator", None),
        "enrolment_code_confirmed": ("operator", None),
        "enrolment_code_used": (None, None),
        "device_registered": (None, None),
    }


def test_the_table_keeps_no_code(world: World) -> None:
    anna = world.account()
    code = issue(world, anna)
    row = next(EnrolmentCodeRow.query(anna.id, EnrolmentCodeRow.sk.startswith("SECRET#")))
    kept = str(row.to_simple_dict())
    assert code not in kept
    assert grouped(code) not in kept


def test_a_code_that_somebody_wrote_into_the_table_is_none(world: World) -> None:
    anna = world.account()
    issue(world, anna)
    row = next(EnrolmentCodeRow.query(anna.id, EnrolmentCodeRow.sk.startswith("SECRET#")))
    row.expires_at = world.now + 1000 * DAY
    row.save()
    assert read_enrolment_code(anna.id) is None
