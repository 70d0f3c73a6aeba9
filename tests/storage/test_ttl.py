"""What is over is cleaned up by the table itself, each in its time; what people own stays."""

from __future__ import annotations

import pytest

from smartident.devices.registration import RegistrationRow
from smartident.logins.login import LoginRow
from smartident.rate_limiting.counters import CounterRow, RateLimit
from tests.support.scenarios import Scene
from tests.support.world import NOW, World

DAY = 86_400


def test_a_login_is_kept_as_long_as_the_history(world: World) -> None:
    world.set(RETENTION_DAYS=10)
    login_id = world.start(world.account(two_factor=False)).login.id
    account_id, _, part = login_id.partition(".")
    assert LoginRow.get(account_id, f"LOGIN#{part}").ttl == NOW + 10 * DAY


def test_a_registration_is_forgotten_after_a_day(scene: Scene) -> None:
    (row,) = RegistrationRow.query(scene.anna.id, RegistrationRow.sk.startswith("REGISTRATION#"))
    assert row.ttl == NOW + DAY


@pytest.mark.parametrize("now", [NOW - NOW % DAY, NOW - NOW % DAY + DAY - 1], ids=["its first second", "its last"])
def test_a_count_is_forgotten_a_window_after_its_own(world: World, now: int) -> None:
    RateLimit("things", "x", max=2).count_one(now=now)
    (row,) = CounterRow.query("LIMIT#things#x")
    assert row.ttl == NOW - NOW % DAY + 2 * DAY
