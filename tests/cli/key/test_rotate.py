"""`smartident key rotate`: an operator is told which deployment of a rotation is next, and that it is too early."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from smartident.tokens.id_token import LIFETIME
from smartident.tokens.jwks import MAX_AGE
from smartident_cli.key.rotation import CACHES, CLOCK_LEEWAY
from tests.cli.key.rotating_stack import RotatingStack

if TYPE_CHECKING:
    from tests.support.world import World

OLD, YOUNG = 1_000, 2_000
WAIT_TO_SIGN, WAIT_TO_RETIRE = CACHES * MAX_AGE, LIFETIME + CLOCK_LEEWAY


@pytest.fixture
def rotating(world: World, monkeypatch: pytest.MonkeyPatch) -> RotatingStack:
    """A stack whose first key is the older one."""
    stack = RotatingStack(world.aws)
    stack.made(first=OLD, second=YOUNG)

    class PaperClient(httpx.Client):
        def __init__(self, **_: Any) -> None:
            super().__init__(transport=httpx.MockTransport(lambda _: stack.jwks))

    monkeypatch.setattr(httpx, "Client", PaperClient)
    return stack


def answer(rotating: RotatingStack, code: int = 0) -> dict[str, Any]:
    told = rotating("--json")
    assert told.exit_code == code, told.output
    found: dict[str, Any] = json.loads(told.stdout)
    return found


@pytest.mark.parametrize(
    ("order", "younger", "after"),
    [
        ("first", "second", ("publish", "first,second", 0)),
        ("first,second", "second", ("sign", "second,first", WAIT_TO_SIGN)),
        ("second,first", "second", ("retire", "second", WAIT_TO_RETIRE)),
        ("second", "second", ("publish", "second,first", 0)),
        ("second,first", "first", ("sign", "first,second", WAIT_TO_SIGN)),
        ("first,second", "first", ("retire", "first", WAIT_TO_RETIRE)),
    ],
)
def test_the_walk_leads_through_publish_sign_and_retire_and_back(
    rotating: RotatingStack, world: World, order: str, younger: str, after: tuple[str, str, int]
) -> None:
    step, next_order, wait = after
    rotating.made(**{"first": OLD, "second": OLD, younger: YOUNG})
    rotating.deployed(order, at=world.now - wait)
    told = answer(rotating)
    assert told["next"] == {"step": step, "order": next_order, "not_before": world.now}
    assert (told["order"], told["obstacle"]) == (order, None)
    assert [key["kid"] for key in told["keys"]] == [rotating.kid(slot) for slot in order.split(",")]
    assert [key["signs"] for key in told["keys"]] == [True, False][: len(told["keys"])]
    assert f'"SigningKeyOrder={next_order}"' in rotating().output


@pytest.mark.parametrize(("order", "wait"), [("first,second", WAIT_TO_SIGN), ("second,first", WAIT_TO_RETIRE)])
def test_a_step_too_early_is_refused_and_said_when(
    rotating: RotatingStack, world: World, order: str, wait: int
) -> None:
    rotating.deployed(order, at=world.now - wait + 1)
    assert answer(rotating, code=1)["obstacle"] == "early"
    told = rotating()
    assert told.exit_code == 1
    assert "Zu früh" in told.stderr
    assert "SigningKeyOrder=" not in told.output
    world.later(1)
    assert answer(rotating)["obstacle"] is None


def test_a_jwks_that_may_be_kept_longer_makes_the_wait_longer(rotating: RotatingStack, world: World) -> None:
    rotating.deployed("first,second", at=world.now - WAIT_TO_SIGN)
    rotating.serves("first", "second", max_age=2 * MAX_AGE)
    assert answer(rotating, code=1)["next"]["not_before"] == world.now + WAIT_TO_SIGN


@pytest.mark.parametrize("gone", [httpx.Response(503), httpx.Response(200, text="[]"), httpx.Response(200, json={})])
def test_a_service_without_its_jwks_goes_no_step_further(
    rotating: RotatingStack, world: World, gone: httpx.Response
) -> None:
    rotating.deployed("first,second", at=world.now - WAIT_TO_SIGN)
    rotating.jwks = gone
    assert answer(rotating, code=1)["obstacle"] == "unpublished"


def test_a_jwks_that_lacks_a_key_goes_no_step_further(rotating: RotatingStack, world: World) -> None:
    rotating.deployed("first,second", at=world.now - WAIT_TO_SIGN)
    rotating.serves("first", max_age=60)
    assert answer(rotating, code=1)["obstacle"] == "unpublished"


@pytest.mark.parametrize(
    "status", ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_ROLLBACK_FAILED"]
)
def test_a_stack_that_is_being_deployed_goes_no_step_further(
    rotating: RotatingStack, world: World, status: str
) -> None:
    rotating.deployed("first,second", at=world.now - WAIT_TO_SIGN, status=status)
    assert answer(rotating, code=1)["obstacle"] == "deploying"


@pytest.mark.parametrize("function", ["Complete", "SigningKeys"])
def test_a_shift_that_is_under_way_goes_no_step_further(rotating: RotatingStack, world: World, function: str) -> None:
    rotating.deployed("first,second", at=world.now - WAIT_TO_SIGN)
    rotating.shifts(function)
    assert answer(rotating, code=1)["obstacle"] == "not_everybody"


def test_aliases_that_somebody_put_back_go_no_step_further(rotating: RotatingStack, world: World) -> None:
    """They sign with the old key, whatever the stack says."""
    rotating.deployed("second,first", at=world.now - WAIT_TO_RETIRE)
    rotating.reaches("first", "second")
    assert answer(rotating, code=1)["obstacle"] == "not_everybody"
    assert "make deploy" in rotating().stderr


def test_a_deployment_that_was_taken_back_may_be_repeated(rotating: RotatingStack, world: World) -> None:
    rotating.deployed("first,second", at=world.now - WAIT_TO_SIGN, status="UPDATE_ROLLBACK_COMPLETE")
    assert answer(rotating)["next"]["step"] == "sign"


def test_a_stack_whose_events_aws_has_forgotten_is_judged_by_its_last_update(
    rotating: RotatingStack, world: World
) -> None:
    rotating.deployed("first,second", at=world.now)
    world.aws.tells("DescribeStackEvents", {"StackEvents": []})
    assert answer(rotating, code=1)["next"]["not_before"] == world.now - 900 + WAIT_TO_SIGN


def test_it_may_be_asked_at_any_time_and_changes_nothing(rotating: RotatingStack, world: World) -> None:
    rotating.deployed("second,first", at=world.now - WAIT_TO_RETIRE)
    first, writes = answer(rotating), world.aws.writes
    world.aws.calls.clear()
    assert answer(rotating) == first
    assert world.aws.writes == writes
    assert all(name.startswith(("Describe", "Get")) for name in world.aws.operations())


def test_the_key_that_goes_is_named_with_the_command_that_deletes_it(rotating: RotatingStack, world: World) -> None:
    rotating.deployed("second,first", at=world.now - WAIT_TO_RETIRE)
    assert f"aws kms schedule-key-deletion --key-id {rotating.kid('first')}" in rotating().output
    rotating.deployed("first", at=world.now)
    assert "schedule-key-deletion" not in rotating(language="en").output


def test_a_laptop_has_nothing_to_rotate(rotating: RotatingStack, monkeypatch: pytest.MonkeyPatch) -> None:
    from smartident_cli import deployment_options  # noqa: PLC0415  only this test stands on a laptop
    from smartident_cli.deployment import Deployment  # noqa: PLC0415

    class Laptop:
        def __enter__(self) -> Deployment:
            return Deployment("laptop:8080", "http://127.0.0.1:8080", local=True)

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(deployment_options, "deployed", lambda *_, **__: Laptop())
    told = rotating("--local")
    assert (told.exit_code, "Nur ein Stack" in told.stderr) == (1, True)
