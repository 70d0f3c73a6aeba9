"""The table's stream as DynamoDB has it: moto's own tells of what was undone, and of an upsert twice.

moto could call functions itself, but it does so inside the write and through Docker. So it only lists the records,
and who asks for the next ones waits until there are some.
"""

from __future__ import annotations

import threading
from datetime import datetime
from typing import TYPE_CHECKING, Any

from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from moto.dynamodb.responses import DynamoHandler

from smartident_laptop.intrinsics import ACCOUNT, REGION

if TYPE_CHECKING:
    from collections.abc import Callable

    from moto.dynamodb.models.table import StreamShard

WAIT_SECONDS = 5
_changed = threading.Condition()


def tell_what_happened() -> None:
    """Make the stream exact, and wake who waits for it after each call. To be installed after all other patches."""
    for name in ("put_item", "update_item"):
        _once(name)
    write: Callable[..., None] = DynamoDBBackend.transact_write_items

    def undone(backend: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
        before = {
            id(shard): (shard, len(shard.items))
            for ask in transact_items
            for part in ask.values()
            if (shard := _shard(backend, part["TableName"]))
        }
        try:
            write(backend, transact_items)
        except Exception:
            for shard, length in before.values():
                del shard.items[length:]
            raise

    call_action: Callable[[DynamoHandler], Any] = DynamoHandler.call_action

    def waking(handler: DynamoHandler) -> Any:
        try:
            return call_action(handler)
        finally:
            with _changed:
                _changed.notify_all()

    DynamoDBBackend.transact_write_items = undone  # type: ignore[assignment,method-assign]  # moto has no door for this
    DynamoHandler.call_action = waking  # type: ignore[method-assign]  # nor for this


def records_after(number: int, table: str) -> list[dict[str, Any]]:
    """The records of the stream beyond so many; waits a while for the first."""
    backend = dynamodb_backends[ACCOUNT][REGION]

    def beyond() -> list[dict[str, Any]]:
        shard = _shard(backend, table)
        return [_told(one.record) for one in shard.items[number:]] if shard else []

    with _changed:
        _changed.wait_for(beyond, timeout=WAIT_SECONDS)
    return beyond()


def _once(name: str) -> None:
    """Have a write add one record: none if it changed nothing, and not a second one for an item that is new."""
    write: Callable[..., Any] = getattr(DynamoDBBackend, name)

    def exact(backend: DynamoDBBackend, table_name: str, *rest: Any, **named: Any) -> Any:
        shard = _shard(backend, table_name)
        length = len(shard.items) if shard else 0
        try:
            return write(backend, table_name, *rest, **named)
        finally:
            if shard and len(shard.items) - length > 1:
                # The first has the keys alone.
                del shard.items[length]
                record = shard.items[length].record["dynamodb"]
                record["SequenceNumber"] = str(shard.starting_sequence_number + length)

    setattr(DynamoDBBackend, name, exact)


def _shard(backend: DynamoDBBackend, table: str) -> StreamShard | None:
    return backend.tables[table].stream_shard if table in backend.tables else None


def _told(record: dict[str, Any]) -> dict[str, Any]:
    """A record as Lambda hands it to a function."""
    data = {name: one for name, one in record["dynamodb"].items() if name not in {"NewImage", "OldImage"}}
    created = data["ApproximateCreationDateTime"]
    data["ApproximateCreationDateTime"] = created.timestamp() if isinstance(created, datetime) else created
    source = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/smartident/stream/local"
    return {**record, "awsRegion": REGION, "eventSourceARN": source, "dynamodb": data}
