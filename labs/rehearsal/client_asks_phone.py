"""A client that checked a password itself asks the phone (CIBA), or lets in the first phone of its person."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING

import httpx

from labs.rehearsal.client_server import PINGS, issuer_of, refusal, sent
from labs.rehearsal.people import neighbour
from smartident_cli.story.play import expect

if TYPE_CHECKING:
    from labs.rehearsal.walker import Walker

GRANT = "urn:openid:params:grant-type:ciba"


def ask_phone(walker: Walker) -> None:
    """Once by the access number and once by the token of the sign-in before; each is approved, pinged and redeemed."""
    with httpx.Client(base_url=issuer_of(walker.deployment.stand_in), timeout=30) as web:
        for hint in ({"login_hint": walker.person.number}, {"id_token_hint": walker.id_token}):
            _ask(walker, web, hint)


def let_in_next_door(walker: Walker) -> None:
    """The client hands somebody who never had a phone a code for the first one, and nobody else, by whatever name."""
    number, path = neighbour(walker.person).number, "/oauth2/enrolment-codes"
    with httpx.Client(base_url=issuer_of(walker.deployment.stand_in), timeout=30) as web:
        issued = sent(web, path, login_hint=number)
        refused = refusal(web, path, login_hint=walker.person.email)
    expect(refused == "unknown_user_id", f"who has a phone is answered {refused}")
    expect(issued["access_number"] == number and bool(issued["enrolment_code"]), "the client gets no code")


def _ask(walker: Walker, web: httpx.Client, hint: dict[str, str]) -> None:
    token = secrets.token_urlsafe(32)
    asked = {"scope": "openid", "user_ip_address": "203.0.113.9", "client_notification_token": token, **hint}
    begun = sent(web, "/oauth2/bc-authorize", **asked)
    (pending,) = walker.phone.approvals(walker.account)
    walker.phone.approve(pending, begun["transfer_code"])
    bearer, receiver = f"Bearer {token}", walker.deployment.stand_in.receiver
    ping = receiver.heard(PINGS, walker.patience, lambda one: one.headers.get("Authorization") == bearer)
    expect(json.loads(ping.body) == {"auth_req_id": begun["auth_req_id"]}, "the ping is about another request")
    tokens = sent(web, "/oauth2/token", grant_type=GRANT, auth_req_id=begun["auth_req_id"])
    expect(bool(tokens["id_token"]), "the client gets no token")
