"""Conditional writes: who finds a condition failed is handed what stood in the way, and nobody mistakes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from pynamodb.exceptions import PynamoDBException

from smartident.errors import ServiceUnavailable
from smartident.rate_limiting.counters import CounterRow
from smartident.storage.operations import Again, Check, Delete, FailedConditions, Put, Update
from smartident.storage.writes import MAX_CONFLICT_RETRIES, MAX_TRANSACTION_CONFLICTS, retry, try_write, write
from tests.support.log_lines import logged
from tests.support.lost_answers import lost_answers
from tests.support.stored_items import everything

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident.storage.operations import Operation
    from tests.support.log_lines import logged
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("world")


def row(name: str, times: int = 0, last_write: str | None = None) -> CounterRow:
    return CounterRow("rows", name, times=times, last_write=last_write)


def stored(name: str, times: int) -> CounterRow:
    kept = row(name, times)
    kept.save()
    return kept


def times() -> dict[str, int]:
    """What lies in the table."""
    return {sk: int(item["times"]["N"]) for (pk, sk), item in everything().items() if pk == "rows"}


def seen(*operations: Operation) -> dict[str, int | None]:
    """The rows that stood in the way, each beside its operation; nothing if all was written."""

    def told(conflict: FailedConditions) -> dict[str, int | None]:
        return {
            one.row.sk: int(found.times) if isinstance(found, CounterRow) else None for one, found in conflict.failed
        }

    return write(*operations, on_conflict=told) or {}


def set_to(name: str, value: int, *, where: int) -> Update:
    return Update(row(name), [CounterRow.times.set(value)], CounterRow.times == where)


def check(name: str, *, where: int) -> Check:
    return Check(row(name), CounterRow.times == where)


# What stood in the way


@pytest.mark.parametrize(
    "operation",
    [Put(row("a", 2)), set_to("a", 2, where=9)],
    ids=["put", "update"],
)
def test_one_write_is_handed_the_item_that_stood_in_its_way(operation: Operation) -> None:
    stored("a", 7)
    assert seen(operation) == {"a": 7}
    assert times() == {"a": 7}


def test_one_update_of_an_item_that_is_not_there_is_handed_none() -> None:
    assert seen(set_to("a", 2, where=9)) == {"a": None}
    assert times() == {}


def mixed(*wrong: str) -> list[Operation]:
    """One operation of each kind in no order; those of `wrong` meet an item that is otherwise than they want it."""
    for name, value in (("checked", 1), ("deleted", 2), ("updated", 4)):
        stored(name, value + (10 if name in wrong else 0))
    if "put" in wrong:
        stored("put", 13)
    return [set_to("updated", 5, where=4), Put(row("put", 3)), Delete(row("deleted")), check("checked", where=1)]


@pytest.mark.parametrize(
    ("wrong", "handed"),
    [
        (["checked"], {"checked": 11}),
        (["put"], {"put": 13}),
        (["updated"], {"updated": 14}),
        (["updated", "put", "checked"], {"checked": 11, "put": 13, "updated": 14}),
    ],
    ids=["check", "put", "update", "all of them"],
)
def test_a_transaction_is_handed_each_item_that_stood_in_its_way(wrong: list[str], handed: dict[str, int]) -> None:
    operations = mixed(*wrong)
    before = times()
    assert seen(*operations) == handed
    assert times() == before


def test_a_transaction_whose_conditions_hold_writes_all_of_it(world: World) -> None:
    operations = mixed()
    assert seen(*operations) == {}
    assert times() == {"checked": 1, "put": 3, "updated": 5}
    sent = [kind for item in world.aws.calls[-1].ask["TransactItems"] for kind in item]
    assert sent == ["ConditionCheck", "Delete", "Put", "Update"]


def test_a_transaction_on_items_that_are_not_there_is_handed_none() -> None:
    assert seen(check("a", where=1), set_to("b", 2, where=1), Put(row("c"))) == {"a": None, "b": None}
    assert times() == {}


def test_a_conflict_tells_kinds_of_rows_apart() -> None:
    stored("a", 7)
    told: list[FailedConditions] = []
    write(Put(row("a")), on_conflict=told.append)
    (conflict,) = told
    assert conflict.failed_on(CounterRow)
    assert conflict.found(CounterRow).times == 7
    assert not conflict.failed_on(OtherRow)
    assert conflict.found(OtherRow) is None


class OtherRow(CounterRow, discriminator="another counter"):
    """A row of another kind."""


@pytest.mark.parametrize("beside", [[], [Put(row("b"))]], ids=["alone", "in a transaction"])
def test_a_row_that_may_be_replaced_meets_no_conflict(beside: list[Operation]) -> None:
    stored("a", 7)
    assert seen(Put(row("a", 8), replaces=True), *beside) == {}
    assert times()["a"] == 8


def test_a_row_is_deleted_by_itself() -> None:
    stored("a", 7)
    assert seen(Delete(row("a"))) == {}
    assert times() == {}


def test_a_check_alone_is_no_write() -> None:
    with pytest.raises(TypeError):
        seen(check("a", where=1))


# A write that meets itself, its answer lost


def never(conflict: FailedConditions) -> None:
    pytest.fail("it met itself, and took that for another")


def own(write_id: str) -> Callable[[Any], bool]:
    return lambda found: found.last_write == write_id


def counted(name: str, write_id: str, *, recognised: bool = True) -> Update:
    actions = [CounterRow.times.add(1), CounterRow.last_write.set(write_id)]
    condition = CounterRow.last_write.does_not_exist() | (CounterRow.last_write != write_id)
    return Update(row(name), actions, condition, is_own=own(write_id) if recognised else None)


@pytest.mark.parametrize("lost", [1, 2])
def test_a_put_whose_answer_got_lost_is_written_once(lost: int) -> None:
    with lost_answers("PutItem", lost) as sent:
        write(Put(row("a", 7)), on_conflict=never)
    assert len(sent.bodies) == 1 + lost
    assert times() == {"a": 7}


def test_an_update_whose_answer_got_lost_counts_once_and_knows_what_it_wrote() -> None:
    stored("a", 7)
    counting = counted("a", "mine")
    with lost_answers("UpdateItem") as sent:
        write(counting, on_conflict=never)
    assert len(sent.bodies) == 2
    assert times() == {"a": 8}
    assert cast("CounterRow", counting.row).times == 8


@pytest.mark.parametrize(
    "operations",
    [
        lambda: [Put(row("a", 7)), set_to("b", 5, where=4)],
        lambda: [Put(row("a", 7, "mine"), is_own=own("mine")), set_to("b", 5, where=4)],
        lambda: [counted("b", "mine"), check("c", where=1)],
        lambda: [Put(row("a", 7)), Put(row("d", 1)), Put(row("b", 9), replaces=True)],
    ],
    ids=["a put and an update", "a put that knows itself", "an update that knows itself", "puts"],
)
def test_a_transaction_whose_answer_got_lost_is_written_once(operations: Callable[[], list[Operation]]) -> None:
    stored("b", 4)
    stored("c", 1)
    with lost_answers("TransactWriteItems") as sent:
        write(*operations(), on_conflict=never)
    first, second = sent.bodies
    # DynamoDB itself takes the two for one by their ClientRequestToken, for ten minutes.
    assert first == second
    assert b"ClientRequestToken" in first


def test_an_update_that_recognises_nothing_is_told_what_it_wrote_itself() -> None:
    stored("a", 7)
    found: list[int] = []
    with lost_answers("UpdateItem"):
        write(set_to("a", 8, where=7), on_conflict=lambda conflict: found.append(conflict.found(CounterRow).times))
    assert found == [8]


# What is another's


@pytest.mark.parametrize(
    "operation",
    [Put(row("a", 1, "mine")), Put(row("a", 7, "mine"), is_own=own("mine")), counted("a", "mine")],
    ids=["put", "put that knows itself", "update"],
)
def test_what_another_wrote_is_not_taken_for_ones_own(operation: Operation) -> None:
    row("a", 7, "another's").save()
    only_there = CounterRow.last_write != "another's"
    if isinstance(operation, Update):
        operation = Update(operation.row, operation.actions, only_there, operation.is_own)
    assert seen(operation) == {"a": 7}


@pytest.mark.parametrize(
    "others",
    [[Put(row("b", 1))], [Put(row("b", 1)), Put(row("c", 1))]],
    ids=["one is another's", "one is another's and one is free"],
)
def test_a_transaction_of_which_a_part_looks_like_ones_own_is_not_written(others: list[Operation]) -> None:
    """Somebody wrote a row like ours alone; the other rows of our transaction are not there."""
    stored("a", 7)
    stored("b", 9)
    assert seen(Put(row("a", 7)), *others) == {"a": 7, "b": 9}
    assert times() == {"a": 7, "b": 9}


def test_a_transaction_of_which_a_part_is_free_is_not_written() -> None:
    stored("a", 7)
    assert seen(Put(row("a", 7)), Put(row("b", 1))) == {"a": 7}
    assert times() == {"a": 7}


# Trying again


def test_what_is_tried_again_goes_on_from_what_it_found() -> None:
    def attempt(state: int) -> str | Again[int]:
        return Again(state + 1) if state < 5 else f"from {state}"

    assert retry(attempt, 1) == "from 5"


@pytest.mark.parametrize("conflicts", [0, MAX_CONFLICT_RETRIES - 1, MAX_CONFLICT_RETRIES])
def test_who_is_outrun_each_time_is_asked_to_come_back(conflicts: int) -> None:
    tried: list[int] = []

    def attempt(state: int) -> str | Again[int]:
        tried.append(state)
        return Again(state + 1) if state < conflicts else "written"

    if conflicts < MAX_CONFLICT_RETRIES:
        assert retry(attempt, 0) == "written"
        return
    with pytest.raises(ServiceUnavailable) as refused:
        retry(attempt, 0)
    assert refused.value.details == {"retry_after": 1}
    assert tried == list(range(MAX_CONFLICT_RETRIES))


HELD: dict[str, dict[str, Any]] = {
    "UpdateItem": {"code": "TransactionConflictException"},
    "TransactWriteItems": {"code": "TransactionCanceledException", "reason": "TransactionConflict"},
}


@pytest.mark.parametrize("conflicts", [1, MAX_TRANSACTION_CONFLICTS - 1, MAX_TRANSACTION_CONFLICTS])
@pytest.mark.parametrize("operation", HELD)
def test_an_item_that_a_transaction_holds_is_asked_for_again(world: World, operation: str, conflicts: int) -> None:
    stored("a", 7)
    operations: list[Operation] = [set_to("a", 8, where=7)]
    operations += [Put(row("b"))] if operation == "TransactWriteItems" else []
    world.aws.fails(operation, **HELD[operation], times=conflicts)
    if conflicts < MAX_TRANSACTION_CONFLICTS:
        assert seen(*operations) == {}
        assert times()["a"] == 8
        return
    with pytest.raises(ServiceUnavailable) as refused:
        seen(*operations)
    assert refused.value.details == {"retry_after": 1}
    assert world.aws.operations().count(operation) == MAX_TRANSACTION_CONFLICTS
    assert times() == {"a": 7}


@pytest.mark.parametrize(
    ("operation", "fault"),
    [
        ("UpdateItem", {"code": "ThrottlingException"}),
        ("TransactWriteItems", {"code": "TransactionCanceledException", "reason": "ThrottlingError"}),
        ("TransactWriteItems", {"code": "InternalServerError"}),
    ],
)
def test_what_fails_for_no_condition_is_no_conflict(world: World, operation: str, fault: dict[str, Any]) -> None:
    stored("a", 7)
    world.aws.fails(operation, **fault)
    operations: list[Operation] = [set_to("a", 8, where=7)]
    operations += [Put(row("b"))] if operation == "TransactWriteItems" else []
    with pytest.raises(PynamoDBException):
        write(*operations, on_conflict=never)
    assert world.aws.operations().count(operation) == 1


@pytest.mark.parametrize(("code", "faults"), [("ThrottlingException", 0), ("AccessDeniedException", 1)])
def test_a_write_that_only_spares_a_detour_may_fail_but_a_denial_is_a_fault(
    world: World, code: str, faults: int
) -> None:
    stored("a", 7)
    world.aws.fails("UpdateItem", code=code)
    with logged() as log:
        try_write(set_to("a", 8, where=7))
    assert times() == {"a": 7}
    assert len(log.lines("fault")) == faults
