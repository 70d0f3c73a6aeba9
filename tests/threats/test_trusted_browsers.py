"""Threats around trusted browsers: the owner who is shut out, and whoever steals, forges or tries out a token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from login.step import Credentials, start_login
from smartident.admin.change import change_password
from smartident.admin.unlock import forget_browsers
from smartident.errors import LoginPending, Refusal, SourceBlocked, TooManyAttempts
from smartident.logins.login import LoginRow
from smartident.rate_limiting.client_address import client_address_of
from smartident.rate_limiting.counters import CounterRow
from smartident.rate_limiting.trusted_browser import MAX_AGE
from smartident.statements.login import RequestOrigin
from tests.support.password_guesses import item_of
from tests.support.scenarios import CHANGED_MY_MIND, NOT_ME
from tests.support.world import AGENT, ELSEWHERE, HOME, ORIGIN, PASSWORD, URL, Phone, World

if TYPE_CHECKING:
    from smartident.accounts.account import Account

WRONG = "falsch"
ON_THE_MOVE = "192.0.2.200"
MAIL, NOBODY = "anna@person.example", "999999999"


@pytest.fixture
def anna(world: World) -> Account:
    world.set(ADDRESS_FAILURES=100_000, FAILURES_PER_HOUR=20)
    return world.account(email=MAIL)


@pytest.fixture
def phone(world: World, anna: Account) -> Phone:
    return world.phone(anna)


@pytest.fixture
def token(world: World, anna: Account, phone: Phone) -> str:
    return world.trusted_browser(anna, phone)


def heard(
    world: World, name: str, password: str = WRONG, *, address: str = ON_THE_MOVE, token: str | None = None
) -> object:
    """What a caller hears of one try."""
    ask = Credentials(name, password, trusted_browser=token)
    try:
        started = start_login(ask, request_origin=RequestOrigin(address, AGENT, ORIGIN), now=world.now)
    except Refusal as refusal:
        return refusal.code, refusal.details.get("retry_after")
    return started.login.browser_status(world.now)


def strangers_try(world: World, anna: Account, *, address: str = ON_THE_MOVE) -> None:
    """More wrong passwords than an hour may have, and some from where the owner is just now."""
    for one in range(20):
        heard(world, anna.number, address=f"203.0.113.{one}")
    for _ in range(6):
        heard(world, anna.number, address=address)
    assert heard(world, anna.number, PASSWORD, address=address) != "pending"


# Strangers and the owner


def test_strangers_lock_no_trusted_browser_out_wherever_it_is(world: World, anna: Account, token: str) -> None:
    strangers_try(world, anna)
    assert heard(world, anna.number, PASSWORD, token=token) == "pending"
    assert heard(world, MAIL, PASSWORD, token=token) == "pending"


def test_an_address_that_tries_many_accounts_shuts_no_trusted_browser_out(
    world: World, anna: Account, token: str
) -> None:
    world.set(ADDRESS_FAILURES=5)
    for one in range(6):
        heard(world, f"88800000{one}")
    assert heard(world, anna.number, PASSWORD) == ("too_many_attempts", 3600 - world.now % 3600)
    assert heard(world, anna.number, WRONG, token=token) == ("invalid_credentials", None)
    assert heard(world, anna.number, PASSWORD, token=token) == "pending"


def test_strangers_with_the_password_make_no_trusted_browser_wait_for_the_logins_that_they_started(
    world: World, anna: Account, phone: Phone, token: str
) -> None:
    world.later(60)
    for _ in range(3):
        world.decide(phone, world.start(anna, client_address=ELSEWHERE).login.id, CHANGED_MY_MIND)
    assert heard(world, anna.number, PASSWORD) == ("too_many_attempts", 60)
    assert heard(world, anna.number, PASSWORD, token=token) == "pending"


def test_a_trusted_browser_waits_for_its_own_unanswered_logins(
    world: World, anna: Account, phone: Phone, token: str
) -> None:
    world.later(60)
    for address in (HOME, ELSEWHERE, ON_THE_MOVE):
        world.decide(phone, world.start(anna, client_address=address, token=token).login.id, CHANGED_MY_MIND)
    assert heard(world, anna.number, PASSWORD, token=token) == ("too_many_attempts", 60)


def test_a_trusted_browser_on_the_move_makes_no_address_trusted(world: World, anna: Account, token: str) -> None:
    before = item_of(anna).trusted_addresses.as_dict()
    assert heard(world, anna.number, PASSWORD, token=token) == "pending"
    assert item_of(anna).trusted_addresses.as_dict() == before


# A stolen token


def test_a_stolen_token_replaces_neither_password_nor_phone(world: World, anna: Account, token: str) -> None:
    assert heard(world, anna.number, WRONG, token=token) == ("invalid_credentials", None)
    started = world.start(anna, token=token)
    with pytest.raises(LoginPending):
        world.complete(started)


def test_a_stolen_token_has_the_limits_of_one_address_and_drains_nobody_elses(
    world: World, anna: Account, token: str
) -> None:
    tries = [heard(world, anna.number, address=f"203.0.113.{one}", token=token) for one in range(7)]
    assert tries == [("invalid_credentials", None)] * 5 + [("too_many_attempts", 30)] * 2
    # By the other name every password is wrong until the same wait is over.
    assert heard(world, MAIL, PASSWORD, token=token) == ("invalid_credentials", None)
    for address in (HOME, ON_THE_MOVE, "203.0.113.1"):
        assert heard(world, anna.number, PASSWORD, address=address) == "pending"
    world.later(60)
    assert heard(world, anna.number, token=token) == ("invalid_credentials", None)
    assert heard(world, anna.number, token=token) == ("too_many_attempts", 60)


def test_a_stolen_token_has_so_many_tries_an_hour_of_its_own(world: World, anna: Account, token: str) -> None:
    world.set(FAILURES_PER_HOUR=10, PASSWORD_TRIES=100)
    world.now -= world.now % 3600
    tries = [heard(world, anna.number, token=token) for _ in range(12)]
    assert tries == [("invalid_credentials", None)] * 10 + [("too_many_attempts", 3600)] * 2
    assert [heard(world, anna.number) for _ in range(10)] == [("invalid_credentials", None)] * 10
    assert heard(world, anna.number) == ("too_many_attempts", 3600)


def test_wrong_passwords_with_a_stolen_token_count_for_no_address(world: World, anna: Account, token: str) -> None:
    heard(world, anna.number, token=token)
    addresses = [row.pk.split("#")[2] for row in CounterRow.scan() if row.pk.startswith("LIMIT#address#")]
    assert addresses
    assert client_address_of(ON_THE_MOVE) not in addresses


def test_the_right_password_gives_a_trusted_browsers_tries_back_and_no_others(
    world: World, anna: Account, token: str
) -> None:
    for _ in range(4):
        heard(world, anna.number, token=token)
        heard(world, anna.number)
    assert heard(world, anna.number, PASSWORD, token=token) == "pending"
    tries = [heard(world, anna.number, token=token) for _ in range(5)]
    assert tries == [("invalid_credentials", None)] * 5
    assert [heard(world, anna.number) for _ in range(2)] == [("invalid_credentials", None), ("too_many_attempts", 30)]


# A token that does not fit changes nothing


def misfits(world: World, anna: Account, token: str) -> dict[str, str]:
    """Tokens that are not this account's, or not any more."""
    bert = world.account()
    foreign = world.trusted_browser(bert, world.phone(bert))
    browser_id, since, epoch, seal = token.split(".")
    return {
        "of another account": foreign,
        "another browser": ".".join((foreign.split(".")[0], since, epoch, seal)),
        "younger": ".".join((browser_id, str(int(since) + 1), epoch, seal)),
        "of a later epoch": ".".join((browser_id, since, str(int(epoch) + 1), seal)),
        "of no number": f"{browser_id}.{since}.x.{seal}",
        "without its seal": f"{browser_id}.{since}.{epoch}.",
        "too short": browser_id,
        "too many parts": token + ".x",
        "empty": "",
        "not in letters": "\ud83d\ude00" * 20,
    }


