"""One person's whole way through the service: every route, good answers and refusals, each in a cold container."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import boto3
from msgspec import to_builtins

from ping import handler
from smartident.admin.change import change_external_id, change_password
from smartident.ciba.kept_request import BackchannelRequestRow, row_of
from smartident.clients.backchannel import Backchannel
from smartident.clients.changes import change_client
from smartident.http import api, websocket
from smartident.logins.socket_tickets import TICKETS
from smartident.notices.freeze_link import freeze_token
from smartident.notices.outbox import recent_notices
from smartident.oauth.client_authentication import ASSERTION_TYPE
from smartident.outbound import post
from smartident.push.push_service import PushAnswer
from smartident.storage.table import DAY
from smartident.streams import table as stream
from smartident_client import base64url
from smartident_client.approval_keys import decision_payload, signed_opening
from smartident_client.push import PushSubscription
from tests.promises.enrolling import EMAIL, PHONE, decline, enrol, enrol_by_code, pair, register, replace_a_lost_phone
from tests.promises.recovering import use_recovery_codes
from tests.support.browser_tab import Tab, ticket
from tests.support.ciba_flow import (
    BACKEND,
    BACKEND_SECRET,
    GRANT,
    NOTIFICATION_TOKEN,
    PINGED,
    PINGED_SECRET,
    add_back_ends,
)
from tests.support.cold_container import cool
from tests.support.iam_roles import EVENT_BUS, NOTICE_SENDER
from tests.support.login_passkey import LoginPasskey
from tests.support.oidc_flow import (
    BANK,
    BANK_KEY,
    BANK_URI,
    FORM,
    SHOP,
    SHOP_BYE,
    SHOP_SECRET,
    SHOP_URI,
    Flow,
    add_clients,
    assertion,
    basic,
    dpop,
    log_out,
)
from tests.support.paper_post import PaperPost, logouts
from tests.support.postman import batch, outbox, queued
from tests.support.push_service import ENDPOINT, PaperPushService, wake_all
from tests.support.tax_app import TAX_PAGE, add_tax_app
from tests.support.world import ELSEWHERE, HOME, ORIGIN, PASSWORD, TABLE, URL, World

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.fake_aws import Call
    from tests.support.world import Phone

WRONG_PASSWORD, WRONG_TOKEN = "Sieben-Kamele-77", "bm8tc3VjaC10b2tlbg-nobodys"


@dataclass(frozen=True)
class Answer:
    """One request and what came of it, in the caller's hands and on AWS."""

    method: str
    path: str
    status: int
    headers: dict[str, str]
    body: Any
    calls: list[Call]


@dataclass
class Journey:
    """What happened, and what was secret in it."""

    world: World
    secrets: dict[str, str] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    account: Account = field(init=False)
    phone: Phone = field(init=False)
    called: int = 0
    # So far the world is ahead of the real clock.
    ahead: int = 0

    def http(self, status: int, method: str, path: str, body: object = None, **sent: Any) -> Any:
        """Send a browser's request and expect its status."""
        self.cool()
        return self._told(status, method, path, self.world.http(method, path, body, **sent))

    def send(self, status: int, phone: Phone, method: str, path: str, body: object = None) -> Any:
        """Send a phone's request and expect its status; its proof is a secret."""
        self.cool()
        bare = path.partition("?")[0]
        content = json.dumps(body).encode() if body is not None else b""
        if phone.account_id:
            proof = phone.request(method, bare, content, now=self.world.now).proof
        else:
            proof = phone.new_key_request(bare, content, now=self.world.now).proof
        self.keep("proof", proof)
        self.keep("proof's signature", proof.rpartition(".")[2])
        return self._told(status, method, path, self.world.http(method, path, content, headers={"dpop": proof}))

    def noted(self, method: str, path: str, status: int, expected: int = 303) -> None:
        """Note a request that somebody else has sent since the container was cold."""
        self._told(expected, method, path, (status, {}, None))

    def _told(self, status: int, method: str, path: str, answer: tuple[int, dict[str, str], Any]) -> Any:
        self.answers.append(Answer(method, path, *answer, calls=self.world.aws.calls[self.called :]))
        assert answer[0] == status, (method, path, answer)
        return answer[2]

    def keep(self, name: str, secret: str) -> str:
        """Mark a secret."""
        self.secrets[f"{name} {len(self.secrets)}"] = secret
        return secret

    def cool(self) -> None:
        """Let the next request find a container that has read nothing yet."""
        self.world.now, self.called = int(time.time()) + self.ahead, len(self.world.aws.calls)
        cool()

    def items(self) -> list[dict[str, Any]]:
        """All that the table holds."""
        scanned: list[dict[str, Any]] = boto3.resource("dynamodb").Table(TABLE).scan()["Items"]
        return scanned


