"""UniformLogin: a wrong password begins a login that no phone sees, nobody completes and no record holds."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from smartident.accounts.item.row import read_item
from smartident.admin.export import export_account
from smartident.approvals.decide import Approve, approve, deny
from smartident.devices.revoke import revoke
from smartident.devices.snapshot import read_snapshot
from smartident.errors import LoginNotFound, Refusal, SigningUnavailable, TooManyAttempts
from smartident.logins.login import LoginRow, login_of, row_key
from smartident.rate_limiting.client_address import client_address_of
from smartident.storage.operations import Again
from tests.support.browser_tab import Tab
from tests.support.enrolment import other_code
from tests.support.log_lines import logged
from tests.support.many_logins import asked_for_all, visitor
from tests.support.password_guesses import WRONG, attempted, item_of
from tests.support.scenarios import CHANGED_MY_MIND, NOT_ME
from tests.support.stored_items import items, multiply
from tests.support.world import ELSEWHERE, HOME, NOW, PASSWORD, Phone, World

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident.accounts.account import Account
    from smartident.logins.start import StartedLogin


@pytest.fixture
def anna(world: World) -> Account:
    world.set(UNIFORM_LOGIN="on", UNANSWERED_LOGINS=10)
    return world.account()


def decoy(world: World, anna: Account, *, client_address: str = HOME) -> StartedLogin:
    started = visitor(world, anna, "wrong", client_address=client_address).start()
    assert started.login.account_id == anna.id
    return started


# Nobody sees one


def test_no_phone_and_no_page_of_the_person_shows_a_decoy(world: World, anna: Account, phone: Phone) -> None:
    world.complete(approved(world, phone, world.start(anna)))
    events, devices, export = world.events(phone), world.devices(phone), len(list(export_account(anna)))
    asked_for_all(world, decoy(world, anna))
    started = decoy(world, anna)
    assert world.listed(phone) == []
    assert [login.state for login in read_snapshot(anna.id, now=world.now).logins] == ["completed"]
    for seconds in (0, 200):
        world.later(seconds)
        assert (world.events(phone), world.devices(phone)) == (events, devices)
        assert len(list(export_account(anna))) == export
    assert started.login.id not in str(list(export_account(anna)))


def test_decoys_make_no_page_of_events_shorter(world: World, anna: Account, phone: Phone) -> None:
    for _ in range(2):
        asked_for_all(world, world.start(anna))
    told = world.events(phone)
    world.later(1)
    multiply(LoginRow.get(anna.id, row_key(decoy(world, anna).login.id).sk), 51)
    assert world.events(phone) == told
    assert [one["type"] for one in told["events"]].count("login_cancelled") == 2


def test_a_decoy_is_told_in_the_log_and_names_no_account(world: World, anna: Account) -> None:
    with logged() as log:
        started = decoy(world, anna)
    [told] = log.lines("event")
    assert (told["event"], told["login"]) == ("login_decoyed", started.login.id.partition(".")[2])
    assert anna.id not in log.text


def test_a_decoy_holds_little_and_not_for_long(world: World, anna: Account) -> None:
    decoy(world, anna)
    [item] = [item for item in items(anna.id) if item["kind"] == {"S": "login"}]
    assert item["ttl"] == {"N": str(NOW + 7200)}
    assert item["statement"] == item["amr"] == {"S": ""}
    assert not {"transfer_code_mac", "receipt", "complete_by"} & item.keys()


# Nobody completes one


def approved(world: World, phone: Phone, started: StartedLogin) -> StartedLogin:
    assert world.approve(phone, started) == "approved"
    return started


def forged(world: World, phone: Phone, started: StartedLogin) -> str:
    return world.decide(
        phone, started.login.id, Approve(phone.evidence("", started.transfer_code or "", now=world.now))
    )


def connected(world: World, _: Phone, started: StartedLogin) -> dict[str, str]:
    tab = Tab(world)
    tab.open(started.login.id, started.token)
    return tab.ask(started.login.id)


ACTS: dict[str, Callable[[World, Phone, StartedLogin], object]] = {
    "approve": forged,
    "approve with another code": lambda world, phone, started: world.approve(
        phone, started, other_code(started.transfer_code or "")
    ),
    "decline": lambda world, phone, started: world.decide(phone, started.login.id, CHANGED_MY_MIND),
    "report": lambda world, phone, started: world.decide(phone, started.login.id, NOT_ME),
    "approve its row": lambda world, phone, started: approve(
        started.login, device_of(phone), receipt="", now=world.now
    ),
    "decline its row": lambda world, phone, started: deny(
        started.login, device_of(phone), reason="not_me", evidence="", now=world.now
    ),
    "connect": connected,
    "ask, complete and give up": lambda world, _, started: asked_for_all(world, started),
    "complete": lambda world, _, started: world.complete(started),
    "wait": lambda world, *_: world.later(90),
}


def device_of(phone: Phone) -> Any:
    return read_snapshot(phone.account_id, now=NOW).devices[phone.key.thumbprint]


# What moves a decoy at all, and one of the acts that do not.
MOVES = {"connect", "ask, complete and give up", "wait"}


@pytest.mark.parametrize("first", [*sorted(MOVES), "approve"])
def test_whatever_phones_and_pages_do_a_decoy_never_completes(
    world: World, anna: Account, phone: Phone, first: str
) -> None:
    world.stop_the_clock()
    world.set(PENDING_LOGINS=1_000, PASSWORD_TRIES=1_000)
    for second in ACTS:
        started = decoy(world, anna)
        for name in (first, second, "approve its row", "complete"):
            end = ended(partial(ACTS[name], world, phone, started))
            assert name in MOVES or end == "refused"
        row = LoginRow.get(anna.id, row_key(started.login.id).sk)
        assert row.state in {"decoy", "decoy_cancelled"}
        assert {row.receipt, row.decided_by, row.completed_at, row.complete_by} == {None}


def ended(act: Callable[[], object]) -> str:
    """Whether an act came to anything."""
    try:
        return "refused" if isinstance(act(), Again) else "done"
    except Refusal:
        return "refused"


def test_a_phone_finds_no_decoy_by_its_id(world: World, anna: Account, phone: Phone) -> None:
    started = decoy(world, anna)
    for ask in (NOT_ME, CHANGED_MY_MIND):
        with pytest.raises(LoginNotFound):
            world.decide(phone, started.login.id, ask)
    assert len(world.push) == 0


# It takes nothing from the owner


def test_a_strangers_decoys_take_no_slot_of_the_owner(world: World, anna: Account, phone: Phone) -> None:
    for number in range(9):
        decoy(world, anna, client_address=f"192.0.2.{number % 3}")
    started = [world.start(anna) for _ in range(3)]
    assert {one["login_id"] for one in world.listed(phone)} == {one.login.id for one in started}


def test_no_more_logins_reach_the_phone_than_there_are_slots(world: World, anna: Account, phone: Phone) -> None:
    started = [world.start(anna, client_address=f"192.0.2.{number}") for number in range(5)]
    assert [one.login.state for one in started] == ["pending"] * 3 + ["decoy"] * 2
    assert len(world.listed(phone)) == 3
    approved(world, phone, started[0])
    assert world.start(anna).login.state == "pending"


def test_decoys_are_in_no_revocations_way(world: World, anna: Account, phone: Phone) -> None:
    world.aws.clear()
    world.aws.before("TransactWriteItems", lambda: decoy(world, anna))
    revoke(anna.id, phone.key.thumbprint, by=None, now=world.now)
    assert world.aws.operations().count("TransactWriteItems") == 2
    assert not device_of(phone).active


# Attempts count until a login is completed


def failures_of_this_hour(world: World, anna: Account) -> int:
    return int(item_of(anna).failures_by_hour.as_dict().get(f"{world.now // 3600}", 0))


def failed_attempts(anna: Account, address: str) -> int:
    return len(item_of(anna).failed_attempts.as_dict().get(client_address_of(address), ()))


def test_a_completed_login_forgets_the_attempts_of_its_address(world: World, anna: Account, phone: Phone) -> None:
    world.set(PENDING_LOGINS=10)
    for _ in range(2):
        assert [attempted(world, anna) for _ in range(4)] == ["in"] * 4
        world.complete(approved(world, phone, world.start(anna)))
        world.later(181)
    item = item_of(anna)
    assert [counts.as_dict() for counts in (item.failed_attempts, item.locked_until, item.lockout_count)] == [{}] * 3
    assert set(item.trusted_addresses.as_dict()) == {client_address_of(HOME)}


def test_a_login_that_nobody_completes_forgets_none(world: World, anna: Account, phone: Phone) -> None:
    world.set(PENDING_LOGINS=10)
    for _ in range(5):
        approved(world, phone, world.start(anna, client_address=ELSEWHERE))
    assert attempted(world, anna, PASSWORD, client_address=ELSEWHERE) == 30
    assert failed_attempts(anna, ELSEWHERE) == 5
    assert client_address_of(ELSEWHERE) not in item_of(anna).trusted_addresses.as_dict()


def test_another_address_has_its_own_attempts(world: World, anna: Account, phone: Phone) -> None:
    decoy(world, anna, client_address=ELSEWHERE)
    world.complete(approved(world, phone, world.start(anna)))
    assert [failed_attempts(anna, address) for address in (HOME, ELSEWHERE)] == [0, 1]


def test_an_address_that_the_person_reported_stays_blocked_whatever_is_completed(
    world: World, anna: Account, phone: Phone
) -> None:
    first, second = world.start(anna), world.start(anna)
    world.decide(phone, first.login.id, NOT_ME)
    world.complete(approved(world, phone, second))
    assert attempted(world, anna, PASSWORD) == 3600


def test_an_address_is_settled_once_its_block_is_over(world: World, anna: Account, phone: Phone) -> None:
    world.decide(phone, world.start(anna).login.id, NOT_ME)
    world.later(3600)
    world.complete(approved(world, phone, world.start(anna)))
    assert failed_attempts(anna, HOME) == 0


def test_a_kms_that_refuses_once_costs_no_attempt(world: World, anna: Account, phone: Phone) -> None:
    started = approved(world, phone, world.start(anna))
    world.aws.fails("Sign", "KMSInternalException", status=500)
    with pytest.raises(SigningUnavailable):
        world.complete(started)
    world.aws.mends()
    assert world.complete(started)["id_token"]
    assert item_of(anna).failed_attempts.as_dict() == {}


def test_an_end_between_the_session_and_its_settlement_is_made_good_by_the_repeat(
    world: World, anna: Account, phone: Phone
) -> None:
    started = approved(world, phone, world.start(anna))
    world.aws.fails("GetItem", "InternalServerError", status=500)
    with pytest.raises(Exception, match="GetItem"):
        world.complete(started)
    world.aws.mends()
    assert failed_attempts(anna, HOME) == 1
    assert world.complete(started)["id_token"]
    assert failed_attempts(anna, HOME) == 0


def test_two_repeats_at_once_give_back_once(world: World, anna: Account, phone: Phone) -> None:
    for _ in range(2):
        decoy(world, anna, client_address=ELSEWHERE)
    started = approved(world, phone, world.start(anna))
    assert failures_of_this_hour(world, anna) == 3
    world.aws.before("UpdateItem", lambda: world.complete(started), after=1)
    world.complete(started)
    assert failures_of_this_hour(world, anna) == 2


def test_an_account_erased_meanwhile_is_not_made_by_its_settlement(world: World, anna: Account, phone: Phone) -> None:
    started = approved(world, phone, world.start(anna))
    # Just after the login was completed, before its attempt is settled.
    world.aws.before("GetItem", item_of(anna).delete, after=1)
    assert world.complete(started)["id_token"]
    assert read_item(anna.id) is None


def test_a_login_in_this_mode_costs_two_reads_and_three_writes_more(world: World, anna: Account, phone: Phone) -> None:
    world.aws.clear()
    world.complete(approved(world, phone, world.start(anna)))
    assert world.aws.operations() == [
        *("GetItem", "UpdateItem", "UpdateItem", "Query", "Query", "TransactWriteItems"),
        *("Query", "UpdateItem"),
        *("GetItem", "UpdateItem", "GetItem", "UpdateItem", "UpdateItem", "Sign"),
    ]


def test_slots_taken_by_one_address_are_told_to_it(world: World, anna: Account, phone: Phone) -> None:
    assert phone.account_id == anna.id
    assert [attempted(world, anna, password) for password in (WRONG, PASSWORD, WRONG)] == ["in"] * 3
    with pytest.raises(TooManyAttempts, match="pending") as refused:
        world.start(anna)
    assert refused.value.details == {"retry_after": 180}


def test_a_decoy_looks_to_its_browser_like_a_login_that_waits(world: World, anna: Account) -> None:
    row = LoginRow.get(anna.id, row_key(decoy(world, anna).login.id).sk)
    assert (login_of(row).status(NOW), login_of(row).browser_status(NOW)) == ("decoy", "pending")


def test_a_completed_login_was_no_wrong_password_of_its_address(world: World, anna: Account, phone: Phone) -> None:
    world.set(ADDRESS_FAILURES=1)
    world.complete(approved(world, phone, world.start(anna, client_address=ELSEWHERE)))
    assert visitor(world, anna, "unknown", client_address=ELSEWHERE).outcome()[0] == "answer"
    assert visitor(world, anna, "unknown", client_address=ELSEWHERE).outcome()[0] == "too_many_attempts"
