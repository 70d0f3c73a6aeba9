"""The browser hears of a decision once it is written; whether it hears changes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from smartident.errors import (
    TransferCodeWrong,
)
from smartident.logins.socket_tickets import bind_connection
from smartident.notify.browser import SocketPush
from tests.support.fake_aws import Aws
from tests.support.scenarios import NOT_ME, Scene
from tests.support.world import PaperPush


def connect(scene: Scene, connection_id: str = "anna-1") -> None:
    login_id, _, ticket = scene.started.ticket.rpartition(".")
    bind_connection(login_id, ticket, connection_id, now=scene.world.now)


@dataclass
class Witness(PaperPush):
    """Notes what AWS was asked for last before the push."""

    aws: Aws = field(default_factory=Aws)
    before: list[str] = field(default_factory=list)

    def send(self, connection_id: str | None, hint: dict[str, str]) -> bool:
        self.before.append(self.aws.operations()[-1])
        return super().send(connection_id, hint)


def test_the_browser_hears_of_it_after_it_is_written(scene: Scene) -> None:
    scene.world.push = witness = Witness(aws=scene.world.aws)
    connect(scene)
    scene.world.approve(scene.phone, scene.started)
    scene.world.decide(scene.phone, scene.started.login.id, NOT_ME)
    login_id = scene.started.login.id
    assert scene.world.push.sent == [
        ("anna-1", {"status": "approved", "login_id": login_id}),
        ("anna-1", {"status": "denied", "login_id": login_id}),
    ]
    assert witness.before == ["UpdateItem", "TransactWriteItems"]


def test_a_wrong_code_is_told_to_the_browser_too(scene: Scene) -> None:
    connect(scene)
    with pytest.raises(TransferCodeWrong):
        scene.world.approve(scene.phone, scene.started, "")
    told = {"status": "denied", "login_id": scene.started.login.id, "reason": "transfer_code"}
    assert scene.world.push.sent == [("anna-1", told)]


@pytest.mark.parametrize("way", ["gone", "throttled", "not connected"])
def test_a_push_that_fails_changes_nothing(scene: Scene, way: str) -> None:
    scene.world.push = SocketPush()  # type: ignore[assignment]  # the world holds a fake
    if way != "not connected":
        connect(scene)
    if way == "gone":
        scene.world.aws.gone.add("anna-1")
    else:
        scene.world.aws.fails("PostToConnection", "LimitExceededException", status=429)
    assert scene.world.approve(scene.phone, scene.started) == "approved"
    assert scene.world.aws.operations().count("PostToConnection") == (0 if way == "not connected" else 1)
    assert scene.world.complete(scene.started)["token_type"] == "Bearer"


def test_the_push_is_a_hint_and_no_secret(scene: Scene) -> None:
    scene.world.push = SocketPush()  # type: ignore[assignment]
    connect(scene)
    scene.world.approve(scene.phone, scene.started)
    assert scene.world.aws.heard("anna-1") == [{"status": "approved", "login_id": scene.started.login.id}]
