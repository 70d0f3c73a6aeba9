"""The functions' IAM roles, and that what they read is fresh, held in every test: what oversteps fails at once."""

from __future__ import annotations

import inspect
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.client import BaseClient

from smartident_laptop.template import ROOT, Template
from tests.support import iam_policies

if TYPE_CHECKING:
    import pytest

NOTICE_SENDER = "notices@financeapp.example"
EVENT_BUS = "programs"
RSA_KEY = "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-000000000000"
TEMPLATE = Template(
    parameters={
        "AllowedOrigins": "https://financeapp.example",
        "NoticeSender": NOTICE_SENDER,
        "RsaSigningKeys": RSA_KEY,
        "EventBus": EVENT_BUS,
    }
)
FUNCTIONS = dict(TEMPLATE.resources("AWS::Serverless::Function"))
_FOLDERS = {ROOT / "functions" / one.handler.partition(".")[0]: name for name, one in TEMPLATE.functions.items()}
_READS = {"GetItem", "Query", "BatchGetItem"}


class Overstepped(AssertionError):
    """A function did what its role in template.yaml does not allow."""


class Stale(AssertionError):
    """A function decides over what may be a moment old."""


def statements(function: str) -> list[dict[str, Any]]:
    """The IAM statements of a function's role."""
    declared = [one for policy in FUNCTIONS[function].get("Policies", []) for one in policy["Statement"]]
    # A statement that a parameter decides over stands in an `!If`.
    return [TEMPLATE.resolve(one) if "Fn::If" in one else one for one in declared]


def actions(function: str) -> set[str]:
    """What a function may do, before anything is denied."""
    allowing = [statement for statement in statements(function) if statement["Effect"] == "Allow"]
    return {action for statement in allowing for action in iam_policies.actions(statement)}


def needed(service: str, operation: str, arguments: dict[str, Any]) -> set[str]:
    """The IAM actions that an AWS call asks for."""
    return {access.action for access in iam_policies.accesses(service, operation, arguments)}


def require(function: str, service: str, operation: str, arguments: dict[str, Any]) -> None:
    """Raise Overstepped unless the function's role allows the call."""
    for access in iam_policies.accesses(service, operation, arguments):
        if not iam_policies.decided(statements(function), access):
            raise Overstepped(f"{function} may not {access.action} by template.yaml: {access.context}")


def require_fresh(operation: str, arguments: dict[str, Any]) -> None:
    """Raise Stale unless a read asks for what was written last."""
    asked = [arguments] if operation in {"GetItem", "Query"} else list(arguments.get("RequestItems", {}).values())
    if operation in _READS and not all(one.get("ConsistentRead") is True for one in asked):
        raise Stale(f"{operation} may answer with what was overwritten a moment ago")


def calling_function() -> str | None:
    """The function whose handler or step is at work, or none."""
    frame = inspect.currentframe()
    while frame is not None:
        name = _function_of(frame.f_code.co_filename)
        if name is not None:
            return name
        frame = frame.f_back
    return None


@cache
def _function_of(filename: str) -> str | None:
    return _FOLDERS.get(Path(filename).parent)


def enforce(patch: pytest.MonkeyPatch) -> None:
    """Hold every AWS call of a handler or step against its function's role, from now on."""
    plain = BaseClient._make_api_call  # type: ignore[attr-defined]  # botocore has no door for this

    def held(self: BaseClient, operation: str, arguments: dict[str, Any]) -> Any:
        function = calling_function()
        if function is not None:
            require(function, self.meta.service_model.service_name, operation, arguments)
            require_fresh(operation, arguments)
        return plain(self, operation, arguments)

    patch.setattr(BaseClient, "_make_api_call", held)
