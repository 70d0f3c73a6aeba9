"""Who can only write the table lets no new phone in beside an old one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartident.errors import Refusal
from smartident.pairing.pairing import PairingRow
from tests.support.enrolment import active
from tests.threats.test_table_writer import TOLD_PAIRING, Writer, alarm

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from tests.support.world import Phone, World


def test_no_member_of_a_pairing_is_altered(world: World, anna: Account, phone: Phone) -> None:
    writer, new = Writer(), world.new_phone()
    registered = world.register(anna, new)
    world.let_in(phone, registered)
    for name in writer.spoil(PairingRow.get(anna.id, "DEVICE_PAIRING", consistent_read=True), TOLD_PAIRING):
        with alarm("pairing"), pytest.raises(Refusal):
            world.verify(registered, new)
        assert active(anna) == {phone.key.thumbprint}, name
    world.verify(registered, new)
    assert len(active(anna)) == 2
