"""Every answer of a real story, refusals included, is one that the contracts promise."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import yaml
from jsonschema import Draft202012Validator
from msgspec import structs

from smartident_client import base64url
from smartident_client.answers import Frozen
from smartident_client.approval_keys import RawApprovalKey, decision_payload
from smartident_client.browser import Browser
from smartident_client.freeze import freeze, frozen, open_again
from smartident_client.keys import Key
from smartident_client.keystore import Account, KeyStore
from smartident_client.phone import Phone
from smartident_client.push import PushSubscription
from smartident_client.recovery_codes import confirm_recovery_codes, make_recovery_codes, recovery_codes_left
from smartident_client.sms import code_in
from smartident_client.wire import Refused
from smartident_laptop.demo.accounts import (
    ANNA,
    DEMO_CLIENT,
    DEMO_REDIRECT_URIS,
    DEMO_SECRET,
    JONAS,
    MIRIAM,
    SABINE,
    THOMAS,
)
from smartident_laptop.template import ROOT
from tests.browser.notices import link_to
from tests.contract.contract import CONTRACT
from tests.contract.operator_acts import BACK_END, BACK_END_SECRET, CUSTOMER, NEW_CUSTOMER
from tests.support.ciba_flow import GRANT
from tests.support.login_passkey import LoginPasskey
from tests.support.person_at_browser import PersonAtBrowser

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx

    from smartident_laptop.stack import Stack

ASYNC: dict[str, Any] = yaml.safe_load((ROOT / "docs/api/asyncapi.yaml").read_text(encoding="utf-8"))


@dataclass
class Judge:
    """Reads every answer that a client gets."""

    heard: set[tuple[str, int]] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def __call__(self, response: httpx.Response) -> None:
        response.read()
        self.faults += CONTRACT.judge(response)
        found = CONTRACT.promised(response.request.method, response.request.url.path)
        if found is not None:
            self.heard.add((found[1]["operationId"], response.status_code))


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge()


@pytest.fixture(scope="module")
def phone(stack: Stack, judge: Judge, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phone]:
    with Phone(stack.url, KeyStore(tmp_path_factory.mktemp("phone") / "phone.json")) as phone:
        phone.wire.client.event_hooks["response"].append(judge)
        yield phone


@pytest.fixture(scope="module")
def browser(stack: Stack, judge: Judge) -> Iterator[Browser]:
    with Browser(stack.url, origin=stack.url) as browser:
        browser.wire.client.event_hooks["response"].append(judge)
        yield browser


@pytest.fixture(scope="module")
def account(stack: Stack, phone: Phone, browser: Browser) -> Account:
    """Anna's account on the phone, enrolled with every stumble that a person can make on the way."""
    refused("key_registration_required", browser.start, ANNA.number, ANNA.password)
    refused("invalid_credentials", phone.register, ANNA.number, "falsch", device_name="Telefon")
    refused("invalid_credentials", phone.register, THOMAS.email, THOMAS.password, device_name="Telefon")
    enrolment = phone.register(ANNA.number, ANNA.password, device_name="Annas Telefon", platform="ios")
    code = code_in(stack.sms_messages()[-1].text)
    refused("code_wrong", phone.verify, enrolment, f"{(int(code) + 1) % 1_000_000:06}")
    refused("too_many_attempts", phone.resend, enrolment)
    approval_key = RawApprovalKey(Key.make())
    account = phone.verify(enrolment, code, approval_key=approval_key)
    assert phone.verify(enrolment, code, approval_key=approval_key) == account
    return account


def refused(code: str, ask: Callable[..., object], *given: object, **named: object) -> None:
    with pytest.raises(Refused) as told:
        ask(*given, **named)
    assert told.value.code == code


def test_a_login_from_password_to_token(browser: Browser, phone: Phone, account: Account, judge: Judge) -> None:
    login = browser.start(ANNA.number, ANNA.password)
    refused("login_pending", browser.complete, login)
    pending = phone.approvals(account)[0]
    assert not CONTRACT.faults(
        json.loads(base64url.decode(pending.request.statement)), "components", "schemas", "Statement"
    )
    payload = json.loads(decision_payload(statement=pending.request.statement, transfer_code="604193", now=phone.now()))
    assert not CONTRACT.faults(payload, "components", "schemas", "ApprovalPayload")
    phone.approve(pending, login.transfer_code or "")
    assert browser.status(login) == "approved"
    browser.complete(login)
    browser.complete(login)
    refused("login_decided", phone.deny, pending, "not_me")
    assert not judge.faults


