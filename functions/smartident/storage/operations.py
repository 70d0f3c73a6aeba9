"""What a conditional write consists of, and what a failed condition tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from smartident.storage.table import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

State = TypeVar("State")


@dataclass(frozen=True)
class Put:
    """A row that must not exist yet; `is_own` recognises it among rows of this key, by default by every attribute."""

    row: Row
    is_own: Callable[[Any], bool] | None = None
    replaces: bool = False
    # What may be replaced; everything else stays.
    replaces_if: Any = None

    @property
    def condition(self) -> Any:
        """That nothing stands there yet, unless the row may be replaced by its like."""
        if self.replaces_if is not None:
            return Row.pk.does_not_exist() | self.replaces_if
        return None if self.replaces else Row.pk.does_not_exist()


@dataclass(frozen=True)
class Update:
    """Actions on one row under a condition; `is_own` recognises a row that already has them."""

    row: Row
    actions: Sequence[Any]
    condition: Any
    is_own: Callable[[Any], bool] | None = None


@dataclass(frozen=True)
class Check:
    """A condition on a row that stays as it is."""

    row: Row
    condition: Any


@dataclass(frozen=True)
class Delete:
    """A row that is gone afterwards."""

    row: Row


Operation: TypeAlias = Put | Update | Check | Delete


@dataclass(frozen=True)
class Again(Generic[State]):
    """Try once more from this state."""

    state: State


@dataclass(frozen=True)
class FailedConditions:
    """The operations whose condition failed, each with the row that stood in the way, or None if there was none."""

    failed: tuple[tuple[Operation, Row | None], ...] = field(repr=False)

    def failed_on(self, kind: type[Row]) -> bool:
        """Whether the condition on a row of this kind failed."""
        return any(isinstance(operation.row, kind) for operation, _ in self.failed)

    def found(self, kind: type[Row]) -> Any:
        """The row of this kind that stood in the way, or None."""
        return next((row for operation, row in self.failed if isinstance(operation.row, kind)), None)


def as_seen(row: Row, held: str, key: str) -> Any:
    """The condition that one key of a row's map is as the row says."""
    path = getattr(type(row), held)[key]
    value = getattr(row, held).as_dict().get(key)
    return path.does_not_exist() if value is None else path == value
