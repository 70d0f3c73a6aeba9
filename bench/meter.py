"""A meter: what each call of DynamoDB reads and writes, in rows, bytes and capacity units, counted at botocore's door.

moto's own ConsumedCapacity is untrue, so the units are made of the rows' sizes, as DynamoDB's documentation says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bench.cassette import Recorder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from botocore.model import OperationModel

READ_UNIT, WRITE_UNIT = 4096, 1024
TRANSACTED = 2
READS = {"GetItem", "Query"}
Row = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Entry:
    """One row written or checked, or one reading of rows."""

    what: str
    row: str
    rows: int
    size: int
    read_units: float = 0.0
    write_units: int = 0


@dataclass
class Meter(Recorder):
    """Books every call on a table whose rows it may look at."""

    look: Any = None
    entries: list[Entry] = field(default_factory=list)
    _before: list[Row] = field(default_factory=list)

    def asking(self, params: dict[str, Any], **context: Any) -> None:
        """Remember the rows as they are before a write."""
        super().asking(params, **context)
        self._before = [self.look(key) for _, key in written(params)]

    def answered(self, http_response: Any, model: OperationModel, **context: Any) -> None:
        """Book the call."""
        super().answered(http_response, model, **context)
        ask = self.calls[-1].ask
        if model.name in READS:
            self.entries.append(self._read(model.name, ask, context["parsed"]))
        for (what, key), before in zip(written(ask), self._before, strict=True):
            size = max(size_of(before), size_of(self.look(key)))
            units = -(-max(size, 1) // WRITE_UNIT) * (TRANSACTED if "TransactItems" in ask else 1)
            self.entries.append(Entry(what, kind_of(key), 1, size, write_units=units))

    def _read(self, operation: str, ask: dict[str, Any], parsed: dict[str, Any]) -> Entry:
        """One reading. Projection and filter save nothing: whole rows count."""
        found = [self.look(ask["Key"])] if "Key" in ask else parsed["Items"]
        rows = [row for row in found if row]
        size = sum(map(size_of, rows))
        units = max(-(-size // READ_UNIT), 1) * (1.0 if ask.get("ConsistentRead") else 0.5)
        name = kind_of(ask["Key"]) if "Key" in ask else "+".join(sorted({kind_of(row) for row in rows}))
        return Entry(operation, name, parsed.get("ScannedCount", len(rows)), size, read_units=units)

    def booked(self) -> list[Entry]:
        """The entries since the last look."""
        self.taken()
        booked, self.entries[:] = list(self.entries), []
        return booked


def written(ask: dict[str, Any]) -> Iterator[tuple[str, Row]]:
    """What a call does to which row; nothing for a reading."""
    parts = ask.get("TransactItems")
    if parts is None and ("UpdateExpression" in ask or "Item" in ask):
        parts = [{"Update" if "UpdateExpression" in ask else "Put": ask}]
    for part in parts or ():
        for what, one in part.items():
            source = one.get("Key") or one["Item"]
            yield what, {"pk": source["pk"], "sk": source["sk"]}


def kind_of(row: Row) -> str:
    """What a row is, by its key: `ACCOUNT`, `LOGIN`, `LIMIT`."""
    kind = str(row["sk"]["S"]).partition("#")[0]
    head, mark, _ = str(row["pk"]["S"]).partition("#")
    return head if mark and head != "UNKNOWN" else kind


def size_of(row: Row | None) -> int:
    """The bytes of a row as DynamoDB counts them: names and values."""
    return sum(len(name.encode()) + _size(value) for name, value in (row or {}).items())


def _size(value: dict[str, Any]) -> int:
    [(kind, held)] = value.items()
    match kind:
        case "S":
            return len(held.encode())
        case "N":
            return (len(held.lstrip("-").replace(".", "")) + 1) // 2 + 1
        case "M":
            return 3 + sum(1 + len(name.encode()) + _size(one) for name, one in held.items())
        case "L":
            return 3 + sum(1 + _size(one) for one in held)
        case "SS":
            return sum(len(one.encode()) for one in held)
        case "BOOL" | "NULL":
            return 1
    raise ValueError(f"our rows hold no {kind}")