def test_a_token_that_does_not_fit_is_answered_and_worked_on_as_none(world: World, anna: Account, token: str) -> None:
    world.set(FAILURES_PER_HOUR=1000)
    for name in (anna.number, NOBODY):
        heard(world, name, address=HOME)
        outcomes = []
        for place, one in enumerate([None, *misfits(world, anna, token).values()]):
            world.aws.clear()
            told = [heard(world, name, address=f"203.0.113.{place}", token=one) for _ in range(7)]
            outcomes.append((told, world.aws.operations()))
        assert outcomes == [outcomes[0]] * len(outcomes)
        assert outcomes[0][0] == [("invalid_credentials", None)] * 5 + [("too_many_attempts", 30)] * 2


def test_a_token_typed_with_a_name_of_nobody_is_answered_as_with_a_wrong_password(
    world: World, anna: Account, token: str
) -> None:
    fits = [heard(world, anna.number, token=token) for _ in range(7)]
    assert [heard(world, NOBODY, token=token) for _ in range(7)] == fits
    assert [heard(world, MAIL, token=token) for _ in range(7)] == [
        heard(world, "nobody@person.example") for _ in range(7)
    ]


def test_a_token_ends_after_four_hundred_days(world: World, anna: Account, phone: Phone) -> None:
    world.later(600)
    token = world.trusted_browser(anna, phone)
    world.later(MAX_AGE - 1)
    strangers_try(world, anna)
    assert heard(world, anna.number, PASSWORD, token=token) == "pending"
    world.later(1)
    assert heard(world, anna.number, PASSWORD, token=token) != "pending"


