"""What a phone asks about recovery codes: all that has to hold if an answer of AWS gets lost on the way."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from smartident_client.recovery_codes import signed_recovery_codes
from tests.faults.exchange import Case, Exchange
from tests.faults.person import Person, expect, newcomer

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.world import Phone, World

CODES, CONFIRM = "/v1/recovery-codes", "/v1/recovery-codes/{set_id}/confirm"


def making(world: World) -> Exchange:
    """Ten codes, one of which can be typed back."""
    anna = newcomer(world)
    phone = anna.phone()

    def holds(exchange: Exchange) -> None:
        assert len(set(exchange.last.body["codes"])) == 10
        assert expect(anna.ask(phone, *_typed_back(exchange.last.body)), "200")["left"] == 10

    return _exchange(anna, phone, _wish(anna, phone), {"201"}, holds)


def typing_back(world: World) -> Exchange:
    """The set counts, whether the phone hears of it or not."""
    anna = newcomer(world)
    phone = anna.phone()
    made = expect(anna.ask(phone, *_wish(anna, phone)), "201")

    def holds(exchange: Exchange) -> None:
        assert exchange.last.body["left"] == 10
        assert expect(anna.ask(phone, "GET", CODES), "200") == exchange.last.body

    return _exchange(anna, phone, _typed_back(made), {"200"}, holds)


def asking(world: World) -> Exchange:
    """How many are left."""
    anna, phone, _ = _with_codes(world)

    def holds(exchange: Exchange) -> None:
        assert exchange.last.body["left"] == 10

    return _exchange(anna, phone, ("GET", CODES, None), {"200"}, holds)


def registering(world: World) -> Exchange:
    """Step 3 after a lost phone: no SMS."""
    anna, old, codes = _with_codes(world)
    new, texts = world.new_phone(), len(anna.texts())

    def holds(exchange: Exchange) -> None:
        assert len(anna.texts()) == texts
        expect(anna.ask(new, *anna.confirmation(new, exchange.last.body)), "201")
        assert expect(anna.ask(old, "GET", CODES), "200")["left"] == 9

    return _exchange(anna, new, _by_code(anna, new, codes[0]), {"202"}, holds)


def trying_a_wrong_code(world: World) -> Exchange:
    """Nobody is let in, and the right code still counts."""
    anna, _, codes = _with_codes(world)
    new = world.new_phone()

    def holds(_: Exchange) -> None:
        registered = expect(anna.ask(new, *_by_code(anna, new, codes[0])), "202")
        expect(anna.ask(new, *anna.confirmation(new, registered)), "201")

    return _exchange(anna, new, _by_code(anna, new, "0" * 16), {"401 recovery_refused"}, holds)


def coming_in(world: World) -> Exchange:
    """Step 4 after a lost phone."""
    anna, old, codes = _with_codes(world)
    new = world.new_phone()
    registered = expect(anna.ask(new, *_by_code(anna, new, codes[0])), "202")

    def holds(exchange: Exchange) -> None:
        assert exchange.last.body["device_id"] == new.key.thumbprint
        assert expect(anna.ask(old, "GET", CODES), "200")["left"] == 9

    return _exchange(anna, new, anna.confirmation(new, registered), {"201"}, holds)


def _wish(person: Person, phone: Phone) -> tuple[str, str, Any]:
    return "POST", CODES, signed_recovery_codes(phone.approval, person.account.id, now=person.world.now)


def _typed_back(made: dict[str, Any]) -> tuple[str, str, Any]:
    return "POST", CONFIRM.format(set_id=made["set_id"]), {"code": made["codes"][0]}


def _by_code(person: Person, phone: Phone, code: str) -> tuple[str, str, Any]:
    return "POST", "/v1/keys", {**person.new_key(phone), "recovery_code": code}


def _with_codes(world: World) -> tuple[Person, Phone, list[str]]:
    anna = newcomer(world)
    phone = anna.phone()
    made = expect(anna.ask(phone, *_wish(anna, phone)), "201")
    expect(anna.ask(phone, *_typed_back(made)), "200")
    return anna, phone, made["codes"]


def _exchange(
    person: Person, phone: Phone, asked: tuple[str, str, Any], right: set[str], holds: Callable[[Exchange], None]
) -> Exchange:
    return Exchange(person, person.signed(phone, *asked), partial(person.ask, phone, *asked), right, holds)


RECOVERY_CASES = [
    Case(f"POST {CODES}", making),
    Case(f"POST {CONFIRM}", typing_back),
    Case(f"GET {CODES}", asking),
    Case("POST /v1/keys", registering),
    Case("POST /v1/keys", trying_a_wrong_code),
    Case("POST /v1/keys/{registration_id}/verify", coming_in),
]
