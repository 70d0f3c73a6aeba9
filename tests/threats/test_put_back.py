"""Threats by somebody who may write the table: what one item put back alone opens is what docs/security.md says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartident.admin.change import change_phone
from smartident.admin.renew import renew_grants
from smartident.errors import LoginExpired, LoginNotFound, Refusal
from smartident.logins.transitions import cancel_login
from smartident.storage.table import DAY
from tests.support.oidc_flow import Flow, add_clients
from tests.support.recovery import codes, recover, recovered_phone
from tests.support.scenarios import NOT_ME, Scene
from tests.threats.test_table_writer import Writer, alarm

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident.accounts.account import Account
    from tests.support.world import Phone, World

WINDOW = 60


@pytest.fixture
def writer() -> Writer:
    return Writer()


def denied(scene: Scene) -> None:
    scene.world.decide(scene.phone, scene.started.login.id, NOT_ME)


def given_up(scene: Scene) -> None:
    cancel_login(scene.started.login.id, scene.started.token, now=scene.world.now)


def completed(scene: Scene) -> None:
    assert scene.world.complete(scene.started)["id_token"]


@pytest.mark.parametrize("ended", [denied, given_up, completed])
def test_an_approved_login_put_back_counts_for_its_minute_and_only_in_its_epoch(
    scene: Scene, writer: Writer, ended: Callable[[Scene], None]
) -> None:
    """Its phone did approve it, and the page that completes it has its token."""
    world = scene.world
    world.approve(scene.phone, scene.started)
    kept = writer.keep()
    ended(scene)
    writer.put_back(kept, "LOGIN#", pk=scene.anna.id)
    with alarm():
        assert world.complete(scene.started)["id_token"]
    writer.put_back(kept, "LOGIN#", pk=scene.anna.id)
    renew_grants(scene.anna.id, now=world.now)
    writer.put_back(kept, "LOGIN#", pk=scene.anna.id)
    with alarm("login"), pytest.raises(LoginNotFound):
        world.complete(scene.started)
    world.later(WINDOW)
    with pytest.raises(LoginExpired):
        world.complete(scene.started)


def test_a_former_phone_number_counts_again_with_the_account_of_then(world: World, writer: Writer) -> None:
    anna = world.account()
    kept = writer.keep()
    change_phone(anna.id, "+4915123456789", now=world.now)
    writer.put_back(kept, "ACCOUNT", pk=anna.id)
    with alarm():
        world.register(anna, world.new_phone())
    assert world.sms.sent[-1][0] == anna.phone


def test_a_used_recovery_code_counts_again_only_with_the_account_of_then(
    world: World, writer: Writer, anna: Account, phone: Phone
) -> None:
    known = codes(world, phone)
    kept = writer.keep()
    recovered_phone(world, anna, known[0])
    writer.put_back(kept, "RECOVERY#", pk=anna.id)
    with alarm("recovery_codes"), pytest.raises(Refusal):
        recover(world, anna, world.new_phone(), known[0])
    world.later(DAY)
    writer.put_back(kept, "RECOVERY#", "ACCOUNT", pk=anna.id)
    with alarm():
        assert recover(world, anna, world.new_phone(), known[0]).confirm_by == "recovery"


def test_a_redeemed_code_put_back_gives_tokens_again_for_its_minute(world: World, writer: Writer) -> None:
    world.stop_the_clock()
    add_clients(world)
    anna = world.account()
    flow = Flow(world)
    code = flow.answered(anna, world.phone(anna))["code"]
    kept = writer.keep()
    assert flow.token(code)[0] == 200
    writer.put_back(kept, "AUTHORIZATION#", pk=anna.id)
    with alarm():
        assert flow.token(code)[0] == 200
    writer.put_back(kept, "AUTHORIZATION#", pk=anna.id)
    world.later(WINDOW)
    assert flow.token(code)[2]["error"] == "invalid_grant"
