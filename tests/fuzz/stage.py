"""The stage of the fuzz: two people with all that can be asked about them, and the right request of every route."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from msgspec import to_builtins

from smartident_client import base64url
from tests.support import forged_evidence
from tests.support.browser_tab import Tab
from tests.support.stored_items import items
from tests.support.world import PASSWORD, Phone, World

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smartident.accounts.account import Account
    from smartident.logins.start import StartedLogin
    from smartident_client.answers import Registration

JSON = {"content-type": "application/json"}
# What counting leaves behind of every try, whatever became of it.
COUNTERS = {
    "failed_attempts",
    "failures_by_hour",
    "trusted_addresses",
    "code_attempts",
    "wrong_sms_codes",
    "wrong_sms_codes_day",
}
PATIENT = {
    "PASSWORD_TRIES": 10**6,
    "FAILURES_PER_HOUR": 10**6,
    "ADDRESS_FAILURES": 10**6,
    "UNANSWERED_LOGINS": 10**6,
    "SMS_CODE_TRIES": 10**6,
    "PENDING_LOGINS": 9,
    "SMS_PER_ACCOUNT_DAY": 10**6,
    "SMS_PER_PHONE_DAY": 10**6,
    "SMS_PER_PREFIX_DAY": 10**6,
    "SMS_DAILY_BUDGET": 10**6,
}


@dataclass
class Ask:
    """One request before it is sent: a phone's proof is made last, over what the request has become."""

    method: str
    path: str
    body: Any = None
    phone: Phone | None = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    proof_header: Mapping[str, Any] = field(default_factory=dict)
    proof_claims: Mapping[str, Any] = field(default_factory=dict)
    signs_with: Phone | None = None
    proof: str | None = None


@dataclass
class Person:
    """An account with a phone, a login that waits, and the first phone of another account that waits for its code."""

    account: Account
    phone: Phone
    started: StartedLogin
    registered: Registration
    newcomer: Phone
    code: str


class Stage:
    """Anna and Boris, and every request that Anna may make."""

    def __init__(self, world: World, kind: str = "jwk") -> None:
        world.provision()
        world.set(**PATIENT)
        world.aws.clear()
        world.now = int(time.time())
        self.world, self.kind = world, kind
        self.anna, self.boris = self._person(), self._person()
        self.before = self.state()

    def _person(self) -> Person:
        world = self.world
        account = world.account()
        phone = world.phone(account, self.kind)
        newcomer = world.new_phone(self.kind)
        # An SMS confirms the first phone of an account only.
        registered = world.register(world.account(), newcomer)
        return Person(account, phone, world.start(account), registered, newcomer, world.sms.code())

    def asks(self) -> dict[str, Ask]:
        """The right request of every route, as Anna makes it."""
        return {**self._phone_asks(), **self._browser_asks()}

    def _phone_asks(self) -> dict[str, Ask]:
        anna = self.anna
        login, device = f"/v1/approvals/{anna.started.login.id}", f"/v1/devices/{anna.phone.key.thumbprint}"
        key = f"/v1/keys/{anna.registered.registration_id}"
        confirm = {
            "code": anna.code,
            "approval_key": anna.newcomer.approval.prove(anna.registered, device_key=anna.newcomer.key),
        }
        return {
            "list": Ask("GET", "/v1/approvals", phone=anna.phone),
            "approve": Ask("POST", login, {"decision": "approve", "evidence": self.evidence()}, anna.phone),
            "deny": Ask("POST", login, {"decision": "deny", "reason": "not_me"}, anna.phone),
            "devices": Ask("GET", "/v1/devices", phone=anna.phone),
            "rename": Ask("PATCH", device, {"name": "Telefon"}, anna.phone),
            "sign out": Ask("DELETE", device, phone=anna.phone),
            "revoke": Ask("POST", f"{device}/revoke", self.removal(), anna.phone),
            "events": Ask("GET", "/v1/events", phone=anna.phone),
            "register": Ask("POST", "/v1/keys", self._new_key(), anna.newcomer),
            "resend": Ask("POST", f"{key}/resend", phone=anna.newcomer),
            "verify": Ask("POST", f"{key}/verify", confirm, anna.newcomer),
        }

    def removal(self) -> dict[str, Any]:
        """What Anna's phone signs to remove itself with its approval key."""
        signed: dict[str, Any] = to_builtins(self.world.revocation(self.anna.phone, self.anna.phone.key.thumbprint))
        return signed

    def _new_key(self) -> dict[str, Any]:
        return {
            "identifier": self.anna.account.number,
            "password": PASSWORD,
            "device_key": self.anna.newcomer.key.public_jwk(),
            "device_name": "Telefon",
            "platform": "ios",
        }

    def _browser_asks(self) -> dict[str, Ask]:
        path, bearer = f"/v1/logins/{self.anna.started.login.id}", f"Bearer {self.anna.started.token}"
        return {
            "start": Ask("POST", "/v1/logins", {"identifier": self.anna.account.number, "password": PASSWORD}),
            "follow": Ask("GET", path, headers={"authorization": bearer}),
            "cancel": Ask("DELETE", path, headers={"authorization": bearer}),
            "complete": Ask("POST", f"{path}/complete", headers={"authorization": bearer}),
        }

    def evidence(self, changes: Mapping[str, Any] | None = None, header: Mapping[str, Any] | None = None) -> Any:
        """What Anna's approval key signs over her login, or something else."""
        started = self.anna.started
        statement = base64url.encode(started.login.statement.encode())
        said = forged_evidence.decision(statement, started.transfer_code or "", now=self.world.now, changes=changes)
        return forged_evidence.evidence(self.anna.phone, said, header=header)

    def send(self, ask: Ask) -> tuple[int, dict[str, str], Any]:
        """Send a request as it has become."""
        content = ask.raw if ask.raw is not None else json.dumps(ask.body).encode() if ask.body else b""
        headers = {**(JSON if content else {}), **ask.headers}
        if ask.phone is not None:
            made = forged_evidence.proof(
                ask.phone,
                now=self.world.now,
                method=ask.method,
                path=ask.path.partition("?")[0],
                body=content,
                key=ask.signs_with.key if ask.signs_with else None,
                header=ask.proof_header,
                claims=ask.proof_claims,
            )
            headers["dpop"] = made.proof if ask.proof is None else ask.proof
        return self.world.http(ask.method, ask.path, content or None, headers=headers)

    def tab(self) -> Tab:
        """A new tab of somebody's browser."""
        return Tab(self.world)

    def state(self) -> dict[tuple[str, str], dict[str, Any]]:
        """The table without its counters."""
        return {
            (item["pk"]["S"], item["sk"]["S"]): {name: value for name, value in item.items() if name not in COUNTERS}
            for item in items()
            if not item["pk"]["S"].startswith(("LIMIT#", "UNKNOWN#"))
        }
