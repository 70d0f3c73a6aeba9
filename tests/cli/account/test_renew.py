"""`smartident account renew`: after a restore, and who of all accounts does not fit its MAC."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from smartident.accounts.account import read_account
from smartident.accounts.item.row import AccountRow, account_key

if TYPE_CHECKING:
    from tests.cli.operator import Operator
    from tests.support.world import World


def test_every_account_is_renewed_and_one_written_by_hand_is_named(operator: Operator, world: World) -> None:
    anna, thomas = world.account("700001"), world.account("700002")
    account_key(thomas.id).update(actions=[AccountRow.two_factor.set(False)])
    told = operator("account", "renew")
    assert told.exit_code == 1
    assert "Erneuerte Zugänge: 1." in told.output
    assert "Zugang 700002 passt nicht zu seinem MAC" in told.output + told.stderr
    renewed = read_account(anna.id)
    assert renewed is not None
    assert renewed.grant_epoch == 1
    assert "Nach einer Datenwiederherstellung erneuert" in operator("events", "700001").output


def test_it_tells_a_program_too(operator: Operator, world: World) -> None:
    world.account("700001")
    assert json.loads(operator("account", "renew", "--json").output) == {"renewed": 1, "refused": []}
