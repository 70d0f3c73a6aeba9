"""A push service on paper: what it was sent can be read, and it can answer what real ones do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msgspec import convert

from push.step import wake
from push_subscription.step import WebPushSubscription
from smartident.push.push_service import PushAnswer
from smartident.push.vapid import application_server_key
from smartident_client.push import PushSubscription
from tests.support.stored_items import items

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.support.world import Phone, World

ENDPOINT = "https://fcm.googleapis.com/fcm/send/{}"


@dataclass(frozen=True)
class Pushed:
    """One message as it reached the push service."""

    endpoint: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class PaperPushService:
    """Writes messages down; `answers` says what it answers, by endpoint."""

    sent: list[Pushed] = field(default_factory=list)
    answers: dict[str, PushAnswer] = field(default_factory=dict)

    def post(self, endpoint: str, headers: Mapping[str, str], body: bytes) -> PushAnswer:
        """Write it down."""
        self.sent.append(Pushed(endpoint, headers, body))
        return self.answers.get(endpoint, PushAnswer(201))

    def __len__(self) -> int:
        return len(self.sent)


def subscribed(world: World, phone: Phone, *, endpoint: str = "", language: str = "de") -> PushSubscription:
    """A phone's browser that has subscribed."""
    made = PushSubscription.make(endpoint or ENDPOINT.format(phone.key.thumbprint))
    path = f"/v1/devices/{phone.key.thumbprint}/push"
    status, _, told = world.send(phone, "GET", path)
    assert status == 200
    ask = made.ask(told["application_server_key"])
    assert world.send(phone, "PUT", path, ask, headers={"accept-language": language})[0] == 204
    return made


def changes() -> list[tuple[str, str]]:
    """The keys of all items, as the stream would bring them."""
    return [(one["pk"]["S"], one["sk"]["S"]) for one in items()]


def wake_all(world: World, service: PaperPushService, prefix: str) -> int:
    """Bring the changes whose sort key begins so; how many phones were woken."""
    return sum(wake(pk, sk, service=service, now=world.now) for pk, sk in changes() if sk.startswith(prefix))


def subscription_ask(endpoint: str) -> WebPushSubscription:
    """What a phone asks for whose browser subscribed there."""
    return convert(PushSubscription.make(endpoint).ask(application_server_key()), WebPushSubscription)
