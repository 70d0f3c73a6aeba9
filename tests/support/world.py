"""The world a test lives in: one table from the template on moto, a clock that stands still, paper SMS and push."""

from __future__ import annotations

import itertools
import json
import os
import re
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import boto3
from msgspec import convert
from msgspec.json import encode

from approve.step import decide_login, list_approvals
from complete.step import finish_login
from devices.step import Revocation, list_devices, list_events, revoke_device, sign_out
from login.step import Credentials, start_login
from register_key.step import NewKey, resend_code, start_registration, to_response
from smartident import settings
from smartident.accounts.account import (
    Account,
)
from smartident.admin.create import (
    create_account,
)
from smartident.approvals.decide import Approve, Deny
from smartident.crypto.dpop import Request
from smartident.devices.device import read_device
from smartident.errors import SmsUnavailable
from smartident.http import api, websocket
from smartident.passwords import hashing
from smartident.statements.login import RequestOrigin
from smartident.streams import table as stream
from smartident_client import base64url
from smartident_client.answers import Device
from smartident_client.answers import Registration as Registered
from smartident_client.approval_keys import ApprovalKey, RawApprovalKey, decision_payload, revocation_statement
from smartident_client.authenticator import Authenticator
from smartident_client.keys import Curve, Key
from smartident_client.proof import device_proof
from smartident_laptop.gateway.events import Request as Sent
from smartident_laptop.gateway.events import http_event
from smartident_laptop.runtime.container import LambdaContext
from smartident_laptop.template import Template
from tests.support import dynamodb
from tests.support.cold_container import cool
from tests.support.iam_roles import NOTICE_SENDER
from tests.support.remembered import remembered
from verify_sms.step import Confirmation, RawKey, WebAuthnKey, finish_registration

if TYPE_CHECKING:
    from collections.abc import Hashable

    import pytest

    from smartident.logins.start import StartedLogin
    from tests.support.fake_aws import Aws

TEMPLATE = Template()
TABLE = "smartident"
URL = "https://api.example.test"
ORIGIN = "https://finance.example.test"
PASSWORD = "Vier-Esel-42"
HOME, ELSEWHERE = "198.51.100.7", "203.0.113.9"
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/139.0 Safari/537.36"
NOW = 1_800_000_000
HERE = RequestOrigin(HOME, AGENT, "", place="Frankfurt, DE", country="DE", asn=3320)
ABROAD = RequestOrigin(ELSEWHERE, AGENT, "", place="Wien, AT", country="AT", asn=8447)
SETTINGS = {
    "API_URL": URL,
    "WEBSOCKET_URL": "wss://socket.example.test/live",
    "CONNECTIONS_URL": "https://socket.example.test/live",
    "ALLOWED_ORIGINS": ORIGIN,
    "CLIENT_ORIGINS": ORIGIN,
    "CLIENT_REDIRECT_URI": f"{ORIGIN}/signed-in",
    "WEBAUTHN_RP_ID": "example.test",
    "WEBAUTHN_ORIGINS": "https://app.example.test",
    "APP_WEB_URL": "https://app.example.test/",
    "SMS_ORIGIN_HOST": "app.example.test",
    "FAILED_ANSWER_MS": "0",
    "NOTICE_SENDER": NOTICE_SENDER,
    "EVENT_BUS": "",
    "RSA_SIGNING_KEYS": "",
    "NOTICE_CONTACT": "https://finance.example.test/help",
    "NOTICE_CONFIGURATION_SET": "notices",
    "SESSION_LIFETIME": "28800",
    "SESSION_IDLE": "0",
    "ARGON2_MEMORY_KIB": "64",
    "ARGON2_TIME": "1",
}
_numbers = itertools.count(1)


