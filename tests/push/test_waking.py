"""Phones are woken for what waits, and for nothing else; no push service costs anybody a login."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest

from smartident.admin.change import change_password
from smartident.approvals.decide import Deny
from smartident.freeze.opening import open_account
from smartident.outbound.post import Answer, NotDelivered
from smartident.push import vapid, web_push
from smartident.push.push_service import PushAnswer
from smartident.push.web_push import WebPush
from smartident_client.push import vapid_claims
from tests.retirement.retiring import Pair
from tests.support.log_lines import logged
from tests.support.postman import batch
from tests.support.push_service import ENDPOINT, PaperPushService, changes, subscribed, wake_all
from tests.support.world import URL, Phone, World

if TYPE_CHECKING:
    from smartident.accounts.account import Account

LOGIN, PAIRING, NOTICE = "LOGIN#", "DEVICE_PAIRING", "NOTICE#"
PASSWORD = "Sieben-Esel-77"
GOOD = "https://fcm.googleapis.com/fcm/send/abc"


@pytest.fixture
def service() -> PaperPushService:
    return PaperPushService()


@pytest.fixture
def anna(world: World) -> Account:
    world.stop_the_clock()
    return world.account()


@pytest.fixture
def phone(world: World, anna: Account) -> Phone:
    return world.phone(anna)


def test_a_login_wakes_every_phone_of_the_account(
    world: World, service: PaperPushService, anna: Account, phone: Phone
) -> None:
    browsers = [subscribed(world, one) for one in (phone, world.paired_phone(phone, anna))]
    world.start(anna)
    assert wake_all(world, service, LOGIN) == len(browsers)
    read = {
        one.endpoint: next(b for b in browsers if b.endpoint == one.endpoint).read(one.body) for one in service.sent
    }
    assert read.keys() == {one.endpoint for one in browsers}
    assert {one["notification"]["body"] for one in read.values()} == {
        "Eine Anfrage wartet auf Ihre Entscheidung. Tippen Sie hier, um sie anzusehen."
    }


def test_a_message_is_for_the_logins_life_urgent_and_replaces_the_one_before(
    world: World, service: PaperPushService, anna: Account, phone: Phone
) -> None:
    browser = subscribed(world, phone)
    world.start(anna)
    wake_all(world, service, LOGIN)
    (sent,) = service.sent
    assert {name: sent.headers[name] for name in ("TTL", "Urgency", "Topic", "Content-Encoding")} == {
        "TTL": "180",
        "Urgency": "high",
        "Topic": "request",
        "Content-Encoding": "aes128gcm",
    }
    claims, key = vapid_claims(sent.headers)
    assert (claims["aud"], claims["sub"], key) == ("https://fcm.googleapis.com", URL, vapid.application_server_key())
    assert world.now < claims["exp"] <= world.now + 86_400
    assert browser.read(sent.body)["notification"]["navigate"] == "https://app.example.test/#/"


def test_a_message_names_no_login_no_person_and_no_place(
    world: World, service: PaperPushService, anna: Account, phone: Phone
) -> None:
    browser = subscribed(world, phone, language="en")
    login = world.start(anna).login
    wake_all(world, service, LOGIN)
    (sent,) = service.sent
    told = str(browser.read(sent.body)) + str(sent.headers)
    for secret in (anna.id, anna.number, anna.display_name, login.part, "198.51.100.7"):
        assert secret not in told


def test_a_token_for_a_push_service_is_the_same_for_hours(
    world: World, service: PaperPushService, anna: Account, phone: Phone
) -> None:
    subscribed(world, phone)
    for _ in range(2):
        world.start(anna)
        wake_all(world, service, LOGIN)
        world.later(60)
    assert len({one.headers["Authorization"] for one in service.sent}) == 1


def test_without_a_public_url_no_contact_is_told(
    world: World, service: PaperPushService, anna: Account, phone: Phone
) -> None:
    subscribed(world, phone)
    world.set(API_URL="")
    world.later(vapid.USED_SECONDS)
    world.start(anna)
    wake_all(world, service, LOGIN)
    assert "sub" not in vapid_claims(service.sent[-1].headers)[0]


@pytest.mark.parametrize("way", ["denied", "expired", "cancelled by the epoch"])
def test_what_waits_no_more_wakes_nobody(
    world: World, service: PaperPushService, anna: Account, phone: Phone, way: str
) -> None:
    subscribed(world, phone)
    started = world.start(anna)
    if way == "denied":
        world.decide(phone, started.login.id, Deny("changed_my_mind"))
    elif way == "expired":
        world.later(180)
    else:
        change_password(anna.id, PASSWORD, now=world.now)
    assert wake_all(world, service, LOGIN) == 0
    assert len(service) == 0


def test_a_decoy_wakes_nobody(world: World, service: PaperPushService, anna: Account, phone: Phone) -> None:
    world.set(UNIFORM_LOGIN="on")
    subscribed(world, phone)
    world.start(anna, password="not hers")
    assert wake_all(world, service, LOGIN) == 0
    assert len(service) == 0


def test_a_new_phone_wakes_the_old_ones_once(
    world: World, service: PaperPushService, anna: Account, phone: Phone
) -> None:
    subscribed(world, phone)
    registered = world.register(anna, world.new_phone())
    assert wake_all(world, service, PAIRING) == 1
    assert wake_all(world, service, NOTICE) == 0, "the pairing says it, and nobody is told of their own phone"
    world.let_in(phone, registered)
    assert wake_all(world, service, PAIRING) == 0


def test_what_happened_wakes_every_phone_and_may_wait_for_it(
    world: World, service: PaperPushService, anna: Account, phone: Phone
) -> None:
    browser = subscribed(world, phone)
    world.later(1)
    change_password(anna.id, PASSWORD, now=world.now)
    assert wake_all(world, service, NOTICE) == 1
    sent = service.sent[-1]
    assert (sent.headers["TTL"], sent.headers["Urgency"], sent.headers["Topic"]) == ("86400", "normal", "news")
    assert browser.read(sent.body)["notification"]["navigate"] == "https://app.example.test/#/accounts"


def test_an_account_without_subscriptions_costs_one_read(world: World, anna: Account, phone: Phone) -> None:
    world.start(anna)
    world.aws.clear()
    assert wake_all(world, PaperPushService(), LOGIN) == 0
    assert world.aws.operations() == ["Query"]


def test_one_that_has_them_costs_two(world: World, service: PaperPushService, anna: Account, phone: Phone) -> None:
    subscribed(world, phone)
    world.start(anna)
    world.aws.clear()
    assert wake_all(world, service, LOGIN) == 1
    assert world.aws.operations() == ["Query", "Query"]


def test_a_revoked_phone_is_woken_no_more_and_its_subscription_is_gone(
    world: World, service: PaperPushService, anna: Account, phone: Phone
) -> None:
    second = world.paired_phone(phone, anna)
    subscribed(world, phone)
    lost = subscribed(world, second)
    world.revoke(phone, second.key.thumbprint)
    world.start(anna)
    assert wake_all(world, service, LOGIN) == 1
    assert lost.endpoint not in {one.endpoint for one in service.sent}
    world.aws.clear()
    wake_all(world, service, LOGIN)
    assert "UpdateItem" not in world.aws.operations()


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(
    world: World, service: PaperPushService, anna: Account, phone: Phone, status: int
) -> None:
    browser = subscribed(world, phone)
    service.answers[browser.endpoint] = PushAnswer(status)
    world.start(anna)
    with logged() as log:
        assert wake_all(world, service, LOGIN) == 0
    assert [(one["event"], one["reason"]) for one in log.lines("event")] == [("push_failed", str(status))]
    assert wake_all(world, service, LOGIN) == 0
    assert len(service) == 1


def test_a_phone_that_subscribed_again_meanwhile_stays_subscribed(
    world: World, service: PaperPushService, anna: Account, phone: Phone
) -> None:
    """The push service's answer is about the endpoint of before."""
    before = subscribed(world, phone)
    after = ENDPOINT.format("again")
    plain = service.post

    def overtaken(endpoint: str, *rest: object) -> PushAnswer:
        plain(endpoint, *rest)  # type: ignore[arg-type]  # handed on as it came
        if endpoint == before.endpoint:
            subscribed(world, phone, endpoint=after)
            return PushAnswer(410)
        return PushAnswer(201)

    world.monkeypatch.setattr(service, "post", overtaken)
    world.start(anna)
    assert wake_all(world, service, LOGIN) == 0
    assert wake_all(world, service, LOGIN) == 1
    assert [one.endpoint for one in service.sent] == [before.endpoint, after]


