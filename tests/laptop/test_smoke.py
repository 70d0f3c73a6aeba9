"""The questions of `make smoke` that a laptop can answer, asked of the running stack by the very same functions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from labs.smoke.trial import CHECKS, _play
from labs.smoke.verdicts import Failed
from labs.smoke.world import Addresses, World
from smartident_cli.terminal import Terminal
from smartident_client.browser import Browser
from smartident_client.keystore import KeyStore
from smartident_client.phone import Phone
from smartident_client.sms import code_in
from smartident_laptop.demo.accounts import ANNA
from smartident_laptop.stack import Stack

# Seconds for one answer: a busy laptop takes its time over 300 questions, and how long is nobody's promise.
PATIENT = 120


class AtTheTerminal(Terminal):
    """Somebody who reads the SMS and types its code."""

    stack: Stack

    def ask(self, sentence: str, **values: object) -> str:
        return code_in([sms.text for sms in self.stack.sms_messages() if sms.phone == ANNA.phone][-1])


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("smoke")
    no_aws: Any = None
    with (
        (folder / "functions.log").open("w") as lines,
        Stack(log=lines) as stack,
        Phone(stack.url, KeyStore(folder / "phone.json")) as phone,
        Browser(stack.url, origin=stack.url) as browser,
    ):
        here = World(
            addresses=Addresses(stack.url, stack.url, stack.url.replace("http", "ws", 1)),
            resources={},
            aws=no_aws,
            browser=browser,
            phone=phone,
            identifier=ANNA.number,
            password=ANNA.password,
            break_functions=no_aws,
            http=lambda: httpx.Client(trust_env=False, timeout=PATIENT),
        )
        terminal = AtTheTerminal("en", as_json=True)
        terminal.stack = stack
        _play(here, terminal)
        yield here


@pytest.mark.parametrize("check", ["sms_handed_on", "subprotocol", "route_response", "kept_by_nobody"])
def test_what_the_laptops_stack_does_as_aws_should_holds(world: World, check: str) -> None:
    CHECKS[check](world)
    assert world.story.ending is not None


@pytest.mark.parametrize(
    ("check", "said"),
    [
        ("viewer_headers", "names no address, but 127.0.0.1"),
        ("direct_calls", "the API's own host answers 400 invalid_request"),
        ("cors_on_429", "none was turned away"),
    ],
)
def test_what_only_aws_does_is_missed(world: World, check: str, said: str) -> None:
    with pytest.raises(Failed, match=said):
        CHECKS[check](world)
