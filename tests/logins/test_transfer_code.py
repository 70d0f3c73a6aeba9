"""One strike: the code that the page shows is typed right, or the login is over."""

from __future__ import annotations

from typing import Literal

import pytest

from login_status.step import follow_login
from smartident.approvals.decide import Deny
from smartident.errors import (
    ApprovalInvalid,
    LoginDecided,
    LoginDenied,
    TransferCodeWrong,
)
from tests.support.scenarios import Scene, scene_of
from tests.support.world import World


def test_a_wrong_transfer_code_denies_at_once(scene: Scene) -> None:
    wrong = f"{(int(scene.code) + 1) % 1_000_000:06d}"
    for _ in range(2):
        with pytest.raises(TransferCodeWrong):
            scene.world.approve(scene.phone, scene.started, wrong)
        assert (scene.row().state, scene.row().reason) == ("denied", "transfer_code")
    with pytest.raises(TransferCodeWrong):
        scene.world.approve(scene.phone, scene.started)
    assert scene.row().state == "denied"
    with pytest.raises(LoginDenied):
        scene.world.complete(scene.started)


@pytest.mark.parametrize("typed", ["", " ", "12345", "1234567"], ids=ascii)
def test_what_is_not_the_code_shown_is_wrong(scene: Scene, typed: str) -> None:
    with pytest.raises(TransferCodeWrong):
        scene.world.approve(scene.phone, scene.started, typed)
    assert scene.row().state == "denied"


def test_letters_that_no_app_types_are_no_approval(scene: Scene) -> None:
    with pytest.raises(ApprovalInvalid):
        scene.world.approve(scene.phone, scene.started, "\uff10\uff11\uff12\uff13\uff14\uff15")
    assert scene.row().state == "pending"


def test_the_code_of_one_login_is_worth_nothing_for_another(scene: Scene) -> None:
    other = scene.world.start(scene.anna)
    if other.transfer_code == scene.code:
        return
    with pytest.raises(TransferCodeWrong):
        scene.world.approve(scene.phone, scene.started, other.transfer_code)


def test_another_phone_cannot_mend_a_wrong_code(scene: Scene) -> None:
    second = scene.world.paired_phone(scene.phone, scene.anna)
    with pytest.raises(TransferCodeWrong):
        scene.world.approve(scene.phone, scene.started, "")
    with pytest.raises(LoginDecided):
        scene.world.approve(second, scene.started)


def test_an_operator_may_do_without_the_code(world: World) -> None:
    world.set(TRANSFER_CODE_DIGITS=0)
    scene = scene_of(world)
    assert scene.started.transfer_code is None
    assert world.listed(scene.phone)[0]["transfer_code_digits"] == 0
    assert world.approve(scene.phone, scene.started) == "approved"


def test_with_uniform_login_every_login_has_a_code_because_every_decoy_shows_one(world: World) -> None:
    world.set(TRANSFER_CODE_DIGITS=0, UNIFORM_LOGIN="on")
    scene = scene_of(world)
    assert scene.started.transfer_code is not None
    assert world.listed(scene.phone)[0]["transfer_code_digits"] == len(scene.started.transfer_code) == 6
    with pytest.raises(TransferCodeWrong):
        world.approve(scene.phone, scene.started, "")


def test_a_code_that_nobody_was_shown_is_wrong(world: World) -> None:
    world.set(TRANSFER_CODE_DIGITS=0)
    scene = scene_of(world)
    with pytest.raises(TransferCodeWrong):
        world.approve(scene.phone, scene.started, "123456")


def told(scene: Scene) -> dict[str, object]:
    """What the waiting page hears when it asks."""
    return follow_login(scene.started.login.id, scene.started.token, now=scene.world.now)


def test_the_browser_hears_that_a_code_was_mistyped(scene: Scene) -> None:
    wrong = f"{(int(scene.code) + 1) % 1_000_000:06d}"
    with pytest.raises(TransferCodeWrong):
        scene.world.approve(scene.phone, scene.started, wrong)
    assert scene.world.push.sent[-1][1] == {
        "status": "denied",
        "login_id": scene.started.login.id,
        "reason": "transfer_code",
    }
    assert told(scene)["reason"] == "transfer_code"


@pytest.mark.parametrize("reason", ["not_me", "changed_my_mind"])
def test_the_browser_hears_no_other_reason(scene: Scene, reason: Literal["not_me", "changed_my_mind"]) -> None:
    scene.world.decide(scene.phone, scene.started.login.id, Deny(reason))
    assert "reason" not in scene.world.push.sent[-1][1]
    assert "reason" not in told(scene)
