"""No client rings a phone without end, learns who has an account, or takes a place of anybody else's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from smartident.accounts.account import read_account
from smartident.accounts.account_change import change_of
from smartident.accounts.item.login_policy import set_login_policy
from smartident.admin.change import change_external_id
from smartident.admin.two_factor import switch_two_factor
from smartident.clients.changes import add_client, remove_client, show_client
from smartident.clients.client_cache import forget_clients
from smartident.clients.login_policy import PASSKEY_ONLY
from smartident.freeze.freeze import freeze_account
from smartident.storage.writes import write
from tests.support.ciba_flow import BACKEND, CUSTOMER, PINGED, BackEnd, approve, deny, pinged
from tests.support.oidc_flow import OPERATOR
from tests.support.stepping_clock import STEP, stepping_clock

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.world import Phone, World


def allow(world: World, **changes: Any) -> None:
    """The operator allows the back end something else."""
    client = show_client(BACKEND)
    assert client.backchannel is not None
    remove_client(BACKEND, by=OPERATOR, now=world.now)
    add_client(replace(client, backchannel=replace(client.backchannel, **changes)), by=OPERATOR, now=world.now)
    forget_clients()


def shape(answer: tuple[int, dict[str, str], Any]) -> tuple[int, Any, Any]:
    """An answer without what is random in it: how long each member is."""
    status, headers, told = answer
    told = {name: len(value) if isinstance(value, str) else value for name, value in told.items()}
    return status, headers.keys(), told


@pytest.mark.parametrize("who", ["nobody", "unbound", "frozen", "passkey only", "without two-factor", "without phone"])
def test_who_cannot_be_reached_is_answered_like_anybody(
    world: World, back_end: BackEnd, anna: Account, phone: Phone, who: str
) -> None:
    reached = [shape(back_end.ask()), shape(back_end.ask())]
    hint = CUSTOMER
    if who == "nobody":
        hint = "K-999"
    elif who == "unbound":
        hint = world.account("300999888").number
    elif who == "without phone":
        change_external_id(world.account("300999777").id, BACKEND, hint := "K-8", now=world.now)
    elif who == "frozen":
        world.later(181)
        freeze_account(anna.id, operator="petra", now=world.now)
    elif who == "passkey only":
        world.later(181)
        account = read_account(anna.id)
        assert account is not None
        change = change_of(account)
        set_login_policy(change, PASSKEY_ONLY)
        write(*change.operations(), on_conflict=lambda _: pytest.fail("in the way"))
    else:
        world.later(181)
        switch_two_factor(anna.id, on=False, now=world.now)
    begun = back_end.ask(login_hint=hint)
    assert [shape(begun), shape(back_end.ask(login_hint=hint))] == reached
    assert back_end.error(begun[2]["auth_req_id"]) == "authorization_pending"
    world.later(1)
    assert back_end.error(begun[2]["auth_req_id"]) == "slow_down"
    world.later(180)
    assert back_end.error(begun[2]["auth_req_id"]) == "expired_token"
    assert world.listed(phone) == []


@pytest.mark.parametrize("hint", ["access number", "e-mail", "another client's name", "id_token"])
def test_cross_client_no_client_rings_the_phone_of_an_account_that_is_not_bound_to_it(
    world: World, back_end: BackEnd, anna: Account, phone: Phone, hint: str
) -> None:
    """By none of its names, and not by an id_token of when it was bound."""
    id_token = back_end.poll(back_end.approved(phone)["auth_req_id"])[2]["id_token"]
    change_external_id(anna.id, BACKEND, None, now=world.now)
    berta = world.account("300999666", email="berta@person.example")
    change_external_id(berta.id, PINGED, "P-1", now=world.now)
    phones = (phone, world.phone(berta))
    names = {"access number": berta.number, "e-mail": "berta@person.example", "another client's name": "P-1"}
    asked = {"login_hint": names.get(hint), "id_token_hint": id_token if hint == "id_token" else None}
    assert back_end.ask(**asked)[0] == 200
    assert [world.listed(one) for one in phones] == [[], []]


def test_a_client_that_may_know_is_told_that_it_named_nobody(
    world: World, back_end: BackEnd, anna: Account, phone: Phone
) -> None:
    allow(world, tells_unknown_user=True)
    assert back_end.ask()[0] == 200
    unknown = back_end.ask(login_hint="K-999")
    freeze_account(anna.id, operator="petra", now=world.now)
    frozen = back_end.ask()
    assert unknown[2]["error"] == "unknown_user_id"
    assert (unknown[0], unknown[2]) == (frozen[0], frozen[2])


def test_ciba_enumeration_every_answer_leaves_at_one_fixed_time(world: World, phone: Phone) -> None:
    """Somebody whom the client knows and nobody are looked up by different reads; so are those who wait for a code."""
    assert phone.account_id
    allow(world, issues_enrolment_codes=True)
    world.set(FAILED_ANSWER_MS=200)
    back_end = BackEnd(world)
    clock = stepping_clock(world.monkeypatch, world.now)
    answers = [ask(login_hint=hint)[0] for ask in (back_end.ask, back_end.code) for hint in (CUSTOMER, "K-999")]
    assert answers == [200, 200, 400, 400]
    assert clock.slept == [pytest.approx(0.2 - STEP)] * len(answers)


@pytest.mark.parametrize("hint", [CUSTOMER, "K-999"])
def test_one_request_waits_at_a_time_for_somebody_and_for_nobody(
    world: World, back_end: BackEnd, phone: Phone, hint: str
) -> None:
    assert back_end.ask(login_hint=hint)[0] == 200
    world.later(10)
    status, headers, told = back_end.ask(login_hint=hint)
    assert (status, headers["Retry-After"], told["error"]) == (429, "170", "temporarily_unavailable")
    assert len(world.listed(phone)) == (hint == CUSTOMER)


@pytest.mark.parametrize("hint", [CUSTOMER, "K-999"])
def test_requests_that_nobody_answers_make_the_next_one_wait_longer_and_longer(
    world: World, back_end: BackEnd, phone: Phone, hint: str
) -> None:
    waits = []
    for _ in range(12):
        status, headers, _ = back_end.ask(login_hint=hint, requested_expiry="10")
        waits.append(0 if status == 200 else int(headers["Retry-After"]))
        world.later(waits[-1] or 10)
    rang = [wait for wait in waits if wait]
    assert waits.count(0) < len(waits)
    assert rang == sorted(rang)
    assert world.listed(phone) == []


@pytest.mark.parametrize("hint", [CUSTOMER, "K-999"])
def test_of_simultaneous_requests_one_begins(world: World, back_end: BackEnd, phone: Phone, hint: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: back_end.ask(login_hint=hint)[0], range(8)))
    assert sorted(answers) == [200, *[429] * 7]
    assert len(world.listed(phone)) == (hint == CUSTOMER)


@pytest.mark.parametrize("hint", [CUSTOMER, "K-999"])
def test_ciba_spam_a_request_that_began_between_look_and_write_keeps_the_next_one_out(
    world: World, back_end: BackEnd, phone: Phone, hint: str
) -> None:
    first: list[int] = []
    world.aws.before("TransactWriteItems", lambda: first.append(back_end.ask(login_hint=hint)[0]))
    assert (back_end.ask(login_hint=hint)[0], first) == (429, [200])
    assert len(world.listed(phone)) == (hint == CUSTOMER)


def test_a_clients_requests_take_no_place_and_no_patience_of_the_login_page(
    world: World, back_end: BackEnd, anna: Account, phone: Phone
) -> None:
    for _ in range(6):
        back_end.ask(requested_expiry="10")
        world.later(200)
    back_end.ask()
    pinged(world).ask()
    started = [world.start(anna) for _ in range(2)]
    assert len(world.listed(phone)) == 4
    assert len({one.login.id for one in started}) == 2


def test_not_me_bars_that_client_from_that_account_for_a_while(
    world: World, back_end: BackEnd, anna: Account, phone: Phone
) -> None:
    begun = back_end.ask()[2]
    deny(world, phone)
    assert back_end.error(begun["auth_req_id"]) == "access_denied"
    status, headers, told = back_end.ask()
    assert (status, headers["Retry-After"], told["error"]) == (429, "3600", "temporarily_unavailable")
    berta = world.account()
    change_external_id(berta.id, BACKEND, "K-7", now=world.now)
    berta_phone = world.phone(berta)
    assert back_end.ask(login_hint="K-7")[0] == 200
    assert pinged(world).ask()[0] == 200
    assert world.start(anna).login.state == "pending"
    assert (len(world.listed(phone)), len(world.listed(berta_phone))) == (2, 1)
    world.later(3600)
    assert back_end.ask()[0] == 200


def test_not_me_that_comes_between_look_and_write_keeps_the_request_out(
    world: World, back_end: BackEnd, phone: Phone
) -> None:
    allow(world, pending=2)
    back_end.ask()
    (first,) = world.listed(phone)
    body = {"decision": "deny", "reason": "not_me"}
    path = f"/v1/approvals/{first['login_id']}"
    world.aws.before("TransactWriteItems", lambda: world.send(phone, "POST", path, body))
    assert back_end.ask()[0] == 429
    assert world.listed(phone) == []


def test_a_client_has_its_share_of_an_hour_whomever_it_asks_for(world: World, back_end: BackEnd) -> None:
    allow(world, per_hour=3)
    hints = (CUSTOMER, "K-1", "K-2", "K-3")
    assert [back_end.ask(login_hint=hint)[0] for hint in hints] == [200, 200, 200, 429]
    assert pinged(world).ask()[0] == 200
    world.later(3600)
    assert back_end.ask(login_hint="K-4")[0] == 200


def test_200_parallel_polls_get_one_token(world: World, back_end: BackEnd, phone: Phone) -> None:
    begun = back_end.approved(phone)
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: back_end.poll(begun["auth_req_id"]), range(200)))
    assert [status for status, _, _ in answers].count(200) == 1
    assert {told["error"] for status, _, told in answers if status != 200} <= {"slow_down", "invalid_grant"}


def test_an_account_that_is_bound_no_more_gives_nothing(
    world: World, back_end: BackEnd, anna: Account, phone: Phone
) -> None:
    begun = back_end.approved(phone)
    change_external_id(anna.id, BACKEND, None, now=world.now)
    assert back_end.error(begun["auth_req_id"]) == "access_denied"


def test_an_account_that_was_frozen_meanwhile_gives_nothing(
    world: World, back_end: BackEnd, anna: Account, phone: Phone
) -> None:
    begun = back_end.ask()[2]
    approve(world, phone, begun)
    freeze_account(anna.id, operator="petra", now=world.now)
    assert back_end.error(begun["auth_req_id"]) == "access_denied"