def test_what_denies(browser: Browser, phone: Phone, account: Account, judge: Judge) -> None:
    guessed = browser.start(ANNA.number, ANNA.password)
    pending = phone.approvals(account)[0]
    refused("transfer_code_wrong", phone.approve, pending, "0")
    refused("login_denied", browser.complete, guessed)
    changed = browser.start(ANNA.number, ANNA.password)
    assert phone.deny(phone.approvals(account)[0], "changed_my_mind").status == "denied"
    assert browser.status(changed) == "denied"
    given_up = browser.start(ANNA.number, ANNA.password)
    browser.cancel(given_up)
    browser.cancel(given_up)
    refused("login_denied", browser.complete, given_up)
    assert not judge.faults


def test_without_a_second_factor(browser: Browser, judge: Judge) -> None:
    login = browser.start(JONAS.number, JONAS.password)
    assert (login.status, login.transfer_code, login.socket) == ("approved", None, None)
    browser.complete(login)
    refused("invalid_credentials", browser.start, JONAS.number, "falsch")
    refused("invalid_credentials", browser.start, THOMAS.email, THOMAS.password)
    refused("invalid_request", browser.start, JONAS.number, JONAS.password, client_id="fremd")
    assert not judge.faults


def test_a_shared_email_where_a_phone_has_approved_before(
    stack: Stack, browser: Browser, phone: Phone, judge: Judge
) -> None:
    enrolment = phone.register(THOMAS.number, THOMAS.password, device_name="Thomas' Telefon")
    thomas = phone.verify(enrolment, code_in(stack.sms_messages()[-1].text))
    login = browser.start(THOMAS.number, THOMAS.password)
    phone.approve(phone.approvals(thomas)[0], login.transfer_code or "")
    assert browser.complete(login).trusted_browser
    refused("access_number_required", browser.start, THOMAS.email, THOMAS.password)
    assert not judge.faults


def test_a_back_end_asks_the_phone(stack: Stack, phone: Phone, account: Account, judge: Judge) -> None:
    assert stack.containers is not None
    stack.containers.call(
        "tests.contract.operator_acts.add_back_end", {"account_id": account.account_id}, name="Operator"
    )

    def send(path: str, **parameters: str) -> Any:
        url, client = f"{stack.url}/oauth2/{path}", (BACK_END, BACK_END_SECRET)
        answer = phone.wire.client.post(url, data=parameters, auth=client)
        return answer.json()

    asked = {"scope": "openid", "user_ip_address": "192.0.2.7", "user_agent": "Firefox/140.0"}
    assert send("bc-authorize", **asked)["error"] == "invalid_request"
    begun = send("bc-authorize", **asked, login_hint=CUSTOMER)
    poll = {"grant_type": GRANT, "auth_req_id": begun["auth_req_id"]}
    assert send("token", **poll)["error"] == "authorization_pending"
    assert send("token", **poll)["error"] == "slow_down"
    (pending,) = phone.approvals(account)
    assert not CONTRACT.faults(
        json.loads(base64url.decode(pending.request.statement)), "components", "schemas", "Statement"
    )
    phone.approve(pending, begun["transfer_code"])
    assert send("enrolment-codes", login_hint=CUSTOMER)["error"] == "unknown_user_id"
    assert send("enrolment-codes", login_hint=NEW_CUSTOMER)["access_number"] == JONAS.number
    assert not judge.faults


def test_recovery_codes_let_a_phone_in(stack: Stack, phone: Phone, judge: Judge) -> None:
    enrolment = phone.register(MIRIAM.number, MIRIAM.password, device_name="Miriams Telefon")
    account = phone.verify(enrolment, code_in(stack.sms_messages()[-1].text))
    made = make_recovery_codes(phone, account)
    refused("recovery_code_wrong", confirm_recovery_codes, phone, account, made.set_id, "0000-0000-0000-0000")
    assert confirm_recovery_codes(phone, account, made.set_id, made.codes[0]).left == len(made.codes)
    old = made.set_id
    assert make_recovery_codes(phone, account).set_id != old
    assert recovery_codes_left(phone, account).left == len(made.codes)
    enter = partial(phone.register, MIRIAM.number, device_name="Ersatztelefon")
    refused("enrolment_code_invalid", enter, enrolment_code="0" * 16)
    refused("recovery_refused", enter, MIRIAM.password, recovery_code="0000-0000-0000-0000")
    new = phone.verify(enter(MIRIAM.password, recovery_code=made.codes[1]))
    refused("cooling_off", make_recovery_codes, phone, new)
    assert recovery_codes_left(phone, account).left == len(made.codes) - 1
    for one in (new, account):
        phone.sign_out(one)
    assert not judge.faults


