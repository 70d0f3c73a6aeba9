"""What a phone asks: each route with all that has to hold if an answer of AWS gets lost on the way."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import to_builtins

from tests.faults.exchange import Case, Exchange
from tests.faults.person import Heard, Person, expect, newcomer
from tests.support.enrolment import other_code

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.world import Phone, World

KEYS, RESEND, VERIFY = (
    "POST /v1/keys",
    "POST /v1/keys/{registration_id}/resend",
    "POST /v1/keys/{registration_id}/verify",
)
DECIDE, DEVICE = "POST /v1/approvals/{login_id}", "/v1/devices/{device_id}"


def _exchange(
    person: Person, phone: Phone, asked: tuple[str, str, Any], right: set[str], holds: Callable[[Exchange], None]
) -> Exchange:
    return Exchange(person, person.signed(phone, *asked), partial(person.ask, phone, *asked), right, holds)


def _texted(person: Person, exchange: Exchange, before: int = 0) -> None:
    """An SMS for a 202, none twice unless nobody knows of the first, and its code is good."""
    texts = len(person.texts()) - before
    unheard = exchange.struck == "Publish" or (exchange.made_anew and len(exchange.heard) > 1)
    assert texts >= 1, "202 without an SMS"
    assert texts <= 1 + unheard, f"{texts} SMS"


def registering(world: World) -> Exchange:
    """Step 3."""
    anna, phone = newcomer(world), world.new_phone()

    def holds(exchange: Exchange) -> None:
        _texted(anna, exchange)
        expect(anna.ask(phone, *anna.confirmation(phone, exchange.last.body, anna.code())), "201")

    return _exchange(anna, phone, ("POST", "/v1/keys", anna.new_key(phone)), {"202"}, holds)


def resending(world: World) -> Exchange:
    """Another code, between steps 3 and 4."""
    anna, phone = newcomer(world), world.new_phone()
    registered = expect(anna.ask(phone, "POST", "/v1/keys", anna.new_key(phone)), "202")
    world.later(30)

    def holds(exchange: Exchange) -> None:
        _texted(anna, exchange, before=1)
        expect(anna.ask(phone, *anna.confirmation(phone, exchange.last.body, anna.code())), "201")

    path = f"/v1/keys/{registered['registration_id']}/resend"
    exchange = _exchange(anna, phone, ("POST", path, None), {"202"}, holds)
    anew = exchange.anew

    def a_little_later() -> Heard:
        world.later(30)
        return anew()

    exchange.anew = a_little_later
    return exchange


def verifying(world: World) -> Exchange:
    """Step 4."""
    anna, phone = newcomer(world), world.new_phone()
    registered = expect(anna.ask(phone, "POST", "/v1/keys", anna.new_key(phone)), "202")

    def holds(exchange: Exchange) -> None:
        phone.account_id = anna.account.id
        assert exchange.last.body["device_id"] == phone.key.thumbprint
        assert len(_devices(anna, phone)) == 1
        assert _events(anna, phone).count("device_registered") == 1

    return _exchange(anna, phone, anna.confirmation(phone, registered, anna.code()), {"201"}, holds)


def verifying_wrongly(world: World) -> Exchange:
    """Step 4 with a wrong code: each counts once."""
    anna, phone = newcomer(world), world.new_phone()
    registered = expect(anna.ask(phone, "POST", "/v1/keys", anna.new_key(phone)), "202")

    def holds(exchange: Exchange) -> None:
        expect(anna.ask(phone, *anna.confirmation(phone, registered, anna.code())), "201")

    wrong = anna.confirmation(phone, registered, other_code(anna.code()))
    return _exchange(anna, phone, wrong, {"422 code_wrong"}, holds)


def approving(world: World) -> Exchange:
    """Step 8, with a page that listens."""
    anna, phone, login = _waiting(world)
    asked = anna.approval(phone, login)

    def holds(exchange: Exchange) -> None:
        assert exchange.last.body == {"status": "approved"}
        _one_session(anna, login)

    return _exchange(anna, phone, asked, {"200"}, holds)


def mistyping_the_transfer_code(world: World) -> Exchange:
    """Step 8 with a wrong transfer code: one strike."""
    anna, phone, login = _waiting(world)
    asked = anna.approval(phone, login, other_code(login["transfer_code"].replace(" ", "")))

    def holds(_: Exchange) -> None:
        expect(anna.complete(login), "403 login_denied")

    return _exchange(anna, phone, asked, {"422 transfer_code_wrong"}, holds)


def denying(world: World) -> Exchange:
    """Step 8 of somebody who did not ask."""
    anna, phone, login = _waiting(world)
    asked = ("POST", f"/v1/approvals/{login['login_id']}", {"decision": "deny", "reason": "not_me"})

    def holds(exchange: Exchange) -> None:
        assert exchange.last.body == {"status": "denied"}
        expect(anna.complete(login), "403 login_denied")
        expect(anna.log_in(), "429 source_blocked")

    return _exchange(anna, phone, asked, {"200"}, holds)


def changing_her_mind(world: World) -> Exchange:
    """Step 8 of somebody who thought better of it."""
    anna, phone, login = _waiting(world)
    asked = ("POST", f"/v1/approvals/{login['login_id']}", {"decision": "deny", "reason": "changed_my_mind"})

    def holds(exchange: Exchange) -> None:
        assert exchange.last.body == {"status": "denied"}
        expect(anna.complete(login), "403 login_denied")
        expect(anna.log_in(), "201")

    return _exchange(anna, phone, asked, {"200"}, holds)


def listing(world: World) -> Exchange:
    """Step 7."""
    anna, phone, login = _waiting(world)

    def holds(exchange: Exchange) -> None:
        assert login["login_id"] in [one["login_id"] for one in exchange.last.body["approvals"]]

    return _exchange(anna, phone, ("GET", "/v1/approvals", None), {"200"}, holds)


def listing_devices(world: World) -> Exchange:
    """After the story: the phones of the account."""
    anna = newcomer(world)
    phone = anna.phone()

    def holds(exchange: Exchange) -> None:
        assert [one["device_id"] for one in exchange.last.body["devices"]] == [phone.key.thumbprint]

    return _exchange(anna, phone, ("GET", "/v1/devices", None), {"200"}, holds)


def listing_events(world: World) -> Exchange:
    """After the story: what happened to the account."""
    anna = newcomer(world)
    phone = anna.phone()

    def holds(exchange: Exchange) -> None:
        assert "device_registered" in [one["type"] for one in exchange.last.body["events"]]

    return _exchange(anna, phone, ("GET", "/v1/events", None), {"200"}, holds)


def renaming(world: World) -> Exchange:
    """A phone gets another name."""
    anna = newcomer(world)
    phone = anna.phone()

    def holds(exchange: Exchange) -> None:
        assert [one["name"] for one in _devices(anna, phone)] == ["Neu"]
        assert 1 <= _events(anna, phone).count("device_renamed") <= len(exchange.heard)

    asked = ("PATCH", f"/v1/devices/{phone.key.thumbprint}", {"name": "Neu"})
    return _exchange(anna, phone, asked, {"200"}, holds)


def revoking(world: World) -> Exchange:
    """A phone revokes another, which has approved a login."""
    anna, phone, login = _waiting(world)
    lost = anna.phone(beside=phone)
    expect(anna.ask(lost, *anna.approval(lost, login)), "200")

    def holds(_: Exchange) -> None:
        expect(anna.complete(login), "403 login_denied")
        expect(anna.ask(lost, "GET", "/v1/approvals"), "401 device_revoked")
        assert [one["device_id"] for one in _devices(anna, phone)] == [phone.key.thumbprint]
        assert _events(anna, phone).count("device_revoked") == 1

    path, ask = f"/v1/devices/{lost.key.thumbprint}/revoke", world.revocation(phone, lost.key.thumbprint)
    return _exchange(anna, phone, ("POST", path, to_builtins(ask)), {"204"}, holds)


def revoking_itself(world: World) -> Exchange:
    """A phone revokes itself: from then on it is none, also to itself."""
    anna = newcomer(world)
    phone = anna.phone()
    other = anna.phone(beside=phone)

    def holds(_: Exchange) -> None:
        assert [one["device_id"] for one in _devices(anna, other)] == [other.key.thumbprint]
        assert _events(anna, other).count("device_revoked") == 1

    exchange = _exchange(anna, phone, ("DELETE", f"/v1/devices/{phone.key.thumbprint}", None), {"204"}, holds)
    exchange.again = {"401 device_revoked"}
    return exchange


def _waiting(world: World) -> tuple[Person, Phone, dict[str, Any]]:
    """Anna, her phone, and a login whose page listens."""
    anna = newcomer(world)
    phone = anna.phone()
    login = expect(anna.log_in(), "201")
    assert anna.tab().open(login["login_id"], login["login_token"]) == 200
    return anna, phone, login


def _one_session(person: Person, login: dict[str, Any]) -> None:
    first, second = (expect(person.complete(login), "200")["id_token"] for _ in range(2))
    assert first.rpartition(".")[0] == second.rpartition(".")[0]


def _devices(person: Person, phone: Phone) -> list[dict[str, Any]]:
    devices = expect(person.ask(phone, "GET", "/v1/devices"), "200")["devices"]
    return [one for one in devices if one["state"] == "active"]


def _events(person: Person, phone: Phone) -> list[str]:
    return [one["type"] for one in expect(person.ask(phone, "GET", "/v1/events"), "200")["events"]]


CASES = [
    Case(KEYS, registering),
    *(
        Case(KEYS, registering, {limit: 1}, scarce=True)
        for limit in (
            "SMS_PER_ACCOUNT_DAY",
            "SMS_PER_PHONE_DAY",
            "SMS_PER_PREFIX_DAY",
            "PASSWORD_TRIES",
            "FAILURES_PER_HOUR",
        )
    ),
    Case(RESEND, resending),
    *(Case(RESEND, resending, {limit: 2}, scarce=True) for limit in ("SMS_PER_ACCOUNT_DAY", "SMS_PER_REGISTRATION")),
    Case(VERIFY, verifying),
    Case(VERIFY, verifying, {"SMS_CODE_TRIES": 1}, scarce=True),
    Case(VERIFY, verifying, {"DEVICES_PER_ACCOUNT": 1}, scarce=True),
    Case(VERIFY, verifying_wrongly),
    Case("GET /v1/approvals", listing),
    Case(DECIDE, approving),
    Case(DECIDE, mistyping_the_transfer_code),
    Case(DECIDE, denying),
    Case(DECIDE, changing_her_mind),
    Case("GET /v1/devices", listing_devices),
    Case("GET /v1/events", listing_events),
    Case(f"PATCH {DEVICE}", renaming),
    Case(f"POST {DEVICE}/revoke", revoking),
    Case(f"DELETE {DEVICE}", revoking_itself),
]
