"""Who can only write the table retires no phone, and brings none back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartident.errors import ProofInvalid, RegistrationExpired, RegistrationNotFound
from smartident.freeze.freeze import freeze_account
from smartident.logins.login import LoginRow
from smartident.pairing.pairing import PairingRow
from smartident.storage.table import DAY
from tests.retirement.retiring import Pair
from tests.support.enrolment import active
from tests.threats.test_table_writer import Writer, alarm, device_row

if TYPE_CHECKING:
    from tests.support.world import World


@pytest.fixture
def writer() -> Writer:
    return Writer()


def test_a_retirement_written_by_hand_retires_nobody(world: World, writer: Writer) -> None:
    pair = Pair(world, retire=False)
    pair.log_in()
    writer.alter(device_row(pair.new), retires=pair.old.key.thumbprint)
    with alarm("device"), pytest.raises(ProofInvalid):
        world.listed(pair.new)
    assert active(pair.anna) == pair.both


def test_a_retirement_taken_out_by_hand_takes_the_new_phone_out(world: World, writer: Writer) -> None:
    pair = Pair(world)
    writer.alter(device_row(pair.new), retires=None)
    with alarm("device"), pytest.raises(ProofInvalid):
        world.listed(pair.new)


def test_a_pairing_that_retires_by_hand_lets_nobody_in(world: World, writer: Writer) -> None:
    anna = world.account()
    old, new = world.phone(anna), world.new_phone()
    registered = world.register(anna, new)
    world.let_in(old, registered)
    writer.alter(PairingRow.get(anna.id, "DEVICE_PAIRING"), retires=True)
    with alarm("pairing"), pytest.raises((RegistrationExpired, RegistrationNotFound)):
        world.verify(registered, new)


def test_a_login_completed_by_hand_retires_nobody(world: World, writer: Writer) -> None:
    pair = Pair(world)
    started = world.start(pair.anna)
    world.approve(pair.new, started)
    row = LoginRow.get(pair.anna.id, f"LOGIN#{started.login.id.partition('.')[2]}")
    writer.alter(row, state="completed", completed_at=world.now)
    world.listed(pair.new)
    assert world.listed(pair.old) == []


def test_what_a_freeze_undid_is_not_put_back(world: World, writer: Writer) -> None:
    pair = Pair(world)
    pair.log_in()
    kept = writer.keep()
    freeze_account(pair.anna.id, operator="desk", now=world.now)
    writer.put_back(kept, f"DEVICE#{pair.new.key.thumbprint}", pk=pair.anna.id)
    with alarm("device"), pytest.raises(ProofInvalid):
        world.listed(pair.new)
    with alarm("device"):
        assert world.listed(pair.old) == []


@pytest.mark.parametrize("how", ["another phone", "a later time", "put back after a removal"])
def test_no_phone_comes_back_by_hand(world: World, writer: Writer, how: str) -> None:
    """A freeze lets back in only what left within a day, and as our own code has written it in this epoch."""
    pair = Pair(world)
    pair.retire()
    if how == "put back after a removal":
        kept = writer.keep()
        freeze_account(pair.anna.id, operator="desk", now=world.now)
        pair.open(pair.old)
        world.revoke(pair.new, pair.old.key.thumbprint)
        writer.put_back(kept, f"DEVICE#{pair.old.key.thumbprint}", pk=pair.anna.id)
    elif how == "a later time":
        world.later(2 * DAY)
        writer.alter(device_row(pair.old), revoked_at=world.now - 1)
    else:
        writer.alter(device_row(pair.old), retired_by="somebody")
    with alarm("device"):
        freeze_account(pair.anna.id, operator="desk", now=world.now)
    assert active(pair.anna) == {pair.new.key.thumbprint}
