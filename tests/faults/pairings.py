"""A new phone by an old one, as requests that can be cut anywhere and sent again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import convert
from msgspec.json import encode

from approve.step import decide_login, list_approvals
from register_key.step import to_response
from smartident.approvals.decide import Approve, Deny
from smartident_client.answers import Registration as Registered
from tests.faults.enrolments import item_of, records, refusal
from tests.faults.sabotage import Play
from tests.support.enrolment import active, start
from tests.support.scenarios import NOT_ME
from tests.support.world import HERE, World
from verify_sms.step import finish_registration

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.world import Phone


def registering_another(world: World) -> Play:
    """Step 3 of a further phone: no SMS, and one request on the old phone."""
    anna = world.account()
    old, new, sent = world.phone(anna), world.new_phone(), len(world.sms)
    request = new.new_key_request("/v1/keys", b"{}", now=world.now)

    def act() -> Any:
        return start(world, anna, new, request)

    def holds(answer: Any) -> None:
        registered = convert(to_response(answer), Registered)
        assert len(world.sms) == sent
        assert len(world.listed(old)) == 1
        assert records(anna, "pairing_started") == 1
        assert world.let_in(old, registered) == "approved"
        assert world.verify(registered, new) == new.key.thumbprint

    return Play(act, holds)


def letting_in(world: World) -> Play:
    """The old phone signs for what the new one shows."""
    anna, old, new, registered = _waiting(world)
    (waits,) = world.listed(old)
    said = Approve(old.evidence(waits["statement"], registered.pairing, now=world.now))

    def holds(answer: Any) -> None:
        assert answer == "approved"
        assert records(anna, "pairing_approved") == 1
        assert world.verify(registered, new) == new.key.thumbprint

    return Play(_deciding(world, old, registered, said), holds)


def showing_a_wrong_code(world: World) -> Play:
    """One strike."""
    anna, old, new, registered = _waiting(world)
    (waits,) = world.listed(old)
    said = Approve(old.evidence(waits["statement"], "00000000", now=world.now))

    def holds(answer: Any) -> None:
        assert answer == "pairing_code_wrong"
        assert records(anna, "pairing_declined") == 1
        assert refusal(world.verify, registered, new) == "registration_declined"

    return Play(_deciding(world, old, registered, said), holds)


def keeping_out(world: World) -> Play:
    """Not me: the address is blocked whenever the decision stands."""
    anna, old, new, registered = _waiting(world)

    def holds(answer: Any) -> None:
        assert answer == "denied"
        assert records(anna, "pairing_declined") == 1
        assert refusal(world.verify, registered, new) == "registration_declined"
        assert refusal(world.register, anna, world.new_phone()) == "source_blocked"

    return Play(_deciding(world, old, registered, NOT_ME), holds)


def coming_in(world: World) -> Play:
    """Step 4 of a further phone."""
    anna, old, new, registered = _waiting(world)
    world.let_in(old, registered)
    confirmation = world.confirmation(registered, new, None)
    request = new.new_key_request(f"/v1/keys/{registered.registration_id}/verify", b"{}", now=world.now)

    def act() -> Any:
        return finish_registration(registered.registration_id, confirmation, request=request, now=world.now)

    def holds(answer: Any) -> None:
        assert answer[1].id == new.key.thumbprint
        assert active(anna) == {old.key.thumbprint, new.key.thumbprint}
        assert records(anna, "device_registered") == 2

    return Play(act, holds)


def taking_the_old_one_out(world: World) -> Play:
    """The new phone has logged in, and the old one had signed that it leaves."""
    anna = world.account()
    old = world.phone(anna)
    new = world.paired_phone(old, anna, retire=True)
    started = world.start(anna)
    world.approve(new, started)
    world.complete(started)
    request = new.request("GET", "/v1/approvals", now=world.now)

    def holds(answer: Any) -> None:
        assert answer == {"approvals": []}
        assert active(anna) == {new.key.thumbprint}
        assert item_of(anna).active_devices == records(anna, "device_retired") == 1

    return Play(lambda: list_approvals(request=request, here=HERE, now=world.now), holds)


def _waiting(world: World) -> tuple[Account, Phone, Phone, Registered]:
    anna = world.account()
    old, new = world.phone(anna), world.new_phone()
    return anna, old, new, world.register(anna, new)


def _deciding(world: World, old: Phone, registered: Registered, said: Approve | Deny) -> Any:
    name = registered.registration_id
    request = old.request("POST", f"/v1/approvals/{name}", encode(said), now=world.now)
    return lambda: decide_login(name, said, request=request, here=HERE, push=world.push, now=world.now)


PAIRINGS = [registering_another, letting_in, showing_a_wrong_code, keeping_out, coming_in, taking_the_old_one_out]