# What a push service asks for, and how long it is left alone.
WISHES = {"120": 120, "0": 1, "999999": 3600, "": 60, "Wed, 21 Oct 2026 07:28:00 GMT": 60}


@pytest.mark.parametrize("wish", WISHES)
def test_a_push_service_that_is_busy_is_left_alone_as_long_as_it_asked(
    world: World, service: PaperPushService, anna: Account, phone: Phone, wish: str
) -> None:
    browser, silent = subscribed(world, phone), WISHES[wish]
    service.answers[browser.endpoint] = PushAnswer(429, wish)
    world.later(1)
    change_password(anna.id, PASSWORD, now=world.now)
    assert wake_all(world, service, NOTICE) == 0
    service.answers.clear()
    world.later(silent - 1)
    assert wake_all(world, service, NOTICE) == 0
    assert len(service) == 1
    world.later(1)
    assert wake_all(world, service, NOTICE) == 1


@pytest.mark.parametrize("status", [0, 400, 401, 403, 413, 500, 503])
def test_a_push_service_that_fails_is_counted_and_asked_again_for_the_next(
    world: World, service: PaperPushService, anna: Account, phone: Phone, status: int
) -> None:
    browser = subscribed(world, phone)
    service.answers[browser.endpoint] = PushAnswer(status)
    world.start(anna)
    with logged() as log:
        assert wake_all(world, service, LOGIN) == 0
    assert [one["reason"] for one in log.lines("event")] == [str(status)]
    service.answers.clear()
    assert wake_all(world, service, LOGIN) == 1