@dataclass
class PaperSms:
    """SMS on paper: what was sent can be read, and sending can be made to fail."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    fails: bool = False

    def send(self, phone: str, text: str) -> None:
        """Write it down."""
        if self.fails:
            raise SmsUnavailable("paper is out")
        self.sent.append((phone, text))

    def __len__(self) -> int:
        return len(self.sent)

    def code(self) -> str:
        """The code of the last SMS."""
        found = re.search(r"\b(\d{6})\b", self.sent[-1][1])
        assert found
        return found[1]


@dataclass
class PaperPush:
    """Hints on paper."""

    sent: list[tuple[str | None, dict[str, str]]] = field(default_factory=list)

    def send(self, connection_id: str | None, hint: dict[str, str]) -> bool:
        """Write it down."""
        self.sent.append((connection_id, hint))
        return True

    def __len__(self) -> int:
        return len(self.sent)


@dataclass
class Phone:
    """A phone in a person's hand: its keys, and what it signs."""

    key: Key
    approval: ApprovalKey
    account_id: str = ""
    here: RequestOrigin = HERE

    def request(self, method: str, path: str, body: bytes = b"", *, now: int, **changes: Any) -> Request:
        """What a step gets of a request that this phone made; `changes` spoil the proof after it was signed."""
        proof = device_proof(
            self.key, method=method, url=URL + path, now=now, body=body or None, account_id=self.account_id or None
        )
        return Request(**{"method": method, "url": URL + path, "body": body, "proof": proof, **changes})

    def new_key_request(self, path: str, body: bytes = b"", *, now: int) -> Request:
        """The same for a request of a registration, whose proof carries the key itself."""
        proof = device_proof(self.key, method="POST", url=URL + path, now=now, body=body or None)
        return Request("POST", URL + path, body, proof)

    def evidence(self, statement: str, transfer_code: str, *, retire: str | None = None, now: int) -> dict[str, Any]:
        """What the approval key signs over a statement as listed, and that it retires a device."""
        return self.approval.evidence(
            decision_payload(statement=statement, transfer_code=transfer_code, retire_device=retire, now=now)
        )


