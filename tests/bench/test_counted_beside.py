"""What else a service does beside logins and enrolments: each act is played, and its calls and units counted."""

from __future__ import annotations

import msgspec
import pytest

from bench.cost.beside import BESIDE, Act
from notify.step import publish_event
from smartident.crypto import pepper
from smartident.freeze.freeze import freeze_account
from smartident.notify.event_bridge import EventBridge
from smartident_client.answers import Registration
from smartident_client.approval_keys import signed_opening
from smartident_client.keys import Key
from smartident_client.push import PushSubscription
from smartident_client.recovery_codes import signed_recovery_codes
from tests.bench.test_counted_work import DAY, Counted
from tests.ciba.test_ping import ClientServer
from tests.oidc.test_back_channel_logout import rounds
from tests.oidc.test_rs256 import by_rs256
from tests.support import ciba_flow, recovery
from tests.support.oidc_flow import SHOP_BYE, Flow, add_clients, basic, dpop, log_out
from tests.support.paper_post import PaperPost
from tests.support.postman import outbox
from tests.support.push_service import ENDPOINT, PaperPushService, subscribed, wake_all
from tests.support.rsa import rsa_key
from tests.support.world import PASSWORD, World


@pytest.fixture
def counted(world: World) -> Counted:
    world.stop_the_clock()
    pepper.pepper()
    add_clients(world)
    return Counted(world)


def same(act: Act, counted: Counted) -> None:
    """Hold the model's figures to the counted ones."""
    calls = [call for one in counted.calls.values() for call in one]
    told = (counted.read_units, counted.write_units, counted.http_requests)
    assert told == (act.read_units, act.write_units, act.http_requests), f"{act.name}: {told}"
    assert calls.count("Sign") == act.signatures + act.rsa_signatures
    assert calls.count("PutEvents") == act.events


def test_recovery_codes_and_a_phone_set_up_with_one(world: World, counted: Counted) -> None:
    anna = world.account()
    phone = world.phone(anna)
    world.aws.clear()
    ask = signed_recovery_codes(phone.approval, phone.account_id, now=world.now)
    made = counted.http("make", world.send(phone, "POST", recovery.PATH, ask))
    path = f"{recovery.PATH}/{made['set_id']}/confirm"
    counted.http("confirm", world.send(phone, "POST", path, {"code": made["codes"][0]}))
    same(BESIDE["recovery codes"], counted)
    lost, new = Counted(world), world.new_phone()
    key = {"identifier": anna.number, "password": PASSWORD, "device_key": new.key.public_jwk()}
    key |= {"device_name": "Annas neues Telefon", "platform": "ios", "recovery_code": made["codes"][1]}
    begun = msgspec.convert(lost.http("begin", world.send(new, "POST", "/v1/keys", key)), Registration)
    proof = {"approval_key": new.approval.prove(begun, device_key=new.key)}
    lost.http("verify", world.send(new, "POST", f"/v1/keys/{begun.registration_id}/verify", proof))
    same(BESIDE["lost phone"], lost)


def test_a_freeze_and_its_end(world: World, counted: Counted) -> None:
    world.now -= 2 * DAY
    phone = world.phone(world.account())
    world.now += 2 * DAY
    world.aws.clear()
    counted.http("freeze", world.send(phone, "POST", "/v1/account/freeze"))
    since = world.send(phone, "GET", "/v1/approvals")[2]["frozen"]["frozen_at"]
    world.aws.clear()
    ask = signed_opening(phone.approval, phone.account_id, since, now=world.now)
    counted.http("open", world.send(phone, "POST", "/v1/account/open", ask))
    same(BESIDE["freeze"], counted)


