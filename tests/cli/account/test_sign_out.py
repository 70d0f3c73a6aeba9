"""`smartident account sign-out`: nobody is signed in any more, and the history says who did it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.oidc_flow import Flow, add_clients

if TYPE_CHECKING:
    from tests.cli.operator import Operator
    from tests.support.world import World


def test_a_person_is_signed_out_everywhere(operator: Operator, world: World) -> None:
    world.stop_the_clock()
    add_clients(world)
    anna = world.account("700001")
    phone = world.phone(anna)
    flow = Flow(world)
    token = flow.token(flow.answered(anna, phone)["code"])[2]["access_token"]
    flow.stay()
    assert "code" in flow.silently(prompt="none")
    world.later(1)
    told = operator("account", "sign-out", "700001")
    assert "ist überall abgemeldet" in told.output
    assert flow.silently(prompt="none")["error"] == "login_required"
    assert flow.userinfo(token)[0] == 401
    assert len(world.devices(phone)) == 1
    event = world.events(phone)["events"][0]
    assert (event["type"], event["by"]) == ("sessions_ended", "operator")
    assert "Überall abgemeldet" in operator("events", "700001").output


@pytest.mark.parametrize("who", ["nobody@person.example"])
def test_nobody_is_signed_out_who_is_not_there(operator: Operator, who: str) -> None:
    assert operator("account", "sign-out", who).exit_code != 0


def test_a_program_hears_it_too(operator: Operator, world: World) -> None:
    world.account("700001")
    told = json.loads(operator("account", "sign-out", "700001", "--json").stdout)
    assert told == {"access_number": "700001", "signed_out": True}