@dataclass
class World:
    """One table and all that people do to it. Steps get `now` from here; people move the clock by `later`."""

    monkeypatch: pytest.MonkeyPatch
    aws: Aws
    now: int = NOW
    sms: PaperSms = field(default_factory=PaperSms)
    push: PaperPush = field(default_factory=PaperPush)
    _story: Hashable = None
    _told_after: int = 0

    def provision(self) -> None:
        """Empty the table, and make the settings that name it, the signing key and the pepper."""
        if dynamodb.has_table(TABLE):
            dynamodb.lay_down(TABLE, {})
        else:
            table = {name: value for name, value in TEMPLATE.table.items() if name != "StreamSpecification"}
            _client("dynamodb").create_table(**{**table, "TableName": TABLE})
        self.set(**{**TEMPLATE.environment, **SETTINGS, "TABLE_NAME": TABLE, **_lasting()})
        cool()
        hashing.decoy_hash.cache_clear()
        self.remember(())

    @property
    def past(self) -> Hashable:
        """The steps since the table was empty, if nothing else was written since and nobody interferes; or None."""
        disturbed = self.now != NOW or self.aws.writes != self._told_after or self.aws.interferes or self.sms.fails
        return None if disturbed else self._story

    def remember(self, story: Hashable) -> None:
        """These are the steps that led to the world as it is."""
        self._story, self._told_after = story, self.aws.writes

    def set(self, **chosen: object) -> None:
        """Give settings other values, as environment variables."""
        for name, value in chosen.items():
            self.monkeypatch.setenv(name, str(value))
        settings.settings.cache_clear()
        settings.notice_settings.cache_clear()
        settings.rsa_settings.cache_clear()
        settings.login_policy_settings.cache_clear()
        settings.settings_of.cache_clear()
        settings.session_settings.cache_clear()
        settings.lost_phone_settings.cache_clear()

    def stop_the_clock(self) -> None:
        """From now on the handlers too read the world's time, which moves by `later` only."""
        stopped = SimpleNamespace(time=lambda: self.now, monotonic=time.monotonic, sleep=time.sleep)
        for edge in (api, websocket, stream):
            self.monkeypatch.setattr(edge, "time", stopped)

    def later(self, seconds: int) -> None:
        """Let time pass."""
        self.now += seconds

    @remembered
    def account(self, number: str | None = None, **members: Any) -> Account:
        """A person with an account."""
        return create_account(
            number or f"{300_000_000 + next(_numbers)}",
            PASSWORD,
            **{
                "display_name": "Anna Berger",
                "email": None,
                "phone": "+491701234711",
                "two_factor": True,
                "now": self.now,
                **members,
            },
        )

    def new_phone(self, kind: str = "jwk", curve: Curve = "P-256") -> Phone:
        """A phone out of the box, with its two keys made."""
        raw = RawApprovalKey(Key.make(curve))
        approval: ApprovalKey = raw if kind == "jwk" else Authenticator(Key.make(curve), "https://app.example.test")
        return Phone(Key.make(curve), approval)

    def register(
        self,
        account: Account,
        phone: Phone,
        *,
        password: str = PASSWORD,
        client_address: str | None = None,
        request: Request | None = None,
        lost_phone: bool = False,
    ) -> Registered:
        """Steps 3: what the phone gets for credentials and its new key."""
        ask = NewKey(
            account.number, phone.key.public_jwk(), "Annas Telefon", "ios", password=password, lost_phone=lost_phone
        )
        registration = start_registration(
            ask,
            request=request or phone.new_key_request("/v1/keys", b"{}", now=self.now),
            request_origin=replace(phone.here, address=client_address or phone.here.address),
            sms=self.sms,
            now=self.now,
        )
        return convert(to_response(registration), Registered)

    def enrol(self, account: Account, phone: Phone, code: str, *, identifier: str | None = None) -> Registered:
        """Step 3 without a password: what the phone gets for an enrolment code and its new key."""
        ask = NewKey(identifier or account.number, phone.key.public_jwk(), "Annas Telefon", "ios", enrolment_code=code)
        request = phone.new_key_request("/v1/keys", b"{}", now=self.now)
        registration = start_registration(ask, request=request, request_origin=phone.here, sms=self.sms, now=self.now)
        return convert(to_response(registration), Registered)

    def resend(self, registered: Registered, phone: Phone) -> Registered:
        """Between steps 3 and 4: a new code."""
        request = phone.new_key_request(f"/v1/keys/{registered.registration_id}/resend", now=self.now)
        registration = resend_code(registered.registration_id, request=request, sms=self.sms, now=self.now)
        return convert(to_response(registration), Registered)

    def confirmation(self, registered: Registered, phone: Phone, code: str | None) -> Confirmation:
        """What the phone sends to finish."""
        proven = dict(phone.approval.prove(registered, device_key=phone.key))
        kind = {"jwk": RawKey, "webauthn": WebAuthnKey}[proven.pop("type")]
        return Confirmation(kind(**proven), code)

    def verify(self, registered: Registered, phone: Phone, code: str | None = None) -> str:
        """Step 4: the device_id of the phone, once its code is confirmed."""
        ask = self.confirmation(
            registered, phone, code or self.sms.code() if registered.confirm_by.startswith("sms") else None
        )
        path = f"/v1/keys/{registered.registration_id}/verify"
        request = phone.new_key_request(path, b"{}", now=self.now)
        account, device = finish_registration(registered.registration_id, ask, request=request, now=self.now)
        phone.account_id = account.id
        return device.id

    def let_in(self, old: Phone, registered: Registered, shown: str | None = None, *, retire: bool = False) -> str:
        """Between steps 3 and 4 of a further phone: the old one scans what the new one shows, and signs."""
        waits = next(one for one in self.listed(old) if one.get("registration_id") == registered.registration_id)
        code = registered.pairing if shown is None else shown
        leaves = old.key.thumbprint if retire else None
        evidence = old.evidence(waits["statement"], code, retire=leaves, now=self.now)
        return self.decide(old, registered.registration_id, Approve(evidence))

    def paired_phone(
        self,
        old: Phone,
        account: Account,
        kind: str = "jwk",
        curve: Curve = "P-256",
        *,
        here: RequestOrigin = HERE,
        retire: bool = False,
    ) -> Phone:
        """A further phone of the account, let in by an old one, which may leave for it."""
        phone = replace(self.new_phone(kind, curve), here=here)
        registered = self.register(account, phone)
        self.let_in(old, registered, retire=retire)
        self.verify(registered, phone)
        return phone

    @remembered
    def phone(self, account: Account, kind: str = "jwk", curve: Curve = "P-256") -> Phone:
        """A phone that is registered for an account."""
        phone = self.new_phone(kind, curve)
        self.verify(self.register(account, phone), phone)
        return phone

    def start(
        self,
        account: Account,
        *,
        password: str = PASSWORD,
        client_address: str = HOME,
        token: str | None = None,
        nonce: str | None = None,
    ) -> StartedLogin:
        """Step 6: what the browser gets; `token` says that the account trusts it."""
        return start_login(
            Credentials(account.number, password, trusted_browser=token, nonce=nonce),
            request_origin=RequestOrigin(client_address, AGENT, ORIGIN),
            now=self.now,
        )

    @remembered
    def started(self, account: Account) -> StartedLogin:
        """Step 6 as tests of what comes after it begin."""
        return self.start(account)

    def listed(self, phone: Phone) -> list[dict[str, Any]]:
        """Step 7: what the phone sees under "Freigabe"."""
        waiting: list[dict[str, Any]] = self.shown(phone)["approvals"]
        return waiting

    def shown(self, phone: Phone) -> dict[str, Any]:
        """All that the phone is told with what waits for it."""
        return list_approvals(
            request=phone.request("GET", "/v1/approvals", now=self.now), here=phone.here, now=self.now
        )

    def decide(self, phone: Phone, login_id: str, ask: Approve | Deny) -> str:
        """Step 8, whatever was decided."""
        request = phone.request("POST", f"/v1/approvals/{login_id}", encode(ask), now=self.now)
        return decide_login(login_id, ask, request=request, here=phone.here, push=self.push, now=self.now)

    def approve(self, phone: Phone, started: StartedLogin, transfer_code: str | None = None) -> str:
        """Step 8: the person confirms what the page shows."""
        statement = base64url.encode(started.login.statement.encode())
        code = transfer_code if transfer_code is not None else started.transfer_code or ""
        return self.decide(phone, started.login.id, Approve(phone.evidence(statement, code, now=self.now)))

    def complete(self, started: StartedLogin) -> dict[str, Any]:
        """The end of step 8: the browser's session."""
        return finish_login(started.login.id, started.token, issuer=URL, now=self.now)

    def trusted_browser(self, account: Account, phone: Phone, client_address: str = HOME) -> str:
        """Steps 6 to 8: the token of a browser in which the person has signed in."""
        started = self.start(account, client_address=client_address)
        self.approve(phone, started)
        return str(self.complete(started)["trusted_browser"])

    def devices(self, phone: Phone) -> list[dict[str, Any]]:
        """After the story: the phones of the account."""
        return list_devices(request=phone.request("GET", "/v1/devices", now=self.now), now=self.now)

    def revoke(self, phone: Phone, device_id: str) -> None:
        """After the story: one phone revokes another with its approval key, or itself without."""
        if device_id == phone.key.thumbprint:
            request = phone.request("DELETE", f"/v1/devices/{device_id}", now=self.now)
            sign_out(device_id, request=request, now=self.now)
            return
        ask = self.revocation(phone, device_id)
        request = phone.request("POST", f"/v1/devices/{device_id}/revoke", encode(ask), now=self.now)
        revoke_device(device_id, ask, request=request, now=self.now)

    def revocation(self, phone: Phone, device: str, /, **changes: object) -> Revocation:
        """What a phone signs to remove another; `changes` are members of the statement that it writes otherwise."""
        row = read_device(phone.account_id, device)
        name = row.name if row is not None else "?"
        shown = Device(device, name, "ios", "active", NOW, None, current=False, approval_key="jwk")
        written = revocation_statement(phone.account_id, shown, now=self.now)
        statement = base64url.encode(json.dumps({**json.loads(written), **changes}).encode())
        return Revocation(statement, phone.evidence(statement, "", now=self.now))

    def events(self, phone: Phone, before: str | None = None) -> dict[str, Any]:
        """After the story: what happened to the account."""
        return list_events(before, request=phone.request("GET", "/v1/events", now=self.now), now=self.now)

    def http(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        headers: dict[str, str] | None = None,
        client_address: str = HOME,
    ) -> tuple[int, dict[str, str], Any]:
        """Send a request through the handler that the template routes it to; the real clock runs, unless stopped."""
        return self.invoke(*self.event(method, path, body, headers=headers, client_address=client_address))

    def event(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        headers: dict[str, str] | None = None,
        client_address: str = HOME,
    ) -> tuple[str, dict[str, Any]]:
        """The handler that the template routes a request to, and the event that API Gateway makes of it."""
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"user-agent": AGENT, **({"content-type": "application/json"} if content else {}), **(headers or {})}
        bare, _, query = path.partition("?")
        for route in TEMPLATE.routes:
            pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", route.path)
            found = re.fullmatch(pattern, bare)
            if found and route.method == method:
                request = Sent(method, bare, list(sent.items()), "api.example.test", query, content, client_address)
                event = http_event(
                    request, route=route.key, path_parameters=found.groupdict(), at=datetime.fromtimestamp(NOW, UTC)
                )
                return TEMPLATE.functions[route.function].handler, event
        raise AssertionError(f"no route for {method} {path}")

    def send(
        self, phone: Phone, method: str, path: str, body: object = None, *, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], Any]:
        """Send a request of a phone, with its proof; a phone without an account proves the key itself."""
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        bare = path.partition("?")[0]
        if phone.account_id:
            request = phone.request(method, bare, content, now=self.now)
        else:
            request = phone.new_key_request(bare, content, now=self.now)
        return self.http(method, path, content or None, headers={"dpop": request.proof, **(headers or {})})

    def answer(self, handler: str, event: dict[str, Any]) -> dict[str, Any]:
        """Call a handler as Lambda does; its answer as API Gateway gets it."""
        module, _, name = handler.rpartition(".")
        answer: dict[str, Any] = getattr(import_module(module), name)(event, LambdaContext("test", 512, 10, "test"))
        return answer

    def invoke(self, handler: str, event: dict[str, Any]) -> tuple[int, dict[str, str], Any]:
        """Call a handler as Lambda does."""
        answer = self.answer(handler, event)
        text = answer.get("body") or ""
        is_page = answer["headers"].get("Content-Type", "").startswith("text/html")
        return answer["statusCode"], answer["headers"], text if is_page else json.loads(text) if text else None


@cache
def _client(service: str) -> Any:
    return boto3.client(service)


@cache
def _lasting() -> dict[str, str]:
    """The settings that name what one test process needs once: the signing key, the pepper and the push secret."""
    key = _client("kms").create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
    secret = _client("secretsmanager").create_secret(Name="pepper", SecretString="pepper of the tests")["ARN"]
    push = _client("secretsmanager").create_secret(Name="push", SecretString="push secret of the tests")["ARN"]
    return {"SIGNING_KEYS": key, "PEPPER_SECRET_ARN": secret, "PUSH_SECRET_ARN": push}


def credentials() -> dict[str, str]:
    """The AWS credentials of nobody."""
    return {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
