"""A trial from the first question to the last removal; whatever happens in between, it removes what it made."""

from __future__ import annotations

import secrets
import signal
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from labs.smoke import front_checks, story_checks
from labs.smoke.account import STACK
from labs.smoke.removal import remove
from labs.smoke.stack import NotDeployed, Stack
from labs.smoke.verdicts import Verdict, ask
from labs.smoke.world import Addresses, World
from smartident.admin.create import create_account
from smartident_cli.deployment import deployed
from smartident_cli.story.play import Differs, Person, play
from smartident_client.browser import Browser
from smartident_client.keystore import KeyStore
from smartident_client.phone import Phone

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator

    from smartident_cli.terminal import Terminal
    from smartident_client.answers import Registration

NUMBER = "100200300"
CHECKS: dict[str, Callable[[World], None]] = {
    one.__name__: one
    for one in (
        story_checks.sms_handed_on,
        story_checks.person_told,
        story_checks.signing_algorithm,
        story_checks.fine_grained_rights,
        story_checks.logs_arrive,
        front_checks.subprotocol,
        front_checks.route_response,
        front_checks.socket_through_front,
        front_checks.viewer_headers,
        front_checks.kept_by_nobody,
        front_checks.direct_calls,
        front_checks.cors_on_429,
        front_checks.ipv6,
        front_checks.canary_goes_back,
    )
}
"""By the id of the blind spot that each asks for; a test holds both together."""
PAUSE = 1


def try_out(stack: Stack, phone_number: str, *, terminal: Terminal, say: Callable[[str], None]) -> list[Verdict]:
    """Deploy, play, ask, and remove again whatever happens; raises NotDeployed and KeyboardInterrupt after that."""
    try:
        with _interruptible():
            stack.deploy()
            say(f"deployed at {stack.url}")
            with _world(stack, phone_number) as world:
                _play(world, terminal)
                return ask(CHECKS, world, say)
    finally:
        tidy_up(stack.aws, say)


def tidy_up(aws: Callable[[str], Any], say: Callable[[str], None]) -> int:
    """Remove the trial's stack; 1 if anything is left, which is said."""
    left = remove(aws, say)
    for one in left:
        say(f"NOT REMOVED, it costs money: {one}")
    say(f"{STACK} is removed; SAM's own bucket for artifacts stays" if not left else "call make smoke ARGS=--remove")
    return int(bool(left))


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let a request to end (SIGTERM) end as Ctrl-C does."""

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _world(stack: Stack, phone_number: str) -> Iterator[World]:
    """A person with an account, a browser on the login page and a phone."""
    password = secrets.token_urlsafe(12)
    with deployed(STACK, on_laptop=False, port=0):
        now = int(time.time())
        create_account(NUMBER, password, display_name="Probe", email=None, phone=phone_number, two_factor=True, now=now)
    resources = stack.resources()
    with (
        tempfile.TemporaryDirectory() as pocket,
        Phone(stack.url, KeyStore(Path(pocket) / "phone.json")) as phone,
        Browser(stack.url, origin=stack.url) as browser,
    ):
        yield World(
            addresses=Addresses.of(stack.url, stack.outputs()["HttpApiUrl"], resources),
            resources=resources,
            aws=stack.aws,
            browser=browser,
            phone=phone,
            identifier=NUMBER,
            password=password,
            break_functions=lambda: broken(stack.start_broken(), stack, lambda: call(stack.url)),
        )


def _play(world: World, terminal: Terminal) -> None:
    """Play the eight steps; the person at the terminal reads the SMS."""

    def read_code(registration: Registration) -> str:
        code: str = terminal.ask("code_from_sms", phone_hint=registration.phone_hint)
        world.story.code_typed = True
        return code

    person = Person(world.identifier, world.password, read_code=read_code)
    try:
        world.story.ending = play(person, browser=world.browser, phone=world.phone, terminal=terminal)
    except Differs as differed:
        world.story.differed = str(differed)


def broken(
    deploy: subprocess.Popen[bytes],
    stack: Stack,
    asked: Callable[[], None],
    pause: Callable[[float], None] = time.sleep,
) -> str:
    """Call while functions that die are deployed, so that their alarm has something to see; the stack's status then."""
    try:
        while deploy.poll() is None:
            asked()
            pause(PAUSE)
    finally:
        deploy.terminate()
    return stack.status()


def call(url: str) -> None:
    """Ask the function that is going to die; whatever it answers."""
    try:
        httpx.get(f"{url}/v1/logins/nobody.nothing", headers={"Authorization": "Bearer nobody"}, timeout=10)
    except httpx.TransportError:
        return


__all__ = ["CHECKS", "NotDeployed", "broken", "call", "tidy_up", "try_out"]
