"""What a page asks: each route with all that has to hold if an answer of AWS gets lost on the way."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from smartident_laptop.gateway.events import message_event, now
from tests.faults.exchange import Case, Exchange
from tests.faults.person import Heard, Person, expect, newcomer
from tests.support.browser_tab import ticket

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.world import Phone, World

LOGINS, LOGIN, COMPLETE = "POST /v1/logins", "/v1/logins/{login_id}", "POST /v1/logins/{login_id}/complete"
WRONG = "Sieben-Kamele-77"


def _exchange(
    person: Person, send: Callable[[], Heard], right: set[str], holds: Callable[[Exchange], None]
) -> Exchange:
    return Exchange(person, send, send, right, holds)


def starting(world: World) -> Exchange:
    """Step 6."""
    anna = newcomer(world)
    return _starting(anna, anna.phone())


def starting_from_elsewhere(world: World) -> Exchange:
    """Step 6 from an address that the account does not know."""
    anna = newcomer(world)
    return _starting(replace(anna, address=anna.address.replace("198.18.", "198.19.")), anna.phone())


def starting_in_the_last_place(world: World) -> Exchange:
    """Step 6 where one login may wait: it may be asked for until it is heard of."""
    world.set(PENDING_LOGINS=1)
    exchange = starting(world)
    exchange.repeats_success = False
    return exchange


def _starting(anna: Person, phone: Phone) -> Exchange:
    def holds(exchange: Exchange) -> None:
        expect(anna.ask(phone, *anna.approval(phone, exchange.last.body)), "200")
        _one_session(anna, exchange.last.body)

    return _exchange(anna, anna.log_in, {"201"}, holds)


def starting_alone(world: World) -> Exchange:
    """Step 6 without two-factor."""
    jonas = newcomer(world, two_factor=False)
    return _exchange(jonas, jonas.log_in, {"201"}, lambda exchange: _one_session(jonas, exchange.last.body))


def mistyping(world: World) -> Exchange:
    """Step 6 with a wrong password: each counts once, so the right one is heard."""
    anna = newcomer(world)
    anna.phone()

    def holds(_: Exchange) -> None:
        expect(anna.log_in(), "201")

    return _exchange(anna, lambda: anna.log_in(WRONG), {"401 invalid_credentials"}, holds)


def starting_as_nobody(world: World) -> Exchange:
    """Step 6 of a name that nobody has, which is counted like one that somebody has."""
    anna = newcomer(world)
    number = f"7{anna.account.number}"

    def ask() -> Heard:
        return anna.log_in(WRONG, identifier=number)

    def holds(_: Exchange) -> None:
        expect(ask(), "401 invalid_credentials")

    return _exchange(anna, ask, {"401 invalid_credentials"}, holds)


def starting_a_decoy(world: World) -> Exchange:
    """Step 6 with a wrong password and UniformLogin."""
    anna = newcomer(world)
    phone = anna.phone()

    def holds(exchange: Exchange) -> None:
        decoys = {one.body["login_id"] for one in exchange.heard if one.body and "login_id" in one.body}
        assert decoys.isdisjoint(one["login_id"] for one in anna.listed(phone))
        expect(anna.complete(exchange.last.body), "409 login_pending")
        expect(anna.log_in(), "201")

    return _exchange(anna, lambda: anna.log_in(WRONG), {"201"}, holds)


def following(world: World) -> Exchange:
    """The page asks what became of its login."""
    anna, _, login = _waiting(world)
    path = f"/v1/logins/{login['login_id']}"

    def holds(exchange: Exchange) -> None:
        assert exchange.last.body["status"] == "pending"

    return _exchange(anna, lambda: anna.browse("GET", path, token=login["login_token"]), {"200"}, holds)


def cancelling(world: World) -> Exchange:
    """The browser gives up."""
    anna, phone, login = _waiting(world)
    path = f"/v1/logins/{login['login_id']}"

    def holds(_: Exchange) -> None:
        expect(anna.complete(login), "403 login_denied")
        assert login["login_id"] not in [one["login_id"] for one in anna.listed(phone)]

    return _exchange(anna, lambda: anna.browse("DELETE", path, token=login["login_token"]), {"204"}, holds)


def completing(world: World) -> Exchange:
    """The end of step 8: one session, told again for thirty seconds."""
    anna, login = _approved(world)

    def holds(exchange: Exchange) -> None:
        tokens = [one.body["id_token"] for one in exchange.heard if one.outcome == "200"]
        assert len({token.rpartition(".")[0] for token in tokens}) == 1
        world.later(30)
        expect(anna.complete(login), "410 login_expired")

    return _exchange(anna, lambda: anna.complete(login), {"200"}, holds)


def completing_forgets_failures(world: World) -> Exchange:
    """The end of step 8 with UniformLogin: the tries of the account are forgotten too."""
    anna, login = _approved(world)

    def holds(_: Exchange) -> None:
        for _time in range(2):
            expect(anna.log_in(), "201")

    return _exchange(anna, lambda: anna.complete(login), {"200"}, holds)


def connecting(world: World) -> Exchange:
    """The page opens its WebSocket; a ticket that went astray is followed by the next."""
    anna = newcomer(world)
    anna.phone()
    login = expect(anna.log_in(), "201")
    links = iter(range(1, 9))

    def connect() -> Heard:
        offered = ticket(login["login_id"], login["login_token"], next(links))
        return Heard(str(anna.tab().connect("smartident.v1", offered)[0]))

    exchange = _exchange(anna, connect, {"200"}, lambda _: None)
    exchange.retry = {"500", "503"}
    return exchange


def asking_the_socket(world: World) -> Exchange:
    """The page asks over its WebSocket what became of its login."""
    anna = newcomer(world)
    anna.phone()
    login = expect(anna.log_in(), "201")
    tab = anna.tab()
    assert tab.open(login["login_id"], login["login_token"]) == 200
    question = {"action": "status", "login_id": login["login_id"]}

    def ask() -> Heard:
        event = message_event(tab.connection, "$default", json.dumps(question), now())
        status, _, told = tab.send("$default", event)
        return Heard(f"{status} {(told or {}).get('code', '')}".strip(), told)

    def holds(exchange: Exchange) -> None:
        assert exchange.last.body["status"] == "pending"

    exchange = _exchange(anna, ask, {"200"}, holds)
    exchange.retry = {"500", "503"}
    return exchange


def reading_the_keys(world: World) -> Exchange:
    """Whoever verifies an id_token reads the keys."""
    anna = newcomer(world)

    def holds(exchange: Exchange) -> None:
        assert len(exchange.last.body["keys"]) == 1

    return _exchange(anna, lambda: anna.browse("GET", "/.well-known/jwks.json"), {"200"}, holds)


def _waiting(world: World) -> tuple[Person, Phone, dict[str, Any]]:
    anna = newcomer(world)
    phone = anna.phone()
    return anna, phone, expect(anna.log_in(), "201")


def _approved(world: World) -> tuple[Person, dict[str, Any]]:
    anna, phone, login = _waiting(world)
    expect(anna.ask(phone, *anna.approval(phone, login)), "200")
    return anna, login


def _one_session(person: Person, login: dict[str, Any]) -> None:
    first, second = (expect(person.complete(login), "200")["id_token"] for _ in range(2))
    assert first.rpartition(".")[0] == second.rpartition(".")[0]


UNIFORM = {"UNIFORM_LOGIN": "on"}
CASES = [
    Case(LOGINS, starting),
    Case(LOGINS, starting, {"PASSWORD_TRIES": 1}, scarce=True),
    Case(LOGINS, starting_in_the_last_place, scarce=True),
    Case(LOGINS, starting_from_elsewhere),
    Case(LOGINS, starting_from_elsewhere, {"FAILURES_PER_HOUR": 1}, scarce=True),
    Case(LOGINS, starting, UNIFORM),
    Case(LOGINS, starting_alone),
    *(Case(LOGINS, case) for case in (mistyping, starting_as_nobody)),
    *(
        Case(LOGINS, case, {limit: 3}, scarce=True)
        for case in (mistyping, starting_as_nobody)
        for limit in ("PASSWORD_TRIES", "FAILURES_PER_HOUR", "ADDRESS_FAILURES")
    ),
    Case(LOGINS, starting_a_decoy, {**UNIFORM, "PENDING_LOGINS": 9}),
    Case(LOGINS, starting_a_decoy, {**UNIFORM, "PENDING_LOGINS": 9, "PASSWORD_TRIES": 3}, scarce=True),
    Case(f"GET {LOGIN}", following),
    Case(f"DELETE {LOGIN}", cancelling),
    Case(COMPLETE, completing),
    Case(COMPLETE, completing_forgets_failures, {**UNIFORM, "PASSWORD_TRIES": 2}, scarce=True),
    Case("$connect", connecting),
    Case("$default", asking_the_socket),
    Case("GET /.well-known/jwks.json", reading_the_keys),
]
