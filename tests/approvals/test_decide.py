"""Step 8: the person decides, once; who decides otherwise comes too late, and a denial wins."""

from __future__ import annotations

import json

import pytest

from smartident.approvals.decide import Approve, Deny
from smartident.errors import (
    DeviceRevoked,
    LoginDecided,
    LoginDenied,
    LoginExpired,
    LoginNotFound,
    LoginPending,
    TooManyAttempts,
    TransferCodeWrong,
)
from smartident_client.keys import Curve, Key
from tests.support import forged_evidence
from tests.support.scenarios import CHANGED_MY_MIND, NOT_ME, Scene, scene_of
from tests.support.world import ELSEWHERE, NOW, World

KINDS = [("jwk", "P-256"), ("jwk", "Ed25519"), ("webauthn", "P-256"), ("webauthn", "Ed25519")]
OTHER = Key.make()


@pytest.mark.parametrize(("kind", "curve"), KINDS)
def test_a_fingerprint_approves_and_the_receipt_is_kept(world: World, kind: str, curve: Curve) -> None:
    scene = scene_of(world, kind, curve)
    evidence = forged_evidence.evidence(scene.phone, scene.say())
    assert scene.decide(evidence) == "approved"
    row = scene.row()
    assert (row.state, row.decided_by, row.decided_at) == ("approved", scene.phone.key.thumbprint, NOW)
    assert row.complete_by == NOW + 60
    kept = json.loads(row.receipt)
    assert forged_evidence.signed_members(kept) == forged_evidence.signed_members(evidence)
    assert world.listed(scene.phone) == []
    assert world.complete(scene.started)["token_type"] == "Bearer"


def test_the_same_decision_come_twice_answers_the_same(scene: Scene) -> None:
    evidence = forged_evidence.evidence(scene.phone, scene.say())
    assert [scene.decide(evidence) for _ in range(3)] == ["approved"] * 3
    scene.world.complete(scene.started)
    assert scene.decide(evidence) == "approved"
    scene.world.later(10)
    assert scene.row().decided_at == NOW


def test_the_same_denial_come_twice_answers_the_same(scene: Scene) -> None:
    answers = [scene.world.decide(scene.phone, scene.started.login.id, NOT_ME) for _ in range(3)]
    assert answers == ["denied"] * 3
    assert scene.row().reason == "not_me"


@pytest.mark.parametrize(("first", "then"), [(CHANGED_MY_MIND, NOT_ME), (NOT_ME, CHANGED_MY_MIND)])
def test_a_denial_for_another_reason_is_another_denial(scene: Scene, first: Deny, then: Deny) -> None:
    scene.world.decide(scene.phone, scene.started.login.id, first)
    with pytest.raises(LoginDecided):
        scene.world.decide(scene.phone, scene.started.login.id, then)
    assert scene.row().reason == first.reason


def test_a_wrong_transfer_code_come_twice_is_told_so_and_to_another_phone_that_it_is_decided(scene: Scene) -> None:
    """As when the answer got lost; the right code comes too late for both."""
    other = scene.world.paired_phone(scene.phone, scene.anna)
    for code in ("0", "0", None):
        with pytest.raises(TransferCodeWrong):
            scene.world.approve(scene.phone, scene.started, code)
    with pytest.raises(LoginDecided):
        scene.world.approve(other, scene.started)
    assert scene.row().state == "denied"


def test_a_denial_is_not_undone(scene: Scene) -> None:
    second = scene.world.paired_phone(scene.phone, scene.anna)
    scene.world.decide(scene.phone, scene.started.login.id, CHANGED_MY_MIND)
    for phone in (scene.phone, second):
        with pytest.raises(LoginDecided):
            scene.world.approve(phone, scene.started)
    with pytest.raises(LoginDecided):
        scene.world.decide(second, scene.started.login.id, NOT_ME)
    with pytest.raises(LoginDenied):
        scene.world.complete(scene.started)


def test_another_phones_approval_is_already_made(scene: Scene) -> None:
    second = scene.world.paired_phone(scene.phone, scene.anna)
    scene.world.approve(scene.phone, scene.started)
    with pytest.raises(LoginDecided):
        scene.world.approve(second, scene.started)
    assert scene.row().decided_by == scene.phone.key.thumbprint


