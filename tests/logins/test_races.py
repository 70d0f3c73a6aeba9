"""Many at the same moment, in real threads: what happens once happens once."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from complete.step import finish_login
from login.step import Credentials, start_login
from smartident.approvals.decide import Approve
from smartident.errors import InvalidCredentials, Refusal
from smartident.statements.login import RequestOrigin
from tests.support import forged_evidence
from tests.support.concurrency import at_once, codes
from tests.support.password_guesses import item_of
from tests.support.scenarios import NOT_ME, Scene
from tests.support.world import AGENT, ORIGIN, URL, Phone, World


def approval(scene: Scene, phone: Phone, age: int = 0) -> Any:
    """A call that approves the scene's login by a phone; its evidence is signed before the race."""
    evidence = forged_evidence.evidence(phone, scene.say(iat=scene.world.now - age))
    return partial(scene.world.decide, phone, scene.started.login.id, Approve(evidence))


def test_a_hundred_approvals_are_one_transition(scene: Scene) -> None:
    phones = [scene.phone, *(scene.world.paired_phone(scene.phone, scene.anna) for _ in range(4))]
    calls = [approval(scene, phones[number % 5], age=number) for number in range(100)]
    answers = codes(at_once(*calls))
    winner = scene.row().decided_by
    assert [answers[number::5] for number, phone in enumerate(phones) if phone.key.thumbprint == winner] == [
        ["ok"] * 20
    ]
    assert answers.count("login_decided") == 80


def test_two_hundred_completes_are_one_session_and_its_repeats(scene: Scene) -> None:
    scene.world.approve(scene.phone, scene.started)
    calls = [
        partial(
            finish_login, scene.started.login.id, scene.started.token, issuer=URL, now=scene.world.now + number % 20
        )
        for number in range(200)
    ]
    answers: list[Any] = at_once(*calls)
    assert set(codes(answers)) == {"ok"}
    assert len({answer["id_token"].rpartition(".")[0] for answer in answers}) == 1


@pytest.mark.parametrize("again", range(5))
def test_after_a_denial_is_answered_there_is_no_session(scene: Scene, again: int) -> None:
    second = scene.world.paired_phone(scene.phone, scene.anna)
    deny = partial(scene.world.decide, second, scene.started.login.id, NOT_ME)
    finish = partial(scene.world.complete, scene.started)
    scene.world.approve(scene.phone, scene.started)
    answers = at_once(*[approval(scene, scene.phone), deny, finish] * 4)
    denied, completed = codes(answers[1::3]), codes(answers[2::3])
    assert ("ok" in denied) != ("ok" in completed)
    assert scene.row().state == ("denied" if "ok" in denied else "completed")


@pytest.mark.parametrize("again", range(3))
def test_a_denial_wins_over_the_approval_beside_it(scene: Scene, again: int) -> None:
    second = scene.world.paired_phone(scene.phone, scene.anna)
    deny = partial(scene.world.decide, second, scene.started.login.id, NOT_ME)
    answers = at_once(*[approval(scene, scene.phone), deny] * 5)
    assert codes(answers[1::2]) == ["ok"] * 5
    assert scene.row().state == "denied"


@pytest.mark.parametrize("again", range(5))
def test_a_revoked_phones_approval_never_slips_through(scene: Scene, again: int) -> None:
    world, second = scene.world, scene.world.paired_phone(scene.phone, scene.anna)
    revoke = partial(world.revoke, scene.phone, second.key.thumbprint)
    assert codes(at_once(*[approval(scene, second)] * 4, revoke))[-1] == "ok"
    assert codes(at_once(partial(world.complete, scene.started)))[0] in {"login_denied", "login_pending"}
    assert int(item_of(scene.anna).active_devices) == 1


def test_two_phones_that_revoke_each_other_leave_one(scene: Scene) -> None:
    second = scene.world.paired_phone(scene.phone, scene.anna)
    answers = codes(
        at_once(
            partial(scene.world.revoke, scene.phone, second.key.thumbprint),
            partial(scene.world.revoke, second, scene.phone.key.thumbprint),
        )
    )
    assert sorted(answers) == ["device_revoked", "ok"]
    assert int(item_of(scene.anna).active_devices) == 1


def test_fifty_wrong_codes_are_one_strike(scene: Scene) -> None:
    guesses = [f"{number:06d}" for number in range(51)]
    evidence = [
        forged_evidence.evidence(scene.phone, scene.say(transfer_code=one)) for one in guesses if one != scene.code
    ]
    login_id = scene.started.login.id
    answers = codes(at_once(*[partial(scene.world.decide, scene.phone, login_id, Approve(one)) for one in evidence]))
    assert set(answers) == {"transfer_code_wrong"}
    assert codes(at_once(approval(scene, scene.phone))) == ["transfer_code_wrong"]
    assert scene.row().state == "denied"


@pytest.mark.parametrize("known", [True, False], ids=["an account", "nobody"])
def test_of_many_wrong_passwords_at_once_five_are_looked_at(world: World, *, known: bool) -> None:
    ask = Credentials(world.account().number if known else "999", "falsch")
    request_origin = RequestOrigin("198.51.100.7", AGENT, ORIGIN)
    answers: list[Any] = at_once(*[partial(start_login, ask, request_origin=request_origin, now=world.now)] * 24)
    assert sum(isinstance(answer, InvalidCredentials) for answer in answers) == 5
    assert all(isinstance(answer, Refusal) for answer in answers)


def test_many_starts_at_once_find_three_slots(world: World) -> None:
    anna = world.account()
    phone = world.phone(anna)
    starts = [partial(world.start, anna, client_address=f"198.51.100.{number}") for number in range(16)]
    answers = codes(at_once(*starts))
    assert (answers.count("ok"), answers.count("too_many_attempts")) == (3, 13)
    assert len(world.listed(phone)) == 3