@pytest.mark.parametrize("how", ["new password", "forgotten"])
def test_a_forgotten_browser_is_as_good_as_any_other(world: World, anna: Account, token: str, how: str) -> None:
    if how == "forgotten":
        forget_browsers(anna.id, now=world.now)
    else:
        change_password(anna.id, PASSWORD, now=world.now)
    strangers_try(world, anna)
    assert heard(world, anna.number, PASSWORD, token=token) != "pending"


def test_a_browser_forgotten_between_its_start_and_its_end_earns_no_trust(
    world: World, anna: Account, phone: Phone
) -> None:
    started = world.start(anna)
    world.approve(phone, started)
    forget_browsers(anna.id, now=world.now)
    late = str(world.complete(started)["trusted_browser"])
    strangers_try(world, anna)
    assert heard(world, anna.number, PASSWORD, token=late) != "pending"


def test_a_forgotten_browser_counts_once_and_for_its_address(world: World, anna: Account, token: str) -> None:
    forget_browsers(anna.id, now=world.now)
    heard(world, anna.number, token=token)
    attempts = item_of(anna).failed_attempts.as_dict()
    address = client_address_of(ON_THE_MOVE)
    assert {key: len(ids) for key, ids in attempts.items()} == {address: 1, f"n:{address}": 1}


def test_forgetting_is_on_record(world: World, anna: Account, phone: Phone) -> None:
    world.later(1)
    forget_browsers(anna.id, now=world.now)
    assert world.events(phone)["events"][0]["type"] == "browsers_forgotten"


# "Not me"


@pytest.mark.parametrize("kind", ["number", "email"])
def test_not_me_blocks_a_stolen_token_everywhere_and_its_address(
    world: World, anna: Account, phone: Phone, token: str, kind: str
) -> None:
    name = {"number": anna.number, "email": MAIL}[kind]
    stolen = world.start(anna, client_address=ELSEWHERE, token=token)
    world.decide(phone, stolen.login.id, NOT_ME)
    blocked = ("source_blocked", 3600)
    assert heard(world, name, PASSWORD, token=token) == blocked
    assert heard(world, name, WRONG, token=token) == blocked
    assert heard(world, name, PASSWORD, address=ELSEWHERE) == blocked
    assert heard(world, name, PASSWORD, address=HOME) == "pending"
    world.later(3600)
    assert heard(world, name, PASSWORD, token=token) == "pending"


def test_not_me_on_a_login_without_a_token_keeps_no_trusted_browser_out(
    world: World, anna: Account, phone: Phone, token: str
) -> None:
    """A stranger with the password behind the owner's own address: the address is blocked, the owner is in."""
    world.decide(phone, world.start(anna, client_address=ON_THE_MOVE).login.id, NOT_ME)
    assert heard(world, anna.number, PASSWORD) == ("source_blocked", 3600)
    assert heard(world, anna.number, PASSWORD, token=token) == "pending"


def test_not_me_while_a_stolen_token_sends_the_password_refuses_it(
    world: World, anna: Account, phone: Phone, token: str
) -> None:
    stolen = world.start(anna, token=token)
    world.aws.before("TransactWriteItems", lambda: world.decide(phone, stolen.login.id, NOT_ME))
    with pytest.raises(TooManyAttempts):
        world.start(anna, token=token)
    with pytest.raises(SourceBlocked):
        world.start(anna, token=token)


# UniformLogin


def test_with_uniform_login_no_answer_to_a_stolen_token_tells_the_right_password(world: World, anna: Account) -> None:
    """Two accounts in the same state: one is tried with the right password, one with a wrong one."""
    world.set(UNIFORM_LOGIN="on")
    tries = []
    for password in (WRONG, PASSWORD):
        one = world.account()
        token = world.trusted_browser(one, world.phone(one))
        world.later(60)
        tries.append([heard(world, one.number, password, token=token) for _ in range(6)])
    assert tries[0] == tries[1]
    assert {"pending", ("too_many_attempts", 180)} <= set(tries[0])