def test_passkeys_of_the_page(browser: Browser, phone: Phone, account: Account, judge: Judge) -> None:
    def send(method: str, path: str, body: object = None, **headers: str) -> Any:
        answer = browser.wire.client.request(method, browser.wire.url + path, json=body, headers=headers)
        return answer.json() if answer.content else None

    login = browser.start(ANNA.number, ANNA.password)
    phone.approve(phone.approvals(account)[0], login.transfer_code or "")
    browser.complete(login)
    bearer = f"Bearer {login.login_id}.{login.login_token}"
    creation = send("GET", "/v1/passkeys", authorization=bearer)["creation"]
    passkey = LoginPasskey(origin=str(browser.origin), rp_id=creation["rp"]["id"])
    ask = {"credential": passkey.create(creation), "name": "Laptop"}
    made = send("POST", "/v1/passkeys", ask, authorization=bearer)
    assertion = passkey.get(send("POST", "/v1/passkeys/options", {})["public_key"])
    assert send("POST", "/v1/passkeys/login", {"assertion": assertion})["status"] == "approved"
    assert send("POST", "/v1/passkeys/login", {"assertion": assertion})["code"] == "passkey_refused"
    assert len(send("GET", "/v1/passkeys", authorization=bearer)["passkeys"]) == 1
    strict, present = ({"login_policy": policy} for policy in ("passkey_only", "phone_or_passkey"))
    assert send("PATCH", "/v1/passkeys", strict, authorization=bearer)["code"] == "two_passkeys_required"
    assert send("PATCH", "/v1/passkeys", present, authorization=bearer) == present
    assert send("DELETE", f"/v1/passkeys/{made['passkey_id']}", authorization=bearer) is None
    assert send("GET", "/.well-known/webauthn")["origins"]
    assert not judge.faults


def test_a_phone_lets_itself_be_woken(stack: Stack, phone: Phone, account: Account, judge: Judge) -> None:
    path = f"/v1/devices/{account.device_id}/push"

    def send(method: str, **body: Any) -> Any:
        return phone.as_device(account, method, path, answer=dict[str, Any] if method == "GET" else type(None), **body)

    key = send("GET")["application_server_key"]
    here, elsewhere = (
        PushSubscription.make(f"{where}/push/x").ask(key) for where in (stack.local_url, "https://push.example.com")
    )
    refused("push_endpoint_refused", send, "PUT", body=elsewhere)
    send("PUT", body=here)
    assert send("GET")["endpoint_sha256"]
    send("DELETE")
    assert not judge.faults


def test_devices_events_and_keys(stack: Stack, browser: Browser, phone: Phone, account: Account, judge: Judge) -> None:
    assert [device.current for device in phone.devices(account)] == [True]
    assert phone.rename(account, account.device_id, "Annas neues Telefon").name == "Annas neues Telefon"
    refused("invalid_request", phone.rename, account, account.device_id, "")
    refused("device_not_found", phone.rename, account, "A" * 43, "Fremd")
    stranger = structs.replace(phone.devices(account)[0], device_id="A" * 43)
    refused("device_not_found", phone.revoke, account, stranger)
    enrolment = phone.register(ANNA.number, ANNA.password, device_name="Altes Telefon")
    refused("registration_pending", phone.verify, enrolment)
    (waiting,) = phone.new_devices(account)
    assert not CONTRACT.faults(
        json.loads(base64url.decode(waiting.request.statement)), "components", "schemas", "NewDeviceStatement"
    )
    phone.approve(waiting, enrolment.qr_text)
    old = phone.verify(enrolment)
    phone.revoke(account, next(one for one in phone.devices(account) if one.device_id == old.device_id))
    refused("device_revoked", phone.devices, old)
    assert phone.events(account).events
    refused("invalid_request", phone.events, account, before="#")
    judge(browser.wire.client.get(f"{browser.wire.url}/.well-known/jwks.json"))
    phone.as_device(account, "DELETE", "/v1/sessions", answer=type(None))
    phone.sign_out(account)
    refused("device_revoked", phone.devices, account)
    refused("device_revoked", phone.approvals, account)
    assert not judge.faults


def test_what_keeps_a_new_phone_out(stack: Stack, phone: Phone, judge: Judge) -> None:
    enrolment = phone.register(ANNA.number, ANNA.password, device_name="Erstes Telefon")
    account = phone.verify(enrolment, code_in(stack.sms_messages()[-1].text))
    mistyped = phone.register(ANNA.number, ANNA.password, device_name="Neues Telefon")
    refused("another_phone_waits", phone.register, ANNA.number, ANNA.password, device_name="Noch ein Telefon")
    refused("pairing_code_wrong", phone.approve, phone.new_devices(account)[0], "12345678")
    refused("registration_declined", phone.verify, mistyped)
    refused("registration_expired", phone.resend, mistyped)
    phone.register(ANNA.number, ANNA.password, device_name="Fremdes Telefon")
    (waiting,) = phone.new_devices(account)
    assert phone.deny(waiting, "changed_my_mind").status == "denied"
    refused("registration_decided", phone.deny, waiting, "not_me")
    phone.sign_out(account)
    assert not judge.faults


