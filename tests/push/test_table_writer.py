"""Who can only write the table has a phone woken in vain, or not at all: a subscription grants nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartident.push.subscription import PushSubscriptionRow
from smartident_client import base64url
from smartident_client.push import PushSubscription
from tests.support.push_service import PaperPushService, subscribed, wake_all
from tests.threats.test_table_writer import Writer, alarm

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.scenarios import Scene
    from tests.support.world import Phone, World

LOGIN = "LOGIN#"
CROOK = "https://fcm.googleapis.com/fcm/send/crook"


@pytest.fixture(autouse=True)
def stopped_clock(world: World) -> None:
    world.stop_the_clock()


@pytest.fixture
def service() -> PaperPushService:
    return PaperPushService()


@pytest.fixture
def writer() -> Writer:
    return Writer()


def row_of(phone: Phone) -> PushSubscriptionRow:
    """The item of a phone's subscription."""
    return PushSubscriptionRow.get(phone.account_id, f"PUSH#{phone.key.thumbprint}", consistent_read=True)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://crook.example/",
        "https://fcm.googleapis.com.crook.example/",
        "http://fcm.googleapis.com/",
        "https://10.0.0.1/",
        "https://fcm.googleapis.com:8443/",
        "https://fcm.googleapis.com@crook.example/",
        "",
    ],
)
def test_ssrf_a_subscription_re_pointed_at_a_crooks_host_sends_nothing(
    scene: Scene, service: PaperPushService, writer: Writer, endpoint: str
) -> None:
    world, phone = scene.world, scene.phone
    subscribed(world, phone)
    writer.alter(row_of(phone), endpoint=endpoint)
    assert wake_all(world, service, LOGIN) == 0
    assert len(service) == 0
    assert len(world.listed(phone)) == 1


def test_a_subscription_re_pointed_at_a_crooks_browser_tells_him_that_something_waits(
    world: World, service: PaperPushService, writer: Writer, anna: Account, phone: Phone
) -> None:
    """Neither what, nor where, nor whose; the phone still lists it, and alone decides."""
    subscribed(world, phone)
    crook = PushSubscription.make(CROOK)
    p256dh, auth = (base64url.encode(one) for one in (crook.p256dh, crook.auth))
    writer.alter(row_of(phone), endpoint=CROOK, p256dh=p256dh, auth=auth)
    started = world.start(anna)
    with alarm():
        assert wake_all(world, service, LOGIN) == 1
    (sent,) = service.sent
    read = str(crook.read(sent.body))
    assert "Eine Anfrage wartet" in read
    for told in (started.login.id, anna.id, anna.number, started.token, phone.key.thumbprint):
        assert told not in read
    assert len(world.listed(phone)) == 1


def test_a_subscription_put_into_another_account_wakes_nobody(
    world: World, service: PaperPushService, writer: Writer, anna: Account, phone: Phone
) -> None:
    subscribed(world, phone)
    thief = world.phone(world.account())
    subscribed(world, thief, endpoint=CROOK)
    writer.put(writer.item(row_of(thief)) | {"pk": {"S": anna.id}})
    world.start(anna)
    assert wake_all(world, service, LOGIN) == 1
    assert [one.endpoint for one in service.sent] != [CROOK]
