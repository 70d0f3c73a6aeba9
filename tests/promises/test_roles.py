"""Least privilege, both ways: a person's whole way needs all that the functions' roles allow, and nothing beside it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest
from botocore.client import BaseClient

from tests.promises import journey
from tests.support.iam_roles import FUNCTIONS, actions, calling_function, needed

if TYPE_CHECKING:
    from tests.support.world import World


@pytest.fixture
def used(world: World, monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """What each function asked of AWS on the whole way; what its role does not allow has already failed."""
    seen: dict[str, set[str]] = defaultdict(set)
    held = BaseClient._make_api_call  # type: ignore[attr-defined]  # botocore has no door for this

    def written(self: BaseClient, operation: str, arguments: dict[str, Any]) -> Any:
        function = calling_function()
        if function is not None:
            seen[function] |= needed(self.meta.service_model.service_name, operation, arguments)
        return held(self, operation, arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", written)
    journey.log_in_uniformly(journey.whole(world))
    return seen


def test_a_role_allows_what_its_function_needs_and_nothing_else(used: dict[str, set[str]]) -> None:
    assert used == {function: actions(function) for function in FUNCTIONS}
