"""Conditional writes: one item or a transaction, and the one answer to a condition that failed.

DynamoDB says which item stood in the way, as it stood. The caller's `on_conflict` says what that means: it raises the
refusal, gives the result, or gives `Again` with what to try next. Nobody else sees that a condition failed.
A write whose answer got lost is repeated by botocore and then meets itself: `is_own` recognises that as a success.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pynamodb.exceptions import PynamoDBException, TransactWriteError
from pynamodb.transactions import TransactWrite

from smartident.errors import ServiceUnavailable
from smartident.storage.operations import Again, Check, Delete, FailedConditions, Operation, Put, Update
from smartident.storage.table import Row
from smartident.telemetry import log_if_denied

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

CONDITION_FAILED = "ConditionalCheckFailedException"
# What TransactWriteItems says of an item whose condition failed, and of one that another transaction holds.
ITEM_CONDITION_FAILED = "ConditionalCheckFailed"
ITEM_IN_TRANSACTION = "TransactionConflict"
# Another transaction holds the item: nothing is decided yet, so the same write is tried again.
TRANSACTION_CONFLICT = "TransactionConflictException"
MAX_TRANSACTION_CONFLICTS = 16
# So many simultaneous writers of one item all end well: each round, one of them writes.
MAX_CONFLICT_RETRIES = 64
# What one transaction may hold (DynamoDB's TransactWriteItems).
MAX_TRANSACTION_ITEMS = 100

State = TypeVar("State")
Result = TypeVar("Result")
# pynamodb sends a transaction in this order, and the reasons of a failure come back in it.
_SEND_ORDER = (Check, Delete, Put, Update)


def write(*operations: Operation, on_conflict: Callable[[FailedConditions], Result]) -> Result | None:
    """Write all operations or none. None says that they are written, else `on_conflict` says what the answer is."""
    conflict = _write_one(operations[0]) if len(operations) == 1 else _write_all(operations)
    if conflict is None or _is_own(operations, conflict):
        return None
    return on_conflict(conflict)


def try_write(operation: Update) -> None:
    """Write what only spares a later request a detour: whether it fails or its condition does, nothing is lost."""
    try:
        write(operation, on_conflict=lambda _: None)
    except PynamoDBException as error:
        log_if_denied(error)


def retry(attempt: Callable[[State], Result | Again[State]], state: State) -> Result:
    """What `attempt` gives, tried again from each state that it asks for; raises ServiceUnavailable at the bound."""
    for _ in range(MAX_CONFLICT_RETRIES):
        outcome = attempt(state)
        if not isinstance(outcome, Again):
            return outcome
        state = outcome.state
    raise ServiceUnavailable("others were faster each time", retry_after=1)


def _is_own(operations: Sequence[Operation], conflict: FailedConditions) -> bool:
    """Whether a write met itself: all of it that tells who wrote it stands there already.

    A part alone proves nothing: another write may have put the same row, and the rest of this one is not there.
    """
    stood = {id(operation): row for operation, row in conflict.failed}
    marked = [(operation, own, stood.get(id(operation))) for operation in operations if (own := _mark(operation))]
    if not marked or not all(row is not None and own(row) for _, own, row in marked):
        return False
    for operation, _, row in marked:
        if isinstance(operation, Update) and row is not None:
            operation.row.deserialize(row.serialize())
    return True


def _mark(operation: Operation) -> Callable[[Any], bool] | None:
    """What recognises a row as written by this operation, if its condition fails once it is written."""
    if isinstance(operation, Put) and not operation.replaces:
        return operation.is_own or _same_as(operation.row)
    return operation.is_own if isinstance(operation, Update) else None


def _same_as(row: Row) -> Callable[[Row], bool]:
    return lambda found: found.serialize() == row.serialize()


def _write_one(operation: Operation) -> FailedConditions | None:
    for _ in range(MAX_TRANSACTION_CONFLICTS):
        try:
            _send(operation)
        except PynamoDBException as error:
            response = _response(error)
            code = response.get("Error", {}).get("Code")
            if code == CONDITION_FAILED:
                return FailedConditions(((operation, _row(response.get("Item"))),))
            if code != TRANSACTION_CONFLICT:
                raise
        else:
            return None
    raise ServiceUnavailable("transactions in the way each time", retry_after=1)


def _send(operation: Operation) -> None:
    if isinstance(operation, Put):
        operation.row.save(condition=operation.condition)
    elif isinstance(operation, Update):
        operation.row.update(actions=list(operation.actions), condition=operation.condition)
    elif isinstance(operation, Delete):
        operation.row.delete()
    else:
        raise TypeError("a check alone writes nothing")


def _write_all(operations: Sequence[Operation]) -> FailedConditions | None:
    ordered = sorted(operations, key=lambda operation: _SEND_ORDER.index(type(operation)))
    for _ in range(MAX_TRANSACTION_CONFLICTS):
        try:
            with TransactWrite(connection=Row.shared_connection()) as transaction:
                for operation in ordered:
                    _add(transaction, operation)
        except TransactWriteError as error:
            reasons = list(error.cancellation_reasons)
            codes = {reason.code for reason in reasons if reason is not None}
            if ITEM_CONDITION_FAILED in codes:
                return FailedConditions(
                    tuple(
                        (operation, _row(reason.raw_item))
                        for operation, reason in zip(ordered, reasons, strict=True)
                        if reason is not None and reason.code == ITEM_CONDITION_FAILED
                    )
                )
            if ITEM_IN_TRANSACTION not in codes:
                raise
        else:
            return None
    raise ServiceUnavailable("transactions in the way each time", retry_after=1)


def _add(transaction: TransactWrite, operation: Operation) -> None:
    row = operation.row
    if isinstance(operation, Check):
        transaction.condition_check(type(row), row.pk, row.sk, condition=operation.condition)
    elif isinstance(operation, Delete):
        transaction.delete(row)
    elif isinstance(operation, Update):
        transaction.update(row, actions=list(operation.actions), condition=operation.condition)
    else:
        transaction.save(row, condition=operation.condition)


def _response(error: PynamoDBException) -> Mapping[str, Any]:
    """What DynamoDB answered; empty after a timeout. pynamodb's own error hides the item, its cause has it."""
    cause = getattr(error.cause, "__cause__", None)
    response: Mapping[str, Any] = getattr(cause, "response", None) or {}
    return response


def _row(item: dict[str, Any] | None) -> Row | None:
    return Row.from_raw_data(item) if item else None
