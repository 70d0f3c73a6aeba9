"""What an enrolment costs the table, and that a long history costs nothing: each call is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.devices.snapshot import read_snapshot
from smartident.logins.login import LoginRow
from tests.support.stored_items import multiply

if TYPE_CHECKING:
    from tests.support.fake_aws import Aws
    from tests.support.world import World

READS = {"GetItem", "Query"}
WRITES = {"PutItem", "UpdateItem", "DeleteItem"}


def counted(aws: Aws) -> tuple[int, int]:
    """The reads and writes so far; a transaction counts each row that it changes."""
    reads = sum(call.operation in READS for call in aws.calls)
    writes = sum(call.operation in WRITES for call in aws.calls)
    items = [item for call in aws.calls if call.operation == "TransactWriteItems" for item in call.ask["TransactItems"]]
    return reads, writes + sum("ConditionCheck" not in item for item in items)


def test_an_enrolment_takes_three_reads_and_fourteen_writes(world: World) -> None:
    account, phone = world.account(), world.new_phone()
    world.aws.clear()
    world.verify(world.register(account, phone), phone)
    assert counted(world.aws) == (3, 14)


def test_a_long_history_costs_a_login_nothing(world: World) -> None:
    account = world.account()
    phone = world.phone(account)
    old = world.start(account)
    world.approve(phone, old)
    multiply(LoginRow.get(account.id, f"LOGIN#{old.login.part}"), 30)
    world.later(3601)
    started = world.start(account)
    assert [login.id for login in read_snapshot(account.id, now=world.now).logins] == [started.login.id]
    world.aws.clear()
    world.listed(phone)
    assert counted(world.aws) == (1, 0)
