"""However logins, questions, freezes and openings cross: a freeze in time keeps the old phone, nothing else does."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from smartident.devices.device import read_device
from smartident.errors import DeviceRevoked, Refusal
from smartident.freeze.opening import open_account
from smartident.storage.table import DAY
from tests.retirement.retiring import Pair
from tests.support.enrolment import active

if TYPE_CHECKING:
    from tests.support.world import World

RUNS = 12
MOVES = ("log_in_by_new", "log_in_by_new", "log_in_by_old", "ask_new", "ask_new", "ask_old", "freeze", "open", "wait")


@dataclass
class Days:
    """What two phones of one account do, in whatever order, and what has to hold by then."""

    pair: Pair
    chance: random.Random
    logged_in: bool = False
    kept: bool = False

    def log_in_by_new(self) -> None:
        self.pair.log_in()
        self.logged_in = True

    def log_in_by_old(self) -> None:
        self.pair.log_in(self.pair.old)
        assert self.kept or not self.logged_in, "the old phone approved after it was out"

    def ask_new(self) -> None:
        self.pair.world.listed(self.pair.new)

    def ask_old(self) -> None:
        try:
            self.pair.world.listed(self.pair.old)
        except DeviceRevoked:
            assert self.logged_in
            assert not self.kept
            raise
        assert self.kept or not self.logged_in

    def freeze(self) -> None:
        left = read_device(self.pair.anna.id, self.pair.old.key.thumbprint)
        assert left is not None
        self.pair.freeze(self.pair.new)
        self.kept = self.kept or left.active or (left.revoked_at or 0) > self.pair.world.now - DAY

    def open(self) -> None:
        open_account(self.pair.anna.id, operator="desk", now=self.pair.world.now)

    def wait(self) -> None:
        self.pair.world.later(self.chance.choice((1, 3600, DAY - 60, DAY)))

    def race(self) -> None:
        """A freeze in the middle of the new phone's question, just before it is written."""
        self.pair.world.aws.before("TransactWriteItems", self.freeze)
        with suppress(Refusal):
            self.ask_new()

    def play(self, move: str) -> None:
        with suppress(Refusal):
            getattr(self, move)()


@pytest.mark.parametrize("run", range(RUNS))
def test_a_freeze_in_time_keeps_the_old_phone_and_nothing_else_does(world: World, run: int) -> None:
    world.set(UNANSWERED_LOGINS=99, PENDING_LOGINS=99)
    pair = Pair(world)
    days = Days(pair, random.Random(run))  # noqa: S311  it chooses the moves of a test
    for _ in range(days.chance.randint(5, 10)):
        days.play(days.chance.choice([*MOVES, "race"]))
        now_active = active(pair.anna)
        assert pair.new.key.thumbprint in now_active
        assert pair.count() == len(now_active)
        assert now_active == pair.both or (days.logged_in and not days.kept)
