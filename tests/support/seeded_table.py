"""The laptop stack's table as it was seeded, put back for every test: no test meets what another one left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smartident_laptop.moto.cloud import TABLE_NAME

if TYPE_CHECKING:
    from smartident_laptop.stack import Stack

MAX_WRITES = 25


class SeededTable:
    """What the table of a stack holds before anybody uses it."""

    def __init__(self, stack: Stack) -> None:
        assert stack.cloud is not None
        self._dynamodb = stack.cloud.client("dynamodb")
        described = self._dynamodb.describe_table(TableName=TABLE_NAME)
        self._key = [part["AttributeName"] for part in described["Table"]["KeySchema"]]
        self._items = self._read()

    def put_back(self) -> None:
        """Delete what has come since, and write anew what was changed or deleted."""
        kept, found = self._by_key(self._items), self._by_key(self._read())
        changes: list[dict[str, Any]] = [
            {"DeleteRequest": {"Key": {name: item[name] for name in self._key}}}
            for key, item in found.items()
            if key not in kept
        ]
        changes += [{"PutRequest": {"Item": item}} for key, item in kept.items() if found.get(key) != item]
        for start in range(0, len(changes), MAX_WRITES):
            self._dynamodb.batch_write_item(RequestItems={TABLE_NAME: changes[start : start + MAX_WRITES]})

    def _read(self) -> list[dict[str, Any]]:
        pages = self._dynamodb.get_paginator("scan").paginate(TableName=TABLE_NAME, ConsistentRead=True)
        return [item for page in pages for item in page["Items"]]

    def _by_key(self, items: list[dict[str, Any]]) -> dict[tuple[str, ...], dict[str, Any]]:
        return {tuple(str(item[name]) for name in self._key): item for item in items}