def begin(world: World) -> Journey:
    """A person with an account, an e-mail and a password, and a service that lets them hurry."""
    world.set(SMS_RESEND_AFTER=0, SMS_PER_ACCOUNT_DAY=9, SMS_PER_PHONE_DAY=99, UNANSWERED_LOGINS=9, LOST_PHONE_DELAY=48)
    journey = Journey(world)
    journey.cool()
    journey.account = world.account(email=EMAIL, phone=PHONE, language="de")
    add_tax_app(world)
    for name, secret in (("password", PASSWORD), ("wrong password", WRONG_PASSWORD), ("pepper", "pepper of the tests")):
        journey.keep(name, secret)
    journey.keep("wrong token", WRONG_TOKEN)
    return journey


def log_in(journey: Journey, *, client_address: str = HOME, used: int = 0) -> dict[str, Any]:
    """Step 6: what the page gets; so many of its tickets are going to be used."""
    ask = {"identifier": journey.account.number, "password": PASSWORD}
    login: dict[str, Any] = journey.http(
        201, "POST", "/v1/logins", ask, headers={"origin": ORIGIN}, client_address=client_address
    )
    login["transfer_code"] = login["transfer_code"].replace(" ", "")
    login["bearer"] = {"authorization": f"Bearer {login['login_token']}"}
    journey.keep("login token", login["login_token"])
    for link in range(1, TICKETS + 1):
        secret = ticket(login["login_id"], login["login_token"], link).rpartition(".")[2]
        journey.keep("used ticket" if link <= used else "ticket", secret)
    journey.keep("transfer code", login["transfer_code"])
    return login


def approval(journey: Journey, login: dict[str, Any], code: str) -> dict[str, Any]:
    """Step 8: what the phone sends for the login that it was shown."""
    (shown,) = journey.send(200, journey.phone, "GET", "/v1/approvals")["approvals"]
    assert shown["login_id"] == login["login_id"]
    payload = decision_payload(statement=shown["statement"], transfer_code=code, now=journey.world.now)
    evidence = journey.phone.approval.evidence(payload)
    journey.keep("evidence", evidence["jws"])
    return {"decision": "approve", "evidence": evidence}


def stray(journey: Journey) -> None:
    """Before the phone is there, and with what is not right."""
    for identifier in (journey.account.number, EMAIL, "nobody@person.example"):
        ask = {"identifier": identifier, "password": WRONG_PASSWORD}
        journey.http(401, "POST", "/v1/logins", ask, client_address=ELSEWHERE)
    journey.http(403, "POST", "/v1/logins", {"identifier": EMAIL, "password": PASSWORD}, client_address=ELSEWHERE)
    journey.http(400, "POST", "/v1/logins", {"identifier": EMAIL, "password": [PASSWORD], PASSWORD: 1})


def live(journey: Journey) -> dict[str, Any]:
    """The eight steps, and a page that asks, reconnects and repeats; what the login was."""
    journey.phone = journey.world.new_phone()
    enrol(journey, journey.phone)
    login, tab = log_in(journey, used=1), Tab(journey.world)
    assert tab.open(login["login_id"], login["login_token"]) == 200
    assert tab.ask(login["login_id"])["status"] == "pending"
    path = f"/v1/logins/{login['login_id']}"
    journey.http(404, "GET", path, headers={"authorization": f"Bearer {WRONG_TOKEN}"})
    journey.http(404, "DELETE", path, headers={"authorization": f"Bearer {WRONG_TOKEN}"})
    journey.http(409, "POST", f"{path}/complete", headers=login["bearer"])
    return login


