"""The world as a fixture: moto is set up once a process, the table anew for every test."""

from __future__ import annotations

import os
import threading
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

import moto
import pytest
from botocore.handlers import BUILTIN_HANDLERS
from moto.dynamodb.responses import DynamoHandler

from tests.support import iam_roles
from tests.support.dynamodb import honour_request_tokens
from tests.support.fake_aws import Aws
from tests.support.faster_moto import speed_up
from tests.support.scenarios import Scene, scene_of
from tests.support.world import Phone, World, credentials

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smartident.accounts.account import Account
    from smartident.logins.start import StartedLogin


@pytest.fixture(scope="session")
def cloud() -> Iterator[Aws]:
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
    honour_request_tokens(patch)
    speed_up(patch)
    iam_roles.enforce(patch)
    os.environ.setdefault("POWERTOOLS_SERVICE_NAME", "test")
    aws = Aws()
    hooks = [("before-call", aws), ("before-send", aws.sent), ("after-call", aws.answered)]
    BUILTIN_HANDLERS.extend(hooks)
    # What listens on this machine (the laptop's stack) is spoken to for real, whichever test runs beside it.
    with moto.mock_aws(config={"core": {"passthrough": {"urls": [r"https?://(127\.0\.0\.1|localhost)\b.*"]}}}):
        yield aws
    for hook in hooks:
        BUILTIN_HANDLERS.remove(hook)
    patch.undo()


@pytest.fixture
def world(cloud: Aws, monkeypatch: pytest.MonkeyPatch) -> World:
    """An empty table, and everything that a person, a phone and a browser can do to it."""
    fresh = World(monkeypatch, cloud)
    fresh.provision()
    cloud.clear()
    cloud.date = lambda: formatdate(fresh.now, usegmt=True)
    return fresh


@pytest.fixture
def scene(world: World) -> Scene:
    """A person, her phone in hand, and a login that waits for it."""
    return scene_of(world)


@pytest.fixture
def anna(world: World) -> Account:
    """A person; where she has something about her, a module says so."""
    return world.account()


@pytest.fixture
def phone(world: World, anna: Account) -> Phone:
    """Her phone."""
    return world.phone(anna)


@pytest.fixture
def started(world: World, anna: Account, phone: Phone) -> StartedLogin:
    """Her login, waiting for it."""
    return world.started(anna)
