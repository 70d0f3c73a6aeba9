"""Threats by what was given before: it outlives no removed phone, no freeze, no erasure and no removed client.

Each route that no phone's proof opens is asked with what somebody got while all was well; those that a phone or a
password opens are asked in threats/test_removed_and_frozen.py.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from msgspec.json import encode

from smartident.admin.change import change_external_id
from smartident.admin.erase import erase_account
from smartident.clients.changes import remove_client
from smartident.clients.client_cache import forget_clients
from smartident.devices.revoke import revoke
from smartident.freeze.freeze import freeze_account
from tests.support import dynamodb
from tests.support.ciba_flow import BACKEND, BackEnd, add_back_ends
from tests.support.freeze_links import told
from tests.support.log_lines import logged
from tests.support.login_passkey import LoginPasskey, listed, made, options, signed_in
from tests.support.oidc_flow import FORM, OPERATOR, SHOP, Flow, add_clients, basic
from tests.support.tax_app import TAX_PAGE, add_tax_app, page_logs_in
from tests.support.world import ORIGIN, TABLE, URL, World
from tests.threats.test_removed_and_frozen import OTHERWISE

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident.accounts.account import Account
    from tests.support.world import Phone

Answer = tuple[int, str | None]
Asked = dict[str, "Callable[[], Answer]"]
NEW = "K-77"


@dataclass
class Person:
    """Anna, whose phone and browsers are signed in at every client, and somebody new who has no phone yet."""

    world: World
    anna: Account
    phone: Phone
    new: Account

    def ask(self, route: str, body: object = None, *, token: str = "", **headers: str) -> Answer:
        """What a request hears: its status, and the code of what is refused."""
        sent = {**headers, **({"authorization": f"Bearer {token}"} if token else {})}
        if isinstance(body, dict) and sent.get("content-type") == FORM["content-type"]:
            body = urlencode(body).encode()
        method, path = route.split(" ")
        return heard(self.world.answer(*self.world.event(method, path, body, headers=sent)))

    def everything(self) -> Asked:
        """All that the routes may be asked with, by way of what was granted; each is asked once, in this order."""
        asked = dict[str, Any]()
        for part in (self._registrations, self._back_end, self._openid_connect, self._logins, self._passkeys):
            asked |= part()
        self.world.later(30)
        link = told(self.anna, now=self.world.now)
        return asked | {"POST /v1/notices/freeze": lambda: self.ask("POST /v1/notices/freeze", {"token": link})}

    def _registrations(self) -> Asked:
        """A further phone that the old one has let in, and a first one whose SMS is on its way."""
        world, further, first = self.world, self.world.new_phone(), self.world.new_phone()
        paired = world.register(self.anna, further)
        world.let_in(self.phone, paired)
        waits = world.register(self.new, first).registration_id
        path, confirmed = f"/v1/keys/{paired.registration_id}/verify", encode(world.confirmation(paired, further, None))
        resent = f"/v1/keys/{waits}/resend"
        return {
            "POST /v1/keys/{registration_id}/verify": lambda: self._proven(further, path, confirmed),
            "POST /v1/keys/{registration_id}/resend": lambda: self._proven(first, resent, b""),
        }

    def _proven(self, phone: Phone, path: str, content: bytes) -> Answer:
        proof = phone.new_key_request(path, content, now=self.world.now).proof
        return self.ask(f"POST {path}", content, dpop=proof)

    def _back_end(self) -> Asked:
        """A request that the phone has approved, and what else a back end may ask."""
        back_end = BackEnd(self.world)
        request = back_end.approved(self.phone)["auth_req_id"]
        return {
            "POST /oauth2/token of CIBA": lambda: told_to(back_end.poll(request)),
            "POST /oauth2/bc-authorize": lambda: rings(back_end),
            "POST /oauth2/enrolment-codes": lambda: told_to(back_end.code(login_hint=NEW)),
        }

    def _openid_connect(self) -> Asked:
        """Tokens, a code, a login that the page has not finished, and a browser that stays signed in."""
        flow = Flow(self.world, changes={"scope": "openid offline_access"})
        tokens = flow.token(flow.answered(self.anna, self.phone)["code"])[2]
        waiting, finishing = Flow(self.world), Flow(self.world)
        code = waiting.answered(self.anna, self.phone)["code"]
        interaction = finishing.interaction()
        begun = finishing.log_in(self.anna, self.phone)
        signed = {"cookie": flow.stay().session}
        link = urlencode(waiting.parameters())
        shown = {"interaction": interaction}
        userinfo = {"token": tokens["access_token"]}
        revoked = {"token": tokens["refresh_token"]}
        return {
            "POST /oauth2/token of a code": lambda: told_to(waiting.token(code)),
            "GET /oauth2/userinfo": lambda: self.ask("GET /oauth2/userinfo", **userinfo),
            "POST /oauth2/userinfo": lambda: self.ask("POST /oauth2/userinfo", **userinfo),
            "POST /oauth2/token of a refresh token": lambda: told_to(flow.refresh(tokens["refresh_token"])),
            "POST /oauth2/revoke": lambda: self.ask("POST /oauth2/revoke", revoked, **FORM, **basic()),
            "POST /oauth2/par": lambda: told_to(waiting.push()),
            "GET /oauth2/interaction": lambda: self.ask(
                f"GET /oauth2/interaction?{urlencode(shown)}", cookie=finishing.cookie
            ),
            "POST /oauth2/interaction": lambda: told_to(finishing.finish(interaction, begun)),
            "GET /oauth2/authorize": lambda: self.ask(f"GET /oauth2/authorize?{link}", **signed),
            "POST /oauth2/authorize": lambda: self.ask("POST /oauth2/authorize", link.encode(), **FORM, **signed),
            "GET /oauth2/logout": lambda: self.ask("GET /oauth2/logout", **signed),
            "POST /oauth2/logout": lambda: self.ask("POST /oauth2/logout", b"", **FORM, **signed),
        }

    def _passkeys(self) -> Asked:
        """A login of a moment ago, a passkey that was made in it, and one that is about to be made."""
        world = self.world
        session = signed_in(world, self.phone, world.start(self.anna))
        passkey = made(world, session)
        creation = listed(world, session)["creation"]
        made_id = listed(world, session)["passkeys"][0]["passkey_id"]
        at = {"token": session, "origin": ORIGIN}
        one_more = {"credential": LoginPasskey().create(creation), "name": "Tablet"}
        policy = {"login_policy": "passkey_only"}
        signed = {"assertion": passkey.get(options(world)), "client_id": "taxapp"}
        return {
            "GET /v1/passkeys": lambda: self.ask("GET /v1/passkeys", **at),
            "POST /v1/passkeys": lambda: self.ask("POST /v1/passkeys", one_more, **at),
            "POST /v1/passkeys/login": lambda: self.ask("POST /v1/passkeys/login", signed, origin=ORIGIN),
            "DELETE /v1/passkeys/{passkey_id}": lambda: self.ask(f"DELETE /v1/passkeys/{made_id}", **at),
            "PATCH /v1/passkeys": lambda: self.ask("PATCH /v1/passkeys", policy, **at),
        }

    def _logins(self) -> Asked:
        """A login that the phone has approved, one that waits for it, and one that the browser is about to end."""
        approved, waits, ends = (
            page_logs_in(self.world, self.anna, page=TAX_PAGE, client_id="taxapp", now=self.world.now) for _ in range(3)
        )
        self.world.approve(self.phone, approved)

        def at(method: str, started: Any, more: str = "") -> Answer:
            return self.ask(f"{method} /v1/logins/{started.login.id}{more}", token=started.token, origin=TAX_PAGE)

        return {
            "GET /v1/logins/{login_id}": lambda: at("GET", waits),
            "POST /v1/logins/{login_id}/complete": lambda: at("POST", approved, "/complete"),
            "DELETE /v1/logins/{login_id}": lambda: at("DELETE", ends),
        }


def heard(answer: dict[str, Any]) -> Answer:
    """An answer in short: what is refused, a login's status, or where a browser goes."""
    status, body = answer["statusCode"], answer.get("body") or ""
    if status == 303:
        return status, "login page" if "#interaction=" in answer["headers"]["Location"] else "client"
    if body.startswith("<"):
        return status, "question" if "<form" in body else "page"
    said = json.loads(body) if body else {}
    return status, said.get("code", said.get("error", said.get("status")))


