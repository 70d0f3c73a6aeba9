"""Moto and botocore as exact as they are, and faster: what they work out anew for every call is worked out once.

Most of what a test costs is moto's DynamoDB. Nothing here changes an answer of it.
"""

from __future__ import annotations

import copy
from collections import defaultdict, deque
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from botocore.loaders import JSONFileLoader
from moto.core import responses
from moto.core.serialize import ResponseSerializer
from moto.core.utils import method_names_from_class
from moto.dynamodb.comparisons import ConditionExpressionParser
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table
from moto.dynamodb.parsing import validators

from tests.support import faster_items

if TYPE_CHECKING:
    import pytest

# Modules that moto says bear no types.
nodes: Any = import_module("moto.dynamodb.parsing.ast_nodes")
expressions: Any = import_module("moto.dynamodb.parsing.expressions")
_KINDS: dict[tuple[Any, ...], bool] = {}
# Which kind of node a traverser's class processes a node's class as, or None.
_FOUND: dict[tuple[type, type], type | None] = {}


def speed_up(patch: pytest.MonkeyPatch) -> None:
    """Put all of it in moto's place."""
    _keep_touched_items_only(patch)
    _read_each_expression_once(patch)
    _know_the_kinds_of_nodes(patch)
    _answer_attribute_values_as_they_are(patch)
    faster_items.speed_up(patch)
    patch.setattr(JSONFileLoader, "load_file", _load_file)
    patch.setattr(responses, "method_names_from_class", cache(method_names_from_class))


_plain_load_file = JSONFileLoader.load_file


@cache
def _loaded(path: str) -> Any:
    return _plain_load_file(JSONFileLoader(), path)


def _load_file(_: JSONFileLoader, path: str) -> Any:
    """The service models, which every session of botocore reads anew; the operator's command makes one a run."""
    return _loaded(path)


def _keep_touched_items_only(patch: pytest.MonkeyPatch) -> None:
    """Before a transaction moto copies the table, in case it has to go back: its items may be shared if untouched."""
    plain, touched = DynamoDBBackend.transact_write_items, list[dict[str, Any]]()

    def transact(self: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
        operations = [operation for one in transact_items for operation in one.values()]
        touched[:] = [operation.get("Key") or operation.get("Item") for operation in operations]
        plain(self, transact_items)

    def copied(self: Table, _: dict[int, Any]) -> Table:
        twin = copy.copy(self)
        twin.items = defaultdict(dict, {name: dict(partition) for name, partition in self.items.items()})
        for key in touched:
            name, place = (DynamoType(key[attribute]) for attribute in ("pk", "sk"))
            if place in twin.items.get(name, ()):
                twin.items[name][place] = copy.deepcopy(twin.items[name][place])
        if self.stream_shard is not None:
            twin.stream_shard = copy.copy(self.stream_shard)
            twin.stream_shard.items = [*self.stream_shard.items]
        return twin

    patch.setattr(DynamoDBBackend, "transact_write_items", transact)
    patch.setattr(Table, "__deepcopy__", copied, raising=False)


def _read_each_expression_once(patch: pytest.MonkeyPatch) -> None:
    lexed, made = ConditionExpressionParser._lex_condition_expression, cache(expressions.UpdateExpressionParser.make)

    @cache
    def words(expression: str) -> tuple[Any, ...]:
        return tuple(lexed(ConditionExpressionParser(expression, None, None)))

    def condition(self: ConditionExpressionParser) -> deque[Any]:
        return deque(words(self.condition_expression or ""))

    patch.setattr(ConditionExpressionParser, "_lex_condition_expression", condition)
    patch.setattr(expressions.UpdateExpressionParser, "make", made)
    # A validator writes into the tree that it gets: each has a twin of it.
    patch.setattr(validators, "deepcopy", lambda one: _twin(one) if isinstance(one, nodes.Node) else copy.deepcopy(one))


def _twin(node: Any) -> Any:
    twin = object.__new__(type(node))
    twin.__dict__.update(node.__dict__)
    if node.children is not None:
        twin.children = [_twin(child) if _is_one(child, nodes.Node) else child for child in node.children]
        for child in twin.children:
            if _is_one(child, nodes.Node):
                child.parent = twin
    return twin


def _is_one(node: Any, *of: Any) -> bool:
    """What `isinstance` says, which is dear where the class is an abstract one."""
    question = (type(node), *of)
    if question not in _KINDS:
        _KINDS[question] = isinstance(node, of)
    return _KINDS[question]


def _know_the_kinds_of_nodes(patch: pytest.MonkeyPatch) -> None:
    """An expression is walked ten times; what a node is, is the same each time."""
    patch.setattr(nodes.DepthFirstTraverser, "traverse_node_recursively", _traverse)
    patch.setattr(nodes.Node, "find_clauses", _find_clauses)


def _traverse(self: Any, node: Any, child_id: int = -1) -> Any:
    if not _is_one(node, nodes.Node):
        return node
    parent = node.parent
    watched = type(self).pre_processing_of_child is not nodes.DepthFirstTraverser.pre_processing_of_child
    for place, child in enumerate(node.children or ()):
        if watched:
            self.pre_processing_of_child(node, place)
        if _is_one(child, nodes.Node):
            self.traverse_node_recursively(child, place)
    pair = (type(self), type(node))
    if pair not in _FOUND:
        _FOUND[pair] = next((kind for kind in self._processing_map() if isinstance(node, kind)), None)
    found = _FOUND[pair]
    if found is not None:
        node = self._processing_map()[found](node)
        node.parent = parent
        if parent:
            parent.children[child_id] = node
    return node


def _find_clauses(self: Any, clause_types: list[type]) -> list[Any]:
    found: list[Any] = []
    for child in self.children or ():
        if type(child) in clause_types:
            found.append(child)
        elif _is_one(child, nodes.Expression, nodes.UpdateExpressionFunction):
            found += child.find_clauses(clause_types)
    return found


def _answer_attribute_values_as_they_are(patch: pytest.MonkeyPatch) -> None:
    """Moto looks for each of a value's ten possible types under seven spellings; the values are JSON already."""
    plain = ResponseSerializer._serialize

    def serialize(self: ResponseSerializer, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if shape.name == "AttributeValue" and type(value) is dict:
            serialized[self.get_serialized_name(shape, key)] = value
        else:
            plain(self, serialized, value, shape, key)

    patch.setattr(ResponseSerializer, "_serialize", serialize)