def test_a_push_message(world: World, counted: Counted) -> None:
    anna = world.account()
    phone = world.phone(anna)
    subscribed(world, phone)
    world.aws.clear()
    path = f"/v1/devices/{phone.key.thumbprint}/push"
    key = counted.http("show", world.send(phone, "GET", path))["application_server_key"]
    ask = PushSubscription.make(ENDPOINT.format(phone.key.thumbprint)).ask(key)
    counted.http("subscribe", world.send(phone, "PUT", path, ask))
    same(BESIDE["subscription"], counted)
    world.start(anna)
    world.aws.clear()
    push = Counted(world)
    assert wake_all(world, PaperPushService(), "LOGIN#") == 1
    push.took("push")
    same(BESIDE["push"], push)


def test_a_client_that_asks_the_phone_by_itself(world: World, counted: Counted) -> None:
    anna = world.account()
    phone = world.phone(anna)
    ciba_flow.add_back_ends(world, anna)
    server, back_end = ClientServer(world), ciba_flow.pinged(world)
    back_end.ask(login_hint="nobody")
    world.aws.clear()
    begun = counted.http("ask", back_end.ask())
    [shown] = counted.http("list", world.send(phone, "GET", "/v1/approvals"))["approvals"]
    evidence = phone.evidence(shown["statement"], begun["transfer_code"].replace(" ", ""), now=world.now)
    decided = {"decision": "approve", "evidence": evidence}
    counted.http("decide", world.send(phone, "POST", f"/v1/approvals/{shown['login_id']}", decided))
    assert server.round() == ["sent"]
    # The look of the test at the ping's state is no call of the function.
    world.aws.calls.pop()
    counted.took("ping")
    counted.http("token", back_end.poll(begun["auth_req_id"]))
    same(BESIDE["ciba"], counted)


@pytest.mark.parametrize("kind", ["code", "dpop", "rs256"])
def test_openid_connect_around_a_login(world: World, counted: Counted, kind: str) -> None:
    anna = world.account()
    phone, flow = world.phone(anna), Flow(world)
    world.set(RSA_SIGNING_KEYS=rsa_key())
    if kind == "rs256":
        by_rs256(world)
    key, proof = Key.make(), dict[str, str]()
    flow.interaction()
    flow = Flow(world)
    world.aws.clear()
    interaction = flow.interaction()
    counted.took("authorize")
    path = f"/oauth2/interaction?interaction={interaction}"
    counted.http("shown", world.http("GET", path, headers={"cookie": flow.cookie}))
    begun = flow.log_in(anna, phone)
    world.aws.calls.clear()
    status, told = flow.finish(interaction, begun)
    counted.http("finish", (status, {}, told))
    code = flow.heard(told["redirect_to"])["code"]
    headers = {**basic(), **(dpop(world, key) if kind == "dpop" else {})}
    tokens = counted.http("token", flow.token(code, headers=headers))
    access = tokens["access_token"]
    if kind == "dpop":
        proof = dpop(world, key, "GET", "/oauth2/userinfo", token=access)
    counted.http("userinfo", flow.userinfo(access, proof or None))
    # The client's link is a redirect, which `http` does not take.
    counted.http_requests += 1
    same(BESIDE[kind], counted)


def test_a_session_ended_and_its_client_told(world: World, counted: Counted) -> None:
    anna = world.account()
    phone, flow = world.phone(anna), Flow(world)
    id_token = flow.token(flow.answered(anna, phone)["code"])[2]["id_token"]
    flow.stay()
    world.aws.clear()
    log_out(flow, id_token_hint=id_token, post_logout_redirect_uri=SHOP_BYE)
    counted.http_requests += 1
    counted.took("logout")
    post = PaperPost()
    assert rounds(world, post) == ["done"]
    counted.took("tell")
    assert len(post.heard) == 1
    same(BESIDE["logout"], counted)


def test_an_event_for_the_operators_own_programs(world: World, counted: Counted) -> None:
    world.set(EVENT_BUS="default")
    anna = world.account()
    freeze_account(anna.id, operator="petra", now=world.now)
    [(account_id, sort_key)] = outbox()
    world.aws.clear()
    publish_event(account_id, sort_key, bus=EventBridge(), now=world.now)
    counted.took("event")
    same(BESIDE["event"], counted)
