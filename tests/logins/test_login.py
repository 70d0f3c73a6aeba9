"""Step 6: identifier and password begin a login."""

from __future__ import annotations

import pytest

from login.step import (
    Credentials,
    start_login,
    to_response,
)
from smartident.accounts.item.row import account_key
from smartident.errors import (
    AccessNumberRequired,
    InvalidCredentials,
    InvalidRequest,
    KeyRegistrationRequired,
    OriginRefused,
)
from smartident.logins.start import StartedLogin
from smartident.logins.transfer_code import (
    grouped,
)
from smartident.statements.login import RequestOrigin, read_statement
from tests.support.tax_app import TAX_PAGE, add_tax_app
from tests.support.world import AGENT, ELSEWHERE, HOME, ORIGIN, PASSWORD, World

SHARED = "familie.berger@example.test"


def typed(
    world: World,
    identifier: str,
    password: str = PASSWORD,
    *,
    client_id: str | None = None,
    origin: str = ORIGIN,
    client_address: str = HOME,
    token: str | None = None,
) -> StartedLogin:
    """What the login page sends for a person."""
    return start_login(
        Credentials(identifier, password, client_id, token),
        request_origin=RequestOrigin(client_address, AGENT, origin),
        now=world.now,
    )


def test_a_login_waits_for_the_phone(world: World) -> None:
    anna = world.account()
    phone = world.phone(anna)
    started = world.start(anna)
    assert started.login.state == "pending"
    assert [entry["login_id"] for entry in world.listed(phone)] == [started.login.id]
    assert world.approve(phone, started) == "approved"


def test_without_a_phone_the_person_is_sent_to_the_app(world: World) -> None:
    with pytest.raises(KeyRegistrationRequired) as refused:
        world.start(world.account())
    assert refused.value.details == {
        "app_links": {"app_store": "", "play_store": "", "web": "https://app.example.test/"}
    }


def test_being_sent_to_the_app_uses_up_no_attempts(world: World) -> None:
    anna = world.account()
    for _ in range(12):
        with pytest.raises(KeyRegistrationRequired):
            world.start(anna)


def test_without_two_factor_the_password_is_enough(world: World) -> None:
    started = world.start(world.account(two_factor=False))
    assert (started.login.state, started.transfer_code, started.login.amr) == ("approved", None, ("pwd",))
    answer = to_response(started)
    assert (answer["status"], answer["transfer_code"], answer["socket"]) == ("approved", None, None)


def test_logins_without_two_factor_take_no_slots(world: World) -> None:
    jonas = world.account(two_factor=False)
    assert [world.start(jonas).login.state for _ in range(5)] == ["approved"] * 5


def test_the_statement_says_what_the_person_will_be_shown(world: World) -> None:
    anna = world.account()
    world.phone(anna)
    started = world.start(anna, client_address=ELSEWHERE)
    said = read_statement(started.login.statement)
    assert isinstance(said.pop("nonce"), str)
    assert str(said.pop("audit_log")).startswith("1.")
    assert said == {
        "v": 2,
        "purpose": "smartident-login",
        "login_id": started.login.id,
        "client": "financeapp",
        "origin": ORIGIN,
        "access_number": anna.number,
        "ip": ELSEWHERE,
        "place": None,
        "browser": "Chrome",
        "os": "Windows",
        "requested_at": world.now,
        "expires_at": world.now + 180,
    }


@pytest.mark.parametrize(
    ("digits", "shape"),
    [(6, "999 999"), (7, "9999 999"), (4, "99 99"), (0, None)],
    ids=["six in two groups", "seven", "four", "switched off"],
)
def test_the_transfer_code_is_as_long_as_the_operator_wants(world: World, digits: int, shape: str | None) -> None:
    anna = world.account()
    world.phone(anna)
    world.set(TRANSFER_CODE_DIGITS=digits)
    code = to_response(world.start(anna))["transfer_code"]
    assert (code and "".join("9" if sign.isdigit() else sign for sign in str(code))) == shape


def test_a_single_digit_is_not_padded() -> None:
    assert grouped("7") == "7"


@pytest.mark.parametrize(
    "spelling",
    ["anna@example.test", " Anna@Example.TEST ", "\uff21NN\uff21@example.test"],
    ids=["as stored", "capitals and blanks", "full-width letters"],
)
def test_an_email_is_found_however_it_is_spelled(world: World, spelling: str) -> None:
    world.phone(world.account(email="Anna@example.test"))
    assert typed(world, spelling).login.state == "pending"


@pytest.mark.parametrize(
    "spelling", ["777 001 002", "777001002 ", "\uff17\uff17\uff17001002"], ids=["grouped", "blank", "full-width"]
)
def test_an_access_number_is_found_however_it_is_grouped(world: World, spelling: str) -> None:
    world.phone(world.account(number="777001002"))
    assert typed(world, spelling).login.state == "pending"


def test_an_email_of_several_accounts_stands_for_none_of_them(world: World) -> None:
    for _ in range(2):
        world.phone(world.account(email=SHARED))
    with pytest.raises(InvalidCredentials):
        typed(world, SHARED)


def test_a_shared_email_asks_for_the_number_where_a_phone_has_approved_before(world: World) -> None:
    anna = world.account(email=SHARED)
    token = world.trusted_browser(anna, world.phone(anna))
    world.account(email=SHARED)
    for _ in range(8):
        with pytest.raises(AccessNumberRequired):
            typed(world, SHARED, token=token)
    with pytest.raises(InvalidCredentials):
        typed(world, SHARED, "falsch", token=token)


def test_an_account_without_its_profile_is_as_good_as_unknown(world: World) -> None:
    anna = world.account()
    account_key(anna.id).delete()
    with pytest.raises(InvalidCredentials):
        world.start(anna)


def test_a_shared_email_whose_profiles_are_gone_is_as_good_as_unknown(world: World) -> None:
    for account in (world.account(email=SHARED), world.account(email=SHARED)):
        account_key(account.id).delete()
    with pytest.raises(InvalidCredentials):
        typed(world, SHARED)


def test_a_taken_number_is_nobody_elses(world: World) -> None:
    world.account(number="777001003")
    with pytest.raises(InvalidRequest) as refused:
        world.account(number="777 001 003")
    assert refused.value.details == {"field": "access_number"}


# Clients and origins


def test_the_client_is_the_templates_own_unless_named(world: World) -> None:
    add_tax_app(world)
    jonas = world.account(two_factor=False)
    assert world.start(jonas).login.client == "financeapp"
    assert typed(world, jonas.number, client_id="taxapp", origin=TAX_PAGE).login.client == "taxapp"


def test_an_unknown_client_is_refused_before_the_password_counts(world: World) -> None:
    jonas = world.account(two_factor=False)
    for _ in range(8):
        with pytest.raises(InvalidRequest) as refused:
            typed(world, jonas.number, client_id="evil")
    assert refused.value.details == {"field": "client_id"}
    assert world.start(jonas).login.state == "approved"


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", ORIGIN + ".evil.example", ORIGIN.replace("https", "http"), "null", ORIGIN + "/"],
    ids=["another page", "a longer name", "no https", "a sandboxed page", "not an origin"],
)
def test_a_page_that_is_not_the_operators_starts_nothing(world: World, origin: str) -> None:
    jonas = world.account(two_factor=False)
    with pytest.raises(OriginRefused):
        typed(world, jonas.number, origin=origin)


def test_a_caller_that_is_no_page_sends_no_origin(world: World) -> None:
    started = typed(world, world.account(two_factor=False).number, origin="")
    assert read_statement(started.login.statement)["origin"] == "?"
