"""Random interleavings of password, SMS, resend, decision, race and expiry: only what the old phone signed gets in."""

from __future__ import annotations

import os
import random
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from smartident.errors import Refusal, RegistrationWaiting
from smartident.statements.new_device import DELAYED_DEVICE
from tests.support.enrolment import active, finish
from tests.support.scenarios import CHANGED_MY_MIND, NOT_ME
from tests.support.world import ELSEWHERE, World

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident_client.answers import Registration
    from tests.support.world import Phone

DELAY = 48 * 3600
RUNS = int(os.environ.get("PAIRING_RUNS", "300"))


@dataclass
class Robbery:
    """Somebody with password and SIM, the phones that she began with, and those that the old phone signed for."""

    world: World
    anna: Account
    old: Phone
    chance: random.Random
    may_wait: bool = False
    begun: list[tuple[Registration, Phone]] = field(default_factory=list)
    signed: set[str] = field(default_factory=set)
    stopped: set[str] = field(default_factory=set)
    waits_since: dict[str, int] = field(default_factory=dict)

    def register(self) -> None:
        phone = self.world.new_phone()
        self.begun.append((self.world.register(self.anna, phone, client_address=ELSEWHERE), phone))

    def any(self) -> tuple[Registration, Phone]:
        return self.chance.choice(self.begun)

    def verify(self) -> None:
        registered, phone = self.any()
        finish(self.world, registered, phone, self.world.confirmation(registered, phone, None))

    def verify_with_a_code(self) -> None:
        registered, phone = self.any()
        code = self.chance.choice([text[:6] for _, text in self.world.sms.sent])
        stopped, name = registered.registration_id in self.stopped, phone.key.thumbprint
        try:
            finish(self.world, registered, phone, self.world.confirmation(registered, phone, code))
        except RegistrationWaiting:
            self.waits_since.setdefault(name, self.world.now)
            raise
        if registered.confirm_by == "sms_delayed":
            assert not stopped
            assert self.world.now >= self.waits_since[name] + DELAY
            self.signed.add(name)

    def register_as_lost(self) -> None:
        phone = self.world.new_phone()
        lost = self.world.register(self.anna, phone, client_address=ELSEWHERE, lost_phone=True)
        self.begun.append((lost, phone))

    def wait_for_days(self) -> None:
        self.world.later(self.chance.choice((DELAY - 5, DELAY, 8 * DELAY)))

    def stop(self) -> None:
        for one in self.world.listed(self.old):
            if one["purpose"] == DELAYED_DEVICE:
                self.world.decide(self.old, one["registration_id"], self.chance.choice((CHANGED_MY_MIND, NOT_ME)))
                self.stopped.add(one["registration_id"])

    def resend(self) -> None:
        self.world.resend(*self.any())

    def show_any_code(self) -> None:
        (registered, phone), (other, _) = self.any(), self.any()
        self.world.let_in(self.old, registered, self.chance.choice((other.pairing, other.pairing_digits)))
        assert registered is other, "the code of another registration let this one in"
        self.signed.add(phone.key.thumbprint)

    def let_in(self) -> None:
        registered, phone = self.begun[-1]
        self.world.let_in(self.old, registered)
        self.signed.add(phone.key.thumbprint)

    def decline(self) -> None:
        said = self.chance.choice((CHANGED_MY_MIND, CHANGED_MY_MIND, NOT_ME))
        self.world.decide(self.old, self.any()[0].registration_id, said)

    def wait(self) -> None:
        self.world.later(self.chance.choice((1, 31, 301, 3601)))

    def race(self) -> None:
        """One move in the middle of another, just before it is written."""
        first, second = self.chance.choice(self.moves), self.chance.choice(self.moves)
        self.world.aws.before("TransactWriteItems", lambda: self.play(second))
        self.play(first)

    @property
    def moves(self) -> list[str]:
        often = ["register", "let_in", "verify", "verify"]
        lost = ["register_as_lost", *["verify_with_a_code"] * 3, "wait_for_days", "stop"] if self.may_wait else []
        return [*often, "verify_with_a_code", "resend", "show_any_code", "decline", "wait", *lost]

    def play(self, move: str) -> None:
        with suppress(Refusal, StopIteration, IndexError):
            getattr(self, move)()


@pytest.mark.parametrize("run", range(RUNS))
def test_no_interleaving_lets_in_what_the_old_phone_did_not_sign_for(world: World, run: int) -> None:
    """With `LostPhoneDelay`, in every other run: nor before its time, nor once it was stopped."""
    may_wait = run % 2 == 1
    world.set(SMS_PER_PREFIX_DAY=10**6, SMS_DAILY_BUDGET=10**6, UNANSWERED_LOGINS=9, SMS_PER_ACCOUNT_DAY=99)
    world.set(LOST_PHONE_DELAY=48 if may_wait else 0)
    anna = world.account(email="anna@example.test")
    early = world.new_phone()
    robbery = Robbery(world, anna, world.new_phone(), random.Random(run), may_wait)  # noqa: S311  it chooses the moves of a test
    # One registration by SMS from before the first device, whose code the thief has too.
    robbery.begun.append((world.register(anna, early), early))
    own = world.register(anna, robbery.old)
    world.verify(own, robbery.old)
    for _ in range(robbery.chance.randint(6, 14)):
        robbery.play(robbery.chance.choice([*robbery.moves, "race", "race"]))
        assert active(anna) <= {robbery.old.key.thumbprint, *robbery.signed}


def test_the_honest_way_is_among_them(world: World) -> None:
    """The moves do let phones in: the property above is not empty."""
    anna = world.account()
    robbery = Robbery(world, anna, world.phone(anna), random.Random(0))  # noqa: S311  the same
    for move in ("register", "let_in", "verify"):
        robbery.play(move)
    assert len(active(anna)) == 2


def test_the_waiting_way_is_among_them_too(world: World) -> None:
    world.set(LOST_PHONE_DELAY=48)
    anna = world.account(email="anna@example.test")
    robbery = Robbery(world, anna, world.phone(anna), random.Random(0), may_wait=True)  # noqa: S311  the same
    robbery.register_as_lost()
    world.sms.sent[:] = world.sms.sent[-1:]
    robbery.play("verify_with_a_code")
    world.later(DELAY)
    robbery.play("verify_with_a_code")
    assert len(active(anna)) == 2
