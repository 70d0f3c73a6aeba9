"""With CloudFront in front its headers count, and only with the origin's secret; without it nobody's do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from smartident.http.cloudfront import SECRET, Viewer, viewer_of
from smartident.http.websocket import Connection, answer, entry
from smartident_client import base64url
from tests.support.log_lines import logged
from tests.support.world import ELSEWHERE, HOME, ORIGIN, PASSWORD, URL

if TYPE_CHECKING:
    from tests.support.world import World

NOW_USED, NEXT = "secret-in-use", "secret-to-come"
FRANKFURT = {
    SECRET: NOW_USED,
    "cloudfront-viewer-address": f"{ELSEWHERE}:50123",
    "cloudfront-viewer-country": "DE",
    "cloudfront-viewer-country-region": "HE",
    "cloudfront-viewer-city": "Frankfurt am Main",
    "cloudfront-viewer-asn": "3320",
}
NOWHERE = Viewer("?")
PUBLIC, OWN_HOST = "https://login.example.com", URL.removeprefix("https://")


@pytest.fixture
def front(world: World) -> World:
    """A stack with CloudFront in front of it."""
    world.set(ORIGIN_SECRETS=f"{NOW_USED},{NEXT}")
    return world


def statement(world: World, headers: dict[str, str]) -> dict[str, Any]:
    """What the phone is shown of a login that was asked for with these headers."""
    anna = world.account()
    phone = world.phone(anna)
    body = {"identifier": anna.number, "password": PASSWORD}
    world.stop_the_clock()
    asked = world.http("POST", "/v1/logins", body, headers={"origin": ORIGIN, **headers})
    assert asked[0] == 201
    shown: dict[str, Any] = json.loads(base64url.decode(world.listed(phone)[0]["statement"]))
    return shown


def viewer(world: World, **changed: str) -> Viewer:
    """Who asked, by CloudFront's headers of Frankfurt with changes."""
    world.set(ORIGIN_SECRETS=NOW_USED)
    named = {f"cloudfront-viewer-{name.replace('_', '-')}": value for name, value in changed.items()}
    return viewer_of({**FRANKFURT, **named}, HOME)


def test_the_phone_shows_from_where_the_login_comes(front: World) -> None:
    shown = statement(front, FRANKFURT)
    assert (shown["ip"], shown["place"], shown.get("asn")) == (ELSEWHERE, "Frankfurt am Main, DE", 3320)


def test_without_cloudfront_in_front_nobodys_headers_are_believed(world: World) -> None:
    shown = statement(world, FRANKFURT)
    assert (shown["ip"], shown["place"], shown.get("asn")) == (HOME, None, None)


def test_the_log_tells_who_asked_where_api_gateway_sees_cloudfront_alone(front: World) -> None:
    with logged() as log:
        front.http("GET", "/.well-known/jwks.json", headers=FRANKFURT)
    assert [line["viewer"] for line in log.lines("request")] == [ELSEWHERE]


def test_without_cloudfront_in_front_the_log_believes_no_header(world: World) -> None:
    with logged() as log:
        world.http("GET", "/.well-known/jwks.json", headers=FRANKFURT)
    assert ["viewer" in line for line in log.lines("request")] == [False]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/.well-known/openid-configuration", None),
        ("GET", "/.well-known/oauth-authorization-server", None),
        ("GET", "/.well-known/jwks.json", None),
        ("GET", "/oauth2/authorize?client_id=nobody", None),
        ("GET", "/oauth2/logout?state=x", None),
        ("POST", "/v1/logins", {"identifier": "", "password": "falsch"}),
        ("GET", "/v1/approvals", None),
    ],
)
def test_the_apis_own_host_stands_in_no_answer(
    front: World, method: str, path: str, body: dict[str, str] | None
) -> None:
    front.set(API_URL=PUBLIC)
    told = front.http(method, path, body, headers={"origin": ORIGIN, **FRANKFURT})
    assert OWN_HOST not in str(told)
    assert (PUBLIC in str(told)) is path.startswith("/.well-known/o")


@pytest.mark.parametrize("secret", [NOW_USED, NEXT])
def test_either_secret_counts_so_that_one_can_be_replaced(front: World, secret: str) -> None:
    assert statement(front, {**FRANKFURT, SECRET: secret})["ip"] == ELSEWHERE


@pytest.mark.parametrize(
    "secret",
    [None, "", "wrong", NOW_USED.upper(), f"{NOW_USED},{NEXT}", f"{NOW_USED},{NOW_USED}", f" {NOW_USED}", "gehéim"],
    ids=["none", "empty", "wrong", "upper case", "both", "doubled", "padded", "not ASCII"],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/v1/logins"), ("GET", "/v1/approvals"), ("GET", "/.well-known/jwks.json"), ("GET", '/v1/logins/a"b')],
)
def test_a_call_past_cloudfront_is_refused_whatever_it_asks(
    front: World, method: str, path: str, secret: str | None
) -> None:
    headers = {name: value for name, value in FRANKFURT.items() if name != SECRET}
    refused = front.http(method, path, headers={**headers, **({} if secret is None else {SECRET: secret})})
    assert (refused[0], refused[2]["code"]) == (403, "public_url_required")
    assert NOW_USED not in str(refused)


