"""Many confirmations and codes at the same moment, in real threads: what happens once happens once."""

from __future__ import annotations

from functools import partial

import pytest

from register_key.step import resend_code
from smartident.accounts.item.row import AccountRow
from smartident.errors import CodeWrong
from tests.support.concurrency import at_once, codes
from tests.support.enrolment import devices, other_code, registrations, start
from tests.support.log_lines import logged
from tests.support.world import World


def test_twenty_confirmations_make_one_device(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    with logged() as log:
        answers = at_once(*[partial(world.verify, registered, phone)] * 20)
    assert answers == [phone.key.thumbprint] * 20
    assert [line["event"] for line in log.lines("event")] == ["device_registered"]
    assert len(devices(anna.id)) == 1
    assert AccountRow.get(anna.id, "ACCOUNT").active_devices == 1


def test_three_codes_are_looked_at(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    right = int(world.sms.code())
    wrong = [f"{(right + other) % 1_000_000:06d}" for other in range(1, 21)]
    answers = codes(at_once(*[partial(world.verify, registered, phone, code) for code in wrong]))
    assert (answers.count("code_wrong"), answers.count("code_exhausted")) == (2, 18)
    (row,) = registrations(anna)
    assert len(row.code_attempts or ()) == 3
    assert len(AccountRow.get(anna.id, "ACCOUNT").wrong_sms_codes or ()) == 3


def test_a_wrong_code_sent_many_times_at_once_is_one_try(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    answers = at_once(*[partial(world.verify, registered, phone, other_code(world.sms.code()))] * 20)
    assert [answer.details for answer in answers if isinstance(answer, CodeWrong)] == [{"attempts_left": 2}] * 20
    assert len(AccountRow.get(anna.id, "ACCOUNT").wrong_sms_codes or ()) == 1
    assert world.verify(registered, phone) == phone.key.thumbprint


def test_the_last_place_for_a_device_is_taken_once(world: World) -> None:
    world.set(DEVICES_PER_ACCOUNT=1)
    anna, calls = world.account(), []
    for _ in range(5):
        phone = world.new_phone()
        registered = world.register(anna, phone)
        calls.append(partial(world.verify, registered, phone, world.sms.code()))
    answers = codes(at_once(*calls))
    assert (answers.count("ok"), answers.count("device_limit_reached")) == (1, 4)


@pytest.mark.parametrize("again", range(5))
def test_a_new_code_or_the_old_one_counts_never_both(world: World, again: int) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    world.later(30)
    resend = partial(world.resend, registered, phone)
    verify = partial(world.verify, registered, phone, world.sms.code())
    verified, resent = codes(at_once(verify, resend))
    assert (verified, resent) in {("ok", "registration_expired"), ("code_wrong", "ok")}
    assert len(devices(anna.id)) == (1 if verified == "ok" else 0)
    assert len(world.sms) == (2 if resent == "ok" else 1)


def test_the_same_registration_at_once_is_one_sms(world: World) -> None:
    anna, phone = world.account(), world.new_phone()
    world.set(PASSWORD_TRIES=50)
    request = phone.new_key_request("/v1/keys", b"{}", now=world.now)
    answers = codes(at_once(*[partial(start, world, anna, phone, request)] * 20))
    # Who comes while the SMS is on its way to SNS is told to come again: nobody knows yet whether it goes out.
    assert "ok" in answers
    assert set(answers) <= {"ok", "too_many_attempts"}
    assert start(world, anna, phone, request).is_sent
    assert len(world.sms) == 1


@pytest.mark.parametrize("same", [True, False], ids=["one request", "many requests"])
def test_resends_at_once_are_one_sms(world: World, *, same: bool) -> None:
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    world.later(30)
    requests = [phone.new_key_request("/x", now=world.now) for _ in range(20)]
    calls = [
        partial(
            resend_code,
            registered.registration_id,
            request=requests[0] if same else request,
            sms=world.sms,
            now=world.now,
        )
        for request in requests
    ]
    answers = codes(at_once(*calls))
    assert len(world.sms) == 2
    assert answers.count("ok") >= 1 if same else answers.count("ok") == 1


def test_a_days_sms_are_counted_exactly(world: World) -> None:
    world.set(PASSWORD_TRIES=50)
    anna, phone = world.account(), world.new_phone()
    answers = codes(at_once(*[partial(world.register, anna, phone)] * 20))
    assert (answers.count("ok"), answers.count("too_many_attempts")) == (5, 15)
    assert len(world.sms) == 5
