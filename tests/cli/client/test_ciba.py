"""`smartident client set-ciba`: an operator lets a client ask phones by itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from smartident.clients.backchannel import Backchannel
from smartident.clients.client_cache import find_client, forget_clients

if TYPE_CHECKING:
    from tests.cli.operator import Operator
    from tests.support.world import World

ADD = ("client", "add", "shop", "--name", "Laden", "--redirect-uri", "https://shop.example.test/callback")
SET = ("client", "set-ciba", "shop")
PING = ("ping", "--ping-endpoint", "https://shop.example/ping")


@pytest.fixture
def shop(operator: Operator) -> Operator:
    operator(*ADD, "--auth", "client_secret_basic")
    return operator


def allowed(world: World) -> Backchannel | None:
    forget_clients()
    client = find_client("shop", now=world.now)
    assert client is not None
    return client.backchannel


def test_a_client_may_poll_or_be_pinged_or_neither(shop: Operator, world: World) -> None:
    assert allowed(world) is None
    told = json.loads(shop(*SET, "poll", "--json").stdout)
    assert (told["ciba"]["delivery"], allowed(world)) == ("poll", Backchannel())
    shop(*SET, *PING, "--pending", "2", "--per-hour", "50", "--tells-unknown-user")
    assert allowed(world) == Backchannel("ping", PING[2], 2, 50, tells_unknown_user=True)
    assert "ping" in shop("client", "show", "shop").output
    assert json.loads(shop(*SET, "off", "--json").stdout)["ciba"] is None
    assert allowed(world) is None


@pytest.mark.parametrize(
    "said",
    [
        ("push",),
        ("ping",),
        ("poll", *PING[1:]),
        ("ping", "--ping-endpoint", "http://shop.example/ping"),
        ("ping", "--ping-endpoint", "https://10.0.0.1/ping"),
        ("ping", "--ping-endpoint", "https://metadata.internal/"),
        ("poll", "--pending", "6"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_is_refused(shop: Operator, world: World, said: tuple[str, ...]) -> None:
    assert shop(*SET, *said).exit_code != 0
    assert allowed(world) is None


def test_a_client_that_proves_nothing_asks_no_phone(operator: Operator, world: World) -> None:
    operator(*ADD, "--auth", "none")
    assert operator(*SET, "poll").exit_code == 1
    assert allowed(world) is None
    assert operator("client", "set-ciba", "nobody", "poll").exit_code == 1
    assert operator("client", "set-ciba", "financeapp", "poll").exit_code == 1


def test_a_client_issues_enrolment_codes_as_long_as_the_operator_says_so(shop: Operator, world: World) -> None:
    told = json.loads(shop(*SET, "poll", "--issues-enrolment-codes", "--json").stdout)
    assert told["ciba"]["issues_enrolment_codes"] is True
    assert allowed(world) == Backchannel(issues_enrolment_codes=True)
    shop(*SET, "poll")
    assert allowed(world) == Backchannel()
