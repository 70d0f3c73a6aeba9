"""Every crash point: the function dies before or after each of its AWS calls, and the caller asks again."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.sns.models import sns_backends

from smartident.admin import export
from smartident.logins.login import LoginRow, is_decoy
from smartident.storage.table import Row
from smartident.webauthn.relying_party import own_party
from smartident_cli.receipts.audit_log_check import AuditLogCheck
from tests.faults.plays import PLAYS
from tests.faults.sabotage import Killed, RealPush, RealSms, Sabotage
from tests.support.cold_container import cool
from tests.support.stored_items import items
from tests.support.world import NOW, World

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.faults.sabotage import Play

SEVERED = {"Publish": "sms_unavailable", "Sign": "signing_unavailable", "GetPublicKey": "signing_unavailable"}


@pytest.fixture
def stage(world: World) -> World:
    world.sms, world.push = RealSms(), RealPush()
    return world


def begun(world: World, play: Callable[[World], Play]) -> Play:
    """The play from an empty table on, so that what leads up to it is laid down and not lived through each time."""
    world.now = NOW
    world.provision()
    sns_backends[DEFAULT_ACCOUNT_ID]["eu-central-1"].sms_messages.clear()
    return play(world)


def log_faults() -> list[str]:
    """What an operator would be told of the logs of all accounts: a repeat forks none of them."""
    books: dict[str, AuditLogCheck] = {}
    for item in items():
        row = Row.from_raw_data(item)
        if not (isinstance(row, LoginRow) and is_decoy(row)):
            books.setdefault(row.pk, AuditLogCheck(row.pk, NOW, own_party())).take(export._plain(row))
    return [finding.sentence for book in books.values() for finding in book.findings()]


def cut(world: World, act: Callable[[], object], how: str, at: int, *only: str) -> tuple[object, str]:
    """What the caller hears when the n-th call is cut, and which call that was; a new container starts cold."""
    world.aws.saboteur = saboteur = Sabotage(at, how, only)
    cool()
    try:
        return act(), saboteur.struck
    except Killed:
        return "nothing", saboteur.struck
    finally:
        world.aws.saboteur = None


@pytest.mark.parametrize("how", ["killed before", "killed after"])
@pytest.mark.parametrize("play", PLAYS, ids=[play.__name__ for play in PLAYS])
def test_killed_anywhere_and_asked_again(stage: World, play: Callable[[World], Play], how: str) -> None:
    for at in itertools.count():
        scene = begun(stage, play)
        heard, struck = cut(stage, scene.answer, how, at)
        assert (heard == "nothing") == bool(struck), (at, struck)
        scene.holds(scene.answer())
        assert log_faults() == []
        if not struck:
            assert at > 0
            break


@pytest.mark.parametrize("how", ["ThrottlingException", "no answer", "lost answer"])
@pytest.mark.parametrize("play", PLAYS, ids=[play.__name__ for play in PLAYS])
def test_failing_anywhere_and_asked_again(stage: World, play: Callable[[World], Play], how: str) -> None:
    for at in itertools.count():
        scene = begun(stage, play)
        heard, struck = cut(stage, scene.answer, how, at)
        told_so = heard == SEVERED.get(struck, "service_unavailable")
        # A page that hears late, or a mark that only saves a wait, makes no answer wrong: then nobody asks again.
        scene.holds(scene.answer() if told_so or not struck else heard)
        assert log_faults() == []
        if not struck:
            break


@pytest.mark.parametrize("play", PLAYS, ids=[play.__name__ for play in PLAYS])
def test_a_write_in_the_way_of_another_anywhere(stage: World, play: Callable[[World], Play]) -> None:
    for at in itertools.count():
        scene = begun(stage, play)
        heard, struck = cut(stage, scene.answer, "TransactionConflictException", at, "UpdateItem")
        scene.holds(heard)
        if not struck:
            break