def test_a_call_past_cloudfront_counts_no_wrong_password(front: World) -> None:
    anna = front.account()
    for _ in range(20):
        front.http("POST", "/v1/logins", {"identifier": anna.number, "password": "falsch"})
    assert statement(front, FRANKFURT)["ip"] == ELSEWHERE


def test_headers_without_the_secret_are_not_believed_even_where_nobody_checked_before(front: World) -> None:
    assert viewer_of({**FRANKFURT, SECRET: "wrong"}, HOME) == Viewer(HOME)


@pytest.mark.parametrize(
    ("sent", "address"),
    [
        ("203.0.113.9:443", "203.0.113.9"),
        ("2001:db8::7:50123", "2001:db8::7"),
        ("2001:db8:0:0:0:0:0:7:50123", "2001:db8::7"),
        ("[2001:db8::7]:50123", "2001:db8::7"),
        ("[203.0.113.9]:50123", "?"),
        ("[2001:db8::7:50123", "?"),
        ("2001:db8::7]:50123", "?"),
        ("[]:50123", "?"),
        ("::ffff:203.0.113.9:50123", "203.0.113.9"),
        ("", "?"),
        ("203.0.113.9", "?"),
        ("203.0.113.9:", "?"),
        ("203.0.113.9:port", "?"),
        ("203.0.113.9:1,198.51.100.7:2", "?"),
        ("fe80::1%eth0:443", "?"),
        ("nobody:443", "?"),
        ("203.0.113.9:٤٤٣", "?"),
    ],
)
def test_the_address_ends_at_the_last_colon_and_what_is_none_is_missing(world: World, sent: str, address: str) -> None:
    assert viewer(world, address=sent).address == address


@pytest.mark.parametrize(
    ("sent", "country"),
    [("DE", "DE"), ("de", None), ("", None), ("DEU", None), ("DE,FR", None), ("Ä1", None), ("D1", None)]
    + [(one, None) for one in ("XX", "ZZ", "EU", "AP", "T1", "A1", " DE", "DE\n", "\uff24\uff25")],
)
def test_a_country_is_two_letters_or_missing(world: World, sent: str, country: str | None) -> None:
    assert viewer(world, country=sent).country == country


@pytest.mark.parametrize(
    ("city", "place"),
    [
        ("M%C3%BCnchen", "München, DE"),
        ("München", "München, DE"),
        ("M\xc3\xbcnchen", "München, DE"),
        ("Łódź", "Łódź, DE"),
        ("Saint-Denis+1", "Saint-Denis+1, DE"),
        ("%20%09", "DE"),
        ("Frankfurt%2C Hessen", "DE"),
        ("100%", "100%, DE"),
        ("", "DE"),
        ("Frankfurt,Berlin", "DE"),
        ("%FF", "DE"),
        ("Frank\nfurt", "DE"),
        ("%E2%80%AEtrufknarF", "DE"),
        ("x" * 49, "DE"),
    ],
    ids=[
        "encoded",
        "bare",
        "bytes",
        "not Latin-1",
        "a plus",
        "blanks",
        "a comma",
        "a bare percent sign",
        "missing",
        "doubled",
        "no UTF-8",
        "a line",
        "turned around",
        "too long",
    ],
)
def test_a_city_that_is_none_is_missing(world: World, city: str, place: str) -> None:
    assert viewer(world, city=city).place == place


def test_a_city_without_its_country_is_no_place(world: World) -> None:
    assert viewer(world, country="").place is None


@pytest.mark.parametrize(
    ("sent", "asn"),
    [
        ("3320", 3320),
        ("0", None),
        ("", None),
        ("AS3320", None),
        ("3320,1", None),
        ("-3320", None),
        ("3_320", None),
        ("٣٣٢٠", None),
        (f"{2**32 - 1}", 2**32 - 1),
        (f"{2**32}", None),
        ("9" * 99, None),
    ],
)
def test_a_network_is_a_number_or_missing(world: World, sent: str, asn: int | None) -> None:
    assert viewer(world, asn=sent).asn == asn


@pytest.mark.parametrize(("sent", "region"), [("HE", "HE"), ("", None), ("HE,BY", None), ("HESS", None)])
def test_a_region_is_a_code_or_missing(world: World, sent: str, region: str | None) -> None:
    assert viewer(world, country_region=sent).region == region


def test_what_cloudfront_does_not_say_is_missing_never_a_finding(world: World) -> None:
    world.set(ORIGIN_SECRETS=NOW_USED)
    assert viewer_of({SECRET: NOW_USED}, HOME) == NOWHERE
    assert statement(world, {SECRET: NOW_USED})["place"] is None


@pytest.mark.parametrize(("secret", "status"), [(NOW_USED, 200), (NEXT, 200), ("wrong", 403), (None, 403)])
@pytest.mark.usefixtures("front")
def test_a_socket_opens_only_through_cloudfront(secret: str | None, status: int) -> None:
    headers = {} if secret is None else {"X-Smartident-Origin-Secret": secret}
    context = {"requestId": "r", "connectionId": "c"}
    handler = entry(on_connect=_let_in, on_message=_let_in)
    handshake = handler({"requestContext": {**context, "routeKey": "$connect"}, "headers": headers}, None)
    message = handler({"requestContext": {**context, "routeKey": "$default"}, "body": "{}"}, None)
    assert (handshake["statusCode"], message["statusCode"]) == (status, 200)


def _let_in(_: Connection) -> dict[str, Any]:
    return answer(200)