def test_with_uniform_login_strangers_decoys_make_no_trusted_browser_wait(
    world: World, anna: Account, phone: Phone, token: str
) -> None:
    world.set(UNIFORM_LOGIN="on")
    for one in range(21):
        heard(world, anna.number, address=f"203.0.113.{one}")
    for _ in range(4):
        heard(world, anna.number)
    assert heard(world, anna.number, PASSWORD) == ("too_many_attempts", 3600)
    started = world.start(anna, client_address=ON_THE_MOVE, token=token)
    world.approve(phone, started)
    pool = f"browser/{token.split('.', maxsplit=1)[0]}"
    assert pool in item_of(anna).failed_attempts.as_dict()
    assert world.complete(started)["trusted_browser"]
    item = item_of(anna)
    assert pool not in item.failed_attempts.as_dict()
    assert {hour: times for hour, times in item.failures_by_hour.as_dict().items() if pool in hour and times} == {}


# How a browser comes to be trusted


def test_a_password_alone_earns_no_trust(world: World) -> None:
    jonas = world.account(two_factor=False)
    assert "trusted_browser" not in world.complete(world.start(jonas))


def test_the_same_answer_again_earns_the_same_token(world: World, anna: Account, phone: Phone) -> None:
    started = world.start(anna)
    world.approve(phone, started)
    first = world.complete(started)["trusted_browser"]
    world.later(20)
    assert world.complete(started)["trusted_browser"] == first


def test_a_trusted_browser_stays_the_same_one_and_its_time_begins_again(
    world: World, anna: Account, phone: Phone, token: str
) -> None:
    world.later(MAX_AGE - 10)
    started = world.start(anna, token=token)
    world.approve(phone, started)
    renewed = str(world.complete(started)["trusted_browser"])
    assert renewed.split(".", maxsplit=1)[0] == token.split(".", maxsplit=1)[0]
    world.later(MAX_AGE - 10)
    strangers_try(world, anna)
    assert heard(world, anna.number, PASSWORD, token=renewed) == "pending"


def test_the_table_holds_no_token(world: World, anna: Account, token: str) -> None:
    world.start(anna, token=token)
    rows = str([row.attribute_values for row in LoginRow.query(anna.id)]) + str(item_of(anna).attribute_values)
    assert token not in rows
    assert token.rpartition(".")[2] not in rows


def signed_in(world: World, anna: Account, phone: Phone, page: str, api_url: str = URL) -> dict[str, Any]:
    """How the last request of a login from this page is answered, at an API of this URL."""
    world.set(ALLOWED_ORIGINS=f"{ORIGIN},{page}", CLIENT_ORIGINS=f"{ORIGIN},{page}")
    headers = {"origin": page}
    ask = {"identifier": anna.number, "password": PASSWORD}
    _, _, begun = world.http("POST", "/v1/logins", ask, headers=headers)
    [waiting] = world.send(phone, "GET", "/v1/approvals")[2]["approvals"]
    evidence = phone.evidence(waiting["statement"], begun["transfer_code"].replace(" ", ""), now=world.now)
    world.send(phone, "POST", f"/v1/approvals/{begun['login_id']}", {"decision": "approve", "evidence": evidence})
    bearer = {**headers, "authorization": f"Bearer {begun['login_token']}"}
    path = f"/v1/logins/{begun['login_id']}/complete"
    world.set(API_URL=api_url)
    return world.answer(*world.event("POST", path, headers=bearer))


def test_where_page_and_api_share_a_host_no_script_reads_the_token(world: World, anna: Account, phone: Phone) -> None:
    world.stop_the_clock()
    answer = signed_in(world, anna, phone, URL)
    [cookie] = answer["cookies"]
    name, _, rest = cookie.partition("=")
    token, *attributes = rest.split("; ")
    assert name == "__Host-smartident-browser"
    assert set(attributes) == {"Path=/", "Max-Age=34560000", "HttpOnly", "Secure", "SameSite=Strict"}
    assert token not in answer["body"]
    assert "trusted_browser" not in answer["body"]
    strangers_try(world, anna, address=HOME)
    handler, event = world.event("POST", "/v1/logins", {"identifier": anna.number, "password": PASSWORD})
    assert world.invoke(handler, event)[0] == 429
    event["cookies"] = ["other=1", cookie.partition(";")[0]]
    assert world.invoke(handler, event)[0] == 201


@pytest.mark.parametrize("api_url", [URL, "http://127.0.0.1:8000"], ids=["another host", "no TLS"])
def test_elsewhere_the_page_keeps_the_token(world: World, anna: Account, phone: Phone, api_url: str) -> None:
    world.stop_the_clock()
    answer = signed_in(world, anna, phone, ORIGIN if api_url == URL else api_url, api_url)
    assert not answer.get("cookies")
    assert "trusted_browser" in answer["body"]