def test_a_host_that_the_operator_allows_no_more_gets_nothing(
    world: World, service: PaperPushService, anna: Account, phone: Phone
) -> None:
    subscribed(world, phone)
    world.set(PUSH_HOSTS="*.push.apple.com")
    world.start(anna)
    assert wake_all(world, service, LOGIN) == 0
    assert len(service) == 0


def test_after_a_new_key_a_subscription_to_the_old_one_is_forgotten(
    world: World, service: PaperPushService, anna: Account, phone: Phone
) -> None:
    subscribed(world, phone)
    world.start(anna)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vapid, "_ORDER", vapid._ORDER - 2)
        vapid.signing_key.cache_clear()
        assert wake_all(world, service, LOGIN) == 0
    vapid.signing_key.cache_clear()
    assert wake_all(world, service, LOGIN) == 0
    assert len(service) == 0


def test_a_login_costs_the_same_whether_or_not_a_phone_is_woken(world: World) -> None:
    world.stop_the_clock()
    asked = []
    for woken in (False, True):
        account = world.account()
        phone = world.phone(account)
        if woken:
            subscribed(world, phone)
        world.aws.clear()
        started = world.start(account)
        world.approve(phone, started)
        world.complete(started)
        asked.append(world.aws.operations())
    assert asked[0] == asked[1]


def test_what_dynamodb_refuses_is_brought_again(world: World, anna: Account) -> None:
    world.aws.fails("Query", "InternalServerError")
    with logged() as log:
        assert world.answer("push.handler.handler", batch((anna.id, "LOGIN#x"))) == {
            "batchItemFailures": [{"itemIdentifier": "100"}]
        }
    world.aws.faults.clear()
    assert len(log.lines("fault")) == 1


def test_no_answer_of_a_push_service_is_an_answer_too(world: World) -> None:
    world.monkeypatch.setattr(web_push, "post", Mock(side_effect=NotDelivered("TimeoutError")))
    assert WebPush().post(GOOD, {}, b"") == PushAnswer(0)


@pytest.mark.parametrize("retry_after", ["7", None])
def test_the_answer_of_a_push_service_is_handed_on(world: World, retry_after: str | None) -> None:
    world.monkeypatch.setattr(web_push, "post", Mock(return_value=Answer(429, retry_after)))
    assert WebPush().post(GOOD, {}, b"") == PushAnswer(429, retry_after or "")


def test_the_stream_reaches_the_push_service(world: World, anna: Account, phone: Phone) -> None:
    browser = subscribed(world, phone)
    world.start(anna)
    sent = Mock(return_value=Answer(201, None))
    world.monkeypatch.setattr(web_push, "post", sent)
    ((pk, sk),) = [key for key in changes() if key[1].startswith(LOGIN)]
    assert world.answer("push.handler.handler", batch((pk, sk))) == {"batchItemFailures": []}
    (endpoint, body, headers), _ = sent.call_args
    assert (endpoint, headers["Topic"]) == (browser.endpoint, "request")
    assert browser.read(body)["web_push"] == 8030


def test_a_phone_that_left_for_a_new_one_is_not_woken(world: World, service: PaperPushService) -> None:
    """From the first login with the new one on, though nobody has written it down; a freeze may bring it back."""
    world.stop_the_clock()
    pair = Pair(world)
    _, new = (subscribed(world, one) for one in (pair.old, pair.new))
    pair.log_in()
    world.start(pair.anna)
    wake_all(world, service, LOGIN)
    assert {one.endpoint for one in service.sent} == {new.endpoint}
    pair.freeze(pair.new)
    open_account(pair.anna.id, operator="desk", now=world.now)
    service.sent.clear()
    world.start(pair.anna)
    assert wake_all(world, service, LOGIN) == len(pair.both)