def decide(journey: Journey, login: dict[str, Any]) -> None:
    """Steps 7 and 8, and a token that is asked for twice."""
    path = f"/v1/logins/{login['login_id']}"
    ask = approval(journey, login, login["transfer_code"])
    journey.send(200, journey.phone, "POST", f"/v1/approvals/{login['login_id']}", ask)
    for _ in range(2):
        journey.keep("id_token", journey.http(200, "POST", f"{path}/complete", headers=login["bearer"])["id_token"])
    journey.http(200, "GET", path, headers=login["bearer"])
    journey.http(200, "GET", "/.well-known/jwks.json")


def make_passkey(journey: Journey, fresh: dict[str, str], name: str) -> tuple[LoginPasskey, str]:
    """A passkey, made in a fresh login, and its id."""
    passkey = LoginPasskey()
    credential = passkey.create(journey.http(200, "GET", "/v1/passkeys", headers=fresh)["creation"])
    made = journey.http(201, "POST", "/v1/passkeys", {"credential": credential, "name": name}, headers=fresh)
    return passkey, made["passkey_id"]


def by_passkey(journey: Journey, passkey: LoginPasskey) -> dict[str, str]:
    """The headers of a login that this passkey has just approved."""
    asked = journey.http(200, "POST", "/v1/passkeys/options")["public_key"]
    ask = {"assertion": passkey.get(asked)}
    told = journey.http(201, "POST", "/v1/passkeys/login", ask, headers={"origin": ORIGIN})
    bearer = {"authorization": f"Bearer {journey.keep('login token', told['login_token'])}"}
    session = journey.http(200, "POST", f"/v1/logins/{told['login_id']}/complete", headers=bearer)
    journey.keep("id_token", session["id_token"])
    return {"authorization": f"Bearer {told['login_id']}.{told['login_token']}", "origin": ORIGIN}


def use_passkeys(journey: Journey, login: dict[str, Any]) -> None:
    """Three passkeys, made in the login that the phone has just approved; one that was used is removed."""
    fresh = {"authorization": f"Bearer {login['login_id']}.{login['login_token']}", "origin": ORIGIN}
    passkeys = [make_passkey(journey, fresh, name) for name in ("Laptop", "Tablet", "Security key")]
    passkey, passkey_id = passkeys[0]
    for status in (201, 403):
        asked = journey.http(200, "POST", "/v1/passkeys/options")["public_key"]
        ask = {"assertion": passkey.get(asked)}
        told = journey.http(status, "POST", "/v1/passkeys/login", ask, headers={"origin": ORIGIN})
        if status < 300:
            journey.keep("login token", told["login_token"])
            journey.http(204, "DELETE", f"/v1/passkeys/{passkey_id}", headers=fresh)
    other = replace(passkeys[1][0], origin=TAX_PAGE)
    asked = journey.http(200, "POST", "/v1/passkeys/options")["public_key"]
    elsewhere: dict[str, Any] = {"assertion": other.get(asked), "client_id": "taxapp"}
    told = journey.http(201, "POST", "/v1/passkeys/login", elsewhere, headers={"origin": TAX_PAGE})
    bearer = {"authorization": f"Bearer {journey.keep('login token', told['login_token'])}"}
    session = journey.http(200, "POST", f"/v1/logins/{told['login_id']}/complete", headers=bearer)
    journey.keep("id_token", session["id_token"])
    journey.http(200, "GET", "/.well-known/webauthn")
    key, _ = passkeys[2]
    fresh = by_passkey(journey, key)
    for policy in ("passkey_only", "phone_or_passkey"):
        journey.http(200, "PATCH", "/v1/passkeys", {"login_policy": policy}, headers=fresh)
        fresh = by_passkey(journey, key)


