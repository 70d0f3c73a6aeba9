"""Events out: the operator's own programs hear what happened to an account, at least once and by the same id."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from notify.handler import handler
from notify.step import publish_event
from smartident.admin.change import change_external_id, change_password
from smartident.admin.erase import erase_account
from smartident.errors import ServiceUnavailable
from smartident.freeze.freeze import freeze_account
from smartident.notices.outbox import NoticeRow
from smartident.notify.event_bridge import EventBridge
from smartident_laptop.runtime.container import LambdaContext
from tests.support.concurrency import at_once
from tests.support.iam_roles import EVENT_BUS
from tests.support.postman import Postman, outbox, queued
from tests.support.stored_items import everything
from tests.support.world import NOW, World

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smartident.accounts.account import Account

CONTEXT = LambdaContext("Notify", 512, 30, "a-request")


@dataclass
class PaperBus:
    """A bus on paper."""

    sent: list[Mapping[str, object]] = field(default_factory=list)
    fails: bool = False

    def send(self, event: Mapping[str, object]) -> None:
        """Write it down."""
        if self.fails:
            raise ServiceUnavailable("the bus is full")
        self.sent.append(event)

    def hears(self, world: World) -> list[str]:
        """Bring all that stands in the outbox, oldest first; what was heard of it."""
        for account_id, sort_key in outbox():
            publish_event(account_id, sort_key, bus=self, now=world.now)
        return [str(event["type"]) for event in self.sent]


@pytest.fixture
def bus(world: World) -> PaperBus:
    world.set(EVENT_BUS=EVENT_BUS)
    return PaperBus()


@pytest.fixture
def anna(world: World) -> Account:
    return world.account(email="anna@example.org")


def test_programs_hear_of_a_device_a_freeze_and_a_password_each_once(
    world: World, bus: PaperBus, anna: Account
) -> None:
    world.phone(anna)
    change_password(anna.id, "Sieben-Kamele-77", now=world.now + 1)
    freeze_account(anna.id, operator="petra", now=world.now + 2)
    for _ in range(3):
        assert bus.hears(world) == ["device_registered", "password_changed", "account_frozen"]
    assert len({event["id"] for event in bus.sent}) == 3


def test_an_event_says_what_happened_to_whom_and_nothing_that_opens_anything(
    world: World, bus: PaperBus, anna: Account
) -> None:
    change_password(anna.id, "Sieben-Kamele-77", now=world.now)
    bus.hears(world)
    (event,) = bus.sent
    told = {"version": 1, "type": "password_changed", "account_id": anna.id, "at": world.now, "by": "operator"}
    assert event == {**told, "id": event["id"]}


@pytest.mark.parametrize("name", ["K-1", None])
def test_a_mapping_names_the_client_and_what_it_calls_the_account(
    world: World, bus: PaperBus, anna: Account, name: str | None
) -> None:
    change_external_id(anna.id, "financeapp", "K-0", now=world.now)
    change_external_id(anna.id, "financeapp", name, now=world.now + 1)
    bus.hears(world)
    assert (bus.sent[-1]["client_id"], bus.sent[-1]["external_id"]) == ("financeapp", name)
    postman = Postman(world)
    assert set(postman.round()) == {"sent"}
    assert postman.addresses == []


def test_what_the_bus_did_not_take_comes_again(world: World, bus: PaperBus, anna: Account) -> None:
    change_password(anna.id, "Sieben-Kamele-77", now=world.now)
    bus.fails = True
    with pytest.raises(ServiceUnavailable):
        bus.hears(world)
    bus.fails = False
    assert bus.hears(world) == ["password_changed"]


def test_an_event_whose_note_got_lost_comes_again_by_the_same_id(world: World, bus: PaperBus, anna: Account) -> None:
    change_password(anna.id, "Sieben-Kamele-77", now=world.now)
    world.aws.fails("UpdateItem", "ThrottlingException")
    bus.hears(world)
    world.aws.mends()
    assert bus.hears(world) == ["password_changed", "password_changed"]
    assert len({event["id"] for event in bus.sent}) == 1


def test_a_notice_that_was_forgotten_is_no_event(world: World, bus: PaperBus) -> None:
    publish_event("nobody", "NOTICE#x-not_me", bus=bus, now=world.now)
    assert bus.sent == []


def test_of_an_account_erased_while_its_event_goes_out_nothing_comes_back(
    world: World, bus: PaperBus, anna: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_password(anna.id, "Sieben-Kamele-77", now=world.now)
    erase = partial(erase_account, anna.id, number=anna.number, email=anna.email)
    # By the operator, beside the function and not within its role.
    monkeypatch.setattr(bus, "send", lambda _: at_once(erase))
    bus.hears(world)
    assert outbox() == []
    assert [pk for pk, _ in everything() if pk == anna.id] == []


def test_without_a_bus_nobody_hears_anything(world: World, anna: Account) -> None:
    bus = PaperBus()
    change_password(anna.id, "Sieben-Kamele-77", now=world.now)
    assert bus.hears(world) == []


def test_without_a_sender_programs_hear_and_people_do_not(world: World, bus: PaperBus, anna: Account) -> None:
    world.set(NOTICE_SENDER="")
    change_password(anna.id, "Sieben-Kamele-77", now=world.now)
    assert bus.hears(world) == ["password_changed"]
    postman = Postman(world)
    assert (postman.round(), postman.addresses) == (["sent"], [])


def test_eventbridge_gets_it_as_the_stream_brings_it(world: World, anna: Account) -> None:
    """Rules of a program match `source` and `detail-type`."""
    events: Any = boto3.client("events")
    with suppress(events.exceptions.ResourceAlreadyExistsException):
        events.create_event_bus(Name=EVENT_BUS)
    world.set(EVENT_BUS=EVENT_BUS, NOTICE_SENDER="")
    change_password(anna.id, "Sieben-Kamele-77", now=NOW)
    assert handler(queued(*outbox()), CONTEXT) == {"batchItemFailures": []}
    (put,) = (call for call in world.aws.calls if call.operation == "PutEvents")
    (entry,) = put.ask["Entries"]
    bus = (entry["EventBusName"], entry["Source"], entry["DetailType"])
    assert bus == (EVENT_BUS, "smartident", "password_changed")
    detail: dict[str, Any] = json.loads(entry["Detail"])
    assert (detail["type"], detail["account_id"], detail["at"]) == ("password_changed", anna.id, NOW)
    (key,) = outbox()
    assert NoticeRow.get(*key).published_at is not None


def test_a_bus_that_takes_only_some_is_asked_again(world: World) -> None:
    world.set(EVENT_BUS=EVENT_BUS)
    world.aws.tells("PutEvents", {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "InternalFailure"}]})
    with pytest.raises(ServiceUnavailable):
        EventBridge().send({"type": "not_me", "at": NOW})
