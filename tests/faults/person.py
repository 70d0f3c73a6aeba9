"""One person as the service hears her: her browser and her phone, over the routes of the template."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.sns.models import sns_backends
from msgspec import convert

from smartident_client.answers import Registration
from smartident_client.approval_keys import decision_payload
from tests.support.browser_tab import Tab
from tests.support.world import ORIGIN, PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident.accounts.account import Account
    from tests.support.world import Phone, World

_persons = itertools.count(1)


class Heard(NamedTuple):
    """What a caller hears: a status, the code of a refusal, and what the answer holds."""

    outcome: str
    body: Any = None

    @property
    def code(self) -> str:
        """The code of a refusal, or nothing."""
        return self.outcome.partition(" ")[2]


def heard(answer: tuple[int, dict[str, str], Any]) -> Heard:
    """What a caller hears of a handler's answer."""
    status, _, body = answer
    code = body.get("code", "") if isinstance(body, dict) else ""
    return Heard(f"{status} {code}".strip(), body)


def expect(answer: Heard, *outcomes: str) -> Any:
    """The body of an answer that is as it must be."""
    assert answer.outcome in outcomes, f"{answer.outcome} instead of {' or '.join(outcomes)}"
    return answer.body


@dataclass(frozen=True)
class Person:
    """Somebody with an account, at an address of their own."""

    world: World
    account: Account
    address: str

    def browse(self, method: str, path: str, body: object = None, *, token: str = "") -> Heard:
        """Send a request of her browser."""
        headers = {"origin": ORIGIN, **({"authorization": f"Bearer {token}"} if token else {})}
        return heard(self.world.http(method, path, body, headers=headers, client_address=self.address))

    def log_in(self, password: str = PASSWORD, *, identifier: str = "") -> Heard:
        """Send credentials from her login page."""
        ask = {"identifier": identifier or self.account.number, "password": password}
        return self.browse("POST", "/v1/logins", ask)

    def signed(self, phone: Phone, method: str, path: str, body: object = None) -> Callable[[], Heard]:
        """A request of a phone, signed now, to be sent as often as one likes."""
        content = b"" if body is None else json.dumps(body).encode()
        if phone.account_id:
            request = phone.request(method, path, content, now=self.world.now)
        else:
            request = phone.new_key_request(path, content, now=self.world.now)
        headers = {"dpop": request.proof}
        return lambda: heard(
            self.world.http(method, path, content or None, headers=headers, client_address=self.address)
        )

    def ask(self, phone: Phone, method: str, path: str, body: object = None) -> Heard:
        """Send a request of a phone."""
        return self.signed(phone, method, path, body)()

    def tab(self) -> Tab:
        """A tab of her browser."""
        return Tab(self.world)

    def texts(self) -> list[str]:
        """The SMS that she got, as SNS took them."""
        taken = sns_backends[DEFAULT_ACCOUNT_ID]["eu-central-1"].sms_messages
        return [text for to, text in taken.values() if to == self.account.phone]

    def code(self) -> str:
        """The code of the last SMS."""
        found = re.search(r"\b\d{6}\b", self.texts()[-1])
        assert found
        return found[0]

    def new_key(self, phone: Phone) -> dict[str, Any]:
        """What the app sends to register its key."""
        return {
            "identifier": self.account.number,
            "password": PASSWORD,
            "device_key": phone.key.public_jwk(),
            "device_name": "Annas Telefon",
            "platform": "ios",
        }

    def phone(self, *, beside: Phone | None = None) -> Phone:
        """A phone of hers, registered; a further one is let in by the one that it lies beside."""
        phone = self.world.new_phone()
        registered = expect(self.ask(phone, "POST", "/v1/keys", self.new_key(phone)), "202")
        if beside is not None:
            expect(self.ask(beside, *self.letting_in(beside, registered)), "200")
        code = None if beside is not None else self.code()
        expect(self.ask(phone, *self.confirmation(phone, registered, code)), "201")
        phone.account_id = self.account.id
        return phone

    def confirmation(self, phone: Phone, registered: dict[str, Any], code: str | None = None) -> tuple[str, str, Any]:
        """Step 4 as the app sends it: with the code of an SMS, if that is what confirms."""
        proven = phone.approval.prove(convert(registered, Registration), device_key=phone.key)
        path = f"/v1/keys/{registered['registration_id']}/verify"
        return "POST", path, {"approval_key": proven} if code is None else {"code": code, "approval_key": proven}

    def letting_in(
        self, phone: Phone, registered: dict[str, Any], shown: str = "", *, retire: bool = False
    ) -> tuple[str, str, Any]:
        """Between steps 3 and 4 of a further phone, as the app of the old one sends it."""
        name = registered["registration_id"]
        [statement] = [one["statement"] for one in self.listed(phone) if one.get("registration_id") == name]
        code = shown or registered["pairing"]
        leaves = phone.key.thumbprint if retire else None
        payload = decision_payload(statement=statement, transfer_code=code, retire_device=leaves, now=self.world.now)
        body = {"decision": "approve", "evidence": phone.approval.evidence(payload)}
        return "POST", f"/v1/approvals/{name}", body

    def listed(self, phone: Phone) -> list[dict[str, Any]]:
        """Step 7."""
        listed: list[dict[str, Any]] = expect(self.ask(phone, "GET", "/v1/approvals"), "200")["approvals"]
        return listed

    def approval(self, phone: Phone, login: dict[str, Any], transfer_code: str = "") -> tuple[str, str, Any]:
        """Step 8 as the app sends it."""
        [statement] = [one["statement"] for one in self.listed(phone) if one.get("login_id") == login["login_id"]]
        code = transfer_code or login["transfer_code"].replace(" ", "")
        payload = decision_payload(statement=statement, transfer_code=code, now=self.world.now)
        body = {"decision": "approve", "evidence": phone.approval.evidence(payload)}
        return "POST", f"/v1/approvals/{login['login_id']}", body

    def complete(self, login: dict[str, Any]) -> Heard:
        """The end of step 8."""
        return self.browse("POST", f"/v1/logins/{login['login_id']}/complete", token=login["login_token"])


def newcomer(world: World, *, two_factor: bool = True) -> Person:
    """Somebody whose telephone number and address nobody shares."""
    number = next(_persons)
    account = world.account(phone=f"+49170{number:04d}0000", two_factor=two_factor)
    return Person(world, account, f"198.18.{number // 256}.{number % 256}")
