"""Where a login comes from: a country that is new to the account is said in red and demands the typed code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from smartident.approvals.decide import Approve
from smartident.errors import TransferCodeWrong
from smartident.http.cloudfront import SECRET
from smartident_client import base64url
from tests.support.log_lines import logged
from tests.support.world import ORIGIN, PASSWORD

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.world import Phone, World

FRONT = "the front's secret"
HETZNER, TELEKOM = "24940", "3320"


@pytest.fixture
def phone(world: World, anna: Account) -> Phone:
    world.set(ORIGIN_SECRETS=FRONT, TRANSFER_CODE_DIGITS=0)
    world.stop_the_clock()
    return world.phone(anna)


def asked(world: World, anna: Account, country: str | None, *, asn: str | None = None) -> dict[str, Any]:
    """A login that somebody asks for in this country: what the page gets."""
    front = {SECRET: FRONT, "cloudfront-viewer-address": "198.51.100.7:443"}
    front |= {"cloudfront-viewer-country": country} if country else {}
    front |= {"cloudfront-viewer-asn": asn} if asn else {}
    body = {"identifier": anna.number, "password": PASSWORD}
    status, _, page = world.http("POST", "/v1/logins", body, headers={"origin": ORIGIN, **front})
    assert status == 201, page
    told: dict[str, Any] = page
    return told


def listed(world: World, phone: Phone, page: dict[str, Any]) -> dict[str, Any]:
    [waiting] = [one for one in world.listed(phone) if one["login_id"] == page["login_id"]]
    return waiting


def shown(world: World, phone: Phone, page: dict[str, Any]) -> dict[str, Any]:
    statement: dict[str, Any] = json.loads(base64url.decode(listed(world, phone, page)["statement"]))
    return statement


def signed_in(world: World, anna: Account, phone: Phone, country: str | None, **named: str) -> None:
    page = asked(world, anna, country, **named)
    code = (page["transfer_code"] or "").replace(" ", "")
    evidence = phone.evidence(listed(world, phone, page)["statement"], code, now=world.now)
    path = f"/v1/approvals/{page['login_id']}"
    decided = world.send(phone, "POST", path, {"decision": "approve", "evidence": evidence}, headers={SECRET: FRONT})
    assert decided[0] == 200, decided
    bearer = {"authorization": f"Bearer {page['login_token']}", SECRET: FRONT}
    assert world.http("POST", f"/v1/logins/{page['login_id']}/complete", headers=bearer)[0] == 200
    world.later(2 * 3600)


def events(world: World, anna: Account, country: str | None, **named: str) -> list[str]:
    with logged() as log:
        asked(world, anna, country, **named)
    return [line["event"] for line in log.lines("event") if line["event"] != "login_started"]


def test_a_country_never_seen_is_said_and_demands_the_code_even_where_the_operator_wants_none(
    world: World, anna: Account, phone: Phone
) -> None:
    signed_in(world, anna, phone, "DE")
    page = asked(world, anna, "BR")
    assert shown(world, phone, page)["new_country"] is True
    assert listed(world, phone, page)["transfer_code_digits"] == len(page["transfer_code"].replace(" ", "")) == 6
    statement = listed(world, phone, page)["statement"]
    with pytest.raises(TransferCodeWrong):
        world.decide(phone, page["login_id"], Approve(phone.evidence(statement, "", now=world.now)))


@pytest.mark.parametrize("country", ["DE", None], ids=["the same", "nobody knows"])
def test_a_country_seen_or_missing_is_no_finding(
    world: World, anna: Account, phone: Phone, country: str | None
) -> None:
    signed_in(world, anna, phone, "DE")
    page = asked(world, anna, country)
    assert "new_country" not in shown(world, phone, page)
    assert (page["transfer_code"], listed(world, phone, page)["transfer_code_digits"]) == (None, 0)


@pytest.mark.parametrize("before", [[], [None]], ids=["none at all", "one from nowhere"])
def test_the_first_session_with_a_country_is_no_finding(
    world: World, anna: Account, phone: Phone, before: list[str | None]
) -> None:
    for country in before:
        signed_in(world, anna, phone, country)
    assert "new_country" not in shown(world, phone, asked(world, anna, "BR"))


def test_only_a_session_makes_a_country_known(world: World, anna: Account, phone: Phone) -> None:
    """A stranger with the password who asks twice is told as new twice."""
    signed_in(world, anna, phone, "DE")
    for _ in range(2):
        assert shown(world, phone, asked(world, anna, "BR"))["new_country"] is True
        world.later(3 * 3600)
    signed_in(world, anna, phone, "BR")
    assert "new_country" not in shown(world, phone, asked(world, anna, "BR"))


def test_the_countries_of_an_account_are_few_and_those_of_longest_ago_are_forgotten(
    world: World, anna: Account, phone: Phone
) -> None:
    for number in range(18):
        signed_in(world, anna, phone, f"A{chr(ord('A') + number)}")
    assert "new_country" in shown(world, phone, asked(world, anna, "AA"))
    assert "new_country" not in shown(world, phone, asked(world, anna, "AD"))


def test_where_the_operator_wants_a_code_a_new_country_changes_nothing_of_it(
    world: World, anna: Account, phone: Phone
) -> None:
    world.set(TRANSFER_CODE_DIGITS=8)
    signed_in(world, anna, phone, "DE")
    page = asked(world, anna, "BR")
    assert shown(world, phone, page)["new_country"] is True
    assert listed(world, phone, page)["transfer_code_digits"] == len(page["transfer_code"].replace(" ", "")) == 8


def test_another_country_within_an_hour_is_an_event_and_no_block(world: World, anna: Account, phone: Phone) -> None:
    for country in ("DE", "FR", "DE"):
        signed_in(world, anna, phone, country)
    world.later(-2 * 3600 + 1800)
    assert events(world, anna, "FR") == ["country_changed"]
    assert events(world, anna, "DE") == []
    world.later(1801)
    assert events(world, anna, "FR") == []


def test_two_phones_in_two_countries_within_an_hour_are_events_and_no_block(
    world: World, anna: Account, phone: Phone
) -> None:
    other = world.paired_phone(phone, anna)
    signed_in(world, anna, phone, "DE")
    world.later(-2 * 3600 + 1800)
    assert events(world, anna, "FR") == ["country_new", "country_changed"]
    signed_in(world, anna, other, "FR")
    world.later(-2 * 3600 + 60)
    assert events(world, anna, "DE") == ["country_changed"]


def test_a_hosting_network_is_an_event_and_no_block(world: World, anna: Account, phone: Phone) -> None:
    assert phone.account_id == anna.id
    assert events(world, anna, "DE", asn=HETZNER) == ["network_hosting"]
    assert events(world, anna, "DE", asn=TELEKOM) == []
    assert events(world, anna, "DE") == []


@pytest.mark.parametrize(
    ("before", "meanwhile", "is_new"), [([], "DE", True), (["DE"], "BR", False)], ids=["becomes new", "becomes known"]
)
def test_a_login_that_is_written_again_fits_what_the_account_knows_by_then(
    world: World, anna: Account, phone: Phone, *, before: list[str], meanwhile: str, is_new: bool
) -> None:
    """Whatever the first try made of it: the red sentence and the code stand and fall together."""

    def somebody_signs_in() -> None:
        signed_in(world, anna, phone, meanwhile)
        asked(world, anna, meanwhile)
        world.later(-2 * 3600)

    for country in before:
        signed_in(world, anna, phone, country)
    world.aws.before("TransactWriteItems", somebody_signs_in)
    page = asked(world, anna, "BR")
    assert shown(world, phone, page).get("new_country", False) is is_new
    assert bool(page["transfer_code"]) is is_new
    assert bool(listed(world, phone, page)["transfer_code_digits"]) is is_new


def test_with_two_factor_off_a_new_country_shows_no_code_that_nobody_could_type(world: World) -> None:
    world.set(ORIGIN_SECRETS=FRONT, TRANSFER_CODE_DIGITS=0)
    jonas = world.account(two_factor=False)
    for country in ("DE", "BR"):
        page = asked(world, jonas, country)
        assert page["transfer_code"] is None
        bearer = {"authorization": f"Bearer {page['login_token']}", SECRET: FRONT}
        assert world.http("POST", f"/v1/logins/{page['login_id']}/complete", headers=bearer)[0] == 200
