"""Who confirms or asks for a code finds the registration changed: each conditional write, met by a stale object."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from smartident.accounts.account import Account, read_account
from smartident.devices.device import ApprovalKey, DeviceRow
from smartident.devices.registration import Registration, RegistrationRow, read_registration
from smartident.devices.sms_verification import (
    claim_resend,
    count_code_attempt,
    give_send_back,
    verify,
)
from smartident.errors import (
    CodeExhausted,
    RegistrationExpired,
    ServiceUnavailable,
    TooManyAttempts,
)
from smartident.rate_limiting.counters import (
    CounterRow,
    RateLimit,
    lower_limit,
)
from smartident.storage.table import DAY, Conflict
from tests.support.world import NOW, Phone, World

if TYPE_CHECKING:
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

    def devices(self) -> list[DeviceRow]:
        return list(DeviceRow.query(self.stale.account_id, DeviceRow.sk.startswith("DEVICE#")))


@pytest.fixture
def confirming(world: World) -> Confirming:
    phone = world.new_phone()
    registered = world.register(world.account(), phone)
    stale = read_registration(registered.registration_id, thumbprint=phone.key.thumbprint)
    return Confirming(world, phone, registered, stale, world.sms.code())


def test_a_try_finds_the_time_over(confirming: Confirming) -> None:
    with pytest.raises(RegistrationExpired):
        count_code_attempt(confirming.stale, now=NOW + 300)
    assert confirming.now_read().tries == 0


def test_a_try_finds_no_tries_left(confirming: Confirming) -> None:
    for _ in range(3):
        count_code_attempt(confirming.stale, now=NOW)
    with pytest.raises(CodeExhausted):
        count_code_attempt(confirming.stale, now=NOW)
    assert confirming.now_read().tries == 3


def test_a_confirmation_finds_another_code_sent(confirming: Confirming) -> None:
    confirming.world.later(30)
    confirming.world.resend(confirming.registered, confirming.phone)
    with pytest.raises(Conflict):
        verify(confirming.stale, KEY, account=confirming.account(), now=NOW + 30)
    assert confirming.devices() == []


def test_a_confirmation_finds_the_time_over(confirming: Confirming) -> None:
    with pytest.raises(Conflict):
        verify(confirming.stale, KEY, account=confirming.account(), now=NOW + 300)
    assert confirming.devices() == []


def test_a_confirmation_finds_itself_done_and_its_phone_revoked(confirming: Confirming) -> None:
    world, phone = confirming.world, confirming.phone
    world.verify(confirming.registered, phone)
    world.revoke(phone, phone.key.thumbprint)
    with pytest.raises(Conflict):
        verify(confirming.stale, KEY, account=confirming.account(), now=NOW)
    (row,) = confirming.devices()
    assert row.state == "revoked"


def test_another_registration_of_the_same_key_finds_the_device(confirming: Confirming) -> None:
    world, phone = confirming.world, confirming.phone
    world.verify(confirming.registered, phone)
    (before,) = confirming.devices()
    other = replace(confirming.stale, id=second_row(confirming))
    with pytest.raises(Conflict):
        verify(other, KEY, account=confirming.account(), now=NOW)
    (after,) = confirming.devices()
    assert after.approval_key == before.approval_key


def second_row(confirming: Confirming) -> str:
    """The id of a twin of the registration that still waits."""
    account_id, _, part = confirming.stale.id.partition(".")
    row = RegistrationRow.get(account_id, f"REGISTRATION#{part}")
    row.sk, row.state = "REGISTRATION#twin", "pending"
    row.save()
    return f"{account_id}.twin"


def test_a_confirmation_finds_no_room(confirming: Confirming) -> None:
    confirming.world.set(DEVICES_PER_ACCOUNT=0)
    with pytest.raises(Conflict):
        verify(confirming.stale, KEY, account=confirming.account(), now=NOW)
    assert confirming.devices() == []
    assert confirming.now_read().state == "pending"


@pytest.mark.parametrize("times", [1, 7, 8])
def test_a_confirmation_outrun_too_often_asks_to_come_back(confirming: Confirming, times: int) -> None:
    world = confirming.world
    world.aws.fails("TransactWriteItems", "TransactionCanceledException", times=times, reason="ConditionalCheckFailed")
    if times < 8:
        assert world.verify(confirming.registered, confirming.phone) == confirming.phone.key.thumbprint
        return
    with pytest.raises(ServiceUnavailable) as refused:
        world.verify(confirming.registered, confirming.phone)
    assert refused.value.details == {"retry_after": 1}
    assert world.verify(confirming.registered, confirming.phone) == confirming.phone.key.thumbprint


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"state": "verified"}, RegistrationExpired),
        ({"expires_at": NOW + 30}, RegistrationExpired),
        ({"tries": 3}, CodeExhausted),
        ({"sends": 3}, TooManyAttempts),
        ({"resend_at": NOW + 31}, TooManyAttempts),
    ],
    ids=["confirmed", "over", "exhausted", "sent often enough", "sent just now"],
)
def test_a_resend_finds_the_registration_otherwise(
    confirming: Confirming, changes: dict[str, object], refusal: type[Exception]
) -> None:
    account_id, _, part = confirming.stale.id.partition(".")
    row = RegistrationRow.get(account_id, f"REGISTRATION#{part}")
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
    with pytest.raises(refusal):
        claim_resend(confirming.stale, request="another", now=NOW + 30)
    assert confirming.now_read().last_send == confirming.stale.last_send


def test_two_same_resends_are_one(confirming: Confirming) -> None:
    _, code = claim_resend(confirming.stale, request="again", now=NOW + 30)
    _, none = claim_resend(confirming.stale, request="again", now=NOW + 30)
    assert code is not None
    assert none is None


def test_a_failed_send_gives_back_only_its_own(confirming: Confirming) -> None:
    claim_resend(confirming.stale, request="another", now=NOW + 30)
    give_send_back(confirming.stale, now=NOW + 31)
    assert (confirming.now_read().sends, confirming.now_read().resend_at) == (2, NOW + 60)


def test_a_daily_limit_is_met_exactly_and_given_back_to_nobody(world: World) -> None:
    limit = RateLimit("thing", "x", max=2)
    for _ in range(2):
        limit.count_one(now=NOW)
    with pytest.raises(TooManyAttempts):
        limit.count_one(now=NOW)
    for _ in range(3):
        limit.give_back(now=NOW)
    row = CounterRow.get("LIMIT#thing#x", str(NOW // DAY))
    assert row.times == 0
    lower_limit(RateLimit("thing", "y", max=2), now=NOW)
    assert CounterRow.count("LIMIT#thing#y") == 0
