"""What a check of an export finds."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Finding:
    """A sentence, and the values that it names; one that is no fault only explains. `missing` counts entries."""

    sentence: str
    values: dict[str, object] = field(default_factory=dict)
    is_fault: bool = True
    missing: int = 0
