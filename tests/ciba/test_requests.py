"""What the backchannel authentication endpoint takes and declines, parameter by parameter."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from smartident.accounts.account import read_account
from smartident.admin.change import change_external_id
from smartident.clients.changes import change_client
from smartident.clients.client_cache import forget_clients
from smartident.crypto.algorithms import RS256
from smartident.tokens.id_token import sign
from smartident.tokens.jwks import public_jwk
from smartident.tokens.logout_token import TYPE
from smartident_client import base64url
from smartident_client.keys import Key
from smartident_client.proof import compact_jws
from tests.support.ciba_flow import CUSTOMER, BackEnd, pinged
from tests.support.oidc_flow import OPERATOR, claims_of
from tests.support.rsa import rsa_key
from tests.support.world import URL

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.world import Phone, World

PASSKEY = "urn:smartident:acr:phishing-resistant"
BY_PHONE = "urn:smartident:acr:approved-by-phone"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"login_hint": None}, "invalid_request"),
        ({"id_token_hint": "x"}, "invalid_request"),
        ({"login_hint": None, "login_hint_token": "x"}, "invalid_request"),
        ({"login_hint_token": "x"}, "invalid_request"),
        ({"login_hint": "k" * 255}, "invalid_request"),
        ({"request": "x"}, "invalid_request"),
        ({"authorization_details": "[]"}, "invalid_authorization_details"),
        ({"user_ip_address": "nowhere"}, "invalid_request"),
        ({"acr_values": PASSKEY}, "unmet_authentication_requirements"),
        ({"binding_message": "zwei  Blanks"}, "invalid_binding_message"),
        ({"binding_message": "zwei\nZeilen"}, "invalid_binding_message"),
        ({"binding_message": "\u202egnihcs"}, "invalid_binding_message"),
        ({"binding_message": "nu\u200bll"}, "invalid_binding_message"),
        ({"binding_message": "x" * 129}, "invalid_binding_message"),
    ],
    ids=str,
)
def test_a_faulty_request_gets_an_error_of_its_kind_and_rings_no_phone(
    world: World, back_end: BackEnd, phone: Phone, changes: dict[str, str | None], error: str
) -> None:
    status, _, told = back_end.ask(**changes)
    assert (status, told["error"]) == (400, error)
    assert world.listed(phone) == []


@pytest.mark.parametrize(
    "message", ["1234567890", "Überweisung an Łukasz: 1.000,00 € — Nº 7 ✓", "確認コード 604193", "x" * 128]
)
def test_ensure_binding_message_is_shown_letter_by_letter(
    world: World, back_end: BackEnd, phone: Phone, message: str
) -> None:
    assert back_end.ask(binding_message=message)[0] == 200
    (shown,) = world.listed(phone)
    assert json.loads(base64url.decode(shown["statement"]))["binding_message"] == message


@pytest.mark.parametrize(
    "changes",
    [
        {"acr_values": f"{PASSKEY} {BY_PHONE}"},
        {"acr_values": "urn:mace:incommon:iap:silver"},
        {"user_code": "1234"},
        {"foo": "bar", "ui_locales": "de", "claims": "{}"},
        {"user_ip_address": None, "user_agent": None},
        {"user_ip_address": "2001:db8::7"},
        {"client_notification_token": "short"},
    ],
    ids=str,
)
def test_ensure_other_parameters_are_harmless(back_end: BackEnd, changes: dict[str, str | None]) -> None:
    assert back_end.ask(**changes)[0] == 200


@pytest.mark.parametrize(
    "token", [None, "short", "x" * 21, "x" * 1025, "with a blank in the middle", "äöüäöüäöüäöüäöüäöüäöüäöü"]
)
def test_ensure_client_notification_token_is_a_bearer_token_of_128_bits(world: World, token: str | None) -> None:
    assert pinged(world).ask(client_notification_token=token)[2]["error"] == "invalid_request"


@pytest.mark.parametrize("token", ["x" * 22, "x" * 1024, "a.b-c_d~e+f/012345678901=="])
def test_a_client_notification_token_may_be_long(world: World, token: str) -> None:
    assert pinged(world).ask(client_notification_token=token)[0] == 200


def test_id_token_hint_names_its_person_however_old_it_is(world: World, back_end: BackEnd, phone: Phone) -> None:
    id_token = back_end.poll(back_end.approved(phone)["auth_req_id"])[2]["id_token"]
    world.later(86_400)
    assert back_end.ask(login_hint=None, id_token_hint=id_token)[0] == 200
    assert len(world.listed(phone)) == 1


def test_id_token_hint_of_another_client_issuer_or_key_names_nobody(
    world: World, back_end: BackEnd, anna: Account, phone: Phone
) -> None:
    other = pinged(world)
    id_token = other.poll(other.approved(phone)["auth_req_id"])[2]["id_token"]
    header, claims = json.loads(base64url.decode(id_token.split(".")[0])), claims_of(id_token)
    mine = {**claims, "aud": back_end.client_id}
    forged = [
        compact_jws(header, json.dumps(mine).encode(), Key.make("P-256")),
        compact_jws({**header, "kid": "other"}, json.dumps(mine).encode(), Key.make("P-256")),
        f"{base64url.encode(b'{}')}.{base64url.encode(json.dumps(mine).encode())}.",
        "nonsense",
    ]
    for hint in (id_token, *forged):
        assert back_end.ask(login_hint=None, id_token_hint=hint)[2]["error"] == "invalid_request"
    assert (world.listed(phone), claims["sub"], claims["iss"]) == ([], anna.id, URL)


def test_what_our_key_signed_as_something_else_is_no_id_token_hint(
    world: World, back_end: BackEnd, anna: Account, phone: Phone
) -> None:
    """A logout token names the same client and person, under the same key; so may a stack under another address."""
    claims = {"iss": URL, "aud": back_end.client_id, "sub": anna.id, "sid": "x"}
    for hint in (sign(claims, typ=TYPE), sign({**claims, "iss": "https://other.example.test"})):
        assert back_end.ask(login_hint=None, id_token_hint=hint)[2]["error"] == "invalid_request"
    assert world.listed(phone) == []
    assert back_end.ask(login_hint=None, id_token_hint=sign(claims))[0] == 200


def test_an_id_token_by_rs256_names_its_person_too(world: World, back_end: BackEnd, phone: Phone) -> None:
    world.set(RSA_SIGNING_KEYS=rsa_key())
    public_jwk.cache_clear()
    change_client(back_end.client_id, lambda found: replace(found, id_token_alg=RS256), by=OPERATOR, now=world.now)
    forget_clients()
    id_token = back_end.poll(back_end.approved(phone)["auth_req_id"])[2]["id_token"]
    assert json.loads(base64url.decode(id_token.split(".")[0]))["alg"] == RS256
    assert back_end.ask(login_hint=None, id_token_hint=id_token)[0] == 200
    assert len(world.listed(phone)) == 1
    spoiled = id_token[:-4] + ("AAAA" if id_token[-4:] != "AAAA" else "BBBB")
    assert back_end.ask(login_hint=None, id_token_hint=spoiled)[2]["error"] == "invalid_request"


def test_a_name_of_one_account_and_another_name_of_a_second_stand_for_neither(
    world: World, back_end: BackEnd, phone: Phone
) -> None:
    """The client calls Berta by Anna's access number: who was meant?"""
    anna = read_account(phone.account_id)
    assert anna is not None
    berta = world.account()
    phones = (phone, world.phone(berta))
    change_external_id(berta.id, back_end.client_id, anna.number, now=world.now)
    assert back_end.ask(login_hint=anna.number)[0] == 200
    assert [world.listed(one) for one in phones] == [[], []]
    assert back_end.ask(login_hint=CUSTOMER)[0] == 200
    assert [len(world.listed(one)) for one in phones] == [1, 0]
