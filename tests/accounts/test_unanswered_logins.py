"""Step 6: after requests that nobody approved the next has to wait, longer each time; the owner at home does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartident.errors import TooManyAttempts
from smartident.logins.transitions import cancel_login
from tests.support.log_lines import logged
from tests.support.scenarios import CHANGED_MY_MIND
from tests.support.world import ELSEWHERE, HOME, Phone, World

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.logins.start import StartedLogin

ENDS = ["declined", "cancelled", "left to expire"]


def ended(world: World, anna: Account, phone: Phone, end: str = "declined", *, client_address: str = ELSEWHERE) -> None:
    """A login that nobody approves, a second after the last."""
    world.later(1)
    started = world.start(anna, client_address=client_address)
    if end == "declined":
        world.decide(phone, started.login.id, CHANGED_MY_MIND)
    elif end == "cancelled":
        cancel_login(started.login.id, started.token, now=world.now)
    else:
        world.later(180)


def approved(world: World, anna: Account, phone: Phone) -> StartedLogin:
    """A login that the owner approves, from home."""
    started = world.start(anna)
    world.approve(phone, started)
    return started


def wait(world: World, anna: Account, *, client_address: str = ELSEWHERE) -> int:
    """The seconds until the next login may begin, or none."""
    try:
        started = world.start(anna, client_address=client_address)
    except TooManyAttempts as refused:
        seconds = refused.details["retry_after"]
        assert isinstance(seconds, int)
        return seconds
    cancel_login(started.login.id, started.token, now=world.now)
    return 0


@pytest.mark.parametrize("end", ENDS)
def test_after_three_that_nobody_approved_the_fourth_waits_a_minute(
    world: World, anna: Account, phone: Phone, end: str
) -> None:
    for _ in range(3):
        ended(world, anna, phone, end)
    assert wait(world, anna) == 60
    world.later(59)
    assert wait(world, anna) == 1
    world.later(1)
    assert wait(world, anna) == 0


def test_who_waits_is_on_the_log_with_the_seconds(world: World, anna: Account, phone: Phone) -> None:
    for _ in range(3):
        ended(world, anna, phone)
    world.later(20)
    with logged() as log:
        assert wait(world, anna) == 40
    told = [line for line in log.lines("event") if line["event"] == "login_delayed"]
    assert [line["seconds"] for line in told] == [40]


def test_each_further_one_doubles_the_wait(world: World, anna: Account, phone: Phone) -> None:
    waits = []
    for _ in range(3):
        ended(world, anna, phone)
    for _ in range(5):
        waits.append(wait(world, anna))
        world.later(waits[-1])
        ended(world, anna, phone)
    assert waits == [60, 120, 240, 480, 960]


def test_the_wait_is_an_hour_at_most(world: World, anna: Account, phone: Phone) -> None:
    for _ in range(9):
        world.set(UNANSWERED_LOGINS=10)
        ended(world, anna, phone)
    world.set(UNANSWERED_LOGINS=1)
    assert wait(world, anna) == 3600


def test_an_approval_ends_the_row(world: World, anna: Account, phone: Phone) -> None:
    for _ in range(2):
        ended(world, anna, phone)
    world.later(1)
    world.complete(approved(world, anna, phone))
    for _ in range(2):
        ended(world, anna, phone)
    assert wait(world, anna) == 0


def test_an_approval_that_the_browser_never_fetched_was_answered_too(world: World, anna: Account, phone: Phone) -> None:
    for _ in range(2):
        ended(world, anna, phone)
    world.later(1)
    approved(world, anna, phone)
    world.later(100)
    ended(world, anna, phone)
    assert wait(world, anna) == 0


def test_strangers_keep_no_owner_waiting_who_was_here_before(world: World, anna: Account, phone: Phone) -> None:
    world.complete(approved(world, anna, phone))
    world.later(10)
    for number in range(3):
        ended(world, anna, phone, client_address=f"192.0.2.{number}")
    assert wait(world, anna, client_address="192.0.2.77") == 60
    assert wait(world, anna, client_address=HOME) == 0


def test_the_owner_answers_for_what_came_from_home(world: World, anna: Account, phone: Phone) -> None:
    approved(world, anna, phone)
    world.later(10)
    for _ in range(3):
        ended(world, anna, phone, client_address=HOME)
    assert wait(world, anna, client_address=HOME) == 60


def test_an_address_that_came_with_the_requests_counts_as_a_stranger(world: World, anna: Account, phone: Phone) -> None:
    for number in range(3):
        ended(world, anna, phone, client_address=f"192.0.2.{number}")
    assert wait(world, anna, client_address="192.0.2.0") == 60


def test_a_wait_is_no_failure(world: World, anna: Account, phone: Phone) -> None:
    world.set(PASSWORD_TRIES=3)
    for _ in range(3):
        ended(world, anna, phone)
    for _ in range(5):
        assert wait(world, anna) == 60
    world.later(60)
    assert wait(world, anna) == 0


def test_logins_that_end_well_cost_a_read_now_and_then_and_never_a_wait(
    world: World, anna: Account, phone: Phone
) -> None:
    """Beside the one of what became of the login before it."""
    reads = []
    for _ in range(9):
        world.aws.clear()
        started = world.start(anna)
        reads.append(world.aws.operations().count("Query"))
        world.approve(phone, started)
        world.complete(started)
        world.later(30)
    assert reads == [0, 1, 1, 2, 1, 1, 2, 1, 1]


def test_an_hour_later_nothing_counts_against_anybody(world: World, anna: Account, phone: Phone) -> None:
    for _ in range(4):
        world.set(UNANSWERED_LOGINS=9)
        ended(world, anna, phone)
    world.set(UNANSWERED_LOGINS=3)
    assert wait(world, anna) == 120
    world.later(3601)
    assert wait(world, anna) == 0
