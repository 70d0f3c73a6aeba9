"""Step 6 with UniformLogin: no answer tells a right password from a wrong one, or either from a name of nobody."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from browser import step as socket
from smartident.errors import InvalidCredentials
from smartident.rate_limiting.client_address import client_address_of
from tests.support.many_logins import VISITORS, asked_for_all, heard, masked, visitor
from tests.support.password_guesses import attempted, item_of
from tests.support.scenarios import NOT_ME
from tests.support.stepping_clock import STEP, stepping_clock
from tests.support.world import ELSEWHERE, HOME, ORIGIN, PASSWORD, Phone, World

if TYPE_CHECKING:
    from smartident.accounts.account import Account

IN = "answer"


@pytest.fixture
def anna(world: World) -> Account:
    world.set(UNIFORM_LOGIN="on", UNANSWERED_LOGINS=10)
    world.stop_the_clock()
    return world.account(email="anna@example.test")


def alike(told: dict[str, Any]) -> Any:
    """What was told to all of them, once it was the same."""
    assert told["wrong"] == told["right"]
    assert told["unknown"] == told["right"]
    return told["right"]


@pytest.mark.usefixtures("phone")
@pytest.mark.parametrize("digits", [6, 0], ids=["a code", "no code wanted"])
def test_all_that_a_page_hears_is_the_same_bytes_by_the_same_calls(world: World, anna: Account, digits: int) -> None:
    world.set(TRANSFER_CODE_DIGITS=digits)
    for kind in VISITORS:
        visitor(world, anna, kind).page()
    first, *requests = alike({kind: visitor(world, anna, kind).page() for kind in VISITORS})
    statuses = [answer.partition(",")[0] for answer, _ in requests]
    assert statuses == ["(201", "(200", "(409", "(404", "(404", "(404", "(204", "(200", "(403", "(204"]
    assert requests[0][1] == ["GetItem", "UpdateItem", "UpdateItem", "Query", "Query", "TransactWriteItems"]
    assert "'status': 'pending'" in first


@pytest.mark.usefixtures("phone")
def test_time_ends_them_all_alike_until_all_are_forgotten(world: World, anna: Account) -> None:
    started = {kind: visitor(world, anna, kind, client_address=kind).start() for kind in VISITORS}
    given_up = {kind: visitor(world, anna, kind, client_address=kind).start() for kind in VISITORS}
    world.later(179)
    waiting = alike({kind: asked_for_all(world, login) for kind, login in given_up.items()})
    assert [code for code, _ in waiting] == [IN, "login_pending", IN, IN]
    world.later(1)
    status, completed, _, given_up_late = alike({kind: asked_for_all(world, login) for kind, login in started.items()})
    assert "'status': 'expired'" in status[1]
    assert completed == ("login_expired", {})
    assert given_up_late == status
    world.later(3419)
    alike({kind: asked_for_all(world, login) for kind, login in started.items()})
    world.later(1)
    gone = alike({kind: asked_for_all(world, login) for kind, login in started.items()})
    assert {code for code, _ in gone} == {"login_not_found"}


@pytest.mark.usefixtures("phone")
def test_an_open_socket_forgets_them_alike(world: World, anna: Account) -> None:
    told = {}
    for kind in VISITORS:
        started, began = visitor(world, anna, kind, client_address=kind).start(), world.now
        protocols = f"smartident.v1, {started.ticket}"
        socket.connect(origin=ORIGIN, protocols=protocols, connection_id=kind, now=began)
        asks = [
            partial(socket.status, started.login.id, connection_id=kind, now=began + age) for age in (180, 3599, 3600)
        ]
        told[kind] = [heard(ask) for ask in asks]
    assert [code for code, _ in alike(told)] == [IN, IN, "login_not_found"]


@pytest.mark.usefixtures("phone")
def test_each_attempt_counts_right_or_wrong(world: World, anna: Account) -> None:
    world.set(PENDING_LOGINS=10)
    told = {kind: [visitor(world, anna, kind, client_address=kind).outcome() for _ in range(7)] for kind in VISITORS}
    locked = ("too_many_attempts", {"retry_after": 30})
    assert [code for code, _ in alike(told)[:5]] == [IN] * 5
    assert alike(told)[5:] == [locked] * 2


@pytest.mark.usefixtures("phone")
def test_each_address_has_its_slots_right_or_wrong(world: World, anna: Account) -> None:
    told: dict[str, list[Any]] = {kind: [] for kind in VISITORS}
    for _ in range(4):
        for kind in VISITORS:
            told[kind].append(visitor(world, anna, kind, client_address=kind).outcome())
        world.later(10)
    *first, fourth = alike(told)
    assert [code for code, _ in first] == [IN] * 3
    assert fourth == ("too_many_attempts", {"retry_after": 150})


@pytest.mark.usefixtures("phone")
@pytest.mark.parametrize("end", ["given up", "over"])
def test_a_login_that_ended_frees_its_slot_right_or_wrong(world: World, anna: Account, end: str) -> None:
    told = {}
    for kind in VISITORS:
        started = [visitor(world, anna, kind, client_address=kind).start() for _ in range(3)]
        if end == "given up":
            asked_for_all(world, started[1])
        else:
            world.later(180)
        told[kind] = visitor(world, anna, kind, client_address=kind).outcome()
    assert alike(told)[0] == IN


@pytest.mark.usefixtures("phone")
def test_an_address_whose_logins_nobody_approves_waits_right_or_wrong(world: World, anna: Account) -> None:
    world.set(UNANSWERED_LOGINS=3, PASSWORD_TRIES=10)
    told: dict[str, list[Any]] = {kind: [] for kind in VISITORS}
    for seconds in (180, 180, 180, 59, 1, 180, 0, 0):
        for kind in VISITORS:
            told[kind].append(visitor(world, anna, kind, client_address=kind).outcome())
        world.later(seconds)
    waits = [details["retry_after"] if code != IN else None for code, details in alike(told)]
    assert waits == [None, None, None, 60, 1, None, 120, 120]


@pytest.mark.usefixtures("phone")
def test_an_address_fails_so_often_over_all_accounts_right_or_wrong(world: World, anna: Account) -> None:
    world.set(ADDRESS_FAILURES=2)
    told = {kind: [visitor(world, anna, kind, client_address=kind).outcome() for _ in range(3)] for kind in VISITORS}
    hour = 3600 - world.now % 3600
    assert [code for code, _ in alike(told)[:2]] == [IN] * 2
    assert alike(told)[2] == ("too_many_attempts", {"retry_after": hour})


def test_who_was_let_in_from_here_before_is_not_bound_by_a_neighbour(world: World, anna: Account, phone: Phone) -> None:
    world.set(ADDRESS_FAILURES=2)
    for _ in range(3):
        visitor(world, anna, "unknown").outcome()
    assert client_address_of(HOME) in item_of(anna).trusted_addresses.as_dict()
    assert [visitor(world, anna, kind).outcome()[0] for kind in ("right", "wrong")] == [IN, IN]
    assert len(world.listed(phone)) == 1


@pytest.mark.usefixtures("phone")
def test_another_address_learns_nothing_of_the_slots_taken(world: World, anna: Account) -> None:
    """Neither that the account is in use, nor, once nothing more may reach the phone, that the password is right."""
    for _ in range(3):
        world.start(anna)
    told = {kind: [visitor(world, anna, kind, client_address=kind).outcome() for _ in range(3)] for kind in VISITORS}
    assert [code for code, _ in alike(told)] == [IN] * 3


def test_an_address_that_the_person_reported_waits_right_or_wrong(world: World, anna: Account, phone: Phone) -> None:
    started = world.start(anna, client_address=ELSEWHERE)
    world.decide(phone, started.login.id, NOT_ME)
    told = [visitor(world, anna, kind, client_address=ELSEWHERE).outcome() for kind in ("right", "wrong")]
    assert told == [("source_blocked", {"retry_after": 3600})] * 2


def test_a_report_on_the_way_stops_right_and_wrong(world: World, anna: Account, phone: Phone) -> None:
    world.set(ADDRESS_BLOCK=600)
    for kind in ("right", "wrong"):
        other = world.start(anna)
        world.aws.before("TransactWriteItems", lambda: world.decide(phone, other.login.id, NOT_ME))  # noqa: B023  called in this turn
        assert visitor(world, anna, kind).outcome() == ("too_many_attempts", {"retry_after": 600})
        world.later(600)


def test_every_start_leaves_at_one_fixed_time(world: World, anna: Account, phone: Phone) -> None:
    assert phone.account_id == anna.id
    world.set(FAILED_ANSWER_MS=200)
    clock = stepping_clock(world.monkeypatch, world.now)
    for kind in VISITORS:
        one = visitor(world, anna, kind)
        heard = one.ask("POST", "/v1/logins", {"identifier": one.identifier, "password": one.password})
        assert "login_id" in heard[2]
    assert clock.slept == [pytest.approx(0.2 - STEP)] * len(VISITORS)


def test_the_id_of_nobody_is_always_the_same_and_looks_like_any(world: World, anna: Account) -> None:
    def named(identifier: str) -> str:
        started = visitor(world, anna, "unknown")
        started.identifier, started.client_address = identifier, identifier
        return started.start().login.account_id

    assert named("999999999") == named(" 999 999 999") == named("".join(chr(0xFF19) for _ in range(9)))
    assert named("999999999") != named("999999998")
    assert named(anna.number) == anna.id
    assert masked(named("999999999")) == masked(anna.id) == "'RANDOM'"


def test_a_shared_email_is_nobodys_whatever_the_password(world: World, anna: Account) -> None:
    world.phone(anna)
    world.account(email=anna.email)
    for kind in ("wrong", "right"):
        one = visitor(world, anna, kind)
        one.identifier = anna.email or ""
        started = one.start().login
        assert (started.state, started.account_id == anna.id) == ("decoy", False)


def test_without_a_phone_only_the_right_password_is_told_so(world: World, anna: Account) -> None:
    assert visitor(world, anna, "right").outcome()[0] == "key_registration_required"
    assert visitor(world, anna, "wrong").outcome()[0] == IN


def test_without_a_second_factor_the_right_password_is_in_and_a_wrong_one_waits(world: World, anna: Account) -> None:
    jonas = world.account(two_factor=False)
    assert anna.two_factor
    assert [visitor(world, jonas, kind).start().login.state for kind in ("wrong", "right")] == ["decoy", "approved"]
    assert [attempted(world, jonas, PASSWORD) for _ in range(6)] == ["in"] * 6


def test_a_completion_that_no_phone_approved_forgets_no_wrong_password(world: World, anna: Account) -> None:
    """The password alone began it, and was settled then: whoever guesses since is counted."""
    jonas = world.account(two_factor=False)
    started = visitor(world, jonas, "right").start()
    visitor(world, jonas, "wrong").start()
    before = item_of(jonas).failed_attempts.as_dict()
    world.complete(started)
    assert item_of(jonas).failed_attempts.as_dict() == before != {}


def test_a_session_by_password_alone_settles_nothing_more(world: World, anna: Account) -> None:
    started = visitor(world, world.account(two_factor=False), "right").start()
    assert anna.two_factor
    world.aws.clear()
    world.complete(started)
    assert world.aws.operations() == ["GetItem", "UpdateItem", "Sign"]


def test_without_the_setting_a_wrong_password_begins_nothing(world: World, anna: Account) -> None:
    world.set(UNIFORM_LOGIN="off")
    for kind in ("wrong", "unknown"):
        with pytest.raises(InvalidCredentials):
            visitor(world, anna, kind, client_address=HOME).start()