def settle(journey: Journey) -> None:
    """After the story: cancelled, mistyped and refused logins, a second phone that comes and goes, and the history."""
    cancelled = log_in(journey)
    journey.http(204, "DELETE", f"/v1/logins/{cancelled['login_id']}", headers=cancelled["bearer"])
    mistyped = log_in(journey)
    code = f"{(int(mistyped['transfer_code']) + 1) % 10**6:06d}"
    ask = approval(journey, mistyped, journey.keep("wrong transfer code", code))
    journey.send(422, journey.phone, "POST", f"/v1/approvals/{mistyped['login_id']}", ask)
    second = journey.world.new_phone()
    enrol_by_code(journey)
    replace_a_lost_phone(journey)
    device_id = pair(journey, second)
    journey.send(200, journey.phone, "PATCH", f"/v1/devices/{device_id}", {"name": "Altes Telefon"})
    ask = to_builtins(journey.world.revocation(journey.phone, device_id))
    journey.keep("signed removal", ask["evidence"]["jws"])
    journey.send(204, journey.phone, "POST", f"/v1/devices/{device_id}/revoke", ask)
    journey.send(401, second, "GET", "/v1/approvals")
    third = journey.world.new_phone()
    journey.send(204, third, "DELETE", f"/v1/devices/{pair(journey, third)}")
    journey.send(200, journey.phone, "GET", "/v1/devices")
    be_woken(journey)
    strange = log_in(journey, client_address="192.0.2.77")
    ask = {"decision": "deny", "reason": "not_me"}
    journey.send(200, journey.phone, "POST", f"/v1/approvals/{strange['login_id']}", ask)
    journey.http(403, "POST", f"/v1/logins/{strange['login_id']}/complete", headers=strange["bearer"])
    journey.send(200, journey.phone, "GET", "/v1/events")


def log_in_elsewhere(journey: Journey) -> None:
    """A login to another client, from a page of its own."""
    ask = {"identifier": journey.account.number, "password": PASSWORD, "client_id": "taxapp"}
    journey.http(403, "POST", "/v1/logins", ask, headers={"origin": ORIGIN})
    login = journey.http(201, "POST", "/v1/logins", ask, headers={"origin": TAX_PAGE})
    for name in ("login_token", "transfer_code"):
        journey.keep(name, login[name].replace(" ", ""))
    evidence = approval(journey, login, login["transfer_code"].replace(" ", ""))
    journey.send(200, journey.phone, "POST", f"/v1/approvals/{login['login_id']}", evidence)
    bearer = {"authorization": f"Bearer {login['login_token']}"}
    journey.keep(
        "id_token", journey.http(200, "POST", f"/v1/logins/{login['login_id']}/complete", headers=bearer)["id_token"]
    )


def use_openid_connect(journey: Journey) -> None:
    """An application logs somebody in by OpenID Connect, with a secret and with a key; each code once too often."""
    add_clients(journey.world)
    for client_id, uri in ((BANK, BANK_URI), (SHOP, SHOP_URI)):
        flow = Flow(journey.world, client_id, uri, changes={"scope": "openid email offline_access"})
        journey.cool()
        if client_id == SHOP:
            journey.noted("POST", "/oauth2/authorize", flow.authorize(by_form=True)[0])
            pushed = journey.http(
                201, "POST", "/oauth2/par", urlencode(flow.parameters()).encode(), headers={**FORM, **basic()}
            )
            flow.reference = journey.keep("request_uri", pushed["request_uri"])
            journey.cool()
        status, headers = flow.authorize()
        interaction = headers["Location"].partition("#interaction=")[2]
        journey.noted("GET", "/oauth2/authorize", status)
        journey.cool()
        journey.noted("POST", "/oauth2/authorize", flow.authorize(by_form=True)[0])
        cookie = {"cookie": flow.cookie}
        journey.keep("interaction's cookie", flow.cookie.partition("=")[2])
        journey.http(200, "GET", f"/oauth2/interaction?interaction={interaction}", headers=cookie)
        ask = {"identifier": journey.account.number, "password": PASSWORD, "client_id": client_id}
        login = journey.http(201, "POST", "/v1/logins", ask, headers={"origin": URL})
        for name in ("login_token", "transfer_code"):
            journey.keep(name, login[name].replace(" ", ""))
        evidence = approval(journey, login, login["transfer_code"].replace(" ", ""))
        journey.send(200, journey.phone, "POST", f"/v1/approvals/{login['login_id']}", evidence)
        finish = {"interaction": interaction, "login_id": login["login_id"]}
        bearer = {"authorization": f"Bearer {login['login_token']}", "origin": URL, **cookie}
        told = journey.http(200, "POST", "/oauth2/interaction", finish, headers=bearer)
        redeem(journey, flow, flow.heard(told["redirect_to"])["code"])
    for name in ("openid-configuration", "oauth-authorization-server"):
        journey.http(200, "GET", f"/.well-known/{name}")


