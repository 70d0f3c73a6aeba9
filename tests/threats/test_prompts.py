"""Threats against the decision: bombing, relays, races, replays, and talking people into it."""

from __future__ import annotations

import json
import os
import random
from typing import TYPE_CHECKING

import pytest

from login.step import Credentials, start_login
from smartident.approvals.decide import Approve
from smartident.errors import (
    ApprovalInvalid,
    InvalidCredentials,
    LoginDecided,
    SourceBlocked,
    TooManyAttempts,
    TransferCodeWrong,
)
from smartident.logins.login import LoginRow
from smartident.notify.sms import code_text
from smartident.statements.login import RequestOrigin
from smartident_client import base64url
from smartident_laptop.template import ROOT
from tests.support import forged_evidence
from tests.support.concurrency import at_once, codes
from tests.support.scenarios import CHANGED_MY_MIND, NOT_ME, Scene
from tests.support.world import AGENT, ELSEWHERE, HOME, ORIGIN, PASSWORD, World

if TYPE_CHECKING:
    from smartident.logins.start import StartedLogin

GUESSES = int(os.environ.get("FUZZ_INPUTS", "10"))


def ending(scene: Scene, started: StartedLogin) -> str:
    """How the browser stands after all is said: `ok` with a session, or why not."""
    return codes(at_once(lambda: scene.world.complete(started)))[0]


def test_prompt_bombing_ends_in_no_session_however_often_a_code_is_guessed(scene: Scene) -> None:
    scene.world.set(UNANSWERED_LOGINS=10**6, PENDING_LOGINS=10**6)
    chosen = random.Random(7)  # noqa: S311  guesses, reproducible ones
    for _ in range(GUESSES):
        started = scene.world.start(scene.anna)
        guess = f"{chosen.randrange(10**6):06d}"
        if guess != started.transfer_code:
            with pytest.raises(TransferCodeWrong):
                scene.world.approve(scene.phone, started, guess)
            assert ending(scene, started) == "login_denied"
    assert {row.state for row in LoginRow.query(scene.anna.id, LoginRow.sk.startswith("LOGIN#"))} == {
        "pending",
        "denied",
    }


def test_prompt_bombing_shows_no_fourth_request(scene: Scene) -> None:
    for _ in range(2):
        scene.world.start(scene.anna)
    with pytest.raises(TooManyAttempts):
        scene.world.start(scene.anna)
    assert len(scene.world.listed(scene.phone)) == 3


def test_prompt_bombing_ends_with_that_was_not_me(scene: Scene) -> None:
    foreign = scene.world.start(scene.anna, client_address=ELSEWHERE)
    scene.world.decide(scene.phone, foreign.login.id, NOT_ME)
    with pytest.raises(TooManyAttempts) as refusal:
        scene.world.start(scene.anna, client_address=ELSEWHERE)
    assert refusal.value.details == {"retry_after": 3600}
    told = scene.world.events(scene.world.paired_phone(scene.phone, scene.anna))["events"]
    assert [one["ip"] for one in told if one["reason"] == "not_me"] == [ELSEWHERE]
    scene.world.start(scene.anna)


def test_real_time_relay_is_shown_and_remains(scene: Scene) -> None:
    """A relay can still be approved: what the person sees is all there is, and the security page says so."""
    shown = json.loads(base64url.decode(scene.world.listed(scene.phone)[0]["statement"]))
    assert (shown["origin"], shown["ip"], shown["browser"], shown["os"]) == (ORIGIN, HOME, "Chrome", "Windows")
    assert "**A real-time relay.**" in (ROOT / "docs/security.md").read_text(encoding="utf-8")


def test_replay_of_an_approval_is_one_transition(scene: Scene) -> None:
    evidence = forged_evidence.evidence(scene.phone, scene.say())
    answers = at_once(*[lambda: scene.decide(evidence)] * 20)
    assert set(codes(answers)) == {"ok"}
    first = scene.row().serialize()
    scene.world.later(5)
    assert scene.decide(evidence) == "approved"
    assert scene.row().serialize() == first
    sessions = codes(at_once(*[lambda: scene.world.complete(scene.started)] * 5))
    assert set(sessions) == {"ok"}
    later = scene.world.start(scene.anna)
    with pytest.raises(ApprovalInvalid):
        scene.world.decide(scene.phone, later.login.id, Approve(evidence))


@pytest.mark.parametrize("turn", range(3))
def test_race_of_approve_and_deny_never_leaves_a_session_after_the_denial(scene: Scene, turn: int) -> None:
    second, evidence = (
        scene.world.paired_phone(scene.phone, scene.anna),
        forged_evidence.evidence(scene.phone, scene.say()),
    )
    answers = at_once(
        lambda: scene.decide(evidence),
        lambda: scene.world.decide(second, scene.started.login.id, CHANGED_MY_MIND),
        lambda: scene.world.complete(scene.started),
    )
    denied = answers[1] == "denied"
    assert denied or isinstance(answers[1], LoginDecided), turn
    assert denied == (ending(scene, scene.started) == "login_denied")


def test_confused_approval_of_anything_but_a_login_is_refused(scene: Scene) -> None:
    for changes in ({"purpose": "smartident-payment"}, {"purpose": "smartident-login"}, {"amount": "10 EUR"}, {"v": 2}):
        with pytest.raises(ApprovalInvalid):
            scene.decide(forged_evidence.evidence(scene.phone, scene.say(**changes)))
    assert scene.still_waits()


def test_social_engineering_meets_a_warning_where_the_code_is_read() -> None:
    """In the SMS, and on the phone where declining stands beside approving, before anything is typed."""
    assert "Geben Sie ihn nie weiter" in code_text("123456")
    for language, words in (("de", "war ich nicht"), ("en", "not me")):
        texts = (ROOT / f"web/app/language/{language}.js").read_text(encoding="utf-8")
        assert words in texts.lower()


@pytest.mark.parametrize("shared", [False, True], ids=["own e-mail", "shared e-mail"])
@pytest.mark.parametrize("password", [PASSWORD, "falsch"], ids=["right", "wrong"])
def test_not_me_on_the_number_holds_by_the_email_too(world: World, password: str, *, shared: bool) -> None:
    """By an e-mail of several accounts nobody gets in at all, and it tells nothing of the report."""
    anna = world.account(email="anna@example.test")
    phone = world.phone(anna)
    if shared:
        world.account(email="anna@example.test")
    world.decide(phone, world.start(anna).login.id, NOT_ME)
    with pytest.raises(InvalidCredentials if shared else SourceBlocked):
        start_login(
            Credentials("anna@example.test", password),
            request_origin=RequestOrigin(HOME, AGENT, ORIGIN),
            now=world.now,
        )