def test_the_socket_speaks_as_promised(stack: Stack, browser: Browser, phone: Phone) -> None:
    enrolment = phone.register(ANNA.number, ANNA.password, device_name="Zweites Telefon")
    account = phone.verify(enrolment, code_in(stack.sms_messages()[-1].text))
    login, other = (browser.start(ANNA.number, ANNA.password) for _ in range(2))
    heard = []
    with browser.connect(login) as socket:
        assert socket.subprotocol == "smartident.v1"
        for text in ("{", json.dumps({"action": "status", "login_id": other.login_id})):
            socket.send(text)
            heard.append(("refusal", socket.recv(timeout=10)))
        socket.send(json.dumps({"action": "status", "login_id": login.login_id}))
        heard.append(("hint", socket.recv(timeout=10)))
        pending = next(p for p in phone.approvals(account) if p.request.login_id == login.login_id)
        phone.approve(pending, login.transfer_code or "")
        heard.append(("hint", socket.recv(timeout=10)))
    for name, message in heard:
        Draft202012Validator(ASYNC["components"]["messages"][name]["payload"]).validate(json.loads(message))
    assert json.loads(heard[-1][1])["status"] == "approved"


def test_an_application_logs_somebody_in(stack: Stack, judge: Judge) -> None:
    code_challenge, verifier = (
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    )
    asked = {"client_id": DEMO_CLIENT, "redirect_uri": DEMO_REDIRECT_URIS[0], "response_type": "code"}
    asked |= {"scope": "openid", "code_challenge": code_challenge, "code_challenge_method": "S256"}
    link = f"{stack.url}/oauth2/authorize?{urlencode(asked)}"
    with PersonAtBrowser(stack.url, JONAS) as person:
        person.browser.event_hooks["response"].append(judge)
        for faulty in ("client_id=nobody", f"{urlencode(asked)}&prompt=none"):
            person.browser.get(f"{stack.url}/oauth2/authorize?{faulty}")
        assert person.follow(link, by_form=True)
        for scope in ("openid", "profile"):
            pushed = {**asked, "scope": scope}
            person.browser.post(f"{stack.url}/oauth2/par", data=pushed, auth=(DEMO_CLIENT, DEMO_SECRET))
        code = dict(parse_qsl(urlsplit(person.follow(link)).query))["code"]
        for path in ("openid-configuration", "oauth-authorization-server"):
            person.browser.get(f"{stack.url}/.well-known/{path}")
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": DEMO_REDIRECT_URIS[0]}
        form["code_verifier"] = verifier
        person.browser.post(f"{stack.url}/oauth2/token", data=form)
        told = person.browser.post(f"{stack.url}/oauth2/token", data=form, auth=(DEMO_CLIENT, DEMO_SECRET)).json()
        for sent in ({"token": "nobody's"}, {}):
            person.browser.post(f"{stack.url}/oauth2/revoke", data=sent, auth=(DEMO_CLIENT, DEMO_SECRET))
        for method in ("GET", "POST"):
            for token in (told["access_token"], "nobody's"):
                headers = {"Authorization": f"Bearer {token}"}
                person.browser.request(method, f"{stack.url}/oauth2/userinfo", headers=headers)
        logout = f"{stack.url}/oauth2/logout"
        bye = DEMO_REDIRECT_URIS[0].removesuffix("callback")
        assert "<form" in person.browser.get(logout).text
        assert "<form" in person.browser.post(logout, data={"state": "s"}).text
        hinted = {"id_token_hint": told["id_token"], "post_logout_redirect_uri": bye}
        assert person.browser.get(logout, params=hinted).headers["location"] == bye
    assert not judge.faults


def test_an_account_is_frozen(stack: Stack, phone: Phone, judge: Judge) -> None:
    enrolment = phone.register(SABINE.number, SABINE.password, device_name="Telefon in Gefahr")
    account = phone.verify(enrolment, code_in(stack.sms_messages()[-1].text))
    # Of an open account it changes nothing, and is answered all the same.
    open_again(phone, account, Frozen(phone.now(), may_open=True))
    freeze(phone, account)
    since = frozen(phone, account)
    assert since is not None
    refused("opening_not_allowed", open_again, phone, account, since)
    stranger = replace(account, approval_key=RawApprovalKey(Key.make()))
    refused("approval_invalid", open_again, phone, stranger, since)
    for token in (link_to(stack, account.account_id).partition("#")[2], "x"):
        judge(phone.wire.client.post(f"{stack.url}/v1/notices/freeze", json={"token": token}))
    phone.sign_out(account)
    assert not judge.faults


def test_the_story_reached_every_route(judge: Judge) -> None:
    good = {name for name, status in judge.heard if status < 400}
    assert good == {operation["operationId"] for *_, operation in CONTRACT.operations()} - {"resend_code"}
    assert not judge.faults
