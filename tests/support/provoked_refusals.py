"""A scene in which a request is refused: one person, her phone, her login, and a language to hear it in."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from smartident_client import base64url
from tests.support.world import ORIGIN, PASSWORD, Phone, World

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.logins.start import StartedLogin
    from smartident_client.answers import Registration

Answer = tuple[int, dict[str, str], Any]


@dataclass
class Scene:
    """Requests over the handlers, in one language."""

    world: World
    language: str
    phones: list[Phone] = field(default_factory=list)

    @cached_property
    def anna(self) -> Account:
        """The person."""
        return self.world.account()

    def phone(self) -> Phone:
        """Her phone, registered when it is first needed."""
        if not self.phones:
            self.phones.append(self.world.phone(self.anna))
        return self.phones[0]

    def login(self) -> StartedLogin:
        """A login of hers that waits."""
        self.phone()
        return self.world.start(self.anna)

    def registration(self) -> tuple[Registration, Phone]:
        """A registration that waits for its code, and the phone that began it."""
        phone = self.world.new_phone()
        return self.world.register(self.anna, phone), phone

    def wrong_code(self) -> str:
        """Six digits that are not those of the SMS."""
        return f"{(int(self.world.sms.code()) + 1) % 1_000_000:06d}"

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """A request of a browser."""
        return self.world.http(method, path, body, headers={"accept-language": self.language, **headers})

    def send(self, phone: Phone, method: str, path: str, body: object = None) -> Answer:
        """A request of a phone."""
        return self.world.send(phone, method, path, body, headers={"accept-language": self.language})

    def start(self, identifier: str, *, origin: str = ORIGIN, **members: str) -> Answer:
        """Step 6 with the right password of every person here."""
        body = {"identifier": identifier, "password": PASSWORD, **members}
        return self.ask("POST", "/v1/logins", body, origin=origin)

    def complete(self, login_id: str, token: str) -> Answer:
        """The end of step 8."""
        return self.ask("POST", f"/v1/logins/{login_id}/complete", authorization=f"Bearer {token}")

    def register(self, phone: Phone, identifier: str, **members: str) -> Answer:
        """Step 3 with the right password."""
        body = {"identifier": identifier, "password": PASSWORD, "device_key": phone.key.public_jwk(), **members}
        return self.send(phone, "POST", "/v1/keys", {**body, "device_name": "Annas Telefon", "platform": "ios"})

    def confirm(self, registered: Registration, phone: Phone, code: str | None) -> Answer:
        """Step 4."""
        code_member = {"code": code} if code else {}
        body = {**code_member, "approval_key": phone.approval.prove(registered, device_key=phone.key)}
        return self.send(phone, "POST", f"/v1/keys/{registered.registration_id}/verify", body)

    def approve(self, phone: Phone, started: StartedLogin, *, code: str | None = None) -> Answer:
        """Step 8 with the code that the page shows, or another."""
        statement = base64url.encode(started.login.statement.encode())
        evidence = phone.evidence(statement, code or started.transfer_code or "", now=self.world.now)
        return self.decide(phone, started, evidence=evidence)

    def decide(self, phone: Phone, started: StartedLogin, *, evidence: dict[str, Any]) -> Answer:
        """Step 8 with whatever evidence."""
        body = {"decision": "approve", "evidence": evidence}
        return self.send(phone, "POST", f"/v1/approvals/{started.login.id}", body)
