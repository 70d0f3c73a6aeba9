"""Step 6: identifier and password begin a login."""

from __future__ import annotations

import pytest

from smartident.errors import KeyRegistrationRequired
from tests.world import World


def test_a_login_waits_for_the_phone(world: World) -> None:
    anna = world.access()
    phone = world.phone(anna)
    opened = world.start(anna)
    assert opened.login.state == "pending"
    assert [entry["login_id"] for entry in world.listed(phone)] == [opened.login.id]
    assert world.approve(phone, opened) == "approved"


def test_without_a_phone_the_person_is_sent_to_the_app(world: World) -> None:
    with pytest.raises(KeyRegistrationRequired):
        world.start(world.access())
