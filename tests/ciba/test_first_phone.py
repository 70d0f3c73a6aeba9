"""A client lets in the first phone of an account of its own."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from smartident.accounts.account import read_account
from smartident.accounts.audit_log import AuditRecordRow
from smartident.admin.change import change_external_id
from smartident.ciba.first_phone import MAX_PER_ACCOUNT_DAY
from smartident.clients.backchannel import Backchannel, read_backchannel
from smartident.clients.changes import change_client
from smartident.clients.client import NONE
from smartident.clients.client_cache import forget_clients
from smartident.enrolment.enrolment_code import EnrolmentCodeRow
from smartident.enrolment.issue import LETTER_DAYS, QR_DAYS
from smartident.errors import EnrolmentCodeInvalid, InvalidCredentials
from smartident.freeze.freeze import freeze_account
from smartident.notices.outbox import recent_notices
from smartident.storage.table import DAY
from tests.support.ciba_flow import BACKEND, BACKEND_NAME, PINGED, BackEnd
from tests.support.oidc_flow import FORM, OPERATOR

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident.accounts.account import Account
    from tests.support.world import World

BERTA = "K-77"


@pytest.fixture(autouse=True)
def allowed(world: World, clients: None) -> None:
    allow(world, Backchannel(issues_enrolment_codes=True))


@pytest.fixture
def berta(world: World) -> Account:
    """A person of the client's own who never had a phone."""
    account = world.account(email="berta@person.example")
    change_external_id(account.id, BACKEND, BERTA, now=world.now)
    return account


def allow(world: World, how: Backchannel | None, **changes: Any) -> None:
    change_client(BACKEND, lambda found: replace(found, backchannel=how, **changes), by=OPERATOR, now=world.now)
    forget_clients()


def issued(back_end: BackEnd, hint: str = BERTA, **more: str) -> str:
    status, _, told = back_end.code(login_hint=hint, **more)
    assert status == 200, told
    return str(told["enrolment_code"])


def error(back_end: BackEnd, hint: str | None = BERTA, **more: str) -> tuple[int, str]:
    status, _, told = back_end.code(login_hint=hint, **more)
    return status, told["error"]


@pytest.mark.parametrize(("more", "days"), [({}, QR_DAYS), ({"spelling": "letter"}, LETTER_DAYS)])
def test_a_client_lets_in_the_first_phone_of_its_person(
    world: World, back_end: BackEnd, berta: Account, more: dict[str, str], days: int
) -> None:
    told = back_end.code(login_hint=BERTA, **more)[2]
    assert (told["access_number"], told["expires_at"]) == (berta.number, world.now + days * DAY)
    phone = world.new_phone()
    world.verify(world.enrol(berta, phone, told["enrolment_code"]), phone)
    assert back_end.ask(login_hint=BERTA)[0] == 200
    assert len(world.listed(phone)) == 1


def test_the_person_reads_which_client_it_was_and_the_log_names_it(
    world: World, back_end: BackEnd, berta: Account
) -> None:
    issued(back_end)
    (told,) = [one for one in recent_notices(berta.id, since=0) if one.event == "enrolment_code_issued"]
    assert told.by == BACKEND_NAME
    records = AuditRecordRow.query(berta.id, AuditRecordRow.sk.startswith("RECORD#"))
    (record,) = [one for one in records if one.type == "enrolment_code_issued"]
    assert record.detail == f"client:{BACKEND}"


def with_a_phone(world: World, berta: Account) -> None:
    world.phone(berta)


def known_to_another_client(world: World, berta: Account) -> None:
    change_external_id(berta.id, PINGED, "K-1", now=world.now)


def not_bound_any_more(world: World, berta: Account) -> None:
    change_external_id(berta.id, BACKEND, None, now=world.now)


def frozen(world: World, berta: Account) -> None:
    freeze_account(berta.id, operator=OPERATOR, now=world.now)


def of_passkeys_only(world: World, berta: Account) -> None:
    allow(world, Backchannel(issues_enrolment_codes=True), login_policy="passkey_only")


SPOILED = [with_a_phone, known_to_another_client, not_bound_any_more, frozen, of_passkeys_only]


