"""Ids that name their partition and sort by time, newest first."""

from __future__ import annotations

import re

_FOREVER = 9_999_999_999
_ID = re.compile(r"([a-z0-9]{1,64})\.([A-Za-z0-9_-]{1,64})")


def newest_first(time: int) -> str:
    """Ten digits that sort later times first, so that one Query reads recent items and never old ones."""
    return f"{_FOREVER - time:010d}"


def time_of(part: str) -> int:
    """The time that `newest_first` began this part of an id with; 0 for a part without one."""
    return _FOREVER - int(part[:10]) if part[:10].isdecimal() else 0


def split_id(name: str) -> tuple[str, str] | None:
    """The account id and the rest of a login's or registration's id; None for anything else."""
    found = _ID.fullmatch(name)
    return (found[1], found[2]) if found else None
