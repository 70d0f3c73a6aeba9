"""An operator's clock is wrong: what a change ends, it ends by its state, whatever the operator's clock says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartident.admin.change import change_password
from smartident.admin.two_factor import switch_two_factor
from smartident.devices.revoke import revoke
from smartident.errors import LoginDenied
from tests.support.world import World

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident.accounts.account import Account
    from smartident.logins.start import StartedLogin
    from tests.support.world import Phone

NEW = "Fuenf-Zebras-99"
LIFETIME, WINDOW = 180, 60
# Behind and ahead of the service's clock; at 60 an approval is over in this very second, at 180 what waits.
CLOCKS = [-300, -200, -1, WINDOW - 1, WINDOW, 90, LIFETIME - 1, LIFETIME, 300]
clocks = pytest.mark.parametrize("ahead", CLOCKS)


def approved(world: World, anna: Account, phone: Phone) -> StartedLogin:
    started = world.start(anna)
    world.approve(phone, started)
    return started


def ends(world: World, started: StartedLogin, *, within: int) -> None:
    """The login leads nowhere, as long as the service's clock would let it."""
    for waited in (0, within - 1):
        world.later(waited)
        with pytest.raises(LoginDenied):
            world.complete(started)


@clocks
def test_a_new_password_ends_what_is_open(world: World, ahead: int) -> None:
    anna = world.account()
    phone = world.phone(anna)
    waiting, going = world.start(anna), approved(world, anna, phone)
    change_password(anna.id, NEW, now=world.now + ahead)
    assert world.listed(phone) == []
    with pytest.raises(LoginDenied):
        world.complete(waiting)
    ends(world, going, within=WINDOW)


@clocks
def test_two_factor_switched_on_ends_what_the_password_alone_began(world: World, ahead: int) -> None:
    anna = world.account(two_factor=False)
    started = world.start(anna)
    switch_two_factor(anna.id, on=True, now=world.now + ahead)
    ends(world, started, within=WINDOW)


@clocks
def test_a_revocation_ends_what_the_phone_approved(world: World, ahead: int) -> None:
    anna = world.account()
    lost = world.phone(anna)
    started = approved(world, anna, lost)
    revoke(anna.id, lost.key.thumbprint, by=None, now=world.now + ahead)
    ends(world, started, within=WINDOW)


@pytest.mark.parametrize("change", ["password", "revocation"])
@pytest.mark.parametrize("ahead", [-200, 90])
def test_a_session_that_stands_is_left_alone(world: World, change: str, ahead: int) -> None:
    anna = world.account()
    phone = world.phone(anna)
    started = approved(world, anna, phone)
    world.complete(started)
    changes: dict[str, Callable[[int], None]] = {
        "password": lambda now: change_password(anna.id, NEW, now=now),
        "revocation": lambda now: revoke(anna.id, phone.key.thumbprint, by=None, now=now),
    }
    changes[change](world.now + ahead)
    assert world.complete(started)["id_token"]


@pytest.mark.parametrize("late", [WINDOW - 1, WINDOW])
def test_in_the_second_of_its_expiry_by_the_right_clock_nothing_completes(world: World, late: int) -> None:
    """A second before, the change itself is what ends it; from then on its time does, and the change says so too."""
    anna = world.account()
    started = approved(world, anna, world.phone(anna))
    world.later(late)
    change_password(anna.id, NEW, now=world.now)
    with pytest.raises(LoginDenied):
        world.complete(started)
