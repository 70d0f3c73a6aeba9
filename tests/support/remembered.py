"""What most tests begin with, a person and her phone, is lived through once a process and then laid down again.

Only while nothing else has happened in the world: the same steps, at the same time and under the same settings, from an
empty table. A step that is laid down makes no AWS calls and logs nothing; a test of the step itself takes it apart.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from smartident.accounts.account import Account
from smartident.crypto import pepper
from smartident.settings import settings
from tests.support import dynamodb
from tests.support.cold_container import cool

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from tests.support.world import World

Step = TypeVar("Step", bound="Callable[..., Any]")


@dataclass(frozen=True)
class Memory:
    """The world after a step, and what the step gave."""

    items: dynamodb.Items
    sms: list[tuple[str, str]]
    result: Any


_MEMORIES: dict[Hashable, Memory] = {}


def remembered(step: Step) -> Step:
    """A step of a world that is lived through once a process."""

    @wraps(step)
    def relive(world: World, *args: Any, **members: Any) -> Any:
        past = world.past
        if past is None:
            return step(world, *args, **members)
        said = (*map(_named, args), *((name, _named(value)) for name, value in members.items()))
        story = (past, step.__name__, said, settings())
        if story in _MEMORIES:
            return _lay_down(world, story)
        calls = len(world.aws.calls)
        result = step(world, *args, **members)
        del world.aws.calls[calls:]
        _MEMORIES[story] = Memory(dynamodb.items_of(settings().table_name), [*world.sms.sent], _own(result))
        _served()
        world.remember(story)
        return result

    return cast("Step", relive)


def _lay_down(world: World, story: Hashable) -> Any:
    memory = _MEMORIES[story]
    dynamodb.lay_down(settings().table_name, memory.items)
    world.sms.sent[:] = memory.sms
    _served()
    world.remember(story)
    return _own(memory.result)


def _served() -> None:
    """The container as the step leaves it, lived through or laid down: it knows the pepper."""
    cool()
    pepper.pepper()


def _named(value: Any) -> Hashable:
    """What tells an argument from others: an account is its id."""
    named: Hashable = value.id if isinstance(value, Account) else value
    return named


def _own(result: Any) -> Any:
    """A copy that a test may change; keys never change."""
    twin = copy.copy(result)
    if isinstance(twin, Account):
        object.__setattr__(twin, "item", copy.deepcopy(twin.item))
    if hasattr(twin, "approval"):
        twin.approval = copy.copy(twin.approval)
    return twin