def stay_signed_in(journey: Journey) -> None:
    """The browser needs no second login, until a client or the person ends the session, and the clients hear of it."""
    for ends_by_client in (True, False):
        journey.cool()
        flow = Flow(journey.world)
        hint = flow.token(flow.answered(journey.account, journey.phone)["code"])[2]["id_token"]
        flow.stay()
        for name, secret in flow.said:
            journey.keep(name, secret)
        journey.keep("session", flow.session.rpartition(".")[2])
        flow.changes = {"id_token_hint": journey.keep("id_token", hint), "prompt": "none"}
        journey.cool()
        journey.noted("GET", "/oauth2/authorize", flow.authorize()[0])
        journey.cool()
        flow.push_and_refer()
        journey.cool()
        journey.noted("POST", "/oauth2/authorize", flow.authorize(by_form=True)[0])
        journey.cool()
        if ends_by_client:
            bye = log_out(flow, id_token_hint=hint, post_logout_redirect_uri=SHOP_BYE)
            journey.noted("GET", "/oauth2/logout", bye.status)
        else:
            fields = log_out(flow).fields
            journey.cool()
            journey.noted("POST", "/oauth2/logout", log_out(flow, method="POST", **fields).status, 200)
    journey.send(204, journey.phone, "DELETE", "/v1/sessions")
    journey.world.monkeypatch.setattr("back_channel_logout.handler.post", PaperPost())
    journey.cool()
    answer = journey.world.answer("back_channel_logout.handler.handler", queued(*logouts()))
    assert answer == {"batchItemFailures": []}


def use_openid_connect_uniformly(journey: Journey) -> None:
    """The same for a client of OpenID Connect: its login settles what was counted, too."""
    journey.cool()
    flow = Flow(journey.world)
    assert "code" in flow.answered(journey.account, journey.phone)


