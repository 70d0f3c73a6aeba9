"""Who can only write the table lets no phone in that waits in place of a lost one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartident.enrolment.stop_delay import stop_by_operator
from smartident.errors import Refusal, RegistrationExpired
from smartident.lost_phone.delayed import DelayedRow
from tests.lost_phone.test_delay import DELAY, begun
from tests.support.enrolment import active
from tests.threats.test_table_writer import Writer, alarm

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.world import Phone, World


@pytest.fixture
def writer() -> Writer:
    return Writer()


@pytest.fixture
def anna(world: World) -> Account:
    world.set(LOST_PHONE_DELAY=48)
    return world.account(email="anna@example.test")


@pytest.fixture
def old(world: World, anna: Account) -> Phone:
    return world.phone(anna)


def row_of(account: Account) -> DelayedRow:
    """The item of a phone that waits."""
    return DelayedRow.get(account.id, "DELAYED_REGISTRATION", consistent_read=True)


def test_no_member_of_a_wait_is_altered(world: World, writer: Writer, anna: Account, old: Phone) -> None:
    registered, new, code = begun(world, anna)
    world.later(DELAY)
    for name in writer.spoil(row_of(anna)):
        with alarm("delayed_registration"), pytest.raises(Refusal):
            world.verify(registered, new, code)
        assert active(anna) == {old.key.thumbprint}, name
    world.verify(registered, new, code)
    assert len(active(anna)) == 2


@pytest.mark.usefixtures("old")
def test_a_wait_that_was_stopped_is_not_put_back(world: World, writer: Writer, anna: Account) -> None:
    registered, new, code = begun(world, anna)
    before = writer.keep()
    stop_by_operator(anna.id, operator="petra", now=world.now)
    world.later(DELAY)
    writer.put_back(before, "DELAYED_REGISTRATION", "REGISTRATION#", pk=anna.id)
    with pytest.raises(RegistrationExpired):
        world.verify(registered, new, code)


@pytest.mark.usefixtures("old")
def test_a_wait_of_ones_own_is_put_into_no_other_account(world: World, writer: Writer, anna: Account) -> None:
    thief = world.account(email="thief@example.test")
    world.phone(thief)
    registered, new, code = begun(world, anna)
    begun(world, thief)
    writer.put(
        writer.item(row_of(thief)) | {"pk": {"S": anna.id}, "registration_id": {"S": registered.registration_id}}
    )
    world.later(DELAY)
    with alarm("delayed_registration"), pytest.raises(Refusal):
        world.verify(registered, new, code)