def told_to(answer: tuple[Any, ...]) -> Answer:
    """What a client's server or the login page hears, in short."""
    status, *_, body = answer
    return status, (body or {}).get("error", (body or {}).get("code"))


def rings(back_end: BackEnd) -> Answer:
    """Whether the request of a back end, which hears nothing of it, reaches a phone."""
    with logged() as log:
        status, error = told_to(back_end.ask())
    begun = [one["event"] for one in log.lines("event") if one["event"].startswith("login_")]
    return status, error or {"login_started": "rings", "login_decoyed": "decoy"}[begun[0]]


def no_event(_: Person) -> None:
    """All is well."""


def remove_the_phone(person: Person) -> None:
    revoke(person.anna.id, person.phone.key.thumbprint, by=None, now=person.world.now)


def freeze(person: Person) -> None:
    for account in (person.anna, person.new):
        freeze_account(account.id, operator=OPERATOR, now=person.world.now)


def erase(person: Person) -> None:
    for account in (person.anna, person.new):
        erase_account(account.id, number=account.number, email=account.email)


def remove_the_clients(person: Person) -> None:
    for client in (SHOP, BACKEND, "taxapp"):
        remove_client(client, by=OPERATOR, now=person.world.now)


EVENTS = (no_event, remove_the_phone, freeze, erase, remove_the_clients)
UNKNOWN, OVER, DENIED = "login_not_found", "registration_expired", "login_denied"
CODE_OVER, TOKEN_OVER, NO_CLIENT = "invalid_grant", "invalid_token", "invalid_client"
REFUSED, AGAIN, LINK = "passkey_refused", "fresh_login_required", "freeze_link_invalid"
# What a request hears while all is well, and after each of the other events; None where nothing is refused.
HEARD: dict[str, tuple[str | None, ...]] = {
    "POST /v1/keys/{registration_id}/verify": (None, OVER, OVER, "registration_not_found", None),
    "POST /v1/keys/{registration_id}/resend": (None, None, OVER, "registration_not_found", None),
    "POST /oauth2/token of CIBA": (None, "access_denied", "access_denied", CODE_OVER, NO_CLIENT),
    "POST /oauth2/bc-authorize": ("rings", "decoy", "decoy", "decoy", NO_CLIENT),
    "POST /oauth2/enrolment-codes": (None, None, "unknown_user_id", "unknown_user_id", NO_CLIENT),
    "POST /oauth2/token of a code": (None, CODE_OVER, CODE_OVER, CODE_OVER, NO_CLIENT),
    "GET /oauth2/userinfo": (None, TOKEN_OVER, TOKEN_OVER, TOKEN_OVER, TOKEN_OVER),
    "POST /oauth2/userinfo": (None, TOKEN_OVER, TOKEN_OVER, TOKEN_OVER, TOKEN_OVER),
    "POST /oauth2/token of a refresh token": (None, CODE_OVER, CODE_OVER, CODE_OVER, NO_CLIENT),
    # Whether there was anything to revoke is not told; a request that was left here is nobody's yet.
    "POST /oauth2/revoke": (None, None, None, None, NO_CLIENT),
    "POST /oauth2/par": (None, None, None, None, NO_CLIENT),
    "GET /oauth2/interaction": (None, None, None, None, UNKNOWN),
    "POST /oauth2/interaction": (None, DENIED, DENIED, UNKNOWN, UNKNOWN),
    "GET /oauth2/authorize": ("client", "login page", "login page", "login page", "page"),
    "POST /oauth2/authorize": ("client", "login page", "login page", "login page", "page"),
    "GET /oauth2/logout": ("question", "page", "page", "page", "question"),
    "POST /oauth2/logout": ("question", "page", "page", "page", "question"),
    "GET /v1/logins/{login_id}": ("pending", "pending", "denied", UNKNOWN, "pending"),
    "POST /v1/logins/{login_id}/complete": (None, DENIED, DENIED, UNKNOWN, UNKNOWN),
    "DELETE /v1/logins/{login_id}": (None, None, None, UNKNOWN, None),
    "GET /v1/passkeys": (None, AGAIN, UNKNOWN, UNKNOWN, None),
    "POST /v1/passkeys": (None, AGAIN, UNKNOWN, UNKNOWN, None),
    # A passkey outlives the phone that its login needed.
    "POST /v1/passkeys/login": ("approved", "approved", REFUSED, REFUSED, "invalid_request"),
    "DELETE /v1/passkeys/{passkey_id}": (None, AGAIN, UNKNOWN, UNKNOWN, None),
    # The passkey that was used and removed just before ended this login too.
    "PATCH /v1/passkeys": (AGAIN, AGAIN, UNKNOWN, UNKNOWN, "two_passkeys_required"),
    "POST /v1/notices/freeze": (None, None, None, LINK, None),
}