def redeem(journey: Journey, flow: Flow, code: str) -> None:
    """The client's server redeems its code and asks who it is; the second time everything ends."""
    journey.keep("code", code)
    journey.keep("verifier", flow.verifier)
    journey.keep("client secret", SHOP_SECRET)
    asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": flow.redirect_uri}
    asked["code_verifier"] = flow.verifier
    for status in (200, 400):
        journey.cool()
        sent = dict(FORM)
        if flow.client_id == SHOP:
            sent |= basic()
        else:
            asked |= {"client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion(journey.world)}
            journey.keep("assertion", asked["client_assertion"])
            sent |= dpop(journey.world, BANK_KEY)
            journey.keep("client's proof", sent["dpop"])
        told = journey.http(status, "POST", "/oauth2/token", urlencode(asked).encode(), headers=sent)
        if status < 300:
            journey.keep("id_token", told["id_token"])
            token = journey.keep("access token", told["access_token"])
            for method in ("GET", "POST"):
                shown = {"authorization": f"{told['token_type']} {token}"}
                if flow.client_id == BANK:
                    shown |= dpop(journey.world, BANK_KEY, method, "/oauth2/userinfo", token=token)
                journey.http(200, method, "/oauth2/userinfo", headers=shown)
            if "refresh_token" in told:
                refresh(journey, told["refresh_token"])


def refresh(journey: Journey, token: str) -> None:
    """The client refreshes its tokens, and revokes another's token, which is none of its own."""
    form = {"grant_type": "refresh_token", "refresh_token": journey.keep("refresh token", token)}
    sent = {**FORM, **basic()}
    told = journey.http(200, "POST", "/oauth2/token", urlencode(form).encode(), headers=sent)
    for name in ("refresh_token", "access_token", "id_token"):
        journey.keep(name, told[name])
    journey.http(200, "POST", "/oauth2/revoke", urlencode({"token": told["refresh_token"]}).encode(), headers=sent)


def ask_the_phone(journey: Journey) -> None:
    """Back ends with passwords of their own: one polls and one is pinged; each names nobody too, and polls too fast."""
    add_back_ends(journey.world, journey.account)
    journey.keep("notification token", NOTIFICATION_TOKEN)
    for client_id, secret in ((BACKEND, BACKEND_SECRET), (PINGED, PINGED_SECRET)):
        sent = {**FORM, **basic(client_id, journey.keep("client secret", secret))}
        asked = {"scope": "openid", "user_agent": "Firefox/140.0", "user_ip_address": ELSEWHERE}
        asked["client_notification_token"] = NOTIFICATION_TOKEN
        begun: dict[str, Any] = {}
        for hint in (EMAIL, "K-999"):
            form = urlencode({**asked, "login_hint": hint}).encode()
            told = journey.http(200, "POST", "/oauth2/bc-authorize", form, headers=sent)
            begun = begun or told
            poll = {"grant_type": GRANT, "auth_req_id": journey.keep("auth_req_id", told["auth_req_id"])}
            for _ in range(2):
                journey.http(400, "POST", "/oauth2/token", urlencode(poll).encode(), headers=sent)
        decide_for(journey, client_id, begun["transfer_code"].replace(" ", ""))
        rewind(begun["auth_req_id"])
        poll["auth_req_id"] = begun["auth_req_id"]
        told = journey.http(200, "POST", "/oauth2/token", urlencode(poll).encode(), headers=sent)
        journey.keep("access token", told["access_token"])
        code = urlencode({"login_hint": journey.account.number}).encode()
        journey.http(400, "POST", "/oauth2/enrolment-codes", code, headers=sent)
        hinted = {**asked, "id_token_hint": journey.keep("id_token", told["id_token"])}
        journey.http(200, "POST", "/oauth2/bc-authorize", urlencode(hinted).encode(), headers=sent)
        decide_for(journey, client_id, None)


def let_a_first_phone_in(journey: Journey) -> None:
    """A back end hands an enrolment code to a person of its own who never had a phone, once it may."""
    how = Backchannel(issues_enrolment_codes=True)
    change_client(BACKEND, lambda found: replace(found, backchannel=how), by="petra", now=journey.world.now)
    bert = journey.world.account(email="bert@person.example")
    change_external_id(bert.id, BACKEND, "K-77", now=journey.world.now)
    sent = {**FORM, **basic(BACKEND, BACKEND_SECRET)}
    for status, hint in ((200, "K-77"), (200, "bert@person.example"), (400, "K-999")):
        form = urlencode({"login_hint": hint}).encode()
        told = journey.http(status, "POST", "/oauth2/enrolment-codes", form, headers=sent)
        if status == HTTPStatus.OK:
            journey.keep("enrolment code", told["enrolment_code"])
    # A client with a key proves it once, whether or not it may.
    proven = {"client_assertion": journey.keep("assertion", assertion(journey.world)), "login_hint": "K-77"}
    form = urlencode({"client_assertion_type": ASSERTION_TYPE, **proven}).encode()
    journey.http(400, "POST", "/oauth2/enrolment-codes", form, headers=FORM)


def decide_for(journey: Journey, client_id: str, code: str | None) -> None:
    """The phone approves what the client asked with the code that it shows, or declines without one."""
    waiting = journey.send(200, journey.phone, "GET", "/v1/approvals")["approvals"]
    (shown,) = (one for one in waiting if f'"client":"{client_id}"' in stated(one))
    ask: dict[str, Any] = {"decision": "deny", "reason": "changed_my_mind"}
    if code is not None:
        typed = journey.keep("transfer code", code)
        payload = decision_payload(statement=shown["statement"], transfer_code=typed, now=journey.world.now)
        evidence = journey.phone.approval.evidence(payload)
        journey.keep("evidence", evidence["jws"])
        ask = {"decision": "approve", "evidence": evidence}
    journey.send(200, journey.phone, "POST", f"/v1/approvals/{shown['login_id']}", ask)


def stated(shown: dict[str, Any]) -> str:
    """What the phone reads of a login."""
    return base64url.decode(shown["statement"]).decode()


def rewind(auth_req_id: str) -> None:
    """Let the next poll come at once: nobody here waits until it may."""
    row_of(auth_req_id).update(actions=[BackchannelRequestRow.next_poll_at.set(0)])


def log_in_with_an_old_hash(journey: Journey) -> None:
    """A login, and the registration of a key, each of which renews a hash that is weaker than today's."""
    for lanes in (2, 3):
        journey.world.set(ARGON2_LANES=lanes)
        if lanes == 2:
            login = log_in(journey)
            journey.http(204, "DELETE", f"/v1/logins/{login['login_id']}", headers=login["bearer"])
        else:
            decline(journey, register(journey, journey.world.new_phone()), "changed_my_mind")


def mistype_at_enrolment(journey: Journey) -> None:
    """A wrong password for a key, by each kind of name and by one that nobody has or has tried before."""
    phone = journey.world.new_phone()
    for identifier in (journey.account.number, EMAIL, "stranger@person.example"):
        ask = {"identifier": identifier, "password": WRONG_PASSWORD, "device_key": phone.key.public_jwk()}
        journey.send(401, phone, "POST", "/v1/keys", ask | {"device_name": "Telefon", "platform": "ios"})


def enrol_a_passkey(journey: Journey) -> None:
    """Steps 3 to 5 in a browser, whose approval key is a passkey."""
    pair(journey, journey.world.new_phone("webauthn"), platform="web")


def retire_the_first_phone(journey: Journey) -> None:
    """A new phone, for which the first one has signed that it leaves, logs in and asks what waits."""
    phone = journey.world.new_phone()
    pair(journey, phone, retire=True)
    journey.phone, first = phone, journey.phone
    login = log_in(journey)
    ask = approval(journey, login, login["transfer_code"])
    journey.send(200, phone, "POST", f"/v1/approvals/{login['login_id']}", ask)
    journey.http(200, "POST", f"/v1/logins/{login['login_id']}/complete", headers=login["bearer"])
    journey.send(200, phone, "GET", "/v1/approvals")
    journey.send(401, first, "GET", "/v1/approvals")


def log_in_uniformly(journey: Journey) -> None:
    """With UniformLogin a wrong password begins a login too, and a completed one settles what was counted."""
    journey.world.set(UNIFORM_LOGIN="on")
    use_openid_connect_uniformly(journey)
    login = log_in(journey)
    ask = approval(journey, login, login["transfer_code"])
    journey.send(200, journey.phone, "POST", f"/v1/approvals/{login['login_id']}", ask)
    journey.http(200, "POST", f"/v1/logins/{login['login_id']}/complete", headers=login["bearer"])


def be_woken(journey: Journey) -> None:
    """The phone lets itself be woken, no more, and again; a login then wakes it."""
    path = f"/v1/devices/{journey.phone.key.thumbprint}/push"
    key = journey.send(200, journey.phone, "GET", path)["application_server_key"]
    browser = PushSubscription.make(ENDPOINT.format("journey"))
    ask = browser.ask(key)
    journey.keep("push endpoint", browser.endpoint)
    journey.keep("push secret of the browser", base64url.encode(browser.auth))
    for _ in range(2):
        journey.send(204, journey.phone, "PUT", path, ask)
        journey.send(204, journey.phone, "DELETE", path)
    journey.send(204, journey.phone, "PUT", path, ask)


def be_woken_by_a_login(journey: Journey) -> None:
    """The stream brings a login, and the phone's push service says that its browser is gone."""
    service = PaperPushService()
    service.answers[ENDPOINT.format("journey")] = PushAnswer(410)
    login = log_in(journey)
    journey.cool()
    wake_all(journey.world, service, "LOGIN#")
    assert len(service) == 1
    journey.http(204, "DELETE", f"/v1/logins/{login['login_id']}", headers=login["bearer"])


def be_told(journey: Journey) -> None:
    """After all that: the stream brings the notices, and the operator's own programs hear of them too."""
    boto3.client("sesv2").create_email_identity(EmailIdentity=NOTICE_SENDER)
    events: Any = boto3.client("events")
    with suppress(events.exceptions.ResourceAlreadyExistsException):
        events.create_event_bus(Name=EVENT_BUS)
    journey.world.set(EVENT_BUS=EVENT_BUS)
    journey.cool()
    answer = journey.world.answer("notify.handler.handler", queued(*outbox()))
    assert answer == {"batchItemFailures": []}


def be_told_by_sms(journey: Journey) -> None:
    """The same for somebody without an e-mail."""
    alone = journey.world.account()
    change_password(alone.id, PASSWORD, now=journey.world.now)
    be_told(journey)


def freeze(journey: Journey) -> None:
    """Two days later the phone freezes the account, and then a notice's link does; the phone opens it each time."""
    world, journey.ahead = journey.world, 2 * DAY
    with world.monkeypatch.context() as patch:
        for edge in (api, websocket, stream):
            patch.setattr(edge, "time", SimpleNamespace(time=lambda: world.now, monotonic=time.monotonic, sleep=None))
        login, tab = log_in(journey, used=1), Tab(world)
        assert tab.open(login["login_id"], login["login_token"]) == 200
        journey.send(204, journey.phone, "POST", "/v1/account/freeze")
        _open(journey)
        told = max(recent_notices(journey.account.id, since=0), key=lambda one: one.at)
        token = journey.keep("link of a notice", freeze_token(told))
        for status in (204, 204):
            journey.http(status, "POST", "/v1/notices/freeze", {"token": token})
        _open(journey)
    journey.ahead = 0


def _open(journey: Journey) -> None:
    frozen = journey.send(200, journey.phone, "GET", "/v1/approvals")["frozen"]
    assert frozen["may_open"]
    phone = journey.phone
    ask = signed_opening(phone.approval, phone.account_id, frozen["frozen_at"], now=journey.world.now)
    journey.keep("signed opening", ask["evidence"]["jws"])
    journey.send(204, phone, "POST", "/v1/account/open", ask)


def be_pinged(journey: Journey) -> None:
    """The stream brings the ping of a decision, and the client takes it."""
    journey.world.monkeypatch.setattr(handler, "post", lambda *_: post.Answer(204, None))
    journey.cool()
    keys = [(one["pk"], one["sk"]) for one in journey.items() if one["kind"] == "ping"]
    assert journey.world.answer("ping.handler.handler", queued(*keys)) == {"batchItemFailures": []}


def be_dispatched(journey: Journey) -> None:
    """The stream brings what is new in the outboxes, and each item goes to its queue."""
    queues = {"NOTICES_QUEUE": "Notices", "PINGS_QUEUE": "Pings", "LOGOUTS_QUEUE": "Logouts"}
    create: Any = boto3.client("sqs").create_queue
    journey.world.set(**{name: create(QueueName=queue)["QueueUrl"] for name, queue in queues.items()})
    journey.cool()
    kinds = {"notice", "ping", "logout"}
    keys = [(one["pk"], one["sk"]) for one in journey.items() if one["kind"] in kinds]
    assert journey.world.answer("dispatch.handler.handler", batch(*keys)) == {"batchItemFailures": []}


def whole(world: World) -> Journey:
    """All of it."""
    journey = begin(world)
    stray(journey)
    login = live(journey)
    decide(journey, login)
    use_passkeys(journey, login)
    settle(journey)
    log_in_elsewhere(journey)
    use_openid_connect(journey)
    ask_the_phone(journey)
    let_a_first_phone_in(journey)
    stay_signed_in(journey)
    freeze(journey)
    use_recovery_codes(journey)
    return journey
