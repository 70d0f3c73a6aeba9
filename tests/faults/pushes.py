"""Subscribing to push messages and waking phones, cut anywhere: nothing stays half done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from push.step import wake
from push_subscription.step import subscribe, unsubscribe
from smartident.push.push_service import PushAnswer
from smartident.push.subscription import read_subscription
from tests.faults.sabotage import Play
from tests.support.push_service import PaperPushService, changes, subscribed, subscription_ask

if TYPE_CHECKING:
    from tests.support.world import World


def subscribing_to_push(world: World) -> Play:
    """The phone is woken at what it asked for last."""
    phone = world.phone(world.account())
    path, ask = f"/v1/devices/{phone.key.thumbprint}/push", subscription_ask("https://fcm.googleapis.com/x")

    def act() -> None:
        request = phone.request("PUT", path, b"{}", now=world.now)
        subscribe(phone.key.thumbprint, ask, language="de", request=request, now=world.now)

    def holds(_: Any) -> None:
        kept = read_subscription(phone.account_id, phone.key.thumbprint)
        assert kept is not None
        assert (kept.endpoint, kept.p256dh) == (ask.endpoint, ask.keys.p256dh)

    return Play(act, holds)


def unsubscribing_from_push(world: World) -> Play:
    """The phone is woken no more."""
    world.stop_the_clock()
    phone = world.phone(world.account())
    subscribed(world, phone)
    path = f"/v1/devices/{phone.key.thumbprint}/push"

    def act() -> None:
        unsubscribe(phone.key.thumbprint, request=phone.request("DELETE", path, now=world.now), now=world.now)

    def holds(_: Any) -> None:
        assert read_subscription(phone.account_id, phone.key.thumbprint) is None

    return Play(act, holds)


def waking(world: World) -> Play:
    """One browser is gone and is forgotten, the other one is woken: twice, rather than never."""
    world.stop_the_clock()
    anna = world.account()
    phone = world.phone(anna)
    other = world.paired_phone(phone, anna)
    gone, there = subscribed(world, phone), subscribed(world, other)
    started = world.start(anna)
    service = PaperPushService()
    service.answers[gone.endpoint] = PushAnswer(410)
    ((pk, sk),) = [key for key in changes() if key[1] == f"LOGIN#{started.login.part}"]

    def act() -> int:
        return wake(pk, sk, service=service, now=world.now)

    def holds(woken: Any) -> None:
        assert woken == 1
        assert read_subscription(anna.id, phone.key.thumbprint) is None
        assert [one.endpoint for one in service.sent].count(there.endpoint) >= 1
        assert world.listed(other)

    return Play(act, holds)


PUSH_PLAYS = [subscribing_to_push, unsubscribing_from_push, waking]
