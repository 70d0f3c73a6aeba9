"""Filling moto's table with many accounts and long histories, past its API: copies of rows that the service wrote."""

from __future__ import annotations

import copy
import secrets
from typing import TYPE_CHECKING, Any

from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType, Item

from bench.cassette import TABLE_NAME
from smartident_laptop.intrinsics import ACCOUNT, REGION

if TYPE_CHECKING:
    from moto.dynamodb.models.table import Table

Key = tuple[str, str]


def table() -> Table:
    """The table in this process's moto."""
    return dynamodb_backends[ACCOUNT][REGION].tables[TABLE_NAME]


def look(key: dict[str, dict[str, str]]) -> dict[str, Any]:
    """A row as it stands, empty if there is none."""
    item = table().get_item(DynamoType(key["pk"]), DynamoType(key["sk"]))
    found: dict[str, Any] = item.to_json()["Attributes"] if item is not None else {}
    return found


def rows_of(name: str) -> list[Key]:
    """The keys of a partition's rows."""
    return [(name, str(key.value)) for key in table().items[DynamoType({"S": name})]]


def fill(name: str, number: str, places: range) -> None:
    """Accounts like one that there is, one for each place: its lookups, profile and devices under other ids."""
    like = [*rows_of(name), (f"NUMBER#{number}", "LOOKUP")]
    for place in places:
        other = secrets.token_hex(13)
        for pk, sk in like:
            _copy((pk, sk), (other if pk == name else f"NUMBER#{900_000_000 + place}", sk))


def lengthen(name: str, count: int, *, age: int) -> None:
    """So many past events in place of those that an account has, each older by this many seconds and one more."""
    past = [key for key in rows_of(name) if key[1].startswith(("LOGIN#", "RECORD#"))]
    for place in range(count):
        pk, sk = past[place % len(past)]
        kind, _, rest = sk.partition("#")
        # Ids begin with ten digits that sort later times first: older is a higher number.
        _copy((pk, sk), (pk, f"{kind}#{int(rest[:10]) + age + place:010d}{secrets.token_hex(13)}"))
    for key in past:
        table().delete_item(*(DynamoType({"S": part}) for part in key))


def _copy(key: Key, other: Key) -> None:
    pk, sk = ({"S": part} for part in key)
    item = table().get_item(DynamoType(pk), DynamoType(sk))
    if item is None:
        raise LookupError(f"no row {key}")
    new: Item = copy.copy(item)
    new.hash_key, new.range_key = (DynamoType({"S": part}) for part in other)
    # The values are shared, and so cost no memory; only the keys are this row's own.
    new.attrs = copy.copy(item.attrs)
    dict.__setitem__(new.attrs, "pk", new.hash_key)
    dict.__setitem__(new.attrs, "sk", new.range_key)
    table().items[new.hash_key][new.range_key] = new
