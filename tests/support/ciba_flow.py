"""A back end with passwords of its own at work: it asks the phone, polls, and hears who approved."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from smartident.admin.change import change_external_id
from smartident.clients.backchannel import PING, Backchannel
from smartident.clients.changes import add_client, show_client
from smartident.clients.client_secret import client_secret_mac
from tests.support.oidc_flow import FORM, OPERATOR, SHOP, basic
from tests.support.world import ELSEWHERE

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.world import Phone, World

BACKEND, BACKEND_SECRET, BACKEND_NAME = "backend", "the-secret-of-the-back-end", "Musterbank"
PINGED, PINGED_SECRET, PING_URI = "pinged", "the-secret-of-the-pinged", "https://bank.example/ping"
CUSTOMER = "K-42"
GRANT = "urn:openid:params:grant-type:ciba"
NOTIFICATION_TOKEN = "8d67dc78-7faa-4d41-aabd-67707b374255"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def add_back_ends(world: World, account: Account | None = None, **allowed: Any) -> None:
    """One client that polls and one that is pinged; both know the account by names of their own."""
    for client_id, secret, how in (
        (BACKEND, BACKEND_SECRET, Backchannel(**allowed)),
        (PINGED, PINGED_SECRET, Backchannel(PING, PING_URI, **allowed)),
    ):
        secret_mac = client_secret_mac(client_id, secret)
        client = replace(show_client(SHOP), id=client_id, name=BACKEND_NAME, secret_mac=secret_mac, backchannel=how)
        add_client(client, by=OPERATOR, now=world.now)
        if account is not None:
            change_external_id(account.id, client_id, CUSTOMER, now=world.now)


@dataclass
class BackEnd:
    """A client's server."""

    world: World
    client_id: str = BACKEND
    secret: str = BACKEND_SECRET
    changes: dict[str, str | None] = field(default_factory=dict)

    def ask(self, **changes: str | None) -> tuple[int, dict[str, str], Any]:
        """Ask for the approval of the customer; a change to None leaves a parameter out."""
        asked: dict[str, str | None] = {
            "scope": "openid profile",
            "login_hint": CUSTOMER,
            "user_ip_address": ELSEWHERE,
            "user_agent": FIREFOX,
            **({"client_notification_token": NOTIFICATION_TOKEN} if self.client_id == PINGED else {}),
            **self.changes,
            **changes,
        }
        return self._post("/oauth2/bc-authorize", asked)

    def code(self, **asked: str | None) -> tuple[int, dict[str, str], Any]:
        """Ask for an enrolment code."""
        return self._post("/oauth2/enrolment-codes", asked)

    def poll(self, auth_req_id: str, **changes: str | None) -> tuple[int, dict[str, str], Any]:
        """Ask what became of it."""
        return self._post("/oauth2/token", {"grant_type": GRANT, "auth_req_id": auth_req_id, **changes})

    def error(self, auth_req_id: str) -> str:
        """Poll for what is refused, and how."""
        status, _, told = self.poll(auth_req_id)
        assert status == 400, told
        return str(told["error"])

    def approved(self, phone: Phone, **changes: str | None) -> dict[str, Any]:
        """A request that the phone has approved, with the digits that the client's page shows."""
        begun: dict[str, Any] = self.ask(**changes)[2]
        approve(self.world, phone, begun)
        return begun

    def _post(self, path: str, parameters: dict[str, str | None]) -> tuple[int, dict[str, str], Any]:
        told = {name: value for name, value in parameters.items() if value is not None}
        sent = {**FORM, **basic(self.client_id, self.secret)}
        return self.world.http("POST", path, urlencode(told).encode(), headers=sent)


def pinged(world: World) -> BackEnd:
    """The server of the client that is pinged."""
    return BackEnd(world, PINGED, PINGED_SECRET)


def approve(world: World, phone: Phone, begun: dict[str, Any], code: str | None = None) -> tuple[int, Any]:
    """The person types the digits of the client's page into the phone, which shows one request."""
    (shown,) = world.listed(phone)
    typed = begun["transfer_code"].replace(" ", "") if code is None else code
    evidence = phone.evidence(shown["statement"], typed, now=world.now)
    body = {"decision": "approve", "evidence": evidence}
    status, _, told = world.send(phone, "POST", f"/v1/approvals/{shown['login_id']}", body)
    return status, told


def deny(world: World, phone: Phone, reason: str = "not_me") -> None:
    """The person declines."""
    (shown,) = world.listed(phone)
    body = {"decision": "deny", "reason": reason}
    assert world.send(phone, "POST", f"/v1/approvals/{shown['login_id']}", body)[0] == 200
