"""Who can only write the table gets no recovery code that lets a phone in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartident.errors import RecoveryCodesExpired, RecoveryCodeWrong, RecoveryRefused
from smartident.storage.table import DAY
from tests.recovery.test_recovery_races import rows
from tests.support.recovery import codes, make, recover, recovered_phone, type_back
from tests.threats.test_table_writer import Writer, account_row, alarm

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.world import Phone, World


@pytest.fixture
def writer() -> Writer:
    return Writer()


def test_no_member_of_the_codes_that_count_is_altered(
    world: World, writer: Writer, anna: Account, phone: Phone
) -> None:
    known = codes(world, phone)
    for name in writer.spoil(rows(anna.id)[0]):
        with alarm("recovery_codes"), pytest.raises(RecoveryRefused):
            recover(world, anna, world.new_phone(), known[0])
        # Every refusal is a try.
        world.later(DAY)
        assert name
    recovered_phone(world, anna, known[0])


def test_no_member_of_codes_that_wait_is_altered(world: World, writer: Writer, anna: Account, phone: Phone) -> None:
    codes(world, phone)
    made = make(world, phone)
    for name in writer.spoil(rows(anna.id)[1]):
        with alarm("recovery_codes"), pytest.raises((RecoveryCodesExpired, RecoveryCodeWrong)):
            type_back(world, phone, made)
        assert name
    assert type_back(world, phone, made)["left"] == 10


def test_codes_of_ones_own_let_nobody_into_another_account(
    world: World, writer: Writer, anna: Account, phone: Phone
) -> None:
    """Neither beside the account that they are put into, nor with the name of the set written into it."""
    codes(world, phone)
    thief = world.account()
    mine = codes(world, world.phone(thief))
    writer.put(writer.item(rows(thief.id)[0]) | {"pk": {"S": anna.id}})
    with alarm("recovery_codes"), pytest.raises(RecoveryRefused):
        recover(world, anna, world.new_phone(), mine[0])
    writer.alter(account_row(anna), recovery_codes_mac=account_row(thief).recovery_codes_mac)
    with alarm("account"), pytest.raises(RecoveryRefused):
        recover(world, anna, world.new_phone(), mine[0])


@pytest.mark.parametrize("since", ["used", "replaced"])
def test_codes_of_before_are_not_put_back(
    world: World, writer: Writer, anna: Account, phone: Phone, since: str
) -> None:
    known = codes(world, phone)
    before = writer.keep()
    if since == "used":
        recovered_phone(world, anna, known[0])
    else:
        world.later(1)
        codes(world, phone)
    writer.put_back(before, "RECOVERY#", pk=anna.id)
    with alarm("recovery_codes"), pytest.raises(RecoveryRefused):
        recover(world, anna, world.new_phone(), known[0])
