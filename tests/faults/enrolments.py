"""Registering, asking for another code and confirming it, as requests that can be cut anywhere and sent again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import convert

from register_key.step import resend_code, to_response
from smartident.accounts.audit_log import AuditRecordRow
from smartident.accounts.item.row import AccountRow
from smartident.enrolment.issue import confirm_issued_code, issue_enrolment_code
from smartident.errors import Refusal
from smartident_client.answers import Registration as Registered
from tests.faults.sabotage import Play
from tests.support.enrolment import code_id, devices, other_code, start
from tests.support.scenarios import NOT_ME
from tests.support.world import World
from verify_sms.step import finish_registration

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident.accounts.account import Account


def refusal(ask: Any, *args: Any, **members: Any) -> str:
    """The code that a request is refused with."""
    try:
        ask(*args, **members)
    except Refusal as refused:
        return refused.code
    return "ok"


def records(account: Account, kind: str) -> int:
    """How often something stands in the records of an account."""
    rows = AuditRecordRow.query(account.id, AuditRecordRow.sk.startswith("RECORD#"))
    return [row.type for row in rows].count(kind)


def item_of(account: Account) -> AccountRow:
    """The account's item, as it lies in the table."""
    return AccountRow.get(account.id, "ACCOUNT", consistent_read=True)


def codes_to(world: World, account: Account) -> list[str]:
    """The codes of the SMS that an account got, the first first."""
    return [text[:6] for to, text in world.sms.sent if to == account.phone]


def later_if_doubtful(world: World, act: Callable[[], Any], answer: Any) -> Any:
    """The answer; who is told to wait, because nobody knows whether the SMS went out, asks again then."""
    if answer != "too_many_attempts":
        return answer
    world.later(30)
    return act()


def registering(world: World) -> Play:
    """Step 3: each SMS beyond the first was sent in doubt about one before, and bears the same code."""
    anna, phone = world.account(), world.new_phone()
    request = phone.new_key_request("/v1/keys", b"{}", now=world.now)
    doubts: list[str] = []

    def act() -> Any:
        try:
            return start(world, anna, phone, request)
        except BaseException:
            doubts[:] = codes_to(world, anna)
            raise

    def holds(answer: Any) -> None:
        registration = later_if_doubtful(world, act, answer)
        assert item_of(anna).failed_attempts.as_dict() == {}
        sent = codes_to(world, anna)
        assert len(set(sent)) == 1
        assert len(sent) <= len(doubts) + 1
        registered = convert(to_response(registration), Registered)
        assert world.verify(registered, phone) == phone.key.thumbprint

    return Play(act, holds)


def resending(world: World) -> Play:
    """A new code, between steps 3 and 4."""
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    world.later(30)
    request = phone.new_key_request("/x", now=world.now)
    doubts: list[str] = []

    def act() -> Any:
        try:
            return resend_code(registered.registration_id, request=request, sms=world.sms, now=world.now)
        except BaseException:
            doubts[:] = codes_to(world, anna)[1:]
            raise

    def holds(answer: Any) -> None:
        later_if_doubtful(world, act, answer)
        first, *again = codes_to(world, anna)
        assert len(set(again)) == 1
        assert first not in again
        assert len(again) <= len(doubts) + 1
        assert refusal(world.verify, registered, phone, first) == "code_wrong"
        assert world.verify(registered, phone) == phone.key.thumbprint

    return Play(act, holds)


def verifying(world: World) -> Play:
    """Step 4."""
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    confirmation = world.confirmation(registered, phone, world.sms.code())
    request = phone.new_key_request(f"/v1/keys/{registered.registration_id}/verify", b"{}", now=world.now)

    def act() -> Any:
        return finish_registration(registered.registration_id, confirmation, request=request, now=world.now)

    def holds(answer: Any) -> None:
        assert answer[1].id == phone.key.thumbprint
        assert (len(devices(anna.id)), item_of(anna).active_devices, records(anna, "device_registered")) == (1, 1, 1)

    return Play(act, holds)


