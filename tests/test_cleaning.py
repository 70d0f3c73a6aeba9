"""What is over is cleaned up by the table itself, each in its time; what people own stays."""

from __future__ import annotations

import pytest

from smartident.limits import Limit, LimitRow, raise_limit
from smartident.logins import LoginRow
from smartident.registrations import RegistrationRow
from tests.scenes import Scene
from tests.world import NOW, World

DAY = 86_400


def test_a_login_is_kept_as_long_as_the_history(world: World) -> None:
    world.set(RETENTION_DAYS=10)
    login_id = world.start(world.access(two_factor=False)).login.id
    access_id, _, part = login_id.partition(".")
    assert LoginRow.get(access_id, f"LOGIN#{part}").ttl == NOW + 10 * DAY


def test_a_registration_is_forgotten_after_a_day(scene: Scene) -> None:
    (row,) = RegistrationRow.query(scene.anna.id, RegistrationRow.sk.startswith("REGISTRATION#"))
    assert row.ttl == NOW + DAY


@pytest.mark.parametrize("now", [NOW - NOW % DAY, NOW - NOW % DAY + DAY - 1], ids=["its first second", "its last"])
def test_a_count_is_forgotten_a_window_after_its_own(world: World, now: int) -> None:
    raise_limit(Limit("things", "x", most=2), now=now)
    (row,) = LimitRow.query("LIMIT#things#x")
    assert row.ttl == NOW - NOW % DAY + 2 * DAY