@pytest.fixture
def person(world: World) -> Person:
    world.stop_the_clock()
    add_clients(world)
    add_tax_app(world, origins=(TAX_PAGE, ORIGIN))
    world.set(CLIENT_ORIGINS=f"{ORIGIN},{URL}", ALLOWED_ORIGINS=f"{ORIGIN},{URL},{TAX_PAGE}")
    anna, new = world.account(email="anna@example.org"), world.account()
    add_back_ends(world, anna, issues_enrolment_codes=True)
    change_external_id(new.id, BACKEND, NEW, now=world.now)
    return Person(world, anna, world.phone(anna), new)


def test_nothing_outlives_what_ended_it(person: Person) -> None:
    """Each event comes over the table as it was when all was well."""
    asked = person.everything()
    kept, said = dynamodb.items_of(TABLE), dict[str, list[str | None]]()
    for event in EVENTS:
        dynamodb.lay_down(TABLE, kept)
        event(person)
        forget_clients()
        for name, ask in asked.items():
            said.setdefault(name, []).append(ask()[1])
    assert {name: tuple(codes) for name, codes in said.items()} == HEARD


def test_every_route_that_something_given_opens_is_asked() -> None:
    """Of an account, of one of its sessions or of a client; `options` asks nobody's passkey."""
    routes = {route for file, routes in OTHERWISE.items() for route in routes if file}
    assert {" ".join(name.split(" ")[:2]) for name in HEARD} == routes - {"POST /v1/passkeys/options"}