def registering_by_code(world: World) -> Play:
    """Step 3 with an enrolment code."""
    anna, phone = world.account(), world.new_phone()
    code = issue_enrolment_code(anna.id, issued_by="petra", now=world.now).code
    request = phone.new_key_request("/v1/keys", b"{}", now=world.now)

    def holds(answer: Any) -> None:
        assert item_of(anna).failed_attempts.as_dict() == {}
        registered = convert(to_response(answer), Registered)
        assert world.verify(registered, phone) == phone.key.thumbprint

    return Play(partial(start, world, anna, phone, request, password=None, enrolment_code=code), holds)


def verifying_by_code(world: World) -> Play:
    """Step 4 after an enrolment code: it lets one phone in, and is used up with it."""
    anna, phone, other = world.account(), world.new_phone(), world.new_phone()
    code = issue_enrolment_code(anna.id, issued_by="petra", now=world.now).code
    registered, rival = world.enrol(anna, phone, code), world.enrol(anna, other, code)

    def holds(answer: Any) -> None:
        assert answer == phone.key.thumbprint
        assert (records(anna, "enrolment_code_used"), records(anna, "device_registered")) == (1, 1)
        assert refusal(world.verify, rival, other) == "registration_expired"

    return Play(partial(world.verify, registered, phone), holds)


def issuing_a_code(world: World) -> Play:
    """An operator issues a code: the one that was told is the one that counts."""
    anna, phone = world.account(), world.new_phone()

    def holds(answer: Any) -> None:
        world.verify(world.enrol(anna, phone, answer.code), phone)

    return Play(partial(issue_enrolment_code, anna.id, issued_by="petra", now=world.now), holds)


def confirming_a_code(world: World) -> Play:
    """A second operator confirms a code."""
    anna, phone = world.account(), world.new_phone()
    issued = issue_enrolment_code(anna.id, issued_by="petra", two_operators=True, now=world.now)

    def holds(answer: Any) -> None:
        assert (answer, records(anna, "enrolment_code_confirmed")) == (issued.expires_at, 1)
        world.verify(world.enrol(anna, phone, issued.code), phone)

    return Play(partial(confirm_issued_code, anna.id, code_id(anna), confirmed_by="otto", now=world.now), holds)


def waiting_for_a_lost_phone(world: World) -> Play:
    """A right SMS code beside another phone begins one wait, which is told once."""
    world.set(LOST_PHONE_DELAY=48)
    anna = world.account(email="anna@example.test")
    world.phone(anna)
    phone = world.new_phone()
    registered = world.register(anna, phone, lost_phone=True)
    code = world.sms.code()

    def holds(answer: Any) -> None:
        assert (answer, records(anna, "registration_delayed")) == ("registration_waiting", 1)
        world.later(48 * 3600)
        assert world.verify(registered, phone, code) == phone.key.thumbprint

    return Play(partial(refusal, world.verify, registered, phone, code), holds)


def stopping_a_lost_phone(world: World) -> Play:
    """The old phone stops one that waits, whenever the answer got lost."""
    world.set(LOST_PHONE_DELAY=48)
    anna = world.account(email="anna@example.test")
    old = world.phone(anna)
    phone = world.new_phone()
    registered = world.register(anna, phone, lost_phone=True)
    code = world.sms.code()
    assert refusal(world.verify, registered, phone, code) == "registration_waiting"

    def holds(answer: Any) -> None:
        assert (answer, records(anna, "registration_stopped")) == ("denied", 1)
        world.later(48 * 3600)
        assert refusal(world.verify, registered, phone, code) == "registration_expired"

    return Play(partial(world.decide, old, registered.registration_id, NOT_ME), holds)


def verifying_wrongly(world: World) -> Play:
    """Step 4 with a wrong code: no try goes uncounted."""
    anna, phone = world.account(), world.new_phone()
    registered = world.register(anna, phone)
    code = world.sms.code()

    def holds(answer: Any) -> None:
        assert answer == "code_wrong"
        assert world.verify(registered, phone, code) == phone.key.thumbprint

    return Play(partial(world.verify, registered, phone, other_code(code)), holds)


ENROLMENTS = [
    *(registering, resending, verifying, verifying_wrongly),
    *(registering_by_code, verifying_by_code, issuing_a_code, confirming_a_code),
    *(waiting_for_a_lost_phone, stopping_a_lost_phone),
]