@pytest.mark.parametrize("spoil", SPOILED, ids=lambda one: one.__name__)
def test_who_waits_for_no_first_phone_of_this_client_is_answered_like_nobody(
    world: World, back_end: BackEnd, berta: Account, spoil: Callable[[World, Account], None]
) -> None:
    nobody = back_end.code(login_hint="K-999")
    spoil(world, berta)
    for hint in (BERTA, berta.number, "berta@person.example"):
        status, _, told = back_end.code(login_hint=hint)
        assert (status, told) == (nobody[0], nobody[2])
    assert nobody[2]["error"] == "unknown_user_id"
    assert list(EnrolmentCodeRow.query(berta.id, EnrolmentCodeRow.sk.startswith("SECRET#ENROLMENT"))) == []


@pytest.mark.parametrize("spoil", SPOILED[:4], ids=lambda one: one.__name__)
def test_what_changes_between_look_and_write_counts(
    world: World, back_end: BackEnd, berta: Account, spoil: Callable[[World, Account], None]
) -> None:
    world.aws.before("TransactWriteItems", partial(spoil, world, berta))
    assert error(back_end) == (400, "unknown_user_id")


def test_a_phone_that_came_in_otherwise_ends_the_code(world: World, back_end: BackEnd, berta: Account) -> None:
    code = issued(back_end)
    world.phone(berta)
    with pytest.raises((EnrolmentCodeInvalid, InvalidCredentials)):
        world.enrol(berta, world.new_phone(), code)
    found = read_account(berta.id)
    assert found is not None
    assert found.active_devices == 1


def test_a_new_code_ends_the_one_before(world: World, back_end: BackEnd, berta: Account) -> None:
    first, second = issued(back_end), issued(back_end, berta.number)
    with pytest.raises((EnrolmentCodeInvalid, InvalidCredentials)):
        world.enrol(berta, world.new_phone(), first)
    world.enrol(berta, world.new_phone(), second)


@pytest.mark.parametrize("hint", [BERTA, "K-999"])
def test_three_codes_a_day_for_somebody_and_for_nobody(
    world: World, back_end: BackEnd, berta: Account, hint: str
) -> None:
    assert read_account(berta.id)
    for _ in range(MAX_PER_ACCOUNT_DAY):
        assert back_end.code(login_hint=hint)[0] in {200, 400}
    status, headers, told = back_end.code(login_hint=hint)
    assert (status, told["error"]) == (429, "temporarily_unavailable")
    assert 0 < int(headers["Retry-After"]) <= DAY
    world.later(DAY)
    assert back_end.code(login_hint=hint)[0] in {200, 400}


def test_codes_count_in_the_clients_share_of_the_hour(world: World, back_end: BackEnd, berta: Account) -> None:
    assert read_account(berta.id)
    allow(world, Backchannel(per_hour=1, issues_enrolment_codes=True))
    issued(back_end)
    assert back_end.code(login_hint="K-999")[0] == 429
    assert back_end.ask()[0] == 429


@pytest.mark.parametrize("hint", [None, "", "k" * 255])
def test_a_code_is_for_somebody(back_end: BackEnd, hint: str | None) -> None:
    assert error(back_end, hint) == (400, "invalid_request")


def test_a_code_is_spelled_as_we_know(back_end: BackEnd) -> None:
    assert error(back_end, spelling="runes") == (400, "invalid_request")


@pytest.mark.parametrize("how", [Backchannel(), None], ids=["asks phones only", "asks none"])
def test_without_the_operators_word_a_client_issues_none(
    world: World, back_end: BackEnd, berta: Account, how: Backchannel | None
) -> None:
    assert read_account(berta.id)
    allow(world, how)
    assert error(back_end) == (400, "unauthorized_client")


def test_a_client_that_anybody_can_be_issues_none(world: World, berta: Account) -> None:
    assert read_account(berta.id)
    allow(world, Backchannel(issues_enrolment_codes=True), auth_method=NONE)
    asked = urlencode({"client_id": BACKEND, "login_hint": BERTA}).encode()
    status, _, told = world.http("POST", "/oauth2/enrolment-codes", asked, headers=FORM)
    assert (status, told["error"]) == (400, "unauthorized_client")


def test_a_client_proves_itself(back_end: BackEnd) -> None:
    assert error(replace(back_end, secret="guessed")) == (401, "invalid_client")


def test_a_client_of_before_is_kept_as_it_was() -> None:
    """Its MAC covers these letters."""
    assert "enrolment" not in str(Backchannel())
    for how in (Backchannel(), Backchannel(issues_enrolment_codes=True)):
        assert read_backchannel(str(how)) == how
