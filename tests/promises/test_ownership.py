"""An item of the table has one owner: who declares it names what it holds, everybody else speaks in sentences."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from smartident.accounts.account import Account
from smartident.accounts.item.row import AccountRow
from smartident.storage.table import Row
from smartident_laptop.template import ROOT
from tests.promises.source import MODULES, Module

if TYPE_CHECKING:
    from collections.abc import Iterator

# The command line and the laptop stack are no owners either.
OUTSIDE = [
    Module(path)
    for folder in ("smartident_cli", "smartident_client", "smartident_laptop")
    for path in sorted((ROOT / folder).rglob("*.py"))
]
# Fields of these names are on the wire, or in an import.
WIRE_WORDS = {"created_at", "access_number", "password_hash"}
OWNER = "smartident.accounts."
KEYS = {name for name in MODULES if re.fullmatch(r"smartident\.storage\.(\w+_)?keys", name)}
WRITES = "smartident.storage.writes"
KEY_FORMATS = (
    "NUMBER#",
    "EMAIL#",
    "EXTERNAL#",
    "DEVICE#",
    "LOGIN#",
    "RECORD#",
    "REGISTRATION#",
    "NOTICE#",
    "LIMIT#",
    "LOGOUT#",
    "SESSION#",
    "UNKNOWN#",
    "ACCOUNT",
    "LOOKUP",
    "CLIENT",
    "AUTHORIZATION#",
    "OAUTH#",
    "PASSKEY#",
    "PUSH#",
    "CREDENTIAL#",
    "CHALLENGE#",
)
FAILURES = ("ConditionalCheckFailed", "TransactionConflict", "TransactWriteError", "UpdateError", "PutError")


def strangers() -> list[Module]:
    """Every module that is no owner of the account's item."""
    return [module for name, module in MODULES.items() if not name.startswith(OWNER)] + OUTSIDE


def own_attributes() -> set[str]:
    """What only the item holds: an account that was read has none of these."""
    return set(AccountRow.get_attributes()) - set(Row.get_attributes()) - set(Account.__dataclass_fields__) - WIRE_WORDS


def texts(module: Module) -> Iterator[str]:
    """The string constants of a module, its docstrings aside."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def test_only_its_owner_names_an_attribute_of_the_accounts_item() -> None:
    named = {
        (str(module.path.relative_to(ROOT)), node.attr)
        for module in strangers()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in own_attributes()
    }
    # A password attempt has a property of this name, which is about the caller's address.
    assert named - {("functions/smartident/logins/decoys.py", "blocked_until")} == set()


def test_only_its_owner_imports_the_accounts_row() -> None:
    """For annotations an opaque item may be named; nobody looks inside."""
    importing = {
        str(module.path.relative_to(ROOT))
        for module in strangers()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom)
        and node not in module.for_types
        and {alias.name for alias in node.names} & {"AccountRow", "AccessNumberRow", "EmailRow"}
    }
    assert importing == set()


def test_key_formats_are_spelled_in_one_place_each() -> None:
    spelled = {
        (name, text)
        for name, module in MODULES.items()
        if name not in KEYS
        for text in texts(module)
        if text.startswith(KEY_FORMATS)
    }
    assert spelled == set()


def test_one_place_sees_that_a_condition_failed() -> None:
    seeing = {
        name
        for name, module in MODULES.items()
        if any(text.startswith(FAILURES) for text in texts(module)) or set(module.names()) & set(FAILURES)
    }
    assert seeing == {WRITES}


def test_one_loop_tries_again() -> None:
    """Who meets somebody else's write says what it means and gives `Again`; how often is bounded in one place."""
    looping = {
        name
        for name, module in MODULES.items()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.For | ast.While) and "MAX_CONFLICT_RETRIES" in ast.unparse(node)
    }
    assert looping == {WRITES}
    assert not any("MAX_CONFLICT_RETRIES" in module.text for name, module in MODULES.items() if name != WRITES)


def test_nobody_else_looks_inside_an_item_that_is_handed_on() -> None:
    looked = {
        (name, ast.unparse(node))
        for name, module in MODULES.items()
        if not name.startswith(OWNER)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute | ast.Name)
        if ast.unparse(node.value).rpartition(".")[2] == "item" and node.attr not in {"pk", "sk", "values"}
    }
    assert looked == set()
