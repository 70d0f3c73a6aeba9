"""What an operator sets anew: it holds at once, stands in the history, and ends what was begun with the old."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from smartident.accounts.account import AccountNotFound
from smartident.accounts.item.row import AccountRow
from smartident.accounts.names import find_accounts
from smartident.accounts.password_attempts import begin_attempt
from smartident.admin.change import change_email, change_password, change_phone
from smartident.errors import (
    InvalidCredentials,
    LoginDenied,
    RegistrationExpired,
    ServiceUnavailable,
    TooManyAttempts,
)
from smartident.passwords.hashing import hash_password
from tests.support.world import ELSEWHERE, HOME, PASSWORD, TABLE, World

NEW = "Fuenf-Zebras-99"
NUMBER = "+491709998877"
MAIL, OTHER_MAIL = "anna@example.test", "anna.neu@example.test"


def history(world: World, phone: Any) -> list[str]:
    return [event["type"] for event in world.events(phone)["events"] if event["type"].endswith("_changed")]


# A new password


def test_a_new_password_opens_and_the_old_one_does_not(world: World) -> None:
    anna = world.account()
    phone = world.phone(anna)
    change_password(anna.id, NEW, now=world.now)
    assert world.start(anna, password=NEW).login.state == "pending"
    with pytest.raises(InvalidCredentials):
        world.start(anna)
    assert history(world, phone) == ["password_changed"]


def test_logins_begun_with_the_old_password_end(world: World) -> None:
    anna = world.account()
    phone = world.phone(anna)
    waiting, approved = world.start(anna), world.start(anna)
    world.approve(phone, approved)
    change_password(anna.id, NEW, now=world.now)
    assert world.listed(phone) == []
    for started in (waiting, approved):
        with pytest.raises(LoginDenied):
            world.complete(started)


def test_who_is_logged_in_already_is_left_alone(world: World) -> None:
    anna = world.account(two_factor=False)
    started = world.start(anna)
    first = world.complete(started)
    change_password(anna.id, NEW, now=world.now)
    assert world.complete(started).keys() == first.keys()


def test_a_phone_that_was_being_registered_with_the_old_password_is_not(world: World) -> None:
    anna = world.account()
    thief = world.new_phone()
    registered = world.register(anna, thief)
    change_password(anna.id, NEW, now=world.now)
    with pytest.raises(RegistrationExpired):
        world.verify(registered, thief)


def test_a_password_set_anew_while_the_old_one_is_checked_opens_nothing(world: World) -> None:
    anna = world.account()
    phone = world.phone(anna)
    world.aws.before("TransactWriteItems", lambda: change_password(anna.id, "Neun-Hasen-17", now=world.now))
    with pytest.raises(ServiceUnavailable) as refused:
        world.start(anna)
    assert refused.value.details == {"retry_after": 1}
    assert world.listed(phone) == []


@pytest.mark.parametrize(("place", "client_address"), [("TransactWriteItems", ELSEWHERE), ("UpdateItem", HOME)])
def test_a_password_set_anew_while_the_old_one_is_checked_registers_nothing(
    world: World, place: str, client_address: str
) -> None:
    """From a new place and from a known one, which clear their tries in different ways."""
    anna = world.account()
    world.phone(anna)
    sent = len(world.sms)
    after = 1 if place == "UpdateItem" else 0
    world.aws.before(place, lambda: change_password(anna.id, "Neun-Hasen-17", now=world.now), after=after)
    with pytest.raises(ServiceUnavailable):
        world.register(anna, world.new_phone(), client_address=client_address)
    assert len(world.sms) == sent


def test_a_new_password_forgives_no_client_address(world: World) -> None:
    jonas = world.account(two_factor=False)
    for _ in range(5):
        with pytest.raises(InvalidCredentials):
            world.start(jonas, password="falsch", client_address=ELSEWHERE)
    change_password(jonas.id, NEW, now=world.now)
    with pytest.raises(TooManyAttempts):
        world.start(jonas, password=NEW, client_address=ELSEWHERE)
    assert world.start(jonas, password=NEW).login.state == "approved"


@pytest.mark.parametrize("meanwhile", ["a login begins", "a login is completed", "a phone is verified"])
def test_what_goes_on_meanwhile_is_not_overlooked(world: World, meanwhile: str) -> None:
    world.set(PENDING_LOGINS=9, UNANSWERED_LOGINS=9)
    anna = world.account()
    phone, newcomer = world.phone(anna), world.new_phone()
    started, registered = world.start(anna), world.register(anna, newcomer)
    world.approve(phone, started)
    world.let_in(phone, registered)
    happens = {
        "a login begins": lambda: world.start(anna),
        "a login is completed": lambda: world.complete(started),
        "a phone is verified": lambda: world.verify(registered, newcomer),
    }
    world.aws.before("TransactWriteItems", happens[meanwhile])
    change_password(anna.id, NEW, now=world.now)
    assert world.listed(phone) == []
    assert history(world, phone) == ["password_changed"]
    with pytest.raises(InvalidCredentials):
        world.start(anna)
    assert world.start(anna, password=NEW).login.state == "pending"


# A new phone number


def test_sms_go_to_the_new_number_and_the_devices_read_of_it(world: World) -> None:
    anna = world.account()
    phone = world.phone(anna)
    change_phone(anna.id, NUMBER, now=world.now)
    assert history(world, phone) == ["phone_changed"]
    world.revoke(phone, phone.key.thumbprint)
    world.phone(anna)
    assert world.sms.sent[-1][0] == NUMBER


def test_a_code_that_went_to_the_old_number_registers_nobody(world: World) -> None:
    anna = world.account()
    thief = world.new_phone()
    registered = world.register(anna, thief)
    change_phone(anna.id, NUMBER, now=world.now)
    with pytest.raises(RegistrationExpired):
        world.verify(registered, thief)
    world.later(60)
    with pytest.raises(RegistrationExpired):
        world.resend(registered, thief)


def test_a_phone_verified_while_the_number_changes_is_not_overlooked(world: World) -> None:
    anna = world.account()
    newcomer = world.new_phone()
    registered = world.register(anna, newcomer)
    world.aws.before("TransactWriteItems", lambda: world.verify(registered, newcomer))
    change_phone(anna.id, NUMBER, now=world.now)
    assert history(world, newcomer) == ["phone_changed"]


# A new e-mail


@pytest.mark.parametrize(("before", "after"), [(MAIL, OTHER_MAIL), (None, MAIL), (MAIL, None)])
def test_the_account_is_found_by_its_new_e_mail_alone(world: World, before: str | None, after: str | None) -> None:
    anna = world.account(email=before)
    neighbour = world.account(email=MAIL)
    phone = world.phone(anna)
    change_email(anna.id, after, now=world.now)
    owners = [(anna, after), (neighbour, MAIL)]
    for mail in (MAIL, OTHER_MAIL):
        assert set(find_accounts(mail)) == {one.id for one, found_by in owners if found_by == mail}
    assert AccountRow.get(anna.id, "ACCOUNT").email == after
    assert history(world, phone) == ["email_changed"]


@pytest.mark.parametrize("before", [MAIL, None])
def test_of_two_changes_at_once_both_are_on_record_and_the_later_stands_whole(world: World, before: str | None) -> None:
    anna = world.account(email=before)
    phone = world.phone(anna)
    world.aws.before("TransactWriteItems", lambda: change_email(anna.id, OTHER_MAIL, now=world.now))
    change_email(anna.id, "dritte@example.test", now=world.now)
    assert find_accounts("dritte@example.test") == [anna.id]
    assert find_accounts(OTHER_MAIL) == find_accounts(MAIL) == []
    assert history(world, phone) == ["email_changed", "email_changed"]


# Everybody


def test_what_is_so_already_is_no_event(world: World) -> None:
    anna = world.account(email=MAIL, phone=NUMBER)
    phone = world.phone(anna)
    change_phone(anna.id, NUMBER, now=world.now)
    change_email(anna.id, MAIL, now=world.now)
    assert history(world, phone) == []


@pytest.mark.parametrize("gone", ["never there", "erased meanwhile"])
def test_of_nobody_nothing_is_changed(world: World, gone: str) -> None:
    changes: list[Any] = [
        lambda account_id: change_password(account_id, NEW, now=world.now),
        lambda account_id: change_phone(account_id, NUMBER, now=world.now),
        lambda account_id: change_email(account_id, OTHER_MAIL, now=world.now),
    ]
    for change in changes:
        account_id = "nobody"
        if gone == "erased meanwhile":
            account_id = world.account().id
            world.aws.before("TransactWriteItems", AccountRow(account_id, "ACCOUNT").delete)
        with pytest.raises(AccountNotFound):
            change(account_id)
    kinds = {row["kind"]["S"] for row in boto3.client("dynamodb").scan(TableName=TABLE)["Items"]}
    assert kinds <= {"number"}


def test_a_hash_renewed_while_an_operator_changes_the_account_spoils_neither(world: World) -> None:
    anna = world.account(two_factor=False)
    attempt = begin_attempt(anna.number, HOME, now=world.now)
    world.aws.before("TransactWriteItems", lambda: attempt.replace_hash(hash_password(PASSWORD)))
    change_phone(anna.id, "+491709998877", now=world.now)
    assert world.start(anna).login.state == "approved"


def test_an_account_changed_while_a_login_renews_its_hash_is_spoiled_by_neither(world: World) -> None:
    anna = world.account(two_factor=False)
    attempt = begin_attempt(anna.number, HOME, now=world.now)
    change_phone(anna.id, "+491709998877", now=world.now)
    attempt.replace_hash(hash_password(PASSWORD))
    assert world.start(anna).login.state == "approved"
