"""Threats against a browser that stays signed in, and by who can write the table and has not the pepper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest

from smartident.admin.change import change_password
from smartident.crypto.random import digest
from smartident.sessions.session import SessionRow
from smartident.sign_out.everywhere import sign_out_everywhere
from tests.support.log_lines import logged
from tests.support.oidc_flow import SESSION_COOKIE, SPA, SPA_URI, Flow, add_clients, log_out
from tests.support.stored_items import everything
from tests.support.world import TABLE

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.world import Phone, World

# What every item says of itself.
OWN = {"pk", "sk", "kind", "ttl"}


@pytest.fixture
def flow(world: World, anna: Account, phone: Phone) -> Flow:
    """A browser that is signed in."""
    world.stop_the_clock()
    add_clients(world)
    flow = Flow(world)
    flow.answered(anna, phone)
    flow.stay()
    return flow


def session_of(account: Account) -> SessionRow:
    (row,) = SessionRow.query(account.id, SessionRow.sk.startswith("SESSION#"), consistent_read=True)
    return row


def put(item: dict[str, Any]) -> None:
    boto3.client("dynamodb").put_item(TableName=TABLE, Item=item)


def item_of(row: SessionRow) -> dict[str, Any]:
    return everything()[(row.pk, row.sk)]


def is_in(flow: Flow) -> bool:
    return "code" in flow.silently(prompt="none")


OTHERS: dict[str, Any] = {
    "state": {"S": "ended"},
    "secret_hash": {"S": digest("mine")},
    "login": {"S": "a.b"},
    "amr": {"S": "swk user mfa"},
    "auth_time": {"N": "1800000001"},
    "used_at": {"N": "1800000001"},
    "clients": {"SS": ["bank", "shop"]},
    "grant_epoch": {"N": "7"},
    "session_mac": {"S": "A" * 22},
}


@pytest.mark.parametrize("name", OTHERS)
def test_insider_without_the_pepper_alters_nothing_of_a_session(flow: Flow, anna: Account, name: str) -> None:
    item = item_of(session_of(anna))
    put(item | {name: OTHERS[name]})
    with logged() as log:
        assert not is_in(flow)
    assert {one["reason"] for one in log.lines("event") if one["event"] == "grant_refused"} == {"session"}
    put(item)
    assert is_in(flow)


def test_all_that_a_session_holds_is_covered() -> None:
    assert SessionRow.get_attributes().keys() - OWN == OTHERS.keys()


def test_insider_puts_a_session_of_ones_own_into_another_account(world: World, flow: Flow, anna: Account) -> None:
    """With the cookie that fits it, and a login of the attacker's own that was genuine."""
    thief, mine = world.account(two_factor=False), Flow(world)
    mine.answered(thief, None)
    mine.stay()
    item = item_of(session_of(thief))
    put(item | {"pk": {"S": anna.id}})
    name, _, value = mine.session.partition("=")
    mine.session = f"{name}={anna.id}.{value.partition('.')[2]}"
    assert not is_in(mine)
    assert is_in(flow)


def test_insider_puts_back_a_session_that_everybody_was_signed_out_of(world: World, flow: Flow, anna: Account) -> None:
    kept = item_of(session_of(anna))
    sign_out_everywhere(anna.id, by=None, now=world.now)
    put(kept)
    assert not is_in(flow)


def test_insider_opens_an_ended_session_by_its_state(flow: Flow, anna: Account) -> None:
    log_out(flow, method="POST", **log_out(flow).fields)
    put(item_of(session_of(anna)) | {"state": {"S": "active"}})
    assert not is_in(flow)


def test_fixation_a_session_that_somebody_left_in_the_browser_is_never_the_next_persons(
    world: World, anna: Account, phone: Phone, flow: Flow
) -> None:
    """The attacker's cookie is in the victim's browser: after her login she has another, and his ends."""
    thief = world.account(two_factor=False)
    planted = Flow(world)
    planted.answered(thief, None)
    planted.stay()
    victim = Flow(world, session=planted.session, changes={"prompt": "login"})
    victim.answered(anna, phone)
    assert victim.given != planted.session
    assert not is_in(planted)
    victim.stay()
    assert is_in(victim)
    assert is_in(flow)


def test_fixation_a_cookie_that_was_stolen_before_is_worth_nothing_after_the_next_login(
    anna: Account, phone: Phone, flow: Flow
) -> None:
    stolen = Flow(flow.world, session=flow.session)
    flow.changes = {"prompt": "login"}
    flow.answered(anna, phone)
    assert not is_in(stolen)


@pytest.mark.parametrize("spoil", ["secret", "session", "account"])
def test_cookie_swap_the_parts_of_two_cookies_make_no_third(
    world: World, anna: Account, phone: Phone, flow: Flow, spoil: str
) -> None:
    other = Flow(world)
    other.answered(anna, phone)
    other.stay()
    ours, theirs = (one.session.partition("=")[2].split(".") for one in (flow, other))
    place = {"account": 0, "session": 1, "secret": 2}[spoil]
    mixed = [*ours[:place], world.account().id if spoil == "account" else theirs[place], *ours[place + 1 :]]
    assert not is_in(Flow(world, session=f"{SESSION_COOKIE}={'.'.join(mixed)}"))


def test_a_login_whose_token_somebody_else_has_takes_no_session_over(
    world: World, anna: Account, phone: Phone, flow: Flow
) -> None:
    """Without the right secret in the cookie a login begins a session of its own."""
    name, _, value = flow.session.partition("=")
    guess = Flow(world, session=f"{name}={value.rpartition('.')[0]}.{'A' * 43}", changes={"prompt": "login"})
    guess.answered(anna, phone)
    assert guess.given.partition(".")[2] != flow.session.partition(".")[2]
    assert is_in(flow)


def test_a_dump_of_the_table_holds_no_cookie(flow: Flow, anna: Account) -> None:
    secret = flow.session.rpartition(".")[2]
    assert secret not in str(item_of(session_of(anna)))


def test_a_silent_code_that_nobody_redeemed_ends_with_the_session_everywhere(
    world: World, flow: Flow, anna: Account
) -> None:
    code = flow.silently()["code"]
    change_password(anna.id, "Neu-Wort-4711", now=world.now)
    assert flow.token(code)[2]["error"] == "invalid_grant"


def test_cross_client_a_silent_code_is_its_clients_alone(world: World, flow: Flow) -> None:
    code = flow.silently()["code"]
    assert flow.token(code, headers={}, client_id=SPA)[2]["error"] == "invalid_grant"
    assert Flow(world, SPA, SPA_URI).token(code, headers={}, client_id=SPA)[0] == 400
