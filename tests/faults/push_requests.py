"""A phone lets itself be woken: each route with all that has to hold if an answer of AWS gets lost on the way."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from smartident.push.vapid import application_server_key
from smartident_client.push import PushSubscription
from tests.faults.exchange import Case, Exchange
from tests.faults.person import Person, expect, newcomer
from tests.support.push_service import ENDPOINT

if TYPE_CHECKING:
    from tests.support.world import Phone, World

PUSH = "/v1/devices/{device_id}/push"


def _scene(world: World, *, woken: bool) -> tuple[Person, Phone, str, object]:
    """Anna, her phone, where it subscribes, and to what."""
    anna = newcomer(world)
    phone = anna.phone()
    path = PUSH.format(device_id=phone.key.thumbprint)
    ask = PushSubscription.make(ENDPOINT.format("faults")).ask(application_server_key())
    if woken:
        expect(anna.ask(phone, "PUT", path, ask), "204")
    return anna, phone, path, ask


def _is_woken(person: Person, phone: Phone, path: str) -> bool:
    return expect(person.ask(phone, "GET", path), "200")["endpoint_sha256"] is not None


def _asking(world: World, method: str, *, woken: bool, then: bool, right: str) -> Exchange:
    anna, phone, path, ask = _scene(world, woken=woken)

    def holds(_: Exchange) -> None:
        assert _is_woken(anna, phone, path) is then

    asked = (method, path, ask if method == "PUT" else None)
    return Exchange(anna, anna.signed(phone, *asked), partial(anna.ask, phone, *asked), {right}, holds)


def subscribing(world: World) -> Exchange:
    """On a tap."""
    return _asking(world, "PUT", woken=False, then=True, right="204")


def unsubscribing(world: World) -> Exchange:
    """On another."""
    return _asking(world, "DELETE", woken=True, then=False, right="204")


def looking(world: World) -> Exchange:
    """When the app is opened."""
    return _asking(world, "GET", woken=True, then=True, right="200")


PUSH_CASES = [
    Case(f"PUT {PUSH}", subscribing),
    Case(f"DELETE {PUSH}", unsubscribing),
    Case(f"GET {PUSH}", looking),
]
