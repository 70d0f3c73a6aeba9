"""moto's DynamoDB made exact under threads, and as quick with many rows as with few."""

from __future__ import annotations

import copy
import threading
from collections import defaultdict, deque
from functools import cache
from typing import TYPE_CHECKING, Any

from moto.core import responses
from moto.core.serialize import BaseJSONSerializer
from moto.core.utils import method_names_from_class
from moto.dynamodb.comparisons import ConditionExpressionParser
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import Table
from moto.dynamodb.parsing.ast_nodes import DepthFirstTraverser  # type: ignore[attr-defined]  # it bears no types
from moto.dynamodb.parsing.expressions import UpdateExpressionParser  # type: ignore[attr-defined]  # nor does this
from moto.dynamodb.responses import DynamoHandler
from moto.moto_server.werkzeug_app import DomainDispatcherApplication

if TYPE_CHECKING:
    from collections.abc import Callable

    from moto.dynamodb.models.dynamo_type import Item


def serialize_calls() -> None:
    """Put a lock around moto's DynamoDB: without it parallel conditional writes and transactions both win."""
    lock = threading.Lock()
    call_action: Callable[[DynamoHandler], Any] = DynamoHandler.call_action

    def locked(handler: DynamoHandler) -> Any:
        with lock:
            return call_action(handler)

    DynamoHandler.call_action = locked  # type: ignore[method-assign]  # moto has no door for this


def return_items_unchanged() -> None:
    """Have answers bear rows as moto holds them: it would look each value up by all names it might have.

    Good for rows without binary attributes, as ours are.
    """
    write: Callable[..., None] = BaseJSONSerializer._serialize_type_structure  # noqa: SLF001  moto has no door for this

    def plain(serializer: BaseJSONSerializer, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if shape.name == "AttributeValue" and isinstance(value, dict):
            serialized[key] = value
        else:
            write(serializer, serialized, value, shape, key)

    BaseJSONSerializer._serialize_type_structure = plain  # type: ignore[assignment,method-assign]  # noqa: SLF001  the same, loosely typed


def cache_parsed_conditions() -> None:
    """Have moto take a condition's text apart once, and look once for who serves a host and what a service can do."""
    lex: Callable[..., deque[Any]] = ConditionExpressionParser._lex_condition_expression  # noqa: SLF001  no door either
    read: dict[str, tuple[Any, ...]] = {}

    def remembered(parser: ConditionExpressionParser) -> deque[Any]:
        text = parser.condition_expression or ""
        if text not in read:
            read[text] = tuple(lex(parser))
        return deque(read[text])

    ConditionExpressionParser._lex_condition_expression = remembered  # type: ignore[assignment,method-assign]  # noqa: SLF001
    vars(responses)["method_names_from_class"] = cache(method_names_from_class)
    dispatcher: Any = DomainDispatcherApplication
    dispatcher.get_backend_for_host = cache(dispatcher.get_backend_for_host)


def cache_parsed_updates() -> None:
    """Have moto take an update's text apart once, and ask once which of its parts each of its checks looks at."""
    UpdateExpressionParser.make = cache(UpdateExpressionParser.make)
    looks_at: Callable[[Any], tuple[type, ...]] = DepthFirstTraverser.nodes_to_be_processed
    asked: dict[type, tuple[type, ...]] = {}

    def remembered(check: Any) -> tuple[type, ...]:
        if type(check) not in asked:
            asked[type(check)] = looks_at(check)
        return asked[type(check)]

    DepthFirstTraverser.nodes_to_be_processed = remembered


def query_one_partition() -> None:
    """Have a Query look at the rows of its own partition; moto looks at every row of the table."""
    query: Callable[..., Any] = Table.query

    def narrowed(table: Table, hash_key: Any, *rest: Any, **named: Any) -> Any:
        whole = table.items
        table.items = defaultdict(dict, {hash_key: whole[hash_key]} if hash_key in whole else {})
        try:
            return query(table, hash_key, *rest, **named)
        finally:
            table.items = whole

    Table.query = narrowed  # type: ignore[assignment,method-assign]


def roll_back_by_item() -> None:
    """Have a failed transaction put back the rows that it names; moto copies the whole table for each of them."""
    write: Callable[..., None] = DynamoDBBackend.transact_write_items

    def undone(backend: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
        before = [row for ask in transact_items for row in _named(backend, ask)]
        try:
            write(backend, transact_items)
        except Exception:
            for table, keys, item in before:
                _put_back(table, keys, item)
            raise

    DynamoDBBackend.transact_write_items = undone  # type: ignore[assignment,method-assign]
    Table.__deepcopy__ = lambda table, _: table  # type: ignore[attr-defined]  # so that it is not copied


def _named(backend: DynamoDBBackend, ask: dict[str, Any]) -> list[tuple[Table, tuple[Any, Any], Item | None]]:
    """The row that one part of a transaction is about, copied as it is before."""
    found = []
    for part in ask.values():
        table = backend.get_table(part["TableName"])
        source = part.get("Key") or part["Item"]
        keys = backend.get_keys_value(table, {name: source[name] for name in table.table_key_attrs})
        found.append((table, keys, copy.deepcopy(table.get_item(*keys))))
    return found


def _put_back(table: Table, keys: tuple[Any, Any], item: Item | None) -> None:
    if item is None:
        table.delete_item(*keys)
    else:
        table.items[keys[0]][keys[1]] = item
