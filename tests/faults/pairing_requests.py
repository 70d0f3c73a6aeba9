"""What two phones of one person ask: all that has to hold if an answer of AWS gets lost on the way."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from tests.faults.exchange import Case, Exchange
from tests.faults.person import Person, expect, newcomer

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.world import Phone, World

KEYS, VERIFY = "POST /v1/keys", "POST /v1/keys/{registration_id}/verify"
DECIDE = "POST /v1/approvals/{login_id}"


def registering_another(world: World) -> Exchange:
    """Step 3 of a further phone: no SMS."""
    anna = newcomer(world)
    old, new, texts = anna.phone(), world.new_phone(), len(anna.texts())

    def holds(exchange: Exchange) -> None:
        assert len(anna.texts()) == texts
        expect(anna.ask(old, *anna.letting_in(old, exchange.last.body)), "200")
        expect(anna.ask(new, *anna.confirmation(new, exchange.last.body)), "201")

    return _exchange(anna, new, ("POST", "/v1/keys", anna.new_key(new)), {"202"}, holds)


def letting_in(world: World) -> Exchange:
    """The old phone signs for what the new one shows."""
    anna, old, new, registered = _waiting(world)

    def holds(exchange: Exchange) -> None:
        assert exchange.last.body == {"status": "approved"}
        expect(anna.ask(new, *anna.confirmation(new, registered)), "201")

    return _exchange(anna, old, anna.letting_in(old, registered), {"200"}, holds)


def showing_a_wrong_code(world: World) -> Exchange:
    """One strike."""
    anna, old, new, registered = _waiting(world)

    def holds(_: Exchange) -> None:
        expect(anna.ask(new, *anna.confirmation(new, registered)), "403 registration_declined")

    asked = anna.letting_in(old, registered, "00000000")
    return _exchange(anna, old, asked, {"422 pairing_code_wrong"}, holds)


def keeping_out(world: World) -> Exchange:
    """Not me: the address is blocked with the decision."""
    anna, old, new, registered = _waiting(world)

    def holds(exchange: Exchange) -> None:
        assert exchange.last.body == {"status": "denied"}
        expect(anna.ask(new, *anna.confirmation(new, registered)), "403 registration_declined")
        expect(anna.log_in(), "429 source_blocked")

    asked = ("POST", f"/v1/approvals/{registered['registration_id']}", {"decision": "deny", "reason": "not_me"})
    return _exchange(anna, old, asked, {"200"}, holds)


def coming_in(world: World) -> Exchange:
    """Step 4 of a further phone."""
    anna, old, new, registered = _waiting(world)
    expect(anna.ask(old, *anna.letting_in(old, registered)), "200")

    def holds(exchange: Exchange) -> None:
        assert exchange.last.body["device_id"] == new.key.thumbprint
        devices = expect(anna.ask(old, "GET", "/v1/devices"), "200")["devices"]
        assert {one["device_id"] for one in devices} == {old.key.thumbprint, new.key.thumbprint}

    return _exchange(anna, new, anna.confirmation(new, registered), {"201"}, holds)


def taking_the_old_one_out(world: World) -> Exchange:
    """The new phone, for which the old one has signed that it leaves, asks after its first login."""
    anna, old, new, registered = _waiting(world)
    expect(anna.ask(old, *anna.letting_in(old, registered, retire=True)), "200")
    new.account_id = expect(anna.ask(new, *anna.confirmation(new, registered)), "201")["account_id"]
    login = expect(anna.log_in(), "201")
    expect(anna.ask(new, *anna.approval(new, login)), "200")
    expect(anna.complete(login), "200")

    def holds(exchange: Exchange) -> None:
        assert exchange.last.body == {"approvals": []}
        devices = expect(anna.ask(new, "GET", "/v1/devices"), "200")["devices"]
        states = {one["device_id"]: one["state"] for one in devices}
        assert states == {old.key.thumbprint: "revoked", new.key.thumbprint: "active"}
        expect(anna.ask(old, "GET", "/v1/approvals"), "401 device_revoked")

    return _exchange(anna, new, ("GET", "/v1/approvals", None), {"200"}, holds)


def _exchange(
    person: Person, phone: Phone, asked: tuple[str, str, Any], right: set[str], holds: Callable[[Exchange], None]
) -> Exchange:
    return Exchange(person, person.signed(phone, *asked), partial(person.ask, phone, *asked), right, holds)


def _waiting(world: World) -> tuple[Person, Phone, Phone, dict[str, Any]]:
    anna = newcomer(world)
    old, new = anna.phone(), world.new_phone()
    return anna, old, new, expect(anna.ask(new, "POST", "/v1/keys", anna.new_key(new)), "202")


PAIRING_CASES = [
    Case(KEYS, registering_another),
    Case(KEYS, registering_another, {"PENDING_LOGINS": 1}, scarce=True),
    Case(DECIDE, letting_in),
    Case(DECIDE, showing_a_wrong_code),
    Case(DECIDE, keeping_out),
    Case(VERIFY, coming_in),
    Case("GET /v1/approvals", taking_the_old_one_out),
    Case(VERIFY, coming_in, {"DEVICES_PER_ACCOUNT": 2}, scarce=True),
]
