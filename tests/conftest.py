"""The world as a fixture: moto is set up once a process, the table anew for every test."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

import moto
import pytest
from moto.dynamodb.responses import DynamoHandler

from tests import roles
from tests.world import World, credentials

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def cloud() -> Iterator[None]:
    """The cloud of one test process; its DynamoDB takes one call at a time, as moto needs to stay exact."""
    lock, plain = threading.Lock(), DynamoHandler.call_action

    def locked(self: DynamoHandler) -> Any:
        with lock:
            return plain(self)

    patch = pytest.MonkeyPatch()
    for name, value in credentials().items():
        patch.setenv(name, value)
    patch.delenv("AWS_ENDPOINT_URL", raising=False)
    patch.setattr(DynamoHandler, "call_action", locked)
    roles.enforce(patch)
    os.environ.setdefault("POWERTOOLS_SERVICE_NAME", "test")
    with moto.mock_aws():
        yield
    patch.undo()


@pytest.fixture
def world(cloud: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """An empty table, and everything that a person, a phone and a browser can do to it."""
    fresh = World(monkeypatch)
    fresh.furnish()
    return fresh
