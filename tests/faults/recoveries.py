"""Recovery codes made, typed back and used, cut anywhere and sent again: no code is lost, and none counts twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import convert

from register_key.step import to_response
from smartident_client.answers import Registration
from tests.faults.enrolments import records, refusal
from tests.faults.sabotage import Play
from tests.support.passkey_policy import choose, with_two_passkeys
from tests.support.recovery import begin, codes, left, make, recover, recovered_phone, type_back
from verify_sms.step import finish_registration

if TYPE_CHECKING:
    from tests.support.world import World


def making_codes(world: World) -> Play:
    """Whatever set the phone is shown last can be confirmed, and the one before counts until then."""
    anna = world.account()
    phone = world.phone(anna)
    before = codes(world, phone)

    def holds(made: Any) -> None:
        recovered_phone(world, anna, before[0])
        assert type_back(world, phone, made)["left"] == 10
        assert refusal(recover, world, anna, world.new_phone(), before[1]) == "recovery_refused"

    return Play(lambda: make(world, phone), holds)


def typing_a_code_back(world: World) -> Play:
    """Once on record."""
    anna = world.account()
    phone = world.phone(anna)
    made = make(world, phone)

    def holds(answer: Any) -> None:
        assert answer == left(world, phone) == {"left": 10, "made_at": world.now}
        assert records(anna, "recovery_codes_made") == 1
        recovered_phone(world, anna, made["codes"][0])

    return Play(lambda: type_back(world, phone, made), holds)


def losing_every_passkey(world: World) -> Play:
    """Where only passkeys log in, the wait for the phone begins once, and is told once."""
    owner = with_two_passkeys(world)
    code = codes(world, owner.phone)[0]
    choose(world, owner.session)
    new = world.new_phone()
    request = new.new_key_request("/v1/keys", b"{}", now=world.now)

    def holds(answer: Any) -> None:
        assert answer == "recovery_delayed"
        assert records(owner.account, "passkey_only_ending") == 1
        world.later(24 * 3600)
        assert world.start(owner.account)

    return Play(lambda: refusal(begin, world, owner.account, new, code, request=request), holds)


def registering_by_code(world: World) -> Play:
    """No SMS, and no code is used up."""
    anna = world.account()
    old, new = world.phone(anna), world.new_phone()
    code, sent = codes(world, old)[0], len(world.sms)
    request = new.new_key_request("/v1/keys", b"{}", now=world.now)

    def holds(answer: Any) -> None:
        assert (len(world.sms), left(world, old)["left"]) == (sent, 10)
        world.verify(convert(to_response(answer), Registration), new)
        assert left(world, old)["left"] == 9

    return Play(lambda: begin(world, anna, new, code, request=request), holds)


def coming_in_by_code(world: World) -> Play:
    """One code is used up."""
    anna = world.account()
    old, new = world.phone(anna), world.new_phone()
    registered = recover(world, anna, new, codes(world, old)[0])
    ask = world.confirmation(registered, new, None)
    request = new.new_key_request(f"/v1/keys/{registered.registration_id}/verify", b"{}", now=world.now)

    def holds(answer: Any) -> None:
        assert answer[1].id == new.key.thumbprint
        assert left(world, old)["left"] == 9
        assert records(anna, "recovery_used") == 1

    return Play(lambda: finish_registration(registered.registration_id, ask, request=request, now=world.now), holds)


RECOVERIES = [making_codes, typing_a_code_back, registering_by_code, losing_every_passkey, coming_in_by_code]
