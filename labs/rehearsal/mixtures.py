"""The middle of a shift: new roles and settings, while callers meet old versions of all functions, or of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from random import Random

Versions = dict[str, str]


def mixtures(
    before: Mapping[str, str], after: Mapping[str, str], sample: Random | None
) -> Iterator[tuple[str, Versions]]:
    """What callers may meet, each with its name: all put back, then each alone; with `sample` one of these."""
    shifted = sorted(name for name, version in after.items() if before.get(name, version) != version)
    yield "all functions put back", {**after, **{name: before[name] for name in shifted}}
    for name in [sample.choice(shifted)] if sample and shifted else shifted:
        yield f"only {name} put back", {**after, name: before[name]}
