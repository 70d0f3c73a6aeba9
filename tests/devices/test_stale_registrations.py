"""Who confirms or asks for a code finds the registration changed: each conditional write, met by a stale object."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import pytest

from smartident.accounts.account import Account, read_account
from smartident.accounts.account_change import change_of
from smartident.devices.device import ApprovalKey
from smartident.devices.registration import Registration, RegistrationRow, read_registration
from smartident.devices.sms_sending import claim_resend, give_send_back, mark_sent
from smartident.devices.sms_verification import count_code_attempt, verify
from smartident.errors import (
    CodeExhausted,
    CodeWrong,
    Refusal,
    RegistrationExpired,
    RegistrationNotFound,
    ServiceUnavailable,
    TooManyAttempts,
)
from smartident.rate_limiting.counters import CounterRow, RateLimit
from smartident.storage import writes
from smartident.storage.operations import Again
from smartident.storage.table import DAY
from tests.support.enrolment import devices, other_code
from tests.support.grants import grant
from tests.support.rivals import outrun
from tests.support.world import NOW, Phone, World

if TYPE_CHECKING:
    from smartident.devices.device import Device
    from smartident_client.answers import Registration as Registered

KEY = ApprovalKey("jwk", "{}")


@dataclass
class Confirming:
    """A registration as it was read before anything else happened to it."""

    world: World
    phone: Phone
    registered: Registered
    stale: Registration
    code: str

    def now_read(self) -> Registration:
        return read_registration(self.stale.id, thumbprint=self.phone.key.thumbprint)

    def account(self) -> Account:
        account = read_account(self.stale.account_id)
        assert account is not None
        return account

    def row(self) -> RegistrationRow:
        account_id, _, part = self.stale.id.partition(".")
        return RegistrationRow.get(account_id, f"REGISTRATION#{part}", consistent_read=True)

    def count(self, code: str | None = None, *, now: int = NOW) -> int:
        """How many tries are counted with this one, by who has read nothing since."""
        return count_code_attempt(self.stale, code or self.code, now=now).code_attempts

    def verify(self, stale: Registration | None = None, *, now: int = NOW) -> Device | Again[None]:
        """Confirm it, by who has read nothing of it since."""
        return verify(stale or self.stale, KEY, account=self.account(), now=now)

    def devices(self) -> list[str]:
        return [row.state for row in devices(self.stale.account_id)]


@pytest.fixture
def confirming(world: World) -> Confirming:
    phone = world.new_phone()
    registered = world.register(world.account(), phone)
    stale = read_registration(registered.registration_id, thumbprint=phone.key.thumbprint)
    return Confirming(world, phone, registered, stale, world.sms.code())


# A try of a code


def test_a_try_finds_the_time_over(confirming: Confirming) -> None:
    with pytest.raises(RegistrationExpired):
        confirming.count(now=NOW + 300)
    assert confirming.now_read().code_attempts == 0


def test_a_try_finds_no_tries_left(confirming: Confirming) -> None:
    assert [confirming.count(code) for code in ("000001", "000002", "000003")] == [1, 2, 3]
    with pytest.raises(CodeExhausted) as refused:
        confirming.count("000004")
    assert refused.value.details == {"attempts_left": 0}
    assert confirming.now_read().code_attempts == 3


def test_a_code_that_was_tried_before_is_the_same_try(confirming: Confirming) -> None:
    for code in ("000001", "000001", "000002", "000001"):
        confirming.count(code)
    assert confirming.now_read().code_attempts == 2
    confirming.count("000003")
    assert [confirming.count(code) for code in ("000001", "000002", "000003")] == [3, 3, 3]


def test_a_try_finds_the_registration_confirmed_and_counts_nothing(confirming: Confirming) -> None:
    confirming.world.verify(confirming.registered, confirming.phone)
    assert confirming.count(other_code(confirming.code)) == 1
    assert confirming.now_read().code_attempts == 1


def test_a_try_finds_the_registration_gone(confirming: Confirming) -> None:
    confirming.row().delete()
    with pytest.raises(RegistrationNotFound):
        confirming.count()


def test_a_try_finds_the_registration_of_another_key(confirming: Confirming) -> None:
    row = confirming.row()
    row.thumbprint, row.state = "another", "verified"
    grant(row).save()
    with pytest.raises(RegistrationNotFound):
        confirming.count()


# A confirmation


@pytest.mark.parametrize(("tried", "refusal"), [(1, CodeWrong), (3, CodeExhausted)])
def test_a_confirmation_finds_another_code_sent(confirming: Confirming, tried: int, refusal: type[Refusal]) -> None:
    """It was right when it was looked at, and is answered as it would be now."""
    code = confirming.code
    for _ in range(tried):
        confirming.count(code)
        code = other_code(code)
    row = confirming.row()
    row.code_number = 2
    grant(row).save()
    with pytest.raises(refusal) as refused:
        confirming.verify()
    assert refused.value.details == {"attempts_left": 3 - tried}
    assert confirming.devices() == []


def test_a_confirmation_finds_the_same_code_sent_once_more(confirming: Confirming) -> None:
    row = confirming.row()
    row.expires_at += 30
    grant(row).save()
    assert confirming.verify() != Again(None)
    assert confirming.now_read().state == "verified"


def test_a_confirmation_finds_the_registration_gone(confirming: Confirming) -> None:
    confirming.row().delete()
    with pytest.raises(RegistrationNotFound):
        confirming.verify()
    assert confirming.devices() == []


def test_a_confirmation_finds_the_time_over(confirming: Confirming) -> None:
    assert confirming.verify(now=NOW + 300) == Again(None)
    assert confirming.devices() == []


def test_a_confirmation_finds_itself_done_and_its_phone_revoked(confirming: Confirming) -> None:
    world, phone = confirming.world, confirming.phone
    world.verify(confirming.registered, phone)
    world.revoke(phone, phone.key.thumbprint)
    assert confirming.verify() == Again(None)
    assert confirming.devices() == ["revoked"]


def test_another_registration_of_the_same_key_finds_the_device(confirming: Confirming) -> None:
    confirming.world.verify(confirming.registered, confirming.phone)
    (before,) = devices(confirming.stale.account_id)
    assert confirming.verify(replace(confirming.stale, id=second_row(confirming))) == Again(None)
    (after,) = devices(confirming.stale.account_id)
    assert after.approval_key == before.approval_key


def second_row(confirming: Confirming) -> str:
    """The id of a twin of the registration that still waits."""
    row = confirming.row()
    row.sk, row.state = "REGISTRATION#twin", "pending"
    grant(row).save()
    return f"{row.pk}.twin"


def test_a_confirmation_finds_no_room(confirming: Confirming) -> None:
    confirming.world.set(DEVICES_PER_ACCOUNT=0)
    assert confirming.verify() == Again(None)
    assert confirming.devices() == []
    assert confirming.now_read().state == "pending"


def test_a_confirmation_finds_that_the_account_went_on(confirming: Confirming) -> None:
    stale = confirming.account()
    move_the_log(stale.id)
    assert verify(confirming.stale, KEY, account=stale, now=NOW) == Again(None)
    assert confirming.devices() == []


def move_the_log(account_id: str) -> None:
    """Something else about the account goes on record."""
    account = read_account(account_id)
    assert account is not None
    change = change_of(account)
    change.record("device_renamed", now=NOW)
    writes.write(*change.operations(), on_conflict=lambda conflict: pytest.fail(str(conflict)))


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_confirmation_outrun_too_often_asks_to_come_back(confirming: Confirming, times: int) -> None:
    world = confirming.world
    world.monkeypatch.setattr(writes, "MAX_CONFLICT_RETRIES", 3)
    outrun(world.aws, "TransactWriteItems", partial(move_the_log, confirming.stale.account_id), times=times)
    if times == 3:
        with pytest.raises(ServiceUnavailable) as refused:
            world.verify(confirming.registered, confirming.phone)
        assert refused.value.details == {"retry_after": 1}
        assert confirming.devices() == []
    assert world.verify(confirming.registered, confirming.phone) == confirming.phone.key.thumbprint
    assert confirming.devices() == ["active"]


# Another code


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"state": "verified"}, RegistrationExpired),
        ({"expires_at": NOW + 30}, RegistrationExpired),
        ({"code_attempts": {"a", "b", "c"}}, CodeExhausted),
        ({"sends": 3}, TooManyAttempts),
        ({"resend_at": NOW + 31}, TooManyAttempts),
    ],
    ids=["confirmed", "over", "exhausted", "sent often enough", "sent just now"],
)
def test_a_resend_finds_the_registration_otherwise(
    confirming: Confirming, changes: dict[str, object], refusal: type[Exception]
) -> None:
    row = confirming.row()
    for name, value in changes.items():
        setattr(row, name, value)
    grant(row).save()
    with pytest.raises(refusal):
        claim_resend(confirming.stale, request="another", now=NOW + 30)
    assert confirming.now_read().last_send == confirming.stale.last_send


def test_a_resend_finds_the_registration_gone(confirming: Confirming) -> None:
    confirming.row().delete()
    with pytest.raises(RegistrationNotFound):
        claim_resend(confirming.stale, request="another", now=NOW + 30)


def test_two_same_resends_are_one(confirming: Confirming) -> None:
    first, is_due = claim_resend(confirming.stale, request="again", now=NOW + 30)
    with pytest.raises(TooManyAttempts):
        # Nobody knows yet whether the first goes out.
        claim_resend(confirming.stale, request="again", now=NOW + 30)
    first = mark_sent(first)
    second, is_due_again = claim_resend(confirming.stale, request="again", now=NOW + 30)
    assert (is_due, is_due_again) == (True, False)
    assert first == second
    third, is_due = claim_resend(first, request="again", now=NOW + 30)
    assert (third, is_due) == (first, False)


def test_of_two_other_resends_one_is_sent(confirming: Confirming) -> None:
    claim_resend(confirming.stale, request="one", now=NOW + 30)
    with pytest.raises(TooManyAttempts) as refused:
        claim_resend(confirming.stale, request="other", now=NOW + 30)
    assert refused.value.details == {"retry_after": 30}
    assert (confirming.now_read().sends, confirming.now_read().code_number) == (2, 2)


def test_a_failed_send_gives_back_only_its_own(confirming: Confirming) -> None:
    claim_resend(confirming.stale, request="another", now=NOW + 30)
    give_send_back(confirming.stale, now=NOW + 31)
    assert (confirming.now_read().sends, confirming.now_read().resend_at) == (2, NOW + 60)


def test_a_failed_send_is_given_back_once(confirming: Confirming) -> None:
    for _ in range(2):
        give_send_back(confirming.stale, now=NOW + 1)
    now = confirming.now_read()
    assert (now.sends, now.resend_at, now.last_send) == (0, NOW + 1, "")


def test_a_daily_limit_is_met_exactly_and_given_back_to_nobody(world: World) -> None:
    limit = RateLimit("thing", "x", max=2)
    assert [limit.count_one(now=NOW) for _ in range(2)] == [1, 2]
    with pytest.raises(TooManyAttempts):
        limit.count_one(now=NOW)
    for _ in range(3):
        limit.give_back(now=NOW)
    assert CounterRow.get("LIMIT#thing#x", str(NOW // DAY)).times == 0
    RateLimit("thing", "y", max=2).give_back(now=NOW)
    assert CounterRow.count("LIMIT#thing#y") == 0