@pytest.mark.parametrize("who", ["the same phone", "another phone"])
def test_a_denial_wins_over_an_approval_that_is_not_completed(scene: Scene, who: str) -> None:
    denier = scene.phone if who == "the same phone" else scene.world.paired_phone(scene.phone, scene.anna)
    scene.world.approve(scene.phone, scene.started)
    assert scene.world.decide(denier, scene.started.login.id, NOT_ME) == "denied"
    with pytest.raises(LoginDenied):
        scene.world.complete(scene.started)


def test_a_denial_after_the_session_comes_too_late(scene: Scene) -> None:
    scene.world.approve(scene.phone, scene.started)
    scene.world.complete(scene.started)
    with pytest.raises(LoginDecided):
        scene.world.decide(scene.phone, scene.started.login.id, NOT_ME)
    assert scene.row().state == "completed"


def test_not_me_keeps_the_client_address_out_for_an_hour(scene: Scene) -> None:
    world = scene.world
    world.decide(scene.phone, scene.started.login.id, NOT_ME)
    with pytest.raises(TooManyAttempts) as refused:
        world.start(scene.anna)
    assert refused.value.details == {"retry_after": 3600}
    world.start(scene.anna, client_address=ELSEWHERE)
    world.later(3599)
    with pytest.raises(TooManyAttempts):
        world.start(scene.anna)
    world.later(1)
    world.start(scene.anna)


def test_a_changed_mind_keeps_nobody_out(scene: Scene) -> None:
    scene.world.decide(scene.phone, scene.started.login.id, CHANGED_MY_MIND)
    assert scene.world.start(scene.anna).login.state == "pending"


def test_a_login_may_be_approved_until_its_last_second(scene: Scene) -> None:
    scene.world.later(179)
    assert scene.world.approve(scene.phone, scene.started) == "approved"


@pytest.mark.parametrize("late", [0, 1, 3000])
def test_an_expired_login_takes_no_decision(scene: Scene, late: int) -> None:
    scene.world.later(180 + late)
    with pytest.raises(LoginExpired):
        scene.world.approve(scene.phone, scene.started)
    with pytest.raises(LoginExpired):
        scene.world.decide(scene.phone, scene.started.login.id, NOT_ME)
    assert scene.still_waits()


def test_an_approval_whose_time_is_over_takes_no_denial(scene: Scene) -> None:
    scene.world.approve(scene.phone, scene.started)
    second = scene.world.paired_phone(scene.phone, scene.anna)
    scene.world.later(60)
    with pytest.raises(LoginExpired):
        scene.world.decide(second, scene.started.login.id, NOT_ME)


def test_an_older_login_is_history(scene: Scene) -> None:
    scene.world.later(3601)
    with pytest.raises(LoginNotFound):
        scene.world.approve(scene.phone, scene.started)


def test_a_revoked_phone_decides_nothing(scene: Scene) -> None:
    scene.world.revoke(scene.phone, scene.phone.key.thumbprint)
    for ask in (lambda: scene.world.approve(scene.phone, scene.started), lambda: scene.world.listed(scene.phone)):
        with pytest.raises(DeviceRevoked):
            ask()
    with pytest.raises(DeviceRevoked):
        scene.world.decide(scene.phone, scene.started.login.id, NOT_ME)
    assert scene.still_waits()


def test_another_account_finds_no_such_login(scene: Scene) -> None:
    stranger = scene.world.phone(scene.world.account())
    for ask in (NOT_ME, Approve(forged_evidence.evidence(stranger, scene.say()))):
        with pytest.raises(LoginNotFound):
            scene.world.decide(stranger, scene.started.login.id, ask)
    assert scene.still_waits()


@pytest.mark.parametrize("login_id", ["", ".", "a.b", "../x"])
def test_what_is_no_login_is_not_found(scene: Scene, login_id: str) -> None:
    with pytest.raises(LoginNotFound):
        scene.world.decide(scene.phone, login_id, NOT_ME)


def test_completing_too_early_waits(scene: Scene) -> None:
    with pytest.raises(LoginPending):
        scene.world.complete(scene.started)
