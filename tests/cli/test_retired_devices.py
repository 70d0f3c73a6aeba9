"""`smartident device list` shows a phone that left for a new one as the service treats it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.retirement.retiring import Pair

if TYPE_CHECKING:
    from tests.cli.operator import Operator
    from tests.support.world import World


@pytest.mark.parametrize("written", [False, True], ids=["nobody asked since", "written down"])
def test_a_phone_that_left_is_shown_as_signed_out(operator: Operator, world: World, written: bool) -> None:
    pair = Pair(world)
    number = pair.anna.number
    assert "abgemeldet" not in operator("device", "list", number).output
    pair.log_in()
    if written:
        world.listed(pair.new)
    assert operator("device", "list", number).output.count("abgemeldet") == 1
    told = json.loads(operator("device", "list", number, "--json").stdout)["devices"]
    assert {one["device_id"]: (one["state"], one["retired"]) for one in told} == {
        pair.old.key.thumbprint: ("revoked", True),
        pair.new.key.thumbprint: ("active", False),
    }
